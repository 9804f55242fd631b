//! Snippets: the passage of an article that fits a query best, with what matched marked.
//!
//! Ranges are in characters of the snippet and never cut a character; a whole word is marked where
//! a whole word matched (虚拟机, not 虚 and 机).

use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::kb::Article;
use crate::kb::markdown::BlockKind;
use crate::text::Analyser;
use crate::text::fold::{Folded, fold};
use crate::text::segment::{Term, TermKind};

use super::query::SearchQuery;

/// The longest snippet, in columns; a Han character takes two, as it does on a page.
const COLUMNS_MAX: usize = 180;
/// How much text stands before the first match, in columns.
const COLUMNS_BEFORE: usize = 40;

/// A passage with marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The text.
    pub text: String,
    /// What matched, as ranges of characters, in order and apart from each other.
    pub highlights: Vec<Range<usize>>,
}

/// The texts of an article, read once: segmenting them costs far more than looking for words in them.
pub struct Passages {
    texts: Vec<Text>,
    /// In which texts each term stands.
    postings: FxHashMap<String, Vec<usize>>,
}

/// A text with its terms.
struct Text {
    written: String,
    folded: Folded,
    terms: Vec<Term>,
}

impl Text {
    fn new(analyser: &Analyser, text: &str) -> Text {
        let folded = fold(text);
        let mut terms = analyser.segmenter().terms(folded.text());
        terms.retain(|term| term.kind != TermKind::Char);
        Text { written: text.to_owned(), folded, terms }
    }
}

impl Passages {
    /// Reads the summary and every block but headings.
    pub fn new(analyser: &Analyser, article: &Article) -> Passages {
        let summary = std::iter::once(article.meta.summary.as_str());
        let blocks = article.body.blocks.iter().filter(|b| b.kind != BlockKind::Heading);
        let texts = summary.chain(blocks.map(|b| b.text.as_str()));
        let texts: Vec<Text> = texts.map(|text| Text::new(analyser, text)).collect();
        let mut postings: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, text) in texts.iter().enumerate() {
            for term in &text.terms {
                let places = postings.entry(term.text.clone()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        Passages { texts, postings }
    }

    /// The best passage for a query: the block with the most different query terms, the earliest
    /// among equals; the summary if no block has any.
    pub fn best(&self, query: &SearchQuery) -> Snippet {
        let (wanted, phrases) = (wanted(query), phrases(query));
        let mut different = vec![0; self.texts.len()];
        let stands = |term: &str| self.postings.get(term).map_or(&[][..], Vec::as_slice);
        for &place in wanted.iter().flat_map(|term| stands(term)) {
            if let Some(count) = different.get_mut(place) {
                *count += 1;
            }
        }
        for phrase in phrases.iter().filter(|phrase| !wanted.contains(phrase.as_str())) {
            for (count, text) in different.iter_mut().zip(&self.texts) {
                *count += usize::from(text.folded.text().contains(phrase.as_str()));
            }
        }
        let counted = different.iter().zip(&self.texts).rev();
        let best = counted.max_by_key(|(count, _)| **count);
        best.map(|(_, text)| cut(&text.written, &marks(text, &wanted, &phrases)))
            .unwrap_or_default()
    }
}

/// Marks in a title, which is never cut.
pub fn mark(analyser: &Analyser, text: &str, query: &SearchQuery) -> Snippet {
    let marks = marks(&Text::new(analyser, text), &wanted(query), &phrases(query));
    let highlights = marks.iter().map(|range| to_chars(text, 0, range)).collect();
    Snippet { text: text.to_owned(), highlights }
}

/// What is marked: the reader's words and those that mean the same.
fn wanted(query: &SearchQuery) -> FxHashSet<&str> {
    let strong = query.strong.iter().map(|t| t.text.as_str());
    strong.chain(query.bridged.iter().map(String::as_str)).collect()
}

/// What is marked where it stands as written: stretches that no dictionary word covers.
fn phrases(query: &SearchQuery) -> BTreeSet<String> {
    let alone = query.strong.is_empty() && query.bridged.is_empty();
    let runs = query.unknown.iter().filter(|run| run.len() > 1 || alone);
    runs.map(|run| run.iter().map(|t| t.text.as_str()).collect()).collect()
}

/// Byte ranges of `text` that match, merged.
fn marks(text: &Text, wanted: &FxHashSet<&str>, phrases: &BTreeSet<String>) -> Vec<Range<usize>> {
    let folded = &text.folded;
    let terms = text.terms.iter().filter(|term| wanted.contains(term.text.as_str()));
    let mut ranges: Vec<Range<usize>> =
        terms.map(|term| folded.original(term.range.clone())).collect();
    for phrase in phrases {
        let found = folded.text().match_indices(phrase.as_str());
        ranges.extend(found.map(|(at, found)| folded.original(at..at + found.len())));
    }
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Cuts a long text around its first mark.
fn cut(text: &str, marks: &[Range<usize>]) -> Snippet {
    let columns = |c: char| if c.is_ascii() { 1 } else { 2 };
    let first = marks.first().map_or(0, |m| m.start);
    let before: Vec<(usize, char)> = text.get(..first).unwrap_or_default().char_indices().collect();
    let mut start = first;
    let mut used = 0;
    for (at, c) in before.into_iter().rev() {
        used += columns(c);
        if used > COLUMNS_BEFORE {
            break;
        }
        start = at;
    }
    let total: usize = text.chars().map(columns).sum();
    if total <= COLUMNS_MAX {
        start = 0;
    } else {
        start = word_start(text, start, first);
    }
    let mut end = start;
    let mut used = 0;
    for c in text.get(start..).unwrap_or_default().chars() {
        used += columns(c);
        if used > COLUMNS_MAX {
            break;
        }
        end += c.len_utf8();
    }
    let prefix = if start > 0 { "…" } else { "" };
    let suffix = if end < text.len() { "…" } else { "" };
    let passage = text.get(start..end).unwrap_or_default();
    let highlights = marks
        .iter()
        .filter(|m| start <= m.start && m.end <= end)
        .map(|m| {
            let range = to_chars(text, start, m);
            let shift = prefix.chars().count();
            range.start + shift..range.end + shift
        })
        .collect();
    Snippet { text: format!("{prefix}{passage}{suffix}"), highlights }
}

/// The first start of a Latin word at or after `start`, so that a cut does not halve one.
fn word_start(text: &str, start: usize, limit: usize) -> usize {
    let inside = |at: usize| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at..).and_then(|t| t.chars().next());
        matches!((before, after), (Some(b), Some(a)) if b.is_ascii_alphanumeric() && a.is_ascii_alphanumeric())
    };
    (start..=limit).filter(|&at| text.is_char_boundary(at)).find(|&at| !inside(at)).unwrap_or(start)
}

fn to_chars(text: &str, from: usize, range: &Range<usize>) -> Range<usize> {
    let count = |to: usize| text.get(from..to).unwrap_or_default().chars().count();
    count(range.start)..count(range.end)
}
