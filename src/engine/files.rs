//! Changing the files of the knowledge base from inside: no reload reads half a change.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::{Engine, EngineError, Snapshot, prepare, warm_in_background};

impl Engine {
    /// Lets `change` write into the knowledge base while no reload reads it, and answers from the
    /// new files before it returns: no reader gets a mix of two revisions.
    pub fn change_files<T, E: From<EngineError>>(
        &self,
        change: impl FnOnce(&Path) -> Result<T, E>,
    ) -> Result<(T, Arc<Snapshot>), E> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let done = change(&self.places.kb)?;
        let previous = self.snapshot();
        let (store, memos) = (self.store.as_ref(), self.memos.as_ref());
        let snapshot = prepare(&self.places, store, memos, Some(&previous))
            .map_err(|error| EngineError::Unread(Box::new(error)))?;
        let snapshot = Arc::new(snapshot);
        warm_in_background(&snapshot);
        self.snapshot.store(snapshot.clone());
        Ok((done, snapshot))
    }

    /// The folder of the knowledge base.
    pub fn kb(&self) -> &Path {
        &self.places.kb
    }
}
