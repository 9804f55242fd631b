//! The queries: a connection in, answers out. Each is one statement, so it sees one moment.

use rusqlite::Connection;

use crate::events::event::{Outcome, Ticket};
use crate::events::store::{IssueCount, StoreError, Verdict};
use crate::id::{ArticleId, TicketId};
use crate::time::Timestamp;

use super::row::{self, TICKET_COLUMNS};

/// One ticket.
pub(super) fn ticket(conn: &Connection, id: TicketId) -> Result<Ticket, StoreError> {
    let number = i64::try_from(id.0).map_err(|_| StoreError::NoTicket(id))?;
    let sql = format!("SELECT {TICKET_COLUMNS} FROM ticket WHERE id = ?1");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([number])?;
    rows.next()?.map_or(Err(StoreError::NoTicket(id)), row::ticket)
}

/// The latest tickets, newest first.
pub(super) fn tickets(
    conn: &Connection,
    before: Option<TicketId>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    // A number past what SQLite can hold is past every ticket.
    let last = before.map_or(u64::MAX, |id| id.0.saturating_sub(1));
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {TICKET_COLUMNS} FROM ticket WHERE id BETWEEN 1 AND ?1 ORDER BY id DESC LIMIT ?2"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([last, limit])?;
    let mut tickets = Vec::new();
    while let Some(row) = rows.next()? {
        tickets.push(row::ticket(row)?);
    }
    Ok(tickets)
}

/// Tickets by best suggestion.
///
/// The cross join goes from each article into its own stretch of the index, so the cost is the
/// articles plus the tickets in the window, with nothing to sort.
pub(super) fn issue_counts(
    conn: &Connection,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<IssueCount>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT a.slug, count(*), min(t.at), max(t.at) FROM article a CROSS JOIN ticket t \
         ON t.best = a.id WHERE t.at >= ?1 AND t.at < ?2 GROUP BY a.id \
         UNION ALL \
         SELECT NULL, count(*), min(at), max(at) FROM ticket \
         WHERE best IS NULL AND at >= ?1 AND at < ?2 HAVING count(*) > 0",
    )?;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond()])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let slug: Option<String> = row.get(0)?;
        counts.push(IssueCount {
            article: slug.as_deref().map(row::article).transpose()?,
            tickets: row.get(1)?,
            first: row::time(row.get(2)?)?,
            last: row::time(row.get(3)?)?,
        });
    }
    counts.sort_by(|a, b| (b.tickets, &a.article).cmp(&(a.tickets, &b.article)));
    Ok(counts)
}

/// How often each outcome was given for each article.
pub(super) fn outcome_counts(
    conn: &Connection,
    since: Timestamp,
) -> Result<Vec<(ArticleId, Outcome, u64)>, StoreError> {
    // Naming the outcomes lets the index skip to the window for each article and outcome.
    let codes = Outcome::ALL.map(|o| format!("('{}')", o.code())).join(", ");
    let sql = format!(
        "WITH outcome (code) AS (VALUES {codes}) \
         SELECT a.slug, o.code, count(*) FROM article a CROSS JOIN outcome o \
         CROSS JOIN feedback f ON f.article = a.id AND f.outcome = o.code \
         WHERE f.at >= ?1 GROUP BY a.id, o.code"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([since.as_microsecond()])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let (slug, code): (String, String) = (row.get(0)?, row.get(1)?);
        counts.push((row::article(&slug)?, row::outcome(&code)?, row.get(2)?));
    }
    counts.sort();
    Ok(counts)
}

/// Texts that stand confirmed for an article.
pub(super) fn phrasings(conn: &Connection) -> Result<Vec<(String, ArticleId)>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT t.clean_text, a.slug FROM phrasing p JOIN ticket t ON t.id = p.ticket \
         JOIN article a ON a.id = p.article ORDER BY p.ticket, a.slug",
    )?;
    let mut rows = select.query([])?;
    let mut phrasings = Vec::new();
    while let Some(row) = rows.next()? {
        let slug: String = row.get(1)?;
        phrasings.push((row.get(0)?, row::article(&slug)?));
    }
    Ok(phrasings)
}

/// What staff said about tickets and articles, as it stands.
pub(super) fn verdicts(conn: &Connection) -> Result<Vec<Verdict>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT v.ticket, t.clean_text, a.slug, v.confirmed, ( \
             SELECT max(f.at) FROM feedback f WHERE f.ticket = v.ticket AND f.article = v.article \
         ) FROM ( \
             SELECT ticket, article, 1 AS confirmed FROM phrasing \
             UNION ALL SELECT ticket, article, 0 FROM rejection \
         ) v JOIN ticket t ON t.id = v.ticket JOIN article a ON a.id = v.article \
         ORDER BY v.ticket, a.slug",
    )?;
    let mut rows = select.query([])?;
    let mut verdicts = Vec::new();
    while let Some(row) = rows.next()? {
        let slug: String = row.get(2)?;
        verdicts.push(Verdict {
            ticket: TicketId(row.get(0)?),
            text: row.get(1)?,
            article: row::article(&slug)?,
            confirmed: row.get(3)?,
            at: row::time(row.get(4)?)?,
        });
    }
    Ok(verdicts)
}

/// Reads from the file.
pub(super) fn health(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM (SELECT id FROM ticket ORDER BY id DESC LIMIT 1)";
    conn.prepare_cached(sql)?.query_row([], |_| Ok(()))?;
    Ok(())
}
