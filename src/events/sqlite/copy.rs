//! Copies of the store's file: a consistent one while others write, and a look at one that is
//! about to be trusted. It takes no part in serving.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::events::store::StoreError;
use crate::time::Timestamp;

use super::{row, schema};

/// What is in a store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// The schema that it has.
    pub schema: u64,
    /// Its tickets.
    pub tickets: u64,
    /// When the latest of them came.
    pub newest: Option<Timestamp>,
}

/// The schema that this program gives a store's file when it opens it.
pub const SCHEMA: u64 = schema::CURRENT;

/// The schema that a store's file has; 0 before its first migration.
pub fn schema_of(path: &Path) -> Result<u64, StoreError> {
    schema::version(&open(path)?).map_err(|unfit| unfit.refuse(path))
}

/// Where a migration puts the file as it was, when it had an older schema.
pub fn kept_before(path: &Path, schema: u64) -> PathBuf {
    schema::kept_before(path, schema)
}

/// Writes the state of one moment of the store at `from` to a new file at `to`. Others may write
/// to the store meanwhile. The copy is whole when this returns, but not yet safe from a power loss.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let conn = open(from)?;
    let to = to.to_str().ok_or_else(|| schema::refuse(to, "its name is not UTF-8".to_owned()))?;
    conn.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// Reads all of a store's file and tells what is in it, or why it is not to be trusted.
pub fn inspect(path: &Path) -> Result<Contents, StoreError> {
    let conn = open(path)?;
    let schema = schema::version(&conn).map_err(|unfit| unfit.refuse(path))?;
    let verdict: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(schema::refuse(path, "its pages are damaged".to_owned()));
    }
    let counts = "SELECT count(*), max(at) FROM ticket";
    let (tickets, newest): (u64, Option<i64>) =
        conn.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Contents { schema, tickets, newest: newest.map(row::time).transpose()? })
}

/// Folds the log of a store that nobody has open into its file, so that the file stands alone.
pub fn settle(path: &Path) -> Result<(), StoreError> {
    let conn = open(path)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    conn.close().map_err(|(_, error)| StoreError::from(error))
}

/// Opens a file without making or migrating it.
fn open(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(schema::refuse(path, "there is no such file".to_owned()));
    }
    schema::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}
