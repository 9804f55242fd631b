//! The text in which phrases are looked for: markup and numbering are blanked, so that words and the
//! signs between them are left.
//!
//! In: the keys of a view. Out: a text of the same length with spaces in the place of tags,
//! entities, escapes and labels such as `word 3:` or 第3个词. Decides nothing about secrets.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::wordlist::{self, LETTERS_MAX};

/// Labels are blanked if there are as many: one alone may be a word of a phrase.
const LABELS_MIN: usize = 5;

/// What programs put around words. Only known tags, with short attributes: anything may be written
/// between angle brackets, a phrase too.
static MARKUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        </?(?:li|ol|ul|td|tr|th|p|b|i|u|em|strong|br|hr|div|span|table|tbody|thead|code|pre|font|a|h[1-6])
            (?:\s+[a-z-]{1,20}\s?=\s?(?:"[^"<>]{0,24}"|'[^'<>]{0,24}'|[^\s"'<>]{1,24})){0,4}\s?/?>
      | &(?:nbsp|ensp|emsp|thinsp|amp|quot|apos|lt|gt|comma|middot|bull|zwnj|zwj|\#[0-9]{1,5}|\#x[0-9a-f]{1,4});
      | %(?:20|0a|0d|09|2c|3b|3a|2f|7c|2b|22|27|2d|2e|5f|c2%a0|e3%80%81|e3%80%80|ef%bc%8c|e2%80%8b)
      | \\+[nrt"'.)\]]
      | \[[\ x]\]
      | 第\s?[0-9〇一二三四五六七八九十]{1,3}\s?[个位行排列组段号]?\s?(?:部分)?(?:单?[词字])?\s?[是为]?\s?[:=]?"#,
    )
    .ok()
});

/// Numbering in words and letters, at the beginning of a line or behind a space.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[\s,;|])(?:word|mot|palabra|parola|palavra)\s?(?:number|no\.?|nr\.?)?\s?[\#_]?\s?[0-9]{1,2}
            (?-u:\b)(?:\s(?:is|was)\s)?
      | (?:助记词|单词|词|字|단어|单字)\x20?[0-9]{1,2}\s?[:=是为]?
      | (?-u:\b)[0-9]{1,2}\s?(?:号|位|番目|번째?)\s?[词字]?[是为]?\s?[:=]?
      | (?-u:\b)[0-9]{1,2}\s?[是为]
      | (?:然后|接着|再然后|接下来|最后|再来)(?:一个)?[是为]?
      | (?-u:\b)[0-9]{1,2}(?:st|nd|rd|th)(?-u:\b)
      | (?:^|[\s,;。])[一二三四五六七八九十]{1,3}[、.:)]
      | (?:^|\s)[a-x][.)]\s
      | (?:^|\s)(?:i{1,3}|iv|vi{0,3}|ix|x{1,2}(?:ix|iv|v?i{0,3}))[.):]
      | (?-u:\b)(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth
          |thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth
          |twenty[\s-](?:first|second|third|fourth)|last|next)
          \s?(?:word|one)?\s?(?:is|was|comes|:|=)\s
      | (?-u:\b)(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen
          |sixteen|seventeen|eighteen|nineteen|twenty(?:[\s-](?:one|two|three|four))?)\s?:",
    )
    .ok()
});

/// What people write before the parts of a phrase.
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?-u:\b)(?:the\s)?(?:first|second|third|fourth|1st|2nd|3rd|4th|last|other|top|bottom|left|right|upper|lower)
            \s(?:half|part|row|line|column|side|block|group)\s?(?:is|are|was|of\sit|has)?\s?[:=-]?(?-u:\s)
      | (?-u:\b)(?:row|line|column|col|part|side|page)\s?[0-9]{1,2}(?-u:\b)\s?[:.)=-]?
      | (?:这是)?(?:最?前面?|最?后面?|中间|最后|剩下|余下|另外|另|其余|剩余|首|末|头|再来|接着|然后|接下来)(?:的|是)?
            [0-9一二两三四五六七八九十]{1,3}[个位字词]{1,3}(?:助记词|单词)?(?:分别)?[是为]?
      | [上下前后](?:一?半[段部]?分?|[面段部]分?)(?:助记词|单词)?[是为]?
      | [左右][边侧](?:那?一?[列栏排边行])?[是为]?
      | [正背反][面]?[面](?:写着|写的)?[是为]?
      | (?:这是)?第[一二三四五六1-6][部组行排列段][分]?[是为]?",
    )
    .ok()
});

/// Tags of any name: rows of a program's own (`<w>bus</w>`), told by their closing halves.
static TAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"</?[a-z][a-z0-9_:-]{0,15}/?>").ok());

/// The text with what is no word blanked.
pub(super) fn bare(keys: &str) -> Cow<'_, str> {
    let mut blanks: Vec<Range<usize>> = Vec::new();
    let marked = memchr::memchr3(b'<', b'&', b'%', keys.as_bytes()).is_some()
        || memchr::memchr2(b'\\', b'[', keys.as_bytes()).is_some()
        || keys.contains('第');
    if marked {
        blanks.extend(MARKUP.iter().flat_map(|m| m.find_iter(keys)).map(|m| m.range()));
    }
    if memchr::memmem::find_iter(keys.as_bytes(), "</").take(LABELS_MIN).count() == LABELS_MIN {
        blanks.extend(TAG.iter().flat_map(|t| t.find_iter(keys)).map(|m| m.range()));
    }
    let labels: Vec<Range<usize>> = if may_be_labelled(keys) {
        LABEL.iter().flat_map(|l| l.find_iter(keys)).map(|m| m.range()).collect()
    } else {
        Vec::new()
    };
    if labels.len() >= LABELS_MIN {
        blanks.extend(labels);
    }
    if may_be_in_parts(keys) {
        let parts: Vec<Range<usize>> =
            PART.iter().flat_map(|p| p.find_iter(keys)).map(|m| m.range()).collect();
        // One alone is a word of a sentence.
        if parts.len() >= 2 {
            blanks.extend(parts);
        }
    }
    let letters = digits_for_letters(keys);
    if blanks.is_empty() && letters.is_empty() {
        return Cow::Borrowed(keys);
    }
    blanks.sort_by_key(|range| range.start);
    let mut text = String::with_capacity(keys.len());
    let mut at = 0;
    for range in blanks {
        let start = range.start.max(at);
        text.push_str(keys.get(at..start).unwrap_or_default());
        // A line end stays one: rows are told by them.
        let blanked = keys.get(start..range.end.max(start)).unwrap_or_default();
        text.extend(blanked.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        at = range.end.max(at);
    }
    text.push_str(keys.get(at..).unwrap_or_default());
    for (at, letter) in letters {
        text.replace_range(at..at + letter.len(), letter);
    }
    Cow::Owned(text)
}

/// Zeros and ones that stand for letters in words of the list: `act0r`, `1ocal`.
fn digits_for_letters(keys: &str) -> Vec<(usize, &'static str)> {
    let bytes = keys.as_bytes();
    let mut found = Vec::new();
    let mut from = 0;
    let belongs = |b: &u8| b.is_ascii_lowercase() || matches!(b, b'0' | b'1');
    while let Some(at) = memchr::memchr2(b'0', b'1', bytes.get(from..).unwrap_or_default()) {
        let at = from + at;
        let front = bytes.get(..at).unwrap_or_default();
        let start = at - front.iter().rev().take(LETTERS_MAX).take_while(|b| belongs(b)).count();
        let behind = bytes.get(at..).unwrap_or_default();
        let end = at + behind.iter().take(LETTERS_MAX + 1).take_while(|b| belongs(b)).count();
        from = end.max(at + 1);
        let word = keys.get(start..end).unwrap_or_default();
        let is_number = word.bytes().all(|b| b.is_ascii_digit());
        let glued = [start.checked_sub(1), Some(end)].into_iter().flatten();
        let mut glued = glued.filter_map(|at| bytes.get(at));
        if is_number || word.len() > LETTERS_MAX || glued.any(u8::is_ascii_digit) {
            continue;
        }
        for one in ["l", "i"] {
            let meant = word.replace('0', "o").replace('1', one);
            if wordlist::is_english(&meant) {
                let digits = word.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit());
                found.extend(digits.map(|(i, b)| (start + i, if b == b'0' { "o" } else { one })));
                break;
            }
        }
    }
    found
}

/// What the names of parts hold.
static PART_HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let hints = [
        "half", "part", "row", "line", "column", "col ", "side", "page", "block", "group", "前",
        "后", "左", "右", "正面", "背面", "反面", "上", "下", "第",
    ];
    AhoCorasick::new(hints).ok()
});

/// Two names make parts.
fn may_be_in_parts(keys: &str) -> bool {
    PART_HINT.as_ref().is_some_and(|hint| hint.find_iter(keys).take(2).count() == 2)
}

/// Labels end in signs or stand beside digits.
fn may_be_labelled(keys: &str) -> bool {
    let bytes = keys.as_bytes();
    let signs = memchr::memchr3_iter(b'.', b')', b':', bytes).take(LABELS_MIN).count();
    let digits = || bytes.iter().filter(|b| b.is_ascii_digit()).take(LABELS_MIN).count();
    let ordinals = || memchr::memmem::find(bytes, b"second").is_some();
    let again = |sign: &str| {
        memchr::memmem::find_iter(bytes, sign.as_bytes()).take(LABELS_MIN).count() == LABELS_MIN
    };
    let listed = || ["、", "然后", "接着", "接下来"].into_iter().any(again);
    signs >= LABELS_MIN || listed() || digits() >= LABELS_MIN || ordinals()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &str, expected: &str) {
        let bare = bare(keys);
        assert_eq!(bare.len(), keys.len(), "{keys}");
        let words: Vec<&str> = bare.split_whitespace().collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn leaves_words() {
        check("<li>abandon</li><li class=\"w\">ability</li>", "abandon ability");
        check("abandon&nbsp;ability%20able\\nabout", "abandon ability able about");
        check("第1个词:abandon,第2个ability", "abandon, ability");
        check("<abandon ability able about>", "<abandon ability able about>");
        check("a) bus b) can c) dog d) elf e) fox", "bus can dog elf fox");
        check("a) bus", "a) bus");
        check("- [ ] bus\n- [x] can", "- bus - can");
        check(&"<w>bus</w>".repeat(5), "bus bus bus bus bus");
        check("<w>bus</w>", "<w>bus</w>");
        check("act0r 1ocal zer0 10 a1 1able", "actor local zero 10 a1 1able");
        check(
            "first is bus, second is can, third is dog, fourth word is elf, fifth is fox",
            "bus, can, dog, elf, fox",
        );
    }
}
