//! Phrases in pieces, with slips, or with something between the words that no rule foresaw.
//!
//! In: the words of a text. Out: stretches in which words of the English list are so dense and so
//! varied that no sentence explains them. Each word has a score by what it is, and a stretch with
//! the greatest sum is found in one pass (maximum subarray, Bentley 1984). In 37,000 tickets and
//! questions no stretch reached 4.5; a phrase of twelve random words with three slips has 8.6, and
//! 19 of 20 have 6.7.

use rustc_hash::{FxHashMap, FxHashSet};

use super::phrase_runs::{List, Run, Word};
use super::view::BARRIER;
use super::wordlist::{self, ENGLISH, Use};
use crate::text::han::is_han;

/// Scores are in tenths. A list word that sentences rarely have.
const RARE: i32 = 10;
/// One that people write to support: it counts little.
const EVERYDAY: i32 = 4;
/// A word that is no list word but one slip away from one.
const SLIP: i32 = 3;
/// One that comes again: phrases hardly ever repeat a word, sentences do.
const AGAIN: i32 = -2;
/// A list word that holds sentences together.
const COMMON: i32 = -3;
/// A list word with an ending: phrases have none.
const INFLECTED: i32 = -4;
/// Any other word.
const STRANGER: i32 = -8;

/// Rare words, with and without everyday ones, without which nothing here can be a phrase, and among
/// how many words they must stand.
const RARE_MIN: usize = 7;
const RAREST_MIN: usize = 5;
const NEAR_WORDS: usize = 44;
/// The least score by what speaks for a phrase besides.
const ANNOUNCED: i32 = 55;
const ALONE: i32 = 60;
const BARE: i32 = 63;
/// The same in list words and slips. Ten animals in a row are no phrase.
const ANNOUNCED_WORDS: usize = 9;
const ALONE_WORDS: usize = 11;
const BARE_WORDS: usize = 12;
/// How often something must come, at even distances, to be a label.
pub(super) const LABELS_MIN: usize = 7;
/// Words of prose that divide two pieces of a phrase.
const PROSE_WORDS: usize = 3;
/// Han characters that explain a word (`lunar 月球`).
const GLOSS_CHARS_MAX: usize = 8;

/// Numbers that are written as words or in Roman digits.
const ORDINALS: [&str; 64] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "last",
    "next",
    "then",
    "finally",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "st",
    "nd",
    "rd",
    "th",
    "number",
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
    "xxi",
    "xxii",
    "xxiii",
];

/// What speaks for a phrase besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Support {
    /// Words announce it, or numbers order it.
    Announced,
    /// Nothing else stands on its lines.
    Alone,
    /// Nothing.
    None,
}

/// A stretch of words that may be a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Its words.
    pub run: Run,
    score: i32,
    /// List words and slips in it.
    pub listed: usize,
    /// Whether labels stand between its words.
    pub labelled: bool,
}

impl Segment {
    /// Returns true if and only if it is a phrase; `beside`: list words and slips that stand at its
    /// ends.
    pub(super) fn is_phrase(&self, support: Support, beside: usize) -> bool {
        let (score, words) = match support {
            Support::Announced => (ANNOUNCED, ANNOUNCED_WORDS),
            _ if self.labelled => (ANNOUNCED, ANNOUNCED_WORDS),
            Support::Alone => (ALONE, ALONE_WORDS),
            Support::None => (BARE, BARE_WORDS),
        };
        self.score >= score && self.listed + beside >= words
    }
}

/// The stretches of a text, leftmost first, with what each word of the text is.
pub(super) fn segments(bare: &str, words: &[Word]) -> (Vec<Segment>, Vec<Class>) {
    let mut scorer = Scorer::new(bare, words);
    if !is_dense(&scorer.classes) {
        return (Vec::new(), Vec::new());
    }
    scorer.find_labels();
    (scorer.segments(), scorer.classes)
}

/// Returns true if and only if enough rare words stand close together; hardly any ticket goes further.
fn is_dense(classes: &[Class]) -> bool {
    let (mut near, mut rare) = (0, 0);
    classes.iter().enumerate().any(|(index, class)| {
        let gone = index.checked_sub(NEAR_WORDS).and_then(|i| classes.get(i));
        near += usize::from(class.is_rare());
        near -= usize::from(gone.is_some_and(|class| class.is_rare()));
        rare += usize::from(*class == Class::Rare);
        rare -= usize::from(gone == Some(&Class::Rare));
        near >= RARE_MIN && rare >= RAREST_MIN
    })
}

/// The pieces of a segment between stretches of prose.
pub(super) fn pieces(segment: &Segment, classes: &[Class]) -> Vec<Run> {
    let mut pieces: Vec<Run> = Vec::new();
    let mut prose = 0;
    for index in segment.run.clone() {
        match classes.get(index) {
            Some(Class::Label) => {}
            Some(class) if class.is_listed() => {
                match pieces.last_mut().filter(|_| prose < PROSE_WORDS) {
                    Some(piece) => piece.end = index + 1,
                    None => pieces.push(index..index + 1),
                }
                prose = 0;
            }
            _ => prose += 1,
        }
    }
    pieces
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A list word that sentences rarely have.
    Rare,
    /// A list word of everyday support.
    Everyday,
    /// A list word that holds sentences together.
    Common,
    /// One slip away from a list word.
    Slip,
    /// No list word.
    Stranger,
    /// Numbering of some kind: it counts nothing.
    Label,
}

impl Class {
    fn is_rare(self) -> bool {
        matches!(self, Class::Rare | Class::Everyday)
    }

    /// Whether it belongs to a phrase that stands around it.
    pub(super) fn is_listed(self) -> bool {
        matches!(self, Class::Rare | Class::Everyday | Class::Common | Class::Slip)
    }
}

struct Scorer<'a> {
    bare: &'a str,
    words: &'a [Word],
    classes: Vec<Class>,
    /// Whether Han characters stand between list words again and again, as translations do.
    glossed: bool,
}

impl<'a> Scorer<'a> {
    fn new(bare: &'a str, words: &'a [Word]) -> Self {
        let class = |word: &Word| match List::Full(ENGLISH).number(word) {
            None => Class::Stranger,
            Some(number) => match wordlist::english_use(number) {
                Use::Common => Class::Common,
                Use::Everyday => Class::Everyday,
                Use::Rare => Class::Rare,
            },
        };
        Scorer { bare, words, classes: words.iter().map(class).collect(), glossed: false }
    }

    fn text(&self, index: usize) -> &'a str {
        let word = self.words.get(index);
        word.and_then(|word| self.bare.get(word.range.clone())).unwrap_or_default()
    }

    /// What stands before a word.
    fn gap(&self, index: usize) -> &'a str {
        let from = index.checked_sub(1).and_then(|i| self.words.get(i)).map_or(0, |w| w.range.end);
        let to = self.words.get(index).map_or(from, |word| word.range.start);
        self.bare.get(from..to).unwrap_or_default()
    }

    /// Marks what comes again at even distances, and numbers in words where there are many.
    fn find_labels(&mut self) {
        let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for index in 0..self.words.len() {
            if self.classes.get(index) != Some(&Class::Rare) {
                places.entry(self.text(index)).or_default().push(index);
            }
        }
        let ordinals: Vec<&Vec<usize>> = ORDINALS.iter().filter_map(|o| places.get(o)).collect();
        let ordinals = Some(ordinals).filter(|found| found.len() >= LABELS_MIN);
        let even = places.values().filter(|places| are_even(places));
        let labels: Vec<usize> =
            even.chain(ordinals.into_iter().flatten()).flatten().copied().collect();
        for index in labels {
            if let Some(class) = self.classes.get_mut(index) {
                *class = Class::Label;
            }
        }
        let is_gloss = |index: &usize| {
            let han = self.gap(*index).chars().filter(|c| is_han(*c)).count();
            (1..=GLOSS_CHARS_MAX).contains(&han)
        };
        let apart = (1..self.words.len()).filter(|i| self.words.get(*i).is_some_and(|w| !w.joined));
        self.glossed = apart.filter(is_gloss).take(LABELS_MIN).count() == LABELS_MIN;
    }

    fn segments(&mut self) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut sum = Sum::default();
        for index in 0..self.words.len() {
            let is_apart = self.words.get(index).is_some_and(|word| !word.joined);
            let gap = if is_apart { self.gap(index) } else { "" };
            if gap.contains(BARRIER) {
                segments.extend(sum.take(index, self.glossed));
            } else if !self.glossed && gap.contains(is_han) {
                sum.score += STRANGER;
            }
            if sum.score <= 0 {
                segments.extend(sum.take(index, self.glossed));
            }
            self.add(index, &mut sum);
        }
        segments.extend(sum.take(self.words.len(), self.glossed));
        segments
    }

    fn add(&mut self, index: usize, sum: &mut Sum<'a>) {
        let text = self.text(index);
        let Some(class) = self.classes.get_mut(index) else { return };
        // Looking for slips is costly: done only where a phrase has begun.
        if *class == Class::Stranger && sum.score >= RARE {
            let is_slip = self.words.get(index).is_some_and(|word| word.is_slip(text));
            if is_slip && !wordlist::is_function_word(text) {
                if wordlist::is_inflected(text) {
                    sum.score += INFLECTED - STRANGER;
                } else {
                    *class = Class::Slip;
                }
            }
        }
        sum.listed += usize::from(class.is_listed());
        sum.labels += usize::from(*class == Class::Label);
        sum.score += match class {
            Class::Rare | Class::Everyday if !sum.seen.insert(text) => AGAIN,
            Class::Rare => RARE,
            Class::Everyday => EVERYDAY,
            Class::Common => COMMON,
            Class::Slip => SLIP,
            Class::Stranger => STRANGER,
            Class::Label => 0,
        };
        if sum.score > sum.best {
            (sum.best, sum.best_end) = (sum.score, index + 1);
            (sum.best_listed, sum.best_labels) = (sum.listed, sum.labels);
        }
    }
}

/// A sum that has begun, and the greatest that it had.
#[derive(Default)]
struct Sum<'a> {
    start: usize,
    score: i32,
    listed: usize,
    labels: usize,
    seen: FxHashSet<&'a str>,
    best: i32,
    best_end: usize,
    best_listed: usize,
    best_labels: usize,
}

impl Sum<'_> {
    /// Ends here; the next one begins at `next`.
    fn take(&mut self, next: usize, glossed: bool) -> Option<Segment> {
        let segment = Segment {
            run: self.start..self.best_end,
            score: self.best,
            listed: self.best_listed,
            labelled: glossed || self.best_labels >= LABELS_MIN,
        };
        *self = Sum { start: next, ..Sum::default() };
        (segment.score >= ANNOUNCED).then_some(segment)
    }
}

/// Returns true if and only if most distances between neighbours are the same but for one word.
pub(super) fn are_even(places: &[usize]) -> bool {
    if places.len() < LABELS_MIN {
        return false;
    }
    let distance = |pair: &[usize]| pair.last().zip(pair.first()).map_or(0, |(b, a)| b - a);
    let mut distances: Vec<usize> = places.windows(2).map(distance).collect();
    distances.sort_unstable();
    let median = distances.get(distances.len() / 2).copied().unwrap_or_default();
    let even = distances.iter().filter(|d| d.abs_diff(median) <= 1).count();
    median >= 2 && even + 1 >= LABELS_MIN && even * 10 >= distances.len() * 7
}

#[cfg(test)]
mod tests {
    use super::super::phrase_runs::words;
    use super::*;

    fn check(text: &str, expected: Option<(usize, &str)>) {
        let words = words(text);
        let (segments, classes) = segments(text, &words);
        let best = segments.into_iter().max_by_key(|segment| segment.score);
        let found = best.as_ref().map(|segment| {
            let pieces = pieces(segment, &classes);
            let first = &pieces[0];
            let bytes = words[first.start].range.start..words[first.end - 1].range.end;
            (pieces.len(), text.get(bytes).unwrap())
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn finds_words_that_no_sentence_holds() {
        check(
            "anchor and damage and pride and lumber and toast and clay and response and seed",
            Some((
                1,
                "anchor and damage and pride and lumber and toast and clay and response and seed",
            )),
        );
        check(
            "the start was monster hungry august kit outside kitten and it was on the galaxy myth bronze lumber zebra oven",
            Some((2, "monster hungry august kit outside kitten")),
        );
        check("current tried speed up cancel gap fill error exact text", None);
    }
}
