//! The CA certificates of a system that keeps them in files.

use std::collections::HashSet;
use std::env;
use std::fmt;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::UnixTime;
use rustls::pki_types::pem::PemObject;

use crate::files;

use super::anchor_verifier::anchor_expiry;
use super::pem;

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// The location of the system's certificates.
#[derive(Clone)]
pub(in crate::transport) struct SystemStore {
    file: Option<PathBuf>,
    /// `SSL_CERT_DIR` may contain several, separated as in `PATH`.
    folders: Vec<PathBuf>,
}

/// The certificates that could be read.
pub(in crate::transport) struct SystemRoots {
    pub(super) store: RootCertStore,
    /// The last second of each certificate in the store.
    pub(super) expiries: Vec<UnixTime>,
    /// Why others could not be read.
    pub(super) problem: Option<String>,
}

impl SystemStore {
    /// False where the system itself verifies certificates.
    pub(in crate::transport) const IS_IN_FILES: bool = !cfg!(any(windows, target_vendor = "apple"));

    /// Reads the environment. An empty variable counts as unset, as in OpenSSL and curl.
    pub(in crate::transport) fn from_environment() -> Self {
        let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
        let folders = variable(FOLDERS).unwrap_or_default();
        let folders = env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty());
        SystemStore { file: variable(FILE).map(PathBuf::from), folders: folders.collect() }
    }

    /// Reads the certificates, which takes as long as the file system does.
    pub(in crate::transport) fn load(&self) -> SystemRoots {
        let mut reader = Reader::default();
        if self.file.is_some() || !self.folders.is_empty() {
            reader.file(FILE, self.file.as_deref());
            self.folders.iter().for_each(|folder| reader.folder(FOLDERS, folder));
        } else {
            let found = openssl_probe::probe();
            reader.file("CA file", found.cert_file.as_deref());
            found.cert_dir.iter().for_each(|folder| reader.folder("CA directory", folder));
        }
        let Reader { mut certificates, mut problems, .. } = reader;
        let mut unique = HashSet::new();
        certificates.retain(|certificate| unique.insert(certificate.clone()));
        let mut store = RootCertStore::empty();
        let mut expiries = Vec::with_capacity(certificates.len());
        for certificate in certificates {
            let expiry = anchor_expiry(&certificate);
            // A system's store may contain certificates that are invalid or of an unsupported kind.
            if store.add(certificate).is_ok() {
                expiries.push(expiry);
            }
        }
        if store.is_empty() && problems.is_empty() {
            problems.push(format!(
                "there are none in {self}; install the package ca-certificates, or use set_ca_file"
            ));
        }
        let problem = if problems.is_empty() { None } else { Some(problems.join("; ")) };
        SystemRoots { store, expiries, problem }
    }
}

/// Names the variables and paths, for messages.
impl fmt::Display for SystemStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.iter().map(|path| named(FILE, path));
        let folders = self.folders.iter().map(|path| named(FOLDERS, path));
        let named: Vec<_> = file.chain(folders).collect();
        if named.is_empty() {
            return f.write_str("the system's usual directories, such as /etc/ssl/certs");
        }
        f.write_str(&named.join(" and "))
    }
}

fn named(name: &str, path: &Path) -> String {
    format!("{name} ({})", files::display(path))
}

/// For logs.
impl fmt::Display for SystemRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} certificates", self.store.len())?;
        self.problem.iter().try_for_each(|problem| write!(f, " ({problem})"))
    }
}

#[derive(Default)]
struct Reader {
    certificates: Vec<CertificateDer<'static>>,
    problems: Vec<String>,
    /// The files that were read: a directory contains several links to each.
    seen: HashSet<(u64, u64)>,
}

/// Returns the device and the inode of a file.
#[cfg(unix)]
fn identity(file: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

impl Reader {
    fn file(&mut self, name: &str, path: Option<&Path>) {
        let Some(path) = path else { return };
        self.seen.extend(fs::metadata(path).ok().as_ref().and_then(identity));
        if let Err(problem) = self.read(path) {
            self.problems.push(format!("{} {problem}", named(name, path)));
        }
    }

    fn folder(&mut self, name: &str, path: &Path) {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                self.problems.push(format!("{} cannot be read: {error}", named(name, path)));
                return;
            }
        };
        // Other files in the directory, and dangling links, are not a problem.
        for path in entries.flatten().map(|entry| entry.path()) {
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let is_new = identity(&metadata).is_none_or(|identity| self.seen.insert(identity));
            if metadata.is_file() && is_new {
                let _ = self.read(&path);
            }
        }
    }

    /// Reads a file's certificates, except damaged ones.
    fn read(&mut self, path: &Path) -> Result<(), String> {
        let text = pem::read_file(path)?;
        let before = self.certificates.len();
        self.certificates.extend(CertificateDer::pem_slice_iter(&text).flatten());
        if self.certificates.len() > before {
            return Ok(());
        }
        Err(pem::certificates(&text).err().unwrap_or(pem::INVALID_CERTIFICATE.into()).into())
    }
}
