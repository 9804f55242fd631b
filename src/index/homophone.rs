//! Did you mean, in Chinese: words that sound alike or look alike.
//!
//! In: the Chinese words of a reader's own articles. Out: for a query that found nothing, the same
//! query with what sounds (提先 → 提现) or looks (货款 → 贷款) like one of those words put right. It
//! is a suggestion and never part of the ranking: 景点 and 经典 are different words.

use std::collections::BTreeMap;

use pinyin::{Pinyin, ToPinyin};

use crate::kb::library::{Library, Pair, Reader};
use crate::text::fold::fold;
use crate::text::script::{Script, runs};
use crate::text::segment::TermKind;

/// Lengths of a word in characters, the longest first.
const LENGTHS: [usize; 3] = [4, 3, 2];

/// Characters that are mistaken for one another by their shape.
const LOOK_ALIKE: [&str; 24] = [
    "己已巳",
    "未末",
    "贷货",
    "陪赔",
    "折拆",
    "拨拔",
    "侯候",
    "入人",
    "土士",
    "午牛",
    "薄簿",
    "戳截",
    "密蜜",
    "币巾",
    "睛晴",
    "幕募暮",
    "辩辨",
    "徒徙",
    "没设",
    "买卖",
    "待侍",
    "治冶",
    "今令",
    "日曰",
];

/// The Chinese words of a reader's articles by sound and by shape.
#[derive(Default)]
pub struct Homophones {
    words: BTreeMap<String, u32>,
    by_sound: BTreeMap<String, String>,
    by_shape: BTreeMap<String, String>,
}

impl Homophones {
    /// Collects the words of titles, summaries, questions and tags that `reader` may see.
    pub fn new(library: &Library, reader: Reader) -> Self {
        let mut made = Homophones::default();
        let segmenter = library.analyser.segmenter();
        for article in library.pairs.values().flat_map(Pair::versions) {
            if !reader.may_read(article) {
                continue;
            }
            let meta = &article.meta;
            let short = [&meta.title, &meta.summary].into_iter().chain(&meta.questions);
            for text in short.chain(&meta.tags) {
                for term in segmenter.terms(fold(text).text()) {
                    if term.kind == TermKind::Word {
                        *made.words.entry(term.text).or_insert(0) += 1;
                    }
                }
            }
        }
        // The most frequent word of a sound wins; among equals the first in the alphabet.
        let mut words: Vec<(&String, &u32)> = made.words.iter().collect();
        words.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), *word));
        for (word, _) in words {
            if let Some(sound) = sound(word) {
                made.by_sound.entry(sound).or_insert_with(|| word.clone());
            }
            made.by_shape.entry(shape(word)).or_insert_with(|| word.clone());
        }
        made
    }

    /// The folded query with words that sound or look like a known one put right.
    pub fn correct(&self, folded: &str) -> String {
        let mut corrected = String::with_capacity(folded.len());
        for run in runs(folded) {
            let text = folded.get(run.range).unwrap_or_default();
            if run.script == Script::Han {
                self.correct_run(text, &mut corrected);
            } else {
                corrected.push_str(text);
            }
        }
        corrected
    }

    fn correct_run(&self, run: &str, corrected: &mut String) {
        let chars: Vec<char> = run.chars().collect();
        let mut rest = chars.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let known = LENGTHS.iter().find_map(|length| {
                let word: String = rest.get(..*length)?.iter().collect();
                Some((*length, self.meant(&word)?))
            });
            if let Some((length, word)) = known {
                corrected.push_str(word);
                rest = rest.get(length..).unwrap_or_default();
            } else {
                corrected.push(*first);
                rest = after;
            }
        }
    }

    /// The word itself if it is known, else the one that it sounds or looks like.
    fn meant(&self, word: &str) -> Option<&str> {
        if let Some((own, _)) = self.words.get_key_value(word) {
            return Some(own.as_str());
        }
        let by_sound = sound(word).and_then(|sound| self.by_sound.get(&sound));
        by_sound.or_else(|| self.by_shape.get(&shape(word))).map(String::as_str)
    }
}

/// How a word sounds, without tones; `None` if a character has no reading.
fn sound(word: &str) -> Option<String> {
    let syllables: Option<Vec<&str>> =
        word.to_pinyin().map(|syllable| syllable.map(Pinyin::plain)).collect();
    syllables.map(|s| s.join(" "))
}

/// A word with each character replaced by the first of its look-alikes.
fn shape(word: &str) -> String {
    let first = |c: char| {
        let group = LOOK_ALIKE.iter().find(|group| group.contains(c));
        group.and_then(|group| group.chars().next()).unwrap_or(c)
    };
    word.chars().map(first).collect()
}
