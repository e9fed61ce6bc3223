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
        if name != NEW_HEADER_FILE && !subfolders().any(|subfolder| *name == *subfolder) {
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

/// Creates a folder that only its owner can read, unless something exists there.
fn create_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "the mode exists on Unix only"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
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
    let found = file_system(folder).map_err(|error| {
        let message = format!("{} cannot be opened: {error}", folder.display());
        Error::local(ErrorKind::JournalFolder, message)
    })?;
    check(folder, found)
}

fn check(folder: &Path, found: FileSystem) -> Result<Option<&'static str>, Error> {
    match found {
        FileSystem::Local => Ok(None),
        FileSystem::Volatile(warning) => Ok(Some(warning)),
        FileSystem::Network(name) => {
            let message = format!(
                "{} is on a network file system ({name}); a journal needs a local disk",
                folder.display()
            );
            Err(Error::local(ErrorKind::JournalNetwork, message))
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

/// The `f_type` of file systems on a network, from linux/magic.h and their sources. FUSE is a file
/// system in a program, mostly one on a network.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NETWORK_FILE_SYSTEMS: [(u32, &str); 20] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "FUSE"),
    (0x5346_414F, "AFS"),
    (0x6B41_4653, "AFS"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
    (0x7375_7245, "Coda"),
    (0x564C, "NCP"),
    (0x0116_1970, "GFS2"),
    (0x7461_636F, "OCFS2"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
    (0x2003_0528, "OrangeFS"),
    (0xAAD7_AAEA, "PanFS"),
    (0x786F_4256, "vboxsf"),
    (0xBACB_ACBC, "vmhgfs"),
];

#[cfg(any(target_os = "linux", target_os = "android"))]
const IN_MEMORY: &str = "the journal is in memory (tmpfs): it is lost when the machine restarts";

/// File systems that may not survive, with a warning.
#[cfg(any(target_os = "linux", target_os = "android"))]
const VOLATILE_FILE_SYSTEMS: [(u32, &str); 3] = [
    (0x0102_1994, IN_MEMORY),
    // ramfs.
    (0x8584_58F6, IN_MEMORY),
    (
        0x794C_7630,
        "the journal is in a container's own layer (overlay): it is lost with the container; use a \
         volume",
    ),
];

#[cfg(any(target_os = "linux", target_os = "android"))]
fn file_system(folder: &Path) -> io::Result<FileSystem> {
    #[allow(clippy::cast_possible_truncation, reason = "signed or wider on some platforms")]
    let kind = rustix::fs::statfs(folder)?.f_type as u32;
    Ok(file_system_of_kind(kind))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn file_system_of_kind(kind: u32) -> FileSystem {
    let find = |table: &[(u32, &'static str)]| {
        table.iter().find(|(known, _)| *known == kind).map(|(_, text)| *text)
    };
    match (find(&NETWORK_FILE_SYSTEMS), find(&VOLATILE_FILE_SYSTEMS)) {
        (Some(name), _) => FileSystem::Network(name),
        (None, Some(warning)) => FileSystem::Volatile(warning),
        (None, None) => FileSystem::Local,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tests::TestFolder;

    const URL: &str = "http://127.0.0.1:1";

    fn created(folder: &Path) -> Result<(), ErrorKind> {
        create(folder, URL).map_err(|error| error.kind())
    }

    #[test]
    fn a_journal_is_created_once_in_an_empty_folder() {
        let folder = TestFolder::new("creating");
        let new = folder.join("new");
        create(&new, "HTTP://LOCALHOST:1/x/").unwrap();
        let header = open(&new).unwrap();
        assert_eq!(header.base_url, "http://localhost:1/x");
        assert_eq!(header.secret.len(), 32);
        assert!(header.secret.iter().any(|byte| *byte != 0));
        let names = || fs::read_dir(&new).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(names().count(), 257);
        assert!(subfolders().all(|subfolder| names().any(|name| *name == *subfolder)));
        assert_eq!(subfolders().take(2).collect::<Vec<_>>(), ["00", "01"]);
        assert_eq!(subfolders().last().as_deref(), Some("ff"));
        let text = fs::read_to_string(new.join(HEADER_FILE)).unwrap();
        assert!(text.ends_with("}\n"), "{text}");
        #[cfg(unix)]
        for (path, mode) in
            [(new.clone(), 0o700), (new.join("00"), 0o700), (new.join(HEADER_FILE), 0o600)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
        }

        let error = create(&new, URL).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalExists);
        assert!(error.message().ends_with("has a journal already; open it"), "{error}");
        assert_eq!(created(&folder), Err(ErrorKind::JournalExists));
        assert!(!folder.join(HEADER_FILE).exists());
        assert_eq!(created(&folder.join("none").join("new")), Err(ErrorKind::JournalIo));
        assert_eq!(created(&new.join(HEADER_FILE)), Err(ErrorKind::JournalIo));
        assert_eq!(create(&folder, "x").unwrap_err().kind(), ErrorKind::BaseUrlScheme);
    }

    #[test]
    fn what_an_interrupted_creation_left_does_not_pass_for_a_journal() {
        let folder = TestFolder::new("interrupted");
        // Empty subfolders may be there; nothing else.
        let empty = folder.join("a");
        fs::create_dir(&empty).unwrap();
        fs::create_dir(empty.join("07")).unwrap();
        assert_eq!(created(&empty), Ok(()));

        let used = folder.join("b");
        fs::create_dir(&used).unwrap();
        fs::create_dir(used.join("07")).unwrap();
        fs::write(used.join("07").join("x"), "").unwrap();
        let error = create(&used, URL).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalExists);
        assert!(error.message().contains("it contains \"07\""), "{error}");
        assert!(used.join("07").join("x").exists() && !used.join(NEW_HEADER_FILE).exists());
        fs::remove_dir_all(used.join("07")).unwrap();
        fs::write(used.join("07"), "").unwrap();
        assert_eq!(created(&used), Err(ErrorKind::JournalIo));

        let other = folder.join("c");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("08x"), "").unwrap();
        let error = create(&other, URL).unwrap_err();
        assert!(error.message().contains("it contains \"08x\""), "{error}");

        let unfinished = folder.join("d");
        fs::create_dir(&unfinished).unwrap();
        fs::write(unfinished.join(NEW_HEADER_FILE), "").unwrap();
        let error = create(&unfinished, URL).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalExists);
        assert!(error.message().contains("its creation was interrupted"), "{error}");
        assert_eq!(open(&unfinished).map(|_| ()).unwrap_err().kind(), ErrorKind::JournalFolder);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_whose_path_is_too_long_is_no_unfinished_journal() {
        let folder = TestFolder::new("long-path");
        let mut path = folder.to_owned();
        // The system takes at most 4095 bytes.
        while path.as_os_str().len() < 4085 {
            path.push("x".repeat((4084 - path.as_os_str().len()).clamp(1, 200)));
        }
        fs::create_dir_all(&path).unwrap();
        assert_eq!(created(&path), Err(ErrorKind::JournalIo));
    }

    #[test]
    fn a_header_that_is_not_understood_is_refused() {
        use ErrorKind::{JournalDamaged, JournalVersion};
        let folder = TestFolder::new("headers");
        let secret = "00".repeat(32);
        let header = |format: &str, version: &str, secret: &str| {
            format!(
                r#"{{"format":"{format}","version":{version},"baseUrl":"{URL}","secret":"{secret}"}}"#
            )
        };
        let whole = header("luma-journal", "1", &secret);
        for (text, expected) in [
            (whole.clone(), Ok(())),
            (
                header("other", "1", &secret),
                Err((JournalDamaged, "it is not the file of a journal")),
            ),
            (header("luma-journal", "2", &secret), Err((JournalVersion, "has version 2"))),
            (header("luma-journal", "null", &secret), Err((JournalDamaged, "it has no version"))),
            (
                header("luma-journal", "1", &secret[2..]),
                Err((JournalDamaged, "it has no base URL or no secret")),
            ),
            (
                header("luma-journal", "1", &"0g".repeat(32)),
                Err((JournalDamaged, "it has no base URL or no secret")),
            ),
            (
                whole.replace("baseUrl", "url"),
                Err((JournalDamaged, "it has no base URL or no secret")),
            ),
            (whole.replace("version", "v"), Err((JournalDamaged, "it has no version"))),
            (whole[1..].into(), Err((JournalDamaged, "it is not JSON"))),
            (String::new(), Err((JournalDamaged, "it is not JSON"))),
        ] {
            fs::write(folder.join(HEADER_FILE), &text).unwrap();
            match (open(&folder), expected) {
                (Ok(header), Ok(())) => {
                    assert_eq!((&*header.base_url, header.secret), (URL, vec![0; 32]));
                }
                (Err(error), Err((kind, problem))) => {
                    assert_eq!(error.kind(), kind, "{text}");
                    assert!(error.message().contains(problem), "{error}");
                }
                (result, _) => panic!("{text}: {:?}", result.map(|header| header.base_url)),
            }
        }
        fs::remove_file(folder.join(HEADER_FILE)).unwrap();
        let error = open(&folder).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalFolder);
        fs::create_dir(folder.join(HEADER_FILE)).unwrap();
        assert_eq!(open(&folder).map(|_| ()).unwrap_err().kind(), JournalDamaged);
    }

    #[test]
    fn a_file_system_of_the_network_is_refused_and_one_in_memory_gives_a_warning() {
        let folder = TestFolder::new("file-system");
        let error = check_file_system(&folder.join("none")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalFolder);
        let found = |file_system| match check(&folder, file_system) {
            Ok(warning) => warning.unwrap_or("local").to_owned(),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::JournalNetwork);
                error.message().to_owned()
            }
        };
        assert_eq!(found(FileSystem::Local), "local");
        assert_eq!(found(FileSystem::Volatile("tmpfs")), "tmpfs");
        assert!(found(FileSystem::Network("NFS")).contains("network file system (NFS)"));
        #[cfg(target_os = "linux")]
        for (kind, words) in [
            (0x6969, "(NFS)"),
            (0x6573_5546, "(FUSE)"),
            (0x0102_1994, "(tmpfs)"),
            (0xEF53, "local"),
        ] {
            assert!(found(file_system_of_kind(kind)).contains(words), "{kind:x}");
        }
        #[cfg(target_os = "linux")]
        if Path::new("/dev/shm").is_dir() {
            let warning = check_file_system(Path::new("/dev/shm")).unwrap();
            assert_eq!(warning, Some(IN_MEMORY));
        }
    }
}
