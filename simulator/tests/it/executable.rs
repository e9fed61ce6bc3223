//! The command: its arguments, the line that it prints, and its manual page.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use luma_simulator::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, FAULTS, TENANT_EXTERNAL_ID};
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

/// Sends a request without headers, and returns the response.
fn send(ready: &Value, request: &str) -> String {
    let address = ready["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{request} HTTP/1.0\r\n\r\n").as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn virtual_time_is_an_option() {
    for (arguments, status) in [(&[][..], 409), (&["--virtual-time"], 200)] {
        let mut child = simulator().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        let response = send(&ready, "POST /simulator/time?advanceMs=1");
        child.kill().unwrap();
        child.wait().unwrap();
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
    let table: [&[&str]; 10] = [
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
    ];
    for arguments in table {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(output.stderr.starts_with(b"luma-simulator: "));
    }
}
