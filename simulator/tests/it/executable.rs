//! The command: its arguments, the line that it prints, and its manual page.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use luma_simulator::{
    BAD_CERTIFICATES, DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, FAULTS, HANDSHAKE_FAULTS,
    TENANT_EXTERNAL_ID,
};
use serde_json::Value;

fn simulator() -> Command {
    Command::new(env!("CARGO_BIN_EXE_luma-simulator"))
}

fn run(arguments: &[&str]) -> Output {
    simulator().args(arguments).output().unwrap()
}

#[test]
fn it_prints_its_address_and_tokens_and_serves() {
    let chosen = ["--token", "a\"b", "--port", "0", "--super-admin-token", "c"];
    for (arguments, token, super_admin_token) in
        [(&[][..], DEFAULT_TOKEN, DEFAULT_SUPER_ADMIN_TOKEN), (&chosen, "a\"b", "c")]
    {
        let mut child = simulator().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with("{\"url\":\"http://127.0.0.1:"));
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["token"], token);
        assert_eq!(ready["superAdminToken"], super_admin_token);
        assert_eq!(ready["tenantExternalId"], TENANT_EXTERNAL_ID);

        let response = send(&ready, "GET /simulator/runs");
        assert!(response.ends_with("\r\n\r\n{\"runs\":[]}"), "{response}");

        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

/// A running simulator, and the line that it printed. It is killed when this is dropped.
struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    fn wait_for_exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the simulator does not exit");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_port_in_use_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let output = run(&["--port", &port]);
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "luma-simulator: port {port} of 127.0.0.1 is already in use: stop the program that uses \
         it, or choose another port; port 0 picks a free one\n"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

#[test]
fn tls_writes_the_ca_certificate_and_prints_the_urls_that_fail() {
    let chosen = Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulator-ca.pem");
    std::fs::write(&chosen, "old\n".repeat(1000)).unwrap();
    let options = ["--tls", "--exit-with-parent", "--header", "itas", "--prefix", "/x"];
    for ca_file in [None, Some(&chosen)] {
        let mut command = simulator();
        command.args(options).stdin(Stdio::piped());
        if let Some(file) = ca_file {
            command.arg("--ca-file").arg(file);
        }
        let mut running = Running::start(&mut command);
        let ready = &running.ready;
        let url = ready["url"].as_str().unwrap();
        assert!(url.starts_with("https://127.0.0.1:") && url.ends_with("/x"), "{url}");
        let path = PathBuf::from(ready["caFile"].as_str().unwrap());
        assert!(ca_file.is_none_or(|file| *file == path));
        let pem = std::fs::read_to_string(&path).unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("old"));
        let bad = ready["badCertificates"].as_object().unwrap();
        assert_eq!(bad.len(), BAD_CERTIFICATES.len());
        let faults = ready["handshakeFaults"].as_object().unwrap();
        assert_eq!(faults.len(), HANDSHAKE_FAULTS.len());
        assert!(bad["expired"].as_str().unwrap().starts_with("https://127.0.0.1:"));

        drop(running.child.stdin.take());
        assert_eq!(running.wait_for_exit().code(), Some(0));
        assert_eq!(path.exists(), ca_file.is_some());
    }
    let missing = run(&["--tls", "--ca-file", "/missing/folder/ca.pem"]);
    assert_eq!(missing.status.code(), Some(1));
    let message = String::from_utf8(missing.stderr).unwrap();
    assert!(message.contains("cannot write the CA certificate to /missing/"), "{message}");
}

#[test]
fn it_exits_when_stdin_is_closed() {
    let mut command = simulator();
    let mut running = Running::start(command.arg("--exit-with-parent").stdin(Stdio::piped()));
    // It does not exit before, also not because of input.
    running.child.stdin.as_mut().unwrap().write_all(b"input\n").unwrap();
    thread::sleep(Duration::from_millis(300));
    assert!(send(&running.ready, "GET /simulator/runs").starts_with("HTTP/1.1 200 "));
    drop(running.child.stdin.take());
    assert_eq!(running.wait_for_exit().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn it_exits_when_its_parent_ends() {
    // The shell starts the simulator in the background, prints its line and waits.
    let script = r#""$0" --exit-with-parent </dev/null & wait"#;
    let mut shell = Command::new("sh");
    let mut parent =
        Running::start(shell.args(["-c", script, env!("CARGO_BIN_EXE_luma-simulator")]));
    let address = parent.ready["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&address).is_ok());
    parent.child.kill().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < deadline, "the simulator does not exit");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_limits_are_options() {
    let mut command = simulator();
    let running = Running::start(command.args(["--rate-limit", "0/60", "--latency", "100"]));
    let started = Instant::now();
    let path = "/gateway/api/v1/workflowdefinition";
    let request = format!("GET {path} HTTP/1.0\r\nAuthorization: Bearer {DEFAULT_TOKEN}\r\n\r\n");
    let response = exchange(&running.ready, &request);
    assert!(response.starts_with("HTTP/1.1 429 "), "{response}");
    assert!(response.contains("\r\nRetry-After: 60\r\n"), "{response}");
    assert!(started.elapsed() >= Duration::from_millis(100));
}

/// Sends a request without headers, and returns the response.
fn send(ready: &Value, request: &str) -> String {
    exchange(ready, &format!("{request} HTTP/1.0\r\n\r\n"))
}

fn exchange(ready: &Value, request: &str) -> String {
    let address = ready["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn virtual_time_is_an_option() {
    for (arguments, status) in [(&[][..], 409), (&["--virtual-time"], 200)] {
        let running = Running::start(simulator().args(arguments));
        let response = send(&running.ready, "POST /simulator/time?advanceMs=1");
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
    }
}

#[test]
fn help_version_and_faults_are_printed() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for part in
        ["Usage: luma-simulator", "--virtual-time", "/stephistory/STEP_ID", "/simulator/time"]
    {
        assert!(help.contains(part), "{part}");
    }

    let version = run(&["--version"]);
    let expected = format!("luma-simulator {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);

    let faults = run(&["--faults"]);
    let faults = String::from_utf8(faults.stdout).unwrap();
    assert_eq!(faults.lines().count(), FAULTS.len());
    for (line, fault) in faults.lines().zip(FAULTS) {
        assert!(line.starts_with(&format!("{} ", fault.identifier())));
        assert!(line.ends_with(fault.description));
    }
}

#[test]
fn the_manual_page_lists_the_options_in_the_order_of_the_help() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let in_help: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  --"))
        .map(|option| option.split(' ').next().unwrap())
        .collect();
    let manual = include_str!("../../luma-simulator.1").replace("\\-", "-");
    let (_, options) = manual.split_once(".SH OPTIONS\n").unwrap();
    let (options, _) = options.split_once("\n.SH ").unwrap();
    let in_manual: Vec<&str> = options
        .split(".TP\n")
        .filter_map(|option| option.lines().next())
        .flat_map(|tag| tag.split(' ').filter_map(|word| word.strip_prefix("--")))
        .collect();
    assert_eq!(in_manual, in_help);
    assert!(in_manual.len() > 5);
    assert!(manual.contains(concat!("\"luma-simulator ", env!("CARGO_PKG_VERSION"), "\"")));
}

#[test]
fn invalid_arguments_exit_with_2() {
    let table: [&[&str]; 22] = [
        &["--unknown"],
        &["extra"],
        &["--port"],
        &["--port", "65536"],
        &["--port", "x"],
        &["--token"],
        &["--token", ""],
        &["--super-admin-token"],
        &["--super-admin-token", "a b"],
        &["--super-admin-token", DEFAULT_TOKEN],
        &["--header", "api-access-key"],
        &["--prefix", "x"],
        &["--prefix", "/a b"],
        &["--prefix", "/a?b"],
        &["--rate-limit", "5"],
        &["--rate-limit", "5/0"],
        &["--rate-limit", "x/1"],
        &["--rate-limit", "5/-1"],
        &["--latency", "x"],
        &["--latency", "60001"],
        &["--ca-file", "x.pem"],
        &["--tls", "--ca-file"],
    ];
    for arguments in table {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(output.stderr.starts_with(b"luma-simulator: "));
    }
}
