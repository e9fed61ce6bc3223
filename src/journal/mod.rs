//! The journal of triggers that are delivered at most once: a folder with a small file for each
//! key. It knows files, digests, lines and states, but nothing about HTTP.
//!
//! A request is sent only between two durable lines: the intent before it, and the outcome after
//! it. Whenever a process dies, the next call learns from the lines whether a request may have been
//! sent.

mod digest;
mod entry;
mod folder;
mod key_file;
#[cfg(test)]
mod model;
mod record;
mod state;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::api::id::Id;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::limits::{MAX_TEXT_BYTES, control_problem};
use crate::panic_points;
use crate::panics::before_sending;
use crate::transport::BaseUrl;

use folder::Header;
use key_file::{FileError, Found, LockedFile};
use record::{Event, Intent, LineProblem, Note, Record};
use state::{Decision, History, State};

pub(crate) use digest::{VisitParts, of_request as digest_of_request};
pub(crate) use record::{RequestSummary, intent_json};

pub use entry::{JournalEntry, KeyState};

/// A journal of triggers: a folder of this machine that remembers what was sent, so that a key is
/// delivered at most once, even if processes die at any time. See
/// [`Client::trigger_workflow_once`](crate::Client::trigger_workflow_once).
///
/// Any number of threads and processes can use one folder at a time. A journal belongs to one
/// gateway. It never contains variables or tokens.
///
/// Since 0.1.0.
pub struct Journal {
    folder: PathBuf,
    header: Header,
    /// About the file system.
    warning: Option<&'static str>,
    has_warned: AtomicBool,
}

/// How often, and after which pause, a file is tried again that is locked for a moment: 50 ms in
/// all.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(2);

/// The decision whether a request may be sent.
pub(crate) enum Claim {
    /// The intent is on the disk: send.
    Granted(Granted),
    /// Nothing may be sent: why, and what is known about the key.
    Refused(Error, Option<Box<JournalEntry>>),
}

/// A key that is locked, with a durable intent.
pub(crate) struct Granted {
    file: LockedFile,
    history: History,
}

impl Journal {
    /// Creates a journal for the gateway at `base_url`. The folder must be empty or not exist; the
    /// folder above it must exist. Only the owner can read it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::JournalExists`] if the folder is not empty; [`ErrorKind::JournalNetwork`] if it
    /// is on a network file system; [`ErrorKind::JournalIo`];
    /// those of the base URL, as for [`Config::new`](crate::Config::new).
    pub fn create(folder: impl AsRef<Path>, base_url: &str) -> Result<(), Error> {
        folder::create(folder.as_ref(), base_url)
    }

    /// Opens a journal. Never creates one, so that a wrong path, or a disk that is not mounted, is
    /// an error and not an empty journal.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::JournalFolder`] if there is no journal; [`ErrorKind::JournalNetwork`],
    /// [`ErrorKind::JournalDamaged`], [`ErrorKind::JournalVersion`], [`ErrorKind::JournalIo`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        fork::watch();
        // The host process may change its working directory later.
        let folder = std::path::absolute(folder.as_ref()).map_err(|error| {
            let message = format!("{} cannot be opened: {error}", folder.as_ref().display());
            Error::local(ErrorKind::JournalFolder, message)
        })?;
        let header = folder::open(&folder)?;
        let warning = folder::check_file_system(&folder)?;
        Ok(Journal { folder, header, warning, has_warned: AtomicBool::new(false) })
    }

    /// Returns what is known about a key: the answer to "which run belongs to this ticket?".
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyNotFound`] if nothing is known about the key; [`ErrorKind::Key`],
    /// [`ErrorKind::JournalFolder`], [`ErrorKind::JournalDamaged`], [`ErrorKind::JournalVersion`],
    /// [`ErrorKind::JournalIo`].
    pub fn find(&self, key: &str) -> Result<JournalEntry, Error> {
        check_key(key)?;
        let path = self.path_of(key);
        read_entry(&path, Some(key))?.ok_or_else(|| key_not_found(key))
    }

    /// Returns the keys that need attention, oldest first: those whose outcome is unknown, and
    /// those that were accepted and whose end nobody acknowledged. Also those in progress, and
    /// files that cannot be read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::JournalFolder`], [`ErrorKind::JournalIo`].
    pub fn unfinished(&self) -> Result<Vec<JournalEntry>, Error> {
        let mut entries = Vec::new();
        self.for_each_file(&mut |path| {
            let entry = match read_entry(path, None) {
                Ok(entry) => entry,
                Err(error) if is_damage(&error) => {
                    let file = path.strip_prefix(&self.folder).unwrap_or(path);
                    Some(JournalEntry::damaged(&file.to_string_lossy(), error.message()))
                }
                Err(error) => return Err(error),
            };
            entries.extend(entry.filter(JournalEntry::is_unfinished));
            Ok(())
        })?;
        entries.sort_by(|a, b| (a.time_ms(), a.key()).cmp(&(b.time_ms(), b.key())));
        Ok(entries)
    }

    /// Records that the end of an accepted run was seen, so that
    /// [`unfinished`](Self::unfinished) no longer returns its key. Does nothing if that is recorded
    /// already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyState`] unless the key was accepted; [`ErrorKind::KeyInProgress`]; else as
    /// [`find`](Self::find).
    pub fn acknowledge(&self, key: &str) -> Result<JournalEntry, Error> {
        self.change(key, &|history| match history.state() {
            State::Accepted { is_acknowledged: true } => Ok(None),
            State::Accepted { .. } => Ok(Some(Event::Acknowledged)),
            _ => Err("only an accepted key can be acknowledged"),
        })
    }

    /// Settles a key whose outcome is unknown. `trigger_id` is that of the run that a person found,
    /// or `None` if there certainly is none; then the next call with the key sends. `who` and
    /// `reason` are kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyState`] unless the outcome is unknown; [`ErrorKind::KeyInProgress`];
    /// [`ErrorKind::JournalNote`] if `who` or `reason` is blank, longer than 1024 bytes or contains
    /// a control character; [`ErrorKind::TriggerId`]; else as [`find`](Self::find).
    pub fn resolve(
        &self,
        key: &str,
        trigger_id: Option<&str>,
        who: &str,
        reason: &str,
    ) -> Result<JournalEntry, Error> {
        let note = note(who, reason)?;
        let trigger_id = match trigger_id {
            Some(trigger_id) => {
                Id::trigger(trigger_id)?;
                Some(trigger_id.trim().to_owned())
            }
            None => None,
        };
        let event = Event::Resolved { trigger_id, note };
        self.change(key, &|history| match history.state() {
            State::Open | State::Unknown => Ok(Some(event.clone())),
            _ => Err("only a key whose outcome is unknown can be resolved"),
        })
    }

    /// Allows one more run for a key that was accepted: its ticket was opened again, or the run has
    /// failed. The next call with the key sends, also with a different request. The earlier events
    /// stay in the journal, and `who` and `reason` are added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::KeyState`] unless the key was accepted: one whose outcome is unknown has to be
    /// resolved first, and for any other the next call sends anyway; [`ErrorKind::KeyInProgress`];
    /// [`ErrorKind::JournalNote`] as for [`resolve`](Self::resolve); else as [`find`](Self::find).
    pub fn new_attempt(&self, key: &str, who: &str, reason: &str) -> Result<JournalEntry, Error> {
        let note = note(who, reason)?;
        let event = Event::NewAttempt(note);
        self.change(key, &|history| match history.state() {
            State::Accepted { .. } => Ok(Some(event.clone())),
            State::Open | State::Unknown => {
                Err("its outcome is unknown: resolve it before a new attempt")
            }
            _ => Err("the next call with this key sends anyway"),
        })
    }

    /// Forgets keys whose last event is older than `older_than`, and returns their number. A
    /// forgotten key can be sent again. Keys that [`unfinished`](Self::unfinished) returns are
    /// kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::JournalFolder`], [`ErrorKind::JournalIo`].
    pub fn prune(&self, older_than: Duration) -> Result<usize, Error> {
        let older_than = i64::try_from(older_than.as_millis()).unwrap_or(i64::MAX);
        let newest = now_ms().saturating_sub(older_than);
        let mut count = 0;
        self.for_each_file(&mut |path| {
            let (file, content) = match LockedFile::open(path, false) {
                Ok(Found::Locked(file, content)) => (file, content),
                Ok(_) | Err(FileError::Foreign(_)) => return Ok(()),
                Err(FileError::System(error)) => return Err(cannot("opened", path, &error)),
            };
            let Ok((history, _)) = History::parse(&content, None) else { return Ok(()) };
            if history.intent().is_some_and(|intent| !is_file_of(path, &intent.key)) {
                return Ok(());
            }
            let is_old = history.records().last().is_none_or(|last| last.at <= newest);
            let entry = JournalEntry::new(&history, false);
            if is_old && !entry.as_ref().is_some_and(JournalEntry::is_unfinished) {
                let removed = file.remove(path);
                let is_removed = removed.map_err(|error| cannot("removed", path, &error))?;
                count += usize::from(is_removed && entry.is_some());
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// Returns the warning about the file system, the first time.
    pub(crate) fn take_warning(&self) -> Option<&'static str> {
        self.warning.filter(|_| !self.has_warned.swap(true, Ordering::Relaxed))
    }

    /// Refuses a client of another gateway.
    pub(crate) fn check_gateway(&self, base_url: &BaseUrl) -> Result<(), Error> {
        let client = folder::normalized(base_url);
        if client == self.header.base_url {
            return Ok(());
        }
        let message = format!(
            "the journal {} is for {}, and the client is for {client}",
            self.folder.display(),
            self.header.base_url
        );
        Err(Error::local(ErrorKind::JournalGateway, message))
    }

    /// Returns the digest of a request, see [`digest::of_request`].
    pub(crate) fn digest(&self, visit: &VisitParts<'_>) -> String {
        digest::of_request(&self.header.secret, visit)
    }

    /// Asks whether a request may be sent. If so, its intent is on the disk when this returns.
    /// `stopped` says why the client sends nothing, if it is closed or drained.
    pub(crate) fn claim(
        &self,
        key: &str,
        request: RequestSummary,
        digest: String,
        request_id: String,
        stopped: Option<&str>,
    ) -> Result<Claim, Error> {
        let path = self.path_of(key);
        let found = before_sending(|| lock(&path, key, true))?;
        let (mut file, content) = match found {
            Found::Locked(file, content) => (file, content),
            Found::Busy(content) => return decide_busy(key, &path, &content, &digest),
            Found::Nothing => return Err(missing(path.parent().unwrap_or(&path))),
        };
        let (mut history, length) = parse(&path, &content, Some(key))?;
        let kind = match history.decide(&digest) {
            Decision::Send => {
                if let Some(reason) = stopped {
                    return Err(client_stopped(reason));
                }
                let kept = History::kept_length(&content[..length], &history);
                if kept != length {
                    (history, _) = parse(&path, &content[..kept], Some(key))?;
                }
                file.keep(kept);
                let attempt = history.next_attempt();
                let key = key.to_owned();
                let intent = Intent { key, attempt, request, digest, request_id };
                append(&mut file, &path, &mut history, Event::Intent(intent))?;
                file.unlock_by_closing();
                return Ok(Claim::Granted(Granted { file, history }));
            }
            Decision::AlreadyAccepted => ErrorKind::AlreadyAccepted,
            Decision::Unresolved => ErrorKind::KeyUnresolved,
            Decision::OtherRequest => ErrorKind::KeyOtherRequest,
        };
        let entry = JournalEntry::new(&history, false);
        Ok(Claim::Refused(refusal(kind, key, entry.as_ref()), entry.map(Box::new)))
    }

    /// Appends an event that `decide` derives from the history of a key.
    fn change(
        &self,
        key: &str,
        decide: &dyn Fn(&History) -> Result<Option<Event>, &'static str>,
    ) -> Result<JournalEntry, Error> {
        check_key(key)?;
        let path = self.path_of(key);
        let found = lock(&path, key, false)?;
        let (mut file, content) = match found {
            Found::Locked(file, content) => (file, content),
            Found::Busy(_) => return Err(refusal(ErrorKind::KeyInProgress, key, None)),
            Found::Nothing => return Err(key_not_found(key)),
        };
        let (mut history, length) = parse(&path, &content, Some(key))?;
        file.keep(length);
        let entry = JournalEntry::new(&history, false).ok_or_else(|| key_not_found(key))?;
        match decide(&history) {
            Ok(Some(event)) => {
                append(&mut file, &path, &mut history, event)?;
                Ok(JournalEntry::new(&history, false).unwrap_or(entry))
            }
            Ok(None) => Ok(entry),
            Err(problem) => Err(Error::local(ErrorKind::KeyState, format!("{entry}: {problem}"))),
        }
    }

    /// Calls `visit` with each file in the subfolders.
    fn for_each_file(
        &self,
        visit: &mut dyn FnMut(&Path) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for subfolder in folder::subfolders() {
            let path = self.folder.join(subfolder);
            let entries = std::fs::read_dir(&path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => missing(&path),
                _ => cannot("read", &path, &error),
            })?;
            for entry in entries {
                visit(&entry.map_err(|error| cannot("read", &path, &error))?.path())?;
            }
        }
        Ok(())
    }

    fn path_of(&self, key: &str) -> PathBuf {
        let name = file_name(key);
        self.folder.join(&name[..2]).join(name)
    }
}

fn cannot(action: &str, path: &Path, error: &io::Error) -> Error {
    let message = format!("{} cannot be {action}: {error}", path.display());
    Error::local(ErrorKind::JournalIo, message)
}

fn missing(subfolder: &Path) -> Error {
    let message = format!(
        "{} is missing: check whether the disk of the journal is mounted",
        subfolder.display()
    );
    Error::local(ErrorKind::JournalFolder, message)
}

/// The error of a file that cannot be used.
fn unusable(path: &Path, error: FileError) -> Error {
    match error {
        FileError::Foreign(problem) => {
            let message = format!("{}: {problem}", path.display());
            Error::local(ErrorKind::JournalDamaged, message)
        }
        FileError::System(error) => cannot("opened", path, &error),
    }
}

/// Parses the lines of a file. Returns them, and their length in bytes.
fn parse(path: &Path, content: &[u8], key: Option<&str>) -> Result<(History, usize), Error> {
    History::parse(content, key).map_err(|problem| {
        let line = problem.line;
        let (kind, words) = match problem.problem {
            LineProblem::Version => {
                (ErrorKind::JournalVersion, "has another version; use a newer library")
            }
            LineProblem::Unreadable => (
                ErrorKind::JournalDamaged,
                "is not a line of this key; nothing is sent until a person has repaired it",
            ),
        };
        Error::local(kind, format!("{}: line {line} {words}", path.display()))
    })
}

/// Writes an event to the file of a key, and waits until it is on the disk.
fn append(
    file: &mut LockedFile,
    path: &Path,
    history: &mut History,
    event: Event,
) -> Result<(), Error> {
    let is_intent = matches!(event, Event::Intent(_));
    let record = Record { at: now_ms(), event };
    let line = record.to_line();
    if is_intent && !file.has_room(line.len()) {
        // It could not be read again.
        return Err(cannot("written", path, &io::Error::other("it is full; use another key")));
    }
    if history.push(record).is_none() {
        return Err(Error::local(ErrorKind::Internal, "this line cannot follow the last one"));
    }
    panic_points::pass("a line is appended");
    // Before the first line, so that a file with a line certainly is in its folder.
    let folder = path.parent().filter(|_| file.is_new());
    let written = folder.map_or(Ok(()), key_file::sync_folder);
    let written = written.and_then(|()| file.append(&line, false));
    written.map_err(|error| cannot("written", path, &error))
}

/// Reads the file of a key without keeping it locked; `None` if it has no line.
fn read_entry(path: &Path, key: Option<&str>) -> Result<Option<JournalEntry>, Error> {
    let read = || {
        panic_points::pass("a key is read");
        let content = key_file::read_file(path).map_err(|error| unusable(path, error))?;
        let (history, _) = parse(path, &content.unwrap_or_default(), key)?;
        match history.intent() {
            Some(intent) if !is_file_of(path, &intent.key) => {
                Err(unusable(path, FileError::Foreign("its name is not that of its key")))
            }
            _ => Ok(history),
        }
    };
    let mut history = read()?;
    while history.state() == State::Open {
        if key_file::is_locked(path).map_err(|error| unusable(path, error))? {
            return Ok(JournalEntry::new(&history, true));
        }
        // The call may have ended since, and another one may have begun.
        let later = read()?;
        if later == history {
            break;
        }
        history = later;
    }
    Ok(JournalEntry::new(&history, false))
}

/// Opens and locks the file of a key. Waits a moment if it is locked although no request is in
/// progress: another call begins or ends, somebody reads the state of the key, or the host process
/// is just starting a program, which has a duplicate of a locked file until it runs.
fn lock(path: &Path, key: &str, creates: bool) -> Result<Found, Error> {
    panic_points::pass("a key is locked");
    let unusable = |error| unusable(path, error);
    for _ in 0..LOCK_TRIES {
        match LockedFile::open(path, creates).map_err(unusable)? {
            Found::Busy(content) => {
                // Unreadable while its owner replaces a torn line.
                let history = History::parse(&content, Some(key));
                let is_open = history.is_ok_and(|(history, _)| history.state() == State::Open);
                if is_open && key_file::is_locked(path).map_err(unusable)? {
                    return Ok(Found::Busy(content));
                }
            }
            found => return Ok(found),
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    LockedFile::open(path, creates).map_err(unusable)
}

/// Decides about a key that somebody else has locked.
fn decide_busy(key: &str, path: &Path, content: &[u8], digest: &str) -> Result<Claim, Error> {
    let (history, _) = parse(path, content, Some(key))?;
    let is_open = history.state() == State::Open;
    let kind = match history.decide(digest) {
        Decision::OtherRequest if is_open => ErrorKind::KeyOtherRequest,
        _ => ErrorKind::KeyInProgress,
    };
    let entry = if is_open { JournalEntry::new(&history, true) } else { None };
    Ok(Claim::Refused(refusal(kind, key, entry.as_ref()), entry.map(Box::new)))
}

impl Granted {
    /// Writes the outcome of the request, and waits until it is on the disk.
    ///
    /// # Errors
    ///
    /// Why it is not recorded. Then the outcome of the key stays unknown.
    pub(crate) fn complete(
        &mut self,
        outcome: Outcome,
        trigger_id: Option<&str>,
    ) -> Result<(), String> {
        let trigger_id = trigger_id.map(str::to_owned);
        let record = Record { at: now_ms(), event: Event::Outcome { outcome, trigger_id } };
        let line = record.to_line();
        panic_points::pass("an outcome is recorded");
        self.file.append(&line, true).map_err(|error| error.to_string())?;
        self.history.push(record).ok_or_else(|| "this line cannot follow the intent".to_owned())
    }

    /// Returns what is known about the key now.
    pub(crate) fn entry(&self) -> Option<JournalEntry> {
        JournalEntry::new(&self.history, false)
    }
}

/// The error of a call that sent nothing because of what is known about its key.
pub(crate) fn refusal(kind: ErrorKind, key: &str, entry: Option<&JournalEntry>) -> Error {
    let trigger_id = entry.and_then(JournalEntry::trigger_id).unwrap_or_default();
    let (outcome, words) = match kind {
        ErrorKind::AlreadyAccepted => {
            let message =
                format!("key \"{key}\" was already accepted with trigger id {trigger_id}");
            return Error::new(kind, Outcome::Accepted, message);
        }
        ErrorKind::KeyInProgress => (
            Outcome::Unknown,
            "is in progress in another call; nothing was sent now; calling again with this key is \
             safe, a plain trigger is not",
        ),
        ErrorKind::KeyUnresolved => (
            Outcome::Unknown,
            "has an unknown outcome: an earlier call may have triggered it; nothing was sent now; \
             find out whether it runs, and resolve the key",
        ),
        _ => (
            Outcome::NotSent,
            "was used for a different request, which was accepted or may be running; nothing was \
             sent; use one key per request, and exclude variables that differ each time",
        ),
    };
    Error::new(kind, outcome, format!("key \"{key}\" {words}"))
}

/// Returns the name of the file of a key.
fn file_name(key: &str) -> String {
    digest::of_key(key) + ".jsonl"
}

fn is_file_of(path: &Path, key: &str) -> bool {
    path.file_name().is_some_and(|name| *name == *file_name(key))
}

/// The error of a call whose client is closed or drained: there is no intent.
pub(crate) fn client_stopped(reason: &str) -> Error {
    Error::local(ErrorKind::Cancelled, format!("{reason} (nothing was sent)"))
}

pub(crate) fn check_key(key: &str) -> Result<(), Error> {
    text_problem(key)
        .map_or(Ok(()), |problem| Err(Error::local(ErrorKind::Key, format!("key {problem}"))))
}

fn text_problem(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        Some("is empty or blank")
    } else if text.len() > MAX_TEXT_BYTES {
        Some("is longer than 1024 bytes")
    } else {
        control_problem(text)
    }
}

fn note(who: &str, reason: &str) -> Result<Note, Error> {
    for (name, text) in [("who", who), ("reason", reason)] {
        if let Some(problem) = text_problem(text) {
            return Err(Error::local(ErrorKind::JournalNote, format!("{name} {problem}")));
        }
    }
    Ok(Note { who: who.to_owned(), reason: reason.to_owned() })
}

fn key_not_found(key: &str) -> Error {
    let message = format!("the journal knows nothing about key \"{key}\"");
    Error::local(ErrorKind::KeyNotFound, message)
}

fn is_damage(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::JournalDamaged | ErrorKind::JournalVersion)
}

fn now_ms() -> i64 {
    ms_since_1970(SystemTime::now())
}

/// Negative before 1970.
fn ms_since_1970(time: SystemTime) -> i64 {
    let since = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(duration) => since(duration),
        Err(error) => -since(error.duration()),
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("folder", &self.folder)
            .field("base_url", &self.header.base_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Deref;

    use super::*;

    /// A new folder, which is removed at the end of a test.
    pub(super) struct TestFolder(PathBuf);

    impl TestFolder {
        pub(super) fn new(name: &str) -> Self {
            let name = format!("luma-{name}-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir(&folder).unwrap();
            TestFolder(folder)
        }
    }

    impl Deref for TestFolder {
        type Target = Path;

        fn deref(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for TestFolder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    const URL: &str = "http://127.0.0.1:1";

    fn new_journal(folder: &TestFolder) -> Journal {
        Journal::create(&**folder, URL).unwrap();
        Journal::open(&**folder).unwrap()
    }

    fn request() -> RequestSummary {
        RequestSummary {
            workflow: "w".into(),
            contact: None,
            application: None,
            ticket: None,
            channel: None,
        }
    }

    fn claim(journal: &Journal, key: &str, digest: &str) -> Result<Claim, Error> {
        journal.claim(key, request(), digest.into(), "id".into(), None)
    }

    fn granted(journal: &Journal, key: &str) -> Granted {
        match claim(journal, key, "d") {
            Ok(Claim::Granted(granted)) => granted,
            Ok(Claim::Refused(error, _)) => panic!("{error}"),
            Err(error) => panic!("{error}"),
        }
    }

    fn refused(journal: &Journal, key: &str, digest: &str) -> (Error, Option<KeyState>) {
        match claim(journal, key, digest) {
            Ok(Claim::Refused(error, entry)) => (error, entry.map(|entry| entry.state())),
            Ok(Claim::Granted(_)) => panic!("the key was granted"),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a request with a key, with this outcome.
    fn complete(journal: &Journal, key: &str, outcome: Outcome) {
        let trigger_id = (outcome == Outcome::Accepted).then_some("t");
        granted(journal, key).complete(outcome, trigger_id).unwrap();
    }

    fn state(journal: &Journal, key: &str) -> KeyState {
        journal.find(key).unwrap().state()
    }

    #[test]
    fn a_key_is_claimed_by_one_call_and_its_outcome_decides_about_the_next() {
        let folder = TestFolder::new("claims");
        let journal = new_journal(&folder);
        assert_eq!(journal.find("k").unwrap_err().kind(), ErrorKind::KeyNotFound);
        let now = || ms_since_1970(SystemTime::now());
        let before = now();
        let mut call = granted(&journal, "k");
        assert_eq!(state(&journal, "k"), KeyState::InProgress);
        let (error, entry) = refused(&journal, "k", "d");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeyInProgress, Outcome::Unknown));
        assert!(error.message().starts_with("key \"k\" is in progress"), "{error}");
        assert_eq!(entry, Some(KeyState::InProgress));
        let (error, _) = refused(&journal, "k", "other");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeyOtherRequest, Outcome::NotSent));
        call.complete(Outcome::Accepted, Some("t")).unwrap();
        assert_eq!(call.entry().unwrap().state(), KeyState::Accepted);
        drop(call);
        let entry = journal.find("k").unwrap();
        assert_eq!((entry.state(), entry.trigger_id()), (KeyState::Accepted, Some("t")));
        assert!((before..=now()).contains(&entry.time_ms()), "{entry:?}");
        let (error, entry) = refused(&journal, "k", "d");
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::AlreadyAccepted, Outcome::Accepted)
        );
        assert_eq!(error.message(), "key \"k\" was already accepted with trigger id t");
        assert_eq!(entry, Some(KeyState::Accepted));
        assert_eq!(refused(&journal, "k", "other").0.kind(), ErrorKind::KeyOtherRequest);

        for outcome in [Outcome::Rejected, Outcome::NotSent] {
            complete(&journal, "again", outcome);
            complete(&journal, "again", outcome);
            assert_eq!(journal.find("again").unwrap().state().outcome(), outcome);
        }
        complete(&journal, "unknown", Outcome::Unknown);
        let (error, _) = refused(&journal, "unknown", "d");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeyUnresolved, Outcome::Unknown));
    }

    #[test]
    fn a_call_waits_only_for_a_lock_that_no_request_holds() {
        let folder = TestFolder::new("locks");
        let journal = new_journal(&folder);
        let wait = LOCK_PAUSE * LOCK_TRIES;
        // A request is in progress: refused at once. More than one try, because the test may be
        // interrupted.
        let _call = granted(&journal, "open");
        let is_quick = |_| {
            let start = std::time::Instant::now();
            assert_eq!(refused(&journal, "open", "d").0.kind(), ErrorKind::KeyInProgress);
            start.elapsed() < wait / 2
        };
        assert!((0..20).any(is_quick));

        // Somebody else has the file, after the outcome.
        complete(&journal, "k", Outcome::Accepted);
        let path = journal.path_of("k");
        let hold = || match LockedFile::open(&path, false) {
            Ok(Found::Locked(file, _)) => file,
            _ => panic!("the file is not free"),
        };
        let held = hold();
        for digest in ["d", "other"] {
            let (error, entry) = refused(&journal, "k", digest);
            assert_eq!((error.kind(), entry), (ErrorKind::KeyInProgress, None));
        }
        assert_eq!(journal.acknowledge("k").unwrap_err().kind(), ErrorKind::KeyInProgress);
        assert_eq!(state(&journal, "k"), KeyState::Accepted);
        drop(held);
        // For a moment only: the call waits.
        let is_awaited = |_| {
            let held = hold();
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    std::thread::sleep(wait / 10);
                    drop(held);
                });
                refused(&journal, "k", "d").0.kind() == ErrorKind::AlreadyAccepted
            })
        };
        assert!((0..20).filter(|_| is_awaited(())).count() > 10);
    }

    #[test]
    fn a_person_settles_only_what_is_open() {
        use ErrorKind::KeyState as Refused;
        let folder = TestFolder::new("persons");
        let journal = new_journal(&folder);
        let acknowledged = Err("only an accepted key can be acknowledged");
        let resolved = Err("only a key whose outcome is unknown can be resolved");
        let unneeded = Err("the next call with this key sends anyway");
        let unresolved = Err("its outcome is unknown: resolve it before a new attempt");
        for (name, outcome, acknowledge, found, none, new_attempt) in [
            (
                "accepted",
                Some(Outcome::Accepted),
                Ok(KeyState::Accepted),
                resolved,
                resolved,
                Ok(KeyState::Released),
            ),
            ("rejected", Some(Outcome::Rejected), acknowledged, resolved, resolved, unneeded),
            ("not sent", Some(Outcome::NotSent), acknowledged, resolved, resolved, unneeded),
            (
                "unknown",
                Some(Outcome::Unknown),
                acknowledged,
                Ok(KeyState::Accepted),
                Ok(KeyState::Released),
                unresolved,
            ),
            (
                "open",
                None,
                acknowledged,
                Ok(KeyState::Accepted),
                Ok(KeyState::Released),
                unresolved,
            ),
        ] {
            for (action, expected) in [
                ("acknowledge", acknowledge),
                ("found", found),
                ("none", none),
                ("new attempt", new_attempt),
            ] {
                let key = format!("{name}: {action}");
                match outcome {
                    Some(outcome) => complete(&journal, &key, outcome),
                    None => drop(granted(&journal, &key)),
                }
                let result = match action {
                    "acknowledge" => journal.acknowledge(&key),
                    "found" => journal.resolve(&key, Some(" t2 "), "me", "seen"),
                    "none" => journal.resolve(&key, None, "me", "seen"),
                    _ => journal.new_attempt(&key, "me", "again"),
                };
                match (result, expected) {
                    (Ok(entry), Ok(state)) => {
                        assert_eq!(entry.state(), state, "{key}");
                        assert_eq!(journal.find(&key).unwrap().json(), entry.json(), "{key}");
                        assert_eq!(entry.is_acknowledged(), action == "acknowledge", "{key}");
                        assert_eq!(entry.trigger_id() == Some("t2"), action == "found", "{key}");
                    }
                    (Err(error), Err(problem)) => {
                        assert_eq!(error.kind(), Refused, "{key}");
                        assert!(error.message().ends_with(problem), "{error}");
                    }
                    (result, _) => panic!("{key}: {result:?}"),
                }
            }
        }
        // Twice is the same as once.
        let once = journal.acknowledge("accepted: acknowledge").unwrap();
        assert_eq!(once.json(), journal.find("accepted: acknowledge").unwrap().json());
        for act in [
            journal.acknowledge("none"),
            journal.resolve("none", None, "me", "seen"),
            journal.new_attempt("none", "me", "seen"),
        ] {
            assert_eq!(act.unwrap_err().kind(), ErrorKind::KeyNotFound);
        }
        for (who, reason) in [("", "seen"), ("me", " "), ("me\n", "seen"), ("me", "\u{1}")] {
            let error = journal.resolve("unknown: acknowledge", None, who, reason).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::JournalNote);
            let error = journal.new_attempt("unknown: acknowledge", who, reason).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::JournalNote);
        }
        let error = journal.resolve("unknown: acknowledge", Some("a/b"), "me", "seen").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TriggerId);
    }

    #[test]
    fn a_key_is_a_text_of_1_to_1024_bytes() {
        let folder = TestFolder::new("keys");
        let journal = new_journal(&folder);
        let (longest, longer) = ("x".repeat(1024), "x".repeat(1025));
        for (key, problem) in [
            ("", "key is empty or blank"),
            (" \t", "key is empty or blank"),
            ("a\n", "key ends with a line break"),
            ("a\tb", "key contains a control character"),
            (&longer, "key is longer than 1024 bytes"),
        ] {
            let error = check_key(key).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Key);
            assert!(error.message().starts_with(problem), "{error}");
            for result in [journal.find(key), journal.acknowledge(key)] {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Key);
            }
        }
        for key in ["a", " a b ", &longest] {
            check_key(key).unwrap();
        }
    }

    /// Writes the file of a key by hand.
    fn write(journal: &Journal, key: &str, text: &str) -> PathBuf {
        let path = journal.path_of(key);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn intent_line(key: &str, attempt: u32, at: i64) -> String {
        let (digest, request_id) = ("d".into(), "id".into());
        let key = key.to_owned();
        let intent = Intent { key, attempt, request: request(), digest, request_id };
        Record { at, event: Event::Intent(intent) }.to_line()
    }

    fn outcome_line(outcome: Outcome, at: i64) -> String {
        let trigger_id = (outcome == Outcome::Accepted).then(|| "t".into());
        Record { at, event: Event::Outcome { outcome, trigger_id } }.to_line()
    }

    #[test]
    fn a_file_that_is_not_understood_is_an_error_and_unfinished() {
        use ErrorKind::{JournalDamaged, JournalVersion};
        let folder = TestFolder::new("damaged");
        let journal = new_journal(&folder);
        let line = intent_line("k", 1, 7);
        for (text, kind, problem) in [
            (format!("{line}x\n"), JournalDamaged, "line 2 is not a line of this key"),
            (line.replace("\"v\":1", "\"v\":2"), JournalVersion, "line 1 has another version"),
            (line.repeat(2), JournalDamaged, "line 2 is not a line of this key"),
            (intent_line("other", 1, 7), JournalDamaged, "line 1 is not a line of this key"),
        ] {
            let path = write(&journal, "k", &text);
            let errors = [
                journal.find("k").unwrap_err(),
                journal.resolve("k", None, "me", "seen").unwrap_err(),
                claim(&journal, "k", "d").map(|_| ()).unwrap_err(),
            ];
            for error in errors {
                assert_eq!(error.kind(), kind, "{error}");
                assert!(error.message().contains(problem), "{error}");
                assert!(error.message().starts_with(&*path.to_string_lossy()), "{error}");
            }
            let unfinished = journal.unfinished().unwrap();
            assert_eq!(unfinished.len(), 1);
            assert_eq!(unfinished[0].state(), KeyState::Damaged);
            let file = path.strip_prefix(&*folder).unwrap().to_string_lossy().replace('\\', "\\\\");
            assert!(unfinished[0].json().contains(&file), "{unfinished:?}");
            assert_eq!(journal.prune(Duration::ZERO).unwrap(), 0);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        // A folder in place of a file is damage, too; a missing subfolder is not.
        let path = journal.path_of("k");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert_eq!(journal.find("k").unwrap_err().kind(), JournalDamaged);
        assert_eq!(journal.unfinished().unwrap()[0].state(), KeyState::Damaged);
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
        let missing = path.parent().unwrap().display().to_string() + " is missing";
        for error in [
            journal.unfinished().unwrap_err(),
            journal.prune(Duration::ZERO).unwrap_err(),
            claim(&journal, "k", "d").map(|_| ()).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::JournalFolder);
            assert!(error.message().starts_with(&missing), "{error}");
        }
        // A file where a folder should be.
        std::fs::write(path.parent().unwrap(), "").unwrap();
        let error = journal.unfinished().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalIo);
        assert!(error.message().contains(" cannot be read: "), "{error}");
        if cfg!(unix) {
            let error = journal.find("k").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::JournalIo);
            assert!(error.message().contains(" cannot be opened: "), "{error}");
        }
    }

    #[test]
    fn what_needs_attention_is_listed_oldest_first() {
        let folder = TestFolder::new("unfinished");
        let journal = new_journal(&folder);
        for (key, at, outcome) in [
            ("c", 5, None),
            ("b", 7, Some(Outcome::Unknown)),
            ("a", 7, Some(Outcome::Accepted)),
            ("d", 1, Some(Outcome::Rejected)),
            ("e", 1, Some(Outcome::NotSent)),
        ] {
            let outcome = outcome.map(|outcome| outcome_line(outcome, at));
            write(&journal, key, &(intent_line(key, 1, at) + &outcome.unwrap_or_default()));
        }
        let keys = || -> Vec<_> {
            let unfinished = journal.unfinished().unwrap();
            unfinished.iter().map(|entry| (entry.key().to_owned(), entry.state())).collect()
        };
        let (a, b) = (("a".into(), KeyState::Accepted), ("b".into(), KeyState::Unknown));
        let c = ("c".into(), KeyState::Unknown);
        assert_eq!(keys(), [c.clone(), a, b.clone()]);
        journal.acknowledge("a").unwrap();
        assert_eq!(keys(), [c, b]);
    }

    #[test]
    fn only_old_and_finished_keys_are_forgotten() {
        let folder = TestFolder::new("pruning");
        let journal = new_journal(&folder);
        let (old, new) = (now_ms() - 60_000, now_ms() + 60_000);
        for (at, outcomes) in [
            (old, [Some(Outcome::Rejected), Some(Outcome::Accepted), None]),
            (new, [Some(Outcome::Rejected), Some(Outcome::Accepted), None]),
        ] {
            for outcome in outcomes {
                let key = format!("{outcome:?} {}", at == old);
                let outcome = outcome.map(|outcome| outcome_line(outcome, at));
                write(&journal, &key, &(intent_line(&key, 1, at) + &outcome.unwrap_or_default()));
            }
        }
        // The name of a file that does not belong to its key; and one that never got a line.
        let foreign = journal.folder.join("00").join("foreign");
        std::fs::copy(journal.path_of("Some(Rejected) true"), &foreign).unwrap();
        let empty = write(&journal, "empty", "");
        if cfg!(unix) {
            // With a second name, a file stays.
            let path = write(&journal, "x", &intent_line("x", 1, old));
            std::fs::write(&path, intent_line("x", 1, old) + &outcome_line(Outcome::NotSent, old))
                .unwrap();
            std::fs::hard_link(&path, folder.join("second")).unwrap();
        }
        assert_eq!(journal.prune(Duration::from_secs(3600)).unwrap(), 0);
        assert!(!empty.exists());
        assert_eq!(journal.prune(Duration::from_secs(30)).unwrap(), 1);
        assert!(foreign.exists());
        let is_kept = |key: &str| journal.path_of(key).exists();
        assert!(!is_kept("Some(Rejected) true"));
        for key in ["Some(Rejected) false", "Some(Accepted) true", "Some(Accepted) false"] {
            assert!(is_kept(key), "{key}");
        }
        assert!(is_kept("None true") && is_kept("None false"));
        assert_eq!(is_kept("x"), cfg!(unix));
        assert_eq!(journal.prune(Duration::MAX).unwrap(), 0);
        journal.acknowledge("Some(Accepted) true").unwrap();
        assert_eq!(journal.prune(Duration::ZERO).unwrap(), 1);
    }

    #[test]
    fn the_file_of_a_key_stays_small_and_is_never_too_large_for_an_outcome() {
        let folder = TestFolder::new("sizes");
        let journal = new_journal(&folder);
        let lines =
            |key: &str| std::fs::read_to_string(journal.path_of(key)).unwrap().lines().count();
        let attempt = intent_line("k", 1, 7) + &outcome_line(Outcome::NotSent, 7);
        for (attempts, kept) in [(1, 1), (100, 100), (101, 50), (150, 50)] {
            write(&journal, "k", &attempt.repeat(attempts));
            let call = granted(&journal, "k");
            assert_eq!(lines("k"), 2 * kept + 1, "{attempts}");
            let json = call.entry().unwrap().json().to_owned();
            assert_eq!(json.matches("\"event\"").count(), 2 * kept + 1, "{attempts}");
        }
        // Lines that are not dropped fill a file, but leave room for an outcome and a decision.
        let note = Note { who: "me".into(), reason: "x".repeat(1000) };
        let again = Record { at: 7, event: Event::NewAttempt(note) }.to_line();
        let mut text = String::new();
        for attempt in 1.. {
            let open = intent_line("k", attempt, 7);
            if text.len() + open.len() > 1_048_576 - 65_536 {
                break;
            }
            text += &(open + &outcome_line(Outcome::Accepted, 7) + &again);
        }
        write(&journal, "k", &text);
        let error = claim(&journal, "k", "d").map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalIo);
        assert!(error.message().ends_with("cannot be written: it is full; use another key"));
        let cut = text.len() - again.len();
        write(&journal, "k", &text[..cut]);
        journal.new_attempt("k", "me", "again").unwrap();
    }

    #[test]
    fn a_journal_belongs_to_a_gateway_and_hides_its_secret() {
        let folder = TestFolder::new("gateway");
        let journal = new_journal(&folder);
        journal.check_gateway(&BaseUrl::parse("HTTP://127.0.0.1:1/").unwrap()).unwrap();
        let error = journal.check_gateway(&BaseUrl::parse("http://127.0.0.1:2").unwrap());
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalGateway);
        assert!(
            error
                .message()
                .ends_with("is for http://127.0.0.1:1, and the client is for http://127.0.0.1:2"),
            "{error}"
        );
        let parts = |part: &mut dyn FnMut(&[u8])| part(b"a");
        assert_eq!(journal.digest(&parts), digest::of_request(&journal.header.secret, &parts));
        let shown = format!("{journal:?}");
        assert!(shown.contains(URL) && !shown.contains("secret"), "{shown}");

        let warned = Journal { warning: Some("tmpfs"), ..journal };
        assert_eq!([warned.take_warning(), warned.take_warning()], [Some("tmpfs"), None]);
    }

    #[test]
    fn a_stopped_client_leaves_no_intent() {
        let folder = TestFolder::new("stopped");
        let journal = new_journal(&folder);
        let claimed = journal.claim("k", request(), "d".into(), "id".into(), Some("closed"));
        let error = claimed.map(|_| ()).unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Cancelled, Outcome::NotSent));
        assert_eq!(error.message(), "closed (nothing was sent)");
        assert_eq!(journal.find("k").unwrap_err().kind(), ErrorKind::KeyNotFound);
    }

    #[test]
    fn times_are_milliseconds_since_1970() {
        for (time, ms) in [
            (UNIX_EPOCH, 0),
            (UNIX_EPOCH + Duration::from_micros(1_500_999), 1_500),
            (UNIX_EPOCH - Duration::from_millis(7), -7),
        ] {
            assert_eq!(ms_since_1970(time), ms);
        }
    }
}
