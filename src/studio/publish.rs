//! Publishing: articles in both languages into `kb/`, at once or not at all.
//!
//! In: the texts, and the state that they replace. The files are opened relative to the folder by a
//! capability (`cap-std`), so that no name and no symbolic link leads out of it. What is to be written
//! is noted in a journal first; whoever starts after a crash finishes it. The caller keeps reloads
//! away meanwhile (`Engine::change_files`), so that nobody reads half of it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};

use crate::id::ArticleId;
use crate::kb::load::FILE_BYTES_MAX;
use crate::lang::Lang;

use super::{Texts, write_whole};

/// The file of sections in the knowledge base.
pub const SECTIONS: &str = "sections.toml";

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The files have changed since: here they are.
    #[error("the article was changed since; merge and publish again")]
    Stale(Box<Texts>),
    /// One of several articles has changed since, or the sections have.
    #[error("`{0}` was changed since; look at what the import would do once more")]
    Moved(String),
    /// The folder or a file of the article is a link, or is no folder.
    #[error("`{0}` is no plain folder or file of the knowledge base; put it right by hand")]
    NotPlain(String),
    /// The disk failed.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// What was being written.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// An article that is to be written. A language without text is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its section.
    pub section: ArticleId,
    /// Its id.
    pub id: ArticleId,
    /// What stands there.
    pub before: Texts,
    /// What is to stand there.
    pub after: Texts,
}

/// Articles that are published together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// The articles.
    pub articles: Vec<Written>,
    /// The file of sections before and after, if some are added.
    pub sections: Option<(String, String)>,
}

/// What is to be written, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Journal {
    entries: Vec<Entry>,
    /// The file of sections.
    sections: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    section: String,
    id: String,
    texts: Texts,
}

impl Entry {
    fn new(section: &ArticleId, id: &ArticleId, texts: &Texts) -> Entry {
        Entry { section: section.to_string(), id: id.to_string(), texts: texts.clone() }
    }
}

/// The files of an article as they are now; none if there is no such folder.
pub fn read(kb: &Path, section: &ArticleId, id: &ArticleId) -> Result<Texts, PublishError> {
    let failed = |source| PublishError::Io { path: format!("{section}/{id}"), source };
    let dir = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
    let mut texts = Texts::default();
    for lang in Lang::ALL {
        let path = format!("{section}/{id}/{lang}.md");
        let mut text = String::new();
        match dir.open(&path) {
            Ok(file) => {
                file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
                texts.set(lang, Some(text));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => return Err(PublishError::NotPlain(path)),
        }
    }
    Ok(texts)
}

/// Writes the files of an article if they are still as `tag` says, and returns what they replace. A
/// language without text is left as it is.
pub fn write(
    kb: &Path,
    journal: &Path,
    (section, id): (&ArticleId, &ArticleId),
    texts: &Texts,
    tag: &str,
) -> Result<Texts, PublishError> {
    let now = read(kb, section, id)?;
    if now.tag() != tag {
        return Err(PublishError::Stale(Box::new(now)));
    }
    let written = Written {
        section: section.clone(),
        id: id.clone(),
        before: now.clone(),
        after: texts.clone(),
    };
    put_in_place(kb, journal, &Batch { articles: vec![written], sections: None })?;
    Ok(now)
}

/// Writes several articles, if all of them and the sections still are what they replace.
pub fn write_all(kb: &Path, journal: &Path, batch: &Batch) -> Result<(), PublishError> {
    for article in &batch.articles {
        if read(kb, &article.section, &article.id)? != article.before {
            return Err(PublishError::Moved(article.id.to_string()));
        }
    }
    if let Some((before, _)) = &batch.sections {
        if read_sections(kb)? != *before {
            return Err(PublishError::Moved(SECTIONS.to_owned()));
        }
    }
    put_in_place(kb, journal, batch)
}

/// The file of sections as it is now; empty if there is none.
pub fn read_sections(kb: &Path) -> Result<String, PublishError> {
    let failed = |source| PublishError::Io { path: SECTIONS.to_owned(), source };
    let dir = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
    match dir.read_to_string(SECTIONS) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(failed),
    }
}

fn put_in_place(kb: &Path, journal: &Path, batch: &Batch) -> Result<(), PublishError> {
    let entries = batch.articles.iter().map(|a| Entry::new(&a.section, &a.id, &a.after)).collect();
    let sections = batch.sections.as_ref().map(|(_, after)| after.clone());
    let wanted = Journal { entries, sections };
    let failed = |source| PublishError::Io { path: journal.display().to_string(), source };
    let bytes = serde_json::to_vec(&wanted).map_err(io::Error::other).map_err(failed)?;
    write_whole(journal, &bytes).map_err(failed)?;
    let done = carry_out_all(kb, &wanted);
    if done.is_err() {
        // As it was: the journal must not bring it back later.
        take_back(kb, batch);
    }
    std::fs::remove_file(journal).map_err(failed)?;
    done
}

/// Finishes what a crash cut off; says which articles those were.
#[expect(clippy::disallowed_methods, reason = "the journal is read here alone")]
pub fn recover(kb: &Path, journal: &Path) -> Result<Vec<String>, PublishError> {
    let failed = |source| PublishError::Io { path: journal.display().to_string(), source };
    let bytes = match std::fs::read(journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let wanted: Journal =
        serde_json::from_slice(&bytes).map_err(io::Error::other).map_err(failed)?;
    carry_out_all(kb, &wanted)?;
    std::fs::remove_file(journal).map_err(failed)?;
    Ok(wanted.entries.into_iter().map(|entry| entry.id).collect())
}

fn carry_out_all(kb: &Path, wanted: &Journal) -> Result<(), PublishError> {
    // Before the articles that stand in them.
    if let Some(sections) = &wanted.sections {
        put_sections(kb, sections)?;
    }
    wanted.entries.iter().try_for_each(|entry| carry_out(kb, entry))
}

fn put_sections(kb: &Path, text: &str) -> Result<(), PublishError> {
    let failed = |source| PublishError::Io { path: SECTIONS.to_owned(), source };
    let root = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
    put(&root, SECTIONS, text).map_err(failed)?;
    root.open(".").and_then(|d| d.sync_all()).map_err(failed)
}

/// Puts everything back as far as the disk lets it, and leaves no file that was not there.
fn take_back(kb: &Path, batch: &Batch) {
    let Ok(root) = Dir::open_ambient_dir(kb, ambient_authority()) else { return };
    match &batch.sections {
        Some((before, _)) if before.is_empty() => drop(root.remove_file(SECTIONS)),
        Some((before, _)) => drop(put_sections(kb, before)),
        None => {}
    }
    for Written { section, id, before, after } in &batch.articles {
        let _ = carry_out(kb, &Entry::new(section, id, before));
        for lang in Lang::ALL {
            if before.get(lang).is_none() && after.get(lang).is_some() {
                let _ = root.remove_file(format!("{section}/{id}/{lang}.md"));
            }
        }
        // Only what is empty is removed.
        if *before == Texts::default() {
            let _ = root.remove_dir(format!("{section}/{id}"));
            let _ = root.remove_dir(section.as_str());
        }
    }
}

fn carry_out(kb: &Path, entry: &Entry) -> Result<(), PublishError> {
    let folder = PathBuf::from(&entry.section).join(&entry.id);
    let shown = || folder.display().to_string();
    let failed = |source| PublishError::Io { path: shown(), source };
    let root = Dir::open_ambient_dir(kb, ambient_authority()).map_err(failed)?;
    for part in [Path::new(&entry.section), &folder] {
        let known = root.symlink_metadata(part);
        if known.as_ref().is_ok_and(|meta| !meta.is_dir()) {
            return Err(PublishError::NotPlain(part.display().to_string()));
        }
        if known.is_err() {
            root.create_dir(part).map_err(failed)?;
        }
    }
    let dir = root.open_dir(&folder).map_err(failed)?;
    for lang in Lang::ALL {
        if let Some(text) = entry.texts.get(lang) {
            put(&dir, &format!("{lang}.md"), text).map_err(failed)?;
        }
    }
    // The names are safe when their folders are.
    for dir in [&dir, &root.open_dir(&entry.section).map_err(failed)?] {
        dir.open(".").and_then(|d| d.sync_all()).map_err(failed)?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(en: &str, zh: &str) -> Texts {
        Texts { en: Some(en.to_owned()), zh: Some(zh.to_owned()) }
    }

    #[test]
    fn a_stale_publish_changes_nothing_and_a_crash_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let (kb, journal) = (dir.path().join("kb"), dir.path().join("publish.json"));
        std::fs::create_dir(&kb).unwrap();
        let (section, id): (ArticleId, ArticleId) = ("help".parse().unwrap(), "a".parse().unwrap());
        let place = (&section, &id);
        let none = Texts::default().tag();
        write(&kb, &journal, place, &texts("one", "一"), &none).unwrap();
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("one", "一"));
        let stale = write(&kb, &journal, place, &texts("two", "二"), &none).unwrap_err();
        assert!(matches!(stale, PublishError::Stale(now) if *now == texts("one", "一")));
        // The machine stopped after the journal was written, and one of the files.
        let entry = Entry { section: "help".into(), id: "a".into(), texts: texts("three", "三") };
        let wanted = Journal { entries: vec![entry], sections: None };
        std::fs::write(&journal, serde_json::to_vec(&wanted).unwrap()).unwrap();
        std::fs::write(kb.join("help/a/en.md"), "three").unwrap();
        assert_eq!(recover(&kb, &journal).unwrap(), ["a"]);
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("three", "三"));
        assert_eq!(recover(&kb, &journal).unwrap(), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_batch_that_fails_half_way_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let (kb, journal) = (dir.path().join("kb"), dir.path().join("publish.json"));
        std::fs::create_dir_all(kb.join("help/old")).unwrap();
        std::fs::write(kb.join("help/old/en.md"), "before").unwrap();
        std::os::unix::fs::symlink(dir.path(), kb.join("linked")).unwrap();
        let only = |en: &str| Texts { en: Some(en.to_owned()), zh: None };
        let article = |section: &str, id: &str, before: Texts, after: Texts| Written {
            section: section.parse().unwrap(),
            id: id.parse().unwrap(),
            before,
            after,
        };
        let batch = Batch {
            articles: vec![
                article("help", "old", only("before"), texts("after", "后")),
                article("new", "one", Texts::default(), texts("one", "一")),
                article("linked", "two", Texts::default(), texts("two", "二")),
            ],
            sections: Some((String::new(), "[[section]]".to_owned())),
        };
        assert!(matches!(write_all(&kb, &journal, &batch), Err(PublishError::NotPlain(_))));
        assert_eq!(std::fs::read_to_string(kb.join("help/old/en.md")).unwrap(), "before");
        assert!(!kb.join("help/old/zh.md").exists() && !kb.join("new").exists());
        assert!(!kb.join(SECTIONS).exists());
        assert!(!journal.exists());
        let moved =
            Batch { articles: vec![article("help", "old", only("x"), only("y"))], sections: None };
        assert!(matches!(write_all(&kb, &journal, &moved), Err(PublishError::Moved(_))));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out_of_the_knowledge_base() {
        let dir = tempfile::tempdir().unwrap();
        let (kb, outside) = (dir.path().join("kb"), dir.path().join("outside"));
        std::fs::create_dir_all(kb.join("help")).unwrap();
        std::fs::create_dir_all(outside.join("a")).unwrap();
        std::os::unix::fs::symlink(&outside, kb.join("linked")).unwrap();
        std::os::unix::fs::symlink(outside.join("a"), kb.join("help/a")).unwrap();
        std::fs::create_dir(kb.join("help/b")).unwrap();
        std::os::unix::fs::symlink(outside.join("b.md"), kb.join("help/b/en.md")).unwrap();
        let journal = dir.path().join("publish.json");
        let none = Texts::default().tag();
        for (section, id) in [("linked", "a"), ("help", "a"), ("help", "b"), ("linked", "new")] {
            let place = (&section.parse().unwrap(), &id.parse().unwrap());
            let _ = write(&kb, &journal, place, &texts("x", "y"), &none);
            let left: Vec<_> = walk(&outside);
            assert_eq!(left, Vec::<PathBuf>::new(), "{section}/{id}");
        }
    }

    #[cfg(unix)]
    fn walk(dir: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        entries.flat_map(|p| if p.is_dir() { walk(&p) } else { vec![p] }).collect()
    }
}
