//! Cues: whether the words around an opaque value call it a private key or something public.
//!
//! In: the view and the range of a value. Out: a [`Cue`]. The nearest word before the value wins;
//! a word behind it counts only if it is joined by a verb or a bracket.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::view::View;

/// What the surroundings say about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// "private key:", 私钥是: said of the value itself.
    PrivateKey,
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
const AFTER_BYTES: usize = 48;

const PRIVATE: &str = r"priv(?:ate)?[ _-]?keys?|pvt[ _-]?key|(?-u:\b)pk(?-u:\b)|secret[ _-]?keys?|secret[ _-]?seed|wallet[ _-]?seed|family seed|master[ _-]?(?:key|seed|secret)|spend(?:ing)? key|signing key|(?-u:\b)wif(?-u:\b)|私钥|密钥|秘钥|金钥|私key|密匙|私匙|助记|种子|(?-u:\b)seed(?-u:\b)|(?-u:\b)secret(?-u:\b)|clave privada|cl[eé] priv[eé]e|秘密鍵|개인 ?키";
const PERHAPS: &str = r"(?-u:\b)keys?(?-u:\b)|(?-u:\b)import(?:ed|ing)?(?-u:\b)|(?-u:\b)export(?:ed|ing)?(?-u:\b)|paper wallet|(?-u:\b)sweep|导入|汇入|导出|纸钱包";
const PUBLIC: &str = r"(?-u:\b)tx(?:s|n|id|hash)?(?-u:\b)|(?-u:\b)tx_|transactions?|(?-u:\b)hash(?:es)?(?-u:\b)|hash(?-u:\b)|sha-?(?:256|3)|keccak|checksum|signatures?|(?-u:\b)sig(?-u:\b)|signed|digest|merkle|commit|(?-u:\b)blocks?(?-u:\b)|block[ _-]?hash|public[ _-]?keys?|pub[ _-]?key|address(?:es)?|contract|receipt|explorer|scan(?-u:\b)|bridge|swap|order|deposit|withdraw|transfer|(?-u:\b)sent(?-u:\b)|(?-u:\b)send(?-u:\b)|pending|confirmed|failed tx|topic|calldata|(?-u:\b)data(?-u:\b)|(?-u:\b)node(?-u:\b)|fingerprint|(?-u:\b)cid(?-u:\b)|(?-u:\b)root(?-u:\b)|哈希|哈西|交易|区块|签名|摘要|公钥|地址|合约|转账|转出|转入|提现|充值|提币|充币|流水|回执|凭证|浏览器|跨链|兑换|订单|校验|指纹|记录|单号|到账|txid";

static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!("(?P<private>{PRIVATE})|(?P<public>{PUBLIC})|(?P<perhaps>{PERHAPS})")).ok()
});

/// Links a value to the word before it: `private key: `, `私钥是`, `PRIVATE_KEY="`.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(?:[\s:=>"'`(\[{<,;.#*\-|)\]0-9]|(?-u:\b)(?:is|was|are|in|hex|here|this|my|the|below|follows|as|of|old|new|one|account|wallet|format|value|raw|string|app|from|e|g|i|use|used|have|got|it|and|btc|eth|evm|sol|solana|tron|bitcoin|ethereum|xrp|ripple|stellar|xlm)(?-u:\b)|是|为|如下|在这|在此|这个|这串|就|的|我|你|看|给|发|了|一下|:|，|。|钱包|账户|格式|导出|出来|来)*$"#).ok()
});

/// Links a value to the word behind it: ` is my private key`, `（私钥）`, `这是我的私钥`.
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r#"^["'`”»=]*[\s,，;:.。-]*(?:[(\[（<]|(?:that |this |it |which )?(?:is|was|'s|are)(?-u:\b)|这?就?是|这[笔个条串]?|作为|as(?-u:\b)|<?[-=]+>?)?\s*(?:the|my|our|a|one|of|an?|old|eth|evm|btc|sol|我的?|旧的?|钱包的?|\s)*(?:(?P<private>{PRIVATE})|(?P<public>{PUBLIC}))"#
    ))
    .ok()
});

/// What is said about the value at `range`.
pub(super) fn cue(view: &View, range: &Range<usize>) -> Cue {
    let window = before(view.keys(), range.start, BEFORE_BYTES);
    // An empty line ends what words speak of.
    let window = window.rsplit("\n\n").next().unwrap_or_default();
    let ahead = nearest(window);
    match ahead {
        Cue::PrivateKey | Cue::Public => ahead,
        Cue::PerhapsKey | Cue::None => remark(view, range.end).unwrap_or(ahead),
    }
}

fn nearest(window: &str) -> Cue {
    let Some(captures) = BEFORE.as_ref().and_then(|b| b.captures_iter(window).last()) else {
        return Cue::None;
    };
    if captures.name("public").is_some() {
        return Cue::Public;
    }
    let end = captures.get(0).map_or(0, |m| m.end());
    let link = window.get(end..).unwrap_or_default();
    let linked = LINK.as_ref().is_some_and(|l| l.is_match(link));
    if captures.name("private").is_some() && linked { Cue::PrivateKey } else { Cue::PerhapsKey }
}

fn remark(view: &View, end: usize) -> Option<Cue> {
    let captures = REMARK.as_ref()?.captures(after(view.keys(), end, AFTER_BYTES))?;
    Some(if captures.name("private").is_some() { Cue::PrivateKey } else { Cue::Public })
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
