//! Explorer links: a transaction hash or an address and the chain that the ticket names → the page
//! of a block explorer, where an engineer looks first.

use crate::text::entity::{Entity, EntityKind};

/// A chain's explorer: its glossary name, where a transaction and where an address is shown.
const EXPLORERS: [(&str, &str, &str); 14] = [
    ("Ethereum", "https://etherscan.io/tx/", "https://etherscan.io/address/"),
    ("BNB Smart Chain", "https://bscscan.com/tx/", "https://bscscan.com/address/"),
    ("Polygon", "https://polygonscan.com/tx/", "https://polygonscan.com/address/"),
    ("Arbitrum", "https://arbiscan.io/tx/", "https://arbiscan.io/address/"),
    (
        "Optimism network",
        "https://optimistic.etherscan.io/tx/",
        "https://optimistic.etherscan.io/address/",
    ),
    ("Base network", "https://basescan.org/tx/", "https://basescan.org/address/"),
    ("Avalanche C-Chain", "https://snowtrace.io/tx/", "https://snowtrace.io/address/"),
    ("TRON", "https://tronscan.org/#/transaction/", "https://tronscan.org/#/address/"),
    ("Solana", "https://solscan.io/tx/", "https://solscan.io/account/"),
    ("Bitcoin", "https://mempool.space/tx/", "https://mempool.space/address/"),
    ("Litecoin", "https://litecoinspace.org/tx/", "https://litecoinspace.org/address/"),
    ("TON", "https://tonviewer.com/transaction/", "https://tonviewer.com/"),
    ("XRP Ledger", "https://xrpscan.com/tx/", "https://xrpscan.com/account/"),
    (
        "Stellar",
        "https://stellar.expert/explorer/public/tx/",
        "https://stellar.expert/explorer/public/account/",
    ),
];

/// The page of a hash or address among the entities of its ticket. `None` for anything else, and
/// where neither the ticket nor the shape tells the chain: a wrong explorer says "not found", and
/// somebody believes it.
pub fn link(entity: &Entity, all: &[Entity]) -> Option<String> {
    let named: Vec<&str> =
        all.iter().filter(|e| e.kind == EntityKind::Chain).map(|e| e.value.as_str()).collect();
    let value = entity.value.as_str();
    let possible: &[&str] = match entity.kind {
        EntityKind::TxHash => chains_of_hash(value),
        EntityKind::Address => chains_of_address(value),
        _ => return None,
    };
    let chain = named.iter().find(|n| possible.contains(n)).or(match possible {
        [only] => Some(only),
        _ => None,
    })?;
    let (_, transaction, address) = EXPLORERS.iter().find(|(name, ..)| name == chain)?;
    let root = if entity.kind == EntityKind::TxHash { transaction } else { address };
    Some(format!("{root}{value}"))
}

const EVM: &[&str] = &[
    "Ethereum",
    "BNB Smart Chain",
    "Polygon",
    "Arbitrum",
    "Optimism network",
    "Base network",
    "Avalanche C-Chain",
];

fn chains_of_hash(value: &str) -> &'static [&'static str] {
    match value {
        v if v.starts_with("0x") => EVM,
        v if v.len() == 64 => &["TRON", "Bitcoin", "Litecoin", "TON", "XRP Ledger", "Stellar"],
        _ => &["Solana"],
    }
}

fn chains_of_address(value: &str) -> &'static [&'static str] {
    match value {
        v if v.starts_with("0x") => EVM,
        v if v.starts_with('T') && v.len() == 34 => &["TRON"],
        v if v.starts_with("bc1") => &["Bitcoin"],
        v if v.starts_with("ltc1") => &["Litecoin"],
        v if v.starts_with("EQ") || v.starts_with("UQ") => &["TON"],
        v if v.starts_with('G') && v.len() == 56 => &["Stellar"],
        v if v.starts_with('r') && v.len() <= 35 => &["XRP Ledger"],
        v if v.starts_with('1') && v.len() <= 35 => &["Bitcoin"],
        v if (43..=44).contains(&v.len()) => &["Solana"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: EntityKind, value: &str, chain: Option<&str>, expected: Option<&str>) {
        let entity = |kind, value: &str| Entity { kind, range: 0..0, value: value.to_owned() };
        let one = entity(kind, value);
        let all: Vec<Entity> = chain.map(|c| entity(EntityKind::Chain, c)).into_iter().collect();
        assert_eq!(link(&one, &all).as_deref(), expected, "{value} {chain:?}");
    }

    #[test]
    fn leads_to_the_chain_that_the_ticket_names_and_guesses_none() {
        let hash = format!("0x{}", "a1".repeat(32));
        let on = |root: &str| format!("{root}{hash}");
        let polygon = on("https://polygonscan.com/tx/");
        check(EntityKind::TxHash, &hash, Some("Polygon"), Some(&polygon));
        check(EntityKind::TxHash, &hash, None, None);
        check(EntityKind::TxHash, &hash, Some("Bitcoin"), None);
        let tron = "TAdURoQQYKbsEqfLRvM2koAvby7fCpvSNV";
        let expected = format!("https://tronscan.org/#/address/{tron}");
        check(EntityKind::Address, tron, None, Some(&expected));
        check(EntityKind::OrderId, "HB-12345678", Some("TRON"), None);
    }
}
