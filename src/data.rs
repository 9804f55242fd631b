//! The data folder: where each thing in it lies, and who holds it.
//!
//! In: the folder's path. Out: paths, and a [`Hold`] that keeps a second server, a restore or a
//! repair away while one is at work. What is in the files is not its business.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

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

/// Asks the disk to keep what a folder lists: names are not safe until their folder is.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
