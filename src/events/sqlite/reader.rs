//! The readers: a few read-only connections that are lent, one caller each.

use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::events::store::StoreError;

use super::schema;

/// How many read at the same time: reads are short, and more would only compete for the processor.
const READERS: usize = 4;

/// Connections that wait for a caller. Readers see every write that was acknowledged before.
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    /// Opens the connections.
    pub(super) fn open(path: &Path) -> Result<Readers, StoreError> {
        let idle: Result<Vec<Connection>, StoreError> =
            (0..READERS).map(|_| schema::open_to_read(path)).collect();
        Ok(Readers { idle: Mutex::new(idle?), returned: Condvar::new() })
    }

    /// Reads with one of them.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let lent = self.lend();
        lent.conn.as_ref().map_or_else(|| Err(gone()), read)
    }

    fn lend(&self) -> Lent<'_> {
        let mut idle = self.idle();
        loop {
            if let Some(conn) = idle.pop() {
                return Lent { conn: Some(conn), readers: self };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        // A push or a pop is whole or did not happen, whatever panicked.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back when it is dropped, also by a panic.
struct Lent<'a> {
    conn: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.readers.idle().push(conn);
            self.readers.returned.notify_one();
        }
    }
}

fn gone() -> StoreError {
    StoreError::Failed("a reader is gone; restart the program".to_owned())
}
