//! Entities: the things a ticket is about that have a shape rather than a meaning: transaction
//! hashes, addresses, order numbers, error codes, versions, amounts, domains.
//!
//! In: the original text (addresses are case-sensitive). Out: typed spans, leftmost first, never
//! overlapping. Chains and coins are named in the glossary and joined in by the analysis.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Names before a version number that make it one of the system, not of the app.
const SYSTEMS: [&str; 7] = ["ios", "ipados", "android", "macos", "windows", "chrome", "安卓"];
/// How far before a version number such a name stands, in bytes.
const SYSTEM_BYTES_BEFORE: usize = 16;

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A transaction hash: 64 hex digits, or a Solana signature.
    TxHash,
    /// An address on any supported chain.
    Address,
    /// A domain name or link.
    Domain,
    /// A card or sale order, `HB-` and eight digits.
    OrderId,
    /// A number of an earlier ticket, `#` and five to eight digits.
    TicketNumber,
    /// An error code such as `E-3DS-01`.
    ErrorCode,
    /// A version number of the app or of an operating system.
    Version,
    /// An amount with its unit.
    Amount,
    /// A chain that the glossary names.
    Chain,
    /// A coin or token that the glossary names.
    Token,
}

impl EntityKind {
    /// The name used in JSON, in templates and as the placeholder of replies.
    pub fn code(self) -> &'static str {
        match self {
            EntityKind::TxHash => "tx_hash",
            EntityKind::Address => "address",
            EntityKind::Domain => "domain",
            EntityKind::OrderId => "order_id",
            EntityKind::TicketNumber => "ticket_number",
            EntityKind::ErrorCode => "error_code",
            EntityKind::Version => "app_version",
            EntityKind::Amount => "amount",
            EntityKind::Chain => "chain",
            EntityKind::Token => "token",
        }
    }
}

/// One entity in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// The value in its usual spelling, for chips, replies and counts.
    pub value: String,
}

/// The shapes, most telling first: at one place the first that matches wins.
///
/// `<B>` is a word border as ASCII sees it: Han characters beside a hash are no part of it.
/// Base58 leaves out 0, O, I and l; bech32 addresses begin with their network's prefix. A Solana
/// signature has 86 to 88 base58 characters, a Solana address 32 to 44.
static SHAPES: LazyLock<Vec<(EntityKind, Regex)>> = LazyLock::new(|| {
    const BASE58: &str = "[1-9A-HJ-NP-Za-km-z]";
    let shapes = [
        (EntityKind::TxHash, r"<B>(?:0x)?[0-9a-fA-F]{64}<B>".to_owned()),
        (EntityKind::TxHash, format!(r"<B>{BASE58}{{86,88}}<B>")),
        (EntityKind::Address, r"<B>0x[0-9a-fA-F]{40}<B>".to_owned()),
        (EntityKind::Address, r"<B>(?:bc1|ltc1|cosmos1)[02-9ac-hj-np-z]{25,62}<B>".to_owned()),
        (EntityKind::Address, format!(r"<B>T{BASE58}{{33}}<B>")),
        (EntityKind::Address, format!(r"<B>[13LMDr]{BASE58}{{25,34}}<B>")),
        (EntityKind::Address, r"<B>(?:EQ|UQ)[A-Za-z0-9_-]{46}<B>".to_owned()),
        (EntityKind::Address, r"<B>G[A-Z2-7]{55}<B>".to_owned()),
        (EntityKind::Address, format!(r"<B>{BASE58}{{43,48}}<B>")),
        (EntityKind::OrderId, r"<B>[Hh][Bb]-?\d{8}<B>".to_owned()),
        (
            EntityKind::Domain,
            r"(?i)<B>(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|net|org|io|app|xyz|top|vip|cc|cn|co|me|site|online|finance|exchange|link|info|wallet|example)<B>(?:/[^\s，。、）)]*)?".to_owned(),
        ),
        (EntityKind::ErrorCode, r"<B>[A-Z]{1,5}(?:-[A-Z0-9]{2,5})?-\d{2,4}<B>".to_owned()),
        (EntityKind::TicketNumber, r"#\d{5,8}<B>".to_owned()),
        (EntityKind::Version, r"<B>[vV]?\d{1,2}\.\d{1,3}(?:\.\d{1,3})<B>".to_owned()),
        (
            EntityKind::Amount,
            r"(?:[$€£¥]\s?\d[\d,]*(?:\.\d+)?|<B>\d[\d,]*(?:\.\d+)?\s?(?:(?i:usdt|usdc|usd|eur|gbp|sgd|hkd|twd|cny|eth|btc|bnb|pol|matic|sol|trx|xrp|xlm|atom|dot|ton|doge|ltc|dai|avax|arb)<B>|[UuＵ]<B>|美元|美金|欧元|歐元|英镑|港币|港幣|人民币|元|块钱|块|刀))".to_owned(),
        ),
    ];
    shapes
        .into_iter()
        .filter_map(|(kind, shape)| {
            Some((kind, Regex::new(&shape.replace("<B>", r"(?-u:\b)")).ok()?))
        })
        .collect()
});

/// The entities of a text.
pub fn entities(text: &str) -> Vec<Entity> {
    // Every shape but an amount in words needs a digit or a dot between letters.
    if !text.bytes().any(|b| b.is_ascii_digit() || b == b'.') {
        return Vec::new();
    }
    let mut found: Vec<Entity> = Vec::new();
    for (kind, shape) in SHAPES.iter() {
        for m in shape.find_iter(text) {
            let free = found.iter().all(|e| e.range.end <= m.start() || m.end() <= e.range.start);
            if free && plausible(*kind, m.as_str()) {
                let value = spelled(*kind, m.as_str());
                found.push(Entity { kind: *kind, range: m.range(), value });
            }
        }
    }
    found.sort_by_key(|e| e.range.start);
    found
}

/// Weeds out words that have the shape of an address by chance: real ones mix digits and letters.
fn plausible(kind: EntityKind, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    match kind {
        EntityKind::Address => digits >= 2 && letters >= 2,
        EntityKind::TxHash => digits >= 4 && letters >= 4,
        _ => true,
    }
}

fn spelled(kind: EntityKind, value: &str) -> String {
    match kind {
        EntityKind::OrderId => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            format!("HB-{digits}")
        }
        EntityKind::Version => value.trim_start_matches(['v', 'V']).to_owned(),
        EntityKind::TicketNumber => value.trim_start_matches('#').to_owned(),
        EntityKind::Domain => {
            let bare = value.trim_start_matches("https://").trim_start_matches("http://");
            bare.split('/').next().unwrap_or(bare).to_lowercase()
        }
        _ => value.to_owned(),
    }
}

/// Returns true if and only if the version number at this byte of `text` stands behind the name of an
/// operating system, and so is not one of the app.
pub fn is_of_system(text: &str, at: usize) -> bool {
    let from = (at.saturating_sub(SYSTEM_BYTES_BEFORE)..=at).find(|&i| text.is_char_boundary(i));
    let before = text.get(from.unwrap_or(at)..at).unwrap_or_default().to_lowercase();
    // The nearest name counts: "on iOS 17.1, app 5.2.1" is about the app.
    let nearest = before.rsplit([',', '，', ';', '\n']).next().unwrap_or_default();
    SYSTEMS.iter().any(|system| nearest.contains(system))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(EntityKind, &str)]) {
        let found = entities(text);
        let found: Vec<_> = found.iter().map(|e| (e.kind, e.value.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn recognises_what_tickets_paste() {
        let hash = "0x6a46baaab037d0256a115ffb48b7b2d122c6f8770e7ee9c19417daec17d980f7";
        check(&format!("哈希{hash}一直没确认"), &[(EntityKind::TxHash, hash)]);
        check(
            "转到TAdURoQQYKbsEqfLRvM2koAvby7fCpvSNV，18600个USDT",
            &[(EntityKind::Address, "TAdURoQQYKbsEqfLRvM2koAvby7fCpvSNV")],
        );
        check(
            "订单hb-48864652 E-3DS-01",
            &[(EntityKind::OrderId, "HB-48864652"), (EntityKind::ErrorCode, "E-3DS-01")],
        );
        check(
            "App 5.21.3, iOS 17.5.1",
            &[(EntityKind::Version, "5.21.3"), (EntityKind::Version, "17.5.1")],
        );
        check(
            "买了 500 USDT 付了$512.40",
            &[(EntityKind::Amount, "500 USDT"), (EntityKind::Amount, "$512.40")],
        );
        check("see https://Harbor-gift.xyz/claim", &[(EntityKind::Domain, "harbor-gift.xyz")]);
        check("Unfortunately nothing happened.", &[]);
    }
}
