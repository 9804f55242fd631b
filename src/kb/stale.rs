//! Translation staleness: how far a source article has moved since its translation was accepted.
//!
//! In: fingerprints of the source's blocks at that time (`kb/translations.lock`) and the source as
//! it is now. Out: a [`Grade`] on Kitsune's scale. A fingerprint keeps a hash of a block's facts
//! (numbers, codes, negations) and a 64-bit simhash of its character trigrams (Charikar 2002), so
//! that a corrected typo can be told from a changed step without keeping the old text.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

use super::article::Article;
use super::markdown::{Block, BlockKind};

/// How outdated a translation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// The source has not changed.
    Current,
    /// The source was corrected in ways that do not touch its meaning.
    Typo,
    /// Sentences changed; the translation still works.
    Medium,
    /// A step, a number or a table row changed: readers are warned.
    Major,
}

impl Grade {
    /// The name used in JSON and templates.
    pub fn code(self) -> &'static str {
        match self {
            Grade::Current => "current",
            Grade::Typo => "typo",
            Grade::Medium => "medium",
            Grade::Major => "major",
        }
    }
}

/// Bits of the simhash that may differ for two versions of one block to count as a small
/// correction. One changed letter in a sentence of 60 moves about 3 bits, one replaced word about 8.
const TYPO_BITS_MAX: u32 = 6;
/// Bits that may differ for two blocks to be versions of each other at all; unrelated texts differ
/// in about 32 of 64.
const SAME_BLOCK_BITS_MAX: u32 = 20;

/// What is kept of a block of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    kind: char,
    facts: u32,
    simhash: u64,
}

impl Fingerprint {
    /// The fingerprint of a block.
    pub fn of(block: &Block) -> Self {
        let kind = match block.kind {
            BlockKind::Heading => 'h',
            BlockKind::Paragraph => 'p',
            BlockKind::Item => 'i',
            BlockKind::Row => 'r',
            BlockKind::Code => 'c',
        };
        Fingerprint { kind, facts: facts(&block.text), simhash: simhash(&block.text) }
    }

    fn distance(&self, other: &Fingerprint) -> u32 {
        (self.simhash ^ other.simhash).count_ones()
    }

    /// Returns true if and only if a reader follows this block literally.
    fn is_step(&self) -> bool {
        matches!(self.kind, 'i' | 'r' | 'c')
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:08x}:{:016x}", self.kind, self.facts, self.simhash)
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a block fingerprint");
        let mut parts = text.split(':');
        let kind = parts.next().and_then(|k| k.chars().next()).ok_or_else(bad)?;
        let facts = parts.next().and_then(|p| u32::from_str_radix(p, 16).ok()).ok_or_else(bad)?;
        let simhash = parts.next().and_then(|p| u64::from_str_radix(p, 16).ok()).ok_or_else(bad)?;
        Ok(Fingerprint { kind, facts, simhash })
    }
}

/// Numbers, codes and negations: what must not change unseen.
fn facts(text: &str) -> u32 {
    let mut facts: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '%' | '-'))
        .map(|word| word.trim_matches(['.', '-']).to_ascii_lowercase())
        .filter(|word| {
            word.bytes().any(|b| b.is_ascii_digit()) || matches!(&**word, "not" | "never" | "no")
        })
        .collect();
    facts.extend(text.chars().filter(|c| "不没勿无未".contains(*c)).map(String::from));
    facts.sort();
    facts.iter().fold(FNV_BASIS, |hash, fact| fnv(fnv(hash, fact.bytes()), [0])) as u32
}

fn simhash(text: &str) -> u64 {
    let chars: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut votes = [0_i32; 64];
    let windows = chars.windows(3.min(chars.len().max(1)));
    for window in windows {
        let hash = fnv(FNV_BASIS, window.iter().collect::<String>().bytes());
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    votes.iter().enumerate().fold(0, |hash, (bit, vote)| hash | u64::from(*vote > 0) << bit)
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a with a final mix; written out since the value is kept in a file and must never change.
fn fnv(hash: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    let hash =
        bytes.into_iter().fold(hash, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// What a translation was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The language of the source.
    pub source: String,
    /// Fingerprints of its blocks at that time.
    pub blocks: Vec<String>,
}

/// All translations, by article id.
pub type Translations = BTreeMap<String, Accepted>;

/// The fingerprints of an article: title and summary first, then its body.
pub fn fingerprints(article: &Article) -> Vec<Fingerprint> {
    let head = [&article.meta.title, &article.meta.summary];
    let head = head.map(|t| Block { kind: BlockKind::Paragraph, text: t.clone(), line: 0 });
    head.iter().chain(&article.body.blocks).map(Fingerprint::of).collect()
}

/// Records that the translation of `source` is up to date.
pub fn accept(source: &Article) -> Accepted {
    let blocks = fingerprints(source).iter().map(Fingerprint::to_string).collect();
    Accepted { source: source.lang.code().to_owned(), blocks }
}

/// The language in which an accepted translation's source is written.
pub fn source_lang(accepted: &Accepted) -> Lang {
    accepted.source.parse().unwrap_or(Lang::En)
}

/// How far `now`, the source today, has moved from what was accepted.
pub fn grade(accepted: &Accepted, now: &Article) -> Grade {
    let old: Vec<Fingerprint> = accepted.blocks.iter().filter_map(|b| b.parse().ok()).collect();
    compare(&old, &fingerprints(now))
}

fn compare(old: &[Fingerprint], new: &[Fingerprint]) -> Grade {
    let mut unmatched: Vec<&Fingerprint> = new.iter().collect();
    let mut changed: Vec<&Fingerprint> = Vec::new();
    for block in old {
        match unmatched.iter().position(|b| *b == block) {
            Some(at) => drop(unmatched.remove(at)),
            None => changed.push(block),
        }
    }
    let mut worst = Grade::Current;
    for block in changed {
        let nearest = unmatched
            .iter()
            .enumerate()
            .filter(|(_, b)| b.kind == block.kind)
            .map(|(at, b)| (block.distance(b), at))
            .min()
            .filter(|(bits, _)| *bits <= SAME_BLOCK_BITS_MAX);
        worst = worst.max(match nearest {
            Some((bits, at)) => edit_grade(block, unmatched.remove(at), bits),
            None if block.is_step() => Grade::Major,
            None => Grade::Medium,
        });
    }
    for block in unmatched {
        worst = worst.max(if block.is_step() { Grade::Major } else { Grade::Medium });
    }
    worst
}

fn edit_grade(old: &Fingerprint, new: &Fingerprint, bits: u32) -> Grade {
    if old.facts != new.facts {
        Grade::Major
    } else if bits <= TYPO_BITS_MAX {
        Grade::Typo
    } else if old.is_step() {
        Grade::Major
    } else {
        Grade::Medium
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &[(BlockKind, &str)], new: &[(BlockKind, &str)], expected: Grade) {
        let prints = |blocks: &[(BlockKind, &str)]| -> Vec<Fingerprint> {
            blocks
                .iter()
                .map(|(kind, text)| Block { kind: *kind, text: (*text).into(), line: 1 })
                .map(|b| Fingerprint::of(&b).to_string().parse().unwrap())
                .collect()
        };
        assert_eq!(compare(&prints(old), &prints(new)), expected, "{old:?} → {new:?}");
    }

    #[test]
    fn tells_a_typo_from_a_changed_step() {
        use BlockKind::{Item, Paragraph};
        let step = (Item, "Open Activity, tap the pending transaction and choose Speed up.");
        check(&[step], &[step], Grade::Current);
        let typo = (Item, "Open Activity, tap the pendng transaction and choose Speed up.");
        check(&[typo], &[step], Grade::Typo);
        let other = (Item, "Open Me, choose Help and Support, then send us the transaction hash.");
        check(&[step], &[other], Grade::Major);
        check(&[step], &[step, other], Grade::Major);
        let wait = (Paragraph, "A refund takes 5 to 10 business days after it is approved.");
        let longer = (Paragraph, "A refund takes 5 to 15 business days after it is approved.");
        check(&[wait], &[longer], Grade::Major);
        let more = (Paragraph, "Most people see the money on their statement sooner than that.");
        check(&[wait], &[wait, more], Grade::Medium);
    }
}
