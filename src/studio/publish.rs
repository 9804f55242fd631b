//! Publishing: both languages of an article into `kb/`, at once or not at all.
//!
//! In: the texts, and the tag of the state that they replace. The files are opened relative to the
//! folder by a capability (`cap-std`), so that no name and no symbolic link leads out of it. What is
//! to be written is noted in a journal first; whoever starts after a crash finishes it. The caller
//! keeps reloads away meanwhile (`Engine::change_files`), so that nobody reads half of it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use serde::{Deserialize, Serialize};

use crate::id::ArticleId;
use crate::lang::Lang;

use super::{Texts, write_whole};

/// The largest article file: what the loader reads.
const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The files have changed since: here they are.
    #[error("the article was changed since; merge and publish again")]
    Stale(Box<Texts>),
    /// The folder or a file of the article is a link, or is no folder.
    #[error("`{0}` is no plain folder or file of the knowledge base; put it right by hand")]
    NotPlain(String),
    /// The disk failed in the middle and would not be put right either.
    #[error("cannot write `{path}`: {source}; the next publish or start finishes this one")]
    Unfinished {
        /// What was being written.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The disk failed; nothing was changed.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// What was being written.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// What is to be written, and in place of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    section: String,
    id: String,
    texts: Texts,
    before: Texts,
}

impl Entry {
    /// What undoes it.
    fn undone(&self) -> Entry {
        Entry { texts: self.before.clone(), before: self.texts.clone(), ..self.clone() }
    }

    /// Whether a language's file is one of the two that this journal may have left.
    fn left(&self, lang: Lang, now: &Texts) -> bool {
        [self.texts.get(lang), self.before.get(lang)].contains(&now.get(lang))
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
    recover(kb, journal)?;
    let now = read(kb, section, id)?;
    if now.tag() != tag {
        return Err(PublishError::Stale(Box::new(now)));
    }
    let (section, id) = (section.to_string(), id.to_string());
    let mut after = now.clone();
    for lang in Lang::ALL {
        if let Some(text) = texts.get(lang) {
            after.set(lang, Some(text.to_owned()));
        }
    }
    let entry = Entry { section, id, texts: after, before: now.clone() };
    let failed = |source| PublishError::Io { path: journal.display().to_string(), source };
    let bytes = serde_json::to_vec(&entry).map_err(io::Error::other).map_err(failed)?;
    let done = write_whole(journal, &bytes).map_err(failed).and_then(|()| carry_out(kb, &entry));
    // As it was, if it was not done. Only then may the journal go, which would do it later.
    let settled = match done {
        Err(PublishError::Io { .. }) => carry_out(kb, &entry.undone()),
        _ => Ok(()),
    };
    match (done, settled.and_then(|()| remove(journal).map_err(failed))) {
        (Ok(()), Ok(())) => Ok(now),
        (Ok(()), Err(error)) => {
            // It is published all the same; what is left of it says what is so.
            tracing::warn!("{error}");
            Ok(now)
        }
        (Err(error), Ok(())) => Err(error),
        (Err(PublishError::Io { path, source }), Err(_)) => {
            Err(PublishError::Unfinished { path, source })
        }
        (Err(error), Err(_)) => Err(error),
    }
}

/// Finishes what a crash cut off; says which article that was. Files that somebody has changed
/// since are left alone.
#[expect(clippy::disallowed_methods, reason = "the journal is read here alone")]
pub fn recover(kb: &Path, journal: &Path) -> Result<Option<String>, PublishError> {
    let failed = |source| PublishError::Io { path: journal.display().to_string(), source };
    let bytes = match std::fs::read(journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let entry: Entry = serde_json::from_slice(&bytes).map_err(io::Error::other).map_err(failed)?;
    let place = |name: &str| name.parse::<ArticleId>().map_err(io::Error::other).map_err(failed);
    let now = read(kb, &place(&entry.section)?, &place(&entry.id)?)?;
    if Lang::ALL.into_iter().all(|lang| entry.left(lang, &now)) {
        carry_out(kb, &entry)?;
    }
    remove(journal).map_err(failed)?;
    Ok(Some(entry.id))
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
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
        let name = format!("{lang}.md");
        match (entry.texts.get(lang), entry.before.get(lang)) {
            (Some(text), _) => put(&dir, &name, text).map_err(failed)?,
            // There was none before what is being undone.
            (None, Some(_)) => match dir.remove_file(&name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            },
            (None, None) => {}
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
        let (three, before) = (texts("three", "三"), texts("one", "一"));
        let entry = Entry { section: "help".into(), id: "a".into(), texts: three, before };
        let cut_off = || std::fs::write(&journal, serde_json::to_vec(&entry).unwrap()).unwrap();
        cut_off();
        std::fs::write(kb.join("help/a/en.md"), "three").unwrap();
        assert_eq!(recover(&kb, &journal).unwrap().as_deref(), Some("a"));
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("three", "三"));
        assert_eq!(recover(&kb, &journal).unwrap(), None);
        // Somebody has edited the file since; an old journal knows nothing better.
        cut_off();
        std::fs::write(kb.join("help/a/en.md"), "four").unwrap();
        recover(&kb, &journal).unwrap();
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("four", "三"));
        assert!(!journal.exists());
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
