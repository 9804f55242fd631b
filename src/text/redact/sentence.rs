//! Sentences: the part of a text that speaks of one thing.
//!
//! In: a text and a range in it. Out: the sentence around the range, bounded. Decides nothing.

use std::ops::Range;

use super::context::{after, before};

/// The sentence around `range`, at most `max` bytes on each side. A comma or colon ends none, nor
/// does a dot inside a token.
pub(super) fn around(text: &str, range: &Range<usize>, max: usize) -> Range<usize> {
    let front = before(text, range.start, max);
    let back = after(text, range.end, max);
    let start = front.char_indices().rev().find(|(at, c)| ends(front, *at, *c));
    let start = start.map_or(0, |(at, c)| at + c.len_utf8());
    let end =
        back.char_indices().find(|(at, c)| ends(back, *at, *c)).map_or(back.len(), |(at, _)| at);
    range.start - front.len() + start..range.end + end
}

fn ends(text: &str, at: usize, c: char) -> bool {
    let stops = |rest: &str| rest.chars().next().is_none_or(char::is_whitespace);
    match c {
        '\n' | '。' => true,
        // The front ends where the range begins: a dot there is a dot before a space or the range.
        '.' | '?' => text.get(at + 1..).is_some_and(|rest| stops(rest) && !rest.is_empty()),
        _ => false,
    }
}
