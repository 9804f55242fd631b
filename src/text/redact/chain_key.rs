//! Private keys that a chain's own prefix proves: Aptos, EOS, Cardano, Avalanche, Aleo, Zcash,
//! Hedera, Filecoin, age and others.
//!
//! In: the view. Out: findings. What is encrypted with a passphrase counts as such; verification
//! keys, addresses and signatures with similar prefixes stay.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex::Regex;

use super::context::{after, before};
use super::cue::{Cue, cue};
use super::view::View;
use super::{Finding, SecretKind};

/// Every form below holds one of these; most texts hold none.
const HINTS: [&str; 13] = [
    "-priv-",
    "pvt_",
    "sk1",
    "privatekey-",
    "aprivatekey1",
    "secret-",
    "ncryptsec1",
    "ms1",
    "04220420",
    "7b2254797065223a22",
    "ed25519:",
    "cborhex",
    "0201036c6e64",
];

static HINT: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(HINTS).ok());

/// Forms that are nothing but secrets.
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const BASE58: &str = "[1-9A-HJ-NP-Za-km-z]";
    const BECH32: &str = "[02-9ac-hj-np-z]";
    let key = [
        // Aptos, EOS
        "(?:ed25519|secp256k1|secp256r1)-priv-(?:0x)?[0-9a-fA-F]{64}".to_owned(),
        format!("PVT_(?:K1|R1|WA)_{BASE58}{{45,60}}"),
        // Cardano
        format!("[a-z0-9]{{2,12}}_(?:[a-z]{{2,8}}_)?x?sk1{BECH32}{{50,260}}"),
        // Avalanche, Aleo, age
        format!("PrivateKey-{BASE58}{{40,60}}"),
        format!("APrivateKey1{BASE58}{{40,60}}"),
        "AGE-SECRET-KEY-1[0-9A-Z]{50,64}".to_owned(),
        // Hedera and others: the frame of a key in hexadecimal digits (PKCS #8)
        "(?:0[xX])?30[2-9a-fA-F][0-9a-fA-F]{8,80}04220420[0-9a-fA-F]{64}".to_owned(),
        // Filecoin: a key as JSON in hexadecimal digits
        "7[bB]2254797065223[aA]22[0-9a-fA-F]{60,600}".to_owned(),
    ];
    // Zcash
    let extended =
        format!("secret-(?:extended|spending)-key-(?:main|test|regtest)1{BECH32}{{50,400}}");
    // Nostr, with a passphrase
    let encrypted = format!("ncryptsec1{BECH32}{{80,220}}");
    // A seed on codex32 sheets
    let seed = format!("ms1[02-9]{BECH32}{{44,122}}|MS1[02-9][02-9AC-HJ-NP-Z]{{44,122}}");
    // A Lightning node's rights
    let token = "0201036[cC]6[eE]64[0-9a-fA-F]{100,1200}";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?P<key>{})|(?P<extended>{extended})|(?P<encrypted>{encrypted})|(?P<seed>{seed})|(?P<token>{token}))",
        key.join("|")
    ))
    .ok()
});

/// Forms that keys share with public things, by the name before them.
static SHARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?P<near>(?-u:\b)ed25519:[1-9A-HJ-NP-Za-km-z]{43,88})|(?i:cborhex)\\?["']?\s*[:=]\s*\\?["']?(?P<cbor>58[248]0[0-9a-fA-F]{64,256})"#,
    )
    .ok()
});

/// Bytes around a value in Cardano's files in which its type stands.
const FILE_BYTES: usize = 240;

/// Finds keys of chains.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    const KINDS: [(&str, SecretKind); 5] = [
        ("key", SecretKind::PrivateKey),
        ("extended", SecretKind::Xprv),
        ("encrypted", SecretKind::Bip38),
        ("seed", SecretKind::PrivateKey),
        ("token", SecretKind::ApiToken),
    ];
    if !HINT.as_ref().is_some_and(|hint| hint.is_match(view.text())) {
        return;
    }
    let (Some(form), Some(shared)) = (FORM.as_ref(), SHARED.as_ref()) else { return };
    for captures in form.captures_iter(view.text()) {
        let group = KINDS.iter().find_map(|(name, kind)| Some((captures.name(name)?, *kind)));
        if let Some((m, kind)) = group {
            found.push(Finding::new(kind, m.range(), m.as_str()));
        }
    }
    for captures in shared.captures_iter(view.text()) {
        let value = match (captures.name("near"), captures.name("cbor")) {
            (Some(near), _) => is_called_key(view, near.range()).then_some(near),
            (_, Some(cbor)) => is_signing(view, &cbor.range()).then_some(cbor),
            _ => None,
        };
        if let Some(m) = value {
            found.push(Finding::new(SecretKind::PrivateKey, m.range(), m.as_str()));
        }
    }
}

/// Half as long a value may be a public key, so it needs the whole words.
fn is_called_key(view: &View, range: Range<usize>) -> bool {
    let pair = range.len() > 80;
    match cue(view, &range) {
        Cue::PrivateKey => true,
        Cue::Key | Cue::PerhapsKey => pair,
        Cue::Public | Cue::None => false,
    }
}

/// Returns true if and only if the file around a value says that it signs.
fn is_signing(view: &View, range: &Range<usize>) -> bool {
    let file =
        [before(view.keys(), range.start, FILE_BYTES), after(view.keys(), range.end, FILE_BYTES)];
    let says = |word: &str| file.iter().any(|part| part.contains(word));
    !says("verification") && ["signing", "skey", "secret", "private"].iter().any(|w| says(w))
}
