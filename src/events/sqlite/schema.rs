//! Opening the file: a path in, a connection with the current schema out, or why not.
//!
//! `user_version` counts the migrations that a file has had. They only go forward: a file from a
//! newer program is refused, never guessed at.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::events::store::StoreError;

/// Marks the file as ours: "zhin" in ASCII.
const APPLICATION_ID: i64 = 0x7a68_696e;

/// How long to wait for another process that writes, e.g. a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The log is cut back to this size after a checkpoint, so that one burst does not keep the disk.
const LOG_BYTES_KEPT: i64 = 16 * 1024 * 1024;

/// The migrations in order. A released one never changes; a change is a new one at the end.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
];

/// The schema of files that this program writes.
pub(super) const CURRENT: u64 = MIGRATIONS.len() as u64;

/// Opens the file to write, makes it if it is missing and brings it to the current schema.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = connect(path, flags)?;
    keep_old_schema(&conn, path)
        .and_then(|()| prepare(&mut conn))
        .map_err(|error| error.refuse(path))?;
    Ok(conn)
}

/// Before the file is migrated, a copy of it as it was goes beside it: migrations only go forward.
fn keep_old_schema(conn: &Connection, path: &Path) -> Result<(), Unfit> {
    let had = version(conn)?;
    if had == 0 || had == CURRENT {
        return Ok(());
    }
    let copy = kept_before(path, had);
    if copy.exists() {
        // Made before a migration that did not end; the file has not changed since.
        return Ok(());
    }
    let partial = path.with_extension("partial");
    let io = |error: std::io::Error| {
        Unfit::Refused(format!("it cannot be copied to `{}` first: {error}", copy.display()))
    };
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(io)?;
    }
    conn.execute("VACUUM INTO ?1", [partial.to_string_lossy()])?;
    std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(&partial, &copy).map_err(io)
}

/// Where the file goes as it was before it was migrated from a schema.
pub(super) fn kept_before(path: &Path, had: u64) -> PathBuf {
    path.with_extension(format!("schema-{had}.sqlite"))
}

/// Opens the file to read; a writer must have it open.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Opens the file to write if no other process has it open; what is replaced is overwritten with
/// zeros, and nothing goes through files of its own.
pub(super) fn open_alone(path: &Path) -> Result<Connection, StoreError> {
    let conn = open_to_write(path)?;
    let alone = || -> rusqlite::Result<()> {
        conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
        conn.pragma_update(None, "temp_store", "memory")?;
        // Leaving WAL mode for a moment works for the only user of a file.
        conn.busy_timeout(Duration::ZERO)?;
        conn.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
        conn.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(()))?;
        conn.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
        conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        Ok(())
    };
    alone().map_err(|error| match error.sqlite_error().map(|e| e.code) {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            let reason = "another process has it open; stop `zhinan serve`, then run this again";
            refuse(path, reason.to_owned())
        }
        _ => refuse_sqlite(path, error),
    })?;
    Ok(conn)
}

/// The error that says why the file cannot be used.
pub(super) fn refuse(path: &Path, reason: String) -> StoreError {
    StoreError::Open { path: path.display().to_string(), reason }
}

fn refuse_sqlite(path: &Path, error: rusqlite::Error) -> StoreError {
    match StoreError::from(error) {
        StoreError::Full => StoreError::Full,
        StoreError::Failed(reason) => refuse(path, reason),
        other => refuse(path, other.to_string()),
    }
}

/// Opens a connection that waits for others.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connect = || -> rusqlite::Result<Connection> {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.set_prepared_statement_cache_capacity(32);
        Ok(conn)
    };
    connect().map_err(|error| refuse_sqlite(path, error))
}

/// Why a file is not used.
pub(super) enum Unfit {
    Refused(String),
    Sqlite(rusqlite::Error),
}

impl Unfit {
    /// The error that names the file.
    pub(super) fn refuse(self, path: &Path) -> StoreError {
        match self {
            Unfit::Refused(reason) => refuse(path, reason),
            Unfit::Sqlite(error) => refuse_sqlite(path, error),
        }
    }
}

impl From<rusqlite::Error> for Unfit {
    fn from(error: rusqlite::Error) -> Self {
        Unfit::Sqlite(error)
    }
}

/// Checks and migrates before the mode changes: a file that is not ours is left as it was.
fn prepare(conn: &mut Connection) -> Result<(), Unfit> {
    conn.pragma_update(None, "foreign_keys", true)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&tx)?;
    tx.commit()?;
    let mode: String =
        conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let reason = format!("its file system allows the journal `{mode}` but not `wal`");
        return Err(Unfit::Refused(format!("{reason}; move it to a local disk")));
    }
    conn.pragma_update(None, "synchronous", "full")?;
    // What is erased is overwritten, not only let go.
    conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    conn.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES_KEPT, |_| Ok(()))?;
    Ok(())
}

/// The schema that a file has, or why it is not one of ours.
pub(super) fn version(conn: &Connection) -> Result<u64, Unfit> {
    let number = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = number("user_version")?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && number("application_id")? != APPLICATION_ID {
        let reason = "it is the database of another program; name another file";
        return Err(Unfit::Refused(reason.to_owned()));
    }
    let known = MIGRATIONS.len();
    if !(0..=known as i64).contains(&version) {
        return Err(Unfit::Refused(format!(
            "it has schema {version} and this program knows up to {known}; run a newer zhinan"
        )));
    }
    Ok(version.unsigned_abs())
}

fn migrate(tx: &Transaction<'_>) -> Result<(), Unfit> {
    let had = version(tx)? as usize;
    let missing = MIGRATIONS.get(had..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    for migration in missing {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_waits_for_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open_to_write(&dir.path().join("events.db")).unwrap();
        let pragma =
            |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((pragma("synchronous"), pragma("foreign_keys")), (2, 1));
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}
