//! Piles: tickets that staff have sorted by hand. Clusters are derived and may be derived anew at any
//! time; what a person decided about a ticket stays.

use crate::id::TicketId;
use crate::time::Timestamp;

/// Where somebody has put a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The ticket.
    pub ticket: TicketId,
    /// The pile: the number of the ticket that it is called after.
    pub pile: TicketId,
    /// When it was put there.
    pub at: Timestamp,
    /// The name of whoever put it there.
    pub who: String,
}

/// A decision: each ticket goes to its pile, or back to where it would be by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    /// When it was decided.
    pub at: Timestamp,
    /// The name of whoever decided it.
    pub who: String,
    /// The tickets with their piles.
    pub tickets: Vec<(TicketId, Option<TicketId>)>,
}
