//! Snippets: the passage of an article that fits a query best, with what matched marked.
//!
//! Ranges are in characters of the snippet and never cut a character; a whole word is marked where
//! a whole word matched (虚拟机, not 虚 and 机).

use std::ops::Range;

use rustc_hash::FxHashSet;

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
pub struct Passages(Vec<Text>);

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
        Passages(texts.map(|text| Text::new(analyser, text)).collect())
    }

    /// The best passage for a query: the block with the most different query terms, the earliest
    /// among equals; the summary if no block has any.
    pub fn best(&self, query: &SearchQuery) -> Snippet {
        let wanted = wanted(query);
        let mut best: Option<(usize, &Text, Vec<Range<usize>>)> = None;
        for text in &self.0 {
            let (marks, terms) = marks(text, &wanted, &query.unknown);
            if best.as_ref().is_none_or(|(most, ..)| terms > *most) {
                best = Some((terms, text, marks));
            }
        }
        best.map(|(_, text, marks)| cut(&text.written, &marks)).unwrap_or_default()
    }
}

/// Marks in a title, which is never cut.
pub fn mark(analyser: &Analyser, text: &str, query: &SearchQuery) -> Snippet {
    let (marks, _) = marks(&Text::new(analyser, text), &wanted(query), &query.unknown);
    let highlights = marks.iter().map(|range| to_chars(text, 0, range)).collect();
    Snippet { text: text.to_owned(), highlights }
}

/// What is marked: the reader's words and those that mean the same.
fn wanted(query: &SearchQuery) -> FxHashSet<&str> {
    let strong = query.strong.iter().map(|t| t.text.as_str());
    strong.chain(query.bridged.iter().map(String::as_str)).collect()
}

/// Byte ranges of `text` that match, merged, and the number of different terms among them.
fn marks(
    text: &Text,
    wanted: &FxHashSet<&str>,
    unknown: &[Vec<Term>],
) -> (Vec<Range<usize>>, usize) {
    let folded = &text.folded;
    let mut different = FxHashSet::default();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for term in &text.terms {
        if wanted.contains(term.text.as_str()) {
            different.insert(term.text.as_str());
            ranges.push(folded.original(term.range.clone()));
        }
    }
    for run in unknown.iter().filter(|run| run.len() > 1 || wanted.is_empty()) {
        let phrase: String = run.iter().map(|t| t.text.as_str()).collect();
        for (at, found) in folded.text().match_indices(&phrase) {
            different.insert(found);
            ranges.push(folded.original(at..at + found.len()));
        }
    }
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    (merged, different.len())
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
