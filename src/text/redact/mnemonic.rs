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
use super::wordlist::{self, ENGLISH, LANGUAGES, NONE};
use super::{Finding, SecretKind};

/// Lengths of recovery phrases, longest first.
pub(super) const LENGTHS: [usize; 5] = [24, 21, 18, 15, 12];
/// Checksums per text, so that hostile text costs no more than a few milliseconds.
const CHECKSUMS_MAX: usize = 20_000;
/// Fewer list words than this among so many are no phrase, nor the most of one.
const KNOWN_WORDS_MIN: usize = 8;
const NEAR_WORDS: usize = 30;
/// Words in the shortest stretch that is judged.
const PHRASE_PART_MIN: usize = 8;

/// Finds recovery phrases; `bare` is the text of the view without markup.
pub(super) fn find(view: &View, bare: &str, keywords: &Keywords<'_>, found: &mut Vec<Finding>) {
    let words = words(bare);
    if !is_dense(&words) {
        return;
    }
    let mut search = Search { view, bare, keywords, words: &words, checksums: 0 };
    let known = known(&words);
    for list in List::all().filter(|list| known.of(*list) >= KNOWN_WORDS_MIN) {
        let runs = runs(&words, list);
        search.whole(list, &runs, found);
        search.parts(list, &runs, found);
    }
    search.segments(found);
}

/// Returns true if and only if enough list words stand close together for a phrase in pieces.
fn is_dense(words: &[Word]) -> bool {
    let known = |word: &Word| usize::from(word.numbers.is_some() || word.front.is_some());
    let mut near = 0;
    for (index, word) in words.iter().enumerate() {
        near += known(word);
        near -= index.checked_sub(NEAR_WORDS).and_then(|i| words.get(i)).map_or(0, known);
        if near >= KNOWN_WORDS_MIN {
            return true;
        }
    }
    false
}

/// How many words each list knows.
#[derive(Default)]
struct Known {
    full: [usize; LANGUAGES.len()],
    cut: usize,
}

impl Known {
    fn of(&self, list: List) -> usize {
        match list {
            List::Full(list) => self.full.get(list).copied().unwrap_or_default(),
            // Without cut words the list is that of English.
            List::Fronts if self.cut == 0 => 0,
            List::Fronts => self.cut + self.of(List::Full(ENGLISH)),
        }
    }
}

fn known(words: &[Word]) -> Known {
    let mut known = Known::default();
    for word in words {
        if let Some(numbers) = word.numbers {
            let counts = known.full.iter_mut().zip(numbers);
            counts.for_each(|(count, number)| *count += usize::from(*number != NONE));
        }
        known.cut +=
            usize::from(word.front.is_some() && List::Full(ENGLISH).number(word).is_none());
    }
    known
}

/// A look for phrases in one text.
pub(super) struct Search<'a> {
    view: &'a View,
    pub(super) bare: &'a str,
    pub(super) keywords: &'a Keywords<'a>,
    pub(super) words: &'a [Word],
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
                if next.end - first.start < PHRASE_PART_MIN {
                    continue;
                }
                let span = first.start..next.end;
                // A slip in the first or last word only shows once it is taken in.
                // Words of the sentence around a phrase can hide it.
                let cuts = [0, 1].map(|missing| self.cut_at_breaks(&span, missing));
                let phrase = std::iter::once(span.clone())
                    .chain(cuts.into_iter().flatten())
                    .chain([self.with_slips(list, &span)])
                    .find(|span| self.is_phrase(list, span));
                best = phrase.map(|span| (more, span)).or(best);
            }
            if let Some((taken, run)) = best {
                let run = self.trimmed(list, run);
                found.push(self.finding(list, self.widened(list, run)));
                rest = tail.get(taken..).unwrap_or_default();
            }
        }
    }

    fn is_phrase(&mut self, list: List, span: &Run) -> bool {
        let mut evidence = self.evidence(list, span.clone());
        evidence.is_phrase() || {
            evidence.checked = evidence.exact >= 12 && self.valid_part(list, span).is_some();
            evidence.checked && evidence.is_phrase()
        }
    }

    /// A run with the words before and behind it that are slips of list words.
    fn with_slips(&self, list: List, run: &Run) -> Run {
        if list != List::Full(ENGLISH) {
            return run.clone();
        }
        let slip =
            |index: usize| self.is_slip(index) && !wordlist::is_function_word(self.text(index));
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        let start =
            run.start - usize::from(run.start > 0 && joined(run.start) && slip(run.start - 1));
        let end = run.end + usize::from(joined(run.end) && slip(run.end));
        start..end
    }

    /// Returns true if and only if one word that may belong to the phrase stands between two runs.
    fn is_hole(&self, list: List, left: &Run, right: &Run) -> bool {
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        let hole = left.end;
        let short = self.text(hole).chars().count() < 3;
        let slip = list == List::Full(ENGLISH)
            && self.is_slip(hole)
            && !wordlist::is_function_word(self.text(hole));
        let list_is_foreign = list != List::Full(ENGLISH) && list != List::Fronts;
        right.start == hole + 1
            && joined(hole)
            && joined(right.start)
            && (slip
                || (self.text(hole) == "and" && left.len() >= 9 && right.len() <= 2)
                || (!short && (list_is_foreign || !wordlist::is_function_word(self.text(hole)))))
    }

    fn evidence(&mut self, list: List, span: Run) -> Evidence {
        let mut evidence = Evidence::default();
        let words = self.words.get(span.clone()).unwrap_or_default();
        for (index, word) in span.clone().zip(words) {
            let text = self.bare.get(word.range.clone()).unwrap_or_default();
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
        let mut different: Vec<&str> = span.clone().map(|index| self.text(index)).collect();
        different.sort_unstable();
        different.dedup();
        evidence.different = different.len();
        evidence.keyword = evidence.exact >= 8 && self.keywords.are_near(&self.bytes(&span));
        evidence.alone = evidence.exact >= 8 && self.is_alone(&self.bytes(&span));
        evidence.listed = evidence.exact >= 8 && self.is_listed(&span);
        evidence
    }

    /// Returns true if and only if the words are divided by one sign that is no space: a list.
    pub(super) fn is_listed(&self, span: &Run) -> bool {
        let signs: Vec<String> = (span.start + 1..span.end).map(|i| self.signs_before(i)).collect();
        let Some(first) = signs.iter().find(|s| !s.is_empty()) else { return false };
        signs.iter().filter(|s| *s == first).count() * 5 >= signs.len() * 4
    }

    /// Returns true if and only if nothing else stands on the lines of a range.
    pub(super) fn is_alone(&self, range: &Range<usize>) -> bool {
        let text = self.bare;
        let line =
            |part: &str| part.chars().take_while(|c| *c != '\n').all(|c| !c.is_alphanumeric());
        let before: String =
            text.get(..range.start).unwrap_or_default().chars().rev().take(80).collect();
        line(&before) && line(text.get(range.end..).unwrap_or_default())
    }

    /// Takes in a first or last word with a slip, or one behind "and", if the phrase is a word short.
    fn widened(&self, list: List, run: Run) -> Run {
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        let short = |run: &Run| LENGTHS.contains(&(run.len() + 1));
        let known = |index: usize| self.words.get(index).is_some_and(|w| list.number(w).is_some());
        let listed = self.is_listed(&run);
        if !short(&run) && !listed {
            return run;
        }
        if joined(run.end)
            && self.text(run.end) == "and"
            && joined(run.end + 1)
            && known(run.end + 1)
        {
            return run.start..run.end + 2;
        }
        if !short(&run) {
            return run;
        }
        let with = self.with_slips(list, &run);
        if with.end > run.end { run.start..with.end } else { with.start..run.end }
    }

    pub(super) fn valid_at(&mut self, list: List, window: &Run) -> bool {
        let numbers = self.numbers(list, window.clone());
        numbers.len() == window.len() && self.is_valid(&numbers)
    }

    pub(super) fn is_valid(&mut self, numbers: &[u16]) -> bool {
        self.checksums += 1;
        self.checksums <= CHECKSUMS_MAX && is_phrase(numbers)
    }

    pub(super) fn numbers(&self, list: List, run: Run) -> Vec<u16> {
        let words = self.words.get(run).unwrap_or_default();
        words.iter().filter_map(|word| list.number(word)).collect()
    }

    pub(super) fn common(&self, list: List, run: &Run) -> usize {
        run.clone().filter(|index| Self::is_common(list, self.text(*index))).count()
    }

    pub(super) fn is_common(list: List, word: &str) -> bool {
        matches!(list, List::Full(ENGLISH) | List::Fronts) && wordlist::is_common(word)
    }

    pub(super) fn is_slip(&self, index: usize) -> bool {
        self.words.get(index).is_some_and(|word| word.is_slip(self.text(index)))
    }

    pub(super) fn text(&self, index: usize) -> &str {
        let word = self.words.get(index);
        word.and_then(|w| self.bare.get(w.range.clone())).unwrap_or_default()
    }

    /// Bytes of the view that a range of words covers.
    pub(super) fn bytes(&self, run: &Run) -> Range<usize> {
        let words = self.words.get(run.clone()).unwrap_or_default();
        words.first().map_or(0, |w| w.range.start)..words.last().map_or(0, |w| w.range.end)
    }

    pub(super) fn finding(&self, list: List, run: Run) -> Finding {
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
