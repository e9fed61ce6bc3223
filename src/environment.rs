//! The settings that the environment selects, `LUMA_URL` and the like.

use std::env;
use std::ffi::OsString;

use zeroize::Zeroizing;

use crate::config::Config;
use crate::config_file::{self, AUTH_SCHEMES, LOG_LEVELS};
use crate::error::{Error, ErrorKind};
use crate::token::AccessToken;
use crate::transport::BaseUrl;

/// The variables that override a setting, and the groups of keys in the file that they replace.
const OVERRIDING: [(&str, &str); 5] = [
    ("LUMA_AUTH", "auth_scheme"),
    ("LUMA_CA_FILE", "ca"),
    ("LUMA_PROXY", "proxy"),
    ("LUMA_LOG", "log"),
    ("LUMA_JOURNAL", "journal"),
];

impl Config {
    /// Reads the settings from the environment. `docs/configuration-file.md` has a table of the
    /// variables.
    ///
    /// - `LUMA_URL`, with `LUMA_TOKEN` or `LUMA_TOKEN_FILE`: no file is read.
    /// - Without them: the default configuration file, see [`from_file`](Self::from_file), with the
    ///   profile `LUMA_PROFILE`.
    ///
    /// `LUMA_AUTH` (`bearer` or `api_access_key`), `LUMA_CA_FILE`, `LUMA_PROXY`, `LUMA_LOG`
    /// (`level:path`, or `off`) and `LUMA_JOURNAL` override a single setting. No other combination
    /// is accepted: URL and token always come from the same source, so that a variable that was
    /// left over cannot send a token elsewhere.
    ///
    /// No thread may change the environment meanwhile. Blocks while it reads files.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Environment`] if the variables contradict each other, or one is empty or not
    /// valid; those of [`from_file`](Self::from_file).
    pub fn from_environment() -> Result<Self, Error> {
        read(&|name| env::var_os(name))
    }
}

fn read(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Config, Error> {
    let get = |name: &str| text(name, variable(name));
    let (url, token) = (get("LUMA_URL")?, get("LUMA_TOKEN")?);
    let (token_file, profile) = (get("LUMA_TOKEN_FILE")?, get("LUMA_PROFILE")?);
    let mut overriding = Vec::new();
    for (name, group) in OVERRIDING {
        overriding.extend(get(name)?.map(|value| (name, group, value)));
    }
    let mut config = match (url, token, token_file, profile) {
        (None, None, None, profile) => {
            let groups: Vec<_> = overriding.iter().map(|(_, group, _)| *group).collect();
            let profile = profile.as_ref().map(|profile| profile.as_str());
            let read = config_file::read_default(profile, &groups, variable);
            read.map_err(|error| match error.kind() {
                ErrorKind::ConfigFileMissing => {
                    error.in_context("the environment has no LUMA_URL and LUMA_TOKEN")
                }
                _ => error,
            })?
        }
        (Some(url), Some(token), None, None) => {
            let kind = ErrorKind::AccessToken;
            let token = AccessToken::from_argument("LUMA_TOKEN", kind, &token)?;
            let mut config = from_url(&url, token)?;
            config.origin = Some("LUMA_URL and LUMA_TOKEN".into());
            config
        }
        (Some(url), None, Some(file), None) => {
            let mut config = Config::with_token_file(&url, &*file).map_err(|error| {
                let is_of_url = BaseUrl::parse(&url).is_err();
                error.in_context(if is_of_url { "LUMA_URL" } else { "LUMA_TOKEN_FILE" })
            })?;
            config.origin = Some("LUMA_URL and LUMA_TOKEN_FILE".into());
            config
        }
        (Some(_), _, _, Some(_)) => {
            return contradiction("LUMA_URL and LUMA_PROFILE are both set; unset one of them");
        }
        (Some(_), None, None, None) => {
            return contradiction(
                "LUMA_URL is set without a token; set LUMA_TOKEN or LUMA_TOKEN_FILE too",
            );
        }
        (_, Some(_), Some(_), _) => {
            return contradiction("LUMA_TOKEN and LUMA_TOKEN_FILE are both set; unset one of them");
        }
        (None, Some(_), _, _) => {
            return contradiction("LUMA_TOKEN is set without LUMA_URL; set both or none");
        }
        (None, _, Some(_), _) => {
            return contradiction("LUMA_TOKEN_FILE is set without LUMA_URL; set both or none");
        }
    };
    for (name, _, value) in overriding {
        apply(&mut config, name, &value).map_err(|error| error.in_context(name))?;
        if let Some(origin) = &mut config.origin {
            *origin += ", ";
            *origin += name;
        }
    }
    Ok(config)
}

fn contradiction<T>(message: &str) -> Result<T, Error> {
    Err(Error::local(ErrorKind::Environment, message))
}

fn from_url(url: &str, token: AccessToken) -> Result<Config, Error> {
    match BaseUrl::parse(url) {
        Ok(url) => Ok(Config::with_defaults(url, token)),
        Err(error) => Err(error.in_context("LUMA_URL")),
    }
}

/// Checks the value of a variable. An empty one is refused, because it is usually a mistake in a
/// script, and would select other settings.
fn text(name: &str, value: Option<OsString>) -> Result<Option<Zeroizing<String>>, Error> {
    let Some(value) = value else { return Ok(None) };
    match value.into_string() {
        Ok(text) if text.is_empty() => contradiction(&format!("{name} is empty; unset it")),
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(_) => contradiction(&format!("{name} is not valid UTF-8")),
    }
}

fn apply(config: &mut Config, name: &str, value: &str) -> Result<(), Error> {
    let invalid = |problem| Err(Error::local(ErrorKind::Environment, problem));
    match name {
        "LUMA_AUTH" => match config_file::auth_scheme(value) {
            Some(scheme) => drop(config.set_auth_scheme(scheme)),
            None => return invalid(AUTH_SCHEMES),
        },
        "LUMA_CA_FILE" => drop(config.set_ca_file(value)?),
        "LUMA_PROXY" => drop(config.set_proxy(value)?),
        "LUMA_LOG" => {
            let (level, path) = match value.split_once(':') {
                Some((level, path)) => (level, Some(path)),
                None => (value, None),
            };
            match (config_file::log_level(level), path) {
                (Some(None), None) => drop(config.clear_log_file()),
                (Some(Some(level)), Some(path)) => drop(config.set_log_file(level, path)?),
                (Some(_), _) => {
                    return invalid(
                        "must be level:path, such as info:luma.log, because the library does not \
                         print; or off",
                    );
                }
                (None, _) => return invalid(LOG_LEVELS),
            }
        }
        _ => config.journal_folder = Some(value.to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const SELECTING: [&str; 4] = ["LUMA_PROFILE", "LUMA_URL", "LUMA_TOKEN", "LUMA_TOKEN_FILE"];

    /// A folder for the files of one test.
    fn folder(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("luma-{name}-{}", std::process::id()));
        std::fs::create_dir_all(default_file(&folder).parent().unwrap()).unwrap();
        folder
    }

    /// The user's default file.
    fn default_file(folder: &std::path::Path) -> PathBuf {
        folder.join(if cfg!(windows) { "Luma" } else { "luma" }).join("luma.json")
    }

    fn write(path: PathBuf, text: &str) -> String {
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        }
        path.to_str().unwrap().to_owned()
    }

    /// Reads the settings with these variables, and the default file in a folder.
    fn read_with(folder: &std::path::Path, variables: &[(&str, &str)]) -> Result<Config, Error> {
        read(&|name| match name {
            "XDG_CONFIG_HOME" | "APPDATA" => Some(folder.into()),
            // On Windows: the folder of the machine's file, which must not exist.
            "ProgramData" => Some(folder.join("none").into()),
            _ => variables.iter().find(|variable| variable.0 == name).map(|v| v.1.into()),
        })
    }

    /// The table in the documentation: for each of 16 combinations of the variables that select the
    /// settings, its first row that applies.
    #[test]
    fn the_documentation_has_every_combination_of_the_selecting_variables() {
        let folder = folder("combinations");
        let token_file = write(folder.join("token"), "s3cr3t-file\n");
        let file = r#"{"base_url":"https://top.example","access_token":"s3cr3t-top","profiles":
            {"p":{"base_url":"https://profile.example","access_token":"s3cr3t-p"}}}"#;
        let file = write(default_file(&folder), file);
        let page = include_str!("../docs/configuration-file.md");
        let (_, table) = page.split_once("| `LUMA_PROFILE` | `LUMA_URL` |").unwrap();
        let rows = table.lines().skip(2).map_while(|line| line.strip_prefix("| "));
        let rows: Vec<Vec<&str>> = rows.map(|row| row.split(" | ").collect()).collect();
        for combination in 0..16 {
            let is_set = |at: usize| combination >> at & 1 != 0;
            let values = ["p", "https://url.example", "s3cr3t-variable", &token_file];
            let variables = (0..4).filter(|at| is_set(*at)).map(|at| (SELECTING[at], values[at]));
            let variables: Vec<_> = variables.collect();
            let applies = |row: &&Vec<&str>| {
                (0..4).all(|at| row[at] == "any" || (row[at] == "set") == is_set(at))
            };
            let expected = rows.iter().find(applies).expect("a row")[4].trim_end_matches(" |");
            println!("{variables:?}: {expected}");
            match read_with(&folder, &variables) {
                Ok(config) => {
                    let url = config.transport.base_url.host.clone();
                    let expected = match expected {
                        "the file, with its default profile" => ("top.example", file.clone()),
                        "the file, with this profile" => {
                            ("profile.example", format!("{file}, profile p"))
                        }
                        "the environment; no file is read" if is_set(2) => {
                            ("url.example", "LUMA_URL and LUMA_TOKEN".into())
                        }
                        "the environment; no file is read" => {
                            ("url.example", "LUMA_URL and LUMA_TOKEN_FILE".into())
                        }
                        _ => panic!("{expected}"),
                    };
                    assert_eq!((&*url, config.origin), (expected.0, Some(expected.1)));
                }
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Environment, "{error}");
                    let message = expected.strip_prefix("error: ").expect("an error");
                    assert_eq!(error.message(), message.replace('`', ""));
                }
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_variable_overrides_its_setting_and_is_named_in_messages() {
        let folder = folder("overriding");
        let file = r#"{"base_url":"http://gateway.example","access_token":"s3cr3t",
            "proxy":"http://file.example","ca_file":"missing.pem","journal":"j",
            "log":{"file":"missing/luma.log"}}"#;
        let file = write(default_file(&folder), file);
        let log = folder.join("luma.log").to_str().unwrap().to_owned();
        let ca = rcgen::generate_simple_self_signed(["gateway.example".into()]).unwrap();
        let ca = write(folder.join("ca.pem"), &ca.cert.pem());
        let all = [
            ("LUMA_AUTH", "api_access_key"),
            ("LUMA_CA_FILE", &ca),
            ("LUMA_PROXY", "direct"),
            ("LUMA_LOG", &format!("DEBUG:{log}")),
            ("LUMA_JOURNAL", "/var/lib/luma"),
        ];
        let config = read_with(&folder, &all).unwrap();
        assert_eq!(config.auth_scheme, crate::token::AuthScheme::ApiAccessKey);
        assert!(!config.transport.proxy.is_set());
        assert_eq!(config.journal_folder(), Some(std::path::Path::new("/var/lib/luma")));
        let names = "LUMA_AUTH, LUMA_CA_FILE, LUMA_PROXY, LUMA_LOG, LUMA_JOURNAL";
        assert_eq!(config.origin, Some(format!("{file}, {names}")));
        // The message about the client also names the source of the settings.
        let error = crate::Client::with_config(&config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BaseUrlInsecure);
        assert!(error.message().ends_with(&format!("(settings from {file}, {names})")), "{error}");

        let url = [("LUMA_URL", "https://acme.example"), ("LUMA_TOKEN", "s3cr3t")];
        for (name, value, kind, message) in [
            ("LUMA_AUTH", "Bearer", ErrorKind::Environment, AUTH_SCHEMES),
            ("LUMA_CA_FILE", "/missing", ErrorKind::CaFile, "CA file /missing cannot be read: "),
            ("LUMA_PROXY", "ftp://u:s3cr3t@x", ErrorKind::Proxy, "proxy has an unsupported scheme"),
            ("LUMA_LOG", "debug", ErrorKind::Environment, "must be level:path, such as "),
            ("LUMA_LOG", "off:x", ErrorKind::Environment, "must be level:path, such as "),
            ("LUMA_LOG", "loud:x", ErrorKind::Environment, LOG_LEVELS),
            ("LUMA_LOG", "info:/missing/x", ErrorKind::LogFile, "the log file /missing/x cannot "),
            ("LUMA_URL", "acme.example", ErrorKind::BaseUrlScheme, "base_url has no scheme"),
            ("LUMA_TOKEN", "s3cr3t ", ErrorKind::AccessToken, "ends with a blank; remove it"),
            ("LUMA_TOKEN", "", ErrorKind::Environment, "is empty; unset it"),
            ("LUMA_URL", "", ErrorKind::Environment, "is empty; unset it"),
            ("LUMA_PROXY", "", ErrorKind::Environment, "is empty; unset it"),
        ] {
            let mut variables = vec![(name, value)];
            variables.extend(url);
            let error = read_with(&folder, &variables).unwrap_err();
            println!("{error}");
            assert_eq!(error.kind(), kind, "{error}");
            let text = error.message();
            let rest = text.strip_prefix(name).expect(text).trim_start_matches([':', ' ']);
            assert!(rest.starts_with(message), "{name}={value}: {error}");
            assert!(!text.contains("s3cr3t"), "{error}");
        }
        let error = [("LUMA_URL", "acme.example"), ("LUMA_TOKEN_FILE", "/missing")];
        let error = read_with(&folder, &error).unwrap_err();
        assert!(error.message().starts_with("LUMA_URL: base_url has no scheme"), "{error}");
        let variables = [url[0], url[1], ("LUMA_LOG", "off")];
        assert!(read_with(&folder, &variables).is_ok());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
