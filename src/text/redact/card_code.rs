//! The security code of a card, as people describe it: "the 3 digits on the back are …", 卡背三码….
//!
//! In: the view. Out: findings. Three or four digits are the code because of the words beside them;
//! words that fit other numbers too ("back number", 背面) count only where a card is spoken of.
//! The usual names (CVV, 安全码) are labels and found as such.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::card_pieces::is_of_card;
use super::context::{after, before};
use super::number_talk::is_counted;
use super::view::{BARRIER, View};
use super::{Finding, SecretKind};

/// Digits of the shortest code.
pub(super) const DIGITS_MIN: usize = 3;
/// Bytes around a description in which a card is spoken of.
const CARD_BYTES: usize = 96;

/// Every description holds one of these.
static HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let hints = [
        "cvv", "cvc", "cvn", "csc", "digit", "number", "back", "behind", "reverse", "security",
        "背", "反面", "后面", "后三", "末三", "尾三",
    ];
    AhoCorasick::new(hints).ok()
});

/// From a description to its code. Those that are not `sure` need a card beside them.
static DESCRIBED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let side =
        r"(?:back|reverse|rear|other\sside|flip\sside|signature\s(?:strip|panel|line))(?:\sside)?";
    let of =
        r"(?:\s(?:of|on)\s(?:the\s|my\s|this\s|it(?-u:\b)\s?)?(?:card|visa|mastercard|amex)?)?";
    let shown = r"(?:\s(?:that(?:'s|\sis|\sare)?|which\s(?:is|are)|is|are|printed|written|shown))?";
    let on = format!(
        r"{shown}\s(?:(?:on|at|from|in|off)\s(?:the\s|my\s)?(?:{side}|card){of}|behind(?:\s(?:the|my)\scard)?)"
    );
    let kind = r"(?:\s(?:security|cvv|cvc|card|verification))?";
    let sign = r#"[\s:=,()\[\]"'#>-]*"#;
    let verb = "(?:is|are|was|were|says?|reads?|it's|(?:ends\\sup\\s)?being|i\\s(?:typed|entered|put|wrote|used|gave|have|see)|number|code|no)";
    let link = format!(r"(?:\s?\([^()\n]{{0,20}}\))?{sign}(?:(?-u:\b){verb}(?-u:\b){sign}){{0,2}}");
    let sure = [
        format!(r"(?:cv[vcn](?:2(?-u:\b))?|csc)(?:\s?(?:number|num|no\.?|code|digits?))?(?:{on})?"),
        r"security\scode\s(?:on|of|for)\s(?:the\s|my\s)?(?:card|visa|mastercard|amex)".to_owned(),
        format!(
            r"(?:last\s)?(?:3|three|4|four)[\s-]?(?:digits?|numbers?|nums?){kind}(?:\s(?:code|number|pin))?{on}"
        ),
        format!(r"(?:3|three)[\s-]?digits?{kind}\s(?:code|pin)"),
        format!(r"(?:security|verification|safety)\s(?:digits?|code|numbers?|nums?){on}"),
        format!(r"(?:code|digits|numbers?){shown}\s(?:on|at|from|off)\s(?:the\s|my\s)?{side}{of}"),
    ];
    let near = [
        format!(r"(?:4|four)[\s-]?digits?{kind}\s(?:code|number|pin)"),
        r"(?:code|digits|numbers?|three|3)\sbehind".to_owned(),
        format!(r"{side}\s(?:code|numbers?|digits?)"),
        r"security\s(?:number|no\.?|digits?)".to_owned(),
        format!(r"(?:on|from)\sthe\s{side}{of}"),
    ];
    let back = r"(?:卡片?的?后面|(?:卡片?的?)?(?:背面|背后|背部|反面|卡背))(?:签名[栏条处](?:旁边?|后面?|上)?)?的?(?:那|这|有)?[个组串]?";
    let noun = "(?:数字?|码|号码?|代码|安全码|校验码|验证码)";
    let zh_sure =
        format!("{back}(?:(?:最?[后末尾])?(?:[三四] ?[位个码]?|[34] ?[位个码])的?{noun}?|{noun})");
    let zh_near =
        format!("(?:背面|背后|反面)(?:是|有|写着|印着)?|最?[后末尾]面?的?[三3][位个码]{noun}?");
    let zh_link = r#"(?:\s?\([^()\n]{0,20}\))?[\s:=,("'「“)是为填写就]*"#;
    Regex::new(&format!(
        r"(?:(?-u:\b)(?:(?P<sure>{})|(?P<near>{})){link}|(?:(?P<zhsure>{zh_sure})|(?P<zhnear>{zh_near})){zh_link})",
        sure.join("|"),
        near.join("|"),
    ))
    .ok()
});

/// The code itself, at the end of a description.
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^([0-9]{3,4}|[0-9] [0-9] [0-9](?: [0-9])?)(?:$|[^0-9a-z./:%-]|[./:-](?:[^0-9a-z]|$))",
    )
    .ok()
});

/// The rest of a phone number: cards have one on their back as well.
static PHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[ -][0-9]{3}[ -]?[0-9]{3,4}(?:[^0-9]|$)").ok());

/// A code before its description: `577 on the back of my card`.
static CODE_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s,:(是])([0-9]{3,4})\s?(?:(?:is|are|was|as)\s(?:the\s|my\s)?|[(=,]\s?(?:the\s|my\s)?|是|为|the\s)?$").ok()
});

/// Finds security codes by their descriptions.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let keys = view.keys();
    let Some(described) = DESCRIBED.as_ref() else { return };
    if !HINT.as_ref().is_some_and(|hint| hint.is_match(keys)) {
        return;
    }
    for captures in described.captures_iter(keys) {
        let Some(at) = captures.get(0).map(|m| m.range()) else { continue };
        let sure = captures.name("sure").or(captures.name("zhsure")).is_some();
        let code = ahead(view, at.end).or_else(|| behind(view, at.start));
        if let Some(code) = code.filter(|_| sure || is_beside_card(view, &at)) {
            let secret = view.slice(code.clone()).replace(' ', "");
            found.push(Finding::new(SecretKind::Cvv, code, secret));
        }
    }
}

fn ahead(view: &View, at: usize) -> Option<Range<usize>> {
    let code = CODE.as_ref()?.captures(after(view.keys(), at, 16))?.get(1)?;
    let range = at + code.start()..at + code.end();
    let rest = after(view.keys(), range.end, 16);
    let phone = PHONE.as_ref().is_some_and(|p| p.is_match(rest));
    let code = view.slice(range.clone());
    let year = code.len() == 4 && (code.starts_with("19") || code.starts_with("20"));
    (!phone && !year && !is_counted(view, range.end)).then_some(range)
}

fn behind(view: &View, at: usize) -> Option<Range<usize>> {
    let front = before(view.keys(), at, 24);
    let code = CODE_BEFORE.as_ref()?.captures(front)?.get(1)?;
    let base = at - front.len();
    Some(base + code.start()..base + code.end())
}

/// Returns true if and only if a card is spoken of around a place, or its number was taken there.
fn is_beside_card(view: &View, at: &Range<usize>) -> bool {
    let front = before(view.keys(), at.start, CARD_BYTES);
    let tail = after(view.keys(), at.end, CARD_BYTES);
    let number = |text: &str| {
        text.contains(BARRIER) || text.bytes().filter(u8::is_ascii_digit).count() >= 13
    };
    is_of_card(front) || is_of_card(tail) || number(front) || number(tail)
}
