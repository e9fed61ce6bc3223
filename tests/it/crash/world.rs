//! A simulator, a journal, and processes that stop before each call of the C library until the test
//! lets them go on. After each step it checks what must always be true.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use luma_simulator::Simulator;

use super::disk::{Disk, Lost, complete_lines};
use crate::support::c::{compile, shared};
use crate::support::wait_until;

const ECONNREFUSED: u8 = 111;

/// The effect of a request for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    Accepted,
    Rejected,
    /// The connection is refused, until the processes of [`World::ask_again`].
    NotSent,
    /// The connection is reset after the request was read and the run was started.
    Unknown,
    /// No request: finished keys are removed.
    Prune,
}

/// The cases in which a request is sent.
pub const CASES: [Case; 4] = [Case::Accepted, Case::Rejected, Case::NotSent, Case::Unknown];

impl Case {
    /// The outcome of an undisturbed call.
    pub fn name(self) -> &'static str {
        match self {
            Case::Accepted => "ACCEPTED",
            Case::Rejected => "REJECTED",
            Case::NotSent => "NOT_SENT",
            Case::Unknown => "UNKNOWN",
            Case::Prune => "prune",
        }
    }

    fn workflow(self) -> &'static str {
        match self {
            Case::Accepted | Case::NotSent => "reset_password",
            Case::Rejected => "fault-status-403",
            Case::Unknown => "fault-reset-after-reading",
            Case::Prune => "prune",
        }
    }
}

/// The next step of a thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    GoOn,
    /// Fails with this error number.
    Fail(u8),
    /// Processes half of the bytes.
    Shorten,
    DieBefore,
    DieAfter,
    /// Processes half of the bytes, and dies.
    DieHalfway,
}

impl Step {
    pub fn is_deadly(self) -> bool {
        matches!(self, Step::DieBefore | Step::DieAfter | Step::DieHalfway)
    }

    fn is_executed(self) -> bool {
        !matches!(self, Step::Fail(_) | Step::DieBefore)
    }
}

/// A call of the C library.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub name: String,
    /// The bytes that it reads or writes.
    bytes: usize,
    pub path: PathBuf,
}

impl Call {
    /// True if it can be cut short.
    pub fn is_divisible(&self) -> bool {
        self.bytes > 1
    }

    fn sends(&self) -> bool {
        self.name == "send"
    }
}

/// The result that a program got.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub status: String,
    pub outcome: String,
    pub trigger_id: String,
    pub is_recorded: bool,
}

/// A thread that triggers one key.
pub struct Thread {
    channel: BufReader<UnixStream>,
    number: usize,
    key: String,
    case: Case,
    /// The file of the key, once it was opened.
    file: Option<PathBuf>,
    refuses: bool,
    has_sent: bool,
    has_failed: bool,
    /// The call that it is about to make; `None` if it has ended.
    pub next: Option<Call>,
    pub report: Option<Report>,
}

pub struct Process {
    child: Child,
    pub threads: Vec<Thread>,
}

impl Process {
    /// The threads that have not ended.
    pub fn running(&self) -> impl Iterator<Item = usize> {
        (0..self.threads.len()).filter(|index| self.threads[*index].next.is_some())
    }

    pub fn is_running(&self) -> bool {
        self.running().next().is_some()
    }
}

pub struct World {
    simulator: Simulator,
    listener: UnixListener,
    socket: PathBuf,
    folder: PathBuf,
    disk: Disk,
    /// How often a request was sent completely, by key.
    sent: BTreeMap<String, usize>,
    /// The trigger ids that programs were told, by key.
    told: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, PathBuf>,
    /// The keys whose intent was written by a thread that still has them locked, by process and
    /// thread; and whether it has written the outcome too.
    in_progress: BTreeMap<(u32, usize), (String, bool)>,
    schedules: usize,
    /// The course of this schedule, for the message of a failure.
    trace: Vec<String>,
}

impl World {
    /// Starts a simulator, and creates a journal for it.
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        // The path of a socket has at most 107 bytes.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let socket = std::env::temp_dir().join(format!("luma-{}-{number}", std::process::id()));
        let _ = fs::remove_file(&socket);
        let simulator = Simulator::start().unwrap();
        let folder = folder.join("journal");
        luma::Journal::create(&folder, simulator.url()).unwrap();
        World {
            listener: UnixListener::bind(&socket).unwrap(),
            simulator,
            socket,
            folder,
            disk: Disk::default(),
            sent: BTreeMap::new(),
            told: BTreeMap::new(),
            files: BTreeMap::new(),
            in_progress: BTreeMap::new(),
            schedules: 0,
            trace: Vec::new(),
        }
    }

    /// Begins a schedule. Returns a prefix for its keys, which no other schedule uses.
    pub fn begin(&mut self, description: String) -> String {
        self.schedules += 1;
        self.trace = vec![description];
        format!("S{}", self.schedules)
    }

    fn fail(&self, problem: &str) -> ! {
        panic!("{problem}\n{}", self.trace.join("\n"));
    }

    fn require(&self, is_true: bool, problem: &str) {
        if !is_true {
            self.fail(problem);
        }
    }

    /// Starts a process with one thread for each key. All of them stop before their first call.
    pub fn start(&mut self, keys: &[(Case, &str)]) -> Process {
        static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
        let sources = ["tests/crash/once.c", "tests/crash/calls.c"];
        let program = PROGRAM.get_or_init(|| compile(&sources, "cc", &["-std=gnu11"], &shared()));
        let mut command = Command::new(program);
        command.arg(self.simulator.url()).arg(&self.folder).arg(&self.socket);
        for (case, key) in keys {
            command.args([case.workflow(), key]);
        }
        let child = command.env("LUMA_TOKEN", self.simulator.token()).stdin(Stdio::null()).spawn();
        let mut process = Process { child: child.unwrap(), threads: Vec::new() };
        for _ in keys {
            let (channel, _) = self.accept(&mut process.child);
            channel.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let mut channel = BufReader::new(channel);
            let number = self.read(&mut channel).strip_prefix("thread ").unwrap().parse().unwrap();
            let (case, key) = keys[number];
            process.threads.push(Thread {
                channel,
                number,
                key: key.to_owned(),
                case,
                file: None,
                refuses: case == Case::NotSent,
                has_sent: false,
                has_failed: false,
                next: None,
                report: None,
            });
        }
        // The order in which they connected is that of the scheduler.
        process.threads.sort_by_key(|thread| thread.number);
        for thread in &mut process.threads {
            self.hear(thread);
        }
        process
    }

    /// Waits until a thread connects.
    fn accept(&self, child: &mut Child) -> (UnixStream, SocketAddr) {
        self.listener.set_nonblocking(true).unwrap();
        loop {
            match self.listener.accept() {
                Ok((channel, address)) => {
                    channel.set_nonblocking(false).unwrap();
                    return (channel, address);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => self.fail(&error.to_string()),
            }
            if let Some(status) = child.try_wait().unwrap() {
                self.fail(&format!("the program ended before its first call: {status}"));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    fn read(&self, channel: &mut BufReader<UnixStream>) -> String {
        let mut line = String::new();
        match channel.read_line(&mut line) {
            Ok(_) if line.ends_with('\n') => line.trim_end_matches('\n').to_owned(),
            other => self.fail(&format!("a thread does not answer: {other:?}")),
        }
    }

    /// Waits until a thread is about to make its next call, or has ended.
    fn hear(&self, thread: &mut Thread) {
        let line = self.read(&mut thread.channel);
        if let Some(result) = line.strip_prefix("result ") {
            let words: Vec<&str> = result.split(' ').collect();
            let [status, outcome, trigger_id, recorded] = words[..] else { self.fail(&line) };
            thread.next = None;
            thread.report = Some(Report {
                status: status.to_owned(),
                outcome: outcome.to_owned(),
                trigger_id: trigger_id.to_owned(),
                is_recorded: recorded == "1",
            });
            return;
        }
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        let [name, bytes, path] = words[..] else { self.fail(&line) };
        let bytes = bytes.parse().unwrap();
        let call = Call { name: name.to_owned(), bytes, path: path.into() };
        if call.path.extension().is_some_and(|extension| extension == "jsonl") {
            thread.file = Some(call.path.clone());
        }
        thread.next = Some(call);
    }

    /// Lets a thread make its next call, and waits until it is about to make another one.
    pub fn step(&mut self, process: &mut Process, index: usize, step: Step) {
        let thread = &mut process.threads[index];
        let call = thread.next.clone().unwrap();
        let step = match step {
            Step::GoOn if call.name == "connect" && thread.refuses => Step::Fail(ECONNREFUSED),
            step => step,
        };
        let file = call.path.file_name().map(|name| name.to_string_lossy().into_owned());
        let place = file.as_deref().unwrap_or_default();
        self.trace.push(format!("{}: {} {place} {step:?}", thread.key, call.name));
        if call.sends() && step.is_executed() {
            self.check_intent(thread);
            thread.has_sent = true;
        }
        thread.has_failed |= matches!(step, Step::Fail(_));
        // Deaths by SIGKILL and by _exit take turns.
        let how = (self.schedules % 2) as u8;
        let answer = match step {
            Step::GoOn => [b'c', 0],
            Step::Fail(number) => [b'e', number],
            Step::Shorten => [b's', 0],
            Step::DieBefore => [b'b', how],
            Step::DieAfter => [b'a', how],
            Step::DieHalfway => [b'h', how],
        };
        thread.channel.get_mut().write_all(&answer).unwrap();
        let key = thread.key.clone();
        let file = thread.file.clone().filter(|_| thread.case != Case::Prune);
        if matches!(step, Step::GoOn | Step::DieAfter) && call.sends() {
            *self.sent.entry(key.clone()).or_default() += 1;
        }
        if step.is_executed() && ["fsync", "fdatasync"].contains(&&*call.name) {
            self.disk.sync(&call.path);
        }
        let id = (process.child.id(), index);
        let is_of_key = file.as_ref() == Some(&call.path);
        let has_outcome = self.in_progress.get(&id).map(|(_, has_outcome)| *has_outcome);
        match &*call.name {
            "write" if is_of_key => {
                self.in_progress.insert(id, (key.clone(), has_outcome.is_some()));
            }
            // Unlocked.
            "flock" if is_of_key && has_outcome == Some(true) => {
                self.in_progress.remove(&id);
            }
            "close" if is_of_key => {
                self.in_progress.remove(&id);
            }
            _ => {}
        }
        if step.is_deadly() {
            process.child.wait().unwrap();
            self.end(process);
        } else {
            self.hear(&mut process.threads[index]);
        }
        if let Some(file) = file {
            self.files.insert(key, file);
        }
        let thread = &process.threads[index];
        if let Some(report) = thread.report.as_ref().filter(|_| thread.next.is_none()) {
            self.trace.push(format!("{}: {report:?}", thread.key));
            if thread.case != Case::Prune {
                self.check_report(thread, report);
            }
        }
        if !process.is_running() {
            process.child.wait().unwrap();
        }
    }

    /// Runs one thread to its end.
    pub fn finish(&mut self, process: &mut Process, index: usize) {
        while process.threads[index].next.is_some() {
            self.step(process, index, Step::GoOn);
        }
    }

    /// A request is about to be sent.
    fn check_intent(&self, thread: &Thread) {
        let lines = self.disk.lines(thread.file.as_deref().unwrap_or(Path::new("")));
        let intent = lines.last().filter(|line| line.contains("\"event\":\"intent\""));
        let is_of_key = intent.is_some_and(|line| line.contains(&format!("\"{}\"", thread.key)));
        self.require(is_of_key, "a request is sent whose intent is not on the disk");
        let sent = self.sent.get(&thread.key).copied().unwrap_or_default();
        self.require(
            sent <= refusals(&lines),
            "a request is sent again that was not certainly refused",
        );
    }

    /// A program is told something.
    fn check_report(&mut self, thread: &Thread, report: &Report) {
        let sent = self.sent.get(&thread.key).copied().unwrap_or_default();
        let lines = |content: &[u8]| complete_lines(content).concat();
        let file = thread.file.as_deref().unwrap_or(Path::new(""));
        let is_true = match &*report.outcome {
            "ACCEPTED" => {
                let ids = self.told.entry(thread.key.clone()).or_default();
                ids.push(report.trigger_id.clone());
                sent == 1 && ["LUMA_OK", "LUMA_ALREADY_ACCEPTED"].contains(&&*report.status)
            }
            "REJECTED" => sent >= 1 && thread.case == Case::Rejected,
            "NOT_SENT" => !thread.has_sent,
            _ if report.status == "LUMA_ERROR_KEY_UNRESOLVED" => {
                let is_in_progress = self.is_in_progress(&thread.key);
                self.require(!is_in_progress, "a key in progress is called unresolved");
                lines(&fs::read(file).unwrap_or_default()).contains("\"event\":\"intent\"")
            }
            // Checked where it may happen.
            _ if report.status == "LUMA_ERROR_KEY_IN_PROGRESS" => true,
            _ => thread.has_sent,
        };
        self.require(is_true, "the program is told something untrue");
        if thread.has_sent {
            let line = format!("\"outcome\":\"{}\"", report.outcome);
            let is_on_disk = self.disk.lines(file).iter().any(|it| it.contains(&line));
            let is_true = if report.is_recorded { is_on_disk } else { thread.has_failed };
            self.require(is_true, "the report about the journal is untrue");
        }
    }

    /// The power fails: every process dies, and only what was synced survives.
    pub fn fail_power(&mut self, processes: Vec<Process>, lost: Lost) {
        self.trace.push(format!("the power fails: {lost:?}"));
        for mut process in processes {
            self.end(&mut process);
        }
        for file in self.files.values() {
            self.disk.fail(file, lost);
        }
        // The outcomes of calls that ended earlier are on the disk.
        self.files.clear();
    }

    /// Adds so many attempts like the last one that the next one drops some. Their lines are
    /// shorter, so that a mixture of old and new bytes has no valid lines.
    pub fn lengthen(&mut self, key: &str) {
        let file = &self.files[key];
        let lines = fs::read_to_string(file).unwrap();
        let shorter = lines.split_inclusive('\n').map(|line| {
            let (version, rest) = line.split_once("\"at\":").unwrap();
            let (_, rest) = rest.split_once(',').unwrap();
            [version, "\"at\":1,", rest].concat()
        });
        fs::write(file, shorter.collect::<String>().repeat(101)).unwrap();
        self.disk.sync(file);
    }

    /// A new process asks for the same key, undisturbed. Returns what it is told.
    pub fn ask_again(&mut self, case: Case, key: &str) -> Report {
        self.trace.push(format!("{key}: again"));
        let sent = self.sent.get(key).copied().unwrap_or_default();
        let mut process = self.start(&[(case, key)]);
        process.threads[0].refuses = false;
        self.finish(&mut process, 0);
        let report = process.threads.remove(0).report.unwrap();
        let is_in_progress = report.status == "LUMA_ERROR_KEY_IN_PROGRESS";
        self.require(!is_in_progress, "the lock of a dead process remains");
        self.require(report.outcome != "NOT_SENT", "the key cannot be sent");
        // Nothing was sent, and the next call sends, unless an intent says that it may have been.
        let is_sent_now = self.sent.get(key).copied().unwrap_or_default() > sent;
        let is_known = ["LUMA_ERROR_KEY_UNRESOLVED", "LUMA_ALREADY_ACCEPTED"];
        self.require(is_sent_now != is_known.contains(&&*report.status), "sent and not sent");
        report
    }

    /// True while a thread has a key locked, from its intent on.
    pub fn is_in_progress(&self, key: &str) -> bool {
        self.in_progress.values().any(|(other, _)| other == key)
    }

    /// Removes the file of a key, so that later schedules do not meet it.
    pub fn remove(&mut self, key: &str) {
        if let Some(file) = self.files.remove(key) {
            let _ = fs::remove_file(file);
        }
    }

    /// The journal, for calls of the test itself.
    pub fn journal(&self) -> luma::Journal {
        luma::Journal::open(&self.folder).unwrap()
    }

    /// How often the request of a key was sent completely, except those that were certainly
    /// refused.
    pub fn undecided(&self, key: &str) -> usize {
        let file =
            self.files.get(key).map_or(Vec::new(), |file| fs::read(file).unwrap_or_default());
        self.sent.get(key).copied().unwrap_or_default() - refusals(&complete_lines(&file))
    }

    /// Kills a process, if it still runs.
    pub fn end(&mut self, process: &mut Process) {
        let _ = process.child.kill();
        process.child.wait().unwrap();
        process.threads.iter_mut().for_each(|thread| thread.next = None);
        self.in_progress.retain(|(id, _), _| *id != process.child.id());
    }

    /// Compares the simulator's journal and its runs with what was sent, and with what the programs
    /// were told.
    pub fn check(&mut self) {
        self.trace.clear();
        let total = self.sent.values().sum();
        wait_until("every request has arrived", || self.simulator.journal().len() >= total);
        let mut delivered: BTreeMap<String, usize> = BTreeMap::new();
        for delivery in self.simulator.journal() {
            let (_, key) = delivery.body.split_once("\"ticketIdentifier\":\"").unwrap();
            *delivered.entry(key.split('"').next().unwrap().to_owned()).or_default() += 1;
        }
        assert_eq!(delivered, self.sent);
        let mut runs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for run in self.simulator.runs() {
            let key = run.initiator.initiation_info["ticketIdentifier"].as_str().unwrap();
            runs.entry(key.to_owned()).or_default().push(run.trigger_id);
        }
        assert!(runs.values().all(|ids| ids.len() == 1), "{runs:?}");
        for (key, ids) in &self.told {
            assert!(ids.iter().all(|id| *id == runs[key][0]), "{key}: {ids:?}");
        }
    }
}

/// Counts the requests that were certainly refused.
fn refusals(lines: &[String]) -> usize {
    lines.iter().filter(|line| line.contains("\"outcome\":\"REJECTED\"")).count()
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.socket);
    }
}
