//! The first example of `README.md` is true, and what `docs/command.md` says about it.

#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use luma_simulator::Simulator;

use support::{make_private, temporary_file, text};

/// Returns the blocks of a section.
fn blocks(page: &str, section: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let page = fs::read_to_string(page).unwrap();
    let (_, section) = page.split_once(&format!("\n## {section}\n")).unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    section.split("```").skip(1).step_by(2).map(str::to_owned).collect()
}

/// Runs the lines of a block, without its language and those that build.
fn run(block: &str) -> Output {
    let lines = block.lines().skip(1).filter(|line| !line.starts_with("cargo "));
    let lines = lines.filter(|line| !line.starts_with("export PATH"));
    let script = lines.collect::<Vec<_>>().join("\n");
    let folder = Path::new(env!("CARGO_BIN_EXE_luma")).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.env_clear().env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    let output =
        shell.env("XDG_CONFIG_HOME", "/nonexistent").args(["-ec", &script]).output().unwrap();
    let stderr = text(&output.stderr);
    assert!(output.status.success(), "{script}: {}{stderr}", text(&output.stdout));
    output
}

#[test]
fn the_first_example_of_the_readme_works() {
    let simulator = Simulator::start().unwrap();
    let readme = blocks("README.md", "Try it");
    let [_, example] = &readme[..] else { panic!("{readme:?}") };
    let command = blocks("docs/command.md", "A first look");
    let [printed, tenant] = &command[..] else { panic!("{command:?}") };
    let here = |block: &str| {
        let block = block.replace("http://127.0.0.1:8080", simulator.url());
        block.replace("LUMA_TOKEN=secret", &format!("LUMA_TOKEN={}", simulator.token()))
    };
    let output = run(&here(example));
    let stdout = text(&output.stdout);
    assert!(stdout.contains("✓ token") && stdout.contains("reset_password\tReset"), "{stdout}");
    // A pipe gets a line for each status too, and a tab between the columns.
    let lines: Vec<_> = stdout.lines().collect();
    let last = lines.last().unwrap();
    let id = last.split('\t').next().unwrap();
    assert!(lines.contains(&id), "{stdout}");
    let printed = printed.replace("  ", "\t");
    let promised = printed.trim().lines().nth(2).unwrap();
    let without_id = |line: &str| line.split_once('\t').unwrap().1.to_owned();
    assert_eq!(without_id(last), without_id(promised));

    let token = temporary_file("readme-token", &simulator.token());
    make_private(&token);
    let tenant = tenant.replace("https://acme.automation.example", simulator.url());
    let output = run(&tenant.replace("$HOME/luma-token", token.to_str().unwrap()));
    assert!(text(&output.stdout).contains("✓ token"), "{}", text(&output.stdout));
}
