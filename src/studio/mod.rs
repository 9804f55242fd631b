//! The studio's files: drafts, publishing into `kb/`, history, commits. The files in `kb/` stay the
//! truth; everything here reads and writes them as an editor with git would.
//!
//! [`form`] turns what a form sends into the text of a file and back, [`draft`] keeps what is being
//! written, [`publish`] puts both languages in place at once or not at all, [`history`] remembers
//! what was published, [`merge`] joins two edits of one text, [`git`] commits, [`secrets`] says what
//! nobody may keep. Who may do what, and
//! what a page shows, is decided in `web`.

pub mod draft;
pub mod form;
pub mod git;
pub mod history;
mod journal;
pub mod merge;
pub mod publish;
pub mod secrets;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::data::sync_dir;

use draft::Drafts;
use history::History;

/// What the studio keeps in the data folder.
pub struct Studio {
    /// What is being written.
    pub drafts: Drafts,
    /// What was published.
    pub history: History,
    /// A publish under way.
    pub journal: PathBuf,
}

impl Studio {
    /// The studio's part of a data folder.
    pub fn new(dir: &Path) -> Studio {
        Studio {
            drafts: Drafts::new(dir.join("drafts")),
            history: History::new(dir.join("history")),
            journal: dir.join("publishing.json"),
        }
    }
}

/// The texts of both languages of an article, as files: English, Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Texts {
    /// The English file; `None` if there is none.
    pub en: Option<String>,
    /// The Chinese file.
    pub zh: Option<String>,
}

impl Texts {
    /// One language's file.
    pub fn get(&self, lang: crate::lang::Lang) -> Option<&str> {
        match lang {
            crate::lang::Lang::En => self.en.as_deref(),
            crate::lang::Lang::Zh => self.zh.as_deref(),
        }
    }

    /// Sets one language's file.
    pub fn set(&mut self, lang: crate::lang::Lang, text: Option<String>) {
        match lang {
            crate::lang::Lang::En => self.en = text,
            crate::lang::Lang::Zh => self.zh = text,
        }
    }

    /// The name of this state: equal for equal files, for `If-Match`.
    pub fn tag(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for text in [&self.en, &self.zh] {
            let bytes = text.as_deref().unwrap_or_default().as_bytes();
            hasher.update(&[u8::from(text.is_some())]);
            hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        }
        hasher.finalize().to_hex().as_str().chars().take(20).collect()
    }
}

/// Writes a file so that it is there whole or not at all, also after a power cut.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_dir(dir)
}
