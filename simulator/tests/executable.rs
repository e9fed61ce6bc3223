//! The executable: its arguments, and the one line it prints.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use luma_simulator::{DEFAULT_TOKEN, FAULTS};

fn simulator() -> Command {
    Command::new(env!("CARGO_BIN_EXE_luma-simulator"))
}

fn run(arguments: &[&str]) -> Output {
    simulator().args(arguments).output().unwrap()
}

#[test]
fn it_prints_where_it_is_and_serves() {
    for (arguments, token) in
        [(&[][..], DEFAULT_TOKEN), (&["--token", "a\"b", "--port", "0"], "a\"b")]
    {
        let mut child = simulator().args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with("{\"url\":\"http://127.0.0.1:"));
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["token"], token);

        let address = ready["url"].as_str().unwrap().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /simulator/runs HTTP/1.0\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.ends_with("\r\n\r\n{\"runs\":[]}"), "{reply}");

        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn it_explains_itself() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("Usage: luma-simulator"));

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
fn wrong_arguments_end_it_with_2() {
    let table: [&[&str]; 7] = [
        &["--what"],
        &["extra"],
        &["--port"],
        &["--port", "65536"],
        &["--port", "x"],
        &["--token"],
        &["--token", ""],
    ];
    for arguments in table {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(output.stderr.starts_with(b"luma-simulator: "));
    }
}
