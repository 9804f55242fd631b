//! What was needed lately, counted now and then: every view of the home page shows it, and counting
//! reads every ticket of the week.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;

use crate::engine::{Engine, EngineError};
use crate::events::store::IssueCount;
use crate::id::ArticleId;
use crate::time::Timestamp;

/// How far back.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What is held against the rest of the week.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How long a count is good enough.
const KEPT: SignedDuration = SignedDuration::from_secs(30);
/// Fewer tickets in a day say nothing.
const RISING_FROM: u64 = 3;
/// How many times the usual day's tickets is a rise.
const RISING_TIMES: f64 = 2.5;

/// Tickets by their best suggestion.
#[derive(Debug, Default)]
pub struct Counts {
    /// In the last week, most first.
    pub week: Vec<IssueCount>,
    /// In the last day, most first.
    pub day: Vec<IssueCount>,
}

impl Counts {
    /// What came up in the last day far more often than on the days before, most tickets first.
    pub fn rising(&self) -> Vec<IssueCount> {
        let before = |article: &Option<ArticleId>, today: u64| {
            let week = self.week.iter().find(|c| c.article == *article).map_or(0, |c| c.tickets);
            week.saturating_sub(today) as f64 / 6.0
        };
        let rises = |c: &&IssueCount| {
            let usual = before(&c.article, c.tickets);
            // Two standard deviations of a Poisson count, so that small numbers must rise more.
            c.tickets >= RISING_FROM
                && c.tickets as f64 >= (usual * RISING_TIMES).max(usual + 2.0 * usual.sqrt() + 1.0)
        };
        self.day.iter().filter(rises).cloned().collect()
    }
}

/// The last count.
#[derive(Debug, Default)]
pub struct Recent {
    last: Mutex<Option<(Timestamp, Arc<Counts>)>>,
}

impl Recent {
    /// The tickets of the last week and day, at most half a minute old.
    pub fn counts(&self, engine: &Engine, now: Timestamp) -> Result<Arc<Counts>, EngineError> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last().clone();
        if let Some((at, counts)) = known {
            // A clock that was set back makes the count old as well.
            if (SignedDuration::ZERO..KEPT).contains(&now.duration_since(at)) {
                return Ok(counts);
            }
        }
        let since = |span| now.checked_sub(span).unwrap_or(now);
        let count = |span| engine.store().issue_counts(since(span), now);
        let counts = Arc::new(Counts { week: count(WEEK)?, day: count(DAY)? });
        *last() = Some((now, counts.clone()));
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_when_a_day_is_far_above_the_days_before() {
        let check = |week: u64, day: u64, expected: bool| {
            let count = |tickets| IssueCount {
                article: Some("card-declined".parse().unwrap()),
                tickets,
                first: Timestamp::UNIX_EPOCH,
                last: Timestamp::UNIX_EPOCH,
            };
            let counts = Counts { week: vec![count(week)], day: vec![count(day)] };
            assert_eq!(!counts.rising().is_empty(), expected, "{day} of {week}");
        };
        check(3, 3, true);
        check(2, 2, false);
        check(70, 10, false);
        check(80, 20, false);
        check(100, 40, true);
        check(9, 4, true);
    }
}
