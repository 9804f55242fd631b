//! Tickets that staff have sorted by hand ↔ rows.

use rusqlite::{Connection, params};

use crate::events::pile::{Pin, Sorting};
use crate::events::store::StoreError;
use crate::id::TicketId;

use super::row;
use super::write::known;
use super::writer::Verb;

impl Verb for Sorting {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let at = self.at.as_microsecond();
        for (ticket, pile) in &self.tickets {
            let ticket = known(conn, *ticket)?;
            match pile {
                Some(pile) => conn
                    .prepare_cached(
                        "INSERT OR REPLACE INTO pin (ticket, pile, at, who) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![ticket, known(conn, *pile)?, at, self.who])?,
                None => conn.prepare_cached("DELETE FROM pin WHERE ticket = ?1")?.execute([ticket])?,
            };
        }
        Ok(())
    }
}

/// All of them, by the ticket.
pub(super) fn all(conn: &Connection) -> Result<Vec<Pin>, StoreError> {
    let mut select =
        conn.prepare_cached("SELECT ticket, pile, at, who FROM pin ORDER BY ticket")?;
    let mut rows = select.query([])?;
    let mut pins = Vec::new();
    while let Some(row) = rows.next()? {
        pins.push(Pin {
            ticket: TicketId(row.get(0)?),
            pile: TicketId(row.get(1)?),
            at: row::time(row.get(2)?)?,
            who: row.get(3)?,
        });
    }
    Ok(pins)
}
