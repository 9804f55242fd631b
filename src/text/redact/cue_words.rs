//! The words that call a value a private key or something public, in the languages of tickets.
//!
//! In: a short text around a value, in the view's lower case. Out: [`Named`] words with their
//! ranges. What they mean for the value is decided in `cue`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use strsim::osa_distance;

/// What a word speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    /// A private key: "private key", 私钥.
    PrivateKey,
    /// Some key: "my key", `ETH_KEY`, `importKey(`.
    Key,
    /// A place where keys are used: "import", "paper wallet".
    KeyUse,
    /// A thing that is public: "tx hash", 地址.
    Public,
    /// What happens to coins and messages alike: "sent", 收到.
    Moved,
}

/// A word and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// What it speaks of.
    pub speaks: Speaks,
    /// Bytes of the text that was looked at.
    pub range: Range<usize>,
}

const PRIVATE: &[&str] = &[
    r"priv(?:ate|\.)?[ _.-]{0,2}keys?",
    r"pvt[ _-]?key",
    r"(?-u:\b)pk(?-u:\b)",
    r"secret[ _-]?(?:keys?|numbers?)",
    r"(?:wallet|secret|family|master)[ _-]?(?:seed|secret)",
    r"master[ _-]?key",
    r"(?:spend(?:ing)?|signing|view|sym|symmetric)[ _-]?key",
    r"(?-u:\b)entropy(?-u:\b)",
    r"(?-u:\b)wif(?-u:\b)",
    r"(?-u:\b)(?:seed|secret)(?-u:\b)",
    "私[钥鑰匙药]|私key|[密秘]钥串?|金钥串?|密匙|思钥|助记|种子|熵值?",
    r"(?-u:\b)si ?yao(?-u:\b)",
    "(?:clave|llave) privada|cl[eé] priv[eé]e|chave privada|privat(?:er)? ?schl[uü]ssel|chiave privata",
    "(?:приватный|закрытый|секретный) ключ|özel anahtar|kunci (?:pribadi|privat)|khóa (?:riêng|bí mật)",
    "秘密鍵|개인 ?키|비밀 ?키",
];

/// `wallet("` is how programs take a key.
const KEY: &[&str] = &[r"(?:(?-u:\b)|_)keys?(?-u:\b)", "importkey", r#"wallet\(["'`]"#];

const KEY_USE: &[&str] = &[
    r"(?-u:\b)(?:im|ex)port(?:ed|ing|s)?(?-u:\b)",
    r"paper wallet",
    r"(?-u:\b)sweep(?-u:\b)",
    "[导匯汇]入|导出|纸钱包",
];

const PUBLIC: &[&str] = &[
    r"(?-u:\b)tx(?:s|n|id|hash)?(?-u:\b)|(?-u:\b)tx_|txid|transactions?",
    r"(?-u:\b)hash(?:es)?(?-u:\b)|hash(?-u:\b)|sha-?(?:256|3)|keccak|checksum|digest|merkle",
    r"signatures?|(?-u:\b)sig(?-u:\b)|signed|commit|(?-u:\b)blocks?(?-u:\b)|block[ _-]?hash",
    r"pub(?:lic)?[ _.-]?keys?|address(?:es)?|contract|receipt|implicit account|account id",
    r"(?:cache|object|storage|idempotency|primary|partition|lookup|session|license|licence|hash|verification|verifying|consensus)[ _-]?key",
    // Not public, but found by what tokens are called.
    r"api[ _-]?(?:keys?|secret|token)|(?:client|app|webhook|access|auth)[ _-]?(?:secret|token)",
    r"explorer|scan(?-u:\b)|blockchair|mempool|blockstream|on[ -]?chain",
    r"bridge|(?-u:\b)order|pending|unconfirmed|confirmed|confirmations?|failed tx|topic|calldata",
    r"(?-u:\b)(?:utxos?|outpoint|vout|dust|inscriptions?|runes?|etch(?:ed|ing)?|ordinals?|nonce|gas|gwei|broadcast(?:ed)?|mined|mint(?:ed)?|stuck|refund(?:ed)?|payment|credited|arrived?|completed|status|trace|approve[ds]?|approval|operation|cancell?ed)(?-u:\b)",
    r"speed(?:ing)? up|user ?op|wrong (?:network|chain)",
    r"(?-u:\b)(?:data|node|fingerprint|cid|root)(?-u:\b)",
    "哈希|哈西|交易|区块|签名|摘要|公钥|地址|合约|提现|充值|提币|充币|流水|回执|凭证|浏览器|跨链|兑换|订单|校验|指纹|记录|单号",
    "到账|入账|出账|[这那两几一]笔|链上|上链|打包|广播|矿工费|卡住|[未没待已个不]确认|确认[中了数]|汇款|付款|打款|打币|退款|转错|转账",
];

const MOVED: &[&str] = &[
    r"(?-u:\b)(?:sent|send|sending|received?|receiving)(?-u:\b)",
    "transfer|withdraw|deposit|swap",
    "转出|转入|收到|转给|转到|转走",
];

static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let group = |name: &str, words: &[&str]| format!("(?P<{name}>{})", words.join("|"));
    let groups = [
        group("private", PRIVATE),
        group("public", PUBLIC),
        group("moved", MOVED),
        group("key", KEY),
        group("use", KEY_USE),
    ];
    Regex::new(&groups.join("|")).ok()
});

/// The words that speak of keys or of public things, leftmost first.
pub(super) fn named(text: &str) -> Vec<Named> {
    const GROUPS: [(&str, Speaks); 5] = [
        ("private", Speaks::PrivateKey),
        ("public", Speaks::Public),
        ("moved", Speaks::Moved),
        ("key", Speaks::Key),
        ("use", Speaks::KeyUse),
    ];
    let Some(words) = WORDS.as_ref() else { return Vec::new() };
    let found = words.captures_iter(text).filter_map(|c| {
        let speaks = GROUPS.iter().find(|(name, _)| c.name(name).is_some())?.1;
        Some(Named { speaks, range: c.get(0)?.range() })
    });
    let mut named: Vec<Named> = found.filter(|word| !is_spent(text, word)).collect();
    if let Some(range) = misspelt(text) {
        named.retain(|n| n.range.end <= range.start || n.range.start >= range.end);
        let at = named.partition_point(|n| n.range.start < range.start);
        named.insert(at, Named { speaks: Speaks::PrivateKey, range });
    }
    named
}

/// What is named by its own value: "address 0x0f7d…" says nothing about another one.
static OWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:address|pub|contract|account id|地址|公钥|合约)(?:[^\n]{0,24}?[^0-9a-z])?[0-9a-z]{16}",
    )
    .ok()
});

fn is_spent(text: &str, word: &Named) -> bool {
    let rest = text.get(word.range.start..).unwrap_or_default();
    word.speaks == Speaks::Public && OWN.as_ref().is_some_and(|own| own.is_match(rest))
}

/// The last "private key" or "secret key" with slips ("prviate kay").
fn misspelt(text: &str) -> Option<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let ends = |c: char| !c.is_ascii_alphabetic();
    let mut at = 0;
    for word in text.split(ends) {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + text.get(at + word.len()..)?.chars().next().map_or(0, char::len_utf8);
    }
    let pairs = words.iter().zip(words.iter().skip(1));
    let slip = |(first, second): &(&Range<usize>, &Range<usize>)| {
        let (Some(first), Some(second)) = (text.get((*first).clone()), text.get((*second).clone()))
        else {
            return false;
        };
        let near = |word: &str, of: &str, slips: usize| {
            word.as_bytes().first() == of.as_bytes().first()
                && word.len().abs_diff(of.len()) <= slips
                && osa_distance(word, of) <= slips
        };
        let kind = near(first, "private", 2) || near(first, "secret", 1);
        kind && (near(second, "key", 1) || near(second, "keys", 1))
    };
    let (first, second) = pairs.rev().find(slip)?;
    Some(first.start..second.end)
}
