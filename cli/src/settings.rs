//! The settings: from the options, the environment or the configuration file.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use luma::{AuthScheme, Config, LogLevel};
use zeroize::Zeroizing;

use crate::arguments::{Global, Header};
use crate::exit::Failure;
use crate::output::note;

/// A token is at most 8 KiB; a variable at most 16 MiB.
const MAX_TOKEN_BYTES: u64 = 64 * 1024;

/// Reads the settings. URL and token always come from the same source: the options, or the file if
/// a file or a profile is named, or else the environment, which may name the file.
pub fn read(global: &Global) -> Result<Config, Failure> {
    let mut config = match (&global.url, &global.config, &global.profile) {
        (Some(url), _, _) => Config::new(url, &token(global)?)?,
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

fn token(global: &Global) -> Result<Zeroizing<String>, Failure> {
    if let Some(token) = &global.token {
        if token == "-" {
            return secret_from(Path::new("-"));
        }
        note("warning: other users of this machine can see a token in the arguments of a program");
        return Ok(Zeroizing::new(token.clone()));
    }
    if let Some(path) = &global.token_file {
        return secret_from(path);
    }
    match &global.token_command {
        Some(command) => from_command(command),
        None => Err(Failure::mistake(
            "--url needs a token: --token -, --token-file FILE or --token-command COMMAND",
        )),
    }
}

/// Reads a secret from a file, or from stdin if the path is `-`, without the line break at its end.
pub fn secret_from(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
    read_text(path, MAX_TOKEN_BYTES, &mut text)?;
    trim_line_end(&mut text);
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

fn from_command(command: &str) -> Result<Zeroizing<String>, Failure> {
    let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(|| {
        Failure::mistake("--token-command has an open quotation mark, or is empty")
    })?;
    let program = PathBuf::from(&words[0]);
    let output = std::process::Command::new(&program)
        .args(&words[1..])
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| Failure::mistake(format!("cannot run {}: {error}", program.display())))?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        let message = format!("the token command {} failed: {}", program.display(), output.status);
        return Err(Failure::mistake(message));
    }
    let text = std::str::from_utf8(&stdout)
        .map_err(|_| Failure::mistake("the token command printed something else than text"))?;
    let mut token = Zeroizing::new(text.to_owned());
    trim_line_end(&mut token);
    Ok(token)
}

fn trim_line_end(text: &mut Zeroizing<String>) {
    let length = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(length);
}
