//! The settings: from the options, the environment or the configuration file.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use luma::{AuthScheme, Config, LogLevel};
use zeroize::Zeroizing;

use crate::arguments::{Global, Header};
use crate::exit::Failure;
use crate::output::note;

/// A token is at most 8 KiB.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// Reads the settings. URL and token always come from the same source: the options, or the file if
/// a file or a profile is named, or else the environment, which may name the file.
pub fn read(global: &Global) -> Result<Config, Failure> {
    let mut config = match (&global.url, &global.config, &global.profile) {
        (Some(url), _, _) => of_options(url, global)?,
        (None, None, None) => Config::from_environment()?,
        (None, path, profile) => Config::from_file(path.as_deref(), profile.as_deref())?,
    };
    if let Some(header) = global.header {
        config.set_auth_scheme(match header {
            Header::Bearer => AuthScheme::Bearer,
            Header::Itas => AuthScheme::ApiAccessKey,
        });
    }
    if let Some(path) = &global.ca_file {
        config.set_ca_file(path)?;
    }
    if let Some(proxy) = &global.proxy {
        config.set_proxy(proxy)?;
    }
    if global.allow_http {
        config.set_allow_http(true);
    }
    let level = match global.verbose {
        0 => return Ok(config),
        1 => LogLevel::Info,
        _ => LogLevel::Debug,
    };
    config.set_log(level, |_, text| note(text));
    Ok(config)
}

fn of_options(url: &str, global: &Global) -> Result<Config, Failure> {
    if let Some(token) = &global.token {
        if token == "-" {
            return Ok(Config::new(url, &token_from(Path::new("-"))?)?);
        }
        note("warning: other users of this machine can see a token in the arguments of a program");
        return Ok(Config::new(url, token)?);
    }
    if let Some(path) = &global.token_file {
        return Ok(Config::with_token_file(url, path)?);
    }
    if let Some(name) = &global.token_credential {
        return Ok(Config::new(url, &from_credential_store(name)?)?);
    }
    let Some(command) = &global.token_command else {
        return Err(Failure::mistake(
            "--url needs a token: --token -, --token-file FILE or --token-command COMMAND",
        ));
    };
    let mut words = words_in(command).unwrap_or_default().into_iter();
    let Some(program) = words.next() else {
        let message = "--token-command has an open quotation mark, or is empty";
        return Err(Failure::mistake(message));
    };
    Ok(Config::with_token_command(url, program, words.collect())?)
}

/// Splits a command into words as the system's shell does; `None` if a quotation mark is open.
fn words_in(command: &str) -> Option<Vec<String>> {
    if cfg!(windows) { windows_words_in(command) } else { shlex::split(command) }
}

/// In Windows a backslash is part of a path, and escapes nothing.
fn windows_words_in(command: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (c, quote) {
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, Some(open)) if c == open => quote = None,
            (' ' | '\t' | '\r' | '\n', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Reads a token from Windows' credential store, which keeps it for the account of this process.
#[cfg(windows)]
fn from_credential_store(name: &str) -> Result<Zeroizing<String>, Failure> {
    use std::collections::HashMap;

    use keyring_core::Error;
    use keyring_core::api::CredentialStoreApi;

    let read = || {
        let target = HashMap::from([("target", name)]);
        let store = windows_native_keyring_store::Store::new()?;
        store.build("", "", Some(&target))?.get_secret()
    };
    let secret = read().map_err(|error| {
        Failure::mistake(match error {
            Error::NoEntry => format!(
                "this account has no generic credential {name}; create it: cmdkey /generic:{name} \
                 /user:token /pass:TOKEN"
            ),
            error => format!("cannot read the credential {name}: {error}"),
        })
    })?;
    token_in(&Zeroizing::new(secret))
        .ok_or_else(|| Failure::mistake(format!("the credential {name} is not a token")))
}

#[cfg(not(windows))]
fn from_credential_store(_: &str) -> Result<Zeroizing<String>, Failure> {
    Err(Failure::mistake(
        "--token-credential needs Windows; use --token-file or --token-command, for example with \
         secret-tool lookup",
    ))
}

/// Returns the token of a credential: ASCII, or UTF-16 as cmdkey stores it.
#[cfg(any(windows, test))]
fn token_in(secret: &[u8]) -> Option<Zeroizing<String>> {
    let is_wide = secret.chunks(2).all(|unit| matches!(unit, [_, 0]));
    let step = if is_wide { 2 } else { 1 };
    let mut token = Zeroizing::new(String::with_capacity(secret.len()));
    for byte in secret.iter().step_by(step) {
        if !byte.is_ascii() {
            return None;
        }
        token.push(char::from(*byte));
    }
    Some(token)
}

/// Reads a token from a file, or from stdin if the path is `-`.
pub fn token_from(path: &Path) -> Result<Zeroizing<String>, Failure> {
    secret_from(path, MAX_TOKEN_BYTES)
}

/// Reads a secret from a file, or from stdin if the path is `-`, without the line break at its end.
pub fn secret_from(path: &Path, max_bytes: u64) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
    read_text(path, max_bytes, &mut text)?;
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
    Ok(text)
}

/// Reads a text from a file, or from stdin if the path is `-`.
pub fn read_text(path: &Path, max_bytes: u64, text: &mut String) -> Result<(), Failure> {
    let read = if path == Path::new("-") {
        io::stdin().take(max_bytes + 1).read_to_string(text)
    } else {
        fs::File::open(path).and_then(|file| file.take(max_bytes + 1).read_to_string(text))
    };
    let name = name_of(path);
    match read {
        Ok(length) if length as u64 > max_bytes => {
            Err(Failure::mistake(format!("{name} is longer than {max_bytes} bytes")))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::mistake(format!("cannot read {name}: {error}"))),
    }
}

fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_is_part_of_a_path_in_windows() {
        let of = |command: &str| windows_words_in(command).unwrap_or_default().join("|");
        assert_eq!(of(r"C:\tools\get.exe  token\"), r"C:\tools\get.exe|token\");
        assert_eq!(
            of(r#""C:\My Tools\get.exe" '' 'it"s' a"b c"d"#),
            r#"C:\My Tools\get.exe||it"s|ab cd"#
        );
        assert_eq!((windows_words_in("a \"b"), windows_words_in(" ")), (None, Some(Vec::new())));
    }

    #[test]
    fn a_credential_is_ascii_or_utf_16() {
        let of = |secret: &[u8]| token_in(secret).map(|token| token.to_string());
        assert_eq!(of(b"abc"), Some("abc".to_owned()));
        assert_eq!(of(b"a\0b\0c\0"), Some("abc".to_owned()));
        assert_eq!(of(b""), Some(String::new()));
        assert_eq!(of("\u{e4}".as_bytes()), None);
    }
}
