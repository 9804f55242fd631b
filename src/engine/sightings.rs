//! Sightings: recorded tickets as the ledger of what recurs sees them.

use crate::events::Ticket;
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
        tickets.iter().map(|ticket| sight.recorded(&self.redactor, ticket)).collect()
    }
}
