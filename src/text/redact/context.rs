//! Surroundings: bounded looks at the text before and after a place.
//!
//! In: a text and byte offsets. Out: parts of the text on character borders, never longer than
//! asked. Decides nothing.

use std::ops::Range;

/// The longest front part of at most `max` bytes.
pub(super) fn head(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// At most `max` bytes that end at `at`.
pub(super) fn before(text: &str, at: usize, max: usize) -> &str {
    let from = at.saturating_sub(max);
    let start = (from..=at).find(|&start| text.is_char_boundary(start));
    start.and_then(|start| text.get(start..at)).unwrap_or_default()
}

/// At most `max` bytes that begin at `at`.
pub(super) fn after(text: &str, at: usize, max: usize) -> &str {
    text.get(at..).map_or("", |rest| head(rest, max))
}

/// The character before `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|t| t.chars().next_back())
}

/// The character at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|t| t.chars().next())
}

/// Letters and digits in a row, all ASCII.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Nothing but small letters.
    pub is_word: bool,
}

/// The tokens of a text, leftmost first.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut start, mut is_word) = (None, true);
    // A byte that belongs to no token ends the last one.
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        if byte.is_ascii_alphanumeric() {
            start = start.or(Some(at));
            is_word &= byte.is_ascii_lowercase();
        } else if let Some(start) = start.take() {
            tokens.push(Token { range: start..at, is_word });
            is_word = true;
        }
    }
    tokens
}

/// Longest stretches of bytes that satisfy `belongs`, leftmost first.
pub(super) fn stretches(
    text: &str,
    belongs: impl Fn(u8) -> bool + Copy,
) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|b| belongs(*b))?;
        let rest = bytes.get(start..)?;
        at = start + rest.iter().position(|b| !belongs(*b)).unwrap_or(rest.len());
        Some(start..at)
    })
}
