//! The system's CA certificates are read within the deadline and can be cancelled, whatever the
//! variables name; and a message names the variable and the path.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::NotSent;
use luma::{Client, Config, ErrorKind as E, LogLevel};
use rcgen::{BasicConstraints, IsCa};

use crate::support::child::{assert_passes, child, is_child};
use crate::support::preload::preload;
use crate::support::tls::{Identity, TapServer, TestCa, localhost, params_for};
use crate::support::{assert_accepted, config, failure, https, ok, wait_until};

const URL: &str = "LUMA_TEST_URL";
const TIMEOUT: Duration = Duration::from_millis(500);
/// Generous, since a loaded machine is late.
const SOON: Duration = Duration::from_secs(20);

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn file(name: &str, content: &str) -> PathBuf {
    std::fs::write(path(name), content).unwrap();
    path(name)
}

fn pipe(name: &str) -> PathBuf {
    let _ = std::fs::remove_file(path(name));
    assert!(Command::new("mkfifo").arg(path(name)).status().unwrap().success());
    path(name)
}

fn folder(name: &str) -> PathBuf {
    let _ = std::fs::remove_dir_all(path(name));
    std::fs::create_dir(path(name)).unwrap();
    path(name)
}

/// The configuration of a client in the child process, and its log.
fn logging() -> (Config, Arc<Mutex<String>>) {
    let log = Arc::new(Mutex::new(String::new()));
    let lines = log.clone();
    let mut config = config(&std::env::var(URL).unwrap());
    config.set_log(LogLevel::Debug, move |_, line| *lines.lock().unwrap() += &format!("{line}\n"));
    (config, log)
}

/// Runs a test in a child process with these variables.
fn assert_passes_with(test: &str, url: &str, variables: &[(&str, &Path)]) {
    let mut child = child(&format!("system_store::{test}"));
    child.env(URL, url).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    assert_passes(child.envs(variables.iter().copied()));
}

#[test]
fn an_unusable_variable_is_named_with_its_path_and_the_reason() {
    if is_child() {
        let (config, log) = logging();
        let started = Instant::now();
        let error = failure(&Client::with_config(&config).unwrap());
        assert!(started.elapsed() < SOON);
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        let says = std::env::var("SAYS").unwrap();
        assert!(error.message().contains(&says), "{says}: {error}");
        assert!(log.lock().unwrap().contains(&says), "{says}: {log:?}");
        return;
    }
    let server = TapServer::answering(localhost().1, ok());
    let (pipe, empty) = (pipe("store-pipe"), folder("store-empty"));
    let text = file("store-text.pem", "not PEM");
    let missing = path("store-missing.pem");
    for (variable, path, problem) in [
        ("SSL_CERT_FILE", &*pipe, "is not a regular file"),
        ("SSL_CERT_FILE", Path::new("/dev/zero"), "is not a regular file"),
        ("SSL_CERT_FILE", &empty, "is a directory"),
        ("SSL_CERT_FILE", &missing, "cannot be read: No such file"),
        ("SSL_CERT_FILE", &text, "contains no certificate"),
        ("SSL_CERT_DIR", &pipe, "cannot be read: Not a directory"),
        ("SSL_CERT_DIR", &missing, "cannot be read: No such file"),
        ("SSL_CERT_DIR", &empty, "; install the package ca-certificates"),
    ] {
        let says = match problem.strip_prefix(';') {
            Some(_) => format!("there are none in {variable} ({}){problem}", path.display()),
            None => format!("{variable} ({}) {problem}", path.display()),
        };
        let test = "an_unusable_variable_is_named_with_its_path_and_the_reason";
        let says = Path::new(&says);
        assert_passes_with(test, &https(server.port), &[(variable, path), ("SAYS", says)]);
    }
    let seen = server.finish();
    assert!(seen.wire.is_empty() && seen.plain.is_empty());
}

/// A pipe in a directory is not opened, and other files there do not matter.
#[test]
fn the_certificates_of_a_file_and_of_directories_are_trusted() {
    if is_child() {
        let (config, log) = logging();
        assert_accepted(&Client::with_config(&config).unwrap());
        assert!(log.lock().unwrap().contains("read 2 certificates in SSL_CERT_"), "{log:?}");
        return;
    }
    let (ca, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let another = TestCa::new("Another CA").pem;
    let (first, second) = (folder("store-first"), folder("store-second"));
    std::fs::write(first.join("ca.pem"), &ca.pem).unwrap();
    std::fs::write(first.join("notes.txt"), "not PEM").unwrap();
    std::os::unix::fs::symlink("ca.pem", first.join("01234567.0")).unwrap();
    std::os::unix::fs::symlink("missing", first.join("89abcdef.0")).unwrap();
    pipe("store-first/pipe");
    std::fs::write(second.join("another.pem"), &another).unwrap();
    let both = std::env::join_paths([&first, &second]).unwrap();
    // A damaged certificate does not hide the others.
    let damaged = "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n";
    let bundle = file("store-bundle.pem", &format!("{another}{damaged}{}", ca.pem));
    let test = "the_certificates_of_a_file_and_of_directories_are_trusted";
    for variables in [
        &[("SSL_CERT_DIR", Path::new(&both))][..],
        &[("SSL_CERT_FILE", &bundle)],
        &[("SSL_CERT_FILE", &bundle), ("SSL_CERT_DIR", Path::new(""))],
        &[("SSL_CERT_FILE", Path::new("")), ("SSL_CERT_DIR", Path::new(&both))],
        &[("SSL_CERT_FILE", &bundle), ("SSL_CERT_DIR", &first)],
    ] {
        assert_passes_with(test, &https(server.port), variables);
    }
}

/// As in OpenSSL and curl. Then the certificates are those of this machine, if it has any.
#[test]
fn an_empty_variable_counts_as_unset() {
    if is_child() {
        let (config, log) = logging();
        let error = failure(&Client::with_config(&config).unwrap());
        let log = log.lock().unwrap();
        assert!(log.contains("in the system's usual directories"), "{log}");
        assert!(!error.message().contains("SSL_CERT_FILE"), "{error}");
        return;
    }
    let server = TapServer::answering(localhost().1, ok());
    let variables = [("SSL_CERT_FILE", Path::new("")), ("SSL_CERT_DIR", Path::new(""))];
    assert_passes_with("an_empty_variable_counts_as_unset", &https(server.port), &variables);
}

/// With a CA of its own, a client works without the system's. If that CA is not the right one, the
/// message mentions the variable.
#[test]
fn added_cas_are_enough_if_a_variable_is_unusable() {
    if is_child() {
        let (mut config, _) = logging();
        let ca = std::fs::read_to_string(std::env::var("CA").unwrap()).unwrap();
        assert_accepted(&Client::with_config(config.clone().add_ca_pem(&ca).unwrap()).unwrap());
        config.add_ca_pem(&TestCa::new("Another CA").pem).unwrap();
        let error = failure(&Client::with_config(&config).unwrap());
        let (issuer, variable) = ("untrusted issuer: \"The test's CA\"", "; SSL_CERT_FILE (");
        assert!(error.message().contains(issuer), "{error}");
        assert!(error.message().contains(variable), "{error}");
        return;
    }
    let (ca, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let ca = file("store-added.pem", &ca.pem);
    let pipe = pipe("store-pipe-added");
    let variables = [("SSL_CERT_FILE", &*pipe), ("CA", &*ca)];
    assert_passes_with(
        "added_cas_are_enough_if_a_variable_is_unusable",
        &https(server.port),
        &variables,
    );
}

/// Only a caller can trust a server's own certificate that is also a CA certificate: a system's
/// store is a list of CAs.
#[test]
fn a_ca_certificate_of_the_system_is_not_a_server_s() {
    if is_child() {
        let (config, _) = logging();
        let error = failure(&Client::with_config(&config).unwrap());
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        assert!(error.message().contains("is self-signed and not trusted; if it"), "{error}");
        let store = std::env::var("SSL_CERT_FILE").unwrap();
        let mut config = config.clone();
        assert_accepted(&Client::with_config(config.add_ca_file(store).unwrap()).unwrap());
        return;
    }
    let mut params = params_for(&["127.0.0.1"]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = Identity::self_signed(&params);
    let store = file("store-own.pem", &own.pem().0);
    let server = TapServer::answering(own.served(rustls::ALL_VERSIONS), ok());
    let test = "a_ca_certificate_of_the_system_is_not_a_server_s";
    assert_passes_with(test, &https(server.port), &[("SSL_CERT_FILE", &store)]);
}

/// Not even asking for the type of a file returns if the server of a network drive is down.
#[test]
fn a_network_drive_that_hangs_delays_no_call_beyond_its_timeout_or_cancellation() {
    if is_child() {
        let (mut config, log) = logging();
        config.set_connect_timeout(TIMEOUT).unwrap();
        let client = Client::with_config(&config).unwrap();
        let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
        let before = threads();
        for _ in 0..3 {
            let started = Instant::now();
            let error = failure(&client);
            let took = started.elapsed();
            assert_eq!((error.outcome(), error.kind()), (NotSent, E::ConnectTimeout), "{error}");
            assert!((TIMEOUT..TIMEOUT + SOON).contains(&took), "{took:?}");
            let says = "of 500 ms expired while reading the CA certificates in SSL_CERT_FILE (/";
            assert!(error.message().contains(says), "{error}");
        }
        assert!(log.lock().unwrap().contains("SSL_CERT_FILE"), "{log:?}");
        // All calls wait for the same thread, which receives no signal of the host process.
        assert_eq!(threads(), before + 1);
        let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        let status = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("status"));
        let statuses: Vec<_> = tasks.flat_map(status).collect();
        let reader = statuses.iter().find(|status| status.contains("luma-ca")).unwrap();
        let blocked = reader.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        let blocked = u64::from_str_radix(blocked.trim(), 16).unwrap();
        assert_eq!(blocked >> (libc::SIGTERM - 1) & 1, 1);

        config.set_connect_timeout(Duration::from_secs(60)).unwrap();
        let client = Client::with_config(&config).unwrap();
        thread::scope(|scope| {
            let calls: Vec<_> = (0..4).map(|_| scope.spawn(|| failure(&client))).collect();
            wait_until("a thread reads", || threads() == before + 6);
            thread::sleep(Duration::from_millis(100));
            let started = Instant::now();
            client.cancel();
            for call in calls {
                let error = call.join().unwrap();
                assert_eq!((error.outcome(), error.kind()), (NotSent, E::Cancelled), "{error}");
            }
            assert!(started.elapsed() < SOON);
        });
        // A CA that was set replaces the system's, so nothing is read.
        let (ca, tls) = localhost();
        let server = TapServer::answering(tls, ok());
        let mut config = crate::support::config(&https(server.port));
        assert_accepted(&Client::with_config(config.set_ca_pem(&ca.pem).unwrap()).unwrap());
        return;
    }
    let server = TapServer::start(|tap| tap.drain());
    let hangs = file("store-hangs.pem", &TestCa::new("A CA").pem);
    let test = "a_network_drive_that_hangs_delays_no_call_beyond_its_timeout_or_cancellation";
    let mut child = child(&format!("system_store::{test}"));
    child.env(URL, https(server.port)).env("SSL_CERT_FILE", &hangs).env("LUMA_TEST_HANGS", &hangs);
    assert_passes(preload(&mut child));
}

#[test]
fn a_thread_that_cannot_be_started_is_not_a_fault_of_dns_or_tls() {
    if is_child() {
        let address = std::env::var(URL).unwrap();
        for (url, thread) in [
            ("http://gateway.test", "a thread that resolves host gateway.test"),
            (&*address, "a thread that reads the CA certificates"),
        ] {
            let mut config = config(url);
            config.set_allow_http(true).set_retries(false);
            let error = failure(&Client::with_config(&config).unwrap());
            assert_eq!((error.kind(), error.outcome()), (E::Connect, NotSent), "{error}");
            let message = format!("cannot start {thread}: ");
            assert!(error.message().starts_with(&message), "{error}");
        }
        return;
    }
    let server = TapServer::start(|tap| tap.drain());
    let test = "a_thread_that_cannot_be_started_is_not_a_fault_of_dns_or_tls";
    let mut child = child(&format!("system_store::{test}"));
    child.env(URL, https(server.port)).env("LUMA_TEST_NO_THREADS", "1");
    assert_passes(preload(&mut child));
}
