//! The raw declarations of the language bindings are generated from `include/luma.h`.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use crate::support::skipped;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_raw_declarations_of_the_bindings_are_generated_from_the_header() {
    // Debian's packages are for Debian's Python, which need not be the first one in PATH.
    let has_pycparser = |python: &&str| {
        Command::new(python)
            .args(["-c", "import pycparser"])
            .output()
            .is_ok_and(|o| o.status.success())
    };
    let Some(python) = ["python3", "/usr/bin/python3"].into_iter().find(has_pycparser) else {
        return skipped::record("pycparser", "the generated declarations of the bindings");
    };
    let generate = Path::new(ROOT).join("bindings/generate.py");
    let output = Command::new(python).arg("-B").arg(generate).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
