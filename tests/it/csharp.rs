//! The C# program of the README, by Mono, which calls the shared library as .NET does.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use luma_simulator::Simulator;

use crate::support::c::{library_dir, readme_program, run, say, with_gateway};

#[test]
fn the_program_in_the_readme_runs() {
    if Command::new("mcs").arg("--version").output().is_err() {
        say("SKIPPED: no Mono here, so C# is not tried");
        return;
    }
    let source = readme_program("csharp", "readme.cs");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    run(Command::new("mcs").current_dir(folder).args(["-warnaserror", &source]));

    let simulator = Simulator::start().unwrap();
    let mut command = Command::new("mono");
    command.arg(folder.join("readme.exe")).env("LD_LIBRARY_PATH", library_dir());
    let output = run(with_gateway(&mut command, &simulator));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("accepted with trigger id "), "{text}");
    assert!(simulator.journal()[0].body.contains("J\u{fc}rgen"), "{:?}", simulator.journal());
}
