//! Passwords anywhere in a sentence that names a password.
//!
//! In: the view and its labels. Out: findings. `used tiger_1022 for the wallet password`,
//! 用Hainan#1129登录提示密码错误: no link leads from the label to the value, so the value must be
//! strange by itself, or digits that a verb of typing or guessing stands before.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before, stretches};
use super::label::{Label, Named};
use super::number_talk::{is_counted, is_other_number, is_year};
use super::strange::{is_numbered_word, is_shouted, is_strange};
use super::view::View;
use super::{Finding, SecretKind, sentence};

/// Bytes of a sentence on each side of its label.
const SIDE_BYTES: usize = 100;

/// What a token is called right before it, so that it is no password.
static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)(?:
            (?-u:\b)(?:id|uid|user|username|user\sname|login|account|handle|nick(?:name)?|name|device|phone|model|version|build|order|ticket|case|ref|reference|error|err|code|tx|txid|hash|commit|address|promo|coupon|invite|referral|telegram|tg|twitter|wechat|whatsapp|discord|instagram|app|file|backup|called|named|ssid|wifi|network|contract|token|coin|http|sha256|md5)
            (?:\s(?:is|was|id|code|number|name))?\s?[:=\#]?\s?["'(]?
          | (?:用户名|用户|账号|账户|帐号|昵称|网名|型号|机型|手机|设备|订单|订单号|单号|工单|编号|错误码|错误代码|错误|报错|地址|哈希|邀请码|优惠码|推荐码|兑换码|微信|微信号|电报|推特|文件|备份|名字叫|版本|系统|合约|代币|热点|网络)
            (?:是|为|叫)?\s?:?\s?["'(「“]?
          )$"#,
    )
    .ok()
});

/// Digits as passwords: what stands before them.
static GUESSED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)(?:
            (?-u:\b)(?:give|use|try|be|maybe|perhaps|either|or|definitely|surely|tried|typed|entered|typing|entering|enter|type|from|to|into|was|is|with)\s["'(]?
          | (?-u:\b)(?:new|old|current|previous|pass(?:word|code)|pwd|pw)(?:\sone)?\s?[:=(\["']\s?["'(]?
          | (?:密码|口令)\s?["'(\[「『【“]
          | (?:可能|应该|好像|大概|也许|估计|不|就|肯定|一定|明明)是\s?["'「“]?
          | (?:或者?|还是|试了|试过|输了|输的|输入了?|打|填|改成了?|换成了?|设成了?|由|从|用了?|旧|新|是)\s?["'「“]?
          )$"#,
    )
    .ok()
});

/// Between two passwords of a list.
static LISTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^["'”)]?\s?(?:,|、|;|/|\bor\b|\band\b|或者?|还是|和|就是|跟|&)\s?(?:maybe\s|perhaps\s|even\s|then\s|also\s|是)?["'“(]?$"#).ok()
});

/// Finds passwords that stand beside no label.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    let mut seen = 0;
    // Ends of the passwords so far.
    let mut ends: BTreeSet<usize> = found
        .iter()
        .filter(|finding| finding.kind == SecretKind::Password)
        .map(|finding| finding.range.end)
        .collect();
    for label in labels.iter().filter(|label| names_password(view, label)) {
        let sentence = sentence::around(view.keys(), &label.range, SIDE_BYTES);
        let from = sentence.start.max(seen);
        for range in tokens(view, from..sentence.end) {
            let before = ends.range(..=range.start).next_back();
            let listed = before.is_some_and(|end| is_listed(view, *end, range.start));
            if !inside(labels, &range) && is_value(view, &range, listed) {
                ends.insert(range.end);
                let secret = view.slice(range.clone());
                found.push(Finding::new(SecretKind::Password, range, secret));
            }
        }
        seen = seen.max(sentence.end);
    }
}

/// "Pass" alone is a verb, and PINs have their own rule.
fn names_password(view: &View, label: &Label) -> bool {
    let named = view.keys().get(label.range.clone()).unwrap_or_default();
    match label.named {
        Named::Password => !matches!(named, "pass" | "passes" | "passed"),
        Named::Account => true,
        _ => false,
    }
}

/// Returns true if and only if nothing but a comma or "or" stands between two values.
fn is_listed(view: &View, end: usize, start: usize) -> bool {
    let gap = view.keys().get(end..start).filter(|gap| gap.len() <= 16);
    gap.is_some_and(|gap| LISTED.as_ref().is_some_and(|listed| listed.is_match(gap)))
}

fn is_value(view: &View, range: &Range<usize>, listed: bool) -> bool {
    let text = view.slice(range.clone());
    let front = before(view.keys(), range.start, 40);
    let called = after(view.text(), range.end, 1) == "(";
    if called || is_counted(view, range.end) {
        return false;
    }
    let guessed = listed || GUESSED.as_ref().is_some_and(|g| g.is_match(front));
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return (6..=12).contains(&text.len())
            && !is_year(text)
            && !is_other_number(view, range)
            && guessed
            && !is_amount(view, range);
    }
    (is_strange(text) || guessed && (is_numbered_word(text) || is_shouted(text)))
        && CALLED.as_ref().is_none_or(|called| !called.is_match(front))
}

/// 用100000充值: what is done with a number behind it that is no password.
fn is_amount(view: &View, range: &Range<usize>) -> bool {
    let back = after(view.keys(), range.end, 24);
    let back = back.trim_start();
    ["充", "买", "卖", "转", "提现", "提币", "支付", "购"].iter().any(|verb| back.starts_with(verb))
}

fn inside(labels: &[Label], range: &Range<usize>) -> bool {
    let at = labels.partition_point(|label| label.range.end <= range.start);
    labels.get(at).is_some_and(|label| label.range.start < range.end)
}

/// Tokens of a range: signs of sentences around them left out. Quotes, brackets and commas divide.
fn tokens(view: &View, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let text = view.slice(part.clone());
    let belongs = |b: u8| b.is_ascii_graphic() && !b"\"'`()[]{}<>,;|".contains(&b);
    stretches(text, belongs).filter_map(move |token| {
        let whole = text.get(token.clone())?;
        let bare = whole.trim_start_matches(['-', ':', '=']);
        let start = part.start + token.end - bare.len();
        let bare = bare.trim_end_matches(['.', ':', '?', '-']);
        (!bare.is_empty()).then(|| start..start + bare.len())
    })
}
