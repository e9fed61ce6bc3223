//! The file of a key: opened, locked, read, appended.
//!
//! On Unix the lock is flock(2), which belongs to the open file. Therefore it
//!
//! - ends with its process, however that dies;
//! - excludes other threads and other copies of this library in the same process, which the record
//!   locks of fcntl(2) do not;
//! - is not lost when the process closes another descriptor of the same file, as those are;
//! - is shared with a forked child, in which [`ClosedInChild`] closes the file.
//!
//! On Windows the file is opened in a mode that does not let others open it for writing. This lock
//! ends with the process too, and unlike LockFileEx it leaves the file readable.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::fork;
use crate::memory;
use crate::panic_points;
use crate::sys::{self, ClosedInChild};

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Bytes that an intent leaves free, for its outcome and for later decisions of persons.
const RESERVED_BYTES: u64 = 64 * 1024;

/// How often a file may be removed between opening and locking it. The limit is for a file system
/// that does not count links.
const MAX_REMOVALS: usize = 100;

/// A file that this thread has locked.
pub(super) struct LockedFile {
    /// Before `file`, because fields are dropped in this order.
    _closed_in_child: ClosedInChild,
    file: Option<File>,
    /// Of the process that locked it, see [`fork::process`].
    process: u64,
    /// The bytes that are kept: the complete lines.
    length: u64,
    /// True if something else follows: a torn line, or attempts that are dropped.
    is_torn: bool,
    is_new: bool,
    /// False for a file that a call has written to, which saves a system call, see [`unlock`].
    unlocks: bool,
}

/// The file of a key, or the reason why it cannot be used.
pub(super) enum Found {
    /// The file, and its content.
    Locked(LockedFile, Vec<u8>),
    /// Somebody else has locked it. The content may end in the middle of a line.
    Busy(Vec<u8>),
    /// There is no file.
    Nothing,
}

/// Why a file cannot be used.
pub(super) enum FileError {
    /// It is not a regular file, or too large: not from this library.
    Foreign(&'static str),
    System(io::Error),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        FileError::System(error)
    }
}

impl LockedFile {
    /// Opens and locks a file, without waiting.
    pub(super) fn open(path: &Path, creates: bool) -> Result<Found, FileError> {
        for _ in 0..MAX_REMOVALS {
            let file = match open(path, Access::Write { creates }) {
                Ok(file) => file,
                Err(Refused::Missing) => return Ok(Found::Nothing),
                Err(Refused::Busy) => return Ok(Found::Busy(read_file(path)?.unwrap_or_default())),
                Err(Refused::Error(error)) => return Err(error),
            };
            let closed_in_child = ClosedInChild::register(&file);
            let is_locked = try_lock(&file, false)?;
            let metadata = check(&file)?;
            // It was removed by `prune` before it was locked here.
            if link_count(&metadata) == 0 {
                continue;
            }
            let content = read(&file, metadata.len())?;
            if !is_locked {
                return Ok(Found::Busy(content));
            }
            let is_new = content.is_empty();
            let locked = LockedFile {
                _closed_in_child: closed_in_child,
                file: Some(file),
                process: fork::process(),
                length: metadata.len(),
                is_torn: false,
                is_new,
                unlocks: true,
            };
            return Ok(Found::Locked(locked, content));
        }
        Err(FileError::Foreign("its file system counts no links, so it cannot have a journal"))
    }

    /// Sets the length of the lines that are kept.
    pub(super) fn keep(&mut self, length: usize) {
        let length = length as u64;
        self.is_torn = self.length != length;
        self.length = length;
    }

    /// True if there is room for an intent with so many bytes, and for what follows it.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.length + bytes as u64 + RESERVED_BYTES <= MAX_FILE_BYTES
    }

    /// Appends a line, and waits until it is on the disk.
    ///
    /// # Errors
    ///
    /// The line counts as not written, and no part of it stays. With `keeps_unsynced`, a complete
    /// line stays; whether it reaches the disk is uncertain.
    pub(super) fn append(&mut self, line: &str, keeps_unsynced: bool) -> io::Result<()> {
        let file = self.file.as_ref().filter(|_| self.process == fork::process());
        let Some(mut file) = file else {
            return Err(io::Error::other("the process was forked during the call"));
        };
        if self.is_torn {
            file.set_len(self.length)?;
            // Or a power failure could leave a part of the old text after the new line.
            file.sync_all()?;
            self.is_torn = false;
        }
        if cfg!(windows) {
            // Nobody else writes to it. Elsewhere the system appends.
            file.seek(SeekFrom::Start(self.length))?;
        }
        let written = file.write_all(line.as_bytes());
        let is_complete = written.is_ok();
        panic_points::pass("a line was written");
        let synced = written.and_then(|()| file.sync_all());
        if synced.is_ok() || is_complete && keeps_unsynced {
            self.length += line.len() as u64;
        } else {
            // If this fails too, the rest is a torn line, or an intent without an outcome.
            let _ = file.set_len(self.length);
        }
        panic_points::pass("a line was synced");
        synced
    }

    /// Removes the file, which stays locked. A call that has opened it notices that it has no link
    /// any more. With a second link it would not, so such a file stays; returns false then.
    pub(super) fn remove(&self, path: &Path) -> io::Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let is_removable = link_count(&file.metadata()?) == 1;
        if is_removable {
            std::fs::remove_file(path)?;
        }
        Ok(is_removable)
    }

    /// Leaves unlocking to closing.
    pub(super) fn unlock_by_closing(&mut self) {
        self.unlocks = false;
    }

    /// True if the file was empty, so it may have been created just now.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        if self.process == fork::process() {
            if let (Some(file), true) = (&self.file, self.unlocks) {
                unlock(file);
            }
        } else {
            // The process was forked during the call, which the parent continues. This child has
            // closed its descriptor, whose number may belong to another file by now.
            std::mem::forget(self.file.take());
        }
    }
}

/// Reads a file without locking it; `None` if there is none.
pub(super) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match open(path, Access::Read) {
        Ok(file) => {
            let length = check(&file)?.len();
            Ok(Some(read(&file, length)?))
        }
        Err(Refused::Missing) => Ok(None),
        Err(Refused::Busy) => Err(io::Error::from(io::ErrorKind::ResourceBusy).into()),
        Err(Refused::Error(error)) => Err(error),
    }
}

/// True if a call has locked the file, and not only this function in another thread or process,
/// which shares the lock. On Windows the two look alike. May lock the file for a moment.
pub(super) fn is_locked(path: &Path) -> Result<bool, FileError> {
    match open(path, Access::Probe) {
        Ok(file) => {
            let is_locked = !try_lock(&file, true)?;
            unlock(&file);
            Ok(is_locked)
        }
        Err(Refused::Missing) => Ok(false),
        Err(Refused::Busy) => Ok(true),
        Err(Refused::Error(error)) => Err(error),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Access {
    Read,
    /// To find out whether the file is locked.
    Probe,
    Write {
        creates: bool,
    },
}

/// Why a file was not opened.
enum Refused {
    Missing,
    #[cfg_attr(not(windows), allow(dead_code, reason = "only Windows refuses for that reason"))]
    Busy,
    Error(FileError),
}

fn open(path: &Path, access: Access) -> Result<File, Refused> {
    let mut options = OpenOptions::new();
    match access {
        Access::Read => options.read(true),
        Access::Probe => options.read(true).append(cfg!(windows)),
        Access::Write { creates } => options.read(true).append(true).create(creates),
    };
    #[cfg(unix)]
    set_flags(&mut options);
    #[cfg(windows)]
    set_sharing(&mut options, access);
    let opened = options.open(path).and_then(sys::above_standard_streams);
    opened.map_err(|error| match error.raw_os_error() {
        _ if error.kind() == io::ErrorKind::NotFound => Refused::Missing,
        #[cfg(unix)]
        Some(libc::ELOOP) => Refused::Error(FileError::Foreign("it is a symbolic link")),
        #[cfg(unix)]
        Some(libc::EISDIR | libc::ENXIO) => {
            Refused::Error(FileError::Foreign("it is not a regular file"))
        }
        // ERROR_SHARING_VIOLATION
        #[cfg(windows)]
        Some(32) => Refused::Busy,
        // Windows only says that the access is denied.
        #[cfg(windows)]
        _ if path.is_dir() => Refused::Error(FileError::Foreign("it is not a regular file")),
        _ => Refused::Error(FileError::System(error)),
    })
}

#[cfg(unix)]
fn set_flags(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    // A symbolic link is foreign, and a named pipe must not block.
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(windows)]
fn set_sharing(options: &mut OpenOptions, access: Access) {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    const FILE_SHARE_READ: u32 = 1;
    const FILE_SHARE_DELETE: u32 = 4;
    const GENERIC_READ: u32 = 0x8000_0000;
    const GENERIC_WRITE: u32 = 0x4000_0000;

    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    if access != Access::Read {
        options.share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE);
    }
    if matches!(access, Access::Write { .. }) {
        // `append` alone does not allow to cut off a torn line.
        options.access_mode(GENERIC_READ | GENERIC_WRITE);
    }
}

fn check(file: &File) -> Result<std::fs::Metadata, FileError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(FileError::Foreign("it is not a regular file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(FileError::Foreign("it is larger than 1 MiB"));
    }
    Ok(metadata)
}

/// Reads at most `length` bytes.
fn read(file: &File, length: u64) -> io::Result<Vec<u8>> {
    let length_in_memory = usize::try_from(length).map_err(io::Error::other)?;
    // For the lines, which are parsed one by one.
    memory::check(length_in_memory.saturating_mul(16))?;
    let mut content = Vec::with_capacity(length_in_memory);
    file.take(length).read_to_end(&mut content)?;
    Ok(content)
}

/// A shared lock is refused only if somebody has locked the file, and not if another one probes it.
fn try_lock(file: &File, is_shared: bool) -> io::Result<bool> {
    if cfg!(windows) {
        // It is locked since it was opened.
        return Ok(true);
    }
    match if is_shared { file.try_lock_shared() } else { file.try_lock() } {
        Ok(()) => Ok(true),
        Err(std::fs::TryLockError::WouldBlock) => Ok(false),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Unlocks a file that is closed next. Closing alone would leave it locked for a moment if another
/// thread is just starting a program, which has a duplicate until it runs.
fn unlock(file: &File) {
    if cfg!(unix) {
        // If it fails, closing unlocks.
        let _ = file.unlock();
    }
}

/// Returns the number of names that a file has; 0 if it was removed. On Windows it does not matter:
/// a file that is being removed cannot be opened, and who has opened a file excludes the others, by
/// any of its names.
fn link_count(metadata: &std::fs::Metadata) -> u64 {
    #[cfg(unix)]
    let count = std::os::unix::fs::MetadataExt::nlink(metadata);
    #[cfg(not(unix))]
    let (count, _) = (1, metadata);
    count
}

/// Waits until a folder's entries are on the disk. Windows does not offer that.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tests::TestFolder;

    fn locked(path: &Path) -> LockedFile {
        match LockedFile::open(path, true) {
            Ok(Found::Locked(file, _)) => file,
            _ => panic!("{} was not locked", path.display()),
        }
    }

    /// What opening a file finds: its state and its content.
    fn found(path: &Path, creates: bool) -> (&'static str, Vec<u8>) {
        match LockedFile::open(path, creates) {
            Ok(Found::Locked(_, content)) => ("locked", content),
            Ok(Found::Busy(content)) => ("busy", content),
            Ok(Found::Nothing) => ("nothing", Vec::new()),
            Err(FileError::Foreign(problem)) => (problem, Vec::new()),
            Err(FileError::System(error)) => panic!("{}: {error}", path.display()),
        }
    }

    fn content(path: &Path) -> Option<Vec<u8>> {
        read_file(path).ok().flatten()
    }

    fn is_locked(path: &Path) -> bool {
        matches!(super::is_locked(path), Ok(true))
    }

    #[test]
    fn a_file_is_locked_by_one_and_read_by_all() {
        let folder = TestFolder::new("key-file");
        let path = folder.join("a");
        assert_eq!(found(&path, false).0, "nothing");
        assert!(matches!(read_file(&path), Ok(None)));
        assert!(matches!(super::is_locked(&path), Ok(false)));

        let mut file = locked(&path);
        assert!(file.is_new());
        file.append("a\n", false).unwrap();
        file.append("b\n", true).unwrap();
        assert_eq!(file.length, 4);
        assert!(is_locked(&path));
        assert_eq!(found(&path, true), ("busy", b"a\nb\n".to_vec()));
        assert_eq!(content(&path), Some(b"a\nb\n".to_vec()));

        drop(file);
        assert!(!is_locked(&path));
        assert!(!locked(&path).is_new());
        assert_eq!(found(&path, false), ("locked", b"a\nb\n".to_vec()));
    }

    #[test]
    fn what_follows_the_kept_lines_is_overwritten() {
        let folder = TestFolder::new("kept-lines");
        let path = folder.join("a");
        for (text, kept, result) in [
            ("a\n", 2, "a\nc\n"),
            ("a\nb", 2, "a\nc\n"),
            ("a\nb\n", 2, "a\nc\n"),
            ("torn", 0, "c\n"),
        ] {
            std::fs::write(&path, text).unwrap();
            let mut file = locked(&path);
            file.keep(kept);
            assert_eq!(content(&path).unwrap(), text.as_bytes());
            file.append("c\n", false).unwrap();
            assert_eq!(content(&path).unwrap(), result.as_bytes(), "{text:?}");
            assert_eq!(file.length, result.len() as u64);
        }
    }

    #[test]
    fn a_file_has_room_for_an_intent_and_64_kib_after_it() {
        let folder = TestFolder::new("room");
        let path = folder.join("a");
        let mut file = locked(&path);
        assert!(file.has_room(1_048_576 - 65_536));
        assert!(!file.has_room(1_048_576 - 65_536 + 1));
        file.keep(1_048_576 - 65_536 - 10);
        assert!(file.has_room(10));
        assert!(!file.has_room(11));
        drop(file);

        for (length, expected) in [(1_048_576, "locked"), (1_048_577, "it is larger than 1 MiB")] {
            std::fs::write(&path, vec![b'\n'; length]).unwrap();
            assert_eq!(found(&path, false).0, expected);
        }
    }

    /// A started program has a duplicate of each descriptor for a moment.
    #[cfg(unix)]
    #[test]
    fn a_file_is_unlocked_although_a_started_program_has_it_open() {
        let folder = TestFolder::new("unlocking");
        for (unlocks, is_locked_after) in [(true, false), (false, true)] {
            let path = folder.join("a");
            let mut file = locked(&path);
            if !unlocks {
                file.unlock_by_closing();
            }
            let duplicate = file.file.as_ref().unwrap().try_clone().unwrap();
            drop(file);
            assert_eq!(is_locked(&path), is_locked_after);
            drop(duplicate);
            assert!(!is_locked(&path));
        }
    }

    #[test]
    fn a_forked_child_neither_writes_nor_unlocks() {
        let folder = TestFolder::new("forked");
        let path = folder.join("a");
        let mut file = locked(&path);
        file.process += 1;
        assert!(file.append("a\n", false).is_err());
        drop(file);
        assert_eq!(content(&path), Some(Vec::new()));
        assert!(is_locked(&path));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_line_that_may_not_be_on_the_disk_counts_only_if_it_is_kept() {
        let folder = TestFolder::new("unsynced");
        let full = || File::options().write(true).open("/dev/full").unwrap();
        // A pipe accepts a line, but cannot sync it.
        let (_reader, writer) = io::pipe().unwrap();
        let pipe = || File::from(std::os::fd::OwnedFd::from(writer.try_clone().unwrap()));
        for (other, keeps_unsynced, length) in
            [(full(), false, 0), (full(), true, 0), (pipe(), false, 0), (pipe(), true, 2)]
        {
            let mut file = locked(&folder.join("a"));
            file.file = Some(other);
            assert!(file.append("a\n", keeps_unsynced).is_err());
            assert_eq!(file.length, length);
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_a_regular_file_with_one_name_is_used() {
        let folder = TestFolder::new("foreign");
        let (path, other) = (folder.join("a"), folder.join("b"));
        std::fs::create_dir(&path).unwrap();
        assert_eq!(found(&path, true).0, "it is not a regular file");
        assert!(matches!(read_file(&path), Err(FileError::Foreign("it is not a regular file"))));
        std::fs::remove_dir(&path).unwrap();

        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert_eq!(found(&path, true).0, "it is a symbolic link");
        std::fs::remove_file(&path).unwrap();

        // Opening a named pipe would wait for its other end.
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        assert_eq!(found(&path, true).0, "it is not a regular file");
        assert!(matches!(read_file(&path), Err(FileError::Foreign("it is not a regular file"))));
        std::fs::remove_file(&path).unwrap();

        let file = locked(&path);
        std::fs::hard_link(&path, &other).unwrap();
        assert!(!file.remove(&path).unwrap() && path.exists());
        std::fs::remove_file(&other).unwrap();
        assert!(file.remove(&path).unwrap() && !path.exists());
        assert_eq!(link_count(&file.file.as_ref().unwrap().metadata().unwrap()), 0);
    }

    #[test]
    fn what_the_system_refuses_is_an_error() {
        let folder = TestFolder::new("refused");
        let file = folder.join("a");
        drop(locked(&file));
        // A file is no folder.
        let path = file.join("b");
        if cfg!(unix) {
            assert!(matches!(LockedFile::open(&path, true), Err(FileError::System(_))));
            assert!(matches!(read_file(&path), Err(FileError::System(_))));
            assert!(sync_folder(&path).is_err());
        }
        assert!(matches!(LockedFile::open(&folder.join("b").join("c"), true), Ok(Found::Nothing)));
        sync_folder(&folder).unwrap();
    }
}
