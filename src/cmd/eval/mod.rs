//! `zhinan eval`: how good ranking and abstention are on a labelled set.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;

use crate::cli;
use crate::eval::metrics::{Classes, Judged};

use super::{jsonl, lexicon, progress};

pub mod chatter;
pub mod compare;
pub mod figures;
pub mod labelled;
pub mod run_file;

/// Runs the command.
pub fn run(args: &cli::Eval) -> anyhow::Result<ExitCode> {
    if let Some(articles) = args.chatter {
        return chatter::run(articles, args.json);
    }
    let lexicon = lexicon::open(&args.lexicon.data, args.lexicon.lexicon.as_deref())?;
    let labelled = match (&args.set, &args.tickets) {
        (Some(dir), _) => labelled::set(args, dir, lexicon)?,
        (None, Some(tickets)) => labelled::tickets(args, tickets, lexicon)?,
        (None, None) => return Ok(ExitCode::from(2)),
    };
    let malformed = if let [a, b] = args.compare.as_slice() {
        labelled.malformed + compare::run(&labelled.truth, (a, b), args.json)?
    } else {
        let Some(out) = &args.run else { return Ok(ExitCode::from(2)) };
        let malformed = labelled.malformed;
        let run = labelled.answer()?;
        run_file::write(out, &run.timed.answers)?;
        let judged: Vec<Judged<'_>> = run.timed.answers.iter().zip(&run.truth.relevant).collect();
        let rows = Classes::default().rows(&judged);
        figures::print(&run, &rows, args.json)?;
        if let Some(dir) = &args.curves {
            let what = args.set.as_ref().or(args.tickets.as_ref());
            let what = what.and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy();
            figures::draw(dir, &run, &rows, &what)?;
        }
        malformed
    };
    Ok(ExitCode::from(u8::from(malformed > 0)))
}

#[expect(clippy::disallowed_methods, reason = "an evaluation set is read where it is named")]
fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "measuring how long an answer takes")]
fn now() -> Instant {
    Instant::now()
}
