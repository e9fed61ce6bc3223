//! The C ABI as its users meet it: the header, the library as built, and C programs that use them.
//!
//! `LUMA_LIB_DIR` names the folder of the library; unless set, it is the one that was built with
//! this test.
//! The programs run under valgrind where there is one.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use luma_simulator::Simulator;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn library_dir() -> PathBuf {
    match std::env::var_os("LUMA_LIB_DIR") {
        Some(dir) => Path::new(ROOT).join(dir),
        None => std::env::current_exe().unwrap().parent().unwrap().to_owned(),
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Compiles a program of this repository against the header and the library.
fn compile(source: &str, compiler: &str, flags: &[&str], linking: &[String]) -> PathBuf {
    let name = format!("{}{}", source, flags.concat()).replace(['/', '.', '='], "_");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    run(Command::new(compiler)
        .args(flags)
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"))
        .arg(Path::new(ROOT).join(source))
        .args(["-x", "none", "-pthread", "-o"])
        .arg(&program)
        .args(linking));
    program
}

fn shared() -> Vec<String> {
    let dir = library_dir();
    vec![format!("-L{}", dir.display()), "-lluma".into(), format!("-Wl,-rpath,{}", dir.display())]
}

fn compile_c(source: &str) -> PathBuf {
    compile(source, "cc", &["-std=c99"], &shared())
}

/// A program's command, under valgrind where there is one.
#[allow(clippy::explicit_write, reason = "a test that passes keeps eprintln! to itself")]
fn checked(program: &Path) -> Command {
    let has_valgrind = Command::new("valgrind").arg("--version").output().is_ok();
    if !has_valgrind {
        let skipped = "SKIPPED: no valgrind here, so leaks and wild reads are not looked for";
        writeln!(std::io::stderr(), "{skipped}").unwrap();
        return Command::new(program);
    }
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--fair-sched=yes"])
        .args(["--show-leak-kinds=definite,indirect,possible"])
        .args(["--errors-for-leak-kinds=definite,indirect,possible"])
        .arg(program);
    command
}

fn with_gateway<'a>(command: &'a mut Command, simulator: &Simulator) -> &'a mut Command {
    command.env("LUMA_URL", simulator.url()).env("LUMA_TOKEN", simulator.token())
}

/// Runs a test program, which counts only with its closing line.
fn run_checks(command: &mut Command) -> Output {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stdout);
    let closing_line = text.lines().last().unwrap_or_default();
    assert!(closing_line.ends_with(" passed, 0 failed"), "{output:?}");
    output
}

#[test]
fn any_argument_gives_a_status_and_nothing_else() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("tests/c/arguments.c");
    let output = run_checks(with_gateway(&mut checked(&program), &simulator));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // What is refused here is not sent: only the two calls that could be made arrived.
    assert_eq!(simulator.journal().len(), 2);
}

#[test]
fn a_client_serves_many_threads_that_are_interrupted_by_signals() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("tests/c/threads.c");
    run_checks(with_gateway(&mut checked(&program), &simulator));
    assert_eq!(simulator.journal().len(), 8 * 25 + 1);
}

#[test]
fn the_trigger_example_tells_what_happened() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("examples-c/trigger.c");
    for (arguments, exit_code, said) in [
        (&["reset_password", "100-1", "userName=jdoe"][..], 0, "ACCEPTED\n  trigger id: "),
        (&["reset_password", "100-1"], 2, "REJECTED\n"),
        (&["reset_password", "100-1"], 2, "  reason: User name is required\n"),
        (&["reset_password", ""], 3, "NOT_SENT\n"),
        (&["fault-reset-after-reading", "100-1"], 4, "UNKNOWN\n"),
        (&["reset_password", "100-1", "userName"], 1, ""),
        (&["reset_password"], 1, ""),
    ] {
        let output =
            with_gateway(&mut checked(&program), &simulator).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}: {output:?}");
        assert!(text.contains(said), "{arguments:?}: {output:?}");
        assert!(!text.contains(simulator.token()), "{arguments:?}: {output:?}");
    }
    let output = checked(&program).args(["w", "1"]).env_remove("LUMA_URL").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn the_errors_example_provokes_every_outcome() {
    let simulator = Simulator::start().unwrap();
    let program = compile_c("examples-c/errors.c");
    let output = run(with_gateway(&mut checked(&program), &simulator));
    let text = String::from_utf8_lossy(&output.stdout);
    for outcome in ["ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN"] {
        assert!(text.lines().any(|line| line.starts_with(outcome)), "{outcome}: {text}");
    }
    assert!(text.contains("the gateway asks to wait 7.0 s"), "{text}");
}

#[test]
fn the_examples_compile_as_every_c_and_cpp() {
    for source in ["examples-c/trigger.c", "examples-c/errors.c"] {
        for standard in ["-std=c99", "-std=c11"] {
            compile(source, "cc", &[standard], &shared());
        }
        for standard in ["-std=c++98", "-std=c++17", "-std=c++20"] {
            compile(source, "c++", &["-x", "c++", standard], &shared());
        }
    }
}

#[test]
fn the_header_is_clean_in_c89() {
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("header.c");
    std::fs::write(&source, "#include <luma.h>\n#include <luma.h>\nint x;\n").unwrap();
    run(Command::new("cc")
        .args(["-std=c89", "-fsyntax-only"])
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"))
        .arg(source));
}

#[test]
fn a_program_links_the_static_library() {
    let simulator = Simulator::start().unwrap();
    let mut linking = vec![library_dir().join("libluma.a").display().to_string()];
    linking
        .extend(["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"].map(String::from));
    let program = compile("examples-c/trigger.c", "cc", &["-std=c99", "-Os"], &linking);
    let output = run(with_gateway(&mut checked(&program), &simulator).args([
        "unlock_account",
        "100-1",
        "userName=jdoe",
    ]));
    assert!(output.stdout.starts_with(b"ACCEPTED"), "{output:?}");
}

/// The ABI only grows: a line of `tests/luma.symbols` is never changed or removed.
#[test]
fn the_header_and_the_library_are_what_was_promised() {
    let promised = std::fs::read_to_string(Path::new(ROOT).join("tests/luma.symbols")).unwrap();
    let promised: BTreeSet<&str> = promised.lines().collect();

    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let functions: BTreeSet<&str> = header
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(declaration, _)| declaration.rsplit([' ', '*']).next())
        .collect();
    let constants = header.lines().filter_map(|line| line.strip_prefix("#define "));
    let constants = constants.filter(|constant| *constant != "LUMA_H");
    let declared: BTreeSet<&str> = functions.iter().copied().chain(constants).collect();
    assert_eq!(declared, promised);

    let library = library_dir().join("libluma.so");
    let output = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let output = String::from_utf8(output.stdout).unwrap();
    let exported: BTreeSet<&str> =
        output.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(exported, functions);
}

/// Each status of the header has a name and words.
#[test]
fn no_status_is_without_words() {
    let header = std::fs::read_to_string(Path::new(ROOT).join("include/luma.h")).unwrap();
    let mut checks = String::new();
    for line in header.lines().filter_map(|line| line.strip_prefix("#define LUMA_ERROR_")) {
        let name = line.split(' ').next().unwrap();
        checks +=
            &format!("CHECK_TEXT(luma_status_name(LUMA_ERROR_{name}), \"LUMA_ERROR_{name}\");\n");
    }
    assert!(checks.lines().count() > 40, "{checks}");
    let source = Path::new(env!("CARGO_TARGET_TMPDIR")).join("statuses.c");
    let program = format!(
        "#include <luma.h>\n#include \"{ROOT}/tests/c/check.h\"\n\
         int main(void) {{ {checks} return closing_line(); }}\n"
    );
    std::fs::write(&source, program).unwrap();
    let program = compile_c(source.to_str().unwrap());
    run_checks(&mut Command::new(program));
}
