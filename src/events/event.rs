//! Events: what is recorded about tickets and about what became of a suggestion. What is recorded
//! about the contact form, and so about deflection, stands in [`super::session`].

use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::text::redact::Redaction;
use crate::time::Timestamp;

/// A ticket as it is handed to the store: redacted, matched, not yet numbered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTicket {
    /// When it came in.
    pub at: Timestamp,
    /// What the writer wrote, without secrets.
    pub clean_text: String,
    /// The language that it is written in.
    pub lang: TextLang,
    /// The way it came: `form`, `api`, `email` …
    pub channel: String,
    /// Its number in another system.
    pub external_id: Option<String>,
    /// What was suggested, best first; empty if zhinan abstained.
    pub suggested: Vec<Suggested>,
    /// The secrets that were taken out.
    pub redacted: Vec<RedactedSecret>,
    /// A keyed mark of whoever sent it, if that was told.
    pub sender: Option<String>,
    /// The sender's key and a hash of the request, so that a repeated request is recognised.
    pub idempotency: Option<Idempotency>,
}

/// A secret that was taken out of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RedactedSecret {
    /// The code of its kind.
    pub kind: String,
    /// Equal for equal secrets of one wallet or card; says nothing without the key. `None`: too short
    /// to tell one person's from another's, or recorded before tags were kept.
    pub tag: Option<String>,
}

impl RedactedSecret {
    /// What is kept of a secret.
    pub fn of(redaction: &Redaction) -> RedactedSecret {
        let tag = || format!("{:016x}", u64::from_be_bytes(redaction.tag));
        let kind = redaction.kind;
        RedactedSecret { kind: kind.code().to_owned(), tag: kind.is_unique().then(tag) }
    }
}

/// An article that was suggested for a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// The article.
    pub article: ArticleId,
    /// The calibrated probability that it answers.
    pub confidence: f32,
}

/// What makes a request recognisable when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// A keyed hash of the `Idempotency-Key` header.
    pub key: String,
    /// A hash of the redacted request: the same key with another request is an error.
    pub request: String,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum TicketState {
    /// Nobody has answered it.
    #[default]
    Open,
    /// An agent has answered it.
    Answered,
    /// It was handed to those who can repair what is broken.
    Escalated,
    /// Nothing more is to be done.
    Closed,
}

impl TicketState {
    /// Every state, in the order of the queue's tabs.
    pub const ALL: [TicketState; 4] =
        [TicketState::Open, TicketState::Answered, TicketState::Escalated, TicketState::Closed];

    /// The name used in JSON and in the store.
    pub fn code(self) -> &'static str {
        match self {
            TicketState::Open => "open",
            TicketState::Answered => "answered",
            TicketState::Escalated => "escalated",
            TicketState::Closed => "closed",
        }
    }

    /// The state of that name.
    pub fn from_code(code: &str) -> Option<TicketState> {
        TicketState::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// A recorded ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Its number.
    pub id: TicketId,
    /// Where it stands.
    pub state: TicketState,
    /// What was recorded.
    pub ticket: NewTicket,
}

/// What became of a suggestion or an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The reader said that it solved the problem: confirmed deflection.
    Solved,
    /// The reader opened it.
    Opened,
    /// The reader found an article helpful.
    Helpful,
    /// The reader did not find an article helpful.
    NotHelpful,
    /// Why not: it is about another problem than the reader's.
    OtherProblem,
    /// Why not: its steps did not work.
    Failed,
    /// Why not: it is hard to understand.
    Unclear,
    /// Why not: the app looks different by now.
    Outdated,
    /// An agent sent the reply as it stood: the ticket is confirmed as a phrasing.
    Used,
    /// An agent sent the reply after editing it: confirmed as well.
    Edited,
    /// An agent said that the suggestion is wrong for this ticket.
    Wrong,
    /// An agent needed no suggestion.
    NotNeeded,
    /// An agent linked an article that was not suggested: the ticket is a phrasing of it.
    Linked,
    /// A lead took back what was learned from a ticket about an article.
    Withdrawn,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 14] = [
        Outcome::Solved,
        Outcome::Opened,
        Outcome::Helpful,
        Outcome::NotHelpful,
        Outcome::OtherProblem,
        Outcome::Failed,
        Outcome::Unclear,
        Outcome::Outdated,
        Outcome::Used,
        Outcome::Edited,
        Outcome::Wrong,
        Outcome::NotNeeded,
        Outcome::Linked,
        Outcome::Withdrawn,
    ];

    /// The name used in JSON and in the store.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Solved => "solved",
            Outcome::Opened => "opened",
            Outcome::Helpful => "helpful",
            Outcome::NotHelpful => "not-helpful",
            Outcome::OtherProblem => "other-problem",
            Outcome::Failed => "failed",
            Outcome::Unclear => "unclear",
            Outcome::Outdated => "outdated",
            Outcome::Used => "used",
            Outcome::Edited => "edited",
            Outcome::Wrong => "wrong",
            Outcome::NotNeeded => "not-needed",
            Outcome::Linked => "linked",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    /// The outcome of that name.
    pub fn from_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|o| o.code() == code)
    }

    /// Returns true if and only if it says why an article did not help. It is recorded beside the
    /// `NotHelpful` that came before it.
    pub fn is_reason(self) -> bool {
        matches!(
            self,
            Outcome::OtherProblem | Outcome::Failed | Outcome::Unclear | Outcome::Outdated
        )
    }

    /// Returns true if and only if a member of staff has to be signed in to say so.
    pub fn is_staff(self) -> bool {
        use Outcome::{Edited, Linked, NotNeeded, Used, Withdrawn, Wrong};
        matches!(self, Used | Edited | Wrong | NotNeeded | Linked | Withdrawn)
    }

    /// Returns true if and only if it confirms that the article answers the ticket.
    pub fn confirms(self) -> bool {
        matches!(self, Outcome::Used | Outcome::Edited | Outcome::Linked)
    }

    /// What it makes stand between a ticket and an article: `Some(Some(true))` confirmed,
    /// `Some(Some(false))` rejected, `Some(None)` nothing any more. `None`: it changes nothing.
    pub fn verdict(self) -> Option<Option<bool>> {
        match self {
            Outcome::Wrong => Some(Some(false)),
            Outcome::Withdrawn => Some(None),
            outcome if outcome.confirms() => Some(Some(true)),
            _ => None,
        }
    }
}

/// One piece of feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// When it was given.
    pub at: Timestamp,
    /// The article that it is about.
    pub article: ArticleId,
    /// The ticket that it is about, if any.
    pub ticket: Option<TicketId>,
    /// What was said.
    pub outcome: Outcome,
}
