//! N-grams for the linear model: a text as a unit vector of words, neighbours and spellings.
//!
//! In: an analysis and its pieces with their shares. Out: sparse features in four groups, each scaled
//! to its weight, so that a long group does not drown a short one. Trained and applied on the same
//! vectors.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

use crate::text::Analysis;
use crate::text::segment::{Term, TermKind};

/// A group of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Stems, Chinese words and single characters.
    Words,
    /// Two units side by side, the text's ends among them.
    Pairs,
    /// Two units at most four apart, in any order.
    Near,
    /// Two to five letters or characters in a row, unstemmed.
    Spelling,
}

/// All groups.
pub const GROUPS: [Group; 4] = [Group::Words, Group::Pairs, Group::Near, Group::Spelling];

impl Group {
    /// The squared length of the group in a text's vector. Chosen by cross-validation on the
    /// training parts of four intent sets; plateaus are wide.
    pub fn weight(self) -> f32 {
        match self {
            Group::Words | Group::Spelling => 1.0,
            Group::Pairs => 0.3,
            Group::Near => 0.5,
        }
    }
}

/// How far apart two units of [`Group::Near`] may be.
const NEAR: usize = 4;
/// The lengths of [`Group::Spelling`].
const SPELLING: std::ops::RangeInclusive<usize> = 2..=5;

/// The identity of a feature.
pub type Key = u64;

/// Feature counts of one text by group, in the order of keys.
pub type Counts = [Vec<(Key, f32)>; GROUPS.len()];

/// Counts the features of pieces of a text; each piece counts as much as its share.
pub fn count(analysis: &Analysis, pieces: &[(Range<usize>, f32)]) -> Counts {
    let mut counts: [FxHashMap<Key, f32>; GROUPS.len()] = Default::default();
    for (range, share) in pieces.iter().filter(|(_, share)| *share > 0.01) {
        let terms = analysis.terms.get(range.clone()).unwrap_or_default();
        let mut add = |group: Group, key: Key| {
            if let Some(map) = counts.get_mut(group as usize) {
                *map.entry(key).or_insert(0.0) += share;
            }
        };
        for term in terms {
            add(Group::Words, key(Group::Words, &[&term.text]));
        }
        let units: Vec<&str> = units(terms).map(|t| t.text.as_str()).collect();
        neighbours(&units, &mut add);
        for run in runs(analysis, terms) {
            spelling(&run, &mut add);
        }
    }
    counts.map(|group| {
        let mut sorted: Vec<(Key, f32)> = group.into_iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        sorted.shrink_to_fit();
        sorted
    })
}

fn key(group: Group, parts: &[&str]) -> Key {
    let mut hasher = FxHasher::default();
    hasher.write_u8(group as u8);
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}

/// One term a position: single characters, stems and codes.
fn units(terms: &[Term]) -> impl Iterator<Item = &Term> {
    let mut next = None;
    terms.iter().filter(move |t| {
        let unit = t.kind != TermKind::Word && next.is_none_or(|n| t.position >= n);
        if unit {
            next = Some(t.position + 1);
        }
        unit
    })
}

fn neighbours(units: &[&str], add: &mut impl FnMut(Group, Key)) {
    let ends = std::iter::once("^").chain(units.iter().copied());
    for (a, b) in ends.zip(units.iter().copied().chain(std::iter::once("$"))) {
        add(Group::Pairs, key(Group::Pairs, &[a, b]));
    }
    let mut seen = rustc_hash::FxHashSet::default();
    for (at, a) in units.iter().enumerate() {
        for b in units.iter().skip(at + 1).take(NEAR).filter(|b| *b != a) {
            let (first, second) = if a < b { (a, b) } else { (b, a) };
            let key = key(Group::Near, &[first, second]);
            if seen.insert(key) {
                add(Group::Near, key);
            }
        }
    }
}

/// Words and stretches of Han characters as written, for their spelling.
fn runs(analysis: &Analysis, terms: &[Term]) -> Vec<String> {
    let text = analysis.folded.text();
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for term in terms.iter().filter(|t| t.kind != TermKind::Word) {
        let han = term.kind == TermKind::Char;
        match runs.last_mut() {
            Some((run, true)) if han && run.end == term.range.start => run.end = term.range.end,
            // A joined compound spans its parts; the parts are enough.
            Some((run, _)) if term.range.start < run.end => run.end = run.end.max(term.range.end),
            _ => runs.push((term.range.clone(), han)),
        }
    }
    runs.into_iter()
        .filter_map(|(range, _)| text.get(range))
        .map(|run| run.replace('\'', ""))
        .collect()
}

fn spelling(run: &str, add: &mut impl FnMut(Group, Key)) {
    let padded: Vec<char> =
        std::iter::once(' ').chain(run.chars()).chain(std::iter::once(' ')).collect();
    for length in SPELLING {
        for window in padded.windows(length) {
            let window: String = window.iter().collect();
            add(Group::Spelling, key(Group::Spelling, &[&window]));
        }
        if padded.len() <= length {
            break;
        }
    }
}
