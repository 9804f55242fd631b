//! `zhinan check`: every problem in the knowledge base at once.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::cli;
use crate::kb::{check, load, lock};
use crate::time;
use anyhow::Context;

/// Runs the command.
pub fn run(args: &cli::Check) -> anyhow::Result<ExitCode> {
    if let Some(slug) = &args.accept {
        accept(&args.kb.kb, slug)?;
    }
    let loaded = load::load(&args.kb.kb, None)?;
    let today = time::day(time::now());
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

/// Records that the translation of one article, or of `all`, is up to date.
fn accept(kb: &Path, slug: &str) -> anyhow::Result<()> {
    let library = load::load(kb, None)?.library;
    let only = if slug == "all" { None } else { Some(slug.parse()?) };
    let text = lock::accept(&library, only.as_ref())?;
    let path = kb.join(lock::FILE);
    std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
