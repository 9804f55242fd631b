//! Word lists of recovery phrases, ready for lookups.
//!
//! In: a word or a Han character in lower case. Out: its number in each list, whether it is the
//! front of an English list word or one slip away from one. Sees no text as a whole.

use std::sync::LazyLock;

use bip39::Language;
use jieba_rs::Jieba;
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

/// Lists of alphabetic words; the place in this array is the number of the language.
pub(super) const LANGUAGES: [Language; 8] = [
    Language::English,
    Language::French,
    Language::Spanish,
    Language::Italian,
    Language::Portuguese,
    Language::Czech,
    Language::Japanese,
    Language::Korean,
];
/// The number of English in [`LANGUAGES`].
pub(super) const ENGLISH: usize = 0;
/// Marks a word that a list does not hold.
pub(super) const NONE: u16 = u16::MAX;
/// Letters of the longest English word.
pub(super) const LETTERS_MAX: usize = 8;
/// Letters that tell all words of one list apart.
const FRONT_LETTERS: usize = 4;

/// A word's number in each of [`LANGUAGES`].
pub(super) type Numbers = [u16; LANGUAGES.len()];

static WORDS: LazyLock<FxHashMap<String, Numbers>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for (language, list) in LANGUAGES.iter().enumerate() {
        for (number, word) in list.word_list().iter().enumerate() {
            let numbers = words.entry(plain(word)).or_insert([NONE; LANGUAGES.len()]);
            if let Some(slot) = numbers.get_mut(language) {
                *slot = number as u16;
            }
        }
    }
    words
});

/// English list words by their first four letters.
static FRONTS: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let words = Language::English.word_list().iter().enumerate();
    words.filter_map(|(n, word)| Some((word.get(..FRONT_LETTERS)?, n as u16))).collect()
});

/// English list words with one letter taken out.
static SHORTENED: LazyLock<FxHashSet<String>> =
    LazyLock::new(|| Language::English.word_list().iter().flat_map(|w| shortened(w)).collect());

/// The first letters of all words: most words of a text begin otherwise.
static BEGINNINGS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1 << 10];
    let all = LANGUAGES.iter().flat_map(|language| language.word_list().iter());
    for word in all.map(|word| plain(word)) {
        let (slot, bit) = beginning(&word);
        if let Some(bits) = bits.get_mut(slot) {
            *bits |= bit;
        }
    }
    bits
});

/// The place of a word's first four bytes in [`BEGINNINGS`].
fn beginning(word: &str) -> (usize, u64) {
    let mut front = [0; FRONT_LETTERS];
    front.iter_mut().zip(word.bytes()).for_each(|(to, from)| *to = from);
    // Fibonacci hashing: the upper sixteen bits are well mixed.
    let place = u32::from_le_bytes(front).wrapping_mul(0x9E37_79B1) >> 16;
    ((place >> 6) as usize, 1 << (place & 63))
}

/// Numbers of a word in lower case, accents right, wrong or left out.
pub(super) fn numbers(word: &str) -> Option<&'static Numbers> {
    if word.is_ascii() {
        let (slot, bit) = beginning(word);
        if BEGINNINGS.get(slot).is_none_or(|bits| bits & bit == 0) {
            return None;
        }
    }
    let known = WORDS.get(word);
    if known.is_some() || word.is_ascii() { known } else { WORDS.get(&plain(word)) }
}

/// The English list word with these first four letters.
pub(super) fn front_number(word: &str) -> Option<u16> {
    if word.len() == FRONT_LETTERS { FRONTS.get(word).copied() } else { None }
}

/// An English list word by its number.
pub(super) fn english_word(number: u16) -> Option<&'static str> {
    Language::English.word_list().get(usize::from(number)).copied()
}

/// Returns true if and only if a word is a slip away from an English list word: one letter too
/// many, missing or wrong, two letters swapped, or an ending added (`crafts`, `crafted`).
pub(super) fn is_slip(word: &str) -> bool {
    let is_word = |w: &str| WORDS.get(w).is_some_and(|n| n.get(ENGLISH) != Some(&NONE));
    if !word.is_ascii() || !(3..=12).contains(&word.len()) {
        return false;
    }
    let ending = ["ed", "ing", "es"].iter().any(|e| word.strip_suffix(e).is_some_and(is_word));
    // A letter missing from both sides at once also lets two wrong letters pass: no harm, since
    // slips only count among eleven right words.
    ending
        || SHORTENED.contains(word)
        || shortened(word).any(|s| is_word(&s) || (s.len() > 2 && SHORTENED.contains(&s)))
}

fn shortened(word: &str) -> impl Iterator<Item = String> {
    word.char_indices().map(move |(gone, _)| {
        word.char_indices().filter(|(at, _)| *at != gone).map(|(_, c)| c).collect()
    })
}

/// A word without accents, one spelling for composed and decomposed letters.
fn plain(word: &str) -> String {
    let is_accent = |c: &char| ('\u{300}'..='\u{36F}').contains(c);
    word.nfkd().filter(|c| !is_accent(c)).nfc().collect()
}

/// English list words that carry ordinary sentences. A phrase of random words holds about one in
/// twenty of them, a sentence one in three.
static COMMON: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    "able about above across again all already also always another any ask away because become \
     before behind below best better between both bring buy call can change check come day each \
     early end enough ever every few find first from get give good great have help here home how \
     just keep know last late later learn leave letter like little live long look love make many \
     may maybe mean more most move much must name near need never new next nice not note nothing \
     now number off often old once one only open option order other our out over own pass pay \
     people place please point problem public put quick ready real receive remember right same \
     save say second see seem sell send set she shop short should show since small some soon \
     sorry start still stop such sure take talk tell than thank that them then there they thing \
     this time tip today together tomorrow tonight too top try turn two under until update upon \
     use used very wait walk want warm way what when where who why will wish with word work world \
     wrong year you young"
        .split_whitespace()
        .collect()
});

/// Returns true if and only if a word is common in English sentences.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// List words that people write to support of a wallet with a card, and on its pages, though they
/// are no words of every sentence. A phrase of random words holds about one in twenty of them.
static EVERYDAY: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    "access account add address agent allow amount answer appear arrive avoid balance box button \
     cancel card case cash cause certain charge chat choose click close code coin company confirm \
     copy correct cost country couple credit current deposit device direct document double during \
     edit either else empty enter error example exchange excuse expect explain express extra fee \
     file final fix follow found friend hand high hold hour idea include inside into issue item key \
     kind large left limit link list machine mail market match menu message mistake mobile month \
     morning network normal notice offer online page payment person phone phrase possible price \
     private process provide purchase question rate reason remove report result return review safe \
     screen search secret security seed select service share side sign simple someone source state \
     step swap switch system team test text three ticket token total transfer twice type verify \
     version video view web write"
        .split_whitespace()
        .collect()
});

/// How often people write an English list word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// In every sentence.
    Common,
    /// To the support of a wallet.
    Everyday,
    /// Hardly ever.
    Rare,
}

/// The use of each English list word, by its number.
static USES: LazyLock<Vec<Use>> = LazyLock::new(|| {
    let kind = |word: &&str| match *word {
        word if COMMON.contains(word) => Use::Common,
        word if EVERYDAY.contains(word) => Use::Everyday,
        _ => Use::Rare,
    };
    Language::English.word_list().iter().map(kind).collect()
});

/// How often people write the English list word with this number.
pub(super) fn english_use(number: u16) -> Use {
    USES.get(usize::from(number)).copied().unwrap_or(Use::Rare)
}

/// Returns true if and only if the English list holds a word.
pub(super) fn is_english(word: &str) -> bool {
    numbers(word).is_some_and(|n| n.get(ENGLISH) != Some(&NONE))
}

/// Returns true if and only if a word is a list word with an ending.
pub(super) fn is_inflected(word: &str) -> bool {
    let endings = ["s", "es", "d", "ed", "ing", "er", "ly", "y"];
    endings.iter().any(|ending| word.strip_suffix(ending).is_some_and(is_english))
}

/// Words that hold sentences together: never a slip of a list word.
pub(super) fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "and"
            | "for"
            | "but"
            | "not"
            | "you"
            | "was"
            | "are"
            | "were"
            | "has"
            | "had"
            | "have"
            | "his"
            | "her"
            | "its"
            | "our"
            | "your"
            | "their"
            | "from"
            | "with"
            | "into"
            | "then"
            | "than"
            | "they"
            | "she"
            | "which"
            | "would"
            | "could"
            | "been"
            | "being"
            | "does"
            | "did"
            | "it"
            | "is"
            | "my"
            | "to"
            | "of"
            | "in"
            | "on"
            | "at"
            | "as"
            | "or"
            | "be"
            | "no"
    )
}

/// The place of each Han character in the Chinese lists, which go by falling frequency.
static HAN: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut numbers = vec![NONE; HAN_BLOCK.len()];
    // Both lists have the same number for a character that they share, so one table holds both.
    for list in [Language::TraditionalChinese, Language::SimplifiedChinese] {
        for (number, word) in list.word_list().iter().enumerate() {
            let slot = word.chars().next().and_then(|c| numbers.get_mut(han_place(c)?));
            if let Some(slot) = slot {
                *slot = number as u16;
            }
        }
    }
    numbers
});

/// A bit for each pair of list characters that is a word of the dictionary. Made when first asked
/// for, which takes half a second: hardly any text comes so far.
static PAIRS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let list: Vec<&str> = Language::SimplifiedChinese.word_list().to_vec();
    let dictionary = Jieba::new();
    let mut bits = vec![0; list.len() * list.len() / 64];
    let mut word = String::new();
    for (left, first) in list.iter().enumerate() {
        for (right, second) in list.iter().enumerate() {
            word.clear();
            word.push_str(first);
            word.push_str(second);
            let (slot, bit) = pair(left, right);
            if let Some(bits) = bits.get_mut(slot).filter(|_| dictionary.has_word(&word)) {
                *bits |= bit;
            }
        }
    }
    bits
});

/// The place of a pair in [`PAIRS`]; a list has 2,048 characters.
fn pair(left: usize, right: usize) -> (usize, u64) {
    (left * 32 + right / 64, 1 << (right % 64))
}

/// Returns true if and only if two simplified characters of the list, one behind the other, are a
/// word.
pub(super) fn is_pair(left: char, right: char) -> bool {
    let (Some(left), Some(right)) = (han_number(left), han_number(right)) else { return false };
    let (slot, bit) = pair(left.into(), right.into());
    PAIRS.get(slot).is_some_and(|bits| bits & bit != 0)
}

/// Makes the tables that take longest, before a text asks for them.
pub(super) fn warm() {
    LazyLock::force(&PAIRS);
}

/// The block that holds every character of the Chinese lists.
const HAN_BLOCK: std::ops::Range<usize> = 0x4E00..0xA000;

fn han_place(c: char) -> Option<usize> {
    (c as usize).checked_sub(HAN_BLOCK.start)
}

/// The number of a Han character, simplified or traditional, in the Chinese lists.
pub(super) fn han_number(c: char) -> Option<u16> {
    HAN.get(han_place(c)?).copied().filter(|number| *number != NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_with_and_without_accents() {
        assert!(numbers("ábaco").is_some_and(|n| n[2] == 0));
        assert!(numbers("abaco").is_some_and(|n| n[2] == 0));
        assert!(numbers("abandon").is_some_and(|n| n[ENGLISH] == 0));
        assert!(numbers("あいこくしん").is_some_and(|n| n[6] == 0));
        assert!(numbers("가격").is_some_and(|n| n[7] == 0));
        assert!(numbers("the").is_none());
    }

    #[test]
    fn forgives_one_slip() {
        for slip in ["acquier", "abandn", "abanddon", "abandom", "crafts", "ocaen"] {
            assert!(is_slip(slip), "{slip}");
        }
        for other in ["bitcoin", "wallet's", "gateway", "ethereum"] {
            assert!(!is_slip(other), "{other}");
        }
    }

    #[test]
    fn chinese_lists_agree_on_shared_characters() {
        for (number, word) in Language::TraditionalChinese.word_list().iter().enumerate() {
            assert_eq!(han_number(word.chars().next().unwrap()), Some(number as u16));
        }
    }
}
