//! The queries: a connection in, answers out. Each is one statement, so it sees one moment.

use rusqlite::{Connection, params};

use crate::events::event::{Feedback, Outcome, Ticket, TicketState};
use crate::events::store::{IssueCount, QueueFilter, StoreError, Verdict};
use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::time::Timestamp;

use super::row::{self, TICKET_COLUMNS};

/// One ticket.
pub(super) fn ticket(conn: &Connection, id: TicketId) -> Result<Ticket, StoreError> {
    let number = row::number(id)?;
    let sql = format!("SELECT {TICKET_COLUMNS} FROM ticket WHERE id = ?1 AND erased IS NULL");
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
        "SELECT {TICKET_COLUMNS} FROM ticket WHERE id BETWEEN 1 AND ?1 AND erased IS NULL \
         ORDER BY id DESC LIMIT ?2"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([last, limit])?;
    let mut tickets = Vec::new();
    while let Some(row) = rows.next()? {
        tickets.push(row::ticket(row)?);
    }
    Ok(tickets)
}

/// The tickets that a queue shows, newest first.
pub(super) fn queue(
    conn: &Connection,
    filter: &QueueFilter,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let last = filter.before.map_or(u64::MAX, |id| id.0.saturating_sub(1));
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let topic = filter.topic.as_ref().and_then(|topic| topic.as_ref()).map(ArticleId::as_str);
    let by_topic = match filter.topic {
        None => "?3 IS NULL",
        Some(None) => "best IS NULL AND ?3 IS NULL",
        Some(Some(_)) => "best = (SELECT id FROM article WHERE slug = ?3)",
    };
    let voices = if filter.no_copies { "AND echo = 0" } else { "" };
    let sql = format!(
        "SELECT {TICKET_COLUMNS} FROM ticket WHERE id BETWEEN 1 AND ?1 AND erased IS NULL \
         AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR lang = ?5) AND {by_topic} {voices} \
         ORDER BY id DESC LIMIT ?2"
    );
    let (state, lang) = (filter.state.map(TicketState::code), filter.lang.map(TextLang::code));
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query(params![last, limit, topic, state, lang])?;
    let mut tickets = Vec::new();
    while let Some(row) = rows.next()? {
        tickets.push(row::ticket(row)?);
    }
    Ok(tickets)
}

/// How many tickets are in each state.
pub(super) fn state_counts(conn: &Connection) -> Result<[u64; 4], StoreError> {
    let mut select = conn
        .prepare_cached("SELECT state, count(*) FROM ticket WHERE erased IS NULL GROUP BY state")?;
    let mut rows = select.query([])?;
    let mut counts = [0; 4];
    while let Some(row) = rows.next()? {
        let code: String = row.get(0)?;
        let place = TicketState::ALL.iter().position(|s| s.code() == code);
        if let Some(count) = place.and_then(|p| counts.get_mut(p)) {
            *count = row.get(1)?;
        }
    }
    Ok(counts)
}

/// What was said about a ticket, oldest first.
pub(super) fn ticket_feedback(
    conn: &Connection,
    id: TicketId,
) -> Result<Vec<Feedback>, StoreError> {
    ticket(conn, id)?;
    let mut select = conn.prepare_cached(
        "SELECT f.at, a.slug, f.outcome FROM feedback f JOIN article a ON a.id = f.article \
         WHERE f.ticket = ?1 ORDER BY f.id",
    )?;
    let mut rows = select.query([id.0])?;
    let mut said = Vec::new();
    while let Some(row) = rows.next()? {
        let (slug, code): (String, String) = (row.get(1)?, row.get(2)?);
        said.push(Feedback {
            at: row::time(row.get(0)?)?,
            article: row::article(&slug)?,
            ticket: Some(id),
            outcome: row::outcome(&code)?,
        });
    }
    Ok(said)
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
         ON t.best = a.id WHERE t.at >= ?1 AND t.at < ?2 AND t.echo = 0 GROUP BY a.id \
         UNION ALL \
         SELECT NULL, count(*), min(at), max(at) FROM ticket \
         WHERE best IS NULL AND at >= ?1 AND at < ?2 AND echo = 0 HAVING count(*) > 0",
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
         JOIN article a ON a.id = p.article WHERE t.clean_text <> '' ORDER BY p.ticket, a.slug",
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
         WHERE t.clean_text <> '' ORDER BY v.ticket, a.slug",
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

/// Other tickets that held a secret of this one, newest first.
pub(super) fn same_secret(
    conn: &Connection,
    id: TicketId,
    limit: usize,
) -> Result<Vec<TicketId>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT DISTINCT other.ticket FROM secret own JOIN secret other ON other.tag = own.tag \
         WHERE own.ticket = ?1 AND other.ticket <> ?1 ORDER BY other.ticket DESC LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = select.query([row::number(id).unwrap_or(-1), limit])?;
    let mut tickets = Vec::new();
    while let Some(row) = rows.next()? {
        tickets.push(TicketId(row.get(0)?));
    }
    Ok(tickets)
}

/// Reads from the file.
pub(super) fn health(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM (SELECT id FROM ticket ORDER BY id DESC LIMIT 1)";
    conn.prepare_cached(sql)?.query_row([], |_| Ok(()))?;
    Ok(())
}
