//! Self-service figures in SQLite: who made contact again, what became of tickets, searches.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use rusqlite::{Connection, params};

use crate::events::service::{After, Handled, Recontacts, SearchCount, hours};
use crate::events::store::StoreError;
use crate::lang::TextLang;
use crate::time::Timestamp;

use super::row;
use super::writer::Verb;

/// Searches that were counted together.
pub(super) struct Searched(pub(super) Vec<SearchCount>);

impl Verb for Searched {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let mut insert = conn.prepare_cached(
            "INSERT INTO search_hour (hour, lang, searches, empty) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET searches = searches + excluded.searches, \
             empty = empty + excluded.empty",
        )?;
        for count in &self.0 {
            let lang = count.lang.code();
            insert.execute(params![count.hour(), lang, count.searches, count.empty])?;
        }
        Ok(())
    }
}

/// Searches of the hours that begin in a window, and those without results.
pub(super) fn searches(
    conn: &Connection,
    (since, until): (Timestamp, Timestamp),
) -> Result<BTreeMap<TextLang, (u64, u64)>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT lang, sum(searches), sum(empty) FROM search_hour \
         WHERE hour >= ?1 AND hour < ?2 GROUP BY lang",
    )?;
    let hours = hours(since, until);
    let mut rows = select.query([hours.start, hours.end])?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let lang: String = row.get(0)?;
        counts.insert(row::parsed("lang", &lang)?, (row.get(1)?, row.get(2)?));
    }
    Ok(counts)
}

/// Who made contact again.
pub(super) fn recontacts(
    conn: &Connection,
    (since, until): (Timestamp, Timestamp),
    within: SignedDuration,
) -> Result<Vec<Recontacts>, StoreError> {
    // Of a session only tickets count, and only those of a known person that ended without one.
    let mut select = conn.prepare_cached(
        "SELECT CASE WHEN solved THEN 0 ELSE 1 END AS after, lang, count(*), sum(again) FROM ( \
             SELECT s.lang, max(t.step = 'solved') AS solved, max(t.step = 'opened') AS opened, \
             max(t.step = 'sent') AS sent, max(t.step IN ('shown', 'withheld')) AS offered, \
             EXISTS (SELECT 1 FROM ticket u WHERE u.sender = s.sender AND u.echo = 0 \
                     AND u.at BETWEEN s.at AND s.at + ?3) AS again \
             FROM form_session s JOIN form_step t ON t.session = s.id \
             WHERE s.at >= ?1 AND s.at < ?2 AND s.sender IS NOT NULL AND s.holdout = 0 \
             GROUP BY s.id \
         ) WHERE offered AND NOT sent AND (solved OR opened) GROUP BY after, lang \
         UNION ALL \
         SELECT 2, lang, count(*), sum(EXISTS (SELECT 1 FROM ticket u \
             WHERE u.sender = t.sender AND u.echo = 0 AND (u.at, u.id) > (t.at, t.id) \
             AND u.at <= t.at + ?3)) \
         FROM ticket t WHERE t.at >= ?1 AND t.at < ?2 AND t.sender IS NOT NULL AND t.echo = 0 \
         AND t.state IN ('answered', 'closed') AND NOT EXISTS (SELECT 1 FROM ticket p \
             WHERE p.sender = t.sender AND p.echo = 0 AND (p.at, p.id) < (t.at, t.id) \
             AND p.at >= t.at - ?3) \
         GROUP BY lang",
    )?;
    let within = within.as_micros() as i64;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond(), within])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (after, lang): (u8, String) = (row.get(0)?, row.get(1)?);
        found.push(Recontacts {
            after: match after {
                0 => After::Confirmed,
                1 => After::Assumed,
                _ => After::Answered,
            },
            lang: row::parsed("lang", &lang)?,
            cases: row.get(2)?,
            again: row.get(3)?,
        });
    }
    found.sort();
    Ok(found)
}

/// What became of tickets, by language.
pub(super) fn handled(
    conn: &Connection,
    (since, until): (Timestamp, Timestamp),
) -> Result<BTreeMap<TextLang, Handled>, StoreError> {
    let mut select = conn.prepare_cached(
        "SELECT lang, count(*), sum(best IS NULL), count(DISTINCT sender) + sum(sender IS NULL), \
         sum(closed), sum(closed AND confirmed), sum(confirmed OR rejected), sum(rejected) FROM ( \
             SELECT lang, best, sender, \
             erased IS NULL AND state IN ('answered', 'closed') AS closed, erased IS NULL \
             AND EXISTS (SELECT 1 FROM phrasing p WHERE p.ticket = t.id) AS confirmed, \
             erased IS NULL \
             AND EXISTS (SELECT 1 FROM rejection r WHERE r.ticket = t.id) AS rejected \
             FROM ticket t WHERE at >= ?1 AND at < ?2 AND echo = 0 \
         ) GROUP BY lang",
    )?;
    let mut rows = select.query([since.as_microsecond(), until.as_microsecond()])?;
    let mut handled = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let lang: String = row.get(0)?;
        let count = Handled {
            tickets: row.get(1)?,
            unanswered: row.get(2)?,
            people: row.get(3)?,
            closed: row.get(4)?,
            linked: row.get(5)?,
            judged: row.get(6)?,
            rejected: row.get(7)?,
        };
        handled.insert(row::parsed("lang", &lang)?, count);
    }
    Ok(handled)
}
