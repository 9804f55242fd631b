//! Private keys in base58, base32 and bech32: WIF, extended keys, BIP-38, mini keys, Solana,
//! Stellar, XRP, Tezos, Sui and others.
//!
//! In: the view. Out: findings. Checksums decide where the format has one; a key with a slip is
//! still taken where its form is unmistakable. Addresses and extended public keys stay.

use std::ops::Range;

use bs58::Alphabet;

use super::checksum::{base58_check, is_mini_key, is_stellar_key};
use super::context::Token;
use super::cue::{Cue, cue, is_in_link};
use super::view::View;
use super::{Finding, SecretKind};

/// The shortest format is a mini key of 22 characters.
pub(super) const LEN_MIN: usize = 22;
/// An extended key has 111 characters; longer runs are other data.
const LEN_MAX: usize = 160;
/// Letters in a key of 51 characters: 43 on average, and less than 20 in none of a billion.
const LETTERS_MIN: usize = 20;
/// Opaque values of this length after "private key:" are taken for one; addresses are shorter or
/// spoken of as addresses.
const LABELLED_LEN_MIN: usize = 43;

/// Finds private keys.
pub(super) fn find(view: &View, tokens: &[Token], found: &mut Vec<Finding>) {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for Token { range, is_word } in tokens {
        let run = range.clone();
        in_groups(view, &mut groups, (&run, *is_word), found);
        if !(LEN_MIN..=LEN_MAX).contains(&run.len()) {
            continue;
        }
        let token = view.slice(run.clone());
        if !token.bytes().any(|b| b.is_ascii_digit())
            && !token.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        {
            continue;
        }
        if let Some(kind) = by_form(token).or_else(|| by_cue(view, &run, token)) {
            found.push(Finding::new(kind, run, token));
        } else if is_pair(token) {
            judge_pair(view, run, found);
        }
    }
}

/// Keys that were copied in groups, as papers print them; only a checksum joins them.
fn in_groups(
    view: &View,
    groups: &mut Vec<Range<usize>>,
    (run, is_word): (&Range<usize>, bool),
    found: &mut Vec<Finding>,
) {
    // Words of a sentence open no key.
    if groups.is_empty() && is_word {
        return;
    }
    let joined = groups.last().is_some_and(|last| {
        let gap = view.text().get(last.end..run.start).unwrap_or_default();
        !gap.is_empty() && gap.len() <= 2 && gap.chars().all(|c| c.is_whitespace() || c == '-')
    });
    let group = is_group(view, run);
    if !joined || !group {
        groups.clear();
    }
    if !group || (groups.is_empty() && is_word) {
        return;
    }
    groups.push(run.clone());
    let mut total: usize = groups.iter().map(Range::len).sum();
    // Words before a key are no part of it.
    while total > 52 && !groups.first().is_some_and(|g| is_extended_front(view.slice(g.clone()))) {
        total -= groups.remove(0).len();
    }
    if groups.len() < 2 || total < 51 {
        return;
    }
    if !matches!(total, 51 | 52 | 111) {
        if total > 111 {
            groups.clear();
        }
        return;
    }
    let token: String = groups.iter().map(|g| view.slice(g.clone())).collect();
    // Sentences have few digits, rows of numbers few letters, and decoding is costly.
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    if digits < 2 || token.len() - digits < LETTERS_MIN {
        return;
    }
    let start = groups.first().map_or(run.start, |g| g.start);
    let kind = match total {
        51 | 52 => is_wif_checked(&token).then_some(SecretKind::Wif),
        111 => base58_check(&token, Alphabet::BITCOIN)
            .filter(|_| is_extended(&token))
            .map(|_| SecretKind::Xprv),
        _ => None,
    };
    if let Some(kind) = kind {
        found.push(Finding::new(kind, start..run.end, token));
    }
    if kind.is_some() {
        groups.clear();
    }
}

fn is_group(view: &View, run: &Range<usize>) -> bool {
    (3..=56).contains(&run.len()) && is_base58(view.slice(run.clone()))
}

/// The kind that the token alone proves.
fn by_form(token: &str) -> Option<SecretKind> {
    let len = token.len();
    if is_extended(token) {
        return Some(SecretKind::Xprv);
    }
    match len {
        22 | 26 | 30 if token.starts_with('S') && is_base58(token) => {
            let upper = token.bytes().skip(1).any(|b| b.is_ascii_uppercase());
            (upper && is_mini_key(token)).then_some(SecretKind::MiniKey)
        }
        29 if token.starts_with('s') => is_ripple_seed(token),
        31 if token.starts_with("sEd") => is_ripple_seed(token),
        51 | 52 if is_wif(token) => Some(SecretKind::Wif),
        // Tezos: three curves, and with a passphrase
        54 | 98 if ["edsk", "spsk", "p2sk"].iter().any(|front| token.starts_with(front)) => {
            Some(SecretKind::PrivateKey)
        }
        88 if token.starts_with("edesk") => Some(SecretKind::Bip38),
        // Mina
        52 if token.starts_with("EK") => {
            base58_check(token, Alphabet::BITCOIN).map(|_| SecretKind::PrivateKey)
        }
        56 if token.starts_with('S') => is_stellar_key(token).then_some(SecretKind::PrivateKey),
        58 if token.starts_with("6P") && is_base58(token) => Some(SecretKind::Bip38),
        _ => is_bech32_key(token).then_some(SecretKind::PrivateKey),
    }
}

fn is_extended(token: &str) -> bool {
    // A key that lost its end still gives most of itself away.
    (is_extended_front(token) && token.len() >= 60) || is_extended_checked(token)
}

/// Other coins have other fronts; behind version, depth, parent and chain code, a private key begins
/// with a zero and a public key does not.
fn is_extended_checked(token: &str) -> bool {
    matches!(token.len(), 110..=112)
        && base58_check(token, Alphabet::BITCOIN)
            .is_some_and(|bytes| bytes.len() == 78 && bytes.get(45) == Some(&0))
}

fn is_extended_front(token: &str) -> bool {
    let front = token.get(..4).unwrap_or_default();
    let known = ["xprv", "yprv", "zprv", "tprv", "uprv", "vprv", "Yprv", "Zprv", "Uprv", "Vprv"];
    known.contains(&front)
}

fn is_wif(token: &str) -> bool {
    let form = match (token.len(), token.as_bytes().first()) {
        (51, Some(b'5' | b'9')) | (52, Some(b'K' | b'L' | b'c')) => {
            is_base58(token) && is_mixed(token)
        }
        _ => false,
    };
    // Other coins have other first letters; a version byte, 32 bytes and perhaps a 1 are the rest.
    form || is_wif_checked(token)
}

fn is_wif_checked(token: &str) -> bool {
    base58_check(token, Alphabet::BITCOIN).is_some_and(|bytes| {
        matches!(bytes.len(), 33 | 34) && bytes.first().is_some_and(|version| *version >= 0x80)
    })
}

fn is_ripple_seed(token: &str) -> Option<SecretKind> {
    base58_check(token, Alphabet::RIPPLE).map(|_| SecretKind::PrivateKey)
}

fn is_bech32_key(token: &str) -> bool {
    let prefixes = ["suiprivkey1", "nsec1", "xprv1", "xsk1", "sk1"];
    let lower = token.to_ascii_lowercase();
    let data = |prefix: &&str| {
        lower.strip_prefix(*prefix).is_some_and(|d| {
            d.len() >= 50 && !d.bytes().any(|b| matches!(b, b'1' | b'b' | b'i' | b'o'))
        })
    };
    prefixes.iter().any(data)
}

/// The kind that the words beside the token prove.
fn by_cue(view: &View, run: &Range<usize>, token: &str) -> Option<SecretKind> {
    let labelled = token.len() >= LABELLED_LEN_MIN || (token.len() == 29 && token.starts_with('s'));
    let labelled = labelled || (matches!(token.len(), 22 | 26 | 30) && token.starts_with('S'));
    let hex = token.trim_start_matches("0x").bytes().all(|b| b.is_ascii_hexdigit());
    if !labelled || hex || !is_mixed(token) || is_public_form(token) {
        return None;
    }
    (cue(view, run) == Cue::PrivateKey).then_some(match token.len() {
        50..=53 => SecretKind::Wif,
        _ => SecretKind::PrivateKey,
    })
}

/// Returns true if and only if the token says itself that it is an address or a public key.
fn is_public_form(token: &str) -> bool {
    let fronts = [
        "bc1", "ltc1", "tb1", "cosmos1", "addr1", "xpub", "ypub", "zpub", "tpub", "EQ", "UQ",
        "edpk",
    ];
    fronts.iter().any(|front| token.starts_with(front))
        || (token.len() == 56 && token.starts_with('G'))
}

/// Returns true if and only if the token can be a Solana key pair or signature: both are 64 bytes.
fn is_pair(token: &str) -> bool {
    (85..=88).contains(&token.len()) && is_base58(token) && is_mixed(token)
}

/// A signature ends in a number below 2^252 (little end first), so its last byte is at most 16; the
/// last byte of a key pair is any. That tells fifteen of sixteen apart, words tell the rest.
fn judge_pair(view: &View, run: Range<usize>, found: &mut Vec<Finding>) {
    let token = view.slice(run.clone());
    let bytes = bs58::decode(token).into_vec().unwrap_or_default();
    let last = bytes.get(63).copied().unwrap_or_default();
    let is_signature = bytes.len() != 64 || last <= 0x10;
    let said = cue(view, &run);
    if said == Cue::PrivateKey {
        found.push(Finding::new(SecretKind::PrivateKey, run, token));
        return;
    }
    let public = said == Cue::Public || is_in_link(view, run.start);
    if !public && (!is_signature || matches!(said, Cue::Key | Cue::PerhapsKey)) {
        let middle = run.start + 6..run.end - 4;
        let hidden = u8::try_from(middle.len()).ok();
        found.push(Finding {
            middle: hidden,
            ..Finding::new(SecretKind::PrivateKey, middle, token)
        });
    }
}

fn is_base58(token: &str) -> bool {
    token.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l'))
}

fn is_mixed(token: &str) -> bool {
    let has = |test: fn(&u8) -> bool| token.as_bytes().iter().any(test);
    has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}
