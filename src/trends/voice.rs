//! Voices: how much a ticket counts. One sender is one voice, however often they write; the same
//! words from nobody in particular count less each time.
//!
//! The same text with a word changed each time is the same words ([`super::copies`]).
//!
//! In: who wrote and what. Out: 0..1. Keeps two days in memory, and no more entries
//! than [`ENTRIES_MAX`].

use rustc_hash::FxHashMap;

use super::copies::{Copies, Words};

/// How long a voice is remembered: one generation is filled while the one before is read.
const GENERATION_SECONDS: i64 = 24 * 3600;
/// The most senders and signatures of a generation.
const ENTRIES_MAX: usize = 200_000;
/// Different things that one sender may speak about in a day.
const SUBJECTS_MAX: u32 = 3;
/// People who are known to be different may use the same words this often and still count in full.
const SAME_WORDS_FREE: f32 = 5.0;
/// From so many repetitions on, one source is worth a notice.
pub const NOTICE_FROM: u32 = 20;

/// What one ticket counts, and what that was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Its weight, 0..1.
    pub weight: f32,
    /// How often this source has repeated itself within two days, this ticket included.
    pub repeats: u32,
    /// The signature of what it repeats, or its own.
    pub original: u64,
    /// At [`NOTICE_FROM`] repetitions the tickets that repeated it before, oldest first; else none.
    pub earlier: Vec<u64>,
}

#[derive(Default)]
struct Generation {
    /// Tickets by signature, and how many of them counted.
    signatures: FxHashMap<u64, (u32, f32)>,
    /// Tickets by sender and subject, and subjects by sender.
    subjects: FxHashMap<(u64, u64), u32>,
    senders: FxHashMap<u64, u32>,
    copies: Copies,
    /// The first tickets that repeated something, by sender (0: nobody in particular) and what.
    repeated: FxHashMap<(u64, u64), Vec<u64>>,
}

/// Weighs tickets.
#[derive(Default)]
pub struct Voices {
    begun: i64,
    current: Generation,
    previous: Generation,
}

impl Voices {
    /// Weighs a ticket at a time in seconds. `subject` is of its best article; without one its words
    /// are its subject.
    pub fn weigh(
        &mut self,
        at: i64,
        ticket: u64,
        sender: Option<u64>,
        (words, subject): (&Words, Option<u64>),
    ) -> Voice {
        self.turn(at);
        if self.current.signatures.len() >= ENTRIES_MAX
            || self.current.subjects.len() >= ENTRIES_MAX
        {
            self.rotate(at);
        }
        let said = self.original(sender, words);
        let known = |map: fn(&Generation) -> &FxHashMap<u64, (u32, f32)>, key| {
            let of = |g| map(g).get(&key).copied().unwrap_or_default();
            let (a, b): ((u32, f32), (u32, f32)) = (of(&self.current), of(&self.previous));
            (a.0 + b.0, a.1 + b.1)
        };
        // Of many senders the very same words count less; nearly the same are what people say.
        let signature = if sender.is_some() { words.signature } else { said };
        let (same, counted) = known(|g| &g.signatures, signature);
        let voice = match sender {
            Some(sender) => {
                self.of_sender(ticket, sender, (said, subject.unwrap_or(said)), counted)
            }
            // The second of the same words counts half, the third a third: sixty pastes are five.
            None => Voice {
                weight: 1.0 / (same as f32 + 1.0),
                repeats: same + 1,
                original: said,
                earlier: self.repeated(ticket, same, (0, said)),
            },
        };
        let entry = self.current.signatures.entry(signature).or_default();
        entry.0 += 1;
        entry.1 += voice.weight;
        voice
    }

    /// The signature of what these words repeat. As long as it is repeated it is remembered.
    fn original(&mut self, sender: Option<u64>, words: &Words) -> u64 {
        if let Some(said) = self.current.copies.find(sender, words) {
            return said;
        }
        let said = self.previous.copies.find(sender, words).unwrap_or(words.signature);
        self.current.copies.remember(sender, &Words { signature: said, keys: words.keys.clone() });
        said
    }

    /// Notes a ticket that repeats what was said `times` before. When that is enough for a notice,
    /// gives those before it.
    fn repeated(&mut self, ticket: u64, times: u32, what: (u64, u64)) -> Vec<u64> {
        if times == 0 || times >= NOTICE_FROM {
            return Vec::new();
        }
        if times + 1 == NOTICE_FROM {
            let before = [&mut self.previous, &mut self.current];
            return before.into_iter().filter_map(|g| g.repeated.remove(&what)).flatten().collect();
        }
        self.current.repeated.entry(what).or_default().push(ticket);
        Vec::new()
    }

    fn of_sender(
        &mut self,
        ticket: u64,
        sender: u64,
        (signature, subject): (u64, u64),
        counted: f32,
    ) -> Voice {
        let seen = |g: &Generation, key| g.subjects.get(&(sender, key)).copied().unwrap_or(0);
        let times = |key| seen(&self.current, key) + seen(&self.previous, key);
        let (by_words, by_subject) = (times(signature), times(subject));
        let subjects = |g: &Generation| g.senders.get(&sender).copied().unwrap_or(0);
        let spoken = subjects(&self.current) + subjects(&self.previous);
        for key in [signature, subject] {
            *self.current.subjects.entry((sender, key)).or_insert(0) += 1;
        }
        let again = by_words > 0 || by_subject > 0;
        if again || spoken >= SUBJECTS_MAX {
            let (times, what) = (by_words, signature).max((by_subject, subject));
            let earlier = self.repeated(ticket, times, (sender, what));
            return Voice { weight: 0.0, repeats: times + 1, original: signature, earlier };
        }
        *self.current.senders.entry(sender).or_insert(0) += 1;
        let weight = (SAME_WORDS_FREE / (counted + 1.0)).min(1.0);
        Voice { weight, repeats: 1, original: signature, earlier: Vec::new() }
    }

    fn turn(&mut self, at: i64) {
        if at - self.begun >= GENERATION_SECONDS {
            if at - self.begun >= 2 * GENERATION_SECONDS {
                self.rotate(at);
            }
            self.rotate(at);
        }
    }

    fn rotate(&mut self, at: i64) {
        self.previous = std::mem::take(&mut self.current);
        self.begun = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(signature: u64) -> Words {
        Words { signature, keys: vec![signature] }
    }

    #[test]
    fn a_sender_is_one_voice() {
        let mut voices = Voices::default();
        let total: f32 =
            (0..60).map(|i| voices.weigh(i * 60, 0, Some(7), (&words(1), Some(2))).weight).sum();
        assert!((total - 1.0).abs() < 1e-6);
        // Other people with the same words are other voices.
        let others: f32 =
            (0..4).map(|i| voices.weigh(3600, 0, Some(100 + i), (&words(1), Some(2))).weight).sum();
        assert!((others - 4.0).abs() < 1e-6);
        // Three days later the sender may speak again.
        assert!(voices.weigh(4 * 86_400, 0, Some(7), (&words(1), Some(2))).weight > 0.9);
    }

    #[test]
    fn the_same_words_from_nobody_fade() {
        let mut voices = Voices::default();
        let total: f32 =
            (0..60).map(|i| voices.weigh(i * 60, 0, None, (&words(1), Some(2))).weight).sum();
        assert!((4.0..5.0).contains(&total), "{total}");
    }
}
