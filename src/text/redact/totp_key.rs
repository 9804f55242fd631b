//! Setup keys of authenticators: base32 beside words for a setup or a second factor.
//!
//! In: the view. Out: findings. The form alone is that of an order number or an address, so words for
//! a key and for what it sets up must stand near.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::strange::is_random;
use super::view::View;
use super::{Finding, SecretKind};

/// The shortest key.
pub(super) const LEN_MIN: usize = 16;
/// Bytes in which words announce a key.
const BEFORE_BYTES: usize = 96;
const AFTER_BYTES: usize = 56;

/// A link that carries all keys of an authenticator.
static MIGRATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)otpauth-migration://offline\?data=([A-Za-z0-9+/=%_-]{16,})").ok()
});

static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[A-Z2-7]{16,64}|[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,15})={0,6}").ok()
});

/// What the key sets up.
static SETUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"2fa|mfa|totp|(?-u:\b)otp(?-u:\b)|authenticator|authy|google auth|two[ -]?factor|two[ -]?step|set-?\s?up|manual|(?-u:\b)qr(?-u:\b)|[0-9]{2}[ -](?:character|char|letter|digit)|验证器|身份验证|谷歌|二步|两步|双重|二次验证|2步|双因素|绑定|手动|二维码").ok()
});

/// Words for a key.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:key|secret|seed|code|token)s?(?-u:\b)|密钥|秘钥|密匙|秘匙|私钥|金钥")
        .ok()
});

/// Finds setup keys.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut push = |range: Range<usize>| {
        let secret = view.slice(range.clone()).replace([' ', '-'], "");
        found.push(Finding::new(SecretKind::OneTimeCode, range, secret));
    };
    if let Some(links) = MIGRATION.as_ref().filter(|_| view.keys().contains("otpauth-migration")) {
        links
            .captures_iter(view.text())
            .filter_map(|c| Some(c.get(1)?.range()))
            .for_each(&mut push);
    }
    let Some(keys) = KEY.as_ref() else { return };
    let keys = keys.find_iter(view.text()).map(|m| m.range());
    keys.filter(|range| is_key(view, range)).for_each(&mut push);
}

fn is_key(view: &View, range: &Range<usize>) -> bool {
    let text = view.slice(range.clone());
    let behind = view.text().as_bytes().get(range.end);
    let whole = behind.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    // Stellar addresses have 56 characters, those of Algorand 58.
    let address = matches!(text.len(), 56 | 58);
    if !whole || digits == 0 && !is_random(text) || letters < 8 || address {
        return false;
    }
    let front = before(view.keys(), range.start, BEFORE_BYTES);
    let front = front.rsplit("\n\n").next().unwrap_or_default();
    let back = after(view.keys(), range.end, AFTER_BYTES);
    let says = |words: &LazyLock<Option<Regex>>, text: &str| {
        words.as_ref().is_some_and(|w| w.is_match(text))
    };
    says(&SETUP, front) && says(&NAMED, front)
        || says(&SETUP, back) && says(&NAMED, back)
        || says(&NAMED, front) && says(&SETUP, back)
        || says(&SETUP, front) && says(&NAMED, back)
}
