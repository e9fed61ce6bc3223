//! Compiles programs in C and C++ against the library and runs them.
//!
//! `LUMA_LIB_DIR` is the directory of the library; if it is not set, Cargo builds the library in
//! the tests' own profile. The programs run under valgrind if it is set and valgrind is installed.
//!
//! To test another system: `LUMA_CC` and `LUMA_CXX` are its compilers, `LUMA_LINK` is passed to the
//! linker instead of the shared library in that directory, and `LUMA_RUN` runs its programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use luma_simulator::{Simulator, TENANT_EXTERNAL_ID};

use super::programs::cargo_build;
use super::skipped;

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

pub fn library_dir() -> PathBuf {
    match std::env::var_os("LUMA_LIB_DIR") {
        Some(dir) => Path::new(ROOT).join(dir),
        None => BUILT.get_or_init(build_library).clone(),
    }
}

static BUILT: OnceLock<PathBuf> = OnceLock::new();

/// Builds the C library, which Cargo does not build as a dependency of a test.
fn build_library() -> PathBuf {
    let mut cargo = cargo_build();
    cargo.args(["--package", "luma-capi"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    run(&mut cargo);
    library_of_profile()
}

/// The directory in which Cargo puts libraries of the tests' own profile.
pub fn library_of_profile() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned()
}

pub fn words(variable: &str) -> Option<Vec<String>> {
    let words = std::env::var(variable).ok()?;
    Some(words.split_whitespace().map(String::from).collect())
}

pub fn output(command: &mut Command) -> Output {
    let mut output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    if words("LUMA_RUN").is_some() {
        // Windows ends lines with CR LF.
        output.stdout.retain(|byte| *byte != b'\r');
    }
    output
}

pub fn run(command: &mut Command) -> Output {
    let output = output(command);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Compiles a program of this repository against the headers and the library.
pub fn compile(sources: &[&str], compiler: &str, flags: &[&str], linking: &[String]) -> PathBuf {
    let name = [sources, &[compiler], flags].concat().concat().replace(['/', '.', '='], "_");
    // Windows requires this extension.
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name + ".exe");
    // Moved into place, because another test may be running the same program.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let linked = program.with_extension(format!("{}-{number}.exe", std::process::id()));
    let variable = if compiler == "cc" { "LUMA_CC" } else { "LUMA_CXX" };
    let compiler = words(variable).unwrap_or_else(|| vec![compiler.into()]);
    run(Command::new(&compiler[0])
        .args(&compiler[1..])
        .args(flags)
        .args(WARNINGS)
        .arg(format!("-I{ROOT}/include"))
        .args(sources.iter().map(|source| Path::new(ROOT).join(source)))
        .args(["-x", "none", "-pthread", "-o"])
        .arg(&linked)
        .args(linking));
    std::fs::rename(linked, &program).unwrap();
    program
}

/// Linker arguments for the shared library, found at run time by its soname.
pub fn shared() -> Vec<String> {
    if let Some(linking) = words("LUMA_LINK") {
        return linking;
    }
    let dir = library_dir();
    let link = dir.join("libluma.so.0");
    if !link.exists() {
        // Another test may have created it just now.
        let _ = std::os::unix::fs::symlink("libluma.so", link);
    }
    let dir = dir.display().to_string();
    // Cargo sets LD_LIBRARY_PATH to its own target directory; only DT_RPATH takes precedence over
    // it.
    let path = format!("-Wl,--disable-new-dtags,-rpath,{dir}");
    vec![format!("-L{dir}"), "-lluma".into(), path]
}

pub fn compile_c(source: &str) -> PathBuf {
    compile(&[source], "cc", &["-std=c99"], &shared())
}

/// The command that runs a program.
pub fn unchecked(program: &Path) -> Command {
    match words("LUMA_RUN") {
        Some(run) => {
            let mut command = Command::new(&run[0]);
            command.args(&run[1..]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// The command that runs a program under valgrind, which reports leaks and invalid accesses.
/// `cargo test` alone leaves it out, because it takes most of the time.
pub fn checked(program: &Path) -> Command {
    const TESTS: &str = "memory checks of C programs";
    if words("LUMA_RUN").is_some() {
        return unchecked(program);
    }
    if std::env::var_os("LUMA_LIB_DIR").is_none() {
        skipped::record_because("LUMA_LIB_DIR is not set (make test sets it)", TESTS);
        return unchecked(program);
    }
    if skipped::is_missing("valgrind", TESTS) {
        return unchecked(program);
    }
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--fair-sched=yes"])
        .args(["--show-leak-kinds=definite,indirect,possible"])
        .args(["--errors-for-leak-kinds=definite,indirect,possible"])
        .arg(program);
    command
}

/// The same for a program that uses TLS: valgrind misjudges the assembler of the ciphers.
pub fn checked_over_tls(program: &Path) -> Command {
    let mut command = checked(program);
    if command.get_program() == "valgrind" {
        let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        command = Command::new("valgrind");
        command.arg(format!("--suppressions={ROOT}/tests/valgrind.supp")).args(arguments);
    }
    command
}

pub fn with_gateway<'a>(command: &'a mut Command, simulator: &Simulator) -> &'a mut Command {
    command
        .env("LUMA_URL", simulator.url())
        .env("LUMA_TOKEN", simulator.token())
        .env("LUMA_SUPER_ADMIN_TOKEN", simulator.super_admin_token())
        .env("LUMA_TENANT_EXTERNAL_ID", TENANT_EXTERNAL_ID)
}

/// Runs a test program. It passes only if it prints its closing line.
pub fn run_checks(command: &mut Command) -> Output {
    let output = run(command);
    let text = String::from_utf8_lossy(&output.stdout);
    let closing_line = text.lines().last().unwrap_or_default();
    assert!(closing_line.ends_with(" passed, 0 failed"), "{output:?}");
    output
}
