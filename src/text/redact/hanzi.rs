//! Han characters of a text and how they stand: apart, touching, in even groups, alone on a line.
//!
//! In: the view. Out: [`Hanzi`] in order, and questions about stretches of them. Judges no phrase.

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::context::{char_at, char_before};
use super::phrase_score::{LABELS_MIN, are_even};
use super::view::BARRIER;
use super::wordlist::han_number;
use crate::text::han::is_han;

/// Bytes between two characters of one phrase: a line end and a number in brackets.
const GAP_BYTES_MAX: usize = 96;

/// A Han character of the text.
pub(super) struct Hanzi {
    /// Bytes of the view.
    pub at: usize,
    pub end: usize,
    pub number: Option<u16>,
    /// Nothing but signs and digits stands between the character before and this one.
    pub joined: bool,
    /// No Han character touches it before or behind.
    pub opens: bool,
    pub closes: bool,
}

/// Characters of a text that come again at even distances: words between those of a phrase
/// (还有, 和).
fn fillers(bare: &str, counts: &[u16; 256]) -> BTreeSet<char> {
    let mut places: FxHashMap<char, Vec<usize>> = FxHashMap::default();
    let many =
        |c: char| counts.get(c as usize % 256).is_some_and(|n| usize::from(*n) >= LABELS_MIN);
    for (place, c) in bare.chars().filter(|c| is_han(*c)).enumerate() {
        if many(c) {
            places.entry(c).or_default().push(place);
        }
    }
    places.into_iter().filter(|(_, places)| are_even(places)).map(|(c, _)| c).collect()
}

/// The Han characters of a text, in order; `bare` is the text without markup and labels.
pub(super) fn all_hanzi(text: &str, bare: &str) -> Vec<Hanzi> {
    let mut counts = [0_u16; 256];
    let all = hanzi_but(text, bare, &BTreeSet::new(), &mut counts);
    // Most texts repeat no character so often; a coarse count tells.
    if counts.iter().all(|count| usize::from(*count) < LABELS_MIN) {
        return all;
    }
    let fillers = fillers(bare, &counts);
    if fillers.is_empty() { all } else { hanzi_but(text, bare, &fillers, &mut counts) }
}

fn hanzi_but(
    text: &str,
    bare: &str,
    fillers: &BTreeSet<char>,
    counts: &mut [u16; 256],
) -> Vec<Hanzi> {
    let mut all: Vec<Hanzi> = Vec::new();
    let mut gap_is_plain = true;
    for (at, simple) in bare.char_indices() {
        // The number is that of the character as it was written.
        let c = if is_han(simple) { char_at(text, at).unwrap_or(simple) } else { simple };
        if !fillers.is_empty() && fillers.contains(&simple) {
            continue;
        }
        if !is_han(c) {
            // Letters end a chain; digits and signs are numbering.
            gap_is_plain &= !c.is_alphabetic() && c != BARRIER;
            continue;
        }
        if let Some(count) = counts.get_mut(simple as usize % 256) {
            *count = count.saturating_add(1);
        }
        let last_end = all.last().map_or(0, |h| h.end);
        let touches = last_end == at && !all.is_empty();
        let joined = !all.is_empty() && gap_is_plain && at - last_end <= GAP_BYTES_MAX;
        if let Some(last) = all.last_mut() {
            last.closes = !touches;
        }
        let end = at + c.len_utf8();
        all.push(Hanzi { at, end, number: han_number(c), joined, opens: !touches, closes: true });
        gap_is_plain = true;
    }
    all
}

/// Returns true if and only if a stretch is one piece, groups of one size, or two lines. Clauses
/// between commas differ in length; people who write phrases in groups count. Larger groups need an
/// announcement.
pub(super) fn is_even(text: &str, part: &[Hanzi], announced: bool) -> bool {
    let gap = |index: usize| {
        let (left, right) = (part.get(index)?, part.get(index + 1)?);
        text.get(left.end..right.at).filter(|gap| !gap.is_empty())
    };
    let gaps: Vec<(usize, &str)> = (0..part.len()).filter_map(|i| Some((i + 1, gap(i)?))).collect();
    let Some((size, _)) = gaps.first().copied() else { return true };
    let plain = gaps.iter().all(|(_, gap)| gap.trim().is_empty());
    let lines = gaps.len() == 1 && gaps.iter().all(|(_, gap)| gap.contains('\n'));
    // The last group may be shorter.
    let equal = gaps.len() == part.len().div_ceil(size) - 1
        && (part.len().is_multiple_of(size) || gaps.len() >= 3)
        && gaps.iter().enumerate().all(|(i, (at, _))| *at == size * (i + 1));
    // A sign in the place of a character that nobody can read.
    let is_blank = |gap: &str| matches!(gap, "?" | "_" | "*" | "□" | "x" | "X");
    if announced && gaps.len() == 1 && gaps.iter().all(|(_, gap)| is_blank(gap)) {
        return true;
    }
    let halves = gaps.len() == 1 && (2 * size).abs_diff(part.len()) <= 1;
    if announced && halves {
        return true;
    }
    let most = if announced { 6 } else { 4 };
    (lines && size >= 4) || (equal && (plain || size <= most))
}

pub(super) fn average(part: &[Hanzi]) -> usize {
    let numbers = part.iter().filter_map(|h| h.number);
    numbers.clone().map(usize::from).sum::<usize>() / numbers.count().max(1)
}

/// Returns true if and only if a range fills its lines.
pub(super) fn is_line(text: &str, range: &Range<usize>) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| c == '\n' || c == '\r');
    is_end(char_before(text, range.start)) && is_end(char_at(text, range.end))
}

pub(super) fn bytes(part: &[Hanzi]) -> Range<usize> {
    part.first().map_or(0, |h| h.at)..part.last().map_or(0, |h| h.end)
}
