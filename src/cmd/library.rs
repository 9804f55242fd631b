//! Loading the knowledge base for a command that runs once.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use serde::Deserialize;

use crate::id::ArticleId;
use crate::kb::library::Library;
use crate::kb::load;
use crate::text::bilingual::Bilingual;

/// The library of a folder; files with errors are named on stderr and left out.
pub fn open(kb: &Path, lexicon: Option<&Arc<Bilingual>>) -> anyhow::Result<Library> {
    let loaded = load::load_with(kb, None, lexicon)?;
    for diagnostic in loaded.diagnostics.iter().filter(|d| d.is_error()) {
        complain(diagnostic);
    }
    Ok(loaded.library)
}

#[expect(clippy::print_stderr, reason = "findings of a command go to stderr")]
fn complain(diagnostic: &crate::kb::Diagnostic) {
    eprintln!("{diagnostic}");
}

#[derive(Deserialize)]
struct LearnedLine {
    text: String,
    article: String,
}

/// Confirmed tickets from a file, and how many of its lines were malformed.
pub fn learned(path: Option<&Path>) -> anyhow::Result<(Vec<(String, ArticleId)>, usize)> {
    let Some(path) = path else { return Ok((Vec::new(), 0)) };
    let lines = super::jsonl::read::<LearnedLine>(path)?;
    let parse = |line: LearnedLine| -> anyhow::Result<(String, ArticleId)> {
        let id = line.article.parse().with_context(|| format!("in `{}`", path.display()))?;
        Ok((line.text, id))
    };
    let phrasings: anyhow::Result<Vec<_>> = lines.records.into_iter().map(parse).collect();
    Ok((phrasings?, lines.malformed))
}
