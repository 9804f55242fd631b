//! `kb/translations.lock`: a library in, the file's new content out. Writing it is done elsewhere.
//!
//! An entry says what the source of a translation looked like when an editor last confirmed that
//! both say the same; [`super::stale`] compares it with the source of today.

use std::fmt::Write;

use crate::id::ArticleId;
use crate::lang::Lang;

use super::library::Library;
use super::stale::{self, Accepted, Translations};

/// The name of the file in the knowledge base.
pub const FILE: &str = "translations.lock";

/// Why a translation cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// There is no such article.
    #[error("there is no article `{0}`; its folder name is its id")]
    Unknown(ArticleId),
    /// There is nothing that could be up to date.
    #[error("article `{0}` stands in one language only; write its translation first")]
    NoTranslation(ArticleId),
}

/// The file's new content after the translation of one article, or of all, was accepted. Entries
/// of articles that are gone, or have lost a language, are left out.
pub fn accept(library: &Library, only: Option<&ArticleId>) -> Result<String, AcceptError> {
    if let Some(id) = only {
        let pair = library.pairs.get(id).ok_or_else(|| AcceptError::Unknown(id.clone()))?;
        if pair.en.is_none() || pair.zh.is_none() {
            return Err(AcceptError::NoTranslation(id.clone()));
        }
    }
    let mut entries = Translations::new();
    for (id, pair) in library.pairs.iter().filter(|(_, p)| p.en.is_some() && p.zh.is_some()) {
        let known = library.translations.get(id.as_str());
        let entry = if only.is_none_or(|wanted| wanted == id) {
            pair.get(known.map_or(Lang::En, stale::source_lang)).map(|source| stale::accept(source))
        } else {
            known.cloned()
        };
        entries.extend(entry.map(|entry| (id.to_string(), entry)));
    }
    Ok(print(&entries))
}

/// One fingerprint a line, so that a change of one step is a change of one line in version control.
fn print(entries: &Translations) -> String {
    let mut text = String::from(
        "# What each translation was made from. Written by `zhinan check --accept`; do not edit.\n",
    );
    for (id, Accepted { source, blocks }) in entries {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n[{id}]\nsource = \"{source}\"\nblocks = [\n");
        for block in blocks {
            let _ = writeln!(text, "  \"{block}\",");
        }
        text.push_str("]\n");
    }
    text
}
