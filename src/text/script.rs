//! Script runs: a folded text cut where the kind of character changes.
//!
//! In: folded text. Out: [`Run`]s that touch each other and together are the whole text, so that
//! Latin glued to Han (重跑gen-itgc后) comes apart before any dictionary sees it.

use std::ops::Range;

use super::han::is_han;

/// The kind of a character, as far as segmentation cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Chinese ideographs.
    Han,
    /// Letters and digits of every other script, with the marks that belong to them.
    Alnum,
    /// Spaces, punctuation, symbols, emoji.
    Other,
}

impl Script {
    /// The script of one character.
    pub fn of(c: char) -> Script {
        if is_han(c) {
            Script::Han
        } else if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            Script::Alnum
        } else {
            Script::Other
        }
    }
}

/// A longest stretch of one script, as a byte range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// What it is made of.
    pub script: Script,
}

/// Cuts a text into script runs.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let script = Script::of(c);
        match runs.last_mut() {
            Some(run) if run.script == script => run.range.end = end,
            _ => runs.push(Run { range: start..end, script }),
        }
    }
    runs
}
