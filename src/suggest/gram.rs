//! Grams: what a text offers for comparison, channel by channel.
//!
//! In: an analysis and a range of its terms. Out: keyed grams. Each channel sees the text in its own
//! way (words, neighbours, spelling), has its own statistics and weight, and all are summed: words
//! alone lose 2 to 13 points of success@1 against the sum on every evaluation set that was tried.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

use crate::text::Analysis;
use crate::text::segment::{Term, TermKind};

/// A way to look at a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Stems and codes of alphabetic scripts.
    Stem,
    /// Two stems side by side, in order.
    StemPair,
    /// Three letters of an unstemmed word: a net for typos and word families.
    Trigram,
    /// Chinese words of at least two characters.
    Word,
    /// Two Han characters side by side.
    HanPair,
    /// Single Han characters.
    Char,
    /// A glossary group, whichever of its words was used.
    Bridge,
    /// A stem through which the two languages meet; see [`super::gloss`].
    Gloss,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 8] = [
        Channel::Stem,
        Channel::StemPair,
        Channel::Trigram,
        Channel::Word,
        Channel::HanPair,
        Channel::Char,
        Channel::Bridge,
        Channel::Gloss,
    ];

    /// The channel's place in tables.
    pub fn index(self) -> usize {
        self as usize
    }

    /// How much a match in this channel counts. Chosen by leaving one set out in turn over eight
    /// evaluation sets in both languages; the optimum is flat, half or double moves the mean MRR by
    /// less than .004. Bridges were set on the golden tickets of the sample knowledge base.
    pub fn weight(self) -> f32 {
        match self {
            Channel::Stem => 1.0,
            Channel::StemPair | Channel::Trigram => 0.2,
            Channel::Word => 0.4,
            Channel::HanPair => 0.5,
            Channel::Char => 0.7,
            Channel::Bridge => 0.5,
            // Alone among what the languages share by chance (names, numbers, letters), it has to
            // outweigh that: half as much loses 7 points of MRR on XQuAD, twice as much nothing.
            Channel::Gloss => 2.0,
        }
    }
}

/// One gram of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gram {
    /// Its channel.
    pub channel: Channel,
    /// Its identity: equal grams of one channel have equal keys. 64 bits keep chance collisions
    /// below one in a million for a million different grams.
    pub key: u64,
    /// The term that it comes from (the first of two), as an index into the analysis.
    pub term: usize,
}

pub(super) fn key(channel: Channel, parts: &[&str]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(channel as u8);
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}

/// The key of a single term in its own channel.
pub fn term_key(term: &Term) -> (Channel, u64) {
    let channel = match term.kind {
        TermKind::Word => Channel::Word,
        TermKind::Char => Channel::Char,
        TermKind::Stem | TermKind::Code => Channel::Stem,
    };
    (channel, key(channel, &[&term.text]))
}

/// The grams of some terms of a text, without [`trigrams`].
pub fn grams(analysis: &Analysis, range: Range<usize>) -> Vec<Gram> {
    let terms = analysis.terms.get(range.clone()).unwrap_or_default();
    let mut grams = Vec::with_capacity(terms.len() * 2);
    let mut before: Option<(usize, &Term)> = None;
    for (offset, term) in terms.iter().enumerate() {
        let at = range.start + offset;
        let (channel, own) = term_key(term);
        grams.push(Gram { channel, key: own, term: at });
        if term.kind == TermKind::Word {
            continue;
        }
        let neighbour = before.and_then(|(first, b)| Some((pair(b, term)?, first, b)));
        if let Some((channel, first, previous)) = neighbour {
            let key = key(channel, &[&previous.text, &term.text]);
            grams.push(Gram { channel, key, term: first });
        }
        before = Some((at, term));
    }
    bridges(analysis, range, &mut grams);
    grams
}

/// The channel of two terms side by side, if they are.
fn pair(first: &Term, second: &Term) -> Option<Channel> {
    if second.position != first.position + 1 {
        return None;
    }
    match (first.kind == TermKind::Char, second.kind == TermKind::Char) {
        (true, true) => Some(Channel::HanPair),
        (false, false) => Some(Channel::StemPair),
        _ => None,
    }
}

fn bridges(analysis: &Analysis, range: Range<usize>, grams: &mut Vec<Gram>) {
    if analysis.mentions.is_empty() {
        return;
    }
    let start_of = |at: usize| analysis.terms.get(at).map(|t| t.range.start);
    for at in range {
        // A mention belongs to the first term that begins where it begins.
        let Some(start) = start_of(at).filter(|s| at == 0 || start_of(at - 1) != Some(*s)) else {
            continue;
        };
        for mention in analysis.mentions.iter().filter(|m| m.range.start == start) {
            let group = mention.group.to_string();
            let key = key(Channel::Bridge, &[&group]);
            grams.push(Gram { channel: Channel::Bridge, key, term: at });
        }
    }
}

/// The letter trigrams of the alphabetic words among some terms, word borders included.
pub fn trigrams(analysis: &Analysis, range: Range<usize>) -> Vec<Gram> {
    let mut grams = Vec::new();
    for at in range {
        let Some(term) = analysis.terms.get(at) else { continue };
        if !matches!(term.kind, TermKind::Stem | TermKind::Code) {
            continue;
        }
        let written = analysis.folded.text().get(term.range.clone()).unwrap_or_default();
        let letters: Vec<char> = std::iter::once('^')
            .chain(written.chars().filter(|c| *c != '\''))
            .chain(std::iter::once('$'))
            .collect();
        for window in letters.windows(3) {
            let window: String = window.iter().collect();
            grams.push(Gram {
                channel: Channel::Trigram,
                key: key(Channel::Trigram, &[&window]),
                term: at,
            });
        }
    }
    grams
}
