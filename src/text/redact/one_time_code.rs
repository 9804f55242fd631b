//! One-time codes, card security codes and authenticator secrets, by their labels.
//!
//! In: the view and its labels. Out: findings. Short digits are secrets only because of the words
//! beside them, so counts ("6 digits", 5 次), error codes and postcodes stay.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::label::{self, Label, Link, Named};
use super::number_talk::is_counted;
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes around a label in which a code can stand.
const NEAR_BYTES: usize = 48;

/// Digits, perhaps in two halves or behind the sender's letter.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^#?((?:g-)?[0-9]{3}[ -][0-9]{3,4}|(?:g-)?[0-9]{4,8}|(?:[0-9] ){3,7}[0-9]|(?:[0-9]-){3,7}[0-9])(?:[^0-9a-z_%/:-]|[-:]\s|$)").ok()
});

/// Letters and digits, as some senders write codes.
static MIXED_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^([A-Z0-9]{5,10}|[a-z0-9]{6,10}|[A-Z0-9]{3,5}-[A-Z0-9]{3,5})(?:[^A-Za-z0-9_/-]|$)")
        .ok()
});

/// Words before "code" that make it another kind of code.
static OTHER_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:error|status|exit|http|country|area|zip|postal?|post|promo\w*|discount|coupon|voucher|gift|invite|invitation|referral|ref|qr|bar|source|swift|bic|sort|bank|branch|merchant|currency|product|model|order|booking|tracking|ticket|case|reference|response|reason|decline|dial\w*|colou?r|chain|network|token|contract|错误|国家|邮政|二维|条形|优惠|邀请|推荐|错误代)[ -]?$").ok()
});

/// Words before "code" that make it the one that was sent.
static SENT_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?-u:\b)the|(?-u:\b)my|(?-u:\b)this|(?-u:\b)that|(?-u:\b)your|digit|received|sent|got|entered|typed|new|correct|right|:|^|[.,!?]) ?$").ok()
});

/// A code before its label: `482913 is your verification code`, `482913（验证码）`.
static CODE_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9a-z#_.,/-])((?:g-)?[0-9]{3}[ -][0-9]{3}|(?:g-)?[0-9]{4,8})\s?(?:(?:is|was|as|=|-)\s(?:(?:the|your|my|our|an?)\s)?(?:[a-z]{2,16}\s){0,2}|(?:是|为|就是|作为|当)(?:你|您|我)?的?(?:[^\x00-\x7f]{0,6}?)|\s?\()$").ok()
});

/// The card code is three or four digits.
static CARD_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^([0-9]{3,4}|[0-9] [0-9] [0-9])(?:[^0-9a-z./]|[./]?\s|[./]?$)").ok()
});

/// Base32 of an authenticator.
static OTP_SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^((?:[A-Za-z2-7]{4}[ -]?){4,13}|[A-Za-z2-7]{16,64})(?:[^A-Za-z0-9]|$)").ok()
});

/// Finds codes.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    for label in labels {
        let (kind, range) = match label.named {
            Named::CardCode => (SecretKind::Cvv, ahead(view, label, &CARD_CODE)),
            Named::OtpSecret => (SecretKind::OneTimeCode, otp_secret(view, label)),
            Named::OneTimeCode => one_time(view, label),
            Named::Code => (SecretKind::OneTimeCode, plain_code(view, label)),
            // A passcode may be written as two groups of digits.
            Named::Password if view.keys().get(label.range.clone()) == Some("passcode") => {
                (SecretKind::OneTimeCode, ahead(view, label, &CODE))
            }
            _ => continue,
        };
        if let Some(range) = range {
            let secret = view.slice(range.clone()).replace([' ', '-'], "");
            found.push(Finding::new(kind, range, secret));
        }
    }
}

fn one_time(view: &View, label: &Label) -> (SecretKind, Option<Range<usize>>) {
    // "Security code" of three or four digits is the one on the card.
    let code = ahead(view, label, &CODE);
    if is_security_code(view, label) && code.as_ref().is_none_or(|code| code.len() <= 4) {
        if let Some(on_card) = ahead(view, label, &CARD_CODE) {
            return (SecretKind::Cvv, Some(on_card));
        }
    }
    let code = code.or_else(|| mixed(view, label)).or_else(|| behind(view, label));
    (SecretKind::OneTimeCode, code)
}

fn is_security_code(view: &View, label: &Label) -> bool {
    view.keys()
        .get(label.range.clone())
        .is_some_and(|l| l.starts_with("security") || l.contains("安全码"))
}

fn plain_code(view: &View, label: &Label) -> Option<Range<usize>> {
    let front = before(view.keys(), label.range.start, 24);
    let other = OTHER_CODE.as_ref().is_some_and(|o| o.is_match(front));
    let sent = SENT_CODE.as_ref().is_some_and(|s| s.is_match(front));
    let linked = label::value(view, label).is_some_and(|(link, _)| link != Link::Space)
        || ["received ", "sent ", "got ", "entered ", "typed "].iter().any(|w| front.ends_with(w));
    // Without a word that says which code, only the usual six digits count.
    let usual = |range: &Range<usize>| {
        view.slice(range.clone()).bytes().filter(u8::is_ascii_digit).count() == 6
    };
    if other || !sent || !linked { None } else { ahead(view, label, &CODE).filter(usual) }
}

fn ahead(view: &View, label: &Label, shape: &LazyLock<Option<Regex>>) -> Option<Range<usize>> {
    let (_, value) = label::value(view, label)?;
    let code = shape.as_ref()?.captures(after(view.keys(), value.start, NEAR_BYTES))?.get(1)?;
    let range = value.start + code.start()..value.start + code.end();
    (!is_counted(view, range.end) && !is_year(view, &range)).then_some(range)
}

/// 验证码 2024年 is caught by its unit, "in 2024" by this.
fn is_year(view: &View, range: &Range<usize>) -> bool {
    before(view.keys(), range.start, 3) == "in "
}

fn mixed(view: &View, label: &Label) -> Option<Range<usize>> {
    let (link, value) = label::value(view, label)?;
    let code =
        MIXED_CODE.as_ref()?.captures(after(view.text(), value.start, NEAR_BYTES))?.get(1)?;
    let has = |test: fn(&u8) -> bool| code.as_str().as_bytes().iter().any(test);
    // 验证码K7QX2P过期: between Chinese characters nothing else needs to say so.
    let between = value.start == label.range.end
        && !view.keys().get(label.range.clone())?.is_ascii()
        && code.as_str().bytes().filter(u8::is_ascii_digit).count() >= 2;
    let is_code =
        has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) && (link != Link::Space || between);
    let range = value.start + code.start()..value.start + code.end();
    (is_code && !is_counted(view, range.end)).then_some(range)
}

fn behind(view: &View, label: &Label) -> Option<Range<usize>> {
    let front = before(view.keys(), label.range.start, NEAR_BYTES);
    let code = CODE_BEFORE.as_ref()?.captures(front)?.get(1)?;
    let base = label.range.start - front.len();
    Some(base + code.start()..base + code.end())
}

fn otp_secret(view: &View, label: &Label) -> Option<Range<usize>> {
    let (_, value) = label::value(view, label)?;
    let secret = OTP_SECRET.as_ref()?.captures(after(view.text(), value.start, 96))?.get(1)?;
    let text = secret.as_str().trim_end();
    let upper = text.bytes().all(|b| !b.is_ascii_lowercase());
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    (upper || digits).then(|| value.start..value.start + text.len())
}
