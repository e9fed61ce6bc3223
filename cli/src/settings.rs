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
    let Some(command) = &global.token_command else {
        return Err(Failure::mistake(
            "--url needs a token: --token -, --token-file FILE or --token-command COMMAND",
        ));
    };
    let mut words = shlex::split(command).unwrap_or_default().into_iter();
    let Some(program) = words.next() else {
        let message = "--token-command has an open quotation mark, or is empty";
        return Err(Failure::mistake(message));
    };
    Ok(Config::with_token_command(url, program, words.collect())?)
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
