//! `zhinan backup` and `zhinan restore`: the events of one moment, out and back.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::backup;
use crate::cli::operate;
use crate::data::DataDir;
use crate::erasure::Erasures;
use crate::events::sqlite::SqliteStore;
use crate::time;

/// Makes a backup, or checks one.
pub fn run(args: &operate::Backup) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    if let Some(folder) = &args.verify {
        let manifest = backup::verify(folder)?;
        writeln!(out, "`{}` is whole: {} tickets", folder.display(), manifest.tickets)?;
        return Ok(ExitCode::SUCCESS);
    }
    let now = time::now();
    let named = || PathBuf::from(format!("backup-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    let to = args.to.clone().unwrap_or_else(named);
    let manifest = backup::make(&DataDir::new(&args.data), &to, now)?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    writeln!(out, "{} tickets, {bytes} bytes in `{}`", manifest.tickets, to.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup.
pub fn restore(args: &operate::Restore) -> anyhow::Result<ExitCode> {
    let data = DataDir::new(&args.data);
    let (manifest, kept) = backup::restore(&args.backup, &data, time::now())?;
    let store = SqliteStore::open(&data.events())?;
    let erased = Erasures::new(&data).apply(&store, time::now())?.len();
    drop(store);
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} tickets of {} restored", manifest.tickets, manifest.made)?;
    if erased > 0 {
        writeln!(out, "{erased} of them had been erased since and are erased again")?;
    }
    if let Some(kept) = kept {
        writeln!(out, "what was there before is in `{}`", kept.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
