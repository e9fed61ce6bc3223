//! What the tests of the C ABI share: C programs, compiled against the header and the library.
//!
//! `LUMA_LIB_DIR` names the folder of the library; unless set, it is the one that was built with
//! this test.

#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

pub fn library_dir() -> PathBuf {
    match std::env::var_os("LUMA_LIB_DIR") {
        Some(dir) => Path::new(ROOT).join(dir),
        None => std::env::current_exe().unwrap().parent().unwrap().to_owned(),
    }
}

pub fn run(command: &mut Command) -> Output {
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
pub fn compile(source: &str, compiler: &str, flags: &[&str], linking: &[String]) -> PathBuf {
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

pub fn shared() -> Vec<String> {
    let dir = library_dir().display().to_string();
    // Cargo sets LD_LIBRARY_PATH to a library of its own, which only the old kind of path outweighs.
    let path = format!("-Wl,--disable-new-dtags,-rpath,{dir}");
    vec![format!("-L{dir}"), "-lluma".into(), path]
}

pub fn compile_c(source: &str) -> PathBuf {
    compile(source, "cc", &["-std=c99"], &shared())
}
