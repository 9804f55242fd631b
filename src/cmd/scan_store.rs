//! `zhinan scan-store`: what today's rules find in tickets that were recorded under older ones.
//!
//! The report has counts and ticket numbers, never a secret. Copies elsewhere (backups, snapshots
//! of the disk) are out of its reach.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli;
use crate::data::DataDir;
use crate::events::sqlite::rescan::{self, Rescan};
use crate::text::redact::Redactor;

#[derive(Serialize)]
struct Report {
    scanned: u64,
    texts: u64,
    kinds: BTreeMap<&'static str, u64>,
    tickets: Vec<u64>,
    redacted: bool,
}

/// Runs the command.
pub fn run(args: &cli::ScanStore) -> anyhow::Result<ExitCode> {
    let data = DataDir::new(&args.data);
    let path = data.events();
    anyhow::ensure!(path.exists(), "there is no store `{}`; see --data", path.display());
    super::events::bring_up(&data)?;
    let found = if args.dry_run {
        rescan::find(&path, &Redactor::default())?
    } else {
        // The tags that stay behind must be keyed, and equal to those of new tickets.
        let key = super::serve::redaction_key(&data.redaction_key())?;
        rescan::redact(&path, &Redactor::new(key))?
    };
    print(args, &found)?;
    Ok(ExitCode::from(u8::from(args.dry_run && found.texts > 0)))
}

fn print(args: &cli::ScanStore, found: &Rescan) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let report = Report {
        scanned: found.scanned,
        texts: found.texts,
        kinds: found.kinds.iter().map(|(kind, n)| (kind.code(), *n)).collect(),
        tickets: found.tickets.iter().map(|id| id.0).collect(),
        redacted: !args.dry_run,
    };
    if args.json {
        serde_json::to_writer(&mut out, &report)?;
        writeln!(out)?;
        return Ok(());
    }
    let done = if args.dry_run {
        "hold secrets; run without --dry-run"
    } else {
        "held secrets; taken out"
    };
    writeln!(out, "{} texts scanned, {} {done}", report.scanned, report.texts)?;
    for (kind, n) in &report.kinds {
        writeln!(out, "  {n:6}  {kind}")?;
    }
    if !report.tickets.is_empty() {
        let numbers: Vec<String> = report.tickets.iter().map(|id| format!("#{id}")).collect();
        writeln!(out, "  tickets {}", numbers.join(" "))?;
    }
    if !args.dry_run {
        writeln!(
            out,
            "  the file and its log were rewritten; backups made before still hold what was there"
        )?;
    }
    Ok(())
}
