//! Recovery phrases in Chinese characters, simplified or traditional.
//!
//! In: the view. Out: findings of kind mnemonic. Nearly every Han character of ordinary text is in
//! the list, so being in it says nothing. Three things tell: characters that stand alone, the
//! checksum, and rarity: the list goes by falling frequency, so the numbers of random characters
//! average 1,024, those of sentences about 340.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::checksum::is_phrase;
use super::context::{char_at, char_before};
use super::hanzi::{Hanzi, all_hanzi, average, bytes, is_even, is_line};
use super::mnemonic::{LENGTHS, numbering_start};
use super::phrase_keywords::Keywords;
use super::view::View;
use super::wordlist::is_pair;
use super::{Finding, SecretKind};

/// The shortest phrase.
const LENGTH_MIN: usize = 12;
/// Characters without which there is no phrase, nor the most of one.
pub(super) const HAN_MIN: usize = 10;
/// Characters in one piece from which a text is neither a sentence nor a phrase: not searched at
/// every place, so that hostile text costs no more than others.
const PIECE_MAX: usize = 48;
/// Closer looks at one chain of characters.
const LOOKS_MAX: usize = 20_000;
/// Average number from which separated characters are a phrase without a checksum: one random
/// phrase of twelve in 3,000 stays below.
const RARE_SINGLE: usize = 450;
/// The same for characters that touch each other at any place of a sentence: of stretches of twelve
/// in ordinary text, 99.9 % stay below 820.
const RARE_ANYWHERE: usize = 860;

/// Characters apart that are the most of a phrase whose ends touch the sentence around it.
const REACHING_MIN: usize = 9;
/// A random phrase hardly ever repeats two characters; somebody who cries repeats one (急 急 急).
const DIFFERENT_MIN: usize = 5;

/// How far below the average of random characters (1,024) a phrase of some length may lie, in
/// tenths of the standard deviation (591 by the square root of the length).
#[derive(Clone, Copy)]
enum Slack {
    /// Announced and in order: one phrase in 2,000 lies lower.
    Announced = 38,
    /// Fills its lines.
    Line = 30,
    /// Between signs: one phrase in 100 lies lower, 1 % of ordinary stretches lie higher.
    Bordered = 23,
    /// Announced, with a wrong checksum.
    Unchecked = 18,
}

/// What the words hold that lead to a phrase.
const NAMES: [&str; 6] = ["助记", "种子", "短语", "恢复", "备份", "单词"];

/// What is asked of a stretch of characters that touch each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Signs on both sides and a right checksum.
    Checked,
    /// Signs on both sides and words that announce it, or lines of its own.
    Announced,
    /// The word that announces it touches it, or leads to it with 是.
    Led,
    /// A right checksum inside a sentence.
    Inner,
}

/// The lowest average number of a phrase of `length` characters.
fn rare_limit(length: usize, slack: Slack) -> usize {
    let deviation = match length {
        24.. => 121,
        21.. => 129,
        18.. => 139,
        15.. => 153,
        _ => 171,
    };
    1024 - deviation * slack as usize / 10
}

/// Finds recovery phrases in Chinese characters; `bare` is the text of the view without markup.
pub(super) fn find(view: &View, bare: &str, keywords: &Keywords<'_>, found: &mut Vec<Finding>) {
    let hanzi = all_hanzi(view.text(), bare);
    let keys = view.keys().as_bytes();
    let named = NAMES.iter().any(|name| memchr::memmem::find(keys, name.as_bytes()).is_some());
    for chain in hanzi.chunk_by(|_, next| next.joined) {
        if chain.len() < HAN_MIN {
            continue;
        }
        let taken = single(view, keywords, chain, found);
        let mut from = 0;
        for range in taken.into_iter().chain([chain.len()..chain.len()]) {
            let between = chain.get(from..range.start).unwrap_or_default();
            let search = Search::new(view, keywords, between, named);
            search.glued(found);
            from = range.end;
        }
    }
}

/// Finds characters that stand alone, one after the other; answers the ranges of `chain` taken.
fn single(
    view: &View,
    keywords: &Keywords<'_>,
    chain: &[Hanzi],
    found: &mut Vec<Finding>,
) -> Vec<Range<usize>> {
    let mut taken = Vec::new();
    let mut start = 0;
    for group in chain.chunk_by(|a, b| is_single(a) == is_single(b)) {
        let range = start..start + group.len();
        start = range.end;
        // The first and the last character may touch the sentence around the phrase.
        let reach = if group.first().is_some_and(is_single) {
            reached(view.text(), chain, range)
        } else {
            0..0
        };
        let part = chain.get(reach.clone()).unwrap_or_default();
        if is_single_phrase(keywords, part) {
            found.push(finding(view, part));
            taken.push(reach);
        }
    }
    taken
}

fn is_single(hanzi: &Hanzi) -> bool {
    hanzi.opens && hanzi.closes
}

fn reached(text: &str, chain: &[Hanzi], range: Range<usize>) -> Range<usize> {
    let missing = |range: &Range<usize>| !LENGTHS.contains(&range.len());
    let (from, to) = (range.start, range.end);
    let mut range = range;
    let gap = |right: usize| {
        let (a, b) = (chain.get(right.checked_sub(1)?)?, chain.get(right)?);
        text.get(a.end..b.at)
    };
    // What divides the phrase also divides its ends from the rest of it.
    let inner = gap(range.start + 1);
    let next_opens = chain.get(range.end).is_some_and(|h| h.opens && h.number.is_some());
    let last_closes = range.start.checked_sub(1).and_then(|i| chain.get(i));
    let last_closes = last_closes.is_some_and(|h| h.closes && h.number.is_some());
    for same in [true, false] {
        let fits = |at: usize| (gap(at) == inner) == same;
        let long = |range: &Range<usize>| missing(range) && range.len() >= REACHING_MIN;
        if long(&range) && last_closes && fits(range.start) && range.start == from {
            range.start -= 1;
        }
        if long(&range) && next_opens && fits(range.end) && range.end == to {
            range.end += 1;
        }
    }
    range
}

fn is_single_phrase(keywords: &Keywords<'_>, part: &[Hanzi]) -> bool {
    let known = part.iter().filter(|h| h.number.is_some()).count();
    // One of twelve may be missing or written with another character.
    if part.len() < 11 || (part.len() - known) * 11 > part.len() {
        return false;
    }
    let rare = average(part);
    let numbers: Vec<u16> = part.iter().filter_map(|h| h.number).collect();
    let different: BTreeSet<u16> = numbers.iter().copied().collect();
    if different.len() < DIFFERENT_MIN && !is_phrase(&numbers) {
        return false;
    }
    rare >= RARE_SINGLE || is_phrase(&numbers) || keywords.are_near(&bytes(part))
}

struct Search<'a> {
    view: &'a View,
    keywords: &'a Keywords<'a>,
    chain: &'a [Hanzi],
    /// Whether the text holds a word that leads to phrases.
    named: bool,
    /// Sum of the numbers, and count of the characters with one, before each place.
    sums: Vec<(usize, usize)>,
    /// Where the piece without gaps begins to which each character belongs.
    pieces: Vec<usize>,
    /// Closer looks that are left, so that hostile text costs no more than others.
    looks: Cell<usize>,
}

impl<'a> Search<'a> {
    fn new(view: &'a View, keywords: &'a Keywords<'a>, chain: &'a [Hanzi], named: bool) -> Self {
        let mut sums = vec![(0, 0)];
        let mut pieces: Vec<usize> = Vec::with_capacity(chain.len());
        let (mut sum, mut known) = (0, 0);
        for (index, hanzi) in chain.iter().enumerate() {
            sum += hanzi.number.map_or(0, usize::from);
            known += usize::from(hanzi.number.is_some());
            sums.push((sum, known));
            let touches = index > 0 && chain.get(index - 1).is_some_and(|h| h.end == hanzi.at);
            let piece = pieces.last().copied().filter(|_| touches).unwrap_or(index);
            pieces.push(piece);
        }
        Search { view, keywords, chain, named, sums, pieces, looks: Cell::new(LOOKS_MAX) }
    }

    fn may_look(&self) -> bool {
        let left = self.looks.get();
        self.looks.set(left.saturating_sub(1));
        left > 0
    }

    /// The average number of a stretch; 0 if a character of it is not in the list.
    fn average_of(&self, stretch: &Range<usize>) -> usize {
        let known = |index: usize| self.sums.get(index).map_or(0, |(_, known)| *known);
        let is_known = known(stretch.end) - known(stretch.start) == stretch.len();
        if is_known { self.average_known(stretch.start, stretch.len()) } else { 0 }
    }

    /// The average number of the characters of a stretch that are in the list: below a limit none
    /// passes, and the closer look is costly.
    fn average_known(&self, start: usize, length: usize) -> usize {
        let at = |index: usize| self.sums.get(index).copied().unwrap_or_default();
        let ((from, before), (to, behind)) = (at(start), at(start + length));
        (to - from) / (behind - before).max(1)
    }

    /// Finds phrases whose characters touch each other, in one piece or in even groups: first those
    /// that prove themselves, since a checksum holds by chance for one stretch in sixteen.
    fn glued(&self, found: &mut Vec<Finding>) {
        let mut open = vec![0..self.chain.len()];
        let led = Some(Proof::Led).filter(|_| self.named);
        let proofs = [Proof::Checked, Proof::Announced].into_iter().chain(led);
        for proof in proofs.chain([Proof::Inner]) {
            let mut left = Vec::new();
            for range in open {
                let mut from = range.start;
                for taken in self.stretches(range.clone(), proof) {
                    left.push(from..taken.start);
                    from = taken.end;
                    let part = self.chain.get(taken).unwrap_or_default();
                    found.push(finding(self.view, part));
                }
                left.push(from..range.end);
            }
            open = left;
        }
    }

    fn stretches(&self, range: Range<usize>, proof: Proof) -> Vec<Range<usize>> {
        let mut taken = Vec::new();
        let mut start = range.start;
        while start + LENGTH_MIN <= range.end + usize::from(proof == Proof::Announced) {
            if !self.may_begin(start, proof) {
                start += 1;
                continue;
            }
            let fits = |length: &usize| {
                start + length <= range.end && self.is_phrase_at(start, *length, proof)
            };
            // One character may be missing where words announce the phrase.
            let damaged = LENGTHS.iter().map(|n| n - 1).filter(|_| proof == Proof::Announced);
            let length = LENGTHS.into_iter().chain(damaged).find(fits);
            let Some(length) = length else {
                start += 1;
                continue;
            };
            let free = taken.last().map_or(range.start, |last: &Range<usize>| last.end);
            let whole = self.widened(start..start + length, free..range.end);
            start = whole.end;
            taken.push(whole);
        }
        taken
    }

    /// A longer stretch around one that was found, if it is announced and in order: a checksum holds
    /// by chance for a part of a phrase that has a wrong one.
    fn widened(&self, stretch: Range<usize>, within: Range<usize>) -> Range<usize> {
        let longer = LENGTHS.into_iter().flat_map(|length| [length, length - 1]);
        let longer = longer.take_while(|length| *length > stretch.len());
        let around = |length: usize| {
            let first = stretch.end.saturating_sub(length).max(within.start);
            let last = stretch.start.min(within.end.saturating_sub(length));
            (first..=last).map(move |start| start..start + length)
        };
        let is_whole =
            |wide: &Range<usize>| self.is_phrase_at(wide.start, wide.len(), Proof::Announced);
        longer.flat_map(around).find(is_whole).unwrap_or(stretch)
    }

    /// Returns false for most places where no phrase of any length begins.
    fn may_begin(&self, start: usize, proof: Proof) -> bool {
        let opens = || self.chain.get(start).is_some_and(|h| h.opens) || self.is_linked(start);
        match proof {
            // In one piece up to the shortest length.
            Proof::Inner => {
                self.pieces.get(start + LENGTH_MIN - 1).is_some_and(|piece| *piece <= start)
            }
            Proof::Led => {
                let at = self.chain.get(start).map_or(0, |h| h.at);
                self.keywords.lead_to(&(at..at)) && !self.keywords.cover(at)
            }
            _ => opens(),
        }
    }

    fn is_phrase_at(&self, start: usize, length: usize, proof: Proof) -> bool {
        let is_rare = self.average_known(start, length) >= rare_limit(length, Slack::Announced);
        let Some(part) = self.chain.get(start..start + length).filter(|_| is_rare) else {
            return false;
        };
        // The word that announces a phrase is no part of it.
        let own = || !part.iter().any(|hanzi| self.keywords.cover(hanzi.at));
        let opens = part.first().is_some_and(|h| h.opens) || self.is_linked(start);
        let closes = part.last().is_some_and(|h| h.closes) || self.is_left(start + length - 1);
        let bordered = opens && closes;
        match proof {
            Proof::Inner => !bordered && self.is_inner_phrase(start, part) && own(),
            Proof::Led => self.is_led_phrase(start, part) && own(),
            _ => bordered && self.is_bordered_phrase(part, proof) && own(),
        }
    }

    /// Returns true if and only if a word of the sentence leads to a character (是, 把).
    fn is_linked(&self, start: usize) -> bool {
        let at = self.chain.get(start).map_or(0, |h| h.at);
        matches!(char_before(self.view.keys(), at), Some('是' | '为' | '把' | '将' | '输'))
    }

    /// Returns true if and only if a sentence goes on behind a character (…发给客服了).
    fn is_left(&self, last: usize) -> bool {
        let end = self.chain.get(last).map_or(0, |h| h.end);
        matches!(
            char_at(self.view.keys(), end),
            Some('发' | '给' | '导' | '提' | '输' | '这' | '怎')
        )
    }

    /// A stretch with signs on both sides.
    fn is_bordered_phrase(&self, part: &[Hanzi], proof: Proof) -> bool {
        let rare = average(part);
        if !self.may_look() {
            return false;
        }
        let above = |slack| rare >= rare_limit(part.len(), slack);
        let announced = self.keywords.are_near(&bytes(part));
        let numbers: Vec<u16> = part.iter().filter_map(|h| h.number).collect();
        let holes = part.len() - numbers.len() + usize::from(!LENGTHS.contains(&part.len()));
        if holes > usize::from(announced && self.keywords.lead_to(&bytes(part))) {
            return false;
        }
        if !is_even(self.view.text(), part, announced) {
            return false;
        }
        let line = is_line(self.view.text(), &bytes(part));
        let gaps = part.windows(2).filter(|p| matches!(p, [a, b] if a.end != b.at)).count();
        let checked = match (announced || (line && gaps >= 3), line) {
            (true, _) => above(Slack::Announced),
            (_, true) => above(Slack::Line),
            _ => above(Slack::Bordered),
        };
        let proved = match proof {
            Proof::Checked => checked && holes == 0 && is_phrase(&numbers),
            _ => {
                (announced && above(Slack::Unchecked))
                    || (line && holes == 0 && rare >= RARE_ANYWHERE)
            }
        };
        proved && !is_sentence(self.view, part, announced)
    }

    /// A stretch right behind the word that announces it, whatever stands behind: characters of a
    /// sentence would make it too ordinary.
    fn is_led_phrase(&self, start: usize, part: &[Hanzi]) -> bool {
        let last = self.pieces.get(start + part.len() - 1).copied();
        last.is_some_and(|piece| piece <= start)
            && self.average_of(&(start..start + part.len()))
                >= rare_limit(part.len(), Slack::Unchecked)
            && self.may_look()
            && !is_sentence(self.view, part, true)
    }

    /// A stretch that touches the sentence around it.
    fn is_inner_phrase(&self, start: usize, part: &[Hanzi]) -> bool {
        let last = self.pieces.get(start + part.len() - 1).copied();
        let one_piece = last.is_some_and(|piece| piece <= start);
        let rare = self.average_of(&(start..start + part.len()));
        if !one_piece || rare < rare_limit(part.len(), Slack::Bordered) {
            return false;
        }
        let announced = self.keywords.are_near(&bytes(part));
        if !announced && (rare < RARE_ANYWHERE || self.piece_len(start) > PIECE_MAX) {
            return false;
        }
        // Words come again in a sentence, characters hardly ever in a phrase.
        let again = part.iter().enumerate().filter(|(i, h)| {
            part.get(..*i).unwrap_or_default().iter().any(|other| other.number == h.number)
        });
        if again.count() > 1 {
            return false;
        }
        known_numbers(part).is_some_and(|numbers| is_phrase(&numbers))
            && !is_sentence(self.view, part, announced)
    }

    /// Characters that touch each other around the one at `index`, counted up to the limit.
    fn piece_len(&self, index: usize) -> usize {
        let (front, back) = self.chain.split_at_checked(index).unwrap_or_default();
        let before = front.iter().rev().take(PIECE_MAX).take_while(|h| !h.closes).count();
        let behind = back.iter().take(PIECE_MAX).take_while(|h| !h.closes).count();
        before + behind + 1
    }
}

/// Returns true if and only if so many neighbours are words of the language that a sentence is far
/// likelier. Of random pairs from the list 2 % are words: three words in twelve characters happen to
/// one phrase in 2,000, four (asked for where words announce a phrase) to one in 60,000. Sentences
/// have three to six.
fn is_sentence(view: &View, part: &[Hanzi], announced: bool) -> bool {
    let simple = |hanzi: &Hanzi| view.keys().get(hanzi.at..hanzi.end)?.chars().next();
    let chars: Vec<Option<char>> = part.iter().map(simple).collect();
    let (mut words, mut at) = (0, 0);
    while let Some([left, right]) = chars.get(at..at + 2) {
        let is_word = left.zip(*right).is_some_and(|(left, right)| is_pair(left, right));
        words += usize::from(is_word);
        at += if is_word { 2 } else { 1 };
    }
    if announced { words * 3 >= part.len() } else { words * 5 > part.len() }
}

fn known_numbers(part: &[Hanzi]) -> Option<Vec<u16>> {
    part.iter().map(|h| h.number).collect()
}

fn finding(view: &View, part: &[Hanzi]) -> Finding {
    let range = bytes(part);
    let secret: Vec<&str> =
        part.iter().map(|h| view.keys().get(h.at..h.end).unwrap_or_default()).collect();
    let start = numbering_start(view.text(), range.start);
    let words = u8::try_from(part.len()).ok();
    let found = Finding::new(SecretKind::Mnemonic, start..range.end, secret.join(" "));
    Finding { words, ..found }
}
