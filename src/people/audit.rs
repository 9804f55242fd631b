//! The audit log: who did what to what, each entry chained to the one before it.
//!
//! An entry's hash covers the hash before it, so that an entry that is changed, taken out or put in
//! breaks the chain from there on. Entries cut off at the end are seen only by comparing the last
//! hash with one that was noted elsewhere, which is why it is shown.

use sha2::{Digest, Sha256};

use crate::time::Timestamp;

use super::secret::hex;

/// What is to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who did it: a person's name, or `command line`.
    pub who: String,
    /// What was done, as a code: `signed-in`, `role-changed` …
    pub action: String,
    /// To what: `person/li.wei`, `ticket/12`, `token/3` …
    pub object: String,
    /// What else is worth knowing; never a secret, never what a customer wrote.
    pub detail: String,
}

impl Entry {
    /// An entry without detail.
    pub fn new(at: Timestamp, who: &str, action: &str, object: impl Into<String>) -> Entry {
        let (who, action) = (who.to_owned(), action.to_owned());
        Entry { at, who, action, object: object.into(), detail: String::new() }
    }

    /// Adds what else is worth knowing.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Entry {
        self.detail = detail.into();
        self
    }
}

/// What was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its number, from 1 without gaps.
    pub number: u64,
    /// What was noted; the time to the microsecond.
    pub entry: Entry,
    /// The chain up to here.
    pub hash: String,
}

/// The hash of an entry after `previous` (empty for the first).
pub fn chained(previous: &str, number: u64, entry: &Entry) -> String {
    let mut hasher = Sha256::new();
    hasher.update(number.to_le_bytes());
    hasher.update(entry.at.as_microsecond().to_le_bytes());
    let texts = [previous, &entry.who, &entry.action, &entry.object, &entry.detail];
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Follows the chain entry by entry.
#[derive(Debug, Clone, Default)]
pub struct Follow {
    last: String,
    number: u64,
}

impl Follow {
    /// Takes the next entry; false if the chain breaks at it.
    pub fn next(&mut self, noted: &Noted) -> bool {
        let holds = noted.number == self.number + 1
            && noted.hash == chained(&self.last, noted.number, &noted.entry);
        self.number = noted.number;
        self.last.clone_from(&noted.hash);
        holds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_anywhere_breaks_the_chain() {
        let mut log: Vec<Noted> = Vec::new();
        for number in 1..=50 {
            let at = Timestamp::from_second(number as i64).unwrap();
            let entry = Entry::new(at, "li", "signed-in", format!("person/{number}")).detail("x");
            let previous = log.last().map_or("", |n| n.hash.as_str());
            let hash = chained(previous, number, &entry);
            log.push(Noted { number, entry, hash });
        }
        let holds = |log: &[Noted]| {
            let mut follow = Follow::default();
            log.iter().all(|noted| follow.next(noted))
        };
        assert!(holds(&log));
        for at in 0..log.len() {
            for edit in 0..6 {
                let mut changed = log.clone();
                let noted = &mut changed[at];
                match edit {
                    0 => noted.entry.who.push('x'),
                    1 => noted.entry.action.push('x'),
                    2 => noted.entry.object.push('x'),
                    3 => noted.entry.detail.clear(),
                    4 => noted.number += 1,
                    _ => noted.entry.at = Timestamp::from_second(999).unwrap(),
                }
                assert!(!holds(&changed), "entry {at}, edit {edit}");
            }
            let mut short = log.clone();
            short.remove(at);
            assert!(holds(&short) == (at == log.len() - 1), "{at} taken out");
        }
    }
}
