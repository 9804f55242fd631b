//! What staff said about episodes, and which notices of them were delivered ↔ rows.

use rusqlite::{Connection, params};

use crate::events::episode_word::EpisodeWord;
use crate::events::store::StoreError;
use crate::id::TicketId;
use crate::time::Timestamp;

use super::row;
use super::writer::Verb;

impl Verb for EpisodeWord {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut insert = conn.prepare_cached(
            "INSERT OR REPLACE INTO episode_word (first, at, who, acknowledged, muted, incident) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        insert.execute(params![
            row::number(self.first)?,
            self.at.as_microsecond(),
            self.who,
            self.acknowledged,
            self.muted,
            self.incident,
        ])?;
        Ok(())
    }
}

/// A notice that was delivered.
pub(super) struct Sent(pub(super) String, pub(super) Timestamp);

impl Verb for Sent {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut insert =
            conn.prepare_cached("INSERT OR IGNORE INTO sent (key, at) VALUES (?1, ?2)")?;
        insert.execute(params![self.0, self.1.as_microsecond()])?;
        Ok(())
    }
}

/// Whether a notice was delivered.
pub(super) fn is_sent(conn: &Connection, key: &str) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached("SELECT 1 FROM sent WHERE key = ?1")?.exists([key])?)
}

/// All of them, by the first ticket.
pub(super) fn all(conn: &Connection) -> Result<Vec<EpisodeWord>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT first, at, who, acknowledged, muted, incident FROM episode_word ORDER BY first",
    )?;
    let mut rows = select.query([])?;
    let mut words = Vec::new();
    while let Some(row) = rows.next()? {
        words.push(EpisodeWord {
            first: TicketId(row.get(0)?),
            at: row::time(row.get(1)?)?,
            who: row.get(2)?,
            acknowledged: row.get(3)?,
            muted: row.get(4)?,
            incident: row.get(5)?,
        });
    }
    Ok(words)
}
