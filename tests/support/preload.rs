//! A library that is preloaded into a child process, to replace functions of the C library.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

static BUILT: OnceLock<PathBuf> = OnceLock::new();

/// Preloads `preload.c`, which documents its variables.
pub fn preload(command: &mut Command) -> &mut Command {
    let library = BUILT.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/preload.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("preload-{}.so", std::process::id()));
        let mut compiler = Command::new("cc");
        compiler.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"]);
        let output = compiler.arg(&library).arg(source).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        library
    });
    command.env("LD_PRELOAD", library)
}
