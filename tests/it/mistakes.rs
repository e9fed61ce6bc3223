//! Mistakes of a caller, through the C ABI: the status and the message of each, which is the same
//! in Rust. `tests/fixtures/mistakes.txt` is the table.

#![cfg(unix)]

use std::io::Write;
use std::process::Stdio;

use crate::support::c::{compile_c, unchecked};

const TABLE: &str = include_str!("../fixtures/mistakes.txt");

#[test]
fn a_mistake_is_explained_by_its_status_and_its_message() {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    let mistakes = lines.chunks(2).map(|chunk| match *chunk {
        [call, expected] => (call, expected.strip_prefix("    ").expect(call)),
        _ => panic!("{chunk:?}"),
    });
    let fields = |call: &str| call.split('|').map(str::trim).collect::<Vec<_>>().join("\t");
    let input: String = mistakes.clone().map(|(call, _)| fields(call) + "\n").collect();

    let program = compile_c("tests/c/mistakes.c");
    let mut child =
        unchecked(&program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let mut output = output.lines();
    let mut wrong = String::new();
    for (call, expected) in mistakes {
        let line = output.next().expect(call).replace('\t', ": ");
        let line = line.strip_prefix("LUMA_ERROR_").unwrap_or(&line);
        if line != expected {
            wrong += &format!("{call}\n    {line}\n    {expected}\n");
        }
        assert!(!line.contains("s3cr3t"), "{call}: {line}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    let closing_line = output.next().unwrap_or_default();
    assert!(closing_line.ends_with(" passed, 0 failed"), "{closing_line}");
}
