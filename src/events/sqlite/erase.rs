//! Erasure in SQLite: words out of rows, in the transaction that the writer holds, and then out of
//! the file.
//!
//! The writer's connection overwrites what it deletes with zeros; [`checkpoint`] then empties the
//! log, which holds the pages as they were.

use rusqlite::{Connection, Row, params};

use crate::events::erasure::{Erase, Erased};
use crate::events::store::StoreError;
use crate::id::TicketId;
use crate::time::Timestamp;

use super::row;
use super::writer::Verb;

/// Tickets that go in one transaction, so that others do not wait long.
pub(super) const AT_ONCE: usize = 2_000;
/// Tries to empty the log: a reader in the middle of a query holds it for a moment.
const CHECKPOINTS_MAX: u32 = 20;

/// An erasure at a time.
pub(super) struct EraseAt(pub(super) Erase, pub(super) Timestamp);

impl Verb for EraseAt {
    type Answer = Vec<Erased>;

    fn apply(&self, conn: &Connection) -> Result<Vec<Erased>, StoreError> {
        let EraseAt(which, at) = self;
        let chosen = chosen(conn, which)?;
        for erased in &chosen {
            let ticket = row::number(erased.ticket)?;
            forget(conn, ticket, at.as_microsecond())?;
            if !matches!(which, Erase::Before(_)) {
                conn.prepare_cached("DELETE FROM phrasing WHERE ticket = ?1")?.execute([ticket])?;
            }
            without_phrasing(conn, ticket)?;
        }
        if let Erase::Before(time) = which {
            let mut delete = conn.prepare_cached("DELETE FROM gap WHERE at < ?1")?;
            delete.execute([time.as_microsecond()])?;
        }
        forget_writers(conn, which)?;
        Ok(chosen)
    }
}

fn chosen(conn: &Connection, which: &Erase) -> Result<Vec<Erased>, StoreError> {
    let (condition, value): (&str, rusqlite::types::Value) = match which {
        Erase::Ticket(id) => (
            "id = ?1 AND (erased IS NULL OR clean_text <> '')",
            row::number(*id).unwrap_or(-1).into(),
        ),
        Erase::Sender(mark) => {
            ("sender = ?1 AND (erased IS NULL OR clean_text <> '')", mark.clone().into())
        }
        Erase::Before(time) => ("at < ?1 AND erased IS NULL", time.as_microsecond().into()),
    };
    let sql = format!("SELECT id, at FROM ticket WHERE {condition} ORDER BY id LIMIT ?2");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query(params![value, AT_ONCE as i64])?;
    let mut chosen = Vec::new();
    while let Some(row) = rows.next()? {
        chosen.push(Erased { ticket: TicketId(row.get(0)?), at: row::time(row.get(1)?)? });
    }
    Ok(chosen)
}

/// Takes out who wrote in a contact form.
fn forget_writers(conn: &Connection, which: &Erase) -> Result<(), StoreError> {
    let update = |condition| format!("UPDATE form_session SET sender = NULL WHERE {condition}");
    match which {
        Erase::Ticket(_) => 0,
        Erase::Sender(mark) => conn.prepare_cached(&update("sender = ?1"))?.execute([mark])?,
        Erase::Before(time) => conn
            .prepare_cached(&update("at < ?1 AND sender IS NOT NULL"))?
            .execute([time.as_microsecond()])?,
    };
    Ok(())
}

/// Takes out all but the words.
fn forget(conn: &Connection, ticket: i64, at: i64) -> Result<(), StoreError> {
    let mut update = conn.prepare_cached(
        "UPDATE ticket SET erased = ?2, channel = '', external_id = NULL, key = NULL, \
         request = NULL, redacted = '[]' WHERE id = ?1",
    )?;
    update.execute([ticket, at])?;
    conn.prepare_cached("DELETE FROM secret WHERE ticket = ?1")?.execute([ticket])?;
    Ok(())
}

/// Takes the words out of an erased ticket that is no phrasing.
pub(super) fn without_phrasing(conn: &Connection, ticket: i64) -> Result<(), StoreError> {
    let mut update = conn.prepare_cached(
        "UPDATE ticket SET clean_text = '', sender = NULL WHERE id = ?1 AND erased IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM phrasing WHERE ticket = ?1)",
    )?;
    if update.execute([ticket])? > 0 {
        conn.prepare_cached("DELETE FROM rejection WHERE ticket = ?1")?.execute([ticket])?;
    }
    Ok(())
}

/// How many tickets have lost their words, and when the latest did.
pub(super) fn count(conn: &Connection) -> Result<(u64, Option<Timestamp>), StoreError> {
    let sql = "SELECT count(*), max(erased) FROM ticket WHERE erased IS NOT NULL";
    let count = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?));
    let (count, last) = conn.prepare_cached(sql)?.query_row([], count)?;
    Ok((count, last.map(row::time).transpose()?))
}

/// Empties the log, so that the pages as they were are gone.
pub(super) fn checkpoint(conn: &Connection) -> Result<(), StoreError> {
    for _ in 0..CHECKPOINTS_MAX {
        let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    Err(StoreError::Failed("its log is in use and keeps erased words; try again".to_owned()))
}
