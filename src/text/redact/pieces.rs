//! Numbers and keys that are written in pieces with words between: "first half … second half …",
//! 前八位…后八位….
//!
//! In: the text between two pieces. Out: whether it does no more than lead from one piece to the
//! next. What the pieces make together is for the detectors of cards and keys.

use std::sync::LazyLock;

use regex::Regex;

use super::context::after;

/// Bytes between two pieces.
const GAP_BYTES: usize = 56;

/// Words that order pieces; with them alone the pieces belong together.
const ORDER: &str = r"(?-u:\b)(?:first|second|third|fourth|last|final|rest|remaining|half|halves|parts?|pieces?|lines?|rows?|segments?|1st|2nd|3rd|4th|starts?|starting|begins?|beginning|ends?|ending|middle)(?-u:\b)|[前后末尾]|中间|[第半段行组截]|部分|剩下|其余|余下|开头|结尾|接下来";
/// Words that stand between pieces.
const FILLER: &str = r"(?-u:\b)(?:and|then|the|is|are|it|its|of|to|with|in|by|next|followed|after|that|this|continues?|other|plus|finally|digits?|numbers?|nums?|figures|characters|chars|four|six|eight|ten|group|block|card|key|private|front|back|goes|comes|on|also|no|hex)(?-u:\b)|然后|接[着著]|最后|再来?|和|跟|加上?|以|的|是|为|位|码|数字?|字符?|号码|卡号|私钥|[一二三四五六八十上下面个]";

static ORDERED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(ORDER).ok());

static GAP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r#"^(?:[\s:,;.\-()\[\]/&+|=→>"'`、，。：；（）「」“”#]|[0-9]{{1,2}}(?:[^0-9]|$)|{ORDER}|{FILLER})*$"#
    ))
    .ok()
});

/// How a text leads from one piece to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// By words that order pieces: "second half", 后八位.
    InOrder,
    /// By signs and words such as "and", "then".
    On,
    /// It does not.
    Away,
}

/// How `gap`, in the view's lower case, leads from one piece to the next.
pub(super) fn leads(gap: &str) -> Leads {
    if gap.len() <= 2 && gap.bytes().all(|b| matches!(b, b' ' | b'\n' | b',' | b'-')) {
        return Leads::On;
    }
    let fits = gap.len() <= GAP_BYTES && !gap.contains("\n\n");
    if !fits || !GAP.as_ref().is_some_and(|g| g.is_match(gap)) {
        return Leads::Away;
    }
    if is_in_order(gap) { Leads::InOrder } else { Leads::On }
}

/// Returns true if and only if a text holds a word that orders pieces.
pub(super) fn is_in_order(text: &str) -> bool {
    ORDERED.as_ref().is_some_and(|o| o.is_match(after(text, 0, GAP_BYTES)))
}
