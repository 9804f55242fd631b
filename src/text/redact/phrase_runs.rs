//! Words of a text and the runs in which they stand in one word list.
//!
//! In: the view. Out: [`Word`]s in order, and for one list the [`Run`]s of neighbours that it
//! holds. Numbering, table lines, quotes and tags count as gaps. Judges nothing.

use std::cell::OnceCell;
use std::ops::Range;

use super::context::{char_at, char_before};
use super::view::BARRIER;
use super::wordlist::{self, LANGUAGES, NONE, Numbers};
use crate::text::han::is_han;

/// Signs between two words of one list: a table cell with its number has about ten.
const GAP_SIGNS_MAX: usize = 16;
/// Bytes between two words of one list, spaces of a wide table included.
const GAP_BYTES_MAX: usize = 160;

/// A word of the text.
pub(super) struct Word {
    /// Bytes of the view.
    pub range: Range<usize>,
    /// Its numbers in the lists.
    pub numbers: Option<&'static Numbers>,
    /// The English list word that begins with these four letters.
    pub front: Option<u16>,
    /// Nothing but signs and digits stands between the word before and this one.
    pub joined: bool,
    /// A digit stands in the gap before it.
    pub numbered: bool,
    slip: OnceCell<bool>,
}

impl Word {
    /// Returns true if and only if the word, which reads `text`, is a slip away from a list word.
    pub(super) fn is_slip(&self, text: &str) -> bool {
        *self.slip.get_or_init(|| wordlist::is_slip(text))
    }
}

/// What a word counts as: a list, or English with words cut to four letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// One of [`LANGUAGES`].
    Full(usize),
    /// English words whole or cut to four letters.
    Fronts,
}

impl List {
    /// All lists, in the order in which they are tried: cut words first, since some are whole words
    /// of the list by chance.
    pub(super) fn all() -> impl Iterator<Item = List> {
        std::iter::once(List::Fronts).chain((0..LANGUAGES.len()).map(List::Full))
    }

    /// The number of a word in this list.
    pub(super) fn number(self, word: &Word) -> Option<u16> {
        let in_list = |list: usize| {
            word.numbers.and_then(|n| n.get(list)).copied().filter(|number| *number != NONE)
        };
        match self {
            List::Full(list) => in_list(list),
            List::Fronts => in_list(wordlist::ENGLISH).or(word.front),
        }
    }
}

/// Neighbouring words of one list, as a range of words.
pub(super) type Run = Range<usize>;

/// The words of a text.
pub(super) fn words(keys: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut gap_from = 0;
    for range in letter_stretches(keys) {
        let text = keys.get(range.clone()).unwrap_or_default();
        if is_label(keys, &range, text) {
            continue;
        }
        let gap = keys.get(gap_from..range.start).unwrap_or_default();
        // Most gaps are a space.
        let joined = !words.is_empty() && (gap == " " || joins(gap));
        let numbered = gap != " " && gap.bytes().any(|b| b.is_ascii_digit());
        gap_from = range.end;
        let pieces = glued_words(text);
        if pieces.is_empty() {
            let numbers = wordlist::numbers(text);
            let front = wordlist::front_number(text);
            if let Some(whole) = broken(keys, words.last(), gap, &range, numbers) {
                if let Some(last) = words.last_mut() {
                    (last.range.end, last.numbers, last.front) = (range.end, Some(whole), None);
                }
                continue;
            }
            words.push(Word { range, numbers, front, joined, numbered, slip: OnceCell::new() });
            continue;
        }
        for (index, piece) in pieces.into_iter().enumerate() {
            let numbers = text.get(piece.clone()).and_then(wordlist::numbers);
            let range = range.start + piece.start..range.start + piece.end;
            words.push(Word {
                range,
                numbers,
                front: None,
                joined: joined || index > 0,
                numbered,
                slip: OnceCell::new(),
            });
        }
    }
    words
}

/// The list word that a space or a line end has broken in two (`r igid`), if one of the halves is
/// no list word itself.
fn broken(
    keys: &str,
    last: Option<&Word>,
    gap: &str,
    range: &Range<usize>,
    numbers: Option<&'static Numbers>,
) -> Option<&'static Numbers> {
    let last = last
        .filter(|last| gap.len() == 1 && last.range.len() + range.len() <= wordlist::LETTERS_MAX)?;
    let both_known = last.numbers.is_some() && numbers.is_some();
    if both_known || !matches!(gap, " " | "\n" | "-") {
        return None;
    }
    let (front, back) = (keys.get(last.range.clone())?, keys.get(range.clone())?);
    if !front.is_ascii() || !back.is_ascii() {
        return None;
    }
    let mut letters = [0; wordlist::LETTERS_MAX];
    letters.iter_mut().zip(front.bytes().chain(back.bytes())).for_each(|(to, from)| *to = from);
    let whole = std::str::from_utf8(letters.get(..front.len() + back.len())?).ok()?;
    let whole = wordlist::numbers(whole)?;
    let is_english = whole.get(wordlist::ENGLISH) != Some(&NONE);
    let are_words = wordlist::is_function_word(front) || wordlist::is_function_word(back);
    (is_english && !are_words).then_some(whole)
}

/// Stretches of letters other than Han.
fn letter_stretches(keys: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = None;
        while let Some((len, is_letter)) = letter(keys, at) {
            match (start, is_letter) {
                (None, true) => start = Some(at),
                (Some(start), false) => return Some(start..at),
                _ => {}
            }
            at += len;
        }
        start.map(|start| start..at)
    })
}

/// The length of the character at `at`, and whether it is a letter other than Han.
fn letter(keys: &str, at: usize) -> Option<(usize, bool)> {
    let byte = *keys.as_bytes().get(at)?;
    if byte.is_ascii() {
        return Some((1, byte.is_ascii_lowercase()));
    }
    let c = char_at(keys, at)?;
    let mark = ('\u{300}'..'\u{370}').contains(&c);
    Some((c.len_utf8(), !is_han(c) && (c.is_alphabetic() || mark)))
}

fn joins(gap: &str) -> bool {
    gap.len() <= GAP_BYTES_MAX
        && gap.chars().filter(|c| !c.is_whitespace()).count() <= GAP_SIGNS_MAX
        && !gap.chars().any(|c| is_han(c) || c == BARRIER)
}

/// Returns true if and only if a stretch is no word but part of the numbering: `word 3:`, `1st`.
fn is_label(keys: &str, range: &Range<usize>, text: &str) -> bool {
    let before = char_before(keys, range.start);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match text {
        "word" | "words" | "no" | "nr" | "mot" | "palabra" | "parola" | "palavra" => {
            let rest = keys.get(range.end..).unwrap_or_default();
            // What has a number already (`10)word 11)dentist`) is a word.
            let numbered = matches!(before, Some(')' | '.' | ':' | '='));
            !numbered && digit(rest.trim_start_matches([' ', '#', '_', '-', '.']).chars().next())
        }
        "st" | "nd" | "rd" | "th" => digit(before),
        _ => false,
    }
}

/// The words of a phrase that was pasted without any space, if the stretch is nothing else.
fn glued_words(text: &str) -> Vec<Range<usize>> {
    // Twelve words of at least three letters; longer than 24 of eight is no phrase.
    if !(36..=192).contains(&text.len()) || !text.is_ascii() {
        return Vec::new();
    }
    // `from[end]`: where the last word of a full cut of the front part up to `end` begins.
    let mut from: Vec<Option<usize>> = vec![None; text.len() + 1];
    for end in 3..=text.len() {
        let reaches = |start: &usize| {
            (*start == 0 || from.get(*start).is_some_and(Option::is_some))
                && text.get(*start..end).is_some_and(wordlist::is_english)
        };
        let start = (end.saturating_sub(8)..=end - 3).find(reaches);
        if let Some(slot) = from.get_mut(end) {
            *slot = start;
        }
    }
    let mut pieces = Vec::new();
    let mut end = text.len();
    while let Some(start) = from.get(end).copied().flatten() {
        pieces.push(start..end);
        end = start;
    }
    pieces.reverse();
    if end == 0 { pieces } else { Vec::new() }
}

/// Runs of words of `list`, leftmost first.
pub(super) fn runs(words: &[Word], list: List) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if list.number(word).is_none() {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == index && word.joined => run.end = index + 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::redact::phrase_text::bare;
    use crate::text::redact::view::View;

    fn check(text: &str, expected: usize) {
        let view = View::new(text, &[]);
        let words = words(&bare(view.keys()));
        let longest = runs(&words, List::Full(wordlist::ENGLISH)).iter().map(Run::len).max();
        assert_eq!(longest.unwrap_or(0), expected, "{text}");
    }

    #[test]
    fn numbering_and_markup_are_gaps() {
        check("abandon ability able", 3);
        check("1. Abandon 2) ABILITY 3: able", 3);
        check("| 1 | abandon | 2 | ability |", 2);
        check("<li>abandon</li><li>ability</li>", 2);
        check("word1=abandon word2=ability", 2);
        check("1st abandon 2nd ability", 2);
        check("[\"abandon\",\"ability\"]", 2);
        check("abandon 和 ability", 1);
    }

    #[test]
    fn cuts_words_that_were_glued() {
        check(&"abandonabilityable".repeat(4), 12);
        check("pneumonoultramicroscopicsilicovolcanoconiosis", 0);
    }
}
