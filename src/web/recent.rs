//! What was needed in the last week, counted now and then: every view of the home page shows it,
//! and counting reads every ticket of the week.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;

use crate::engine::{Engine, EngineError};
use crate::events::store::IssueCount;
use crate::time::Timestamp;

/// How far back.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a count is good enough.
const KEPT: SignedDuration = SignedDuration::from_secs(30);

type Counted = (Timestamp, Arc<Vec<IssueCount>>);

/// The last count.
#[derive(Debug, Default)]
pub struct Recent {
    last: Mutex<Option<Counted>>,
}

impl Recent {
    /// The tickets of the last week by their best suggestion, at most half a minute old.
    pub fn counts(
        &self,
        engine: &Engine,
        now: Timestamp,
    ) -> Result<Arc<Vec<IssueCount>>, EngineError> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last().clone();
        if let Some((at, counts)) = known {
            // A clock that was set back makes the count old as well.
            if (SignedDuration::ZERO..KEPT).contains(&now.duration_since(at)) {
                return Ok(counts);
            }
        }
        let since = now.checked_sub(WINDOW).unwrap_or(now);
        let counts = Arc::new(engine.store().issue_counts(since, now)?);
        *last() = Some((now, counts.clone()));
        Ok(counts)
    }
}
