//! The C# program of the README, by Mono, which calls the shared library as .NET does.

#![cfg(unix)]

#[path = "support/c.rs"]
mod c;

use std::path::Path;
use std::process::Command;

use luma_simulator::Simulator;

use c::{ROOT, library_dir, run, say, with_gateway};

#[test]
fn the_program_in_the_readme_runs() {
    if Command::new("mcs").arg("--version").output().is_err() {
        say("SKIPPED: no Mono here, so C# is not tried");
        return;
    }
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (_, program) = readme.split_once("```csharp\n").unwrap();
    let (program, _) = program.split_once("```").unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("readme.cs"), program).unwrap();
    run(Command::new("mcs").current_dir(folder).args(["-warnaserror", "readme.cs"]));

    let simulator = Simulator::start().unwrap();
    let mut command = Command::new("mono");
    command.arg(folder.join("readme.exe")).env("LD_LIBRARY_PATH", library_dir());
    let output = run(with_gateway(&mut command, &simulator));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("accepted with trigger id "), "{text}");
    assert!(simulator.journal()[0].body.contains("J\u{fc}rgen"), "{:?}", simulator.journal());
}
