//! Publishing: articles in both languages into `kb/`, at once or not at all.
//!
//! In: the texts, and the state that they replace. The files are opened relative to the folder by a
//! capability (`cap-std`), so that no name and no symbolic link leads out of it. What is to be written
//! is noted in a journal first; whoever starts after a crash finishes it. The caller keeps reloads
//! away meanwhile (`Engine::change_files`), so that nobody reads half of it.

use std::io::{self, Read};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::id::ArticleId;
use crate::kb::load::FILE_BYTES_MAX;
use crate::lang::Lang;

use super::journal::Journal;
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
    let wanted = Journal::of(batch);
    let failed = |source| PublishError::Io { path: journal.display().to_string(), source };
    let bytes = serde_json::to_vec(&wanted).map_err(io::Error::other).map_err(failed)?;
    let noted = write_whole(journal, &bytes).map_err(failed);
    let done = noted.and_then(|()| wanted.carry_out(kb));
    // As it was, if it was not done. Only then may the journal go, which would do it later.
    let settled = if done.is_err() { wanted.undone().carry_out(kb) } else { Ok(()) };
    let settled = match settled {
        // What is in the way of the articles is in the way of undoing them.
        Err(PublishError::NotPlain(_)) => Ok(()),
        settled => settled,
    };
    match (done, settled.and_then(|()| remove(journal).map_err(failed))) {
        (Ok(()), Ok(())) => Ok(()),
        (Ok(()), Err(error)) => {
            // It is published all the same; what is left of it says what is so.
            tracing::warn!("{error}");
            Ok(())
        }
        (Err(error), Ok(())) => Err(error),
        (Err(PublishError::Io { path, source }), Err(_)) => {
            Err(PublishError::Unfinished { path, source })
        }
        (Err(error), Err(_)) => Err(error),
    }
}

/// Finishes what a crash cut off; says which articles those were. Where somebody has changed a file
/// since, all are left alone.
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
    if wanted.may_be_finished(kb)? {
        wanted.carry_out(kb)?;
    }
    remove(journal).map_err(failed)?;
    Ok(wanted.ids())
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
        let written = Written {
            section: section.clone(),
            id: id.clone(),
            before: texts("one", "一"),
            after: texts("three", "三"),
        };
        let wanted = Journal::of(&Batch { articles: vec![written], sections: None });
        let cut_off = || std::fs::write(&journal, serde_json::to_vec(&wanted).unwrap()).unwrap();
        cut_off();
        std::fs::write(kb.join("help/a/en.md"), "three").unwrap();
        assert_eq!(recover(&kb, &journal).unwrap(), ["a"]);
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("three", "三"));
        assert_eq!(recover(&kb, &journal).unwrap(), Vec::<String>::new());
        // Somebody has edited the file since; an old journal knows nothing better.
        cut_off();
        std::fs::write(kb.join("help/a/en.md"), "four").unwrap();
        recover(&kb, &journal).unwrap();
        assert_eq!(read(&kb, &section, &id).unwrap(), texts("four", "三"));
        assert!(!journal.exists());
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
        assert_eq!(
            read(&kb, &"help".parse().unwrap(), &"old".parse().unwrap()).unwrap(),
            only("before")
        );
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
