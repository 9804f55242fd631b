//! History: every revision that the studio published, with who, when and why. One file an article,
//! one line a revision, only ever added to. What git brought in is in git.

use std::io::{self, BufRead};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::append_line;
use crate::id::ArticleId;

use super::Texts;

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When, RFC 3339.
    pub at: String,
    /// Who published it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What stood there before.
    pub before: Texts,
    /// What stands there since.
    pub after: Texts,
}

/// The histories of a data folder.
pub struct History {
    dir: PathBuf,
}

impl History {
    /// The histories in a folder, which is made with the first.
    pub fn new(dir: PathBuf) -> History {
        History { dir }
    }

    /// Adds a revision; on disk when this returns.
    pub fn add(&self, id: &ArticleId, revision: &Revision) -> io::Result<()> {
        std::fs::create_dir_all(&self.dir)?;
        append_line(&self.path(id), &serde_json::to_vec(revision).map_err(io::Error::other)?)
    }

    /// The revisions of an article, oldest first. A line that a crash cut off is left out.
    pub fn of(&self, id: &ArticleId) -> io::Result<Vec<Revision>> {
        let file = match std::fs::File::open(self.path(id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let lines = io::BufReader::new(file).split(b'\n');
        lines.filter_map(|line| line.map(|l| serde_json::from_slice(&l).ok()).transpose()).collect()
    }

    fn path(&self, id: &ArticleId) -> PathBuf {
        self.dir.join(format!("{id}.jsonl"))
    }
}
