//! Hot reload: an edit in the knowledge base is served within two seconds.
//!
//! The operating system tells of changes; a slow poll catches what it does not tell (network
//! drives, swapped folders). Changes that come together are one reload.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::state::App;

/// How long the folder must be quiet: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// How long changes may go on before they are served all the same.
const PATIENCE: usize = 5;
/// How often the poll looks.
const POLL_EVERY: Duration = Duration::from_secs(5);

/// Watches `kb` on a thread of its own, for as long as the program runs.
pub fn spawn(app: &Arc<App>, kb: &Path) -> std::io::Result<()> {
    let (app, kb) = (app.clone(), kb.to_owned());
    std::thread::Builder::new().name("watch".to_owned()).spawn(move || watch(&app, &kb))?;
    Ok(())
}

fn watch(app: &Arc<App>, kb: &PathBuf) {
    let (sender, changes) = channel();
    let told = RecommendedWatcher::new(forward(sender.clone()), Config::default());
    let polled =
        PollWatcher::new(forward(sender), Config::default().with_poll_interval(POLL_EVERY));
    let told = told.and_then(|mut w| w.watch(kb, RecursiveMode::Recursive).map(|()| w));
    let polled = polled.and_then(|mut w| w.watch(kb, RecursiveMode::Recursive).map(|()| w));
    for error in [told.as_ref().err(), polled.as_ref().err()].into_iter().flatten() {
        tracing::warn!("cannot watch `{}`: {error}; edits may need a restart", kb.display());
    }
    // A weak hold on the server: the thread ends with it.
    let app = { Arc::downgrade(app) };
    while let Ok(()) = changes.recv() {
        settle(&changes);
        let Some(app) = app.upgrade() else { return };
        reload(&app);
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

fn settle(changes: &Receiver<()>) {
    let mut quiet_for = 0;
    for _ in 0..PATIENCE {
        match changes.recv_timeout(QUIET) {
            Ok(()) => while changes.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => quiet_for += 1,
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if quiet_for > 0 {
            return;
        }
    }
}

/// Reloads and says on stderr what is wrong with which file.
pub fn reload(app: &App) {
    match app.engine().reload() {
        Ok(snapshot) => {
            app.metrics.reload(snapshot.generation);
            for diagnostic in snapshot.diagnostics.iter().filter(|d| d.is_error()) {
                tracing::error!("{diagnostic}");
            }
            tracing::info!(generation = snapshot.generation, "knowledge base reloaded");
        }
        Err(error) => tracing::error!("not reloaded, the version before stays up: {error}"),
    }
}
