//! The token file and the token command of a configuration file. The file is read, and the command
//! run, when a token is needed. This happens in a thread of its own, because a command may hang,
//! and so may a file on a network drive.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, PipeReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::files;
use crate::limits::MAX_URL_BYTES;
use crate::panic_points;
use crate::sys;
use crate::token::AccessToken;
use crate::transport::{CallContext, Fault, SharedWork};
use crate::wiped;

/// A token and the end of its line.
const MAX_BYTES: u64 = MAX_URL_BYTES as u64 + 2;

/// The longest time that a source may take, if the deadline of the call is not earlier. Enough for
/// a vault that has to be asked over a network.
const LIMIT: Duration = Duration::from_secs(30);

/// The first pause before asking again whether a command has ended, after it closed its output.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// The source of a token.
#[derive(Debug, Clone)]
pub(crate) enum TokenSource {
    /// A file that contains nothing but the token and perhaps the end of its line.
    File(PathBuf),
    /// A program that prints the same, and its arguments.
    Command { program: OsString, arguments: Vec<String> },
}

/// The name of a source in messages: without the arguments of a command, which may be secret.
impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenSource::File(path) => write!(f, "token file {}", files::display(path)),
            TokenSource::Command { program, .. } => {
                write!(f, "token command {}", files::display(Path::new(program)))
            }
        }
    }
}

impl TokenSource {
    /// Returns the current token, within the call's deadline. A file is read in `reading`, so that
    /// calls of a client wait for the same thread. Commands run at the same time: each is killed
    /// with its own call.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TokenSource`], [`ErrorKind::FilePermissions`], [`ErrorKind::AccessToken`],
    /// [`ErrorKind::Cancelled`].
    pub(crate) fn token(
        self: &Arc<Self>,
        reading: &SharedWork<AccessToken>,
        call: &CallContext<'_>,
    ) -> Result<AccessToken, Error> {
        let own = SharedWork::default();
        let shared_work = match **self {
            TokenSource::File(_) => reading,
            TokenSource::Command { .. } => &own,
        };
        let running = Arc::new(Mutex::new(Running::default()));
        let (source, shared) = (self.clone(), running.clone());
        let work = move || {
            panic_points::pass("the thread of a token source runs");
            source
                .read(&shared)
                .map_err(|error| Fault { kind: error.kind(), message: error.message().to_owned() })
        };
        call.in_background(shared_work, LIMIT, &self.to_string(), work, || abandon(&running))
            .map_err(|fault| Error::local(fault.kind, fault.message))
    }

    /// Reads the file, or runs the command.
    fn read(&self, running: &Mutex<Running>) -> Result<AccessToken, Error> {
        match self {
            TokenSource::File(path) => read_file(path),
            TokenSource::Command { program, arguments } => {
                let name = self.to_string();
                let mut command = Command::new(program);
                command.args(arguments);
                match run(&mut command, running) {
                    Ok(output) => token(&format!("the output of {name}"), &output),
                    Err(problem) => {
                        Err(Error::local(ErrorKind::TokenSource, format!("{name} {problem}")))
                    }
                }
            }
        }
    }
}

/// Reads a token file.
///
/// # Errors
///
/// [`ErrorKind::TokenSource`] if it cannot be read, [`ErrorKind::FilePermissions`] if others can
/// read it too, [`ErrorKind::AccessToken`] if it contains no token.
pub(crate) fn read_file(path: &Path) -> Result<AccessToken, Error> {
    let name = || format!("token file {}", files::display(path));
    let content = match files::read(path, MAX_BYTES) {
        Ok(content) => content,
        Err(problem) => {
            let message = format!("{} {}", name(), problem.message);
            return Err(Error::local(ErrorKind::TokenSource, message));
        }
    };
    if let Some(problem) = content.readers_problem(path) {
        return Err(Error::local(ErrorKind::FilePermissions, format!("{} {problem}", name())));
    }
    token(&name(), &content.bytes)
}

/// Checks a token that may be followed by the end of a line.
fn token(name: &str, bytes: &[u8]) -> Result<AccessToken, Error> {
    let bytes = bytes.strip_suffix(b"\n").map_or(bytes, |b| b.strip_suffix(b"\r").unwrap_or(b));
    // Refused, because it is not ASCII.
    let text = str::from_utf8(bytes).unwrap_or("\u{fffd}");
    AccessToken::from_argument(name, ErrorKind::AccessToken, text)
}

/// The command of a source, shared by the thread that reads its output and the call that waits.
#[derive(Default)]
struct Running {
    /// `None` before the start and after the end.
    child: Option<Child>,
    is_abandoned: bool,
}

fn lock(running: &Mutex<Running>) -> MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills the command, so that the thread that reads its output ends too.
fn abandon(running: &Mutex<Running>) {
    let mut running = lock(running);
    running.is_abandoned = true;
    if let Some(child) = &mut running.child {
        kill(child);
    }
}

/// Kills a command and, where the system has process groups, its children, also if it has ended
/// before them.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    sys::kill_group(child);
    #[cfg(not(unix))]
    let _ = child.kill();
}

/// Runs a command and returns its output. What it writes to stderr is discarded, because it may
/// contain the token or another secret.
///
/// # Errors
///
/// The problem, to follow the name of the command in a message.
fn run(command: &mut Command, running: &Mutex<Running>) -> Result<Zeroizing<Vec<u8>>, String> {
    let output = start(command, running).map_err(|error| format!("cannot be started: {error}"))?;
    let output = wiped::read_to_end(output, 1024, MAX_BYTES).map(Zeroizing::new);
    let is_whole = matches!(&output, Ok(output) if output.len() as u64 <= MAX_BYTES);
    let mut pause = FIRST_PAUSE;
    let status = loop {
        let mut running = lock(running);
        let Some(child) = &mut running.child else { break None };
        if !is_whole {
            kill(child);
        }
        match child.try_wait() {
            Ok(None) => {}
            ended => {
                running.child = None;
                // The host process may have waited for it, or ignores SIGCHLD.
                break ended.ok().flatten();
            }
        }
        drop(running);
        thread::sleep(pause);
        pause = LONGEST_PAUSE.min(2 * pause);
    };
    let output = output.map_err(|error| format!("has an output that cannot be read: {error}"))?;
    if !is_whole {
        return Err("printed more than 8192 bytes".into());
    }
    match status {
        Some(status) if !status.success() => {
            Err(format!("failed ({status}); run it as the same user to see why"))
        }
        _ => Ok(output),
    }
}

/// Starts a command. Returns its output.
fn start(command: &mut Command, running: &Mutex<Running>) -> io::Result<PipeReader> {
    let (output, input) = io::pipe()?;
    let output = sys::above_standard_streams(output)?;
    let input = sys::above_standard_streams(input)?;
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        /// Without a window of its own.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
    }
    command.stdin(Stdio::null()).stdout(input).stderr(Stdio::null());
    let child = command.spawn();
    // The command keeps the other end of the pipe, which would then never end.
    command.stdout(Stdio::null());
    let mut child = child?;
    let mut running = lock(running);
    if running.is_abandoned {
        kill(&mut child);
    }
    running.child = Some(child);
    Ok(output)
}
