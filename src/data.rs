//! The data folder: where each thing in it lies, and who holds it.
//!
//! In: the folder's path. Out: paths, a [`Hold`] that keeps a second server, a restore or a repair
//! away while one is at work, and room set aside for what makes room. What is in the files is not its
//! business.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is set aside: erasing and copying need a log of a few megabytes at the most.
const ROOM_BYTES: u64 = 8 << 20;

/// What is left free when it is set aside again on a disk that is still full: for a note of what was
/// done.
const ROOM_SPARED: u64 = 1 << 20;

/// A data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir(PathBuf);

/// Why a data folder cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Another process works on it.
    #[error("another zhinan is at work on `{0}`; stop it first")]
    Held(PathBuf),
    /// The lock file cannot be used.
    #[error("cannot lock `{path}`: {source}")]
    Io {
        /// The lock file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Holds a data folder until it is dropped; the system lets go of it too when the process dies.
#[derive(Debug)]
pub struct Hold(#[expect(dead_code, reason = "held, not read")] File);

impl DataDir {
    /// The folder at a path.
    pub fn new(path: impl Into<PathBuf>) -> DataDir {
        DataDir(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The event store.
    pub fn events(&self) -> PathBuf {
        self.0.join("events.sqlite")
    }

    /// The key that marks equal secrets alike.
    pub fn redaction_key(&self) -> PathBuf {
        self.0.join("redaction.key")
    }

    /// The search indexes, which can always be built again.
    pub fn indexes(&self) -> PathBuf {
        self.0.join("indexes")
    }

    /// What the studio keeps: drafts, what was published, a publish under way.
    pub fn studio(&self) -> PathBuf {
        self.0.join("studio")
    }

    /// What was fetched to be read: encoder weights, a lexicon.
    pub fn models(&self) -> PathBuf {
        self.0.join("models")
    }

    /// Sets room aside, so that words can be erased and events copied when the disk is full. Does
    /// nothing where it is set aside already or there is little left.
    pub fn keep_room(&self) -> io::Result<()> {
        let path = self.room();
        if path.metadata().is_ok_and(|found| found.len() == ROOM_BYTES) {
            return Ok(());
        }
        if fs4::available_space(&self.0)? < 2 * ROOM_BYTES {
            return Ok(());
        }
        self.set_aside(ROOM_BYTES)
    }

    fn set_aside(&self, length: u64) -> io::Result<()> {
        // Bytes without pattern: some file systems give zeros no room.
        let mut bytes = vec![0; length as usize];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        let kept = File::create(self.room()).and_then(|mut file| file.write_all(&bytes));
        if kept.is_err() {
            self.give_room();
        }
        kept
    }

    /// Does what frees space; on a full disk once more, in the room that was set aside for it.
    pub fn with_room<T, E>(
        &self,
        is_full: impl Fn(&E) -> bool,
        act: impl Fn() -> Result<T, E>,
    ) -> Result<T, E> {
        match act() {
            Err(error) if is_full(&error) && self.give_room() => {
                let done = act();
                // What is left of it, for the next time; a later look makes it whole again.
                let free = fs4::available_space(&self.0).unwrap_or_default();
                drop(self.set_aside(free.saturating_sub(ROOM_SPARED).min(ROOM_BYTES)));
                done
            }
            done => done,
        }
    }

    fn give_room(&self) -> bool {
        std::fs::remove_file(self.room()).is_ok()
    }

    fn room(&self) -> PathBuf {
        self.0.join("room")
    }

    /// Keeps others away from the folder, which must exist.
    pub fn hold(&self) -> Result<Hold, HoldError> {
        let path = self.0.join("lock");
        let io = |source| HoldError::Io { path: path.clone(), source };
        let file =
            OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Hold(file)),
            Err(TryLockError::WouldBlock) => Err(HoldError::Held(self.0.clone())),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

/// Adds a line to a file, which is made with the first; on disk when this returns. A line before it
/// that a crash or a full disk cut off stays alone.
pub fn append_line(path: &Path, line: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
    let mut bytes = Vec::with_capacity(line.len() + 2);
    if file.metadata()?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        bytes.extend((last != *b"\n").then_some(b'\n'));
    }
    bytes.extend_from_slice(line);
    bytes.push(b'\n');
    file.write_all(&bytes)?;
    file.sync_all()?;
    sync_dir(path.parent().unwrap_or_else(|| Path::new(".")))
}

/// Asks the disk to keep what a folder lists: names are not safe until their folder is.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the file is what is asked for")]
    fn a_line_that_was_cut_off_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lines");
        append_line(&path, b"one").unwrap();
        std::fs::write(&path, "one\ntw").unwrap();
        append_line(&path, b"three").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntw\nthree\n");
    }
}
