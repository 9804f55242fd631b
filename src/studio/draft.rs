//! Drafts: what is being written, one for each article, shared by all editors.
//!
//! A draft is a file in the data folder; readers never see it. It has a version of its own: whoever
//! saves says which version they saw, and a save that missed somebody else's is refused with
//! everything that a merge needs.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::id::ArticleId;

use super::{Texts, write_whole};

/// Versions that a late save can be merged with.
const KEPT_MAX: usize = 20;
/// Comments that a draft holds.
const COMMENTS_MAX: usize = 200;

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It is being written.
    #[default]
    Writing,
    /// Somebody else is asked to look at it.
    Review,
    /// Somebody other than its writers has approved this version.
    Approved,
}

/// Something that an editor said about a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Who.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// What.
    pub text: String,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The section in which it is to stand.
    pub section: String,
    /// Its texts.
    pub texts: Texts,
    /// What was published when it was begun, or when it was last merged.
    pub base: Texts,
    /// Counts saves, from 1.
    pub version: u64,
    /// Everybody who has written on it since it was begun.
    pub writers: Vec<String>,
    /// Who saved it last, and when (RFC 3339).
    pub by: String,
    /// See `by`.
    pub at: String,
    /// Where it stands.
    pub stage: Stage,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// What was said about it.
    pub comments: Vec<Comment>,
    /// Earlier versions, the latest last.
    earlier: Vec<(u64, Texts)>,
}

impl Draft {
    /// A draft that begins from what is published.
    pub fn begin(section: &str, published: &Texts) -> Draft {
        Draft {
            section: section.to_owned(),
            texts: published.clone(),
            base: published.clone(),
            version: 0,
            writers: Vec::new(),
            by: String::new(),
            at: String::new(),
            stage: Stage::Writing,
            approved_by: None,
            comments: Vec::new(),
            earlier: Vec::new(),
        }
    }

    /// The texts of a version, if they are still known.
    pub fn at_version(&self, version: u64) -> Option<&Texts> {
        if version == self.version {
            return Some(&self.texts);
        }
        self.earlier.iter().rev().find(|(v, _)| *v == version).map(|(_, texts)| texts)
    }

    /// Puts new texts in; what was approved is not this any more.
    pub fn write(&mut self, texts: Texts, by: &str, at: &str) {
        self.earlier.push((self.version, std::mem::replace(&mut self.texts, texts)));
        if self.earlier.len() > KEPT_MAX {
            self.earlier.remove(0);
        }
        if !self.writers.iter().any(|writer| writer == by) {
            self.writers.push(by.to_owned());
        }
        (self.by, self.at) = (by.to_owned(), at.to_owned());
        (self.stage, self.approved_by) = (Stage::Writing, None);
    }

    /// Adds a comment; the oldest go when there are too many.
    pub fn comment(&mut self, comment: Comment) {
        self.comments.push(comment);
        if self.comments.len() > COMMENTS_MAX {
            self.comments.remove(0);
        }
    }
}

/// Why a draft was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody has saved since.
    #[error("somebody else has saved this draft since")]
    Stale(Box<Draft>),
    /// The disk failed.
    #[error("the draft cannot be kept: {0}")]
    Io(#[from] io::Error),
}

/// The drafts of a data folder.
pub struct Drafts {
    dir: PathBuf,
    /// Saves come one after another.
    saving: Mutex<()>,
}

impl Drafts {
    /// The drafts in a folder, which is made when the first is saved.
    pub fn new(dir: PathBuf) -> Drafts {
        Drafts { dir, saving: Mutex::new(()) }
    }

    /// A draft, if there is one.
    #[expect(clippy::disallowed_methods, reason = "drafts are read here alone")]
    pub fn get(&self, id: &ArticleId) -> io::Result<Option<Draft>> {
        match std::fs::read(self.path(id)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All drafts, by article.
    pub fn all(&self) -> io::Result<Vec<(ArticleId, Draft)>> {
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut all = Vec::new();
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let id = name.strip_suffix(".json").and_then(|id| id.parse::<ArticleId>().ok());
            if let Some((id, draft)) = id.and_then(|id| Some((id.clone(), self.get(&id).ok()??))) {
                all.push((id, draft));
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(all)
    }

    /// Changes a draft that its changer saw in version `seen` (0: none yet); `begin` makes it if
    /// there is none.
    pub fn change(
        &self,
        id: &ArticleId,
        seen: u64,
        begin: impl FnOnce() -> Draft,
        change: impl FnOnce(&mut Draft),
    ) -> Result<Draft, SaveError> {
        let _one_at_a_time = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut draft = self.get(id)?.unwrap_or_else(begin);
        if draft.version != seen {
            return Err(SaveError::Stale(Box::new(draft)));
        }
        change(&mut draft);
        draft.version += 1;
        let bytes = serde_json::to_vec(&draft).map_err(io::Error::other)?;
        write_whole(&self.path(id), &bytes)?;
        Ok(draft)
    }

    /// Drops a draft: it was published, or nobody wants it.
    pub fn drop_draft(&self, id: &ArticleId) -> io::Result<()> {
        let _one_at_a_time = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        match std::fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Ids hold only a-z, 0-9 and `-`, so the path stays in the folder.
    fn path(&self, id: &ArticleId) -> PathBuf {
        self.dir.join(format!("{id}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_that_missed_anothers_is_refused_and_an_edit_takes_the_approval_back() {
        let dir = tempfile::tempdir().unwrap();
        let drafts = Drafts::new(dir.path().join("drafts"));
        let id: ArticleId = "card-declined".parse().unwrap();
        let begin = || Draft::begin("payments", &Texts::default());
        let texts = |en: &str| Texts { en: Some(en.to_owned()), zh: None };
        let save = |seen: u64, en: &str, by: &str| {
            drafts.change(&id, seen, begin, |draft| draft.write(texts(en), by, "now"))
        };
        assert_eq!(save(0, "a", "lin").unwrap().version, 1);
        assert_eq!(save(1, "b", "mei").unwrap().writers, ["lin", "mei"]);
        let Err(SaveError::Stale(now)) = save(1, "c", "lin") else { panic!("saved over mei") };
        assert_eq!((now.texts, now.earlier.last().unwrap().1.clone()), (texts("b"), texts("a")));
        let approved = drafts.change(&id, 2, begin, |draft| {
            (draft.stage, draft.approved_by) = (Stage::Approved, Some("zoe".to_owned()));
        });
        assert_eq!(approved.unwrap().version, 3);
        let again = save(3, "d", "lin").unwrap();
        assert_eq!((again.stage, again.approved_by), (Stage::Writing, None));
        drafts.drop_draft(&id).unwrap();
        assert_eq!(drafts.get(&id).unwrap(), None);
        assert_eq!(drafts.all().unwrap(), []);
    }
}
