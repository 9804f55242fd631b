//! Copies: the same text again, with a word, a number or a sign changed each time.
//!
//! In: the slices that a ticket's words belong to (numbers, signs and emoji belong to none). Out: the
//! signature of the first text that it is a copy of, or its own. Two texts are copies if most of
//! their words are the same (Jaccard); candidates are found by `MinHash` in bands (Broder 1997), so
//! that the cost does not depend on how many texts are remembered. Few words prove nothing: many
//! people ask 提现多久到账 on one day, and only of one sender is that the same voice.

use rustc_hash::FxHashMap;

/// Bands and rows: two texts of which 5 in 7 words are the same meet in 996 of 1,000 cases.
const BANDS: usize = 12;
const ROWS: usize = 3;
/// Words that a text of nobody in particular needs, and the share that must be the same.
const WORDS_MIN: usize = 6;
const SHARE_MIN: f32 = 0.7;
/// The same for two texts of one sender.
const OWN_WORDS_MIN: usize = 2;
const OWN_SHARE_MIN: f32 = 0.5;
/// Texts that are remembered, in all, of one sender and in one bucket.
const TEXTS_MAX: usize = 50_000;
const OWN_MAX: usize = 8;
const BUCKET_MAX: usize = 4;

/// What a ticket says, for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Equal for tickets with the same telling words.
    pub signature: u64,
    /// Keys of its slices that name something, ascending.
    pub keys: Vec<u64>,
}

impl Words {
    /// The share of words that two texts have in common, 0..1.
    fn share(&self, other: &Words) -> f32 {
        let (mut same, mut theirs) = (0_usize, other.keys.iter().peekable());
        for key in &self.keys {
            while theirs.next_if(|other| *other < key).is_some() {}
            same += usize::from(theirs.next_if(|other| *other == key).is_some());
        }
        let all = self.keys.len() + other.keys.len() - same;
        same as f32 / all.max(1) as f32
    }

    /// A number for each band; texts that are nearly the same have one in common.
    fn bands(&self) -> [u64; BANDS] {
        let mut bands = [0; BANDS];
        for (at, band) in (0_u64..).zip(&mut bands) {
            *band = (0..ROWS as u64).fold(at, |hash, row| {
                let seed = mix(at * ROWS as u64 + row + 1);
                let least = self.keys.iter().map(|key| mix(key ^ seed)).min();
                mix(hash ^ least.unwrap_or_default())
            });
        }
        bands
    }
}

/// Texts of a stretch of time, the first of each kind.
#[derive(Default)]
pub struct Copies {
    texts: Vec<Words>,
    buckets: FxHashMap<u64, Vec<u32>>,
    senders: FxHashMap<u64, Vec<u32>>,
}

impl Copies {
    /// The signature of the text that this one is a copy of.
    pub fn find(&self, sender: Option<u64>, words: &Words) -> Option<u64> {
        let (least, share) = match sender {
            Some(_) => (OWN_WORDS_MIN, OWN_SHARE_MIN),
            None => (WORDS_MIN, SHARE_MIN),
        };
        if words.keys.len() < least {
            return None;
        }
        let is_same = |at: &&u32| {
            self.texts.get(**at as usize).is_some_and(|text| text.share(words) >= share)
        };
        let found = if let Some(sender) = sender {
            self.senders.get(&sender)?.iter().find(is_same)
        } else {
            let bands = words.bands();
            bands.iter().filter_map(|band| self.buckets.get(band)).flatten().find(is_same)
        };
        self.texts.get(*found? as usize).map(|text| text.signature)
    }

    /// Remembers a text that is no copy.
    pub fn remember(&mut self, sender: Option<u64>, words: &Words) {
        if self.texts.len() >= TEXTS_MAX {
            return;
        }
        let number = self.texts.len() as u32;
        match sender {
            Some(sender) => {
                let own = self.senders.entry(sender).or_default();
                if own.len() >= OWN_MAX {
                    return;
                }
                own.push(number);
            }
            None if words.keys.len() < WORDS_MIN => return,
            None => {
                for band in words.bands() {
                    let bucket = self.buckets.entry(band).or_default();
                    if bucket.len() < BUCKET_MAX {
                        bucket.push(number);
                    }
                }
            }
        }
        self.texts.push(words.clone());
    }
}

/// Spreads a number over all 64 bits (the finaliser of `SplitMix64`).
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(signature: u64, keys: impl IntoIterator<Item = u64>) -> Words {
        let mut keys: Vec<u64> = keys.into_iter().map(mix).collect();
        keys.sort_unstable();
        Words { signature, keys }
    }

    #[test]
    fn a_text_with_one_word_changed_is_the_same_text_and_another_is_not() {
        let mut copies = Copies::default();
        copies.remember(None, &words(7, 1..=6));
        let found = (1_000..11_000)
            .filter(|n| copies.find(None, &words(*n, (1..=5).chain([*n]))) == Some(7));
        assert!(found.count() >= 9_900);
        // Half the words are another text, and few words are nobody's.
        assert_eq!(copies.find(None, &words(8, (1..=3).chain(50..=52))), None);
        assert_eq!(copies.find(None, &words(8, 1..=4)), None);
    }

    #[test]
    fn one_sender_is_recognised_by_fewer_words_and_nobody_else_by_theirs() {
        let mut copies = Copies::default();
        copies.remember(Some(1), &words(7, 1..=3));
        assert_eq!(copies.find(Some(1), &words(8, [1, 2, 9])), Some(7));
        assert_eq!(copies.find(Some(2), &words(8, [1, 2, 3])), None);
        assert_eq!(copies.find(Some(1), &words(8, [1, 9, 10])), None);
    }
}
