//! The journal of a publish: what is to be written and in place of what, carried out whole.
//!
//! In: a batch of articles. Out: their files in `kb/`, or those that stood there before. The files are
//! opened relative to the folder by a capability (`cap-std`), so that no name and no symbolic link
//! leads out of it. Decides nothing about what may be published.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};

use crate::id::ArticleId;
use crate::lang::Lang;

use super::Texts;
use super::publish::{Batch, PublishError, SECTIONS, Written, read, read_sections};

/// What is to be written, and in place of what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    entries: Vec<Entry>,
    /// The file of sections before and after; empty where there is none.
    sections: Option<(String, String)>,
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    section: String,
    id: String,
    texts: Texts,
    before: Texts,
}

impl Journal {
    /// What a batch writes. A language without text is left as it is.
    pub(super) fn of(batch: &Batch) -> Journal {
        let entries = batch.articles.iter().map(Entry::new).collect();
        Journal { entries, sections: batch.sections.clone() }
    }

    /// What undoes it.
    pub(super) fn undone(&self) -> Journal {
        let sections = self.sections.clone().map(|(before, after)| (after, before));
        Journal { entries: self.entries.iter().rev().map(Entry::undone).collect(), sections }
    }

    /// The ids of its articles.
    pub(super) fn ids(&self) -> Vec<String> {
        self.entries.iter().map(|entry| entry.id.clone()).collect()
    }

    /// Returns true if and only if every file is one of the two that this journal may have left:
    /// nobody has changed one since.
    pub(super) fn may_be_finished(&self, kb: &Path) -> Result<bool, PublishError> {
        let sections = match &self.sections {
            Some((before, after)) => [before, after].contains(&&read_sections(kb)?),
            None => true,
        };
        for entry in &self.entries {
            let failed = |source| PublishError::Io { path: entry.id.clone(), source };
            let id = |name: &str| name.parse::<ArticleId>().map_err(io::Error::other);
            let place = id(&entry.section).and_then(|section| Ok((section, id(&entry.id)?)));
            let (section, id) = place.map_err(failed)?;
            let now = read(kb, &section, &id)?;
            if !Lang::ALL.into_iter().all(|lang| entry.left(lang, &now)) {
                return Ok(false);
            }
        }
        Ok(sections)
    }

    /// Writes all of it.
    pub(super) fn carry_out(&self, kb: &Path) -> Result<(), PublishError> {
        // Before the articles that stand in them.
        if let Some((_, after)) = &self.sections {
            put_sections(kb, after)?;
        }
        self.entries.iter().try_for_each(|entry| entry.carry_out(kb))
    }
}

impl Entry {
    fn new(written: &Written) -> Entry {
        let mut texts = written.before.clone();
        for lang in Lang::ALL {
            if let Some(text) = written.after.get(lang) {
                texts.set(lang, Some(text.to_owned()));
            }
        }
        let (section, id) = (written.section.to_string(), written.id.to_string());
        Entry { section, id, texts, before: written.before.clone() }
    }

    fn undone(&self) -> Entry {
        Entry { texts: self.before.clone(), before: self.texts.clone(), ..self.clone() }
    }

    /// Whether a language's file is one of the two that a journal may have left.
    fn left(&self, lang: Lang, now: &Texts) -> bool {
        [self.texts.get(lang), self.before.get(lang)].contains(&now.get(lang))
    }

    fn carry_out(&self, kb: &Path) -> Result<(), PublishError> {
        let section = PathBuf::from(&self.section);
        let folder = section.join(&self.id);
        let failed = |source| PublishError::Io { path: folder.display().to_string(), source };
        let root = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
        let is_gone = self.texts == Texts::default();
        for part in [&section, &folder] {
            let known = root.symlink_metadata(part);
            if known.as_ref().is_ok_and(|meta| !meta.is_dir()) {
                return Err(PublishError::NotPlain(part.display().to_string()));
            }
            match known {
                Err(_) if is_gone => return Ok(()),
                Err(_) => root.create_dir(part).map_err(failed)?,
                Ok(_) => {}
            }
        }
        let dir = root.open_dir(&folder).map_err(failed)?;
        for lang in Lang::ALL {
            let name = format!("{lang}.md");
            match (self.texts.get(lang), self.before.get(lang)) {
                (Some(text), _) => put(&dir, &name, text).map_err(failed)?,
                // There was none before what is being undone.
                (None, Some(_)) => match dir.remove_file(&name) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(failed(error));
                    }
                    _ => {}
                },
                (None, None) => {}
            }
        }
        // The names are safe when their folders are.
        for dir in [&dir, &root.open_dir(&section).map_err(failed)?] {
            dir.open(".").and_then(|d| d.sync_all()).map_err(failed)?;
        }
        if is_gone {
            // Only what is empty is removed.
            let _ = root.remove_dir(&folder);
            let _ = root.remove_dir(&section);
        }
        Ok(())
    }
}

fn put_sections(kb: &Path, text: &str) -> Result<(), PublishError> {
    let failed = |source| PublishError::Io { path: SECTIONS.to_owned(), source };
    let root = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
    if text.is_empty() {
        match root.remove_file(SECTIONS) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    } else {
        put(&root, SECTIONS, text).map_err(failed)?;
    }
    root.open(".").and_then(|d| d.sync_all()).map_err(failed)
}

/// A file is there whole or not at all; the loader does not see hidden ones.
fn put(dir: &Dir, name: &str, text: &str) -> io::Result<()> {
    let hidden = format!(".{name}.new");
    let mut options = OpenOptions::new();
    let mut file = dir.open_with(&hidden, options.write(true).create(true).truncate(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    dir.rename(&hidden, dir, name)
}
