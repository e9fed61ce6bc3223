//! Child processes for tests that change their process (environment, descriptors, signals) or count
//! its threads: this program again, running only that test.

use std::process::Command;

const IN_CHILD: &str = "LUMA_TEST_IN_CHILD";

/// True in the child process, where the test does its work.
pub fn is_child() -> bool {
    std::env::var_os(IN_CHILD).is_some()
}

/// The command that runs one test, named with its module, in a child process. The child inherits
/// no variable that would choose a proxy.
pub fn child(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(IN_CHILD, "1");
    for variable in ["http", "https", "all", "socks", "no"].map(|name| format!("{name}_proxy")) {
        command.env_remove(variable.to_ascii_uppercase()).env_remove(variable);
    }
    command.env_remove("REQUEST_METHOD");
    command
}

/// Runs that command. A name that selects no test fails too.
#[track_caller]
pub fn assert_passes(command: &mut Command) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
