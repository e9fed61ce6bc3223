//! The agent in `docs/command.md` survives being killed at any time.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use luma_simulator::{Options, Simulator, Time};

use support::text;

const TICKETS: usize = 5;

fn script() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/command.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, script) = page.split_once("## An agent in ten lines").unwrap();
    let (_, script) = script.split_once("```sh\n").unwrap();
    script.split_once("```").unwrap().0.to_owned()
}

struct Agent<'a> {
    simulator: &'a Simulator,
    script: String,
    spool: PathBuf,
    journal: PathBuf,
}

impl Agent<'_> {
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let folder = Path::new(env!("CARGO_BIN_EXE_luma")).parent().unwrap();
        let mut command = Command::new(program);
        command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
        command.env("XDG_CONFIG_HOME", "/nonexistent").env("LUMA_JOURNAL", &self.journal);
        command.env("LUMA_URL", self.simulator.url()).env("LUMA_TOKEN", self.simulator.token());
        command.args(arguments).stdin(Stdio::null());
        command
    }

    fn start(&self) -> Command {
        self.command("sh", &["-c", &self.script, "agent.sh", self.spool.to_str().unwrap()])
    }

    fn luma(&self, arguments: &[&str]) -> String {
        let output = self.command(env!("CARGO_BIN_EXE_luma"), arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).to_owned()
    }

    /// Starts it, and kills it together with the command that it runs.
    fn kill_after(&self, time: Duration) {
        let mut command = self.start();
        command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(time);
        let group = format!("-{}", child.id());
        // It may have ended already.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        child.wait().unwrap();
    }

    /// Returns the ticket of each run.
    fn runs(&self) -> BTreeMap<String, String> {
        let mut runs = BTreeMap::new();
        for run in self.simulator.runs() {
            let user = &run.variables["userName"];
            let ticket = user.as_str().unwrap().replace("user of ", "");
            assert_eq!(runs.insert(ticket.clone(), run.trigger_id), None, "{ticket} ran twice");
        }
        runs
    }
}

#[test]
fn the_agent_of_the_documentation_can_be_killed() {
    let options = Options { time: Time::Virtual, ..Options::default() };
    let simulator = Arc::new(Simulator::start_with(options).unwrap());
    // The runs take no time.
    let is_over = Arc::new(AtomicBool::new(false));
    let clock = thread::spawn({
        let (simulator, is_over) = (simulator.clone(), is_over.clone());
        move || {
            while !is_over.load(Ordering::Relaxed) {
                simulator.advance(Duration::from_secs(2)).unwrap();
                thread::sleep(Duration::from_millis(50));
            }
        }
    });
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agent");
    let _ = fs::remove_dir_all(&folder);
    let spool = folder.join("spool");
    fs::create_dir_all(&spool).unwrap();
    let agent =
        Agent { simulator: &simulator, script: script(), spool, journal: folder.join("journal") };
    agent.luma(&["journal", "create"]);
    let tickets: Vec<_> = (0..TICKETS).map(|number| format!("-100 {number}")).collect();
    for ticket in &tickets {
        fs::write(agent.spool.join(ticket), format!("user of {ticket}")).unwrap();
    }
    for round in 0..12 {
        agent.kill_after(Duration::from_millis(20 + 37 * round));
        agent.runs();
    }
    // A person looks at what is unknown.
    for line in agent.luma(&["journal", "list"]).lines() {
        let mut cells = line.split('\t');
        let (key, state) = (cells.next().unwrap(), cells.next().unwrap());
        if !state.eq_ignore_ascii_case("accepted") {
            let option = match agent.runs().get(key) {
                Some(id) => format!("--run={id}"),
                None => "--no-run".to_owned(),
            };
            let note = ["--who", "tester", "--reason", "compared with the simulator"];
            agent.luma(&[&["journal", "resolve", &option], &note[..], &["--", key]].concat());
        }
    }
    let output = agent.start().output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    is_over.store(true, Ordering::Relaxed);
    clock.join().unwrap();
    assert_eq!(agent.runs().len(), TICKETS, "{}", text(&output.stderr));
    for ticket in &tickets {
        assert!(agent.spool.join("done").join(ticket).exists(), "{}", text(&output.stderr));
    }
    assert_eq!(agent.luma(&["journal", "list"]), "");
}
