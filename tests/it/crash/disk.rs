//! A disk with power failures: only synced bytes survive.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a power failure does to bytes that were written but not synced. A file whose folder was not
/// synced after its creation is gone, unless it keeps some of these bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lost {
    All,
    /// A part of them is on the disk.
    Half,
    /// The length of the file is on the disk, the bytes are not.
    Zeros,
}

/// The files of the keys as they are on the disk.
#[derive(Default)]
pub struct Disk {
    content: BTreeMap<PathBuf, Vec<u8>>,
    names: BTreeSet<PathBuf>,
}

impl Disk {
    /// A file or a folder was synced.
    pub fn sync(&mut self, path: &Path) {
        if path.is_dir() {
            self.names.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            self.content.insert(path.to_owned(), fs::read(path).unwrap_or_default());
        }
    }

    /// Returns what a file would contain after a power failure.
    pub fn lines(&self, path: &Path) -> Vec<String> {
        let content = self.content.get(path).filter(|_| self.names.contains(path));
        complete_lines(content.map_or(&[], |content| content))
    }

    /// The power fails, after all processes have ended.
    pub fn fail(&mut self, path: &Path, lost: Lost) {
        let Ok(current) = fs::read(path) else { return };
        let durable = self.content.get(path).cloned().unwrap_or_default();
        let content = match (current.strip_prefix(&*durable), lost) {
            (_, Lost::All) if !self.names.contains(path) => {
                fs::remove_file(path).unwrap();
                self.content.remove(path);
                return;
            }
            (_, Lost::All) => durable,
            (Some(unsynced), Lost::Half) => [&*durable, &unsynced[..unsynced.len() / 2]].concat(),
            (Some(unsynced), Lost::Zeros) => [&*durable, &*vec![0; unsynced.len()]].concat(),
            // The file was truncated and written again, but only the new bytes survive.
            (None, _) => [&*current, durable.get(current.len()..).unwrap_or_default()].concat(),
        };
        fs::write(path, &content).unwrap();
        self.content.insert(path.to_owned(), content);
        self.names.insert(path.to_owned());
    }
}

/// Returns the lines that end in a line feed.
pub fn complete_lines(content: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(content);
    text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::to_owned).collect()
}
