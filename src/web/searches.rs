//! Searches, counted: one by one in memory, added up in the store every few seconds.
//!
//! They are for a report, and there are many: a crash loses a few seconds of them. What was searched
//! for and not found is recorded at once, word for word, by the search page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::events::service::{SearchCount, hour};
use crate::events::{Store, StoreError};
use crate::lang::TextLang;
use crate::time::{Timestamp, now};

use super::state::App;

/// How often they are added up.
const EVERY: Duration = Duration::from_secs(5);

/// Searches that the store does not have yet.
#[derive(Default)]
pub struct Searches {
    counts: Mutex<BTreeMap<(i64, TextLang), SearchCount>>,
}

impl Searches {
    /// Counts a search for a query in this language.
    pub fn count(&self, lang: TextLang, empty: bool, at: Timestamp) {
        let mut counts = self.counts();
        let new = SearchCount { at, lang, searches: 0, empty: 0 };
        let count = counts.entry((hour(at), lang)).or_insert(new);
        count.searches += 1;
        count.empty += u64::from(empty);
    }

    /// Adds them up in the store. If that fails they are kept for the next time.
    pub fn store(&self, store: &dyn Store) -> Result<(), StoreError> {
        let counts = std::mem::take(&mut *self.counts());
        if counts.is_empty() {
            return Ok(());
        }
        let all: Vec<SearchCount> = counts.into_values().collect();
        let stored = store.record_searches(&all);
        if stored.is_err() {
            let mut counts = self.counts();
            for count in all {
                let new = SearchCount { searches: 0, empty: 0, ..count };
                let sum = counts.entry((count.hour(), count.lang)).or_insert(new);
                sum.searches += count.searches;
                sum.empty += count.empty;
            }
        }
        stored
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<(i64, TextLang), SearchCount>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread; it ends with the server.
pub fn spawn(app: &Arc<App>) -> std::io::Result<()> {
    let app = Arc::downgrade(app);
    std::thread::Builder::new().name("searches".to_owned()).spawn(move || {
        loop {
            std::thread::sleep(EVERY);
            let Some(app) = app.upgrade() else { return };
            if let Err(error) = app.searches.store(app.engine().store()) {
                tracing::error!("searches not counted yet, next try soon: {error}");
            }
        }
    })?;
    Ok(())
}

/// Counts a search of now.
pub fn count(app: &App, lang: TextLang, empty: bool) {
    app.searches.count(lang, empty, now());
}
