//! The text in which phrases are looked for: markup and numbering are blanked, so that words and the
//! signs between them are left.
//!
//! In: the keys of a view. Out: a text of the same length with spaces in the place of tags,
//! entities, escapes and labels such as `word 3:` or 第3个词. Decides nothing about secrets.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

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
      | 第\s?[0-9〇一二三四五六七八九十]{1,3}\s?[个位]?\s?(?:单?[词字])?\s?[是为]?\s?[:=]?"#,
    )
    .ok()
});

/// Numbering in words and letters, at the beginning of a line or behind a space.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[\s,;|])(?:word|mot|palabra|parola|palavra)\s?[\#_]?\s?[0-9]{1,2}(?-u:\b)
      | (?-u:\b)[0-9]{1,2}(?:st|nd|rd|th)(?-u:\b)
      | (?:^|[\s,;。])[一二三四五六七八九十]{1,3}[、.:)]
      | (?:^|\s)[a-x][.)]\s
      | (?:^|\s)(?:i{1,3}|iv|vi{0,3}|ix|x{1,2}(?:ix|iv|v?i{0,3}))[.):]
      | (?-u:\b)(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|last|next)
          \s?(?:word|one)?\s?(?:is|was|:|=)\s
      | (?-u:\b)(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen
          |sixteen|seventeen|eighteen|nineteen|twenty(?:[\s-](?:one|two|three|four))?)\s?:",
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
    if blanks.is_empty() {
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
    Cow::Owned(text)
}

/// Labels end in signs or stand beside digits.
fn may_be_labelled(keys: &str) -> bool {
    let bytes = keys.as_bytes();
    let signs = memchr::memchr3_iter(b'.', b')', b':', bytes).take(LABELS_MIN).count();
    let digits = || bytes.iter().filter(|b| b.is_ascii_digit()).take(LABELS_MIN).count();
    let ordinals = || memchr::memmem::find(bytes, b"second").is_some();
    signs >= LABELS_MIN || keys.contains('、') || digits() >= LABELS_MIN || ordinals()
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
        check(
            "first is bus, second is can, third is dog, fourth word is elf, fifth is fox",
            "bus, can, dog, elf, fox",
        );
    }
}
