//! Reads whole files into memory that is wiped, and checks whether other users can read them.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::memory;
use crate::redact;
use crate::sys;
use crate::wiped;

/// The longest path that is shown in a message.
const MAX_PATH_CHARS: usize = 300;

/// A file that was read.
pub(crate) struct Content {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// The permissions of the file. `None` where the library does not know them: on Windows, an
    /// access control list has them.
    mode: Option<u32>,
}

/// Why a file was not read.
#[derive(Debug)]
pub(crate) struct Problem {
    /// True if there is no such file.
    pub(crate) is_missing: bool,
    /// Continues the name of the file.
    pub(crate) message: String,
}

impl Problem {
    fn new(message: impl Into<String>) -> Self {
        Problem { is_missing: false, message: message.into() }
    }

    fn unreadable(error: &io::Error) -> Self {
        use io::ErrorKind::{NotADirectory, NotFound};
        Problem {
            is_missing: matches!(error.kind(), NotFound | NotADirectory),
            message: format!("cannot be read: {error}"),
        }
    }
}

/// Reads a regular file of at most `max_bytes`. Never waits for a named pipe.
pub(crate) fn read(path: &Path, max_bytes: u64) -> Result<Content, Problem> {
    // Opening a device may have an effect, and Windows cannot open a directory.
    check(&fs::metadata(path).map_err(|error| Problem::unreadable(&error))?)?;
    let file = open(File::options().read(true), path);
    let file = file.map_err(|error| Problem::unreadable(&error))?;
    // Another file may have taken its place.
    let metadata = file.metadata().map_err(|error| Problem::unreadable(&error))?;
    check(&metadata)?;
    let too_large = || Problem::new(format!("is larger than {}", size(max_bytes)));
    if metadata.len() > max_bytes {
        return Err(too_large());
    }
    // For the content, and for copies of its parts.
    memory::check(4 * metadata.len() as usize)
        .map_err(|_| Problem::new(format!("cannot be read: {}", memory::MESSAGE)))?;
    let bytes = wiped::read_to_end(file, metadata.len() as usize, max_bytes);
    let bytes = Zeroizing::new(bytes.map_err(|error| Problem::unreadable(&error))?);
    if bytes.len() as u64 > max_bytes {
        return Err(too_large());
    }
    Ok(Content { bytes, mode: mode(&metadata) })
}

fn check(metadata: &fs::Metadata) -> Result<(), Problem> {
    if metadata.is_dir() {
        Err(Problem::new("is a directory"))
    } else if !metadata.is_file() {
        Err(Problem::new("is not a regular file"))
    } else {
        Ok(())
    }
}

/// Opens a file. Never waits for a named pipe, and never returns a standard stream's descriptor.
pub(crate) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    sys::above_standard_streams(options.open(path)?)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "it is unknown elsewhere")]
fn mode(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> Option<u32> {
    None
}

impl Content {
    /// Returns why a file with a secret in it must not be used; `None` if only its owner can read
    /// and change it. Continues the name of the file.
    pub(crate) fn readers_problem(&self, path: &Path) -> Option<String> {
        let mode = self.mode.filter(|mode| mode & 0o066 != 0)?;
        let path = display(path);
        Some(format!("is open to other users (mode {mode:04o}); run: chmod 600 {path}"))
    }

    /// As [`readers_problem`](Self::readers_problem), for a file that decides where a secret is
    /// sent.
    pub(crate) fn writers_problem(&self, path: &Path) -> Option<String> {
        let mode = self.mode.filter(|mode| mode & 0o002 != 0)?;
        let path = display(path);
        Some(format!("can be changed by every user (mode {mode:04o}); run: chmod o-w {path}"))
    }
}

/// Writes a limit in the unit that divides it.
fn size(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

/// Returns a path for a message.
pub(crate) fn display(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return "with an empty path".into();
    }
    redact::shortened(&path.to_string_lossy(), MAX_PATH_CHARS)
}
