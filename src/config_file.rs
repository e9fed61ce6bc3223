//! The configuration file: JSON with the settings of [`Config`], and profiles that override them.
//!
//! Values are read where they are in the text, so that each error has its line and column, and no
//! copy of a secret stays in memory.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::config::{self, Config};
use crate::error::{Error, ErrorKind};
use crate::files;
use crate::json::{self, Json, JsonType};
use crate::limits::has_byte_order_mark;
use crate::log::LogLevel;
use crate::memory;
use crate::redact;
use crate::token::{AccessToken, AuthScheme};
use crate::token_provider::TokenProvider;
use crate::token_source::{self, TokenSource};
use crate::transport::BaseUrl;

const MAX_FILE_BYTES: u64 = 1 << 20;

/// The longest part of a name that is shown in a message.
const MAX_NAME_CHARS: usize = 64;

/// A key of the file: at its top level and in profiles.
struct Key {
    name: &'static str,
    value: JsonType,
    /// Keys of one group exclude each other, and one of them in a profile replaces those at the top
    /// level.
    group: &'static str,
    /// True if its value is a secret, so that only the owner may be able to read the file.
    is_secret: bool,
}

const fn key(name: &'static str, value: JsonType) -> Key {
    Key { name, value, group: name, is_secret: false }
}

const fn grouped(name: &'static str, value: JsonType, group: &'static str) -> Key {
    Key { name, value, group, is_secret: false }
}

const fn secret(key: Key) -> Key {
    Key { is_secret: true, ..key }
}

/// The keys. Each setter of a configuration has one of the same name; a test compares them.
const KEYS: [Key; 25] = [
    key("base_url", JsonType::String),
    secret(grouped("access_token", JsonType::String, TOKEN)),
    grouped("token_file", JsonType::String, TOKEN),
    grouped("token_command", JsonType::Array, TOKEN),
    key("auth_scheme", JsonType::String),
    secret(key("headers", JsonType::Object)),
    key("connect_timeout_ms", JsonType::Number),
    key("timeout_ms", JsonType::Number),
    key("max_response_bytes", JsonType::Number),
    key("trigger_max_idle_ms", JsonType::Number),
    key("read_max_idle_ms", JsonType::Number),
    key("max_idle_connections", JsonType::Number),
    key("retries", JsonType::Bool),
    key("allow_http", JsonType::Bool),
    grouped("ca_pem", JsonType::String, "ca"),
    grouped("ca_file", JsonType::String, "ca"),
    key("add_ca_pem", JsonType::String),
    key("add_ca_file", JsonType::String),
    secret(grouped("client_certificate_pem", JsonType::Object, "client_certificate")),
    grouped("client_certificate_file", JsonType::Object, "client_certificate"),
    key("proxy", JsonType::String),
    key("auto_proxy", JsonType::Bool),
    key("application_id", JsonType::String),
    key("log", JsonType::Object),
    key("journal", JsonType::String),
];

const TOKEN: &str = "token";

impl Config {
    /// Reads the settings from a configuration file, `docs/configuration-file.md`. Without a path,
    /// from the user's default file if it exists, else from the machine's. `profile` selects a
    /// profile of the file; without it, the file's `profile` key does.
    ///
    /// Blocks while it reads the file and those that it names. A token command is not run yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ConfigFileMissing`], [`ErrorKind::ConfigFileUnreadable`],
    /// [`ErrorKind::ConfigFile`], [`ErrorKind::Profile`], [`ErrorKind::FilePermissions`],
    /// [`ErrorKind::TokenSource`] if the token file cannot be read, and those of the setters. The
    /// message names the file, the line, the column and the key, but no secret.
    pub fn from_file(path: Option<&Path>, profile: Option<&str>) -> Result<Self, Error> {
        match path {
            Some(path) => read(path, profile, &[]),
            None => read_default(profile, &[], &|name| env::var_os(name)),
        }
    }
}

/// Reads the default file. Only one: the user's replaces the machine's.
///
/// Keys of the groups in `overridden` are checked, but not used.
pub(crate) fn read_default(
    profile: Option<&str>,
    overridden: &[&str],
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Config, Error> {
    let paths = default_paths(variable);
    for path in &paths {
        match read(path, profile, overridden) {
            Err(error) if error.kind() == ErrorKind::ConfigFileMissing => {}
            result => return result,
        }
    }
    let paths: Vec<_> = paths.iter().map(|path| files::display(path)).collect();
    let message = format!("there is no configuration file; create {}", paths.join(" or "));
    Err(Error::local(ErrorKind::ConfigFileMissing, message))
}

/// Returns the path of the user's file, if it is known, and that of the machine's.
fn default_paths(variable: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    // The XDG Base Directory Specification ignores relative paths.
    let folder =
        |name: &str| Some(PathBuf::from(variable(name)?)).filter(|path| path.is_absolute());
    let (user, machine, name) = if cfg!(windows) {
        (folder("APPDATA"), folder("ProgramData"), "Luma")
    } else {
        let home = || Some(folder("HOME")?.join(".config"));
        (folder("XDG_CONFIG_HOME").or_else(home), Some("/etc".into()), "luma")
    };
    let file = |folder: PathBuf| folder.join(name).join("luma.json");
    user.into_iter().chain(machine).map(file).collect()
}

/// Reads one file.
fn read(path: &Path, profile: Option<&str>, overridden: &[&str]) -> Result<Config, Error> {
    let shown = files::display(path);
    let error = |kind, problem: &str| {
        Error::local(kind, format!("the configuration file {shown} {problem}"))
    };
    let content =
        files::read(path, MAX_FILE_BYTES).map_err(|problem| match problem.is_missing {
            true => error(ErrorKind::ConfigFileMissing, "does not exist"),
            false => error(ErrorKind::ConfigFileUnreadable, &problem.message),
        })?;
    if let Some(problem) = content.writers_problem(path) {
        return Err(error(ErrorKind::FilePermissions, &problem));
    }
    if memory::check(64 * content.bytes.len()).is_err() {
        return Err(error(ErrorKind::OutOfMemory, "cannot be read: not enough memory"));
    }
    let text = text(&content.bytes).map_err(|problem| error(ErrorKind::ConfigFile, problem))?;
    // The host process may change its working directory later.
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(&absolute);
    let file = File { shown: &shown, folder, text };
    let chosen = file.choose(profile)?;
    if chosen.has_secret
        && let Some(problem) = content.readers_problem(path)
    {
        let problem = format!("contains a secret and {problem}");
        return Err(error(ErrorKind::FilePermissions, &problem));
    }
    file.configure(&chosen, overridden)
}

/// Converts the content of a file to text.
///
/// # Errors
///
/// The problem, to follow the name of the file.
fn text(bytes: &[u8]) -> Result<&str, &'static str> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("is UTF-16; save it as UTF-8");
    }
    let text = str::from_utf8(bytes).map_err(|_| "is not valid UTF-8; save it as UTF-8")?;
    if has_byte_order_mark(text) {
        Err("starts with a byte order mark; save it without one")
    } else if json::is_nested_too_deep(bytes) {
        Err("is nested deeper than 128 levels")
    } else {
        Ok(text)
    }
}

/// The text of a file.
struct File<'a> {
    /// The path, for messages.
    shown: &'a str,
    /// Relative paths in the file start here.
    folder: &'a Path,
    text: &'a str,
}

/// A setting in the file.
#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'static Key,
    value: Json<'a>,
    is_from_profile: bool,
}

/// The settings of the selected profile, over those of the top level.
struct Chosen<'a> {
    entries: Vec<Entry<'a>>,
    profile: Option<String>,
    /// True if any value in the file is a secret, used or not.
    has_secret: bool,
}

/// A mistake in a value, and its place.
struct Wrong<'a> {
    /// The part of the text.
    at: &'a str,
    /// The member of the key's object, with a dot in front of it, or "".
    member: &'static str,
    error: Error,
}

impl<'a> Wrong<'a> {
    fn new(value: Json<'a>, problem: &str) -> Self {
        Self::from_setter(value, Error::local(ErrorKind::ConfigFile, problem))
    }

    /// The error of a setter that was called with a value.
    fn from_setter(value: Json<'a>, error: Error) -> Self {
        Wrong { at: value.raw(), member: "", error }
    }
}

/// Adds the place of a value to the error of its setter.
fn at<'a, T>(value: Json<'a>, result: Result<T, Error>) -> Result<(), Wrong<'a>> {
    result.map(drop).map_err(|error| Wrong::from_setter(value, error))
}

impl<'a> File<'a> {
    /// Returns an error about a part of the text.
    fn error(&self, kind: ErrorKind, at: &str, problem: &str) -> Error {
        let offset = (at.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.get(..offset).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        self.error_in(kind, line, column, problem)
    }

    fn error_in(&self, kind: ErrorKind, line: usize, column: usize, problem: &str) -> Error {
        let shown = self.shown;
        Error::local(kind, format!("{shown}, line {line}, column {column}: {problem}"))
    }

    /// Parses the whole file, and returns the settings of the selected profile.
    fn choose(&self, profile: Option<&str>) -> Result<Chosen<'a>, Error> {
        if let Err(error) = json::check(self.text) {
            // An empty file has an error before its first column.
            let (line, column) = (error.line(), error.column().max(1));
            let text = error.to_string();
            // serde_json's messages contain nothing of the text.
            let problem = text.rsplit_once(" at line ").map_or(&*text, |(problem, _)| problem);
            let problem = format!("not valid JSON: {problem}");
            return Err(self.error_in(ErrorKind::ConfigFile, line, column, &problem));
        }
        let root = Json::new(self.text);
        let not_object = |what: &str, value: Json<'_>| {
            let problem = format!("{what} must be an object");
            self.error(ErrorKind::ConfigFile, value.raw(), &problem)
        };
        if root.json_type() != JsonType::Object {
            return Err(not_object("the configuration", root));
        }
        let (mut entries, [default, profiles]) = self.entries(root, None)?;
        let mut has_secret = entries.iter().any(Entry::is_secret);

        let mut selected = profile.map(str::to_owned);
        if let Some(default) = default {
            let Some(name) = default.as_text() else {
                let problem = "profile must be a string";
                return Err(self.error(ErrorKind::ConfigFile, default.raw(), problem));
            };
            selected.get_or_insert_with(|| name.into_owned());
        }
        let mut names = BTreeSet::new();
        let mut found = None;
        for (name, value) in profiles.map(Json::all_members).unwrap_or_default() {
            let text = name.lossy_text().into_owned();
            let what = format!("profiles.{}", shown(&text));
            if value.json_type() != JsonType::Object {
                return Err(not_object(&what, value));
            }
            if names.contains(&text) {
                let problem = format!("{what} appears twice");
                return Err(self.error(ErrorKind::ConfigFile, name.raw(), &problem));
            }
            let (of_profile, _) = self.entries(value, Some(&text))?;
            self.check_headers(&entries, &of_profile, &what)?;
            has_secret |= of_profile.iter().any(Entry::is_secret);
            if selected.as_ref() == Some(&text) {
                found = Some(of_profile);
            }
            names.insert(text);
        }
        if let Some(selected) = &selected {
            let Some(of_profile) = found else {
                return Err(self.no_profile(selected, &names));
            };
            let is_replaced = |entry: &Entry<'_>| {
                of_profile.iter().any(|other| other.key.group == entry.key.group)
            };
            entries.retain(|entry| !is_replaced(entry));
            entries.extend(of_profile);
        }
        if !entries.iter().any(|entry| entry.key.name == "base_url") {
            let problem = match &selected {
                Some(name) => {
                    format!("neither profile {} nor the top level has a base_url", shown(name))
                }
                None if names.is_empty() => "base_url is missing".to_owned(),
                None => format!(
                    "no profile is selected, and the top level has no base_url; select one of: {}",
                    list(&names)
                ),
            };
            let message = format!("{}: {problem}", self.shown);
            return Err(Error::local(ErrorKind::Profile, message));
        }
        Ok(Chosen { entries, profile: selected, has_secret })
    }

    fn no_profile(&self, name: &str, names: &BTreeSet<String>) -> Error {
        let (file, name) = (self.shown, shown(name));
        let message = match names.is_empty() {
            true => format!("{file}: there is no profile {name}; the file has no profiles"),
            false => format!("{file}: there is no profile {name}; there are: {}", list(names)),
        };
        Error::local(ErrorKind::Profile, message)
    }

    /// Returns the settings in an object, and the values of `profile` and `profiles`, which only
    /// the top level has.
    fn entries(
        &self,
        object: Json<'a>,
        profile: Option<&str>,
    ) -> Result<(Vec<Entry<'a>>, [Option<Json<'a>>; 2]), Error> {
        let prefix = profile.map(|name| format!("profiles.{}.", shown(name))).unwrap_or_default();
        let error = |at: Json<'_>, problem: &str| {
            self.error(ErrorKind::ConfigFile, at.raw(), &format!("{prefix}{problem}"))
        };
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut others = [None; 2];
        for (name, value) in object.all_members() {
            let text = name.lossy_text();
            if profile.is_none()
                && let Some(at) = ["profile", "profiles"].iter().position(|other| *other == text)
            {
                if others[at].replace(value).is_some() {
                    return Err(error(name, &format!("{text} appears twice")));
                }
                if at == 1 && value.json_type() != JsonType::Object {
                    return Err(error(value, "profiles must be an object"));
                }
                continue;
            }
            let Some(key) = KEYS.iter().find(|key| key.name == text) else {
                let others = if profile.is_none() { &["profile", "profiles"][..] } else { &[] };
                let names = KEYS.iter().map(|key| key.name).chain(others.iter().copied());
                return Err(self.unknown(name, &prefix, names));
            };
            if let Some(other) = entries.iter().find(|other| other.key.group == key.group) {
                let problem = match other.key.name == key.name {
                    true => format!("{} appears twice", key.name),
                    false => format!("{} excludes {}; use one of them", key.name, other.key.name),
                };
                return Err(error(name, &problem));
            }
            if value.json_type() != key.value {
                return Err(error(value, &format!("{} must be {}", key.name, expected(key.value))));
            }
            entries.push(Entry { key, value, is_from_profile: profile.is_some() });
        }
        // With one from elsewhere, the token could reach a gateway that it does not belong to.
        let base_url = entries.iter().find(|entry| entry.key.name == "base_url");
        let token = entries.iter().find(|entry| entry.key.group == TOKEN);
        match (base_url, token) {
            (Some(entry), None) => Err(error(
                entry.value,
                "base_url needs its token beside it: token_file, token_command or access_token",
            )),
            (None, Some(entry)) => {
                let problem = format!("{} needs its base_url beside it", entry.key.name);
                Err(error(entry.value, &problem))
            }
            _ => Ok((entries, others)),
        }
    }

    /// Refuses to send the headers of the top level, which are secrets, to the base URL of a
    /// profile.
    fn check_headers(
        &self,
        top: &[Entry<'_>],
        of_profile: &[Entry<'_>],
        profile: &str,
    ) -> Result<(), Error> {
        let has_headers =
            |entries: &[Entry<'_>]| entries.iter().any(|entry| entry.key.name == "headers");
        let base_url = of_profile.iter().find(|entry| entry.key.name == "base_url");
        match base_url {
            Some(base_url) if has_headers(top) && !has_headers(of_profile) => {
                let problem = format!(
                    "{profile} has its own base_url, so it needs its own headers too ({{}} for none)"
                );
                Err(self.error(ErrorKind::ConfigFile, base_url.value.raw(), &problem))
            }
            _ => Ok(()),
        }
    }

    /// An error about an unknown name, with the nearest known one.
    fn unknown(
        &self,
        name: Json<'_>,
        prefix: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> Error {
        let text = name.lossy_text();
        let is_word = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-';
        let near = known.map(|known| (distance(&text, known), known)).min();
        let problem = if text.len() > 40 || !text.bytes().all(is_word) {
            // It may be a secret that is in the wrong place.
            "this key is not known".to_owned()
        } else if let Some((_, near)) = near.filter(|(distance, _)| *distance <= 1 + text.len() / 3)
        {
            format!("{prefix}{text} is not known; did you mean {near}?")
        } else {
            format!("{prefix}{text} is not known")
        };
        self.error(ErrorKind::ConfigFile, name.raw(), &problem)
    }

    /// Creates the configuration.
    fn configure(&self, chosen: &Chosen<'a>, overridden: &[&str]) -> Result<Config, Error> {
        let placed = |entry: &Entry<'_>, wrong: Wrong<'_>| {
            let kind = wrong.error.kind();
            let profile = match &chosen.profile {
                Some(name) if entry.is_from_profile => format!("profiles.{}.", shown(name)),
                _ => String::new(),
            };
            let (name, member) = (entry.key.name, wrong.member);
            let problem = format!("{profile}{name}{member}: {}", wrong.error.message());
            self.error(kind, wrong.at, &problem)
        };
        let find = |matches: &dyn Fn(&Key) -> bool| {
            // Both exist: `choose` checked them.
            let missing = || Error::local(ErrorKind::Internal, "a setting is missing");
            chosen.entries.iter().find(|entry| matches(entry.key)).ok_or_else(missing)
        };
        let base_url = find(&|key| key.name == "base_url")?;
        let token = find(&|key| key.group == TOKEN)?;
        let (token, source) = self.token(token).map_err(|wrong| placed(token, wrong))?;
        let url = string(base_url.value)
            .and_then(|url| {
                let parsed = BaseUrl::parse(&url);
                parsed.map_err(|error| Wrong::from_setter(base_url.value, error))
            })
            .map_err(|wrong| placed(base_url, wrong))?;
        let mut config = Config::with_defaults(url, token);
        config.token_provider = source.map(|source| TokenProvider::Source(Arc::new(source)));
        for entry in &chosen.entries {
            if !overridden.contains(&entry.key.group) {
                self.apply(&mut config, entry).map_err(|wrong| placed(entry, wrong))?;
            }
        }
        let profile = chosen.profile.as_ref().map(|name| format!(", profile {}", shown(name)));
        config.origin = Some([self.shown, &profile.unwrap_or_default()].concat());
        Ok(config)
    }

    /// Returns the token, and where to read it again. A command is only run when a call needs it.
    fn token(&self, entry: &Entry<'a>) -> Result<(AccessToken, Option<TokenSource>), Wrong<'a>> {
        let value = entry.value;
        let located = |error| Wrong::from_setter(value, error);
        match entry.key.name {
            "access_token" => {
                let (kind, text) = (ErrorKind::AccessToken, string(value)?);
                let token = AccessToken::from_argument("the token", kind, &text);
                Ok((token.map_err(located)?, None))
            }
            "token_file" => {
                let path = self.path(value)?;
                let token = token_source::read_file(&path).map_err(located)?;
                Ok((token, Some(TokenSource::File(path))))
            }
            _ => {
                let parts = value.elements();
                let parts: Option<Vec<_>> = parts.iter().map(|part| part.as_text()).collect();
                let parts = parts.unwrap_or_default();
                // A NUL would cut an argument off.
                let is_argument = |part: &&str| !part.contains('\0');
                let mut arguments = parts.iter().map(|part| &**part).take_while(is_argument);
                let program = arguments.next().filter(|program| !program.is_empty());
                let arguments: Vec<String> = arguments.map(str::to_owned).collect();
                let Some(program) = program.filter(|_| arguments.len() + 1 == parts.len()) else {
                    return Err(Wrong::new(
                        value,
                        "must be an array of strings: a program and its arguments",
                    ));
                };
                // A name without a folder is looked up in the PATH.
                let program = match program.contains(std::path::is_separator) {
                    true => self.folder.join(program).into(),
                    false => program.into(),
                };
                let token = AccessToken::unset();
                Ok((token, Some(TokenSource::Command { program, arguments })))
            }
        }
    }

    /// Applies one setting.
    fn apply(&self, config: &mut Config, entry: &Entry<'a>) -> Result<(), Wrong<'a>> {
        let value = entry.value;
        let milliseconds = |range: &config::Range| {
            let number = integer(value)?;
            range.duration(number).map_err(|error| Wrong::from_setter(value, error))
        };
        match entry.key.name {
            "auth_scheme" => match auth_scheme(&string(value)?) {
                Some(scheme) => at(value, Ok(config.set_auth_scheme(scheme))),
                None => Err(Wrong::new(value, AUTH_SCHEMES)),
            },
            "headers" => {
                for (name, value) in value.all_members() {
                    if value.json_type() != JsonType::String {
                        return Err(Wrong::new(value, "the value of a header must be a string"));
                    }
                    at(value, config.add_header(&string(name)?, &string(value)?))?;
                }
                Ok(())
            }
            "connect_timeout_ms" => {
                at(value, config.set_connect_timeout(milliseconds(&config::CONNECT_TIMEOUT)?))
            }
            "timeout_ms" => at(value, config.set_timeout(milliseconds(&config::TIMEOUT)?)),
            "max_response_bytes" => {
                let bytes = config::MAX_RESPONSE_BYTES.check(integer(value)?.into());
                at(value, bytes.and_then(|bytes| config.set_max_response_bytes(bytes.into())))
            }
            "trigger_max_idle_ms" => {
                at(value, config.set_trigger_max_idle(milliseconds(&config::TRIGGER_MAX_IDLE)?))
            }
            "read_max_idle_ms" => {
                at(value, config.set_read_max_idle(milliseconds(&config::READ_MAX_IDLE)?))
            }
            "max_idle_connections" => {
                let count = config::MAX_IDLE_CONNECTIONS.check(integer(value)?.into());
                at(value, count.and_then(|count| config.set_max_idle_connections(count as usize)))
            }
            "retries" => at(value, Ok(config.set_retries(value.raw() == "true"))),
            "allow_http" => at(value, Ok(config.set_allow_http(value.raw() == "true"))),
            "auto_proxy" => at(value, Ok(config.set_auto_proxy(value.raw() == "true"))),
            "ca_pem" => at(value, config.set_ca_pem(&string(value)?)),
            "ca_file" => at(value, config.set_ca_file(self.path(value)?)),
            "add_ca_pem" => at(value, config.add_ca_pem(&string(value)?)),
            "add_ca_file" => at(value, config.add_ca_file(self.path(value)?)),
            "client_certificate_pem" => {
                let [chain, key] = self.required(value, ["chain", "key"])?;
                at(value, config.set_client_certificate_pem(&string(chain)?, &string(key)?))
            }
            "client_certificate_file" => {
                let [chain, key] = self.required(value, ["chain", "key"])?;
                at(value, config.set_client_certificate_file(self.path(chain)?, self.path(key)?))
            }
            "proxy" => at(value, config.set_proxy(&string(value)?)),
            "application_id" => at(value, config.set_application_id(&string(value)?)),
            "log" => self.log(config, value),
            "journal" => {
                let folder = self.path(value)?.into_os_string().into_string();
                let folder = folder.map_err(|_| Wrong::new(value, "the path must be UTF-8"))?;
                config.journal_folder = Some(folder);
                Ok(())
            }
            // The base URL and the token, which the configuration has already.
            _ => Ok(()),
        }
    }

    fn log(&self, config: &mut Config, value: Json<'a>) -> Result<(), Wrong<'a>> {
        let [level, file, is_json] = self.members(value, ["level", "file", "json"])?;
        let level = match level {
            None => Some(LogLevel::Info),
            Some(level) => match log_level(&string(level)?) {
                Some(level) => level,
                None => return Err(Wrong { member: ".level", ..Wrong::new(level, LOG_LEVELS) }),
            },
        };
        let is_json = match is_json.map(|value| (value, value.as_bool())) {
            None => false,
            Some((_, Ok(is_json))) => is_json,
            Some((value, Err(_))) => {
                return Err(Wrong {
                    member: ".json",
                    ..Wrong::new(value, "must be true or false")
                });
            }
        };
        let Some(level) = level else { return at(value, Ok(config.clear_log_file())) };
        let Some(file) = file else {
            return Err(Wrong::new(value, "file is missing: the library does not print"));
        };
        let path = self.path(file)?;
        at(
            file,
            match is_json {
                true => config.set_log_file_json(level, path),
                false => config.set_log_file(level, path),
            },
        )
    }

    /// Returns the members of an object that has only these.
    fn members<const N: usize>(
        &self,
        object: Json<'a>,
        names: [&'static str; N],
    ) -> Result<[Option<Json<'a>>; N], Wrong<'a>> {
        let mut found = [None; N];
        for (name, value) in object.all_members() {
            let text = name.lossy_text();
            let Some(at) = names.iter().position(|known| *known == text) else {
                let problem = format!("only {} are known here", names.join(", "));
                return Err(Wrong::new(name, &problem));
            };
            if found[at].replace(value).is_some() {
                return Err(Wrong::new(name, &format!("{text} appears twice")));
            }
        }
        Ok(found)
    }

    /// As [`members`](Self::members), all of which are required.
    fn required(
        &self,
        object: Json<'a>,
        names: [&'static str; 2],
    ) -> Result<[Json<'a>; 2], Wrong<'a>> {
        match self.members(object, names)? {
            [Some(first), Some(second)] => Ok([first, second]),
            _ => {
                let problem = format!("must have {} and {}", names[0], names[1]);
                Err(Wrong::new(object, &problem))
            }
        }
    }

    /// Returns a path, which is relative to the folder of the file.
    fn path(&self, value: Json<'a>) -> Result<PathBuf, Wrong<'a>> {
        let text = string(value)?;
        match text.is_empty() || text.contains('\0') {
            true => Err(Wrong::new(value, "must be a path")),
            false => Ok(self.folder.join(&*text)),
        }
    }
}

impl Entry<'_> {
    fn is_secret(&self) -> bool {
        // The user and password of a proxy.
        let has_password = || self.key.name == "proxy" && self.value.lossy_text().contains('@');
        self.key.is_secret && self.value.raw() != "{}" || has_password()
    }
}

/// Returns the text of a string.
fn string<'a>(value: Json<'a>) -> Result<Zeroizing<String>, Wrong<'a>> {
    match value.as_text() {
        Some(text) => Ok(Zeroizing::new(text.into_owned())),
        None => Err(Wrong::new(value, "must be a string")),
    }
}

fn integer<'a>(value: Json<'a>) -> Result<i64, Wrong<'a>> {
    value.as_i64().map_err(|_| Wrong::new(value, "must be an integer"))
}

fn expected(value: JsonType) -> &'static str {
    match value {
        JsonType::Bool => "true or false",
        JsonType::Number => "an integer",
        JsonType::Array => "an array of strings",
        JsonType::Object => "an object",
        JsonType::String | JsonType::Null => "a string",
    }
}

pub(crate) const AUTH_SCHEMES: &str = "must be \"bearer\" or \"api_access_key\"";

/// Converts the name of an authentication scheme.
pub(crate) fn auth_scheme(name: &str) -> Option<AuthScheme> {
    match name {
        "bearer" => Some(AuthScheme::Bearer),
        "api_access_key" => Some(AuthScheme::ApiAccessKey),
        _ => None,
    }
}

pub(crate) const LOG_LEVELS: &str = "must be off, error, warn, info or debug";

/// Converts the name of a log level; `Some(None)` is off.
pub(crate) fn log_level(name: &str) -> Option<Option<LogLevel>> {
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    let level = levels.into_iter().find(|level| level.name().eq_ignore_ascii_case(name));
    if level.is_none() && !name.eq_ignore_ascii_case("off") { None } else { Some(level) }
}

/// Returns the name of a profile for a message.
fn shown(name: &str) -> String {
    redact::shortened(name, MAX_NAME_CHARS)
}

/// Lists the first names.
fn list(names: &BTreeSet<String>) -> String {
    let shown: Vec<_> = names.iter().take(10).map(|name| shown(name)).collect();
    shown.join(", ") + if names.len() > 10 { ", ..." } else { "" }
}

/// Returns how many characters must be inserted, removed or replaced to turn one text into another.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The setters in the header, without `luma_config_` and `set_`.
    fn setters() -> Vec<String> {
        let header = include_str!("../include/luma.h");
        let names = header.lines().filter_map(|line| line.strip_prefix("int32_t luma_config_"));
        let names = names.filter_map(|line| line.split('(').next());
        let names = names.filter(|name| !name.starts_with("new"));
        names.map(|name| name.strip_prefix("set_").unwrap_or(name).to_owned()).collect()
    }

    #[test]
    fn each_setter_has_a_key_and_each_key_a_setter() {
        let mut expected = vec!["base_url", "access_token", "journal"];
        let setters = setters();
        assert!(setters.len() > 15, "{setters:?}");
        for setter in &setters {
            match setter.as_str() {
                // A callback cannot be in a file.
                "log" | "log_with_free" | "token_provider_with_free" | "log_to_json_file" => {}
                "token_provider" => expected.extend(["token_file", "token_command"]),
                "add_header" => expected.push("headers"),
                "log_to_file" => expected.push("log"),
                name => expected.push(name),
            }
        }
        expected.sort_unstable();
        let mut keys = KEYS.map(|key| key.name);
        keys.sort_unstable();
        assert_eq!(keys[..], expected[..]);
    }

    #[test]
    fn the_documentation_lists_every_key() {
        let page = include_str!("../docs/configuration-file.md");
        for Key { name, .. } in &KEYS {
            assert!(page.contains(&format!("\n| `{name}`")), "{name}");
        }
    }

    #[test]
    fn the_default_file_of_the_user_comes_first() {
        let paths = |variables: &[(&str, &str)]| {
            let find = |name: &str| variables.iter().find(|variable| variable.0 == name);
            default_paths(&|name| find(name).map(|variable| variable.1.into()))
        };
        if cfg!(windows) {
            let found = paths(&[("APPDATA", r"C:\a"), ("ProgramData", r"C:\p")]);
            let expected = [r"C:\a\Luma\luma.json", r"C:\p\Luma\luma.json"];
            assert_eq!(found, expected.map(PathBuf::from));
            return;
        }
        let machine = "/etc/luma/luma.json";
        for (variables, user) in [
            (&[][..], None),
            (&[("HOME", "/h")], Some("/h/.config/luma/luma.json")),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")], Some("/x/luma/luma.json")),
            (&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")], Some("/h/.config/luma/luma.json")),
            (&[("HOME", ""), ("XDG_CONFIG_HOME", "")], None),
        ] {
            let expected: Vec<_> = user.into_iter().chain([machine]).map(PathBuf::from).collect();
            assert_eq!(paths(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn distances_are_counted_in_characters() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("timeout_m", "timeout_ms", 1),
            ("proxi", "proxy", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
