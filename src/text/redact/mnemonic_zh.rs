//! Recovery phrases in Chinese characters, simplified or traditional.
//!
//! In: the view. Out: findings of kind mnemonic. Nearly every Han character of ordinary text is in
//! the list, so being in it says nothing. Three things tell: characters that stand alone, the
//! checksum, and rarity: the list goes by falling frequency, so the numbers of random characters
//! average 1,024, those of sentences about 340.

use std::ops::Range;

use super::checksum::is_phrase;
use super::context::{char_at, char_before};
use super::mnemonic::numbering_start;
use super::phrase_keywords::Keywords;
use super::view::{BARRIER, View};
use super::wordlist::han_number;
use super::{Finding, SecretKind};
use crate::text::han::is_han;

/// Lengths of recovery phrases, longest first.
const LENGTHS: [usize; 5] = [24, 21, 18, 15, 12];
/// Bytes between two characters of one phrase: a line end and a number in brackets.
const GAP_BYTES_MAX: usize = 24;
/// Checksums per text, so that hostile text costs no more than a few milliseconds.
const CHECKSUMS_MAX: usize = 20_000;
/// Average number from which characters are rarer than a sentence's. Of random phrases of twelve,
/// one in 2,000 stays below 480, one in 100 below 630, one in 20 below 745; of stretches of twelve
/// in ordinary text, 90 % stay below 507, 99 % below 697 and 99.9 % below 820.
const RARE_ALONE: usize = 450;
const RARE_LINE: usize = 520;
const RARE_BORDERED: usize = 620;
const RARE_ANYWHERE: usize = 840;
const RARE_UNCHECKED: usize = 760;
const RARE_ANNOUNCED: usize = 420;

/// A Han character of the text.
struct Hanzi {
    at: usize,
    end: usize,
    number: Option<u16>,
    /// Nothing but signs and digits stands between the character before and this one.
    joined: bool,
    /// No Han character touches it before or behind.
    opens: bool,
    closes: bool,
}

/// Finds recovery phrases in Chinese characters.
pub fn find(view: &View, keywords: &Keywords, found: &mut Vec<Finding>) {
    let hanzi = all_hanzi(view.text());
    let mut checksums = 0;
    for chain in hanzi.chunk_by(|_, next| next.joined) {
        if chain.len() < 10 {
            continue;
        }
        let taken = single(view, keywords, chain, found);
        let mut from = 0;
        for range in taken.into_iter().chain([chain.len()..chain.len()]) {
            let between = chain.get(from..range.start).unwrap_or_default();
            let mut search = Search { view, keywords, chain: between, checksums: &mut checksums };
            search.glued(found);
            from = range.end;
        }
    }
}

fn all_hanzi(text: &str) -> Vec<Hanzi> {
    let mut all: Vec<Hanzi> = Vec::new();
    let mut gap_is_plain = true;
    for (at, c) in text.char_indices() {
        if !is_han(c) {
            // Letters end a chain; digits and signs are numbering.
            gap_is_plain &= !c.is_alphabetic() && c != BARRIER;
            continue;
        }
        let last_end = all.last().map_or(0, |h| h.end);
        let touches = last_end == at && !all.is_empty();
        let joined = !all.is_empty() && gap_is_plain && at - last_end <= GAP_BYTES_MAX;
        if let Some(last) = all.last_mut() {
            last.closes = !touches;
        }
        let end = at + c.len_utf8();
        all.push(Hanzi { at, end, number: han_number(c), joined, opens: !touches, closes: true });
        gap_is_plain = true;
    }
    all
}

/// Finds characters that stand alone, one after the other; answers the ranges of `chain` taken.
fn single(
    view: &View,
    keywords: &Keywords,
    chain: &[Hanzi],
    found: &mut Vec<Finding>,
) -> Vec<Range<usize>> {
    let mut taken = Vec::new();
    let mut start = 0;
    for group in chain.chunk_by(|a, b| is_single(a) == is_single(b)) {
        let range = start..start + group.len();
        start = range.end;
        // The first and the last character may touch the sentence around the phrase.
        let reach = if group.first().is_some_and(is_single) { reached(chain, range) } else { 0..0 };
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

fn reached(chain: &[Hanzi], range: Range<usize>) -> Range<usize> {
    let missing = |range: &Range<usize>| !LENGTHS.contains(&range.len());
    let mut range = range;
    let next_opens = chain.get(range.end).is_some_and(|h| h.opens && h.number.is_some());
    if missing(&range) && range.len() >= 10 && next_opens {
        range.end += 1;
    }
    let before = range.start.checked_sub(1).and_then(|i| chain.get(i));
    if missing(&range) && range.len() >= 10 && before.is_some_and(|h| h.closes && h.number.is_some()) {
        range.start -= 1;
    }
    range
}

fn is_single_phrase(keywords: &Keywords, part: &[Hanzi]) -> bool {
    let known = part.iter().filter(|h| h.number.is_some()).count();
    // One of twelve may be missing or written with another character.
    if part.len() < 11 || (part.len() - known) * 11 > part.len() {
        return false;
    }
    let rare = average(part);
    let numbers: Vec<u16> = part.iter().filter_map(|h| h.number).collect();
    rare >= RARE_ALONE || is_phrase(&numbers) || keywords.are_near(&bytes(part))
}

struct Search<'a> {
    view: &'a View,
    keywords: &'a Keywords<'a>,
    chain: &'a [Hanzi],
    checksums: &'a mut usize,
}

impl Search<'_> {
    /// Finds phrases whose characters touch each other, in one piece or in groups.
    fn glued(&mut self, found: &mut Vec<Finding>) {
        let mut sums = vec![0_usize];
        let mut total = 0;
        for hanzi in self.chain {
            total += hanzi.number.map_or(0, usize::from);
            sums.push(total);
        }
        let mut start = 0;
        while start + 12 <= self.chain.len() {
            match LENGTHS.into_iter().find_map(|length| self.window(&sums, start, length)) {
                Some(length) => {
                    let part = self.chain.get(start..start + length).unwrap_or_default();
                    found.push(finding(self.view, part));
                    start += length;
                }
                None => start += 1,
            }
        }
    }

    fn window(&mut self, sums: &[usize], start: usize, length: usize) -> Option<usize> {
        let sum = sums.get(start + length)?.checked_sub(*sums.get(start)?)?;
        let rare = sum / length;
        if rare < RARE_ANNOUNCED {
            return None;
        }
        let part = self.chain.get(start..start + length)?;
        let numbers: Vec<u16> = part.iter().map(|h| h.number).collect::<Option<_>>()?;
        let bordered = part.first()?.opens && part.last()?.closes;
        let announced = self.keywords.are_near(&bytes(part));
        let checked_limit = match (announced, bordered) {
            (true, true) => RARE_ANNOUNCED,
            (false, true) if is_line(self.view.text(), &bytes(part)) => RARE_LINE,
            (_, true) | (true, false) => RARE_BORDERED,
            (false, false) => RARE_ANYWHERE,
        };
        let unchecked = rare >= RARE_UNCHECKED && announced;
        let unchecked = unchecked || (announced && bordered && rare >= RARE_BORDERED);
        let unchecked = unchecked || (bordered && rare >= RARE_ANYWHERE);
        (unchecked || (rare >= checked_limit && self.is_valid(&numbers))).then_some(length)
    }

    fn is_valid(&mut self, numbers: &[u16]) -> bool {
        *self.checksums += 1;
        *self.checksums <= CHECKSUMS_MAX && is_phrase(numbers)
    }
}

fn average(part: &[Hanzi]) -> usize {
    let numbers = part.iter().filter_map(|h| h.number);
    numbers.clone().map(usize::from).sum::<usize>() / numbers.count().max(1)
}

/// Returns true if and only if a range fills its lines.
fn is_line(text: &str, range: &Range<usize>) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| c == '\n' || c == '\r');
    is_end(char_before(text, range.start)) && is_end(char_at(text, range.end))
}

fn bytes(part: &[Hanzi]) -> Range<usize> {
    part.first().map_or(0, |h| h.at)..part.last().map_or(0, |h| h.end)
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
