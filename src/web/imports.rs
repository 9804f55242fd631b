//! Imports in the studio: what an editor sent, planned against the articles of this moment, kept in
//! memory between looking and doing, carried out as a whole.
//!
//! What is looked at is what is done: if the articles have changed in between so that the import would
//! do something else, it is shown again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::{Engine, EngineError};
use crate::exchange::archive::{self, ArchiveError, File};
use crate::exchange::plan::{self, Here, Options, Plan};
use crate::exchange::read;
use crate::people::audit::Entry;
use crate::people::{Change, Person};
use crate::studio::git::{Author, Committed, commit};
use crate::studio::history::Revision;
use crate::studio::publish::{self, SECTIONS, Written};
use crate::time::{day, now};

use super::error::Problem;
use super::state::App;
use super::studio::{Refused, failed};

/// How many uploads are kept; whoever comes back to an older one sends it again.
const KEPT_MAX: usize = 3;

/// An upload that was looked at and can be carried out.
#[derive(Clone)]
pub struct Upload {
    /// Who sent it.
    pub by: String,
    /// What it is called in a form: a hash of its content.
    pub key: String,
    /// The name of its file.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// An upload of somebody's.
    pub fn new(by: &str, name: &str, bytes: Vec<u8>) -> Upload {
        let hash = blake3::hash(&bytes).to_hex();
        let key = hash.as_str().chars().take(32).collect();
        Upload { by: by.to_owned(), key, name: name.to_owned(), bytes }
    }

    /// Its files, if they are within bounds.
    pub fn files(&self) -> Result<Vec<File>, ArchiveError> {
        archive::files(&self.name, self.bytes.clone())
    }
}

/// The last uploads. They are never written to a disk.
#[derive(Default)]
pub struct Uploads {
    kept: Mutex<VecDeque<Upload>>,
    /// Imports are unpacked and planned one after another: each may take a hundred megabytes.
    turn: Mutex<()>,
}

impl Uploads {
    /// Waits for one's turn, and holds it.
    pub fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an upload.
    pub fn keep(&self, upload: Upload) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| known.key != upload.key || known.by != upload.by);
        kept.push_back(upload);
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
    }

    /// Somebody's upload.
    pub fn get(&self, by: &str, key: &str) -> Option<Upload> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|upload| upload.by == by && upload.key == key).cloned()
    }

    /// Drops an upload that was carried out.
    pub fn done(&self, by: &str, key: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|upload| upload.by != by || upload.key != key);
    }
}

/// What the files of an import would do now.
pub fn planned(engine: &Engine, files: &[File], options: &Options) -> Result<Plan, Problem> {
    let snapshot = engine.snapshot();
    let sections = publish::read_sections(engine.kb()).map_err(|error| failed(&error))?;
    let here = Here {
        library: &snapshot.library,
        today: day(now()),
        redactor: engine.redactor(),
        files: &|section, id| publish::read(engine.kb(), section, id),
        sections: &sections,
    };
    Ok(plan::plan(&here, read(files), options, &|| {}))
}

/// Carries a plan out: files, history, audit log, one commit.
pub fn carry_out(
    app: &App,
    engine: &Engine,
    person: &Person,
    plan: &Plan,
) -> Result<Committed, Refused> {
    if plan.is_refused() {
        return Err(Problem::unprocessable("something in the import is refused").into());
    }
    let journal = &app.studio.journal;
    let ((), snapshot) = engine
        .change_files(|kb| publish::write_all(kb, journal, &plan.batch).map_err(Refused::from))?;
    app.metrics.reload(snapshot.generation);
    let at = now().to_string();
    for Written { id, before, after, .. } in &plan.batch.articles {
        let revision = Revision {
            at: at.clone(),
            by: person.name.clone(),
            reason: String::new(),
            before: before.clone(),
            after: after.clone(),
        };
        app.studio.history.add(id, &revision).map_err(|error| failed(&error))?;
    }
    let what = format!("articles/{}", plan.batch.articles.len());
    let entry = Entry::new(now(), &person.name, "imported", what);
    engine.store().change(&Change::Note, &entry).map_err(EngineError::from)?;
    let folders: Vec<String> =
        plan.batch.articles.iter().map(|a| format!("{}/{}", a.section, a.id)).collect();
    let mut paths: Vec<&str> = folders.iter().map(String::as_str).collect();
    if plan.batch.sections.is_some() {
        paths.push(SECTIONS);
    }
    let author = Author { name: &person.name, display: &person.display };
    let message = format!("Import {} articles", plan.batch.articles.len());
    let done = commit(engine.kb(), &paths, &message, author);
    if let Committed::Refused(said) = &done {
        tracing::warn!("the import is published and not committed: {said}");
    }
    Ok(done)
}
