//! `include/luma.hpp`, compiled with two compilers, for two standards, in two translation units.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use luma_simulator::Simulator;

use crate::support::c::{
    ROOT, WARNINGS, checked, compile, output, run_checks, shared, with_gateway, words,
};
use crate::support::skipped;

const STRICT: [&str; 4] = ["-Wconversion", "-Wshadow", "-Wold-style-cast", "-Wnon-virtual-dtor"];

const WITHOUT_EXCEPTIONS: [&str; 2] = ["-fno-exceptions", "-fno-rtti"];

/// Returns the installed compilers, at least one.
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

/// Compiles without output. Returns whether that succeeded, and the messages.
fn check_syntax(compiler: &str, flags: &[&str], source: &str) -> (bool, String) {
    let compiler = words("LUMA_CXX").unwrap_or_else(|| vec![compiler.into()]);
    let mut command = Command::new(&compiler[0]);
    command
        .args(&compiler[1..])
        .args(flags)
        .arg("-fsyntax-only")
        .arg(format!("-I{ROOT}/include"))
        .arg(source);
    let output = output(&mut command);
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

/// Writes a source file that only includes the header.
fn only_the_header(file: &str) -> String {
    let source = format!("{}/{file}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&source, "#include <luma.hpp>\n").unwrap();
    source
}

#[test]
fn the_header_compiles_without_any_warning() {
    let source = only_the_header("clean.cpp");
    for compiler in compilers() {
        for standard in ["-std=c++17", "-std=c++20"] {
            for without in [&[][..], &WITHOUT_EXCEPTIONS] {
                let flags = [&[standard, "-Weffc++"][..], without, &WARNINGS, &STRICT].concat();
                let messages = check_syntax(compiler, &flags, &source);
                assert_eq!(messages, (true, String::new()), "{compiler} {flags:?}");
            }
        }
    }
}

#[test]
fn before_cpp17_the_header_gives_one_clear_error() {
    let source = only_the_header("old.cpp");
    for compiler in compilers() {
        let (is_valid, messages) = check_syntax(compiler, &["-std=c++14"], &source);
        assert!(!is_valid);
        assert_eq!(messages.matches("error: ").count(), 1, "{messages}");
        assert!(messages.contains("luma.hpp requires C++17"), "{messages}");
    }
}

#[test]
#[ignore = "takes long: make test"]
fn every_call_returns_its_result_or_throws() {
    for compiler in compilers() {
        for standard in ["-std=c++17", "-std=c++20"] {
            let simulator = Simulator::start().unwrap();
            let sources = ["tests/cpp/calls.cpp", "tests/cpp/callbacks.cpp"];
            let flags = [&[standard][..], &STRICT].concat();
            let program = compile(&sources, compiler, &flags, &shared());
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journal-in-cpp");
            let _ = std::fs::remove_dir_all(&folder);
            let mut command = checked(&program);
            command.env("LUMA_JOURNAL_FOLDER", &folder);
            let output = run_checks(with_gateway(&mut command, &simulator));
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{compiler} {standard}");
        }
    }
}

#[test]
fn every_call_returns_its_result_if_exceptions_are_off() {
    for compiler in compilers() {
        let simulator = Simulator::start().unwrap();
        let flags = [&["-std=c++17"][..], &WITHOUT_EXCEPTIONS, &STRICT].concat();
        let sources = ["tests/cpp/without_exceptions.cpp"];
        let program = compile(&sources, compiler, &flags, &shared());
        let output = run_checks(with_gateway(&mut checked(&program), &simulator));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{compiler}");
    }
}

/// A program without exceptions has only the twins, so none may be forgotten.
#[test]
fn every_call_that_throws_has_a_twin_that_does_not() {
    let wrapper = std::fs::read_to_string(format!("{ROOT}/include/luma.hpp")).unwrap();
    let (_, client) = wrapper.split_once("class [[nodiscard]] client").unwrap();
    let (client, _) = client.split_once("private:").unwrap();
    let returns = ["    result ", "    client ", "    void "];
    let calls = client.lines().filter_map(|line| returns.iter().find_map(|r| line.strip_prefix(r)));
    let names = calls.map(|call| call.split('(').next().unwrap());
    let throwing: Vec<&str> = names.filter(|name| !name.starts_with("try_")).collect();
    assert!(throwing.len() > 12, "{throwing:?}");
    for name in throwing {
        assert!(client.contains(&format!(" try_{name}(")), "{name}");
    }
}

#[test]
fn the_trigger_example_reports_each_outcome() {
    let simulator = Simulator::start().unwrap();
    for compiler in compilers() {
        let flags = [&["-std=c++17"][..], &STRICT].concat();
        let program = compile(&["examples-c/trigger.cpp"], compiler, &flags, &shared());
        for (arguments, exit_code, expected) in [
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
            assert!(text.contains(expected), "{arguments:?}: {output:?}");
            assert!(!text.contains(&simulator.token()), "{arguments:?}: {output:?}");
        }
    }
}

#[test]
fn compilers_warn_of_each_ignored_result_and_of_nothing_else() {
    let source = format!("{ROOT}/tests/cpp/ignored.cpp");
    let text = std::fs::read_to_string(&source).unwrap();
    let marked: Vec<String> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.ends_with("// warning"))
        .map(|(number, _)| number.to_string())
        .collect();
    assert!(marked.len() > 5);
    for compiler in compilers() {
        let (_, messages) = check_syntax(compiler, &["-std=c++17", "-Wall", "-Wextra"], &source);
        let warned: Vec<&str> = messages
            .lines()
            .filter(|line| line.contains("warning: ") && line.contains("[-Wunused-result]"))
            .map(|line| line.strip_prefix(&source).unwrap().split(':').nth(1).unwrap())
            .collect();
        assert_eq!(warned, marked, "{messages}");
        assert_eq!(messages.matches("warning: ").count(), marked.len(), "{messages}");
    }
}

/// Removes the comments from C++. Strings are not recognised, so none may contain `//` or `/*`.
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

#[test]
fn the_wrapper_uses_every_function_of_luma_h() {
    let with_comments = "a(/* b( // c( */);\n// d( /* e(\nf(); /** g( */ // h(";
    assert_eq!(without_comments(with_comments), "a();\n\nf();  ");
    let wrapper = std::fs::read_to_string(format!("{ROOT}/include/luma.hpp")).unwrap();
    let wrapper = without_comments(&wrapper);
    let symbols = std::fs::read_to_string(format!("{ROOT}/tests/luma.symbols")).unwrap();
    let unused: Vec<&str> = symbols
        .lines()
        .filter(|line| line.starts_with("luma_"))
        .filter(|name| {
            // An exception needs the reason.
            let explained = format!("{}_with_reason", name.trim_end_matches("_with_config"));
            // A std::function is freed by the library.
            let freeing = format!("{name}_with_free");
            // luma_result_text() returns both.
            let is_short = ["luma_result_string", "luma_result_string_length"].contains(name);
            let is_used = |name: &str| {
                ["(", ",", ">"].iter().any(|end| wrapper.contains(&format!("{name}{end}")))
            };
            !is_used(name) && !is_used(&explained) && !is_used(&freeing) && !is_short
        })
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}
