//! A model of the journal: two processes that trigger one key, the disk, and a person. Each step is
//! one system call. A search visits every order of the steps, with any number of deaths, failed
//! calls and power failures between them. What a process decides comes from [`History`], as in the
//! real code; the steps are those of `Journal::claim`, `Granted` and
//! [`LockedFile`](super::key_file::LockedFile).
//!
//! `tests/it/crash.rs` does the same with real processes and files, but not in every order.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::error::Outcome;

use super::entry::JournalEntry;
use super::record::{Event, Intent, Note, Record, RequestSummary};
use super::state::{Decision, History};

/// Two files at most: the second one after the first was pruned.
const FILES: usize = 2;
const MAX_ATTEMPTS: usize = 2;
/// The longest file; LUMA_MODEL_LINES for a longer one.
const MAX_LINES: usize = 4;

/// A mistake in the code, which the search must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    IntentNotSynced,
    FolderNotSynced,
    SentBeforeTheIntent,
    NotLocked,
    UnlockedBeforeSending,
    PrunedFileIsUsed,
    PrunedWithoutTheLock,
    UnknownIsPruned,
    SentAfterAFailedSync,
}

/// The possible ends of a request: true if it was delivered and not certainly refused; the outcome.
const SENT: [(bool, Outcome); 5] = [
    (false, Outcome::NotSent),
    (false, Outcome::Rejected),
    (false, Outcome::Unknown),
    (true, Outcome::Unknown),
    (true, Outcome::Accepted),
];

/// A line, without what does not matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    Intent(u8),
    Outcome(Outcome),
    Found,
    NotFound,
    NewAttempt,
    Acknowledged,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct File {
    lines: Vec<Line>,
    /// So many lines survive a power failure.
    durable: usize,
    lock: Option<u8>,
}

/// The folder's entry for the name of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Folder {
    file: Option<usize>,
    /// The entry that a power failure may leave.
    durable: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    Open,
    Lock(usize),
    SyncFolder(usize, u8),
    WriteIntent(usize, u8),
    SyncIntent(usize, u8),
    Send(usize, u8),
    WriteOutcome(usize, u8),
    SyncOutcome(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    files: Vec<File>,
    folder: Folder,
    processes: [Step; 2],
    /// How often each attempt was delivered, and not certainly refused, since the last time that
    /// the key was pruned.
    deliveries: [u8; MAX_ATTEMPTS],
}

/// The result of the real code for some lines.
#[derive(Debug)]
struct Meaning {
    decision: Decision,
    next_attempt: u8,
    attempt: Option<u8>,
    /// `prune` may remove it.
    is_finished: bool,
    history: History,
}

struct Search {
    mistake: Mistake,
    max_lines: usize,
    meanings: HashMap<Vec<Line>, Rc<Meaning>>,
    seen: HashSet<World>,
    pending: Vec<World>,
    /// A world in which an attempt was delivered twice.
    violation: Option<World>,
}

fn record(line: Line) -> Record {
    let note = || Note { who: "w".into(), reason: "r".into() };
    let event = match line {
        Line::Intent(attempt) => {
            let request = RequestSummary {
                workflow: "w".into(),
                contact: None,
                application: None,
                ticket: None,
                channel: None,
            };
            let (key, digest, request_id) = ("k".into(), "d".into(), "id".into());
            Event::Intent(Intent { key, attempt: attempt.into(), request, digest, request_id })
        }
        Line::Outcome(outcome) => {
            let trigger_id = (outcome == Outcome::Accepted).then(|| "t".into());
            Event::Outcome { outcome, trigger_id }
        }
        Line::Found => Event::Resolved { trigger_id: Some("t".into()), note: note() },
        Line::NotFound => Event::Resolved { trigger_id: None, note: note() },
        Line::NewAttempt => Event::NewAttempt(note()),
        Line::Acknowledged => Event::Acknowledged,
    };
    Record { at: 0, event }
}

impl Search {
    fn run(mistake: Mistake) -> Self {
        let world = World {
            files: Vec::new(),
            folder: Folder { file: None, durable: None },
            processes: [Step::Open; 2],
            deliveries: [0; MAX_ATTEMPTS],
        };
        let mut search = Search {
            mistake,
            max_lines: std::env::var("LUMA_MODEL_LINES").map_or(MAX_LINES, |n| n.parse().unwrap()),
            meanings: HashMap::new(),
            seen: HashSet::from([world.clone()]),
            pending: vec![world],
            violation: None,
        };
        while let Some(world) = search.pending.pop() {
            for process in 0..2 {
                search.step(&world, process);
                if world.processes[process] != Step::Open {
                    let mut next = world.clone();
                    next.die(process);
                    search.add(next);
                }
            }
            search.act(&world);
            search.fail_power(&world);
            if search.violation.is_some() {
                break;
            }
        }
        search
    }

    fn add(&mut self, mut world: World) {
        // Both processes do the same.
        if world.processes[0] > world.processes[1] {
            world.processes.swap(0, 1);
            for file in &mut world.files {
                file.lock = file.lock.map(|process| 1 - process);
            }
        }
        if world.deliveries.iter().any(|count| *count > 1) {
            self.violation.get_or_insert(world);
        } else if world.files.iter().all(|file| file.lines.len() <= self.max_lines)
            && self.seen.insert(world.clone())
        {
            self.pending.push(world);
        }
    }

    /// Reads lines as the real code does, from their text.
    fn meaning(&mut self, lines: &[Line]) -> Rc<Meaning> {
        if let Some(meaning) = self.meanings.get(lines) {
            return meaning.clone();
        }
        let text: String = lines.iter().map(|line| record(*line).to_line()).collect();
        let (history, decision) = match History::parse(text.as_bytes(), Some("k")) {
            Ok((history, length)) => {
                assert_eq!(length, text.len());
                let decision = history.decide("d");
                (history, decision)
            }
            // The file is damaged: nothing is sent.
            Err(_) => {
                assert_ne!(self.mistake, Mistake::None, "{text}");
                (History::EMPTY, Decision::Unresolved)
            }
        };
        let entry = JournalEntry::new(&history, false);
        let meaning = Rc::new(Meaning {
            decision,
            next_attempt: history.next_attempt() as u8,
            attempt: history.intent().map(|intent| intent.attempt as u8),
            is_finished: decision != Decision::Unresolved
                && !entry.as_ref().is_some_and(JournalEntry::is_unfinished),
            history,
        });
        self.meanings.insert(lines.to_vec(), meaning.clone());
        meaning
    }

    /// Adds the worlds to which the next step of a process may lead.
    fn step(&mut self, world: &World, process: usize) {
        use Step::*;
        let mistake = self.mistake;
        let mut next = world.clone();
        let go_to = |next: &World, step| {
            let mut next = next.clone();
            next.processes[process] = step;
            next
        };
        let closed = |next: &World, file| {
            let mut next = go_to(next, Open);
            next.unlock(file, process);
            next
        };
        match world.processes[process] {
            Open => {
                let file = match next.folder.file {
                    Some(file) => file,
                    None if next.files.len() == FILES => return,
                    None => {
                        next.files.push(File::default());
                        next.folder.file = Some(next.files.len() - 1);
                        next.files.len() - 1
                    }
                };
                self.add(go_to(&next, Lock(file)));
            }
            Lock(file) => {
                let is_free = next.files[file].lock.is_none();
                if is_free || mistake == Mistake::NotLocked {
                    next.files[file].lock = Some(process as u8);
                } else {
                    return self.add(go_to(&next, Open));
                }
                // Nobody else changes the lines that it reads while it holds the lock.
                let is_removed = next.folder.file != Some(file);
                let meaning = self.meaning(&next.files[file].lines);
                let attempt = meaning.next_attempt;
                let is_new = next.files[file].lines.is_empty();
                let step = if is_removed && mistake != Mistake::PrunedFileIsUsed
                    || meaning.decision != Decision::Send
                    || usize::from(attempt) > MAX_ATTEMPTS
                {
                    next.unlock(file, process);
                    Open
                } else if mistake == Mistake::SentBeforeTheIntent {
                    Send(file, attempt)
                } else if is_new && mistake != Mistake::FolderNotSynced {
                    SyncFolder(file, attempt)
                } else {
                    WriteIntent(file, attempt)
                };
                self.add(go_to(&next, step));
            }
            SyncFolder(file, attempt) => {
                self.add(closed(&next, file)); // it fails
                next.folder.durable = next.folder.file;
                self.add(go_to(&next, WriteIntent(file, attempt)));
            }
            WriteIntent(file, attempt) => {
                self.add(closed(&next, file)); // it fails
                next.files[file].lines.push(Line::Intent(attempt));
                let step = match mistake {
                    Mistake::IntentNotSynced | Mistake::SentBeforeTheIntent => Send(file, attempt),
                    _ => SyncIntent(file, attempt),
                };
                self.add(go_to(&next, step));
            }
            SyncIntent(file, attempt) => {
                if mistake == Mistake::SentAfterAFailedSync {
                    self.add(go_to(&next, Send(file, attempt)));
                }
                // It fails, and the line is cut off.
                let mut failed = closed(&next, file);
                failed.files[file].lines.pop();
                self.add(failed);
                next.sync(file);
                if mistake == Mistake::UnlockedBeforeSending {
                    next.files[file].lock = None;
                }
                self.add(go_to(&next, Send(file, attempt)));
            }
            Send(file, attempt) => {
                let count = usize::from(attempt) - 1;
                for (number, (is_delivered, _)) in SENT.into_iter().enumerate() {
                    let mut next = next.clone();
                    next.deliveries[count] += u8::from(is_delivered);
                    if mistake == Mistake::SentBeforeTheIntent {
                        next.files[file].lines.push(Line::Intent(attempt));
                        next.sync(file);
                    }
                    self.add(go_to(&next, WriteOutcome(file, number as u8)));
                    // Dies after sending, before anything else.
                    if mistake == Mistake::SentBeforeTheIntent {
                        let mut dead = world.clone();
                        dead.deliveries = next.deliveries;
                        dead.die(process);
                        self.add(dead);
                    }
                }
            }
            WriteOutcome(file, number) => {
                self.add(closed(&next, file)); // it fails
                next.files[file].lines.push(Line::Outcome(SENT[usize::from(number)].1));
                self.add(go_to(&next, SyncOutcome(file)));
            }
            SyncOutcome(file) => {
                // It fails, and the line stays all the same.
                self.add(closed(&next, file));
                next.sync(file);
                self.add(closed(&next, file));
            }
        }
    }

    /// Adds the possible actions of a person, who knows the truth about the runs.
    fn act(&mut self, world: &World) {
        let Some(file) = world.folder.file else { return };
        let is_locked = world.files[file].lock.is_some();
        let meaning = self.meaning(&world.files[file].lines);
        let next = world.clone();
        let is_prunable = meaning.is_finished
            || self.mistake == Mistake::UnknownIsPruned && meaning.decision == Decision::Unresolved;
        let ignores_lock = self.mistake == Mistake::PrunedWithoutTheLock;
        if is_prunable && (!is_locked || ignores_lock) {
            // People prune keys that certainly do not come again. One with an unknown outcome may.
            let mut pruned = next.clone();
            pruned.folder.file = None;
            if meaning.decision != Decision::Unresolved && !is_locked {
                pruned.deliveries = [0; MAX_ATTEMPTS];
            }
            self.add(pruned);
        }
        let Some(attempt) = meaning.attempt.filter(|_| !is_locked) else { return };
        let is_there = next.deliveries[usize::from(attempt) - 1] > 0;
        let found = if is_there { Line::Found } else { Line::NotFound };
        for line in [found, Line::NewAttempt, Line::Acknowledged] {
            let mut history = meaning.history.clone();
            if history.push(record(line)).is_none() {
                continue;
            }
            let mut next = next.clone();
            next.files[file].lines.push(line);
            // The process may die before it syncs.
            self.add(next.clone());
            next.sync(file);
            self.add(next);
        }
    }

    /// Adds the worlds that a power failure may leave: of each file, any number of the lines that
    /// were not synced. Half a line counts as not written.
    fn fail_power(&mut self, world: &World) {
        let mut next = world.clone();
        next.processes = [Step::Open; 2];
        let mut folders = vec![next.folder.file, next.folder.durable];
        folders.dedup();
        for folder in folders {
            let Some(file) = folder else {
                let mut next = next.clone();
                next.folder = Folder { file: None, durable: None };
                self.add(next);
                continue;
            };
            for kept in next.files[file].durable..=next.files[file].lines.len() {
                let mut next = next.clone();
                next.folder = Folder { file: Some(file), durable: Some(file) };
                for file in &mut next.files {
                    file.lock = None;
                }
                next.files[file].lines.truncate(kept);
                next.files[file].durable = kept;
                self.add(next);
            }
        }
    }
}

impl World {
    fn sync(&mut self, file: usize) {
        self.files[file].durable = self.files[file].lines.len();
    }

    fn unlock(&mut self, file: usize, process: usize) {
        if self.files[file].lock == Some(process as u8) {
            self.files[file].lock = None;
        }
    }

    fn die(&mut self, process: usize) {
        for file in 0..self.files.len() {
            self.unlock(file, process);
        }
        self.processes[process] = Step::Open;
    }
}

#[test]
fn no_order_of_steps_delivers_an_attempt_twice() {
    let search = Search::run(Mistake::None);
    println!("{} worlds, {} files", search.seen.len(), search.meanings.len());
    assert_eq!(search.violation, None);
}

/// A positive control.
#[test]
fn every_mistake_delivers_an_attempt_twice_in_some_order() {
    use Mistake::*;
    for mistake in [
        IntentNotSynced,
        FolderNotSynced,
        SentBeforeTheIntent,
        NotLocked,
        UnlockedBeforeSending,
        PrunedFileIsUsed,
        PrunedWithoutTheLock,
        UnknownIsPruned,
        SentAfterAFailedSync,
    ] {
        let search = Search::run(mistake);
        assert!(search.violation.is_some(), "{mistake:?} is not found");
    }
}
