//! `include/luma.hpp` as its users meet it: by two compilers, in two standards, in two translation
//! units.

#![cfg(unix)]

use std::process::Command;

use luma_simulator::Simulator;

use crate::support::c::{
    ROOT, checked, compile, output, run, run_checks, shared, with_gateway, words,
};
use crate::support::skipped;

const STRICT: [&str; 4] = ["-Wconversion", "-Wshadow", "-Wold-style-cast", "-Wnon-virtual-dtor"];

/// The compilers there are; one at least.
fn compilers() -> Vec<&'static str> {
    if words("LUMA_CXX").is_some() {
        return vec!["c++"];
    }
    let mut compilers = vec!["g++"];
    if !skipped::is_missing("clang++", "luma.hpp with a second compiler") {
        compilers.push("clang++");
    }
    compilers
}

#[test]
fn every_call_throws_or_tells_what_it_is_for() {
    for compiler in compilers() {
        for standard in ["-std=c++17", "-std=c++20"] {
            let simulator = Simulator::start().unwrap();
            let sources = ["tests/cpp/calls.cpp", "tests/cpp/callbacks.cpp"];
            let flags = [&[standard][..], &STRICT].concat();
            let program = compile(&sources, compiler, &flags, &shared());
            let output = run_checks(with_gateway(&mut checked(&program), &simulator));
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{compiler} {standard}");
        }
    }
}

#[test]
fn the_trigger_example_tells_what_happened() {
    let simulator = Simulator::start().unwrap();
    for compiler in compilers() {
        let flags = [&["-std=c++17"][..], &STRICT].concat();
        let program = compile(&["examples-c/trigger.cpp"], compiler, &flags, &shared());
        for (arguments, exit_code, said) in [
            (&["reset_password", "100-1", "userName=jdoe"][..], 0, "ACCEPTED\n  trigger id: "),
            (&["reset_password", "100-1"], 2, "REJECTED\n  reason: User name is required\n"),
            (&["reset_password", ""], 3, "NOT_SENT\n"),
            (&["fault-reset-after-reading", "100-1"], 4, "UNKNOWN\n"),
            (&["reset_password", "100-1", "userName"], 1, ""),
            (&["reset_password"], 1, ""),
        ] {
            let mut command = checked(&program);
            let output = output(with_gateway(&mut command, &simulator).args(arguments));
            let text = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
            assert!(text.contains(said), "{arguments:?}: {output:?}");
            assert!(!text.contains(&simulator.token()), "{arguments:?}: {output:?}");
        }
    }
}

/// Each line that is marked so, and no other.
#[test]
fn what_must_not_be_ignored_is_warned_of() {
    let source = format!("{ROOT}/tests/cpp/ignored.cpp");
    let text = std::fs::read_to_string(&source).unwrap();
    let marked: Vec<String> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.ends_with("// warned of"))
        .map(|(number, _)| number.to_string())
        .collect();
    assert!(marked.len() > 5);
    for compiler in compilers() {
        let compiler = words("LUMA_CXX").unwrap_or_else(|| vec![compiler.into()]);
        let output = run(Command::new(&compiler[0])
            .args(&compiler[1..])
            .args(["-std=c++17", "-fsyntax-only", "-Wall", "-Wextra"])
            .arg(format!("-I{ROOT}/include"))
            .arg(&source));
        let told = String::from_utf8(output.stderr).unwrap();
        let warned: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("warning: ") && line.contains("[-Wunused-result]"))
            .map(|line| line.strip_prefix(&source).unwrap().split(':').nth(1).unwrap())
            .collect();
        assert_eq!(warned, marked, "{told}");
        assert_eq!(told.matches("warning: ").count(), marked.len(), "{told}");
    }
}

/// C++ without its comments. It knows no strings, so none may hold the beginning of one.
fn without_comments(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(start) = rest.find("/*").into_iter().chain(rest.find("//")).min() {
        code.push_str(&rest[..start]);
        let (end, skipped) = if rest[start..].starts_with("/*") { ("*/", 2) } else { ("\n", 0) };
        rest = &rest[start..];
        rest = rest.find(end).map_or("", |at| &rest[at + skipped..]);
    }
    code + rest
}

/// `luma.hpp` calls each function of `luma.h`, or has it called.
#[test]
fn no_function_is_left_out() {
    let with_comments = "a(/* b( // c( */);\n// d( /* e(\nf(); /** g( */ // h(";
    assert_eq!(without_comments(with_comments), "a();\n\nf();  ");
    let wrapper = std::fs::read_to_string(format!("{ROOT}/include/luma.hpp")).unwrap();
    let wrapper = without_comments(&wrapper);
    let promised = std::fs::read_to_string(format!("{ROOT}/tests/luma.symbols")).unwrap();
    let left_out: Vec<&str> = promised
        .lines()
        .filter(|line| line.starts_with("luma_"))
        .filter(|name| !["(", ",", ">"].iter().any(|end| wrapper.contains(&format!("{name}{end}"))))
        .collect();
    assert_eq!(left_out, Vec::<&str>::new());
}
