//! Scanning again what is kept: a store that was written under yesterday's rules in, the same store
//! without what today's rules take out, and a report, out.
//!
//! The change is one transaction. What it replaced is then wiped from the file's free pages and from
//! the log, also when nothing was found: an earlier run may have been cut off in between. No other
//! process may have the file open, since a reader could hold the old log in place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use crate::events::event::RedactedSecret;
use crate::events::store::StoreError;
use crate::id::TicketId;
use crate::text::redact::{Redacted, Redactor, SecretKind};

use super::{row, schema, write};

/// The columns that hold what somebody wrote, by table.
const SCANNED: [(&str, &str); 5] = [
    ("ticket", "clean_text"),
    ("ticket", "channel"),
    ("ticket", "external_id"),
    ("ticket", "key"),
    ("gap", "query"),
];

/// Columns of text that hold no words of a ticket: names of ours, hashes, what staff did.
#[cfg(test)]
const OURS: [(&str, &str); 34] = [
    ("article", "slug"),
    ("audit", "action"),
    ("audit", "detail"),
    ("audit", "hash"),
    ("audit", "object"),
    ("audit", "who"),
    ("episode_word", "incident"),
    ("episode_word", "who"),
    ("feedback", "outcome"),
    ("form_session", "key"),
    ("form_session", "lang"),
    ("form_session", "sender"),
    ("form_session", "surface"),
    ("form_step", "step"),
    ("gap", "lang"),
    ("invitation", "hash"),
    ("person", "display"),
    ("person", "name"),
    ("person", "password"),
    ("person", "role"),
    ("pin", "who"),
    ("search_hour", "lang"),
    ("secret", "tag"),
    ("sent", "key"),
    ("session", "hash"),
    ("ticket", "lang"),
    ("ticket", "redacted"),
    ("ticket", "request"),
    ("ticket", "sender"),
    ("ticket", "state"),
    ("ticket", "suggested"),
    ("token", "hash"),
    ("token", "name"),
    ("token", "scopes"),
];

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rescan {
    /// Texts that were looked at.
    pub scanned: u64,
    /// Texts that held a secret.
    pub texts: u64,
    /// Tickets among them, oldest first.
    pub tickets: BTreeSet<TicketId>,
    /// Secrets by kind.
    pub kinds: BTreeMap<SecretKind, u64>,
}

impl Rescan {
    fn count(&mut self, table: &str, id: i64, redacted: &Redacted) {
        self.texts += 1;
        if table == "ticket" {
            self.tickets.insert(TicketId(u64::try_from(id).unwrap_or_default()));
        }
        for redaction in &redacted.redactions {
            *self.kinds.entry(redaction.kind).or_insert(0) += 1;
        }
    }
}

/// Looks for secrets and changes no text.
pub fn find(path: &Path, redactor: &Redactor) -> Result<Rescan, StoreError> {
    let conn = schema::open_to_write(path)?;
    scan(&conn, redactor, |_, _, _, _| Ok(()))
}

/// Takes secrets out, in place.
pub fn redact(path: &Path, redactor: &Redactor) -> Result<Rescan, StoreError> {
    let mut conn = schema::open_alone(path)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let report = scan(&tx, redactor, |table, column, id, redacted| {
        replace(&tx, table, column, id, redacted)
    })?;
    tx.commit()?;
    // Log to file, where old bytes become zeros; then a file without free pages.
    checkpoint(&conn)?;
    conn.execute_batch("VACUUM")?;
    checkpoint(&conn)?;
    Ok(report)
}

fn scan(
    conn: &Connection,
    redactor: &Redactor,
    mut act: impl FnMut(&str, &str, i64, &Redacted) -> Result<(), StoreError>,
) -> Result<Rescan, StoreError> {
    let mut report = Rescan::default();
    for (table, column) in SCANNED {
        // One row at a time: a statement that stays open would see its own table change.
        let next = format!(
            "SELECT id, {column} FROM {table} WHERE id > ?1 AND {column} IS NOT NULL \
             ORDER BY id LIMIT 1"
        );
        let mut select = conn.prepare(&next)?;
        let mut last = i64::MIN;
        loop {
            let mut rows = select.query([last])?;
            let Some(row) = rows.next()? else { break };
            last = row.get(0)?;
            let redacted = redactor.redact(&row.get::<_, String>(1)?);
            drop(rows);
            report.scanned += 1;
            if !redacted.redactions.is_empty() {
                report.count(table, last, &redacted);
                act(table, column, last, &redacted)?;
            }
        }
    }
    Ok(report)
}

fn replace(
    conn: &Connection,
    table: &str,
    column: &str,
    id: i64,
    redacted: &Redacted,
) -> Result<(), StoreError> {
    let mut clean = redacted.clean_text.clone();
    if column == "key" {
        // Two keys may leave the same text behind, and keys are unique.
        clean = format!("{clean} {id}");
    }
    let update = format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1");
    conn.prepare_cached(&update)?.execute(params![id, clean])?;
    if table == "ticket" {
        let mut select = conn.prepare_cached("SELECT redacted FROM ticket WHERE id = ?1")?;
        let mut secrets = row::redacted(&select.query_row([id], |row| row.get::<_, String>(0))?)?;
        secrets.extend(redacted.redactions.iter().map(RedactedSecret::of));
        write::tag(conn, id, &secrets)?;
        let mut update = conn.prepare_cached("UPDATE ticket SET redacted = ?2 WHERE id = ?1")?;
        update.execute(params![id, row::redacted_json(&secrets)?])?;
    }
    Ok(())
}

fn checkpoint(conn: &Connection) -> Result<(), StoreError> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Failed("its log is in use".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_text_is_scanned_or_known_to_be_ours() {
        let dir = tempfile::tempdir().unwrap();
        let conn = schema::open_to_write(&dir.path().join("events.sqlite")).unwrap();
        let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                   WHERE t.type = 'table' AND c.type = 'TEXT'";
        let mut select = conn.prepare(sql).unwrap();
        let columns = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        for column in columns {
            let (table, column): (String, String) = column.unwrap();
            let place = (table.as_str(), column.as_str());
            let known = SCANNED.contains(&place) || OURS.contains(&place);
            assert!(known, "{place:?}: does it hold what people wrote? say so in SCANNED or OURS");
        }
    }
}
