//! What the verbs write: an event in, rows out, inside the transaction that the writer holds.

use rusqlite::{Connection, OptionalExtension, params};

use crate::events::event::{Feedback, Idempotency, NewTicket, RedactedSecret, Ticket, TicketState};
use crate::events::store::{Recorded, StoreError};
use crate::id::{ArticleId, TicketId};

use super::writer::Verb;
use super::{erase, read, row};

impl Verb for NewTicket {
    type Answer = Recorded;

    fn apply(&self, conn: &Connection) -> Result<Recorded, StoreError> {
        if let Some(idempotency) = &self.idempotency {
            if let Some(ticket) = recorded(conn, idempotency)? {
                return Ok(Recorded::Again(Box::new(ticket)));
            }
        }
        let best = self.suggested.first().map(|s| article(conn, &s.article)).transpose()?;
        let mut insert = conn.prepare_cached(
            "INSERT INTO ticket (at, best, lang, channel, external_id, key, request, suggested, \
             redacted, clean_text, sender) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
        )?;
        let id: i64 = insert.query_row(
            params![
                self.at.as_microsecond(),
                best,
                self.lang.code(),
                self.channel,
                self.external_id,
                self.idempotency.as_ref().map(|i| &i.key),
                self.idempotency.as_ref().map(|i| &i.request),
                row::suggested_json(&self.suggested)?,
                row::redacted_json(&self.redacted)?,
                self.clean_text,
                self.sender,
            ],
            |row| row.get(0),
        )?;
        tag(conn, id, &self.redacted)?;
        Ok(Recorded::New(TicketId(id.unsigned_abs())))
    }
}

/// The ticket that was recorded with this key.
fn recorded(conn: &Connection, idempotency: &Idempotency) -> Result<Option<Ticket>, StoreError> {
    let mut select = conn.prepare_cached("SELECT id, request FROM ticket WHERE key = ?1")?;
    let found: Option<(u64, String)> =
        select.query_row([&idempotency.key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        Some((_, request)) if request != idempotency.request => Err(StoreError::KeyReused),
        Some((id, _)) => read::ticket(conn, TicketId(id)).map(Some),
        None => Ok(None),
    }
}

/// Keeps the tags of a ticket's secrets, to find those that come again.
pub(super) fn tag(
    conn: &Connection,
    ticket: i64,
    redacted: &[RedactedSecret],
) -> Result<(), StoreError> {
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO secret (tag, ticket) VALUES (?1, ?2)")?;
    for tag in redacted.iter().filter_map(|secret| secret.tag.as_deref()) {
        insert.execute(params![tag, ticket])?;
    }
    Ok(())
}

/// Tickets that are copies from one source.
pub(super) struct Echoes(pub(super) Vec<TicketId>);

impl Verb for Echoes {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut update =
            conn.prepare_cached("UPDATE ticket SET echo = 1 WHERE id = ?1 AND echo = 0")?;
        for id in self.0.iter().filter_map(|id| row::number(*id).ok()) {
            update.execute([id])?;
        }
        Ok(())
    }
}

/// A ticket's new state.
pub(super) struct SetState(pub(super) TicketId, pub(super) TicketState);

impl Verb for SetState {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let row = known(conn, self.0)?;
        let mut update = conn.prepare_cached("UPDATE ticket SET state = ?2 WHERE id = ?1")?;
        update.execute(params![row, self.1.code()])?;
        Ok(())
    }
}

impl Verb for Feedback {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let ticket = self.ticket.map(|id| known(conn, id)).transpose()?;
        let article = article(conn, &self.article)?;
        let mut insert = conn.prepare_cached(
            "INSERT INTO feedback (at, article, ticket, outcome) VALUES (?1, ?2, ?3, ?4)",
        )?;
        insert.execute(params![self.at.as_microsecond(), article, ticket, self.outcome.code()])?;
        if let (Some(ticket), Some(confirmed)) = (ticket, self.outcome.verdict()) {
            judge(conn, ticket, article, confirmed)?;
        }
        Ok(())
    }
}

/// Keeps what now stands between a ticket and an article: confirmed, rejected or nothing.
fn judge(
    conn: &Connection,
    ticket: i64,
    article: i64,
    verdict: Option<bool>,
) -> Result<(), StoreError> {
    for (table, stands) in [("phrasing", Some(true)), ("rejection", Some(false))] {
        let change = if verdict == stands {
            format!("INSERT OR IGNORE INTO {table} (ticket, article) VALUES (?1, ?2)")
        } else {
            format!("DELETE FROM {table} WHERE ticket = ?1 AND article = ?2")
        };
        conn.prepare_cached(&change)?.execute([ticket, article])?;
    }
    erase::without_phrasing(conn, ticket)
}

/// The row of a ticket, if there is one.
pub(super) fn known(conn: &Connection, id: TicketId) -> Result<i64, StoreError> {
    let row = row::number(id)?;
    let mut select = conn.prepare_cached("SELECT id FROM ticket WHERE id = ?1")?;
    select.query_row([row], |row| row.get(0)).optional()?.ok_or(StoreError::NoTicket(id))
}

/// The row of an article, made at its first mention.
pub(super) fn article(conn: &Connection, article: &ArticleId) -> Result<i64, StoreError> {
    let slug = article.as_str();
    let mut select = conn.prepare_cached("SELECT id FROM article WHERE slug = ?1")?;
    if let Some(id) = select.query_row([slug], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    let mut insert = conn.prepare_cached("INSERT INTO article (slug) VALUES (?1) RETURNING id")?;
    Ok(insert.query_row([slug], |row| row.get(0))?)
}
