//! Tests that need a tool which may not be installed.
//!
//! Each skip is one line in `target/skipped-tests.txt`, which `make test` prints at its end. In CI
//! (environment variable `CI`) a missing tool is an error. What the machine itself lacks, such as
//! IPv6 or a network namespace, is not: nothing that CI could install.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// The Debian package of each tool.
const PACKAGES: [(&str, &str); 15] = [
    ("clang", "clang"),
    ("clang++", "clang"),
    ("javac", "default-jdk-headless"),
    ("mcs", "mono-mcs mono-runtime"),
    ("nginx", "nginx-light"),
    ("openssl", "openssl"),
    ("pycparser", "python3-pycparser"),
    ("pytest-3", "python3-pytest"),
    ("python3", "python3"),
    ("sqlite3.h", "libsqlite3-dev"),
    ("squid", "squid"),
    ("strace", "strace"),
    ("tinyproxy", "tinyproxy"),
    ("unshare", "util-linux iproute2"),
    ("valgrind", "valgrind"),
];

/// True if a tool is not installed. Records that `tests` are skipped then.
pub fn is_missing(tool: &str, tests: &str) -> bool {
    let output = Command::new(tool).arg("--version").output();
    let is_missing = output.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if is_missing {
        record(tool, tests);
    }
    is_missing
}

/// Records that `tests` are skipped because a tool is not installed.
#[track_caller]
pub fn record(tool: &str, tests: &str) {
    if cfg!(windows) {
        // Run by Wine, which is not expected to find tools of Linux.
        return;
    }
    let package = PACKAGES.iter().find(|(name, _)| *name == tool);
    let (_, package) = package.unwrap_or_else(|| panic!("{tool} has no package"));
    assert!(std::env::var_os("CI").is_none(), "{tests}: {tool} is not installed");
    record_because(&format!("{tool} is not installed (apt-get install {package})"), tests);
}

/// Records that `tests` are skipped for another reason than a missing tool.
pub fn record_because(reason: &str, tests: &str) {
    static RECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

    let line = format!("{tests}: {reason}\n");
    if RECORDED.lock().unwrap().insert(line.clone()) {
        // In the build directory: the tests' temporary directory is target/tmp.
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("skipped-tests.txt");
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}
