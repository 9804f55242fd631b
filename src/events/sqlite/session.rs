//! Sessions of the contact form and gaps: what their verbs write and what is counted of them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::events::session::{
    ContactAfterReading, Course, Gap, GapCount, SessionCounts, SessionSteps, Step, Surface, Visit,
};
use crate::events::store::StoreError;
use crate::id::SessionId;
use crate::time::Timestamp;

use super::row;
use super::write::{article, known};
use super::writer::Verb;

impl Verb for SessionSteps {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let at = self.at.as_microsecond();
        for step in &self.steps {
            if let Step::Started(visit) = step {
                start(conn, &self.session, at, visit)?;
            }
            let mut select = conn.prepare_cached("SELECT id FROM form_session WHERE key = ?1")?;
            let session = select.query_row([self.session.as_str()], |row| row.get(0)).optional()?;
            let Some(session) = session else { continue };
            take(conn, session, at, step)?;
        }
        Ok(())
    }
}

fn start(conn: &Connection, session: &SessionId, at: i64, visit: &Visit) -> Result<(), StoreError> {
    let from = visit.from.as_ref().map(|slug| article(conn, slug)).transpose()?;
    let mut insert = conn.prepare_cached(
        "INSERT OR IGNORE INTO form_session (key, at, lang, surface, holdout, came_from, sender) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let (lang, surface) = (visit.lang.code(), visit.surface.code());
    let (holdout, sender) = (visit.holdout, visit.sender.as_deref());
    insert.execute(params![session.as_str(), at, lang, surface, holdout, from, sender])?;
    Ok(())
}

fn take(conn: &Connection, session: i64, at: i64, step: &Step) -> Result<(), StoreError> {
    let (name, slug) = match step {
        Step::Started(_) => return Ok(()),
        Step::Shown(slug) => ("shown", Some(slug)),
        Step::Withheld(slug) => ("withheld", Some(slug)),
        Step::Opened(slug) => ("opened", Some(slug)),
        Step::Solved(slug) => ("solved", Some(slug)),
        Step::Sent(_) => ("sent", None),
    };
    let ticket = match step {
        Step::Sent(ticket) => Some(known(conn, *ticket)?),
        _ => None,
    };
    let article = slug.map(|slug| article(conn, slug)).transpose()?.unwrap_or(0);
    let mut insert = conn.prepare_cached(
        "INSERT OR IGNORE INTO form_step (session, step, article, at, ticket) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![session, name, article, at, ticket])?;
    Ok(())
}

impl Verb for Gap {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let sql = "INSERT INTO gap (at, lang, query) VALUES (?1, ?2, ?3)";
        let values = params![self.at.as_microsecond(), self.lang.code(), self.query];
        conn.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

/// Sessions that began in a window, by how they went.
pub(super) fn counts(
    conn: &Connection,
    since: Timestamp,
    until: Timestamp,
) -> Result<SessionCounts, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT lang, surface, holdout, offered, opened, solved, sent, count(*) FROM ( \
         SELECT s.lang, s.surface, s.holdout, \
         coalesce(max(t.step IN ('shown', 'withheld')), 0) AS offered, \
         coalesce(max(t.step = 'opened'), 0) AS opened, \
         coalesce(max(t.step = 'solved'), 0) AS solved, \
         coalesce(max(t.step = 'sent'), 0) AS sent \
         FROM form_session s LEFT JOIN form_step t ON t.session = s.id \
         WHERE s.at >= ?1 AND s.at < ?2 GROUP BY s.id) \
         GROUP BY lang, surface, holdout, offered, opened, solved, sent",
    )?;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond()])?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (lang, surface): (String, String) = (row.get(0)?, row.get(1)?);
        let course = Course {
            lang: row::parsed("lang", &lang)?,
            surface: Surface::from_code(&surface).ok_or_else(|| row::damaged("surface"))?,
            holdout: row.get(2)?,
            offered: row.get(3)?,
            opened: row.get(4)?,
            solved: row.get(5)?,
            sent: row.get(6)?,
        };
        counts.insert(course, row.get(7)?);
    }
    Ok(counts)
}

/// Sessions that began in a window after reading an article.
pub(super) fn after_reading(
    conn: &Connection,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<ContactAfterReading>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT a.slug, count(*), sum(EXISTS (SELECT 1 FROM form_step t \
         WHERE t.session = s.id AND t.step = 'sent')) \
         FROM form_session s JOIN article a ON a.id = s.came_from \
         WHERE s.at >= ?1 AND s.at < ?2 GROUP BY a.id",
    )?;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond()])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let slug: String = row.get(0)?;
        let article = row::article(&slug)?;
        counts.push(ContactAfterReading { article, sessions: row.get(1)?, sent: row.get(2)? });
    }
    counts.sort_by(|a, b| (b.sessions, &a.article).cmp(&(a.sessions, &b.article)));
    Ok(counts)
}

/// What was searched for in a window and not found.
pub(super) fn gaps(
    conn: &Connection,
    since: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<GapCount>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT query, lang, count(*) AS n, max(at) FROM gap WHERE at >= ?1 AND at < ?2 \
         GROUP BY query, lang",
    )?;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond()])?;
    let mut gaps = Vec::new();
    while let Some(row) = rows.next()? {
        let lang: String = row.get(1)?;
        gaps.push(GapCount {
            query: row.get(0)?,
            lang: row::parsed("lang", &lang)?,
            searches: row.get(2)?,
            last: row::time(row.get(3)?)?,
        });
    }
    gaps.sort_by(GapCount::by_number);
    gaps.truncate(limit);
    Ok(gaps)
}
