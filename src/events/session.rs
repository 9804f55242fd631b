//! Sessions of the contact form: what a writer was offered and what came of it, without who it was.
//!
//! A session is one visit to the contact form, on the help centre or in the widget; its id is
//! random and says nothing about the person. It starts when its text is first looked at, so that
//! crawlers and people who only glance at the form do not count. From then on:
//!
//! | step | when | read as |
//! |---|---|---|
//! | `started` | the text was first looked at | the denominator of every rate |
//! | `shown` | articles were shown beside the form | offered |
//! | `withheld` | articles would have been shown, but the session is in the holdout | offered |
//! | `opened` | one of them was opened | without `solved` and `sent`: *assumed* deflection |
//! | `solved` | the writer said that it solved the problem | without `sent`: *confirmed* deflection |
//! | `sent` | the ticket was sent | no deflection |
//!
//! Deflection as a cause: the share of `sent` among the offered sessions of the holdout, less that
//! among the offered sessions that were shown suggestions. `from` names the article that was read
//! just before: contact after reading.
//!
//! A gap is a search that found nothing: what readers look for and nobody has written.

use std::collections::BTreeMap;

use crate::id::{ArticleId, SessionId, TicketId};
use crate::lang::TextLang;
use crate::time::Timestamp;

/// Where a form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Surface {
    /// On the help centre.
    Form,
    /// In the widget, on another site.
    Widget,
}

impl Surface {
    /// All of them.
    pub const ALL: [Surface; 2] = [Surface::Form, Surface::Widget];

    /// The name used in JSON and in the store; also the channel of its tickets.
    pub fn code(self) -> &'static str {
        match self {
            Surface::Form => "form",
            Surface::Widget => "widget",
        }
    }

    /// The surface of that name.
    pub fn from_code(code: &str) -> Option<Surface> {
        Surface::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// What is known of a session from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Where the form stands.
    pub surface: Surface,
    /// The language of the text.
    pub lang: TextLang,
    /// Whether it sees no suggestions, so that deflection can be measured.
    pub holdout: bool,
    /// The article that the writer came from.
    pub from: Option<ArticleId>,
    /// A keyed mark of the writer, if the form was told who that is. The help centre's own form
    /// never is.
    pub sender: Option<String>,
}

/// One thing that happened in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The text was first looked at. What comes again changes nothing.
    Started(Visit),
    /// An article was shown.
    Shown(ArticleId),
    /// An article would have been shown.
    Withheld(ArticleId),
    /// An article was opened.
    Opened(ArticleId),
    /// An article solved the problem.
    Solved(ArticleId),
    /// The ticket was sent.
    Sent(TicketId),
}

/// Steps of one session that happened together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSteps {
    /// When.
    pub at: Timestamp,
    /// In which session.
    pub session: SessionId,
    /// What, in order.
    pub steps: Vec<Step>,
}

/// How sessions went: those that have all of this in common.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; all combinations occur"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Course {
    /// The language of the text.
    pub lang: TextLang,
    /// Where the form stands.
    pub surface: Surface,
    /// Whether suggestions were withheld.
    pub holdout: bool,
    /// Whether anything was shown or withheld.
    pub offered: bool,
    /// Whether an article was opened.
    pub opened: bool,
    /// Whether the writer said that one solved the problem.
    pub solved: bool,
    /// Whether the ticket was sent.
    pub sent: bool,
}

/// Sessions by how they went.
pub type SessionCounts = BTreeMap<Course, u64>;

/// Sessions that began after reading one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactAfterReading {
    /// The article.
    pub article: ArticleId,
    /// Sessions that came from it.
    pub sessions: u64,
    /// Those of them that sent a ticket.
    pub sent: u64,
}

/// A search that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// When.
    pub at: Timestamp,
    /// The language of the query.
    pub lang: TextLang,
    /// The query, folded, without secrets.
    pub query: String,
}

/// Searches for the same query that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapCount {
    /// The query.
    pub query: String,
    /// Its language.
    pub lang: TextLang,
    /// How often.
    pub searches: u64,
    /// When last.
    pub last: Timestamp,
}

impl GapCount {
    /// The order of reports: most searches first, then by query and language.
    pub fn by_number(&self, other: &GapCount) -> std::cmp::Ordering {
        let key = |g: &GapCount| (std::cmp::Reverse(g.searches), g.query.clone(), g.lang);
        key(self).cmp(&key(other))
    }
}
