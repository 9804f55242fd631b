//! How a version is written: words that the glossary advises against, and Chinese typography.

use crate::lang::Lang;
use crate::text::glossary::Glossary;
use crate::text::han::is_han;

use super::place::{Findings, Passage, passages};

/// Characters of a text that are quoted on each side of what is wrong in it.
const EXCERPT_CHARS: usize = 6;

pub(super) fn check(glossary: &Glossary, findings: &mut Findings<'_>) {
    let article = findings.article;
    let passages = passages(article);
    avoided_words(glossary, &passages, findings);
    if article.lang == Lang::Zh {
        half_width_marks(&passages, findings);
        missing_spaces(&passages, findings);
    }
}

/// Compared as written, not folded: a spelling to avoid (到帐) may fold to the preferred one (到账).
fn avoided_words(glossary: &Glossary, passages: &[Passage<'_>], findings: &mut Findings<'_>) {
    let lang = findings.article.lang;
    let groups = glossary.groups().iter();
    let avoided: Vec<(String, &str)> = groups
        .flat_map(|g| {
            let preferred = if lang == Lang::Zh { &g.zh } else { &g.en };
            g.avoid.iter().map(|w| (w.to_lowercase(), preferred.as_str()))
        })
        .collect();
    for passage in passages {
        let text = passage.text.to_lowercase();
        for (word, preferred) in avoided.iter().filter(|(word, _)| contains_word(&text, word)) {
            let message = format!("the glossary avoids `{word}`");
            findings.warning(passage.line, message, &format!("write `{preferred}`"));
        }
    }
}

/// Chinese words stand anywhere, Latin ones between borders.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        let first = word.chars().next();
        let last = word.chars().next_back();
        !glued(before, first) && !glued(last, after)
    })
}

fn glued(left: Option<char>, right: Option<char>) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
    is_latin(left) && is_latin(right)
}

/// ASCII marks that end or part a Chinese clause: `好,` but not `9:00` or `Wallet, Send`.
fn half_width_marks(passages: &[Passage<'_>], findings: &mut Findings<'_>) {
    for passage in passages {
        let chars: Vec<char> = passage.text.chars().collect();
        let found = (0..chars.len()).find(|&at| is_half_width(&chars, at, passage.is_code));
        if let Some(at) = found {
            let message = format!("half-width punctuation in `{}`", excerpt(&chars, at));
            findings.warning(passage.line, message, "write ，。？！：；（） in Chinese text");
        }
    }
}

fn is_half_width(chars: &[char], at: usize, is_code: bool) -> bool {
    let han_at =
        |index: Option<usize>| index.and_then(|i| chars.get(i)).is_some_and(|c| is_han(*c));
    let after_han = han_at(at.checked_sub(1));
    let spaces = chars.iter().skip(at + 1).take_while(|c| **c == ' ').count();
    let before_han = han_at(Some(at + 1 + spaces));
    let at_end = at + 1 + spaces >= chars.len();
    match chars.get(at) {
        // A form to fill in may use half-width marks beside its fields.
        Some(',' | ';' | '?' | '!' | ':') => after_han && (before_han || !is_code),
        Some('.') => after_han && (before_han || at_end) && !is_code,
        Some('(') => before_han && !is_code,
        Some(')') => after_han && !is_code,
        _ => false,
    }
}

/// Chinese beside Latin letters or digits without a space: said once a file, with how often.
fn missing_spaces(passages: &[Passage<'_>], findings: &mut Findings<'_>) {
    let mut count = 0;
    let mut first: Option<(usize, String)> = None;
    for passage in passages.iter().filter(|p| !p.is_code) {
        let chars: Vec<char> = passage.text.chars().collect();
        for (at, pair) in chars.windows(2).enumerate() {
            let &[left, right] = pair else { continue };
            if is_han(left) && right.is_ascii_alphanumeric()
                || left.is_ascii_alphanumeric() && is_han(right)
            {
                count += 1;
                first.get_or_insert_with(|| (passage.line, excerpt(&chars, at)));
            }
        }
    }
    if let Some((line, excerpt)) = first {
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let message =
            format!("no space between Chinese and Latin letters or digits, {times}: `{excerpt}`");
        findings.warning(line, message, "put a space between them");
    }
}

fn excerpt(chars: &[char], at: usize) -> String {
    let start = at.saturating_sub(EXCERPT_CHARS);
    chars.iter().skip(start).take(at - start + EXCERPT_CHARS + 1).collect()
}
