//! `zhinan check`: every problem in the knowledge base at once.

use std::io::Write;
use std::process::ExitCode;

use jiff::tz::TimeZone;

use crate::cli;
use crate::kb::{check, load};
use crate::time;

/// Runs the command.
pub fn run(args: &cli::Check) -> anyhow::Result<ExitCode> {
    let loaded = load::load(&args.kb.kb, None)?;
    let today = time::now().to_zoned(TimeZone::UTC).date();
    let mut diagnostics = loaded.diagnostics;
    diagnostics.extend(check::check(&loaded.library, today));
    diagnostics.sort();
    let mut out = std::io::stdout().lock();
    for diagnostic in &diagnostics {
        writeln!(out, "{diagnostic}")?;
    }
    let errors = diagnostics.iter().filter(|d| d.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let articles = loaded.library.pairs.len();
    writeln!(out, "{articles} articles: {errors} errors, {warnings} warnings")?;
    let failed = errors > 0 || (args.strict && warnings > 0);
    Ok(ExitCode::from(u8::from(failed)))
}
