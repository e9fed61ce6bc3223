//! The folder of a journal: `journal.json`, and 256 subfolders for the files of the keys. The
//! subfolders are created together with the journal, so that a call creates nothing but the file of
//! its key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::panic_points;
use crate::transport::BaseUrl;

use super::digest::{self, SECRET_BYTES};
use super::key_file::{self, FileError, sync_folder};
use super::record::{ObjectWriter, VERSION};

const HEADER_FILE: &str = "journal.json";
/// The header while it is written. Only one process creates a journal at a time.
const NEW_HEADER_FILE: &str = "journal.json.new";
const FORMAT: &str = "luma-journal";

/// The content of `journal.json`.
pub(super) struct Header {
    pub(super) base_url: String,
    pub(super) secret: Vec<u8>,
}

/// Returns a base URL in a form that can be compared.
pub(super) fn normalized(base_url: &BaseUrl) -> String {
    let host = base_url.host.to_ascii_lowercase();
    BaseUrl { host, ..base_url.clone() }.url("")
}

/// Returns the names of the subfolders.
pub(super) fn subfolders() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|number| digest::hex(&[number]))
}

/// Creates a journal.
pub(super) fn create(folder: &Path, base_url: &str) -> Result<(), Error> {
    let base_url = normalized(&BaseUrl::parse(base_url)?);
    let failed = |what: &'static str| {
        move |error: io::Error| {
            let message =
                format!("the journal {} cannot be created: {what}: {error}", folder.display());
            Error::local(ErrorKind::JournalIo, message)
        }
    };
    create_folder(folder).map_err(failed("the folder"))?;
    check_file_system(folder)?;
    for entry in fs::read_dir(folder).map_err(failed("the folder"))? {
        let name = entry.map_err(failed("the folder"))?.file_name();
        if name == HEADER_FILE {
            return Err(exists(folder));
        }
        if name == NEW_HEADER_FILE {
            return Err(unfinished(folder));
        }
        if !subfolders().any(|subfolder| *name == *subfolder) {
            return Err(not_empty(folder, &name.to_string_lossy()));
        }
    }
    let new_header = folder.join(NEW_HEADER_FILE);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(&new_header) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(unfinished(folder));
        }
        Err(error) => return Err(failed(NEW_HEADER_FILE)(error)),
    };
    let result = (|| {
        panic_points::pass("a journal is created");
        // Nobody else creates it now, but somebody may have finished just before.
        let header = folder.join(HEADER_FILE);
        if header.symlink_metadata().is_ok() {
            return Err(exists(folder));
        }
        for name in subfolders() {
            let subfolder = folder.join(&name);
            match create_subfolder(&subfolder) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                    return Err(not_empty(folder, &name));
                }
                Err(error) => return Err(failed("a subfolder")(error)),
            }
        }
        let text = header_text(&base_url)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(failed(NEW_HEADER_FILE))?;
        sync_folder(folder).map_err(failed("the folder"))?;
        fs::rename(&new_header, header).map_err(failed(HEADER_FILE))?;
        sync_folder(folder).map_err(failed("the folder"))?;
        let absolute = std::path::absolute(folder).map_err(failed("the folder"))?;
        absolute.parent().map_or(Ok(()), sync_folder).map_err(failed("the folder above it"))
    })();
    if result.is_err() {
        let _ = fs::remove_file(new_header);
    }
    result
}

fn exists(folder: &Path) -> Error {
    let message = format!("{} has a journal already; open it", folder.display());
    Error::local(ErrorKind::JournalExists, message)
}

fn unfinished(folder: &Path) -> Error {
    let folder = folder.display();
    let message = format!(
        "a journal is being created in {folder}, or its creation was interrupted: if no other \
         process is creating it, delete the folder and try again"
    );
    Error::local(ErrorKind::JournalExists, message)
}

fn not_empty(folder: &Path, name: &str) -> Error {
    let name = name.escape_debug();
    let message = format!(
        "{} is not empty: it contains \"{name}\"; choose a new folder for the journal",
        folder.display()
    );
    Error::local(ErrorKind::JournalExists, message)
}

/// Creates a folder that only its owner can read, unless it exists.
fn create_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "the mode exists on Unix only"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        created => created,
    }
}

/// Creates an empty subfolder. An earlier attempt to create the journal may have left it.
fn create_subfolder(path: &Path) -> io::Result<()> {
    match fs::remove_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_folder(path),
    }
}

fn header_text(base_url: &str) -> Result<String, Error> {
    let mut secret = [0; SECRET_BYTES];
    SystemRandom::new().fill(&mut secret).map_err(|_| {
        Error::local(ErrorKind::JournalIo, "the system returned no random numbers for the journal")
    })?;
    let mut json = ObjectWriter::new();
    json.text("format", FORMAT);
    json.number("version", VERSION);
    json.text("baseUrl", base_url);
    json.text("secret", &digest::hex(&secret));
    Ok(json.finish() + "\n")
}

/// Reads `journal.json`.
pub(super) fn open(folder: &Path) -> Result<Header, Error> {
    let path = folder.join(HEADER_FILE);
    let damaged = |problem: &str| {
        let message = format!("{}: {problem}", path.display());
        Error::local(ErrorKind::JournalDamaged, message)
    };
    let content = match key_file::read_file(&path) {
        Ok(Some(content)) => content,
        Ok(None) => {
            let message = format!(
                "there is no journal in {}: check the path, and whether its disk is mounted; \
                 a new journal is created explicitly",
                folder.display()
            );
            return Err(Error::local(ErrorKind::JournalFolder, message));
        }
        Err(FileError::Foreign(problem)) => return Err(damaged(problem)),
        Err(FileError::System(error)) => {
            let message = format!("{} cannot be read: {error}", path.display());
            return Err(Error::local(ErrorKind::JournalIo, message));
        }
    };
    let text = str::from_utf8(&content).ok().filter(|text| json::is_json(text));
    let header = Json::new(text.ok_or_else(|| damaged("it is not JSON"))?);
    if header.get("format").and_then(Json::as_text).as_deref() != Some(FORMAT) {
        return Err(damaged("it is not the file of a journal"));
    }
    match header.get("version").map(Json::as_i64) {
        Some(Ok(VERSION)) => {}
        Some(Ok(version)) => {
            let message = format!(
                "{} has version {version}; this library reads version {VERSION}: use a newer one",
                path.display()
            );
            return Err(Error::local(ErrorKind::JournalVersion, message));
        }
        _ => return Err(damaged("it has no version")),
    }
    let base_url = header.get("baseUrl").and_then(Json::as_text);
    let secret = header.get("secret").and_then(Json::as_text);
    let secret = secret.and_then(|secret| digest::from_hex(&secret));
    match (base_url, secret) {
        (Some(base_url), Some(secret)) if secret.len() == SECRET_BYTES => {
            Ok(Header { base_url: base_url.into_owned(), secret })
        }
        _ => Err(damaged("it has no base URL or no secret")),
    }
}

/// Refuses a file system of the network, whose locks and caches do not belong to this machine
/// alone. Returns a warning about one that may not survive.
pub(super) fn check_file_system(folder: &Path) -> Result<Option<&'static str>, Error> {
    let refused = |name: &str| {
        let message = format!(
            "{} is on a network file system ({name}); a journal needs a local disk",
            folder.display()
        );
        Err(Error::local(ErrorKind::JournalNetwork, message))
    };
    match file_system(folder) {
        Ok(FileSystem::Local) => Ok(None),
        Ok(FileSystem::Volatile(warning)) => Ok(Some(warning)),
        Ok(FileSystem::Network(name)) => refused(name),
        Err(error) => {
            let message = format!("{} cannot be opened: {error}", folder.display());
            Err(Error::local(ErrorKind::JournalFolder, message))
        }
    }
}

enum FileSystem {
    Local,
    /// With a warning.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "not recognized"))]
    Volatile(&'static str),
    Network(&'static str),
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn file_system(folder: &Path) -> io::Result<FileSystem> {
    // From linux/magic.h and the sources of the file systems. FUSE is a file
    // system in a program, mostly one on a network.
    let kind = rustix::fs::statfs(folder)?.f_type;
    #[allow(clippy::cast_possible_truncation, reason = "signed or wider on some platforms")]
    Ok(match kind as u32 {
        0x6969 => FileSystem::Network("NFS"),
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => FileSystem::Network("SMB"),
        0x0102_1997 => FileSystem::Network("9p"),
        0x6573_5546 => FileSystem::Network("FUSE"),
        0x5346_414F | 0x6B41_4653 => FileSystem::Network("AFS"),
        0x00C3_6400 => FileSystem::Network("Ceph"),
        0x0BD0_0BD0 => FileSystem::Network("Lustre"),
        0x7375_7245 => FileSystem::Network("Coda"),
        0x564C => FileSystem::Network("NCP"),
        0x0116_1970 => FileSystem::Network("GFS2"),
        0x7461_636F => FileSystem::Network("OCFS2"),
        0x4750_4653 => FileSystem::Network("GPFS"),
        0x1983_0326 => FileSystem::Network("BeeGFS"),
        0x2003_0528 => FileSystem::Network("OrangeFS"),
        0xAAD7_AAEA => FileSystem::Network("PanFS"),
        0x786F_4256 => FileSystem::Network("vboxsf"),
        0xBACB_ACBC => FileSystem::Network("vmhgfs"),
        0x0102_1994 | 0x8584_58F6 => FileSystem::Volatile(
            "the journal is in memory (tmpfs): it is lost when the machine restarts",
        ),
        0x794C_7630 => FileSystem::Volatile(
            "the journal is in a container's own layer (overlay): it is lost with the container; \
             use a volume",
        ),
        _ => FileSystem::Local,
    })
}

#[cfg(target_vendor = "apple")]
fn file_system(folder: &Path) -> io::Result<FileSystem> {
    let is_local = rustix::fs::statfs(folder)?.f_flags & libc::MNT_LOCAL as u32 != 0;
    Ok(if is_local { FileSystem::Local } else { FileSystem::Network("not MNT_LOCAL") })
}

/// The system resolves a drive letter of a network share to its UNC path.
#[cfg(windows)]
fn file_system(folder: &Path) -> io::Result<FileSystem> {
    use std::path::{Component, Prefix};

    Ok(match fs::canonicalize(folder)?.components().next() {
        Some(Component::Prefix(prefix))
            if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)) =>
        {
            FileSystem::Network("a share")
        }
        _ => FileSystem::Local,
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple", windows)))]
fn file_system(folder: &Path) -> io::Result<FileSystem> {
    fs::metadata(folder).map(|_| FileSystem::Local)
}
