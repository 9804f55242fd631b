//! Passwords, passphrases and PINs, by their labels.
//!
//! In: the view and its labels. Out: findings. A value is a secret if its form says so (digits,
//! signs, mixed case) or its place does (`password: sunshine` at the end of a line); talk about
//! passwords ("my password is wrong") stays.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::code_near::is_post;
use super::context::{after, before, char_at};
use super::label::{Label, Link, Named, read, value};
use super::looks::{Looks, is_pin, is_talk, is_version};
use super::number_talk::{is_counted, is_other_number};
use super::strange::is_strange;
use super::view::{BARRIER, View};
use super::{Finding, SecretKind};

/// Bytes before a label in which "X is my" can stand.
const BEFORE_BYTES: usize = 80;

/// A value before its label: `hunter22 is my password`, `hunter22是我的密码`, `hunter22 as password`.
static VALUE_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:^|[\s"'“:,，：。(])([!-~]{4,40}?)["'”]?\s*(?:(?:is|was|as|=)\s(?:(?:the|my|our|a|an|his|her)\s)?(?:[a-z]{2,12}\s){0,2}|(?:就?是|作为|当)(?:你|您|我|我们)?的?(?:[^\x00-\x7f]{0,6}?))$"#,
    )
    .ok()
});

/// Finds passwords.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    for label in labels {
        let range = match label.named {
            Named::Password => ahead(view, label).or_else(|| behind(view, label)),
            Named::Pin => pin(view, label),
            // The password is gone already; what is left is the user's name.
            Named::Account if line(view, label).contains(BARRIER) => None,
            Named::Account => account(view, label).or_else(|| {
                ahead(view, label).filter(|range| !view.slice(range.clone()).contains('@'))
            }),
            _ => continue,
        };
        if let Some(range) = range {
            let secret = view.slice(range.clone());
            found.push(Finding::new(SecretKind::Password, range, secret));
        }
    }
}

fn ahead(view: &View, label: &Label) -> Option<Range<usize>> {
    let (link, range) = value(view, label)?;
    let range = without_parameters(view, label, range);
    let text = view.slice(range.clone());
    let named = view.keys().get(label.range.clone()).unwrap_or_default();
    let short_label = matches!(named, "pass" | "passes" | "passed" | "pw" | "pws");
    let looks = Looks::of(text);
    let quoted = range.start > 0 && matches!(before(view.text(), range.start, 1), "\"" | "'" | "`");
    let accepted = match link {
        Link::Sign => looks.is_strong() || is_plain_secret(view, &range, text, looks, link),
        // A dash often goes before a remark.
        Link::Dash => {
            (looks.is_strong() || text.contains('-') || looks.inner_upper)
                && is_plain_secret(view, &range, text, looks, link)
        }
        Link::Verb => {
            looks.is_strong()
                || is_strange(text)
                || (quoted || ends_clause(view, range.end))
                    && is_plain_secret(
                        view,
                        &range,
                        text,
                        looks,
                        if named.is_ascii() { link } else { Link::Sign },
                    )
                    && !short_label
        }
        Link::Space if short_label => {
            let mixed = looks.signs || looks.inner_upper || named == "pw";
            looks.digits && looks.letters && mixed && text.len() >= 8
        }
        Link::Space => {
            looks.is_strong()
                && looks.digits
                && (looks.letters || looks.signs)
                && text.len() >= 6
                && !is_version(text)
                || (quoted
                    && (looks.is_strong()
                        || looks.len >= 6
                            && !text.contains(' ')
                            && is_plain_secret(view, &range, text, looks, link)))
                || (looks.only_digits() && !is_other_number(view, &range))
                    && (text.len() >= 6 || !named.is_ascii() && is_pin(text))
                || !named.is_ascii() && is_named_word(view, &range, text, looks)
        }
    };
    (accepted && !is_counted(view, range.end) && !is_talk(text)).then_some(range)
}

/// In a link (`?pwd=x&lang=en`) the value ends where the next parameter begins.
fn without_parameters(view: &View, label: &Label, range: Range<usize>) -> Range<usize> {
    let in_link = matches!(before(view.keys(), label.range.start, 1), "?" | "&");
    let len = view.slice(range.clone()).find('&').filter(|_| in_link).unwrap_or(range.len());
    range.start..range.start + len
}

fn pin(view: &View, label: &Label) -> Option<Range<usize>> {
    let (_, range) = value(view, label)?;
    let digits = view.slice(range.clone()).trim_end_matches(['!', '?']);
    let range = range.start..range.start + digits.len();
    let whole = digits.bytes().all(|b| b.is_ascii_digit()) && (4..=8).contains(&digits.len());
    (whole && !is_counted(view, range.end) && !is_postal(view, label)).then_some(range)
}

fn is_postal(view: &View, label: &Label) -> bool {
    let (start, end) = (label.range.start, label.range.end);
    is_post(before(view.keys(), start, 60)) || is_post(after(view.keys(), end, 60))
}

/// The rest of a label's line.
fn line<'a>(view: &'a View, label: &Label) -> &'a str {
    after(view.text(), label.range.end, 96).lines().next().unwrap_or_default()
}

/// User name and password in a row: the last of up to three tokens is the password.
fn account(view: &View, label: &Label) -> Option<Range<usize>> {
    let (_, first) = value(view, label)?;
    let rest = after(view.text(), first.start, 96);
    let line = rest.lines().next().unwrap_or_default();
    let mut best = None;
    let mut at = 0;
    for token in line.split([' ', '/', ',', '|', '，', '、', ';']).take(4) {
        let range = first.start + at..first.start + at + token.len();
        at += token.len() + 1;
        let is_mail = token.contains('@') && token.contains('.');
        if (Looks::of(token).is_strong() || is_strange(token))
            && !is_mail
            && !is_talk(token)
            && !is_counted(view, range.end)
        {
            best = Some(range);
        }
    }
    best.and_then(|range| read(view, range.start))
}

fn behind(view: &View, label: &Label) -> Option<Range<usize>> {
    let front = before(view.text(), label.range.start, BEFORE_BYTES);
    let found = VALUE_BEFORE.as_ref()?.captures(front)?.get(1)?;
    let looks = Looks::of(found.as_str());
    let base = label.range.start - front.len();
    let strong =
        looks.is_strong() && looks.digits && (looks.letters || looks.signs) && found.len() >= 6;
    let is_value = strong && !is_talk(found.as_str()) && !is_version(found.as_str());
    is_value.then(|| base + found.start()..base + found.end())
}

/// 密码sunshine不对: a small word of another language, of which something is said or nothing.
fn is_named_word(view: &View, range: &Range<usize>, text: &str, looks: Looks) -> bool {
    static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^[\s,，、”」』\)]*(?:$|[。.!！？?；;\n]|不对|不行|不正确|不能|不好|不管|错|没错|没用|没反应|登|进不|打不|解不|用不|无效|失效|被拒|提示|显示|说|还是|也|一直|怎么|为什么|为啥|对的|是对|都|就|请|帮|麻烦|忘|老是|总是|过期|后|以后|之后|之前|可以|能|输|试|我|你|但|可|结果|，|,)").ok()
    });
    let said = SAID.as_ref().is_some_and(|said| said.is_match(after(view.keys(), range.end, 24)));
    said && looks.len >= 6 && is_plain_secret(view, range, text, looks, Link::Sign)
}

/// A word without digits or signs that can be meant as a password.
fn is_plain_secret(
    view: &View,
    range: &Range<usize>,
    text: &str,
    looks: Looks,
    link: Link,
) -> bool {
    let lower = text.trim_end_matches(['!', '?', '.']).to_ascii_lowercase();
    // Behind a colon stands a value more often than a remark.
    let ends: &[&str] = match link {
        Link::Sign => &["ed"],
        // "Set it to" is no remark either.
        _ if before(view.keys(), range.start, 4).trim_end().ends_with(" to") => &["ed"],
        _ => &["ed", "ing", "able", "ible", "ly", "ful", "less", "ive"],
    };
    let state = ends.iter().any(|end| lower.ends_with(end));
    let quoted = matches!(before(view.text(), range.start, 1), "\"" | "'" | "`");
    let ends = quoted || ends_clause(view, range.end);
    let upper = looks.inner_upper && looks.len >= 8;
    looks.len >= 5
        && (ends || upper)
        && (upper || quoted || !state)
        && !is_talk(text)
        && text.is_ascii()
        && !text.starts_with("http")
}

fn ends_clause(view: &View, at: usize) -> bool {
    let rest = after(view.keys(), at, 12);
    let rest = rest.trim_start_matches(['"', '\'', ')', ' ', '”']);
    let signs = [',', '.', ';', '!', '?', '\n', '\r', '。', '、', '…', '|'];
    rest.is_empty()
        || rest.starts_with(crate::text::han::is_han)
        || rest.starts_with(signs)
        || ["but ", "and ", "or ", "pls", "please", "can "].iter().any(|w| rest.starts_with(w))
        || char_at(view.text(), at).is_some_and(crate::text::han::is_han)
}
