//! Opening the events for a command that may run beside a server.
//!
//! SQLite lets several processes read and write one file, so `user`, `erase`, `report`, `replay` and
//! a dry `scan-store` work on a served folder and take no hold of it. What a server must not see
//! happen beneath it is done under the hold: an older schema brought up, a restore finished.

use anyhow::Context;

use crate::backup;
use crate::data::DataDir;
use crate::events::sqlite::{SqliteStore, copy};

/// The events of a data folder, made if there are none.
pub(super) fn open(data: &DataDir) -> anyhow::Result<SqliteStore> {
    bring_up(data)?;
    Ok(SqliteStore::open(&data.events())?)
}

/// Finishes what was cut off and brings the events to this program's schema; the schema that they
/// had, where that was an older one.
pub(super) fn bring_up(data: &DataDir) -> anyhow::Result<Option<u64>> {
    let had = older(data)?;
    if had.is_none() && !backup::is_unfinished(data) {
        return Ok(None);
    }
    let _hold = data.hold().context("the events are brought to a newer schema first")?;
    backup::finish(data)?;
    // A restore may have brought older events.
    let had = older(data)?;
    drop(SqliteStore::open(&data.events())?);
    Ok(had)
}

/// The schema of events that an older program wrote.
pub(super) fn older(data: &DataDir) -> anyhow::Result<Option<u64>> {
    let path = data.events();
    if !path.exists() {
        return Ok(None);
    }
    let had = copy::schema_of(&path)?;
    Ok((0 < had && had < copy::SCHEMA).then_some(had))
}
