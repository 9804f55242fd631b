//! Codes and PINs anywhere in a sentence that names one.
//!
//! In: the view and its labels. Out: findings. `i got 836398 by sms`, 短信收到032168, `i enter 6279 as
//! my pin`, `changed pin from 235183 to 870874`: digits of a code's length that nothing beside them
//! calls an amount, an order, an error or a year.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::context::{after, before};
use super::label::{Label, Named};
use super::number_talk::{is_counted, is_other_number, is_year};
use super::view::View;
use super::{Finding, SecretKind, sentence};

/// Bytes of a sentence on each side of its word.
const SIDE_BYTES: usize = 72;
/// Numbers and labels beyond which a text is made to hurt.
const NUMBERS_MAX: usize = 2_000;

/// Digits of a code, perhaps in two groups.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:g-)?(?:[0-9]{3}[ -][0-9]{3}|[0-9]{4,8})(?-u:\b)").ok()
});

/// Words for what brings codes. 码 alone is looked at closely.
static SENDERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = [
        "sms",
        "text message",
        "by text",
        "via text",
        "a text",
        "text said",
        "text says",
        "简讯",
        "texted",
        "authenticator",
        "authy",
        "verif",
        "2fa",
        "otp",
        "one-time",
        "one time",
        "6-digit",
        "6 digit",
        "six-digit",
        "six digit",
        "passcode",
        "code",
        "验证",
        "短信",
        "校验",
        "认证",
        "动态",
        "码",
    ];
    AhoCorasick::new(words).ok()
});

/// Somebody got it, typed it or tells it.
static MOVED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:got|get|gets|received?|receives|enter(?:ed|ing)?|typ(?:ed?|ing)|put|putting|input|show(?:s|ed|n|ing)?|sa(?:id|ys)|sent|sends|send|gave|gives|give|came|comes|used?|tried|try|reads?|told|tell|text(?:ed)?|arrived|digit|generat(?:ed|es))(?-u:\b)|收|输|填|显示|发来|发了|发的|发过来|发给|给我|给的|是|念|告诉|报|写|说|弹|出来|这个|打了|用了|用的").ok()
});

/// A code whose name stands right before or behind it.
static NAMED_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?x)(?:
            (?:(?P<other>[a-z]+|[^\x00-\x7f])[\s-])?(?-u:\b)code(?:\s(?:is|was|number|they\ssent|i\sgot|you\ssent))?\s?[:=\#]?\s?
          | (?P<messenger>sms|text\smessage|authenticator|authy|短信|简讯|验证器|(?:二步|两步|二次|双重|谷歌)验证)(?:\scode|\sapp|\smessage|里|上)?(?:\s(?:is|was|says|said|shows|showed|gives|gave)|是|为)?\s?:?\s?
          | (?:的|那个|这个|个|串|收到|新|位|短信|发来)码(?:是|为|:)?\s?
        )$").ok()
});
static NAMED_BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?x)^["'”)]?\s?(?:
            (?:is|was|as|=)\s(?:the|my|your|our|this|that)?\s?(?:[a-z]{2,14}\s){0,2}code(?-u:\b)
          | (?:就?是|作为)?(?:这|那|我|你)?(?:的|个|串|条)?(?:短信|手机|邮箱|邮件|登录|动态|谷歌|六位|6位)?(?:验证|校验|认证|确认|动态)?码
        )"#).ok()
});

/// Kinds of codes that are nobody's secret, by the word before "code" and the character before 码.
const OTHERS: &str = "error status exit http country area zip postal post promo promotional discount coupon voucher gift invite invitation referral ref qr bar source swift bic sort bank branch merchant currency product model order booking tracking ticket case reference response reason decline dial dialling dialing color colour chain network token contract bonus affiliate agent security-fix js css python html legal dress pin";

/// Finds codes and PINs.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    if view.shape().digits < 4 {
        return;
    }
    pins(view, labels, found);
    codes(view, found);
}

fn pins(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    let mut seen = 0;
    let pins = labels.iter().filter(|label| label.named == Named::Pin);
    for label in pins.take(NUMBERS_MAX) {
        let sentence = sentence::around(view.keys(), &label.range, SIDE_BYTES);
        if is_post(view.keys().get(sentence.clone()).unwrap_or_default()) {
            continue;
        }
        for range in numbers(view, sentence.start.max(seen)..sentence.end) {
            let text = view.slice(range.clone());
            let plain = text.bytes().all(|b| b.is_ascii_digit());
            if plain && !is_year(text) && !is_other_number(view, &range) {
                found.push(Finding::new(SecretKind::Password, range, text));
            }
        }
        seen = seen.max(sentence.end);
    }
}

/// In India a PIN code is a postcode.
pub(super) fn is_post(text: &str) -> bool {
    const POST: [&str; 9] = [
        "deliver",
        "ship",
        "provision",
        "courier",
        "address",
        "area",
        "city",
        "location",
        "postal",
    ];
    POST.iter().any(|word| text.contains(word))
}

fn codes(view: &View, found: &mut Vec<Finding>) {
    let Some(senders) = SENDERS.as_ref() else { return };
    for range in numbers(view, 0..view.keys().len()).take(NUMBERS_MAX) {
        let sentence = sentence::around(view.keys(), &range, SIDE_BYTES);
        let says = view.keys().get(sentence).unwrap_or_default();
        if senders.is_match(says) && is_code(view, says, &range) {
            let secret = view.slice(range.clone()).replace([' ', '-'], "");
            found.push(Finding::new(SecretKind::OneTimeCode, range, secret));
        }
    }
}

fn is_code(view: &View, says: &str, range: &Range<usize>) -> bool {
    let digits = view.slice(range.clone()).bytes().filter(u8::is_ascii_digit).count();
    let front = before(view.keys(), range.start, 40);
    let back = after(view.keys(), range.end, 48);
    let sender = [
        "sms",
        " text ",
        "via text",
        "by text",
        "texted",
        "authenticator",
        "authy",
        "verif",
        "2fa",
        "otp",
        "one-time",
        "one time",
        "验证",
        "短信",
        "校验",
        "认证",
        "动态码",
        "phone",
        "email",
        "e-mail",
        "手机",
        "邮箱",
        "邮件",
        "简讯",
        "the code",
        "my code",
        "that code",
    ];
    let sent = sender.iter().any(|word| says.contains(word));
    let named = NAMED_BEFORE.as_ref().and_then(|n| n.captures(front));
    if let Some(named) = &named {
        let other = named.name("other").map_or("", |m| m.as_str());
        let is_other =
            OTHERS.split(' ').any(|o| o == other) || is_failure(says) || !other.is_ascii();
        return !is_other
            && (digits == 6
                || sent
                    && named.name("messenger").is_none()
                    && !is_year(view.slice(range.clone())))
            && !is_counted(view, range.end);
    }
    if is_other_number(view, range) {
        return false;
    }
    let behind = NAMED_BEHIND.as_ref().is_some_and(|n| n.is_match(back));
    if behind {
        return digits == 6 || sent && !is_year(view.slice(range.clone()));
    }
    let moved = MOVED.as_ref().is_some_and(|m| m.is_match(says));
    digits == 6 && sent && moved && !is_failure(says)
}

/// Talk about an error, whose number is no secret.
fn is_failure(says: &str) -> bool {
    ["error code", "错误码", "错误代码", "报错", "status code", "错误 ", "error ", "errorcode"]
        .iter()
        .any(|word| says.contains(word))
}

fn numbers(view: &View, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let text = view.keys().get(part.clone()).unwrap_or_default();
    let all = CODE.as_ref().map(|code| code.find_iter(text));
    all.into_iter().flatten().map(move |m| part.start + m.start()..part.start + m.end()).filter(
        |range| {
            let front = before(view.keys(), range.start, 4);
            let back = after(view.keys(), range.end, 4);
            let mut back = back.chars();
            let joined = matches!(back.next(), Some('.' | ',' | ':' | '/' | '-' | '_' | '%' | '@'))
                && back.next().is_some_and(|c| c.is_ascii_alphanumeric());
            // Times and ratios.
            let timed =
                front.strip_suffix(':').is_some_and(|f| f.ends_with(|c: char| c.is_ascii_digit()));
            let signed = front.ends_with(['.', '/', '_', '#', '+', '$', '*', '=', '@'])
                || front.ends_with('-') && !front.ends_with(" -");
            !(joined || timed || signed)
        },
    )
}
