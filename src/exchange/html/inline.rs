//! A paragraph under construction: text with emphasis, links and code, as Markdown.
//!
//! Marks are written when text comes, not when their tags do: empty ones leave nothing, blanks move
//! out of them, and a mark that would not be read as one beside its neighbours gets a blank.

use std::fmt::Write;

/// Emphasis, a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Bold.
    Strong,
    /// Italic.
    Emphasis,
    /// Struck through.
    Deleted,
    /// A link to there.
    Link(String),
}

impl Mark {
    fn opening(&self) -> &'static str {
        match self {
            Mark::Strong => "**",
            Mark::Emphasis => "*",
            Mark::Deleted => "~~",
            Mark::Link(_) => "[",
        }
    }

    fn closing(&self) -> String {
        match self {
            Mark::Link(target) => format!("]({})", escaped_target(target)),
            other => other.opening().to_owned(),
        }
    }
}

/// Text of one block.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    /// What is open, the outermost first, and whether it has been written.
    marks: Vec<(Mark, bool)>,
    /// A blank is due before the next text.
    blank: bool,
    /// The last thing written closed a mark that ends in punctuation.
    after_mark: bool,
}

/// The most marks at a time; nobody reads more.
const MARKS_MAX: usize = 8;

impl Inline {
    /// Adds text as HTML has it: any white space is one blank.
    pub(super) fn push(&mut self, text: &str) {
        for (at, word) in text.split(is_blank).enumerate() {
            self.blank |= at > 0;
            if !word.is_empty() {
                self.word(&escaped(word), word.chars().next());
            }
        }
    }

    /// Adds code; what is in it stays as it is.
    pub(super) fn code(&mut self, code: &str) {
        let code = code.split(is_blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        if code.is_empty() {
            return;
        }
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        self.word(&format!("{fence}{pad}{code}{pad}{fence}"), Some('`'));
    }

    /// A line break inside the block.
    pub(super) fn line_break(&mut self) {
        if !self.text.is_empty() {
            self.close_written();
            self.text.push_str("\\\n");
        }
        self.blank = false;
    }

    fn word(&mut self, markdown: &str, first: Option<char>) {
        let begins_line = self.text.is_empty() || self.text.ends_with('\n');
        let blank = std::mem::take(&mut self.blank) && !begins_line;
        let before = if blank { Some(' ') } else { self.text.chars().next_back() };
        // What stands behind an emphasis that opens here: of a mark inside it, a star or bracket.
        let mut opening = self.marks.iter().filter(|(_, written)| !written).map(|(mark, _)| mark);
        let opens = opening.next().is_some_and(|mark| !matches!(mark, Mark::Link(_)));
        let first_inside = if opening.next().is_some() { Some('*') } else { first };
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let punctuation = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !is_blank(c));
        // `字**“` opens nothing and `”**字` closes nothing.
        let glued = (opens && letter(before) && punctuation(first_inside))
            || (std::mem::take(&mut self.after_mark) && letter(first));
        if blank || (glued && !begins_line) {
            self.text.push(' ');
        }
        for (mark, written) in &mut self.marks {
            if !std::mem::replace(written, true) {
                // `!` before a link would make an image of it.
                if matches!(mark, Mark::Link(_)) && self.text.ends_with('!') {
                    self.text.insert(self.text.len() - 1, '\\');
                }
                self.text.push_str(mark.opening());
            }
        }
        self.text.push_str(markdown);
    }

    pub(super) fn open(&mut self, mark: Mark) {
        let is_link = |m: &Mark| matches!(m, Mark::Link(_));
        if is_link(&mark) {
            self.close(&is_link);
        }
        let twice = self.marks.iter().any(|(known, _)| *known == mark);
        if !twice && self.marks.len() < MARKS_MAX {
            self.marks.push((mark, false));
        }
    }

    /// Closes the innermost mark of a kind; what was opened inside it goes on after it.
    pub(super) fn close(&mut self, kind: &dyn Fn(&Mark) -> bool) {
        let Some(at) = self.marks.iter().rposition(|(mark, _)| kind(mark)) else { return };
        for index in (at..self.marks.len()).rev() {
            self.close_at(index);
        }
        self.marks.remove(at);
    }

    fn close_at(&mut self, index: usize) {
        let Some((mark, written)) = self.marks.get_mut(index) else { return };
        if std::mem::take(written) {
            let ends_in_letter = self.text.chars().next_back().is_some_and(char::is_alphanumeric);
            self.after_mark = !ends_in_letter && !matches!(mark, Mark::Link(_));
            self.text.push_str(&mark.closing());
        }
    }

    fn close_written(&mut self) {
        for index in (0..self.marks.len()).rev() {
            self.close_at(index);
        }
    }

    /// The text so far; marks that are open go on in the next block.
    pub(super) fn take(&mut self) -> String {
        self.close_written();
        self.blank = false;
        self.after_mark = false;
        let text = std::mem::take(&mut self.text);
        let text = text.trim_end_matches("\\\n").trim_end();
        text.lines().map(escaped_start).collect::<Vec<_>>().join("\n")
    }
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{A0}'
}

/// The longest run of a character.
pub(super) fn longest_run(text: &str, c: char) -> usize {
    text.split(|other| other != c).map(str::len).max().unwrap_or(0)
}

/// A word that Markdown shows as it is.
fn escaped(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut before = None;
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => !(inside(before) && inside(after)),
            '&' => after.is_some_and(|a| a.is_ascii_alphanumeric() || a == '#'),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// A line that does not begin as a heading, list, quotation, rule or table would.
fn escaped_start(line: &str) -> String {
    let first = line.split([' ', '\t']).next().unwrap_or_default();
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let after_digits = first.get(digits..).unwrap_or_default();
    if (1..=9).contains(&digits) && matches!(after_digits, "." | ")") {
        return format!(
            "{}\\{}",
            line.get(..digits).unwrap_or_default(),
            line.get(digits..).unwrap_or_default()
        );
    }
    let is_rule = line.chars().all(|c| matches!(c, '-' | '=' | ':' | '|' | ' '));
    let heading = !first.is_empty() && first.len() <= 6 && first.bytes().all(|b| b == b'#');
    let begins = heading || matches!(first, "-" | "+") || line.starts_with(['>', '|']) || is_rule;
    if begins && !line.is_empty() { format!("\\{line}") } else { line.to_owned() }
}

/// A target that ends where it should.
fn escaped_target(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for c in target.chars() {
        match c {
            ' ' | '(' | ')' | '<' | '>' | '\\' | '"' | '\n' | '\t' | '\r' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{:02X}", c as u32);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
