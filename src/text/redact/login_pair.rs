//! Logins without a label: what stands beside a mail address, a user or a network's name.
//!
//! In: the view. Out: findings. `ola@example.com:Maple!1989`, `ola@example.com----Maple1989`,
//! `curl -u admin:Maple1989`, `WiFi HomeNet/88642211`, and columns headed "password".

use std::sync::LazyLock;

use regex::Regex;

use super::looks::{Looks, is_talk};
use super::strange::{is_numbered_word, is_strange};
use super::view::View;
use super::{Finding, SecretKind};

/// A mail address and what follows it.
static MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,32}(?:\.[A-Za-z0-9-]{2,24}){1,3}(?:\s?(?:-{2,6}|[|/;,~])\s?|[:\t]|\s{1,4})([^\s\x22'(<\[{&\x80-\u{10ffff}][!-~]{5,39})"#).ok()
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
    Regex::new(r#"(?:wi-?fi|ssid|wlan|无线|热点)(?:名称?|name)?\s?[:=是]?\s?([^\s/:|,，]{2,32})\s?(?:/|\||,|:)\s?([!-~]{8,40})"#).ok()
});

/// Finds passwords of logins.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut push = |range: std::ops::Range<usize>| {
        let bare = view.slice(range.clone()).trim_end_matches(['.', ',', ';', ')', '"', '\'', '|']);
        let range = range.start..range.start + bare.len();
        let secret = view.slice(range.clone());
        found.push(Finding::new(SecretKind::Password, range, secret));
    };
    if let Some(mail) = MAIL.as_ref().filter(|_| view.text().contains('@')) {
        let values = mail.captures_iter(view.text()).filter_map(|c| c.get(1));
        let values = values.filter(|value| {
            // Behind nothing but a blank also stand other words of the sentence.
            let parted = view
                .slice(0..value.start())
                .trim_end()
                .ends_with(['-', '|', '/', ';', ',', '~', ':']);
            is_strange(value.as_str()) || parted && is_numbered_word(value.as_str())
        });
        values.for_each(|value| push(value.range()));
    }
    if let Some(link) =
        LINK.as_ref().filter(|_| view.text().contains("://") && view.text().contains('@'))
    {
        link.captures_iter(view.text())
            .filter_map(|c| c.get(1))
            .for_each(|value| push(value.range()));
    }
    if let Some(program) = PROGRAM.as_ref().filter(|_| {
        view.text().contains(" -u") || view.text().contains(" -p") || view.text().contains("--")
    }) {
        let values = program.captures_iter(view.text()).filter_map(|c| c.get(1));
        let values =
            values.filter(|value| !is_talk(value.as_str()) && !value.as_str().starts_with('$'));
        values.for_each(|value| push(value.range()));
    }
    let named = ["wifi", "wi-fi", "ssid", "wlan", "无线", "热点"];
    if let Some(network) =
        NETWORK.as_ref().filter(|_| named.iter().any(|n| view.keys().contains(n)))
    {
        let values = network.captures_iter(view.keys()).filter_map(|c| c.get(2));
        let values = values.filter(|value| {
            let text = view.slice(value.range());
            is_strange(text) || Looks::of(text).only_digits()
        });
        values.for_each(|value| push(value.range()));
    }
}
