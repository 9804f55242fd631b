//! The encoder's own normalisation: a text → the characters that its pieces are made of.
//!
//! In: a text and the character map of a sentencepiece model (a trie of byte strings with their
//! replacements; NFKC with what its authors added). Out: the normalised text with ▁ for spaces, one
//! before each word. The trie is a double array as of darts-clone (Yata, 2008): each unit holds a
//! label, a flag for a value, and the offset of its children. This is another normalisation than
//! [`crate::text`]'s fold, since a model must be fed what it was trained on.

use tantivy::directory::OwnedBytes;

/// What stands for a space.
const SPACE: &str = "▁";

/// A character map.
pub struct Charsmap {
    /// The units of the trie.
    units: Vec<u32>,
    /// Replacements, each ended by a zero byte.
    replacements: OwnedBytes,
}

impl Charsmap {
    /// Reads the map: the length of the trie in bytes, the trie, the replacements.
    pub fn read(bytes: &OwnedBytes) -> Option<Charsmap> {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (units, _) = rest.get(..length)?.as_chunks::<4>();
        let units = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Some(Charsmap { units, replacements: bytes.slice(length + 4..bytes.len()) })
    }

    /// Normalises a text. Spaces at the ends go, several in a row become one.
    pub fn normalise(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 4 + SPACE.len());
        let mut after_space = true;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (replacement, length) = match self.longest(rest.as_bytes()) {
                Some((replacement, length)) => (replacement, length),
                None => (rest.get(..first.len_utf8()).unwrap_or_default(), first.len_utf8()),
            };
            for c in replacement.chars() {
                if c == ' ' {
                    after_space = true;
                    continue;
                }
                if after_space {
                    out.push_str(SPACE);
                    after_space = false;
                }
                out.push(c);
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        out
    }

    /// The replacement of the longest key at the start of `text`, and the length of the key.
    fn longest(&self, text: &[u8]) -> Option<(&str, usize)> {
        let mut node = offset(*self.units.first()?);
        let mut found = None;
        for (at, byte) in text.iter().enumerate() {
            node ^= usize::from(*byte);
            let unit = self.units.get(node).copied().unwrap_or(NO_LABEL);
            if unit & LABEL != u32::from(*byte) {
                break;
            }
            node ^= offset(unit);
            if unit & HAS_VALUE != 0 {
                let value = self.units.get(node).copied().unwrap_or(0) & VALUE;
                found = Some((value as usize, at + 1));
            }
        }
        let (value, length) = found?;
        let replacement = self.replacements.get(value..)?;
        let end = replacement.iter().position(|byte| *byte == 0)?;
        Some((std::str::from_utf8(replacement.get(..end)?).ok()?, length))
    }
}

/// The bits of a unit.
const LABEL: u32 = 0x8000_00FF;
const HAS_VALUE: u32 = 0x100;
const VALUE: u32 = 0x7FFF_FFFF;
const NO_LABEL: u32 = 0x8000_0000;

/// Where a unit's children are, from itself.
fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}
