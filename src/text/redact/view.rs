//! The view that detectors read: a text with one width for every character, and the way back.
//!
//! In: the original text and the ranges that must not be looked into. Out: [`View`] with two texts
//! of the same byte offsets: `text` keeps case (base58 needs it), `keys` is in lower case and
//! simplified characters (for labels and words). Invisible characters are left out, and a protected
//! range is one [`BARRIER`]. Looks for no secret itself.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::han;

/// Stands for a protected range; belongs to no word, number or key.
pub(super) const BARRIER: char = '\u{FFFC}';

/// A text as detectors read it.
pub(super) struct View {
    text: String,
    keys: String,
    odd: Vec<Odd>,
    shape: Shape,
}

/// What a text is made of: most texts lack what the costlier detectors need.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// ASCII digits.
    pub digits: usize,
    /// Han characters.
    pub han: usize,
    /// The longest stretch of letters, digits and the signs of keys and tokens, all ASCII.
    pub token: usize,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let mut shape = Shape::default();
        let mut token = 0;
        for byte in text.bytes() {
            shape.digits += usize::from(byte.is_ascii_digit());
            token = if is_token_byte(byte) { token + 1 } else { 0 };
            shape.token = shape.token.max(token);
        }
        shape
    }
}

fn is_token_byte(byte: u8) -> bool {
    static BELONGS: LazyLock<[bool; 256]> = LazyLock::new(|| {
        std::array::from_fn(|byte| {
            let byte = byte as u8;
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'+' | b'=' | b'~' | b'%')
        })
    });
    BELONGS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// A piece whose bytes differ from the original; between two odd pieces offsets run in step.
struct Odd {
    view: Range<usize>,
    original: Range<usize>,
}

impl View {
    /// The view of `text` in which `protected` ranges (sorted, apart) are barriers.
    pub(super) fn new(text: &str, protected: &[Range<usize>]) -> Self {
        let capacity = text.len();
        let mut view = View {
            text: String::with_capacity(capacity),
            keys: String::with_capacity(capacity),
            odd: Vec::new(),
            shape: Shape::default(),
        };
        let mut at = 0;
        for range in protected {
            view.push_plain(text, at..range.start);
            view.push_odd(range.clone(), std::iter::once(BARRIER));
            at = range.end;
        }
        view.push_plain(text, at..text.len());
        view.shape = Shape { han: view.shape.han, ..Shape::of(&view.text) };
        view
    }

    /// What the text is made of.
    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    /// The text in compatibility form, case kept.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The same in lower case and simplified characters; offsets agree with those of `text`.
    pub(super) fn keys(&self) -> &str {
        &self.keys
    }

    /// The part of `text` at `range`, or nothing if it is not on character borders.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The range of the original that `range` came from, on character borders.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.original_at(range.start, false);
        let end = self.original_at(range.end, true);
        start..end.max(start)
    }

    fn original_at(&self, at: usize, is_end: bool) -> usize {
        // An end that touches an odd piece lies behind it only if the piece is inside the range.
        let before = |odd: &Odd| odd.view.start < at || (odd.view.start == at && !is_end);
        let index = self.odd.partition_point(before);
        match index.checked_sub(1).and_then(|i| self.odd.get(i)) {
            None => at,
            Some(odd) if at < odd.view.end && is_end => odd.original.end,
            Some(odd) if at < odd.view.end => odd.original.start,
            Some(odd) => odd.original.end + (at - odd.view.end),
        }
    }

    fn push_plain(&mut self, text: &str, range: Range<usize>) {
        let base = range.start;
        let Some(part) = text.get(range) else { return };
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let at = base + part.len() - rest.len();
            if first.is_ascii() {
                let ascii = ascii_prefix(rest);
                if let (true, Some((head, tail))) = (ascii > 0, rest.split_at_checked(ascii)) {
                    self.push_ascii(head);
                    rest = tail;
                    continue;
                }
            }
            let (_, behind) = rest.split_at_checked(first.len_utf8()).unwrap_or_default();
            if is_stable(first) && !behind.chars().next().is_some_and(joins_before) {
                self.push_char(first);
                rest = behind;
                continue;
            }
            let len = piece_len(rest);
            let Some((piece, tail)) = rest.split_at_checked(len) else { return };
            self.push_piece(at, piece);
            rest = tail;
        }
    }

    fn push_ascii(&mut self, ascii: &str) {
        let from = self.keys.len();
        self.text.push_str(ascii);
        self.keys.push_str(ascii);
        if let Some(added) = self.keys.get_mut(from..) {
            added.make_ascii_lowercase();
        }
    }

    fn push_piece(&mut self, at: usize, piece: &str) {
        let mut chars = piece.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if is_stable(c) => self.push_char(c),
            (Some(c), None) if is_invisible(c) => {
                self.push_odd(at..at + piece.len(), std::iter::empty());
            }
            _ => {
                let shown = piece.chars().filter(|c| !is_invisible(*c));
                self.push_odd(at..at + piece.len(), shown.nfkc().map(plain_mark));
            }
        }
    }

    fn push_odd(&mut self, original: Range<usize>, folded: impl Iterator<Item = char>) {
        let start = self.text.len();
        let mut count = 0;
        for c in folded {
            self.push_char(c);
            count += 1;
        }
        // Pieces that kept their length need no entry unless an end could fall inside them.
        if self.text.len() - start != original.len() || count > 1 {
            self.odd.push(Odd { view: start..self.text.len(), original });
        }
    }

    fn push_char(&mut self, c: char) {
        self.text.push(c);
        let is_han = han::is_han(c);
        self.shape.han += usize::from(is_han);
        let key = if is_han { han::simplified(c) } else { lower(c) };
        self.keys.push(if key.len_utf8() == c.len_utf8() { key } else { c });
    }
}

/// Bytes of ASCII at the front that no mark can join: a mark belongs to the character before it.
fn ascii_prefix(text: &str) -> usize {
    let end = text.bytes().position(|b| !b.is_ascii()).unwrap_or(text.len());
    let joins = text.get(end..).and_then(|t| t.chars().next()).is_some_and(joins_before);
    if joins { end.saturating_sub(1) } else { end }
}

/// Marks on one character; beyond that a text is made to hurt.
const MARKS_MAX: usize = 16;

/// Bytes of the first character and of the marks that compose with it.
fn piece_len(text: &str) -> usize {
    let mut chars = text.char_indices();
    chars.next();
    if let Some((at, _)) = text
        .char_indices()
        .nth(MARKS_MAX)
        .filter(|_| text.chars().take(MARKS_MAX).skip(1).all(joins_before))
    {
        return at;
    }
    chars.find(|(_, c)| !joins_before(*c)).map_or(text.len(), |(at, _)| at)
}

fn joins_before(c: char) -> bool {
    let code = c as u32;
    // Korean vowels and finals compose with the consonant before them, though they are no marks.
    (0x0300..0x3400).contains(&code) && (is_combining_mark(c) || (0x1160..=0x11FF).contains(&code))
        || code > 0x9FFF && is_combining_mark(c)
}

/// Returns true if and only if compatibility composition surely keeps `c` as it is.
fn is_stable(c: char) -> bool {
    matches!(c as u32, 0x3001..=0x3029 | 0x3041..=0x3094 | 0x30A1..=0x30FA | 0x3400..=0x9FFF
        | 0xAC00..=0xD7A3 | 0x0400..=0x0482)
}

/// Characters that show nothing; web pages and chat apps put them inside words and numbers.
fn is_invisible(c: char) -> bool {
    matches!(c as u32, 0xAD | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064
        | 0x2066..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF | 0x20E3)
}

/// Quotation marks and dashes that NFKC leaves apart although users see one sign.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_and_case_with_equal_offsets() {
        let view = View::new("Ａb 轉 4\u{200B}1", &[]);
        assert_eq!(view.text(), "Ab 轉 41");
        assert_eq!(view.keys(), "ab 转 41");
        assert_eq!(view.original(0..1), 0..3);
        assert_eq!(view.original(3..6), 5..8);
        assert_eq!(view.original(7..9), 9..14);
    }

    #[test]
    fn hides_protected_ranges() {
        let view = View::new("ab«x»cd", &[2..7]);
        assert_eq!(view.text(), "ab\u{FFFC}cd");
        assert_eq!(view.original(0..2), 0..2);
        assert_eq!(view.original(5..7), 7..9);
    }
}
