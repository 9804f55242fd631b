//! `zhinan migrate`: brings the events to this program's schema; `serve` does the same when it starts.

use std::io::Write;
use std::process::ExitCode;

use crate::cli::operate;
use crate::data::DataDir;
use crate::events::sqlite::copy;

use super::events;

/// Runs the command.
pub fn run(args: &operate::Migrate) -> anyhow::Result<ExitCode> {
    let data = DataDir::new(&args.data);
    let path = data.events();
    anyhow::ensure!(path.exists(), "there is no store `{}`; see --data", path.display());
    let mut out = std::io::stdout().lock();
    if args.check {
        let had = events::older(&data)?;
        let said = had.map_or("no migration is needed".to_owned(), |had| {
            format!("a migration from schema {had} to {} is needed", copy::SCHEMA)
        });
        writeln!(out, "{said}")?;
        return Ok(ExitCode::from(u8::from(had.is_some())));
    }
    match events::bring_up(&data)? {
        None => writeln!(out, "the events have schema {} already", copy::SCHEMA)?,
        Some(had) => {
            let kept = copy::kept_before(&path, had);
            writeln!(out, "the events had schema {had} and have {} now", copy::SCHEMA)?;
            writeln!(out, "as they were: `{}`", kept.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
