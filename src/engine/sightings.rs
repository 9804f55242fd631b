//! Sightings: recorded tickets as the ledger of what recurs sees them.

use crate::events::Ticket;
use crate::events::erasure::voice;
use crate::kb::library::Reader;
use crate::trends::ledger::Sighting;
use crate::trends::sight::Sight;

use super::Engine;

impl Engine {
    /// What can be seen in tickets, by the public articles of this moment; the order stays.
    pub fn sightings(&self, tickets: &[Ticket]) -> Vec<Sighting> {
        let snapshot = self.snapshot();
        let (analyser, matcher) = (&snapshot.library.analyser, snapshot.matcher(Reader::Public));
        let sight = Sight::new(analyser, matcher);
        let sighting = |ticket: &Ticket| {
            // What was stored has no secrets; this takes out the placeholders.
            let clean = self.redact(&ticket.ticket.clean_text);
            let sender = ticket.ticket.sender.as_deref().and_then(voice);
            sight.sighting(&clean.without_placeholders(), ticket.id.0, ticket.ticket.at, sender)
        };
        tickets.iter().map(sighting).collect()
    }
}
