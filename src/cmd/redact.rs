//! `zhinan redact`: secrets out of a file of texts.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::cli;
use crate::text::redact::{Redacted, Redactor};

use super::{jsonl, progress};

#[derive(Deserialize)]
struct TextLine {
    id: String,
    text: String,
}

/// A secret that was taken out, as it is written to JSON.
#[derive(Debug, Serialize)]
pub struct RedactionView {
    kind: &'static str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct CleanLine {
    id: String,
    redactions: Vec<RedactionView>,
    clean_text: String,
}

/// The redactions of a text for JSON.
pub fn views(redacted: &Redacted) -> Vec<RedactionView> {
    let view = |r: &crate::text::redact::Redaction| RedactionView {
        kind: r.kind.code(),
        start: r.range.start,
        end: r.range.end,
    };
    redacted.redactions.iter().map(view).collect()
}

/// Runs the command.
pub fn run(args: &cli::Redact) -> anyhow::Result<ExitCode> {
    let lines = jsonl::read::<TextLine>(&args.jsonl)?;
    let redactor = Redactor::default();
    let bar = progress::bar(lines.records.len(), "redact");
    let mut clean = Vec::with_capacity(lines.records.len());
    for line in lines.records {
        let redacted = redactor.redact(&line.text);
        let redactions = views(&redacted);
        clean.push(CleanLine { id: line.id, redactions, clean_text: redacted.clean_text });
        bar.inc(1);
    }
    bar.finish_and_clear();
    jsonl::write(&args.out, &clean)?;
    Ok(ExitCode::from(u8::from(lines.malformed > 0)))
}
