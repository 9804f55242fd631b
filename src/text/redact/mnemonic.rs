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
use super::phrase_score::{Segment, pieces, segments};
use super::view::View;
use super::wordlist::{self, ENGLISH, LANGUAGES, NONE};
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
/// Fewer list words than this among so many are no phrase, nor the most of one.
const KNOWN_WORDS_MIN: usize = 8;
const NEAR_WORDS: usize = 30;
/// Words in the shortest stretch that is judged.
const PHRASE_PART_MIN: usize = 8;
/// List words of a sentence that a break can divide from the phrase behind or before it.
const BROKEN_OFF_MAX: usize = 6;
/// List words beside a valid phrase that are taken for a part of it: prose rarely puts more than
/// three in a row.
const STRAY_WORDS_MAX: usize = 3;

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

struct Search<'a> {
    view: &'a View,
    bare: &'a str,
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

    /// What the rules above have left: phrases in pieces, with slips, with something between the
    /// words.
    fn segments(&self, found: &mut Vec<Finding>) {
        let (segments, classes) = segments(self.bare, self.words);
        for segment in segments {
            let span = self.bytes(&segment.run);
            let numbered =
                segment.run.clone().filter(|i| self.words.get(*i).is_some_and(|w| w.numbered));
            let ordered = numbered.count() * 3 >= segment.listed * 2;
            if !segment.is_phrase(ordered || self.keywords.are_near(&span)) {
                continue;
            }
            let taken: Vec<Range<usize>> = found.iter().map(|f| f.range.clone()).collect();
            let is_free = |index: &usize| {
                let at = self.words.get(*index).map_or(0, |word| word.range.start);
                !taken.iter().any(|range| range.contains(&at))
            };
            let left = segment.run.clone().filter(is_free).count();
            // What little is left beside a phrase that was found belongs to its sentence.
            if left * 4 <= segment.run.len() {
                continue;
            }
            for piece in pieces(&segment, &classes) {
                let parts = free_parts(self.reaching(piece, &segment), is_free);
                found.extend(parts.into_iter().map(|p| self.finding(List::Full(ENGLISH), p)));
            }
        }
    }

    /// A piece with the list words beside it, if the segment is a word or two short: a phrase may
    /// begin and end with a common word.
    fn reaching(&self, piece: Run, segment: &Segment) -> Run {
        let mut piece = piece;
        let mut missing =
            LENGTHS.iter().rev().find(|n| **n >= segment.listed).map_or(0, |n| n - segment.listed);
        let known = |index: usize| {
            self.words.get(index).is_some_and(|w| List::Full(ENGLISH).number(w).is_some())
        };
        let joined = |index: usize| self.words.get(index).is_some_and(|w| w.joined);
        while missing > 0
            && piece.end == segment.run.end
            && joined(piece.end)
            && known(piece.end)
            && piece.end < segment.run.end + 2
        {
            piece.end += 1;
            missing -= 1;
        }
        piece
    }

    /// Phrases whose parts stand apart: "the first six are … and the others …".
    fn parts(&mut self, list: List, runs: &[Run], found: &mut Vec<Finding>) {
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
        self.keywords.are_near(&self.bytes(&span)) || self.is_valid(&numbers)
    }

    fn is_bridge(&self, left: &Run, right: &Run) -> bool {
        let range = self.bytes(&(left.end - 1..left.end)).end..self.bytes(right).start;
        let between = self.bare.get(range).unwrap_or_default();
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
        evidence.keyword = evidence.exact >= 8 && self.keywords.are_near(&self.bytes(&span));
        evidence.alone = evidence.exact >= 8 && self.is_alone(&self.bytes(&span));
        evidence.listed = evidence.exact >= 8 && self.is_listed(&span);
        evidence
    }

    /// Returns true if and only if the words are divided by one sign that is no space: a list.
    fn is_listed(&self, span: &Run) -> bool {
        let signs: Vec<String> = (span.start + 1..span.end).map(|i| self.signs_before(i)).collect();
        let Some(first) = signs.iter().find(|s| !s.is_empty()) else { return false };
        signs.iter().filter(|s| *s == first).count() * 5 >= signs.len() * 4
    }

    /// Returns true if and only if nothing else stands on the lines of a range.
    fn is_alone(&self, range: &Range<usize>) -> bool {
        let text = self.bare;
        let line =
            |part: &str| part.chars().take_while(|c| *c != '\n').all(|c| !c.is_alphanumeric());
        let before: String =
            text.get(..range.start).unwrap_or_default().chars().rev().take(80).collect();
        line(&before) && line(text.get(range.end..).unwrap_or_default())
    }

    /// Leaves out list words of the sentence around a phrase: those behind a break that the phrase
    /// itself does not have, or those that a checksum tells apart.
    fn trimmed(&mut self, list: List, run: Run) -> Run {
        if run.len() > CHECKED_WORDS_MAX {
            return run;
        }
        let right = LENGTHS.contains(&run.len());
        if right && self.valid_at(list, &run) {
            return run;
        }
        let cut = self.cut_at_breaks(&run, 0);
        let cut = if right { cut } else { cut.or_else(|| self.cut_at_breaks(&run, 1)) };
        if let Some(cut) = cut {
            return cut;
        }
        self.valid_part(list, &run).filter(|part| self.may_be_sentence(&run, part)).unwrap_or(run)
    }

    /// The longest part with a right checksum that leaves few words over.
    fn valid_part(&mut self, list: List, run: &Run) -> Option<Run> {
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
    fn cut_at_breaks(&self, run: &Run, missing: usize) -> Option<Run> {
        let signs: Vec<String> =
            (run.start + 1..run.end).map(|index| self.signs_before(index)).collect();
        let is_break = |index: usize| {
            let own = signs.get(index - run.start - 1);
            own.is_some_and(|own| {
                own.contains(['.', ':', '。', '(', ')', '!', '?', '\n', ',', '"', '“', '<', '-'])
                    && signs.iter().filter(|other| *other == own).count() == 1
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

    /// What stands between a word and the one before it: spaces as one, digits left out.
    fn signs_before(&self, index: usize) -> String {
        let Some(from) = index.checked_sub(1).and_then(|i| self.words.get(i)) else {
            return String::new();
        };
        let to = self.words.get(index).map_or(from.range.end, |w| w.range.start);
        let gap = self.bare.get(from.range.end..to).unwrap_or_default();
        let mut signs = String::new();
        for c in gap.chars().filter(|c| !c.is_ascii_digit()) {
            match c {
                '\n' => signs.push(c),
                c if c.is_whitespace() => {}
                c => signs.push(c),
            }
        }
        signs
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
        word.and_then(|w| self.bare.get(w.range.clone())).unwrap_or_default()
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
