//! Recovery phrases in alphabetic scripts: English, French, Spanish, Italian, Portuguese, Czech,
//! Japanese and Korean lists.
//!
//! In: the view. Out: findings of kind mnemonic. Runs of list words are found first, joined over a
//! slip or a stranger, then weighed by [`Evidence`]; no keyword is waited for, since a detector
//! that waits for one leaks.

use std::ops::Range;

use super::checksum::is_phrase;
use super::context::{before, char_before};
use super::phrase_keywords::Keywords;
use super::phrase_rules::Evidence;
use super::phrase_runs::{List, Run, Word, runs, words};
use super::view::View;
use super::wordlist::{self, ENGLISH};
use super::{Finding, SecretKind};

/// Lengths of recovery phrases, longest first.
const LENGTHS: [usize; 5] = [24, 21, 18, 15, 12];
/// Runs that are longer hold more than one phrase and are taken as a whole.
const CHECKED_WORDS_MAX: usize = 40;
/// Checksums per text, so that hostile text costs no more than a few milliseconds.
const CHECKSUMS_MAX: usize = 20_000;
/// Bytes of prose between the parts of a phrase that was written in several parts.
const BRIDGE_BYTES_MAX: usize = 64;
/// Words in the shortest part of a phrase that was written in several parts.
const PART_WORDS_MIN: usize = 3;
/// Parts that one phrase can come in: six rows of four.
const PARTS_MAX: usize = 8;
/// List words beside a valid phrase that are taken for a part of it: prose rarely puts more than
/// three in a row.
const STRAY_WORDS_MAX: usize = 3;

/// Finds recovery phrases.
pub(super) fn find(view: &View, keywords: &Keywords<'_>, found: &mut Vec<Finding>) {
    let words = words(view);
    let mut search = Search { view, keywords, words: &words, checksums: 0 };
    for list in List::all() {
        let runs = runs(&words, list);
        search.whole(list, &runs, found);
        search.parts(list, &runs, found);
    }
}

struct Search<'a> {
    view: &'a View,
    keywords: &'a Keywords<'a>,
    words: &'a [Word],
    checksums: usize,
}

impl Search<'_> {
    /// Phrases in one piece, with up to two holes.
    fn whole(&mut self, list: List, runs: &[Run], found: &mut Vec<Finding>) {
        let mut rest = runs;
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            let mut best = None;
            let mut before = first;
            for (more, next) in std::iter::once(first).chain(tail.iter().take(2)).enumerate() {
                if more > 0 && !self.is_hole(list, before, next) {
                    break;
                }
                before = next;
                if self.evidence(list, first.start..next.end).is_phrase() {
                    best = Some((more, first.start..next.end));
                }
            }
            if let Some((taken, run)) = best {
                let run = self.trimmed(list, run);
                found.push(self.finding(list, self.widened(list, run)));
                rest = tail.get(taken..).unwrap_or_default();
            }
        }
    }

    /// Phrases whose parts stand apart: "the first six are … and the others …".
    fn parts(&mut self, list: List, runs: &[Run], found: &mut Vec<Finding>) {
        let is_part =
            |run: &&Run| (PART_WORDS_MIN..12).contains(&run.len()) && !self.is_sentence(list, run);
        let parts: Vec<Run> = runs.iter().filter(is_part).cloned().collect();
        let mut rest = parts.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            let mut group = vec![first.clone()];
            for next in tail.iter().take(PARTS_MAX - 1) {
                if !group.last().is_some_and(|last| self.is_bridge(last, next)) {
                    break;
                }
                group.push(next.clone());
                if self.is_split_phrase(list, &group) {
                    found.extend(group.iter().map(|run| self.finding(list, run.clone())));
                    rest = tail.get(group.len() - 1..).unwrap_or_default();
                    break;
                }
            }
        }
    }

    fn is_split_phrase(&mut self, list: List, group: &[Run]) -> bool {
        let total: usize = group.iter().map(Run::len).sum();
        if !LENGTHS.contains(&total) {
            return false;
        }
        let span = group.first().map_or(0, |r| r.start)..group.last().map_or(0, |r| r.end);
        let common: usize = group.iter().map(|run| self.common(list, run)).sum();
        if common * 6 > total {
            return false;
        }
        let numbers: Vec<u16> =
            group.iter().flat_map(|run| self.numbers(list, run.clone())).collect();
        self.keywords.are_near(&self.bytes(&span)) || self.is_valid(&numbers)
    }

    fn is_bridge(&self, left: &Run, right: &Run) -> bool {
        let range = self.bytes(&(left.end - 1..left.end)).end..self.bytes(right).start;
        let between = self.view.keys().get(range).unwrap_or_default();
        between.len() <= BRIDGE_BYTES_MAX && !between.contains(super::view::BARRIER)
    }

    fn is_sentence(&self, list: List, run: &Run) -> bool {
        self.common(list, run) * 3 > run.len()
    }

    /// Returns true if and only if one word that may belong to the phrase stands between two runs.
    fn is_hole(&self, list: List, left: &Run, right: &Run) -> bool {
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        let hole = left.end;
        let short = self.text(hole).chars().count() < 3;
        let slip = list == List::Full(ENGLISH) && self.is_slip(hole);
        let list_is_foreign = list != List::Full(ENGLISH) && list != List::Fronts;
        right.start == hole + 1
            && joined(hole)
            && joined(right.start)
            && (slip || (!short && (list_is_foreign || !is_function_word(self.text(hole)))))
    }

    fn evidence(&mut self, list: List, span: Run) -> Evidence {
        let mut evidence = Evidence::default();
        let words = self.words.get(span.clone()).unwrap_or_default();
        for (index, word) in span.clone().zip(words) {
            let text = self.view.keys().get(word.range.clone()).unwrap_or_default();
            if list.number(word).is_some() {
                evidence.exact += 1;
                evidence.common += usize::from(Self::is_common(list, text));
                let cut = list == List::Fronts && List::Full(ENGLISH).number(word).is_none();
                evidence.fronts += usize::from(cut);
            } else if list == List::Full(ENGLISH) && self.is_slip(index) {
                evidence.slips += 1;
            } else {
                evidence.strangers += 1;
            }
            evidence.numbered += usize::from(word.numbered);
        }
        // English phrases are judged under English; this list is only for cut words.
        if list == List::Fronts && evidence.fronts == 0 {
            return Evidence::default();
        }
        // Below eight list words nothing is accepted, whatever the surroundings.
        evidence.keyword = evidence.exact >= 8 && self.keywords.are_near(&self.bytes(&span));
        evidence.alone = evidence.exact >= 8 && self.is_alone(&self.bytes(&span));
        evidence
    }

    /// Returns true if and only if nothing else stands on the lines of a range.
    fn is_alone(&self, range: &Range<usize>) -> bool {
        let text = self.view.text();
        let line =
            |part: &str| part.chars().take_while(|c| *c != '\n').all(|c| !c.is_alphanumeric());
        let before: String =
            text.get(..range.start).unwrap_or_default().chars().rev().take(80).collect();
        line(&before) && line(text.get(range.end..).unwrap_or_default())
    }

    /// Leaves out list words of the sentence around a phrase, if a checksum tells which they are.
    fn trimmed(&mut self, list: List, run: Run) -> Run {
        if run.len() > CHECKED_WORDS_MAX
            || LENGTHS.contains(&run.len()) && self.valid_at(list, &run)
        {
            return run;
        }
        for length in LENGTHS.into_iter().filter(|length| *length < run.len()) {
            for start in run.start..=run.end - length {
                let window = start..start + length;
                let stray = (window.start - run.start).max(run.end - window.end);
                if stray <= STRAY_WORDS_MAX && self.valid_at(list, &window) {
                    return window;
                }
            }
        }
        run
    }

    /// Takes in a first or last word with a slip, if the phrase is one word short.
    fn widened(&self, list: List, run: Run) -> Run {
        let slip = |index: usize| {
            list == List::Full(ENGLISH)
                && self.is_slip(index)
                && !is_function_word(self.text(index))
        };
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        if !LENGTHS.contains(&(run.len() + 1)) {
            run
        } else if joined(run.end) && slip(run.end) {
            run.start..run.end + 1
        } else if run.start > 0 && joined(run.start) && slip(run.start - 1) {
            run.start - 1..run.end
        } else {
            run
        }
    }

    fn valid_at(&mut self, list: List, window: &Run) -> bool {
        let numbers = self.numbers(list, window.clone());
        numbers.len() == window.len() && self.is_valid(&numbers)
    }

    fn is_valid(&mut self, numbers: &[u16]) -> bool {
        self.checksums += 1;
        self.checksums <= CHECKSUMS_MAX && is_phrase(numbers)
    }

    fn numbers(&self, list: List, run: Run) -> Vec<u16> {
        let words = self.words.get(run).unwrap_or_default();
        words.iter().filter_map(|word| list.number(word)).collect()
    }

    fn common(&self, list: List, run: &Run) -> usize {
        run.clone().filter(|index| Self::is_common(list, self.text(*index))).count()
    }

    fn is_common(list: List, word: &str) -> bool {
        matches!(list, List::Full(ENGLISH) | List::Fronts) && wordlist::is_common(word)
    }

    fn is_slip(&self, index: usize) -> bool {
        self.words.get(index).is_some_and(|word| word.is_slip(self.text(index)))
    }

    fn text(&self, index: usize) -> &str {
        let word = self.words.get(index);
        word.and_then(|w| self.view.keys().get(w.range.clone())).unwrap_or_default()
    }

    /// Bytes of the view that a range of words covers.
    fn bytes(&self, run: &Run) -> Range<usize> {
        let words = self.words.get(run.clone()).unwrap_or_default();
        words.first().map_or(0, |w| w.range.start)..words.last().map_or(0, |w| w.range.end)
    }

    fn finding(&self, list: List, run: Run) -> Finding {
        let bytes = self.bytes(&run);
        let whole = |index: usize| {
            let word = self.words.get(index)?;
            let english = matches!(list, List::Full(ENGLISH) | List::Fronts);
            list.number(word).filter(|_| english).and_then(wordlist::english_word)
        };
        let secret: Vec<&str> =
            run.clone().map(|index| whole(index).unwrap_or_else(|| self.text(index))).collect();
        let range = numbering_start(self.view.text(), bytes.start)..bytes.end;
        let words = u8::try_from(run.len()).ok();
        Finding { words, ..Finding::new(SecretKind::Mnemonic, range, secret.join(" ")) }
    }
}

/// Where the number before the first word begins (`1. `, `1)`), or `at` if there is none.
pub(super) fn numbering_start(text: &str, at: usize) -> usize {
    let head = before(text, at, 8);
    let trimmed = head.trim_end_matches([' ', '.', ')', ':', '、', '-', '#', '\t']);
    let bare = trimmed.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = trimmed.len() - bare.len();
    let start = at - (head.len() - bare.len());
    let glued = char_before(text, start).is_some_and(|c| c.is_alphanumeric() || c == '.');
    if (1..=2).contains(&digits) && !glued { start } else { at }
}

/// Words that hold sentences together: never a slip of a list word.
fn is_function_word(word: &str) -> bool {
    const FUNCTION_WORDS: [&str; 44] = [
        "the", "and", "for", "but", "not", "you", "was", "are", "were", "has", "had", "have",
        "his", "her", "its", "our", "your", "their", "from", "with", "into", "then", "than",
        "they", "she", "which", "would", "could", "been", "being", "does", "did", "it", "is", "my",
        "to", "of", "in", "on", "at", "as", "or", "be", "no",
    ];
    FUNCTION_WORDS.contains(&word)
}
