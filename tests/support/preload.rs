//! A library that is preloaded into a child process, to replace functions of the C library.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Preloads `preload.c`, which documents its variables.
pub fn preload(command: &mut Command) -> &mut Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    command.env("LD_PRELOAD", BUILT.get_or_init(|| build("preload")))
}

/// Preloads `never_free.c`, with which no memory is freed.
pub fn never_free(command: &mut Command) -> &mut Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    command.env("LD_PRELOAD", BUILT.get_or_init(|| build("never_free")))
}

fn build(name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/support/{name}.c"));
    let library =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    // Otherwise the compiler may know what free does.
    compiler.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fno-builtin"]);
    compiler.args(["-shared", "-fPIC", "-o"]);
    let output = compiler.arg(&library).arg(source).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    library
}
