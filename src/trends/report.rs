//! The report: which issues recur in a window, compared with the window before it.

use std::collections::BTreeMap;

use crate::events::store::IssueCount;
use crate::id::ArticleId;
use crate::time::Timestamp;

/// One issue: an article's topic, or what no article answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The article; `None` stands for tickets that zhinan abstained on.
    pub article: Option<ArticleId>,
    /// Tickets in the window.
    pub tickets: u64,
    /// Their share of all tickets in the window, 0..1.
    pub share: f64,
    /// Tickets in the window before, of the same length.
    pub before: u64,
    /// The first ticket in the window.
    pub first: Timestamp,
    /// The last ticket in the window.
    pub last: Timestamp,
}

/// What recurred in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Where the window begins.
    pub since: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// All tickets in it.
    pub tickets: u64,
    /// The issues, most tickets first.
    pub issues: Vec<Issue>,
}

impl Report {
    /// Joins the counts of a window and of the one before it.
    pub fn new(
        since: Timestamp,
        until: Timestamp,
        counts: &[IssueCount],
        before: &[IssueCount],
    ) -> Report {
        let tickets: u64 = counts.iter().map(|c| c.tickets).sum();
        let earlier: BTreeMap<&Option<ArticleId>, u64> =
            before.iter().map(|c| (&c.article, c.tickets)).collect();
        let issue = |count: &IssueCount| Issue {
            article: count.article.clone(),
            tickets: count.tickets,
            share: if tickets == 0 { 0.0 } else { count.tickets as f64 / tickets as f64 },
            before: earlier.get(&count.article).copied().unwrap_or(0),
            first: count.first,
            last: count.last,
        };
        Report { since, until, tickets, issues: counts.iter().map(issue).collect() }
    }
}
