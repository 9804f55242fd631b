//! The one way from async handlers into the engine, whose verbs block.
//!
//! Work runs on tokio's blocking threads, a bounded number at a time with a bounded queue behind
//! it; past that the request is refused at once, so that an overload costs a 503 and not memory.

use tokio::sync::Semaphore;

/// How many engine calls run at a time. Searches need a core each, but ticket writes only wait for
/// the disk, and the store commits those that wait together; so there are more than cores.
const RUNNING_MAX: usize = 32;
/// How many may wait beyond that: at 3 ms a search, about a second's work for two cores.
const WAITING_MAX: usize = 512;

/// Bounds the engine calls.
#[derive(Debug)]
pub struct Gate {
    admitted: Semaphore,
    running: Semaphore,
}

/// Why work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDone {
    /// The queue is full.
    Overloaded,
    /// The work panicked.
    Panicked,
}

impl Default for Gate {
    fn default() -> Self {
        Gate::new(RUNNING_MAX, WAITING_MAX)
    }
}

impl Gate {
    /// A gate that lets so many run and so many wait.
    pub fn new(running: usize, waiting: usize) -> Gate {
        Gate { admitted: Semaphore::new(running + waiting), running: Semaphore::new(running) }
    }

    /// Runs `work` where it may block.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let _admitted = self.admitted.try_acquire().map_err(|_| NotDone::Overloaded)?;
        let _running = self.running.acquire().await.map_err(|_| NotDone::Overloaded)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| NotDone::Panicked)
    }
}
