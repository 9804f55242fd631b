//! The store: a small trait of domain verbs, so that an engine cannot tell where events are kept.
//!
//! Every verb that writes returns after the write is on disk (where there is a disk). Verbs block.
//! Times are kept to the microsecond; what is finer is cut off, also in the bounds of a window.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::people::Refusal;
use crate::time::Timestamp;

use super::episode_word::EpisodeWord;
use super::erasure::{Erase, Erased};
use super::event::{Feedback, NewTicket, Outcome, Ticket, TicketState};
use super::people::People;
use super::pile::{Pin, Sorting};
use super::service::{Handled, Recontacts, SearchCount};
use super::session::{ContactAfterReading, Gap, GapCount, SessionCounts, SessionSteps};

/// What recording a ticket came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// It is new and has this number.
    New(TicketId),
    /// The same request came before; this is what was recorded then.
    Again(Box<Ticket>),
}

/// Tickets whose best suggestion was one article, in a window of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCount {
    /// The article; `None` counts the tickets that zhinan abstained on.
    pub article: Option<ArticleId>,
    /// How many.
    pub tickets: u64,
    /// The first in the window.
    pub first: Timestamp,
    /// The last in the window.
    pub last: Timestamp,
}

/// Which tickets a queue shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// Only those in this state.
    pub state: Option<TicketState>,
    /// Only those in this language.
    pub lang: Option<TextLang>,
    /// Only those whose best suggestion was this article; `Some(None)`: those without any.
    pub topic: Option<Option<ArticleId>>,
    /// Only those older than this one.
    pub before: Option<TicketId>,
    /// Without copies from one source.
    pub no_copies: bool,
}

/// What staff said about a ticket and an article, as it stands: the latest word counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The ticket.
    pub ticket: TicketId,
    /// What its writer wrote, without secrets.
    pub text: String,
    /// The article.
    pub article: ArticleId,
    /// Whether the article answers the ticket (`true`: a phrasing) or was rejected for it.
    pub confirmed: bool,
    /// When something was last said about the two.
    pub at: Timestamp,
}

/// Why a store refused.
///
/// No message shows what a customer wrote, nor a key: whoever sent it may have put anything there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The key was used before for another request.
    #[error("the idempotency key was used before with another request; use a new key")]
    KeyReused,
    /// There is no such ticket.
    #[error("there is no ticket {0}")]
    NoTicket(TicketId),
    /// A change to people was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk is full.
    #[error("the disk under the event store is full; free some space, no restart is needed")]
    Full,
    /// The file cannot be used.
    #[error("the event store `{path}` cannot be opened: {reason}")]
    Open {
        /// The file.
        path: String,
        /// The reason.
        reason: String,
    },
    /// Anything else that went wrong below.
    #[error("the event store failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Returns true if and only if the request is at fault and the store is well.
    pub fn is_refusal(&self) -> bool {
        matches!(self, StoreError::KeyReused | StoreError::NoTicket(_) | StoreError::Refused(_))
    }
}

/// Keeps events. Implementations are shared between threads.
pub trait Store: People + Send + Sync {
    /// Records a ticket and gives it the next number, from 1 without gaps. A request that comes
    /// again with its key is recorded once.
    fn record_ticket(&self, ticket: &NewTicket) -> Result<Recorded, StoreError>;

    /// Records feedback. Feedback about an unknown ticket is refused.
    fn record_feedback(&self, feedback: &Feedback) -> Result<(), StoreError>;

    /// One ticket.
    fn ticket(&self, id: TicketId) -> Result<Ticket, StoreError>;

    /// The latest tickets, newest first, at most `limit`, older than `before` if given.
    fn tickets(&self, before: Option<TicketId>, limit: usize) -> Result<Vec<Ticket>, StoreError>;

    /// Tickets from `since` until before `until` by their best suggestion, without copies from one
    /// source: most tickets first, then by article.
    fn issue_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IssueCount>, StoreError>;

    /// How often each outcome was given for each article since `since`, by article and outcome.
    fn outcome_counts(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(ArticleId, Outcome, u64)>, StoreError>;

    /// Tickets that staff confirmed for an article, oldest ticket first, then by article: the
    /// phrasings to learn from. A `Wrong` or `Withdrawn` recorded later for the same ticket and
    /// article takes it back.
    fn phrasings(&self) -> Result<Vec<(String, ArticleId)>, StoreError>;

    /// Puts a ticket into a state.
    fn set_state(&self, id: TicketId, state: TicketState) -> Result<(), StoreError>;

    /// The tickets that a queue shows, newest first, at most `limit`.
    fn queue(&self, filter: &QueueFilter, limit: usize) -> Result<Vec<Ticket>, StoreError>;

    /// How many tickets are in each state, in the order of [`TicketState::ALL`].
    fn state_counts(&self) -> Result<[u64; 4], StoreError>;

    /// What was said about one ticket, oldest first.
    fn ticket_feedback(&self, id: TicketId) -> Result<Vec<Feedback>, StoreError>;

    /// Takes the words out of tickets, from the file too, and gives those that had any: at most a few
    /// thousand at a time, so call it again until it gives none.
    fn erase(&self, which: &Erase, at: Timestamp) -> Result<Vec<Erased>, StoreError>;

    /// Marks tickets as copies from one source: they stay what they are and are left out of
    /// [`Store::issue_counts`].
    fn record_echoes(&self, tickets: &[TicketId]) -> Result<(), StoreError>;

    /// How many tickets have lost their words, and when the latest did: whoever keeps words in memory
    /// reads again when this changes.
    fn erasures(&self) -> Result<(u64, Option<Timestamp>), StoreError>;

    /// Other tickets in which a secret of this one came, newest first, at most `limit`.
    fn same_secret(&self, id: TicketId, limit: usize) -> Result<Vec<TicketId>, StoreError>;

    /// Records what staff say about an episode, in the place of what was said before.
    fn record_episode_word(&self, word: &EpisodeWord) -> Result<(), StoreError>;

    /// What staff said about episodes, by the first ticket.
    fn episode_words(&self) -> Result<Vec<EpisodeWord>, StoreError>;

    /// Records that a notice was delivered.
    fn record_sent(&self, key: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Whether a notice was delivered.
    fn is_sent(&self, key: &str) -> Result<bool, StoreError>;

    /// Everything that stands between tickets and articles, confirmed and rejected, oldest ticket
    /// first, then by article. Its confirmed ones are the [`Store::phrasings`].
    fn verdicts(&self) -> Result<Vec<Verdict>, StoreError>;

    /// Records steps of a session of the contact form, each once. Steps of a session that has not
    /// started are dropped; a ticket that does not exist is refused.
    fn record_session(&self, steps: &SessionSteps) -> Result<(), StoreError>;

    /// The sessions that started from `since` until before `until`, by how they went.
    fn session_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<SessionCounts, StoreError>;

    /// The same sessions by the article that was read just before: most sessions first, then by
    /// article.
    fn contact_after_reading(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ContactAfterReading>, StoreError>;

    /// Records a search that found nothing.
    fn record_gap(&self, gap: &Gap) -> Result<(), StoreError>;

    /// What was searched for from `since` until before `until` and not found, at most `limit`: most
    /// searches first, then by query and language.
    fn gaps(
        &self,
        since: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<GapCount>, StoreError>;

    /// Adds up searches, by hour and language.
    fn record_searches(&self, counts: &[SearchCount]) -> Result<(), StoreError>;

    /// Searches and those of them that found nothing, by language, in the hours that begin from
    /// `since` until before `until`.
    fn searches(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, (u64, u64)>, StoreError>;

    /// Contacts from `since` until before `until` after which there should have been none, and those
    /// that were followed by a ticket of the same person `within` a time; by what and language.
    fn recontacts(
        &self,
        since: Timestamp,
        until: Timestamp,
        within: SignedDuration,
    ) -> Result<Vec<Recontacts>, StoreError>;

    /// What became of the tickets that came from `since` until before `until`, by language.
    fn handled(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, Handled>, StoreError>;

    /// Records where somebody has put tickets, in the place of where they were put before: all of
    /// them or, if one does not exist, none.
    fn record_sorting(&self, sorting: &Sorting) -> Result<(), StoreError>;

    /// Where tickets were put by hand, by the ticket.
    fn pins(&self) -> Result<Vec<Pin>, StoreError>;

    /// Proves that the store can be read.
    fn health(&self) -> Result<(), StoreError>;
}
