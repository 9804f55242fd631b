//! Logins without a label: what stands beside a mail address, a user or a network's name.
//!
//! In: the view. Out: findings. `ola@example.com:Maple!1989`, `ola@example.com----Maple1989`,
//! `curl -u admin:Maple1989`, `WiFi HomeNet/88642211`, and columns headed "password".

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::context::before;
use super::looks::{Looks, is_talk};
use super::strange::{is_numbered_word, is_strange};
use super::view::View;
use super::{Finding, SecretKind};

/// A mail address and what follows it.
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,32}(?:\.[A-Za-z0-9-]{2,24}){1,3}(?:\s?(?:-{2,6}|[|/;,~])\s?|[:\t]|\s{1,4})([^\s\x22'(<\[{&\x80-\u{10ffff}][!-~]{5,39})").ok()
});

/// A password in a link: `https://user:pass@host`.
static LINK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"://[^\s/:@]{0,64}:([^\s/]{3,128})@").ok());

/// A user and a password for a program.
static PROGRAM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:^|\s)(?:(?:-u|--user|--proxy-user)[ =]["']?[^\s:"'/]{1,64}:|(?:mysql|mysqldump|sshpass)\s[^\n]{0,64}?-p\s?)([^\s"']{3,128})"#)
        .ok()
});

/// The name of a network and its password.
static NETWORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:wi-?fi|ssid|wlan|无线|热点)(?:名称?|name)?\s?[:=是]?\s?([^\s/:|,，]{2,32})\s?(?:/|\||,|:)\s?([!-~]{8,40})").ok()
});

/// What each form begins with, and the form.
const HINTS: [(&str, Form); 11] = [
    ("@", Form::Mail),
    (" -u", Form::Program),
    (" -p", Form::Program),
    ("--user", Form::Program),
    ("--proxy-user", Form::Program),
    ("wifi", Form::Network),
    ("wi-fi", Form::Network),
    ("ssid", Form::Network),
    ("wlan", Form::Network),
    ("无线", Form::Network),
    ("热点", Form::Network),
];

static HINT: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(HINTS.map(|(hint, _)| hint)).ok());

/// A form of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Mail,
    Program,
    Network,
}

/// Finds passwords of logins.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let Some(hint) = HINT.as_ref() else { return };
    let forms: BTreeSet<Form> = hint
        .find_iter(view.keys())
        .filter_map(|m| HINTS.get(m.pattern().as_usize()).map(|(_, form)| *form))
        .collect();
    for form in forms {
        for range in values(view, form) {
            let secret = view.slice(range.clone());
            found.push(Finding::new(SecretKind::Password, range, secret));
        }
    }
}

fn values(view: &View, form: Form) -> Vec<Range<usize>> {
    let text = view.text();
    let all = |regex: &LazyLock<Option<Regex>>, part: &str, group: usize| -> Vec<Range<usize>> {
        let captures = regex.as_ref().map(|regex| regex.captures_iter(part));
        captures.into_iter().flatten().filter_map(|c| Some(c.get(group)?.range())).collect()
    };
    let mut values = match form {
        Form::Mail => {
            let mut values = all(&MAIL, text, 1);
            values.retain(|value| is_beside_mail(view, value));
            if text.contains("://") {
                values.extend(all(&LINK, text, 1));
            }
            values
        }
        Form::Program => all(&PROGRAM, text, 1),
        Form::Network => all(&NETWORK, view.keys(), 2),
    };
    for value in &mut values {
        let bare = view.slice(value.clone()).trim_end_matches(['.', ',', ';', ')', '"', '\'', '|']);
        value.end = value.start + bare.len();
    }
    values.retain(|value| {
        let value = view.slice(value.clone());
        match form {
            Form::Mail => true,
            Form::Program => !is_talk(value) && !value.starts_with('$'),
            Form::Network => is_strange(value) || Looks::of(value).only_digits(),
        }
    });
    values
}

/// Behind nothing but a blank also stand other words of the sentence.
fn is_beside_mail(view: &View, value: &Range<usize>) -> bool {
    let front = before(view.text(), value.start, 8).trim_end();
    let parted = front.ends_with(['-', '|', '/', ';', ',', '~', ':']);
    let text = view.slice(value.clone());
    is_strange(text) || parted && is_numbered_word(text)
}
