//! Folding: one spelling for what readers take as the same text.
//!
//! In: any text. Out: [`Folded`], the text in NFKC (so full-width forms become ordinary ones),
//! lower case and simplified characters, with a map back to the original bytes. Folding comes
//! before segmentation: a dictionary of simplified words cannot cut 國際論壇.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::han;

/// A folded text and the way back to where each byte came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    text: String,
    /// Original start and end of the piece that each folded byte came from; `None` while every
    /// piece kept its length, which holds for ASCII and nearly all Chinese text.
    origins: Option<Vec<(u32, u32)>>,
}

impl Folded {
    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The range of the original text that `range` of the folded text came from.
    ///
    /// `range` must be on character borders of the folded text; the answer is on character borders
    /// of the original.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let Some(origins) = &self.origins else { return range };
        let start = origins.get(range.start).map(|o| o.0);
        let end = range.end.checked_sub(1).and_then(|last| origins.get(last)).map(|o| o.1);
        if let (Some(start), Some(end)) = (start, end) {
            return start as usize..end.max(start) as usize;
        }
        let end = origins.last().map_or(0, |o| o.1 as usize);
        end..end
    }
}

/// Folds a text. Idempotent: folding the folded text changes nothing.
///
/// # Examples
/// ```
/// use zhinan::text::fold::fold;
/// let folded = fold("ＵＳＤＴ轉帳");
/// assert_eq!(folded.text(), "usdt转账");
/// assert_eq!(folded.original(4..7), 12..15); // 转 came from 轉
/// ```
pub fn fold(text: &str) -> Folded {
    let mut folder = Folder { out: String::with_capacity(text.len()), origins: None };
    let mut pieces = text.char_indices().peekable();
    while let Some((start, c)) = pieces.next() {
        let mut end = start + c.len_utf8();
        // A base character and its marks compose together, so they are folded as one piece.
        while let Some(&(at, _)) =
            pieces.peek().filter(|(_, m)| *m >= '\u{300}' && is_combining_mark(*m))
        {
            end = at + pieces.next().map_or(0, |(_, m)| m.len_utf8());
        }
        folder.push(text, start, end, c);
    }
    Folded { text: folder.out, origins: folder.origins }
}

struct Folder {
    out: String,
    origins: Option<Vec<(u32, u32)>>,
}

impl Folder {
    fn push(&mut self, text: &str, start: usize, end: usize, c: char) {
        let before = self.out.len();
        // The map may be left out only while every character keeps its borders: ᾿ becomes a space
        // and a mark of the same length together.
        let mut in_step = true;
        if c.is_ascii() && end - start == 1 {
            self.out.push(c.to_ascii_lowercase());
        } else if han::is_han(c) && end - start == c.len_utf8() {
            // A compatibility ideograph still needs NFKC; ordinary ones are stable under it.
            if (0xF900..=0xFAFF).contains(&(c as u32)) || c as u32 >= 0x2F800 {
                self.out.extend(c.nfkc().map(han::simplified));
                in_step = lengths(self.out.get(before..)).eq(lengths(text.get(start..end)));
            } else {
                let simple = han::simplified(c);
                in_step = simple.len_utf8() == c.len_utf8();
                self.out.push(simple);
            }
        } else if let Some(piece) = text.get(start..end) {
            // Lower case can decompose (İ), so NFKC runs on both sides of it.
            let lower: String = piece.nfkc().flat_map(char::to_lowercase).collect();
            self.out.extend(lower.nfkc().map(plain_mark).map(han::simplified));
            in_step = lengths(self.out.get(before..)).eq(lengths(text.get(start..end)));
        }
        let written = self.out.len() - before;
        if self.origins.is_none() && !in_step {
            self.origins = Some((0..before as u32).map(|b| char_range(text, b)).collect());
        }
        if let Some(origins) = &mut self.origins {
            origins.extend(std::iter::repeat_n((start as u32, end as u32), written));
        }
    }
}

/// Lengths of the characters of a text.
fn lengths(text: Option<&str>) -> impl Iterator<Item = usize> {
    text.unwrap_or_default().chars().map(char::len_utf8)
}

/// Quotation marks and dashes that NFKC leaves apart although users see one sign.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// The range of the character of `text` that byte `at` belongs to.
fn char_range(text: &str, at: u32) -> (u32, u32) {
    let at = at as usize;
    let start = (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let end = (at + 1..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    (start as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(fold(input).text(), expected, "folding {input:?}");
        assert_eq!(fold(expected).text(), expected, "folding {expected:?} again");
    }

    #[test]
    fn folds_width_case_and_traditional_forms() {
        check("ＵＳＤＴ　提現", "usdt 提现");
        check("Ｅ－５０３：Don’t", "e-503:don't");
        check("ﬁnance ① ㎏", "finance 1 kg");
        check("Cafe\u{301}", "café");
        check("", "");
    }

    #[test]
    fn maps_back_to_whole_original_characters() {
        let folded = fold("ａ轉b");
        assert_eq!(folded.text(), "a转b");
        assert_eq!(folded.original(0..1), 0..3);
        assert_eq!(folded.original(1..4), 3..6);
        assert_eq!(folded.original(4..5), 6..7);
        assert_eq!(folded.original(0..5), 0..7);
    }
}
