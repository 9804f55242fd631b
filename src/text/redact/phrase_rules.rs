//! Rules for recovery phrases in alphabetic scripts: which runs of list words are one.
//!
//! In: counts about a run of list words. Out: yes or no. No keyword is needed: a run of twelve
//! list words is a phrase unless common words show that it is a sentence.

/// What is known about a candidate.
#[expect(clippy::struct_excessive_bools, reason = "each is one look at the same words")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// Words of the list.
    pub exact: usize,
    /// Words that are a slip away from a list word.
    pub slips: usize,
    /// Other words between words of the list.
    pub strangers: usize,
    /// List words that are common in sentences.
    pub common: usize,
    /// Words with a number before them.
    pub numbered: usize,
    /// English words cut to four letters.
    pub fronts: usize,
    /// Words such as "recovery phrase" or 助记词 stand near.
    pub keyword: bool,
    /// Nothing else stands on its lines.
    pub alone: bool,
    /// One sign divides the words.
    pub listed: bool,
    /// Different words.
    pub different: usize,
    /// A checksum holds for twelve words or more of it.
    pub checked: bool,
}

/// The longest accidental run in 13,113 ordinary English texts had eleven list words, so twelve
/// are enough without a checksum.
const ENOUGH: usize = 12;

/// A random phrase of twelve words repeats one in 30 times, and hardly ever two.
const DIFFERENT_MIN: usize = 5;

impl Evidence {
    /// Words in all.
    pub(super) fn total(&self) -> usize {
        self.exact + self.slips + self.strangers
    }

    /// Returns true if and only if the candidate is a recovery phrase.
    pub(super) fn is_phrase(&self) -> bool {
        // One word again and again is somebody who tries something, or cries.
        if self.different < DIFFERENT_MIN && !self.checked {
            return false;
        }
        let holes = self.slips + self.strangers;
        let structured = self.numbered * 3 >= self.total() * 2;
        let supported = self.keyword || structured;
        let apart = structured || self.listed || self.alone;
        // A random phrase has one common word in twenty: four of twelve happen once in 500.
        let sentence = if self.checked || (apart && self.exact + 1 >= ENOUGH) {
            self.common * 3 > self.exact * 2
        } else if self.exact >= ENOUGH {
            self.common * 2 > self.exact
        } else {
            self.common * 3 > self.exact.max(1)
        };
        if sentence || (self.fronts > 0 && self.fronts * 4 < self.exact) {
            return false;
        }
        let whole = holes == 0 && self.exact >= ENOUGH;
        // One word is missing or has a slip, two in a long phrase.
        let few_common = self.common * 6
            <= self.exact + usize::from(supported || self.slips > 0) * 6
            || (holes == 0 && self.common * 5 <= self.exact);
        let damaged = self.exact + 1 >= ENOUGH
            && self.slips + self.strangers * 2 <= self.total() / 6
            && (apart || few_common);
        let damaged_twice = self.exact + 2 >= ENOUGH
            && self.total() + 1 >= ENOUGH
            && self.common <= if apart || self.keyword { 3 } else { 1 }
            && self.strangers <= usize::from(supported);
        let part = supported && self.exact >= 8 && holes <= 2 && self.common <= 1;
        if self.fronts > 0 {
            whole || (supported && part)
        } else {
            whole || damaged || damaged_twice || part
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_words_against_sentences() {
        let twelve = Evidence { exact: 12, different: 12, ..Evidence::default() };
        assert!(twelve.is_phrase());
        assert!(!Evidence { common: 7, ..twelve }.is_phrase());
        assert!(!Evidence { different: 1, ..twelve }.is_phrase());
        assert!(Evidence { exact: 11, slips: 1, ..twelve }.is_phrase());
        assert!(!Evidence { exact: 9, ..twelve }.is_phrase());
        assert!(Evidence { exact: 9, keyword: true, ..twelve }.is_phrase());
    }
}
