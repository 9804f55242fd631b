//! What the studio's pages and its API share: what is published, what a draft would be, publishing.
//!
//! In: what an editor sent. Out: nothing, or a reason that an editor can act on. Files are written
//! by [`crate::studio`]; who may come here is said in [`super::router`].

use std::io::ErrorKind::StorageFull;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::{Engine, EngineError, Snapshot};
use crate::eval::replay::Replay;
use crate::id::ArticleId;
use crate::kb::article::Article;
use crate::kb::library::{Library, Pair};
use crate::kb::{Diagnostic, check, lock};
use crate::lang::Lang;
use crate::people::audit::Entry;
use crate::people::{Change, Person};
use crate::studio::git::{Author, Committed, commit};
use crate::studio::history::Revision;
use crate::studio::publish::{self, PublishError};
use crate::studio::{Texts, merge, secrets};
use crate::time::{day, now};

use super::error::Problem;
use super::state::App;

/// An article that is to be published.
pub struct Wanted<'a> {
    /// Its section, a folder of that name.
    pub section: &'a ArticleId,
    /// Its id.
    pub id: &'a ArticleId,
    /// Its files.
    pub texts: &'a Texts,
    /// The tag of what they replace.
    pub tag: &'a str,
    /// Why it is published.
    pub reason: &'a str,
}

/// Which draft was replayed against which revision: article, version, generation.
type Draft = (ArticleId, u64, u64);

/// The last replay of a draft for each reader, public first.
#[derive(Default)]
pub struct Replayed(Mutex<Option<(Draft, Arc<[Replay; 2]>)>>);

impl Replayed {
    /// What publishing `library`, the draft of this version, would do to tickets.
    pub fn of(
        &self,
        engine: &Engine,
        (id, version): (&ArticleId, u64),
        library: &Library,
    ) -> Result<Arc<[Replay; 2]>, EngineError> {
        let draft = (id.clone(), version, engine.snapshot().generation);
        let last = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = last().as_ref().filter(|(known, _)| *known == draft) {
            return Ok(made.clone());
        }
        let made = Arc::new(engine.replay(library, PAST_MAX)?);
        *last() = Some((draft, made.clone()));
        Ok(made)
    }
}

/// Past tickets that are asked again.
const PAST_MAX: usize = 1_000;

/// Why nothing was published.
pub enum Refused {
    /// The files have changed since.
    Stale(Box<Texts>),
    /// The article would not load, or mislead: what `zhinan check` says.
    Broken(Vec<Diagnostic>),
    /// Anything else.
    Problem(Problem),
}

impl From<EngineError> for Refused {
    fn from(error: EngineError) -> Refused {
        Refused::Problem(error.into())
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused::Problem(problem)
    }
}

impl From<PublishError> for Refused {
    fn from(error: PublishError) -> Refused {
        match error {
            PublishError::Stale(texts) => Refused::Stale(texts),
            PublishError::NotPlain(_) | PublishError::Moved(_) => {
                Problem::unprocessable(error.to_string()).into()
            }
            PublishError::Io { ref source, .. } if source.kind() == StorageFull => {
                tracing::error!("studio: {error}");
                Problem::full().into()
            }
            PublishError::Io { .. } => failed(&error).into(),
            PublishError::Unfinished { .. } => {
                let problem = failed(&error);
                problem.detail("the disk failed in the middle; publish once more").into()
            }
        }
    }
}

/// The disk failed an editor.
pub fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("studio: {error}");
    Problem::storage("nothing was changed; try again in a moment")
}

/// The section of an article that is published.
pub fn section(snapshot: &Snapshot, id: &ArticleId) -> Option<ArticleId> {
    let pair = snapshot.library.pairs.get(id)?;
    pair.versions().next()?.section.parse().ok()
}

/// Whether a second person must approve what is published in a section.
pub fn needs_approval(snapshot: &Snapshot, section: &str) -> bool {
    snapshot.library.section(section).is_some_and(|section| section.approval)
}

/// The files of an article as they are now.
pub fn published(engine: &Engine, section: &ArticleId, id: &ArticleId) -> Result<Texts, Problem> {
    publish::read(engine.kb(), section, id).map_err(|error| match Refused::from(error) {
        Refused::Problem(problem) => problem,
        Refused::Stale(_) | Refused::Broken(_) => Problem::internal(),
    })
}

/// The library as it would be with these files, and what an editor should know of this article.
pub fn draft_library(
    snapshot: &Snapshot,
    (section, id): (&str, &ArticleId),
    texts: &Texts,
) -> (Library, Vec<Diagnostic>) {
    let folder = format!("{section}/{id}");
    let (mut pair, mut found) = (Pair::default(), Vec::new());
    for lang in Lang::ALL {
        let Some(text) = texts.get(lang) else { continue };
        let path = format!("{folder}/{lang}.md");
        if merge::has_markers(text) {
            let help = "decide between the two and take the marked lines out";
            found.push(Diagnostic::error(&path, 0, "a merge is not finished", help));
        }
        match Article::parse(id.clone(), section, lang, text) {
            Ok(article) => pair.set(article.into()),
            Err((line, message, help)) => {
                found.push(Diagnostic::error(path, line, message, help));
            }
        }
    }
    let library = snapshot.library.with_pair(id, pair);
    let checked = check::check(&library, day(now()));
    found.extend(checked.into_iter().filter(|d| d.path.starts_with(&folder)));
    found.sort();
    (library, found)
}

/// Refuses texts that hold a secret, before anything keeps them.
pub fn without_secrets(engine: &Engine, texts: &[&str]) -> Result<(), Problem> {
    let first = |text: &&str| secrets::first(engine.redactor(), text);
    let Some(found) = texts.iter().find_map(first) else { return Ok(()) };
    let kind = found.kind.code();
    let why = format!("the text holds what looks like a secret ({kind}); nothing was kept");
    Err(Problem::unprocessable(why))
}

/// Puts an article's files in place, remembers the revision and commits it.
pub fn publish(
    app: &App,
    engine: &Engine,
    person: &Person,
    wanted: &Wanted<'_>,
) -> Result<Committed, Refused> {
    let snapshot = engine.snapshot();
    if snapshot.library.section(wanted.section.as_str()).is_none() {
        let why = format!("there is no section `{}`; see kb/sections.toml", wanted.section);
        return Err(Problem::unprocessable(why).into());
    }
    let elsewhere = section(&snapshot, wanted.id).filter(|known| known != wanted.section);
    if let Some(known) = elsewhere {
        let why = format!("`{}` stands in section `{known}`", wanted.id);
        return Err(Problem::unprocessable(why).into());
    }
    let both = [wanted.texts.en.as_deref(), wanted.texts.zh.as_deref(), Some(wanted.reason)];
    without_secrets(engine, &both.into_iter().flatten().collect::<Vec<_>>())?;
    let place = (wanted.section.as_str(), wanted.id);
    let (_, found) = draft_library(&snapshot, place, wanted.texts);
    let errors: Vec<Diagnostic> = found.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        return Err(Refused::Broken(errors));
    }
    let journal = &app.studio.journal;
    let (before, snapshot) = engine.change_files(|kb| {
        let place = (wanted.section, wanted.id);
        publish::write(kb, journal, place, wanted.texts, wanted.tag).map_err(Refused::from)
    })?;
    app.metrics.reload(snapshot.generation);
    let revision = Revision {
        at: now().to_string(),
        by: person.name.clone(),
        reason: wanted.reason.to_owned(),
        before,
        after: wanted.texts.clone(),
    };
    app.studio.history.add(wanted.id, &revision).map_err(|error| failed(&error))?;
    let entry = Entry::new(now(), &person.name, "published", format!("article/{}", wanted.id));
    engine.store().change(&Change::Note, &entry).map_err(EngineError::from)?;
    Ok(committed(engine, person, wanted))
}

fn committed(engine: &Engine, person: &Person, wanted: &Wanted<'_>) -> Committed {
    let author = Author { name: &person.name, display: &person.display };
    let message = match wanted.reason.trim() {
        "" => format!("Publish {}", wanted.id),
        reason => format!("Publish {}: {reason}", wanted.id),
    };
    let folder = format!("{}/{}", wanted.section, wanted.id);
    let done = commit(engine.kb(), &[&folder], &message, author);
    if let Committed::Refused(said) = &done {
        tracing::warn!("`{folder}` is published and not committed: {said}");
    }
    done
}

/// Notes that the translation of an article says what its source says.
pub fn accept_translation(engine: &Engine, id: &ArticleId) -> Result<(), Problem> {
    // One language alone has nothing to accept.
    let Ok(text) = lock::accept(&engine.snapshot().library, Some(id)) else { return Ok(()) };
    let written = engine.change_files(|kb| {
        let path = kb.join(lock::FILE);
        crate::studio::write_whole(&path, text.as_bytes()).map_err(|error| failed(&error))
    });
    written.map(drop)
}
