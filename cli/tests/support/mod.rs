//! Runs the command.

// Not every test program uses everything.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use luma_simulator::Simulator;

/// Returns the command without any setting of the environment.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luma"));
    command.env_clear();
    // Where the default configuration file would be.
    command.env("XDG_CONFIG_HOME", "/nonexistent").env("APPDATA", "C:\\nonexistent");
    for name in ["PATH", "SystemRoot", "TZ"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
    command
}

/// Returns the command with the simulator's URL and token.
pub fn luma(simulator: &Simulator) -> Command {
    let mut command = bare();
    command.env("LUMA_URL", simulator.url()).env("LUMA_TOKEN", simulator.token());
    command
}

pub fn run(command: &mut Command, arguments: &[&str]) -> Output {
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Runs the command, expects an exit code, and returns what it printed to stdout.
pub fn expect(command: &mut Command, code: i32, arguments: &[&str]) -> String {
    let output = run(command, arguments);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stdout}{stderr}");
    stdout.to_owned()
}

pub fn stderr_of(command: &mut Command, code: i32, arguments: &[&str]) -> String {
    let output = run(command, arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stderr).to_owned()
}

pub fn temporary_file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

pub fn make_private(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}
