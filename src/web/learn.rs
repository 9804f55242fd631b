//! Learning soon after an agent has said what became of a suggestion: the next ranking knows it.
//!
//! A click asks; a thread waits until clicks pause, but not for ever, and lets the engine learn
//! once for all of them. The old snapshot answers until the new one is ready.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::state::App;

/// How long clicks must pause.
const QUIET: Duration = Duration::from_millis(400);
/// How many pauses may be broken before it learns all the same.
const PATIENCE: usize = 10;

/// Where a click asks for learning.
#[derive(Debug, Default)]
pub struct Learner {
    asked: Mutex<Option<Sender<()>>>,
}

impl Learner {
    /// Asks for learning. Without a thread, the next reload learns.
    pub fn ask(&self) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = asked.as_ref() {
            // The thread is gone only when the program ends.
            let _ = sender.send(());
        }
    }
}

/// Starts the thread; it ends with the server.
pub fn spawn(app: &Arc<App>) -> std::io::Result<()> {
    let (sender, asked) = channel();
    *app.learner.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    let app = Arc::downgrade(app);
    let thread = std::thread::Builder::new().name("learn".to_owned());
    thread.spawn(move || {
        while asked.recv().is_ok() {
            settle(&asked);
            let Some(app) = app.upgrade() else { return };
            match app.engine().relearn() {
                Ok(snapshot) => app.metrics.reload(snapshot.generation),
                Err(error) => tracing::error!("not learned yet, the next reload tries: {error}"),
            }
        }
    })?;
    Ok(())
}

fn settle(asked: &Receiver<()>) {
    for _ in 0..PATIENCE {
        match asked.recv_timeout(QUIET) {
            Ok(()) => while asked.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}
