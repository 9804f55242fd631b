//! Segmentation: folded text → words (a partition) and terms (what is indexed and searched).
//!
//! Chinese is cut by jieba in search mode without its hidden Markov model, together with every
//! single character: on seven Chinese sets this pair was the best or within .005 MRR of the best,
//! while bigrams lost on five. Single characters are also the net for names and words that no
//! dictionary knows. English is stemmed (Snowball). [`Segmenter::words`] never changes, adds or
//! skips text: its pieces joined are the input.

use std::borrow::Cow;
use std::ops::Range;

use frostem::{Algorithm, Stemmer};
use jieba_rs::Jieba;

use super::script::{Run, Script, runs};

/// The longest piece of Latin text that becomes a term; hashes and addresses are entities instead.
const PIECE_BYTES_MAX: usize = 32;
/// The longest compound (`erc-20`) that is also indexed joined (`erc20`).
const COMPOUND_BYTES_MAX: usize = 24;

/// All occurrences that jieba's dictionary counts.
const DICTIONARY_TOTAL: f32 = 60_101_967.0;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TermKind {
    /// A Chinese word of at least two characters.
    Word,
    /// A single Chinese character.
    Char,
    /// A stemmed word of an alphabetic script.
    Stem,
    /// A number, or a code that joins letters and digits.
    Code,
}

/// One term and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term as it is indexed.
    pub text: String,
    /// Bytes of the folded text that it came from.
    pub range: Range<usize>,
    /// Units before it: each Han character and each piece of Latin text counts one, so that
    /// neighbours in the text are neighbours in position whatever words overlap them.
    pub position: u32,
    /// What it is.
    pub kind: TermKind,
}

/// Cuts text into words and terms, with a dictionary that the glossary extends.
pub struct Segmenter {
    jieba: Jieba,
    stemmer: Stemmer,
}

impl Default for Segmenter {
    fn default() -> Self {
        Segmenter::new([])
    }
}

impl Segmenter {
    /// A segmenter whose dictionary also holds `words` (folded here); takes about 0.1 s.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut jieba = Jieba::new();
        for word in words {
            let folded = super::fold::fold(word);
            let is_han = |t: &str| t.chars().all(super::han::is_han);
            if folded.text().chars().count() > 1 && is_han(folded.text()) {
                jieba.add_word(folded.text(), None, None);
            }
        }
        Segmenter { jieba, stemmer: Stemmer::new(Algorithm::English) }
    }

    /// Returns true if and only if the dictionary calls a Chinese word an adverb, a pronoun, a
    /// particle or the like: a word that holds a sentence together and names nothing.
    pub fn is_function_word(&self, word: &str) -> bool {
        let tags = self.jieba.tag(word, false);
        tags.iter()
            .all(|t| t.tag.starts_with(['d', 'r', 'p', 'c', 'u', 'y', 'm', 'q', 'e', 'o', 'k']))
    }

    /// The words of a folded text as byte ranges that touch each other and cover it.
    pub fn words(&self, folded: &str) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        for Run { range, script } in runs(folded) {
            match (script, folded.get(range.clone())) {
                (Script::Han, Some(han)) => words.extend(
                    self.jieba
                        .cut(han, false)
                        .iter()
                        .map(|t| range.start + t.byte_start..range.start + t.byte_end),
                ),
                _ => words.push(range),
            }
        }
        words
    }

    /// The terms of a folded text, in the order of their positions.
    pub fn terms(&self, folded: &str) -> Vec<Term> {
        let mut terms = Vec::with_capacity(folded.len() / 3 + 4);
        let mut position = 0;
        let runs = runs(folded);
        let mut rest = runs.as_slice();
        while let Some((run, tail)) = rest.split_first() {
            rest = tail;
            match run.script {
                Script::Other => {}
                Script::Han => {
                    if let Some(han) = folded.get(run.range.clone()) {
                        position = self.han_terms(han, run.range.start, position, &mut terms);
                    }
                }
                Script::Alnum => {
                    let pieces = compound(folded, run, &mut rest);
                    position = self.latin_terms(folded, &pieces, position, &mut terms);
                }
            }
        }
        terms
    }

    /// The stem of one folded Latin word.
    pub fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.stemmer.stem(word)
    }

    /// How common a Chinese word is: log10 of its occurrences in a billion words by the counts of
    /// the dictionary; 0 if the dictionary lacks it.
    pub fn zipf(&self, word: &str) -> f32 {
        if !self.jieba.has_word(word) {
            return 0.0;
        }
        (1.0 + 1e9 * self.jieba.suggest_freq(word) as f32 / DICTIONARY_TOTAL).log10()
    }

    fn han_terms(&self, han: &str, base: usize, position: u32, terms: &mut Vec<Term>) -> u32 {
        let first = terms.len();
        let mut units = 0;
        for (at, c) in han.char_indices() {
            let range = base + at..base + at + c.len_utf8();
            terms.push(Term {
                text: c.to_string(),
                range,
                position: position + units,
                kind: TermKind::Char,
            });
            units += 1;
        }
        for token in self.jieba.cut_for_search(han, false) {
            if token.end - token.start > 1 {
                terms.push(Term {
                    text: token.word.to_owned(),
                    range: base + token.byte_start..base + token.byte_end,
                    position: position + token.start as u32,
                    kind: TermKind::Word,
                });
            }
        }
        if let Some(new) = terms.get_mut(first..) {
            // Longest first at one place, so that a highlighter meets the whole word first.
            new.sort_by(|a, b| {
                (a.position, b.range.end, &a.text).cmp(&(b.position, a.range.end, &b.text))
            });
        }
        position + units
    }

    fn latin_terms(
        &self,
        folded: &str,
        pieces: &[Range<usize>],
        mut position: u32,
        terms: &mut Vec<Term>,
    ) -> u32 {
        if let Some(joined) = joined(folded, pieces) {
            terms.push(Term { position, ..joined });
        }
        for range in pieces {
            let piece = folded.get(range.clone()).unwrap_or_default();
            self.piece_terms(piece, range, position, terms);
            position += 1;
        }
        position
    }

    fn piece_terms(&self, piece: &str, range: &Range<usize>, position: u32, out: &mut Vec<Term>) {
        if piece.len() > PIECE_BYTES_MAX {
            return;
        }
        let mut push = |text: String, range: Range<usize>, kind| {
            out.push(Term { text, range, position, kind });
        };
        let has_digit = piece.bytes().any(|b| b.is_ascii_digit());
        let has_letter = piece.chars().any(char::is_alphabetic);
        if !has_digit {
            let plain = piece.replace('\'', "");
            push(self.stemmer.stem(&plain).into_owned(), range.clone(), TermKind::Stem);
            return;
        }
        push(piece.replace(',', ""), range.clone(), TermKind::Code);
        if has_letter {
            // iphone15 is also found as iphone: letters that stand together in a code.
            for run in letter_runs(piece) {
                let part = piece.get(run.clone()).unwrap_or_default();
                let at = range.start + run.start..range.start + run.end;
                push(self.stemmer.stem(part).into_owned(), at, TermKind::Stem);
            }
        }
    }
}

/// Takes the runs that belong to one compound with `first`: pieces held together by a single
/// connector with no space (`gen-itgc`, `5.22.0`, `don't`). Apostrophes and the points and commas
/// of numbers stay inside a piece.
fn compound(folded: &str, first: &Run, rest: &mut &[Run]) -> Vec<Range<usize>> {
    let mut pieces = vec![first.range.clone()];
    while let [glue, next, tail @ ..] = *rest {
        if glue.script != Script::Other || next.script != Script::Alnum {
            break;
        }
        let digit = |at: Option<u8>| at.is_some_and(|b| b.is_ascii_digit());
        let between_digits =
            digit(folded.as_bytes().get(glue.range.start.wrapping_sub(1)).copied())
                && digit(folded.as_bytes().get(next.range.start).copied());
        match folded.get(glue.range.clone()) {
            Some("'") => extend_last(&mut pieces, next.range.end),
            Some("." | ",") if between_digits => extend_last(&mut pieces, next.range.end),
            Some("-" | "_" | "." | "/" | "+" | "&") => pieces.push(next.range.clone()),
            _ => break,
        }
        *rest = tail;
    }
    pieces
}

fn extend_last(pieces: &mut [Range<usize>], end: usize) {
    if let Some(last) = pieces.last_mut() {
        last.end = end;
    }
}

/// The compound written as one word (`erc-20` → `erc20`), where it is short enough to be a name.
fn joined(folded: &str, pieces: &[Range<usize>]) -> Option<Term> {
    let (first, last) = (pieces.first()?, pieces.last()?);
    let whole = folded.get(first.start..last.end)?;
    let glued_by_hyphen = whole.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !(2..=3).contains(&pieces.len()) || whole.len() > COMPOUND_BYTES_MAX || !glued_by_hyphen {
        return None;
    }
    let text: String = whole.chars().filter(|c| c.is_alphanumeric()).collect();
    Some(Term { text, range: first.start..last.end, position: 0, kind: TermKind::Code })
}

/// Stretches of at least two letters inside a code.
fn letter_runs(piece: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in piece.char_indices().filter(|(_, c)| c.is_alphabetic()) {
        match found.last_mut() {
            Some(run) if run.end == at => run.end = at + c.len_utf8(),
            _ => found.push(at..at + c.len_utf8()),
        }
    }
    found.retain(|run| run.len() > 1);
    found
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let folded = fold(text);
        let segmenter = Segmenter::new(["助记词"]);
        let terms = segmenter.terms(folded.text());
        let texts: Vec<&str> = terms.iter().map(|t| t.text.as_str()).collect();
        for term in expected {
            assert!(texts.contains(term), "{text}: no term {term} among {texts:?}");
        }
    }

    #[test]
    fn finds_words_inside_words() {
        check("安装简单", &["简单"]);
        check("待处理", &["处理"]);
        check("中国农业发展银行", &["农业", "银行", "中国"]);
        check("测试工具箱", &["工具", "箱"]);
        check("如何製作", &["制作"]);
        check("國際論壇", &["国际", "论坛"]);
        check("助記詞忘了", &["助记词"]);
    }

    #[test]
    fn splits_latin_from_han_and_keeps_codes() {
        check("重跑gen-itgc后", &["gen", "itgc", "genitgc", "后"]);
        check("ERC-20 on erc20", &["erc20", "erc", "20"]);
        check("iPhone15, iOS 17.5.1", &["iphon", "17.5.1"]);
        check("it can't pay 1,234.50", &["cant", "1234.50"]);
    }

    #[test]
    fn counts_positions_in_units() {
        let terms = Segmenter::default().terms("用usdt转账");
        let at = |text: &str| terms.iter().find(|t| t.text == text).map(|t| t.position);
        assert_eq!(
            (at("用"), at("usdt"), at("转账"), at("账")),
            (Some(0), Some(1), Some(2), Some(3))
        );
    }
}
