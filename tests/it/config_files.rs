//! The configuration file: its settings, its mistakes, and where it gets the token from. The table
//! of variables is tested in `src/environment.rs`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use luma::{AuthScheme, Client, Config, Error, ErrorKind as E, LogLevel, Outcome};
use luma_simulator::{Options, Simulator};

use crate::support::calls::*;
use crate::support::child::{assert_passes, child, is_child};
use crate::support::tls::localhost;
use crate::support::{ScriptServer, response};

/// An empty folder for the files of one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // The path of a build on Linux has no drive.
    std::path::absolute(folder).unwrap()
}

fn chmod(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}

/// Writes a file that only its owner can read.
fn write(path: PathBuf, content: impl AsRef<[u8]>) -> PathBuf {
    std::fs::write(&path, content).unwrap();
    chmod(&path, 0o600);
    path
}

fn load(path: &Path) -> Result<Config, Error> {
    Config::from_file(Some(path), None)
}

/// The error of a file with this content, without the path of the file in front of it.
#[track_caller]
fn mistake(folder: &Path, content: impl AsRef<[u8]>) -> (E, String) {
    let path = write(folder.join("luma.json"), content);
    let error = load(&path).expect_err("a mistake");
    println!("{error}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let message = error.message();
    assert!(!message.contains("s3cr3t"), "{message}");
    assert!(message.contains(path.to_str().unwrap()), "{message}");
    (error.kind(), message.replace(path.to_str().unwrap(), "FILE"))
}

/// What `Debug` shows of all settings, except for where they come from.
fn settings(config: &Config) -> String {
    let shown = format!("{config:#?}");
    let lines = shown.lines().filter(|line| !line.contains("luma.json"));
    lines.collect::<Vec<_>>().join("\n").replace("origin: Some(\n    ),", "origin: None,")
}

#[test]
fn every_key_does_the_same_as_its_setter() {
    let folder = folder("config-keys");
    let (ca, _) = localhost();
    let json = |text: &str| serde_json::to_string(text).unwrap();
    std::fs::write(folder.join("ca.pem"), &ca.pem).unwrap();
    let own = rcgen::generate_simple_self_signed(["client".into()]).unwrap();
    let (chain, key) = (own.cert.pem(), own.signing_key.serialize_pem());
    std::fs::write(folder.join("client.pem"), &chain).unwrap();
    std::fs::write(folder.join("client.key"), &key).unwrap();
    let text = format!(
        r#"{{
        "base_url": "https://acme.example/prefix", "access_token": "s3cr3t\u002dtoken",
        "auth_scheme": "api_access_key", "headers": {{"X-Key": "s3cr3t", "X-Other": "a\tb"}},
        "connect_timeout_ms": 1, "timeout_ms": 86400000, "max_response_bytes": 7,
        "trigger_max_idle_ms": 0, "read_max_idle_ms": 5, "max_idle_connections": 1024,
        "retries": false, "allow_http": true, "ca_file": "ca.pem", "add_ca_pem": {pem},
        "client_certificate_file": {{"chain": "client.pem", "key": "client.key"}},
        "proxy": "http://u:s3cr3t@proxy.example:1", "auto_proxy": false, "application_id": "AcmeDesk/4.2",
        "log": {{"level": "debug", "file": "luma.log", "json": true}}, "journal": "jour\"nal",
        "profile": "other", "profiles": {{"other": {{"ca_pem": {pem}, "add_ca_file": "ca.pem",
            "client_certificate_pem": {{"chain": {chain}, "key": {key}}},
            "log": {{"level": "OFF"}}, "proxy": "direct"}}, "none": {{}}}}
        }}"#,
        pem = json(&ca.pem),
        chain = json(&chain),
        key = json(&key),
    );
    let path = write(folder.join("luma.json"), text);

    let mut expected = Config::new("https://acme.example/prefix", "s3cr3t-token").unwrap();
    expected.set_auth_scheme(AuthScheme::ApiAccessKey).set_retries(false).set_allow_http(true);
    expected.add_header("X-Key", "s3cr3t").unwrap().add_header("X-Other", "a\tb").unwrap();
    expected.set_connect_timeout(Duration::from_millis(1)).unwrap();
    expected.set_timeout(Duration::from_secs(86_400)).unwrap();
    expected.set_max_response_bytes(7).unwrap().set_max_idle_connections(1024).unwrap();
    expected.set_trigger_max_idle(Duration::ZERO).unwrap();
    expected.set_read_max_idle(Duration::from_millis(5)).unwrap();
    expected.set_ca_file(folder.join("ca.pem")).unwrap().add_ca_pem(&ca.pem).unwrap();
    expected.set_client_certificate_pem(&chain, &key).unwrap();
    expected.set_application_id("AcmeDesk/4.2").unwrap().set_auto_proxy(false);
    let mut other = expected.clone();
    expected.set_proxy("http://u:s3cr3t@proxy.example:1").unwrap();
    expected.set_log_file_json(LogLevel::Debug, folder.join("luma.log")).unwrap();
    other.set_proxy("direct").unwrap().add_ca_file(folder.join("ca.pem")).unwrap();

    let config = Config::from_file(Some(&path), Some("none")).unwrap();
    assert_eq!(config.journal_folder(), Some(&*folder.join("jour\"nal")));
    let without_journal = |config: &Config| {
        let shown = settings(config);
        let lines = shown.lines().filter(|line| !line.contains("jour\\\"nal"));
        let shown = lines.collect::<Vec<_>>().join("\n");
        shown.replace("journal_folder: Some(\n    ),", "journal_folder: None,")
    };
    assert_eq!(without_journal(&config), settings(&expected));
    assert!(!format!("{config:?}").contains("s3cr3t"));
    assert_eq!(without_journal(&load(&path).unwrap()), settings(&other));

    // The token is used.
    let (server, _) = serving(&[ok(HISTORY)]);
    let text = format!(r#"{{"base_url": "{}", "access_token": "s3cr3t\u002dtoken"}}"#, server.url);
    let client = Client::with_config(&load(&write(path, text)).unwrap()).unwrap();
    client.get_workflow_history("x").unwrap();
    assert_eq!(tokens(&server), ["s3cr3t-token"]);
}

#[test]
fn a_mistake_in_the_file_is_named_with_line_column_and_key() {
    let folder = folder("config-mistakes");
    let with = |rest: &str| {
        format!("{{\"base_url\": \"https://a.example\",\n \"access_token\": \"s3cr3t\"{rest}}}")
    };
    let place = "FILE, line 2, column 28: ";
    for (rest, kind, expected) in [
        (", \"timeout\": 5", E::ConfigFile, "timeout is not known; did you mean timeout_ms?"),
        (", \"Proxy\": \"x\"", E::ConfigFile, "Proxy is not known; did you mean proxy?"),
        (", \"profil\": \"x\"", E::ConfigFile, "profil is not known; did you mean profile?"),
        (", \"something\": 5", E::ConfigFile, "something is not known"),
        (", \"s3cr3t.t0k3n\": 5", E::ConfigFile, "this key is not known"),
        (", \"base_url\": 5", E::ConfigFile, "base_url appears twice"),
        (", \"base\\u005furl\": 5", E::ConfigFile, "base_url appears twice"),
        (
            ", \"token_file\": \"t\"",
            E::ConfigFile,
            "token_file excludes access_token; use one of them",
        ),
    ] {
        assert_eq!(mistake(&folder, with(rest)), (kind, format!("{place}{expected}")));
    }
    for (key, value, kind, expected) in [
        ("timeout_ms", "\"s3cr3t\"", E::ConfigFile, "timeout_ms must be an integer"),
        ("timeout_ms", "null", E::ConfigFile, "timeout_ms must be an integer"),
        ("timeout_ms", "1.5", E::ConfigFile, "timeout_ms: must be an integer"),
        ("timeout_ms", "1e3", E::ConfigFile, "timeout_ms: must be an integer"),
        ("timeout_ms", "99999999999999999999", E::ConfigFile, "timeout_ms: must be an integer"),
        ("timeout_ms", "0", E::TimeoutRange, "timeout_ms: timeout must be 1 to 86400000 ms, not 0"),
        (
            "max_response_bytes",
            "-1",
            E::MaxResponseBytes,
            "max_response_bytes: max_response_bytes must be 1 to 1073741824, not -1",
        ),
        ("retries", "1", E::ConfigFile, "retries must be true or false"),
        ("retries", "\"true\"", E::ConfigFile, "retries must be true or false"),
        ("proxy", "[\"s3cr3t\"]", E::ConfigFile, "proxy must be a string"),
        ("proxy", "\"s3cr3t\\ud800\"", E::ConfigFile, "proxy: must be a string"),
        ("proxy", "\"ftp://u:s3cr3t@x\"", E::Proxy, "proxy: proxy has an unsupported scheme; "),
        ("headers", "{\"X\": 1}", E::ConfigFile, "headers: the value of a header must be a string"),
        (
            "headers",
            "{\"X\": \"s3cr3t\\n\"}",
            E::Header,
            "headers: the value of the header X ends ",
        ),
        (
            "headers",
            "{\"X\": \"a\", \"x\": \"b\"}",
            E::Header,
            "headers: the header x was added before; add it once",
        ),
        ("auth_scheme", "\"Bearer\"", E::ConfigFile, "auth_scheme: must be \"bearer\" or "),
        ("ca_file", "\"\"", E::ConfigFile, "ca_file: must be a path"),
        ("ca_file", "\"s\\u0000\"", E::ConfigFile, "ca_file: must be a path"),
        ("ca_file", "\"missing.pem\"", E::CaFile, "ca_file: CA file "),
        ("log", "{\"level\": \"info\"}", E::ConfigFile, "log: file is missing: the library does "),
        ("log", "{\"level\": \"loud\"}", E::ConfigFile, "log.level: must be off, error, warn, "),
        ("log", "{\"file\": 1}", E::ConfigFile, "log: must be a string"),
        ("log", "{\"file\": \".\"}", E::LogFile, "log: the log file "),
        ("log", "{\"json\": 1}", E::ConfigFile, "log.json: must be true or false"),
        ("log", "{\"path\": 1}", E::ConfigFile, "log: only level, file, json are known here"),
        ("log", "{\"file\": \"a\", \"file\": \"b\"}", E::ConfigFile, "log: file appears twice"),
        (
            "client_certificate_file",
            "{\"chain\": \"a\"}",
            E::ConfigFile,
            "client_certificate_file: must have chain and key",
        ),
        ("profiles", "[]", E::ConfigFile, "profiles must be an object"),
        ("profiles", "{\"p\": 1}", E::ConfigFile, "profiles.p must be an object"),
        ("profiles", "{\"p\": {}, \"p\": {}}", E::ConfigFile, "profiles.p appears twice"),
        ("profile", "1", E::ConfigFile, "profile must be a string"),
        (
            "profiles",
            "{\"p\": {\"timout_ms\": 1}}",
            E::ConfigFile,
            "profiles.p.timout_ms is not known; did you mean timeout_ms?",
        ),
        ("profiles", "{\"p\": {\"profile\": \"x\"}}", E::ConfigFile, "profiles.p.profile is not "),
        (
            "profiles",
            "{\"p\": {\"base_url\": \"https://b.example\"}}",
            E::ConfigFile,
            "profiles.p.base_url needs its token beside it: token_file, token_command or ",
        ),
        (
            "profiles",
            "{\"p\": {\"token_file\": \"t\"}}",
            E::ConfigFile,
            "profiles.p.token_file needs its base_url beside it",
        ),
        (
            "headers\": {\"X\": \"s3cr3t\"}, \"profiles",
            "{\"p\": {\"base_url\": \"https://b.example\", \"access_token\": \"s3cr3t\"}}",
            E::ConfigFile,
            "profiles.p has its own base_url, so it needs its own headers too ({} for none)",
        ),
    ] {
        let (found, message) = mistake(&folder, with(&format!(", \"{key}\": {value}")));
        let (at, message) = message.split_once(": ").unwrap();
        assert!(at.starts_with("FILE, line 2, column "), "{at}");
        assert!(message.starts_with(expected), "{message}\n{expected}");
        assert_eq!(found, kind, "{message}");
    }
    // In characters, not in bytes.
    let (_, message) = mistake(&folder, "{\"base_url\": \"ää\", \"x\": 1}");
    assert!(message.starts_with("FILE, line 1, column 20: x is not known"), "{message}");
    for (content, expected) in [
        (&b""[..], "FILE, line 1, column 1: not valid JSON: EOF while parsing a value"),
        (
            b"{\"base_url\": \"x\",\n}",
            "FILE, line 2, column 1: not valid JSON: key must be a string",
        ),
        (b"{\"a\": s3cr3t}", "FILE, line 1, column 7: not valid JSON: expected value"),
        (b"[]", "FILE, line 1, column 1: the configuration must be an object"),
        (b"{} {}", "FILE, line 1, column 4: not valid JSON: trailing characters"),
        (b"{\"a\": \"\xff\"}", "the configuration file FILE is not valid UTF-8; save it as UTF-8"),
        (b"\xff\xfe{\0}\0", "the configuration file FILE is UTF-16; save it as UTF-8"),
        (
            b"\xef\xbb\xbf{}",
            "the configuration file FILE starts with a byte order mark; save it without one",
        ),
        (&[b'['; 200], "the configuration file FILE is nested deeper than 128 levels"),
    ] {
        assert_eq!(mistake(&folder, content), (E::ConfigFile, expected.to_owned()));
    }
    assert_eq!(
        mistake(&folder, "{\"timeout_ms\": 1}"),
        (E::Profile, "FILE: base_url is missing".to_owned())
    );
    let large = " ".repeat((1 << 20) + 1);
    let expected = "the configuration file FILE is larger than 1 MiB";
    assert_eq!(mistake(&folder, large), (E::ConfigFileUnreadable, expected.to_owned()));
    let mut largest = with("").into_bytes();
    largest.resize(1 << 20, b' ');
    load(&write(folder.join("luma.json"), largest)).unwrap();
}

#[test]
fn a_profile_overrides_single_keys() {
    let folder = folder("config-profiles");
    let text = r#"{"timeout_ms": 5000, "retries": false, "profiles": {
        "a": {"base_url": "https://a.example", "access_token": "s3cr3t-a", "timeout_ms": 7},
        "b b": {"base_url": "https://b.example", "token_command": ["false"]}}}"#;
    let path = write(folder.join("luma.json"), text);
    let mut a = Config::new("https://a.example", "s3cr3t-a").unwrap();
    a.set_timeout(Duration::from_millis(7)).unwrap().set_retries(false);
    let found = Config::from_file(Some(&path), Some("a")).unwrap();
    assert_eq!(settings(&found), settings(&a));
    assert!(format!("{found:?}").contains("luma.json, profile a"), "{found:?}");
    Config::from_file(Some(&path), Some("b b")).unwrap();
    for (profile, expected) in [
        (
            None,
            ": no profile is selected, and the top level has no base_url; select one of: a, b b",
        ),
        (Some("c"), ": there is no profile c; there are: a, b b"),
        (Some(""), ": there is no profile ; there are: a, b b"),
    ] {
        let error = Config::from_file(Some(&path), profile).unwrap_err();
        assert_eq!(error.kind(), E::Profile);
        assert!(error.message().ends_with(expected), "{error}");
    }
    // The profile that the file itself selects must exist too.
    let text = r#"{"base_url": "https://a.example", "access_token": "s3cr3t", "profile": "x"}"#;
    let (kind, message) = mistake(&folder, text);
    assert_eq!(kind, E::Profile);
    assert_eq!(message, "FILE: there is no profile x; the file has no profiles");
}

#[test]
fn the_example_of_the_documentation_can_be_loaded() {
    let folder = folder("config-example");
    let page = include_str!("../../docs/configuration-file.md");
    let (_, example) = page.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let path = write(folder.join("luma.json"), example);
    write(folder.join("test-token"), "s3cr3t\n");
    std::fs::write(folder.join("company-ca.pem"), localhost().0.pem).unwrap();
    for profile in [None, Some("test")] {
        let config = Config::from_file(Some(&path), profile).unwrap();
        assert_eq!(config.journal_folder(), Some(&*folder.join("journal")));
        Client::with_config(&config).unwrap();
    }
}

#[test]
fn what_is_not_a_readable_file_is_refused_at_once() {
    let folder = folder("config-unreadable");
    let missing = folder.join("missing/luma.json");
    let started = Instant::now();
    for (path, kind, expected) in [
        (missing.clone(), E::ConfigFileMissing, "does not exist"),
        (PathBuf::new(), E::ConfigFileMissing, "does not exist"),
        (folder.clone(), E::ConfigFileUnreadable, "is a directory"),
    ] {
        let error = load(&path).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().ends_with(expected), "{error}");
    }
    #[cfg(unix)]
    {
        let pipe = folder.join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for pipe in [&*pipe, Path::new("/dev/zero")] {
            let error = load(pipe).unwrap_err();
            assert_eq!(error.kind(), E::ConfigFileUnreadable, "{error}");
            assert!(error.message().ends_with("is not a regular file"), "{error}");
        }
        let text = r#"{"base_url": "https://a.example", "token_file": "pipe"}"#;
        let error = load(&write(folder.join("luma.json"), text)).unwrap_err();
        assert_eq!(error.kind(), E::TokenSource, "{error}");
        assert!(error.message().ends_with("pipe is not a regular file"), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[cfg(unix)]
#[test]
fn a_file_with_a_secret_that_others_can_read_is_refused() {
    let folder = folder("config-permissions");
    let token = write(folder.join("token"), "s3cr3t");
    let file = folder.join("luma.json");
    let kind = |text: &str, mode: u32, token_mode: u32| {
        write(file.clone(), text);
        chmod(&file, mode);
        chmod(&token, token_mode);
        let error = load(&file).err();
        error.map(|error| {
            println!("{error}");
            assert_eq!(error.kind(), E::FilePermissions, "{error}");
            error.message().to_owned()
        })
    };
    let by_file = r#"{"base_url": "https://a.example", "token_file": "token"}"#;
    for mode in [0o600, 0o400, 0o700] {
        assert_eq!(kind(by_file, 0o644, mode), None, "{mode:o}");
    }
    for mode in [0o604, 0o640, 0o644, 0o620, 0o602] {
        let message = kind(by_file, 0o644, mode).expect("refused");
        let path = token.display();
        let expected = format!("(mode {mode:04o}); run: chmod 600 {path}");
        assert!(message.ends_with(&expected), "{message}");
    }
    // The configuration file decides where the token is sent.
    for (mode, is_accepted) in [(0o644, true), (0o664, true), (0o646, false), (0o666, false)] {
        assert_eq!(kind(by_file, mode, 0o600).is_none(), is_accepted, "{mode:o}");
    }
    for (rest, is_secret) in [
        (r#""proxy": "http://proxy.example""#, false),
        (r#""headers": {}"#, false),
        (r#""headers": {"X": "s3cr3t"}"#, true),
        (r#""proxy": "http://u:s3cr3t@proxy.example""#, true),
        // Also if it is not used.
        (r#""profiles": {"p": {"proxy": "http://u:s3cr3t@proxy.example"}}"#, true),
    ] {
        let text = by_file.replace('}', &format!(", {rest}}}"));
        assert_eq!(kind(&text, 0o600, 0o600), None, "{rest}");
        assert_eq!(kind(&text, 0o644, 0o600).is_some(), is_secret, "{rest}");
    }
    let direct = r#"{"base_url": "https://a.example", "access_token": "s3cr3t"}"#;
    let message = kind(direct, 0o640, 0o600).expect("refused");
    let expected = format!("chmod 600 {}", file.display());
    assert!(message.contains("contains a secret and is open to other users (mode 0640)"));
    assert!(message.ends_with(&expected), "{message}");
}

#[test]
fn a_token_file_is_read_again_after_a_401() {
    let folder = folder("config-token-file");
    let token = write(folder.join("token"), "first\r\n");
    let server = ScriptServer::start(vec![answers(&[
        ok(HISTORY),
        response("401 X", ""),
        ok(HISTORY),
        response("401 X", ""),
    ])]);
    let text = format!(r#"{{"base_url": "{}", "token_file": "token"}}"#, server.url);
    let config = load(&write(folder.join("luma.json"), text)).unwrap();
    let client = Client::with_config(&config).unwrap();
    // Read when the first call needs it, not only when the file is loaded.
    write(token.clone(), "second");
    client.get_workflow_history("x").unwrap();
    write(token.clone(), "third\n");
    client.get_workflow_history("x").unwrap();
    assert_eq!(tokens(&server), ["second", "second", "third"]);
    // The file is gone: the call ends with the 401, the next one with the reason.
    std::fs::remove_file(&token).unwrap();
    assert_eq!(failure(client.get_workflow_history("x")), (Outcome::Rejected, E::Unauthorized));
    let error = client.get_workflow_history("x").unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::TokenSource), "{error}");
    for (content, expected) in [
        ("", "is empty"),
        ("\n", "is empty"),
        ("a\n\n", "ends with a line break; remove it"),
        ("a b", "contains a blank"),
        ("\u{feff}a", "starts with a byte order mark; remove it"),
        ("\u{fc}", "contains a character that is not ASCII"),
        (&"s".repeat(8193), "is longer than 8192 bytes"),
    ] {
        write(token.clone(), content);
        let error = client.get_workflow_history("x").unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::AccessToken), "{error}");
        assert_eq!(error.message(), format!("token file {} {expected}", token.display()));
    }
    assert_eq!(tokens(&server).len(), 4);
}

/// A client whose token comes from a script, and a server.
#[cfg(unix)]
fn with_command(name: &str, script: &str, responses: &[Vec<u8>]) -> (ScriptServer, Client) {
    let folder = folder(name);
    let server = ScriptServer::start(vec![answers(responses)]);
    // A file that was just written may be open in a process that another test starts, and cannot be
    // run then.
    std::os::unix::fs::symlink("/bin/sh", folder.join("shell")).unwrap();
    let script = write(folder.join("token.sh"), format!("cd '{}'\n{script}\n", folder.display()));
    let text = format!(
        r#"{{"base_url": "{}", "token_command": ["./shell", "{}", "a\u0020$b"],
            "timeout_ms": 60000}}"#,
        server.url,
        script.display()
    );
    let config = load(&write(folder.join("luma.json"), text)).unwrap();
    (server, Client::with_config(&config).unwrap())
}

#[cfg(unix)]
#[test]
fn a_token_command_is_run_without_a_shell_and_again_after_a_401() {
    let script = r#"[ "$1" = 'a $b' ] || exit 9
        echo noise s3cr3t >&2; echo x >>runs; echo "token-$(wc -l <runs | tr -d ' ')""#;
    let responses = [ok(HISTORY), response("401 X", ""), ok(HISTORY)];
    let (server, client) = with_command("config-command", script, &responses);
    client.get_workflow_history("x").unwrap();
    client.get_workflow_history("x").unwrap();
    assert_eq!(tokens(&server), ["token-1", "token-1", "token-2"]);
}

#[cfg(unix)]
#[test]
fn a_token_command_that_fails_sends_nothing_and_shows_nothing() {
    for (number, (script, kind, expected)) in [
        (
            "echo s3cr3t; echo s3cr3t >&2; exit 3",
            E::TokenSource,
            "failed (exit status: 3); run it ",
        ),
        ("kill -9 $$", E::TokenSource, "failed (signal: 9 (SIGKILL)); run it as the same user"),
        ("echo s3cr3t b", E::AccessToken, "contains a blank"),
        ("echo", E::AccessToken, "is empty"),
        ("printf 's3cr3t\\n\\n'", E::AccessToken, "ends with a line break; remove it"),
        ("while :; do echo s3cr3t; done", E::TokenSource, "printed more than 8192 bytes"),
        ("exec head -c 8193 /dev/zero", E::AccessToken, "is longer than 8192 bytes"),
    ]
    .into_iter()
    .enumerate()
    {
        let (server, client) = with_command(&format!("config-command-{number}"), script, &[]);
        let error = client.get_workflow_history("x").unwrap_err();
        println!("{error}");
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, kind), "{script}: {error}");
        assert!(error.message().contains(expected), "{script}: {error}");
        assert!(!error.message().contains("s3cr3t"), "{error}");
        assert_eq!(server.connections(), 0);
    }
    let text = r#"{"base_url": "https://a.example", "token_command": ["./missing"]}"#;
    let path = write(folder("config-no-command").join("luma.json"), text);
    let client = Client::with_config(&load(&path).unwrap()).unwrap();
    let error = client.get_workflow_history("x").unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::TokenSource));
    assert!(error.message().contains("/./missing cannot be started: "), "{error}");
    for command in ["[]", "[\"\"]", "[1]", "[\"a\", null]", "[\"a\", \"\\u0000\"]"] {
        let text = format!("{{\"base_url\": \"https://a.example\", \"token_command\": {command}}}");
        let (kind, message) = mistake(path.parent().unwrap(), text);
        assert_eq!(kind, E::ConfigFile);
        assert!(message.ends_with("must be an array of strings: a program and its arguments"));
    }
}

/// Then the system forgets how the command ended.
#[cfg(unix)]
#[test]
fn a_token_command_works_in_a_process_that_ignores_its_children() {
    if is_child() {
        let (server, client) = with_command("config-ignored", "echo a-token", &[ok(HISTORY)]);
        client.get_workflow_history("x").unwrap();
        assert_eq!(tokens(&server), ["a-token"]);
        return;
    }
    let test = "config_files::a_token_command_works_in_a_process_that_ignores_its_children";
    let test = child(test);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "trap '' CHLD; exec \"$0\" \"$@\""]).arg(test.get_program());
    let set = test.get_envs().filter_map(|(name, value)| Some((name, value?)));
    assert_passes(command.args(test.get_args()).envs(set));
}

#[cfg(unix)]
#[test]
fn a_token_command_that_hangs_ends_with_the_call_and_is_killed() {
    // Its child keeps the output open.
    let script = "sleep 600 & echo $! >pid; echo s3cr3t; wait";
    let (server, client) = with_command("config-hanging", script, &[]);
    let pid_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config-hanging/pid");
    let has_ended = || has_ended(&pid_file);
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.get_workflow_history("x").unwrap_err());
        crate::support::wait_until("the command runs", || pid_file.exists());
        let started = Instant::now();
        client.cancel();
        let error = call.join().unwrap();
        assert!(started.elapsed() < Duration::from_millis(1000), "{:?}", started.elapsed());
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::Cancelled), "{error}");
    });
    crate::support::wait_until("the command is killed", has_ended);
    assert_eq!(server.connections(), 0);

    std::fs::remove_file(&pid_file).unwrap();
    let file = pid_file.with_file_name("luma.json");
    let mut config = load(&file).unwrap();
    config.set_timeout(Duration::from_millis(300)).unwrap();
    let client = Client::with_config(&config).unwrap();
    let started = Instant::now();
    let error = client.get_workflow_history("x").unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::TokenSource), "{error}");
    assert!(error.message().contains("/shell did not end within "), "{error}");
    crate::support::wait_until("the command is killed", has_ended);
}

/// Its child keeps the output open, so the library still reads it.
#[cfg(unix)]
#[test]
fn what_a_token_command_leaves_running_is_killed_with_the_call() {
    let script = "echo $$ >command; sleep 600 & echo $! >pid; echo s3cr3t";
    let (server, client) = with_command("config-leaving", script, &[]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config-leaving");
    std::thread::scope(|scope| {
        let call = scope.spawn(|| client.get_workflow_history("x").unwrap_err());
        let command = folder.join("command");
        crate::support::wait_until("the command has ended", || has_ended(&command));
        client.cancel();
        let error = call.join().unwrap();
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, E::Cancelled), "{error}");
    });
    crate::support::wait_until("its child is killed", || has_ended(&folder.join("pid")));
    assert_eq!(server.connections(), 0);
}

/// True if the process whose number is in a file has ended. A zombie that nobody waits for has.
#[cfg(unix)]
fn has_ended(pid_file: &Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).unwrap_or_default();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    !pid.is_empty() && stat.map_or(true, |stat| stat.contains(") Z "))
}

#[test]
fn the_environment_selects_the_file_and_the_profile() {
    if is_child() {
        let client = Client::from_environment();
        let expected = std::env::var("EXPECTED").unwrap();
        match client.and_then(|client| client.list_workflow_definitions(&Default::default())) {
            Ok(_) => assert_eq!(expected, "ok"),
            Err(error) => assert!(error.message().contains(&expected), "{error}"),
        }
        return;
    }
    let folder = folder("config-environment");
    let options = Options { token: "s3cr3t-profile".into(), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let name = if cfg!(windows) { "Luma" } else { "luma" };
    std::fs::create_dir_all(folder.join(name)).unwrap();
    let text = format!(
        r#"{{"base_url": "{url}", "access_token": "wrong", "profiles": {{
            "right": {{"base_url": "{url}", "access_token": "s3cr3t-profile"}}}}}}"#,
        url = simulator.url()
    );
    let file = write(folder.join(name).join("luma.json"), text);
    let url = simulator.url();
    let missing = folder.join("missing");
    for (home, variables, expected) in [
        (&folder, &[][..], "The access token is missing or invalid"),
        (&folder, &[("LUMA_PROFILE", "right")], "ok"),
        (&folder, &[("LUMA_PROFILE", "left")], "there is no profile left; there are: right"),
        (&folder, &[("LUMA_URL", url), ("LUMA_TOKEN", "s3cr3t-profile")], "ok"),
        (&folder, &[("LUMA_URL", url)], "LUMA_URL is set without a token"),
        (
            &missing,
            &[],
            "the environment has no LUMA_URL and LUMA_TOKEN: there is no configuration file; \
             create ",
        ),
    ] {
        let mut command = child("config_files::the_environment_selects_the_file_and_the_profile");
        for variable in ["LUMA_URL", "LUMA_TOKEN", "LUMA_TOKEN_FILE", "LUMA_PROFILE"] {
            command.env_remove(variable);
        }
        command.env("XDG_CONFIG_HOME", home).env("APPDATA", home).env("ProgramData", &missing);
        assert_passes(command.envs(variables.iter().copied()).env("EXPECTED", expected));
    }
    drop(file);
}
