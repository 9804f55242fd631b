//! Hot reload: an edit in the knowledge base is served within two seconds.
//!
//! The operating system tells of changes; a slow poll catches what it does not tell (network
//! drives, swapped folders). Changes that come together are one reload.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::engine::EngineError;
use crate::studio::publish;

use super::state::App;

/// How long the folder must be quiet: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// How many times it may turn out not to be quiet before the changes are served all the same.
const PATIENCE: usize = 5;
/// How often the poll looks.
const POLL_EVERY: Duration = Duration::from_secs(5);

/// How long after a reload that a failing disk spoiled the next one is tried.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Changes in a folder, from the moment on at which this was made.
pub struct Changes {
    seen: Receiver<()>,
    // Held for their threads.
    _told: Option<RecommendedWatcher>,
    _polled: Option<PollWatcher>,
}

impl Changes {
    /// Begins to watch. Do so before the folder is read, so that no change falls between.
    pub fn of(kb: &Path) -> Changes {
        let (sender, seen) = channel();
        let told = RecommendedWatcher::new(forward(sender.clone()), Config::default());
        let slow = Config::default().with_poll_interval(POLL_EVERY);
        let polled = PollWatcher::new(forward(sender), slow);
        let told = told.and_then(|mut w| w.watch(kb, RecursiveMode::Recursive).map(|()| w));
        let polled = polled.and_then(|mut w| w.watch(kb, RecursiveMode::Recursive).map(|()| w));
        for error in [told.as_ref().err(), polled.as_ref().err()].into_iter().flatten() {
            let kb = kb.display();
            tracing::warn!("cannot watch `{kb}`: {error}; edits may need a restart");
        }
        Changes { seen, _told: told.ok(), _polled: polled.ok() }
    }
}

/// Reloads on a thread of its own whenever something has changed, for as long as the server runs.
pub fn spawn(app: &Arc<App>, changes: Changes) -> std::io::Result<()> {
    let app = Arc::downgrade(app);
    let thread = std::thread::Builder::new().name("watch".to_owned());
    thread.spawn(move || watch(&app, &changes))?;
    Ok(())
}

/// `app` is held weakly, so that the thread ends with the server.
fn watch(app: &Weak<App>, changes: &Changes) {
    let mut whole = true;
    loop {
        // What a failing disk did not give is asked for again.
        let patience = if whole { Duration::MAX } else { AGAIN_AFTER };
        match changes.seen.recv_timeout(patience) {
            Ok(()) => settle(&changes.seen),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some(app) = app.upgrade() else { return };
        whole = reload(&app);
    }
}

fn forward(sender: Sender<()>) -> impl FnMut(notify::Result<Event>) + Send + 'static {
    move |event| {
        // Reading a file is an event as well, and a reload reads every file.
        let changed = event.is_ok_and(|event| match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            EventKind::Access(_) => false,
            _ => true,
        });
        if changed {
            // The watch thread is gone only when the program ends.
            let _ = sender.send(());
        }
    }
}

/// Waits until nothing has changed for a while, but not for ever.
fn settle(changes: &Receiver<()>) {
    for _ in 0..PATIENCE {
        match changes.recv_timeout(QUIET) {
            Ok(()) => while changes.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Finishes a publish that a failing disk cut off, reloads and says on stderr what is wrong with
/// which file. Returns whether every file could be read.
pub fn reload(app: &App) -> bool {
    let journal = &app.studio.journal;
    let reloaded = app.engine().change_files(|kb| {
        if let Err(error) = publish::recover(kb, journal) {
            tracing::error!("a publish is not finished: {error}");
        }
        Ok::<(), EngineError>(())
    });
    match reloaded.map(|((), snapshot)| snapshot) {
        Ok(snapshot) => {
            app.metrics.reload(snapshot.generation);
            for diagnostic in snapshot.diagnostics.iter().filter(|d| d.is_error()) {
                tracing::error!("{diagnostic}");
            }
            tracing::info!(generation = snapshot.generation, "knowledge base reloaded");
            !snapshot.unread
        }
        Err(error) => {
            tracing::error!("not reloaded, the version before stays up: {error}");
            false
        }
    }
}
