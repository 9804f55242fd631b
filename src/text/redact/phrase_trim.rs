//! Where a phrase begins and ends: list words of the sentence around it are left out.
//!
//! In: a run of words that holds a phrase. Out: the part that is the phrase, told by a checksum, by
//! the sign that divides its words, or by breaks that it does not have itself.

use super::mnemonic::{LENGTHS, Search};
use super::phrase_runs::{List, Run};
use super::wordlist::ENGLISH;

/// Runs that are longer hold more than one phrase and are taken as a whole.
const CHECKED_WORDS_MAX: usize = 40;
/// List words of a sentence that a break can divide from the phrase behind or before it.
const BROKEN_OFF_MAX: usize = 6;
/// List words beside a valid phrase that are taken for a part of it: prose rarely puts more than
/// three in a row.
pub(super) const STRAY_WORDS_MAX: usize = 3;

impl Search<'_> {
    /// Leaves out list words of the sentence around a phrase: those behind a break that the phrase
    /// itself does not have, or those that a checksum tells apart.
    pub(super) fn trimmed(&mut self, list: List, run: Run) -> Run {
        if run.len() > CHECKED_WORDS_MAX {
            return run;
        }
        let right = LENGTHS.contains(&run.len());
        if right && self.valid_at(list, &run) {
            return run;
        }
        if let Some(listed) = self.cut_to_list(list, &run) {
            return listed;
        }
        let cut = self.cut_at_breaks(&run, 0);
        let cut = if right { cut } else { cut.or_else(|| self.cut_at_breaks(&run, 1)) };
        if let Some(cut) = cut {
            return cut;
        }
        // A checksum holds by chance for one window in sixteen: what has the length of a phrase and
        // does not prove itself goes whole, and so does a list.
        if right || self.is_listed(&run) {
            return run;
        }
        let valid = self.valid_part(list, &run);
        let cut = valid.clone().filter(|part| self.may_be_sentence(&run, part));
        let cut = cut.or_else(|| valid.map_or_else(|| self.cut_off_common(&run), |_| None));
        cut.unwrap_or(run)
    }

    /// The part of a run that one sign divides, where others divide the rest, if it has the length
    /// of a phrase.
    fn cut_to_list(&self, list: List, run: &Run) -> Option<Run> {
        let signs: Vec<String> = (run.start + 1..run.end).map(|i| self.shape_before(i)).collect();
        let sign = signs.iter().max_by_key(|sign| signs.iter().filter(|s| s == sign).count())?;
        if sign == " " {
            return None;
        }
        let from = run.start + signs.iter().position(|s| s == sign)?;
        let to = run.start + 1 + signs.iter().rposition(|s| s == sign)?;
        let listed = from..to + 1;
        // The sign that divides a list may also stand before it.
        let one_more = LENGTHS.contains(&(listed.len() - 1));
        let parts = [Some(listed.clone()), one_more.then_some(from + 1..to + 1)];
        let known =
            |index: &usize| self.words.get(*index).is_some_and(|w| list.number(w).is_some());
        let is_whole = |part: &Run| {
            let mut words = part.clone();
            words.all(|index| known(&index) || self.is_slip(index))
                && LENGTHS.contains(&part.clone().filter(known).count())
        };
        parts.into_iter().flatten().find(is_whole)
    }

    /// A run without the common words behind it, if the rest has the length of a phrase.
    fn cut_off_common(&self, run: &Run) -> Option<Run> {
        let common = |index: &usize| Self::is_common(List::Full(ENGLISH), self.text(*index));
        let parts = (1..=STRAY_WORDS_MAX).map(|n| run.start..run.end.saturating_sub(n));
        let ends_common = |part: &Run| {
            let rest = part.end..run.end;
            rest.clone().filter(common).count() * 2 > rest.len()
        };
        parts.filter(ends_common).find(|part| LENGTHS.contains(&part.len()))
    }

    /// The longest part with a right checksum that leaves few words over.
    pub(super) fn valid_part(&mut self, list: List, run: &Run) -> Option<Run> {
        for length in LENGTHS.into_iter().filter(|length| *length <= run.len()) {
            for start in run.start..=run.end - length {
                let window = start..start + length;
                let stray = (window.start - run.start).max(run.end - window.end);
                if stray <= STRAY_WORDS_MAX && self.valid_at(list, &window) {
                    return Some(window);
                }
            }
        }
        None
    }

    /// The part of a run between signs that occur once in it, if it then has the length of a phrase
    /// of which `missing` words are missing.
    pub(super) fn cut_at_breaks(&self, run: &Run, missing: usize) -> Option<Run> {
        let signs: Vec<String> =
            (run.start + 1..run.end).map(|index| self.signs_before(index)).collect();
        let is_break = |index: usize| {
            let own = signs.get(index - run.start - 1);
            own.is_some_and(|own| {
                own.contains([
                    '.', ':', '。', '(', ')', '!', '?', '\n', ',', '"', '“', '<', '-', '=', ';',
                ]) && signs.iter().filter(|other| *other == own).count() == 1
            })
        };
        let fronts = (run.start..=(run.start + BROKEN_OFF_MAX).min(run.end))
            .filter(|i| *i == run.start || is_break(*i));
        let backs = |from: usize| {
            let first = run.end.saturating_sub(BROKEN_OFF_MAX).max(from + 1);
            (first..=run.end).rev().filter(|i| *i == run.end || is_break(*i))
        };
        fronts
            .flat_map(|start| backs(start).map(move |end| start..end))
            .find(|part| *part != *run && LENGTHS.contains(&(part.len() + missing)))
    }

    /// The text between a word and the one before it; empty before the first word.
    fn gap_before(&self, index: usize) -> &str {
        let before = index.checked_sub(1).and_then(|i| self.words.get(i));
        let gap = before.zip(self.words.get(index)).map(|(a, b)| a.range.end..b.range.start);
        gap.and_then(|gap| self.bare.get(gap)).unwrap_or_default()
    }

    /// The signs between a word and the one before it: line ends, no spaces, no digits.
    pub(super) fn signs_before(&self, index: usize) -> String {
        let is_sign = |c: &char| !c.is_ascii_digit() && (*c == '\n' || !c.is_whitespace());
        self.gap_before(index).chars().filter(is_sign).collect()
    }

    /// What stands between a word and the one before it, digits left out and spaces joined.
    fn shape_before(&self, index: usize) -> String {
        let mut shape = String::new();
        for c in self.gap_before(index).chars().filter(|c| !c.is_ascii_digit()) {
            if c != ' ' || !shape.ends_with(' ') {
                shape.push(c);
            }
        }
        shape
    }

    /// Returns true if and only if the words of `run` outside `part` can belong to a sentence: words
    /// go on beyond them with nothing but a space, and they have no number.
    fn may_be_sentence(&self, run: &Run, part: &Run) -> bool {
        let goes_on = |index: usize| {
            self.words.get(index).is_some_and(|w| w.joined && !w.numbered)
                && self.signs_before(index).is_empty()
        };
        let front =
            part.start == run.start || (run.start > 0 && goes_on(run.start) && goes_on(part.start));
        let back = part.end == run.end || (goes_on(run.end) && goes_on(part.end));
        front && back
    }
}
