//! Phrases in several parts: halves with words between them, and what the score over all words finds.
//!
//! In: the words of a text and the runs of list words. Out: findings, one for each part.

use std::ops::Range;

use super::Finding;
use super::mnemonic::{LENGTHS, Search};
use super::phrase_runs::{List, Run};
use super::phrase_score::{Class, Segment, Support, pieces, segments};
use super::phrase_trim::STRAY_WORDS_MAX;
use super::view::BARRIER;
use super::wordlist::{self, ENGLISH};

/// Bytes of prose between the parts of a phrase that was written in several parts.
const BRIDGE_BYTES_MAX: usize = 64;
/// Words in the shortest part of a phrase that was written in several parts.
const PART_WORDS_MIN: usize = 3;
/// Parts that one phrase can come in: six rows of four.
const PARTS_MAX: usize = 8;

impl Search<'_> {
    /// What the rules above have left: phrases in pieces, with slips, with something between the
    /// words.
    pub(super) fn segments(&self, found: &mut Vec<Finding>) {
        let (segments, classes) = segments(self.bare, self.words);
        if segments.is_empty() {
            return;
        }
        let is_whole = |f: &&Finding| f.words.is_some_and(|n| LENGTHS.contains(&usize::from(n)));
        let wholes = Taken::of(found.iter().filter(is_whole));
        let mut taken = Taken::of(found.iter());
        for segment in segments {
            let span = self.bytes(&segment.run);
            let numbered =
                segment.run.clone().filter(|i| self.words.get(*i).is_some_and(|w| w.numbered));
            let ordered = numbered.count() * 3 >= segment.listed * 2;
            let reached = self.reaching(segment.run.clone(), &segment);
            let support = match ordered || self.keywords.are_near(&span) {
                true => Support::Announced,
                false if self.is_alone(&self.bytes(&reached)) => Support::Alone,
                false => Support::None,
            };
            if !segment.is_phrase(support, reached.len() - segment.run.len()) {
                continue;
            }
            let is_free = |index: &usize| {
                let word = self.words.get(*index);
                word.is_none_or(|word| !taken.meets(&(word.range.start..word.range.start + 1)))
            };
            let rare = |index: &usize| classes.get(*index) == Some(&Class::Rare);
            let left = segment.run.clone().filter(is_free);
            let left_rare = left.clone().filter(rare).count();
            let whole = wholes.meets(&span);
            // What is left beside a phrase that is complete belongs to its sentence.
            if left.count() == 0 || (whole && !segment.labelled && left_rare <= STRAY_WORDS_MAX) {
                continue;
            }
            let pieces = pieces(&segment, &classes).into_iter();
            let parts: Vec<Run> = pieces
                .flat_map(|piece| free_parts(self.reaching(piece, &segment), is_free))
                .collect();
            // A segment may reach a word into the next one.
            taken.until = parts.last().map_or(taken.until, |part| self.bytes(part).end);
            for part in parts {
                let listed = |index: &usize| classes.get(*index).is_none_or(|c| c.is_listed());
                let words = u8::try_from(part.clone().filter(listed).count()).ok();
                found.push(Finding { words, ..self.finding(List::Full(ENGLISH), part) });
            }
        }
    }

    /// A piece with the list words and slips beside it, if the segment is short of some: a phrase
    /// may begin and end with a common word or a slip, which no score tells from a sentence's.
    fn reaching(&self, piece: Run, segment: &Segment) -> Run {
        let length = LENGTHS.iter().rev().find(|length| **length >= segment.listed);
        let mut missing = length.map_or(0, |length| length - segment.listed).min(2);
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        let belongs = |index: usize| {
            let is_known =
                self.words.get(index).is_some_and(|w| List::Full(ENGLISH).number(w).is_some());
            is_known || (self.is_slip(index) && !wordlist::is_function_word(self.text(index)))
        };
        let mut piece = piece;
        if piece.end == segment.run.end && missing > 0 && joined(piece.end) && belongs(piece.end) {
            piece.end += 1;
            missing -= 1;
        }
        let before = piece.start.checked_sub(1);
        if piece.start == segment.run.start && missing > 0 && joined(piece.start) {
            piece.start = before.filter(|index| belongs(*index)).unwrap_or(piece.start);
        }
        piece
    }

    /// Phrases whose parts stand apart: "the first six are … and the others …".
    pub(super) fn parts(&mut self, list: List, runs: &[Run], found: &mut Vec<Finding>) {
        let is_part =
            |run: &&Run| (PART_WORDS_MIN..12).contains(&run.len()) && !self.is_sentence(list, run);
        let divided: Vec<Run> = runs.iter().flat_map(|run| self.divided(run)).collect();
        let parts: Vec<Run> = divided.iter().filter(is_part).cloned().collect();
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

    /// A run cut where a colon or a bracket introduces what follows.
    fn divided(&self, run: &Run) -> Vec<Run> {
        let opens = |index: &usize| self.signs_before(*index).contains([':', '(', ')']);
        let cuts: Vec<usize> = (run.start + 1..run.end).filter(opens).collect();
        if cuts.len() > 2 {
            return vec![run.clone()];
        }
        let starts = std::iter::once(run.start).chain(cuts.iter().copied());
        starts.zip(cuts.iter().copied().chain([run.end])).map(|(a, b)| a..b).collect()
    }

    fn is_split_phrase(&mut self, list: List, group: &[Run]) -> bool {
        let total: usize = group.iter().map(Run::len).sum();
        if !LENGTHS.contains(&total) {
            return false;
        }
        let span = group.first().map_or(0, |r| r.start)..group.last().map_or(0, |r| r.end);
        let common: usize = group.iter().map(|run| self.common(list, run)).sum();
        if common * 3 > total {
            return false;
        }
        let numbers: Vec<u16> =
            group.iter().flat_map(|run| self.numbers(list, run.clone())).collect();
        let lists = group.iter().all(|run| run.len() >= 5 && self.is_listed(run));
        (lists && common * 6 <= total)
            || self.keywords.are_near(&self.bytes(&span))
            || self.is_valid(&numbers)
    }

    fn is_bridge(&self, left: &Run, right: &Run) -> bool {
        let range = self.bytes(&(left.end - 1..left.end)).end..self.bytes(right).start;
        let between = self.bare.get(range).unwrap_or_default();
        let lists = [left, right].iter().all(|run| run.len() >= 5 && self.is_listed(run));
        let most = if lists { BRIDGE_BYTES_MAX * 2 } else { BRIDGE_BYTES_MAX };
        between.len() <= most && !between.contains(BARRIER)
    }

    fn is_sentence(&self, list: List, run: &Run) -> bool {
        self.common(list, run) * 3 > run.len()
    }
}

/// What was found before, as stretches of bytes apart from each other, so that a text of many
/// phrases costs no more than one look for each word.
struct Taken {
    ranges: Vec<Range<usize>>,
    /// Everything before this was judged.
    until: usize,
}

impl Taken {
    fn of<'a>(found: impl Iterator<Item = &'a Finding>) -> Taken {
        let mut all: Vec<Range<usize>> = found.map(|f| f.range.clone()).collect();
        all.sort_unstable_by_key(|range| range.start);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for range in all {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        Taken { ranges, until: 0 }
    }

    /// Returns true if and only if a range shares a byte with what was found.
    fn meets(&self, range: &Range<usize>) -> bool {
        let begun = self.ranges.partition_point(|known| known.start < range.end);
        let last = begun.checked_sub(1).and_then(|i| self.ranges.get(i));
        range.start < self.until || last.is_some_and(|known| range.start < known.end)
    }
}

/// The stretches of a run that are free.
fn free_parts(run: Run, is_free: impl Fn(&usize) -> bool) -> Vec<Run> {
    let mut parts: Vec<Run> = Vec::new();
    for index in run.filter(is_free) {
        match parts.last_mut() {
            Some(part) if part.end == index => part.end = index + 1,
            _ => parts.push(index..index + 1),
        }
    }
    parts
}
