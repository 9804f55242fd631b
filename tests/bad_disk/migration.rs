//! Data folders of every schema that there was, made by the SQL of its time.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use zhinan::events::sqlite::{SqliteStore, copy};
use zhinan::events::store::Recorded;
use zhinan::events::{Outcome, Store};
use zhinan::id::TicketId;

use super::disk::BadDisk;
use super::faults::{let_every_call_fail, recounted};
use crate::store::{keyed, ticket};

/// What a release of that schema ran on a new file.
const SCHEMAS: [&str; 3] = [
    include_str!("../../src/events/sqlite/schema_1.sql"),
    include_str!("../../src/events/sqlite/schema_2.sql"),
    include_str!("../../src/events/sqlite/schema_3.sql"),
];

/// Rows that a file of the first schema could hold: 40 tickets, one confirmed, one rejected.
const ROWS: &str = "
    INSERT INTO article (id, slug) VALUES (1, 'fees'), (2, 'card-declined');
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40)
    INSERT INTO ticket (at, best, lang, channel, key, request, suggested, redacted, clean_text)
    SELECT 1790000000000000 + n * 1000000, 1, 'en', 'form', 'key-' || n, 'key-' || n,
        '[[\"fees\",0.875]]', '[]', 'key-' || n FROM n;
    INSERT INTO feedback (at, article, ticket, outcome)
    VALUES (1790000050000000, 1, 7, 'used'), (1790000051000000, 2, 9, 'wrong');
    INSERT INTO phrasing (ticket, article) VALUES (7, 1);";

/// Makes the file that a program of this schema would have left.
fn old_file(path: &Path, schema: usize) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch("PRAGMA journal_mode = wal").unwrap();
    conn.execute_batch(SCHEMAS[0]).unwrap();
    conn.execute_batch(ROWS).unwrap();
    SCHEMAS[1..schema].iter().for_each(|sql| conn.execute_batch(sql).unwrap());
    conn.pragma_update(None, "application_id", 0x7a68_696e).unwrap();
    conn.pragma_update(None, "user_version", schema as i64).unwrap();
}

/// A query for each table that files of this schema have: all of its rows as they stand there.
fn queries(schema: usize) -> Vec<String> {
    let bare = Connection::open_in_memory().unwrap();
    SCHEMAS[..schema].iter().for_each(|sql| bare.execute_batch(sql).unwrap());
    let list = |sql: &str| {
        let mut select = bare.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    };
    let tables = list("SELECT name FROM sqlite_schema WHERE type = 'table'");
    let query = |table: &String| {
        let columns =
            list(&format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')"));
        format!("SELECT '{table} ' || {} FROM {table} ORDER BY 1", columns.join(" || ',' || "))
    };
    tables.iter().map(query).collect()
}

/// What must be the same before and after.
fn rows(path: &Path, queries: &[String]) -> Vec<String> {
    let conn = Connection::open(path).unwrap();
    let rows = |sql: &String| {
        let mut select = conn.prepare(sql).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    };
    queries.iter().flat_map(rows).collect()
}

#[test]
fn a_file_of_every_schema_is_brought_up_with_its_rows() {
    for schema in 1..=SCHEMAS.len() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events.sqlite");
        old_file(&path, schema);
        let queries = queries(schema);
        let before = rows(&path, &queries);
        assert!(before.len() >= 45, "schema {schema} has {} rows", before.len());
        drop(SqliteStore::open(&path).unwrap());
        assert_eq!(rows(&path, &queries), before, "schema {schema}");
        let kept = dir.path().join(format!("events.schema-{schema}.sqlite"));
        assert_eq!(copy::inspect(&kept).unwrap().schema, schema as u64, "as it was, beside it");
        assert_eq!(rows(&kept, &queries), before);
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(recounted(&store).len(), 40);
        assert_eq!(store.phrasings().unwrap().len(), 1);
        let said = store.ticket_feedback(TicketId(9)).unwrap();
        assert_eq!(said[0].outcome, Outcome::Wrong);
        assert_eq!(store.verdicts().unwrap().len(), 2, "what was rejected counts from now on");
        // Keys of old still tell a repeated request.
        let again = store.record_ticket(&keyed(ticket(99, "key-3", None), "key-3", "key-3"));
        assert!(matches!(again.unwrap(), Recorded::Again(ticket) if ticket.id == TicketId(3)));
    }
}

#[test]
fn a_migration_that_the_disk_stops_is_no_migration() {
    let made = tempfile::tempdir().unwrap();
    let template = made.path().join("events.sqlite");
    old_file(&template, 1);
    let queries = queries(1);
    let before = rows(&template, &queries);
    let_every_call_fail(60, |fault| {
        let disk = BadDisk::new();
        let path = disk.path().join("events.sqlite");
        fs::copy(&template, &path).unwrap();
        disk.set(fault);
        let opened = SqliteStore::open(&path).map(drop);
        let (_, failed) = disk.mend();
        let schema = copy::inspect(&path).unwrap().schema;
        assert!(schema == 4 || (schema == 1 && opened.is_err()), "{fault:?}: schema {schema}");
        assert_eq!(rows(&path, &queries), before, "{fault:?}");
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(recounted(&store).len(), 40);
        store.record_ticket(&ticket(1, "new", None)).unwrap();
        drop(store);
        // Whatever was cut off, what lies beside it is whole.
        let kept = disk.path().join("events.schema-1.sqlite");
        assert_eq!(copy::inspect(&kept).unwrap().schema, 1);
        assert_eq!(rows(&kept, &queries), before);
        failed
    });
}
