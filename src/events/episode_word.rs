//! What staff said about an episode. Episodes are derived from tickets, so that their numbers may
//! change with the articles; the first ticket of one stays.

use crate::id::TicketId;
use crate::time::Timestamp;

/// What staff said about an episode, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpisodeWord {
    /// The first ticket of the episode.
    pub first: TicketId,
    /// When it was said.
    pub at: Timestamp,
    /// The name of whoever said it.
    pub who: String,
    /// Somebody is at work on it.
    pub acknowledged: bool,
    /// It is to send no more alerts.
    pub muted: bool,
    /// A link to the incident in another system.
    pub incident: Option<String>,
}
