//! Cues: whether the words around an opaque value call it a private key or something public.
//!
//! In: the view and the range of a value. Out: a [`Cue`]. The nearest word before the value wins;
//! a word behind it counts if a verb or a bracket joins it, or if nothing was said before.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::cue_words::{Named, Speaks, named};
use super::view::View;

/// What the surroundings say about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// "private key:", 私钥是: said of the value itself.
    PrivateKey,
    /// A key is spoken of in the same breath and nothing else is: "my key", "secret key, tell nobody".
    Key,
    /// Keys are spoken of, not surely this value.
    PerhapsKey,
    /// A transaction, a hash, an address, a signature, a public key.
    Public,
    /// Nothing.
    None,
}

/// Bytes before a value in which words speak of it: about two clauses.
const BEFORE_BYTES: usize = 96;
/// Bytes behind a value in which a remark speaks of it.
const AFTER_BYTES: usize = 64;

/// Links a value to the word before it: `private key: `, `私钥是`, `PRIVATE_KEY="`.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(?:[\s:=>→⇒"'`“‘「『【(\[{<,;.#*\-|)\]」』】”0-9]|(?-u:\b)(?:is|was|are|in|hex|base64|u8|uint8array|array|list|let|const|here|this|my|the|below|follows|as|of|old|new|one|account|wallet|format|value|raw|string|bytes|app|from|e|g|i|use|used|have|got|it|and|btc|eth|evm|sol|solana|tron|trx|ton|sui|aptos|bitcoin|ethereum|xrp|ripple|stellar|xlm|shows?|split|into|first|second|1st|2nd|half|parts?|lines?|rows?|pieces?)(?-u:\b)|是|为|如下|在这|在此|这个|这串|就|的|我|你|看|给|发|了|一下|:|，|。|钱包|账户|格式|导出|出来|来|分成?|第?[一二两三四前后上下][ 0-9]*(?:半(?:部分|段)?|段|行|部分|位|截|份))*$"#).ok()
});

/// Ends a statement that a value closes: `the private key for it is`, `给我的私钥：`.
static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:[:=：>→]|(?-u:\b)(?:is|was|are|below|here|follows)|是|为|如下)[\s"'`“「『【(\[]*$"#,
    )
    .ok()
});

/// Words that turn from the key to something else, or say what became of it.
static TURN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:but|then|why|how|when|where|after|before|never|because|since|now|still|with|leaked?|stolen|stole|hacked|safe|lost|compromised|exposed|drained|gone|missing)(?-u:\b)|但|可是|然后|之后|以后|为什么|怎么|因为|从没|从未|没有|现在|泄|被盗|丢|安全|没了|不见|^ ?[后时]").ok()
});

/// Links a value to the word behind it: ` is my private key`, `（私钥）`, `这是我的私钥`.
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"^["'`”»」』=]*[\s,，;:.。\^-]*(?P<joint>[(\[（<](?:(?:this|that|it|which)(?: is| was|'?s)|这?是)?|(?:that |this |it |which |these )?(?:is|was|'s|are)(?-u:\b)|(?:that|it)'?s(?-u:\b)|这?就?是|这[笔个条串]?(?:就?是)?|作为|as(?-u:\b)|in(?:to)?(?-u:\b)|<?[-=]+>?)?\s*(?:the|my|our|a|one|of|an?|all|old|eth|evm|btc|sol|我的?|旧的?|钱包的?|\s)*$"#
    )
    .ok()
});

/// A clause further behind that says what the value is: `…发给骗子了，是私钥`.
static LATER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[,，;；。.\s](?:(?:it|this|that|which)(?:'?s| is| was)|(?:其实|这个|那个|这串|这|那|它)?就?是)\s*(?:the|my|a|an|our|old|eth|btc|evm|我的?|钱包的?|\s)*$").ok()
});

/// What may follow such words so that they speak of the value.
static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(?:$|[吗吧啊呀哦呢了\s]*(?:[,，.。!！?？;；:：)）\]」"'\n]|$)|\s*(?:field|box|i |for|of|from|to|in|with|and|what|by|can|please|pls|help|,))"#).ok()
});

/// What follows where a loss is spoken of and not the value: "is my private key leaked?".
static LOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:was |is |been |got )?(?:leaked|stolen|safe|compromised|exposed|hacked|lost|泄|被|丢|安全)").ok()
});

/// What is said about the value at `range`.
pub(super) fn cue(view: &View, range: &Range<usize>) -> Cue {
    let window = scope(before(view.keys(), range.start, BEFORE_BYTES));
    let words = named(window);
    let nearest = words.last();
    let link = nearest.and_then(|n| window.get(n.range.end..)).unwrap_or_default();
    let linked = LINK.as_ref().is_some_and(|l| l.is_match(link));
    match nearest.map(|n| n.speaks) {
        Some(Speaks::PrivateKey) if linked => return Cue::PrivateKey,
        Some(Speaks::Public) if linked => return Cue::Public,
        _ => {}
    }
    let tail = after(view.keys(), range.end, AFTER_BYTES);
    let tail = tail.split("\n\n").next().unwrap_or_default();
    let behind = named(tail);
    if let Some(cue) = remark(tail, &behind, nearest.map(|n| n.speaks)) {
        return cue;
    }
    match nearest.map(|n| n.speaks) {
        Some(Speaks::PrivateKey) if is_one_breath(link) => Cue::Key,
        Some(Speaks::Key) if linked || (is_one_breath(link) && is_closing(link)) => Cue::Key,
        Some(Speaks::PrivateKey | Speaks::Key) => Cue::PerhapsKey,
        Some(Speaks::KeyUse) => match behind.first().map(|n| n.speaks) {
            Some(Speaks::PrivateKey) => Cue::Key,
            _ => described(window, &words, Speaks::KeyUse).unwrap_or(Cue::PerhapsKey),
        },
        Some(speaks) => described(window, &words, speaks).unwrap_or(Cue::Public),
        None => match behind.first().map(|n| n.speaks) {
            // The address of a wallet on some chains looks like a key.
            Some(Speaks::PrivateKey) if is_holder(window) => Cue::None,
            Some(Speaks::PrivateKey) => Cue::PerhapsKey,
            Some(Speaks::Public | Speaks::Moved) => Cue::Public,
            _ => Cue::None,
        },
    }
}

/// Returns true if and only if a text ends in what has an address.
fn is_holder(window: &str) -> bool {
    let window = window.trim_end_matches([' ', ':', '是', '为']);
    ["wallet", "account", "钱包", "账户", "账号"].iter().any(|holder| window.ends_with(holder))
}

/// The part of the text before a value that speaks of it: an empty line ends it, unless the words
/// before the line lead to the value.
fn scope(window: &str) -> &str {
    let Some((front, last)) = window.rsplit_once("\n\n") else { return window };
    let ends = |n: &Named| front.get(n.range.end..).is_some_and(|rest| rest.trim().is_empty());
    let leads = is_closing(front) || named(front).last().is_some_and(ends);
    if last.trim().is_empty() && leads {
        front
            .rsplit_once("\n\n")
            .map_or(window, |(head, _)| window.get(head.len() + 2..).unwrap_or_default())
    } else {
        last
    }
}

/// Returns true if and only if a sentence runs on to the value and stays with its subject.
fn is_one_breath(between: &str) -> bool {
    let between = between.trim_end();
    let ends = between.contains(['。', '!', '?', ';', '\n']) || between.contains(". ");
    !ends && !TURN.as_ref().is_none_or(|t| t.is_match(between))
}

/// Returns true if and only if a statement leads to the value: "… is", "…:".
fn is_closing(between: &str) -> bool {
    CLOSING.as_ref().is_some_and(|c| c.is_match(between))
}

/// A private key that is described by other words ("the private key for address X is", "the secret
/// key I sent you"), before which it was named.
fn described(window: &str, words: &[Named], nearest: Speaks) -> Option<Cue> {
    let key = words.iter().rfind(|n| n.speaks == Speaks::PrivateKey)?;
    let between = window.get(key.range.end..)?;
    if !is_one_breath(between) {
        return None;
    }
    let of = [
        "for ", "of ", "to ", "from ", "on ", "in ", "that ", "which ", "i ", "you ", "he ",
        "they ",
    ];
    let of = of.iter().any(|word| between.trim_start().starts_with(word));
    match nearest {
        _ if of && is_closing(between) => Some(Cue::PrivateKey),
        Speaks::KeyUse => Some(Cue::Key),
        Speaks::Moved if !between.contains([',', '，']) => Some(Cue::Key),
        _ => None,
    }
}

/// What a remark behind the value says.
fn remark(tail: &str, behind: &[Named], ahead: Option<Speaks>) -> Option<Cue> {
    let first = behind.first()?;
    let front = tail.get(..first.range.start)?;
    let open = matches!(ahead, None | Some(Speaks::PrivateKey | Speaks::Key | Speaks::KeyUse));
    if let Some(captures) = REMARK.as_ref().and_then(|r| r.captures(front)) {
        let joined = captures.name("joint").is_some();
        return match first.speaks {
            Speaks::PrivateKey if open && !is_lost(tail, first) => Some(Cue::PrivateKey),
            Speaks::PrivateKey if joined && is_said(tail, first) => Some(Cue::PrivateKey),
            Speaks::Key if joined && open && is_said(tail, first) => Some(Cue::Key),
            Speaks::Public if open => Some(Cue::Public),
            _ => None,
        };
    }
    let key = behind.iter().take_while(|n| n.speaks != Speaks::Public);
    let key = key.into_iter().find(|n| n.speaks == Speaks::PrivateKey)?;
    let later =
        LATER.as_ref().is_some_and(|l| tail.get(..key.range.start).is_some_and(|t| l.is_match(t)));
    (later && is_said(tail, key)).then_some(Cue::PrivateKey)
}

fn is_said(tail: &str, word: &Named) -> bool {
    let rest = tail.get(word.range.end..).unwrap_or_default();
    SAID.as_ref().is_some_and(|s| s.is_match(rest))
}

fn is_lost(tail: &str, word: &Named) -> bool {
    let rest = tail.get(word.range.end..).unwrap_or_default();
    LOST.as_ref().is_some_and(|l| l.is_match(rest))
}

/// Returns true if and only if the value stands inside a link, as in the pages of block explorers.
pub(super) fn is_in_link(view: &View, start: usize) -> bool {
    let window = before(view.keys(), start, BEFORE_BYTES);
    let token =
        window.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '(')).next();
    let token = token.unwrap_or_default();
    let is_link = token.contains("://") || token.contains(".io/") || token.contains(".com/");
    is_link
        || ["/tx/", "/txn/", "/transaction/", "/block/", "/#/"].iter().any(|p| token.contains(p))
}
