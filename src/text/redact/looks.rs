//! Looks: what a value is made of, and whether that alone makes a password of it.
//!
//! In: one value. Out: its marks ([`Looks`]) and whether it is talk ("incorrect"). Sees nothing around the value.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// What a value is made of.
#[expect(clippy::struct_excessive_bools, reason = "each is one look at the same text")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    pub len: usize,
    pub digits: bool,
    pub letters: bool,
    pub signs: bool,
    pub inner_upper: bool,
}

impl Looks {
    pub(super) fn of(text: &str) -> Self {
        let has = |test: fn(char) -> bool| text.chars().any(test);
        // Hyphens and apostrophes are in ordinary words too, closing marks in every sentence.
        let sign = |c: char| {
            c.is_ascii_punctuation()
                && !matches!(c, '-' | '\'' | '.' | ',' | '!' | '?' | '/' | '(' | ')' | ':' | ';')
        };
        Looks {
            len: text.chars().count(),
            digits: has(|c| c.is_ascii_digit()),
            letters: has(char::is_alphabetic),
            signs: has(sign) || text.trim_end_matches(['!', '?', '.']).contains(['!', '?']),
            inner_upper: text.chars().skip(1).any(char::is_uppercase)
                && text.chars().any(char::is_lowercase),
        }
    }

    pub(super) fn only_digits(self) -> bool {
        self.digits && !self.letters && !self.signs
    }

    pub(super) fn is_strong(self) -> bool {
        self.len >= 4 && (self.digits || (self.signs && self.letters && self.len >= 6))
    }
}

/// Four digits that are no year.
pub(super) fn is_pin(text: &str) -> bool {
    text.len() == 4 && !text.starts_with("19") && !text.starts_with("20")
}

pub(super) fn is_version(text: &str) -> bool {
    let digits = text.trim_start_matches(['v', 'V']);
    digits.contains('.') && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Words that follow "password is" or "password:" in talk about passwords.
static TALK: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    "wrong incorrect invalid correct right required needed necessary too not still always \
         never very also only just what where when how why which none null unknown empty blank \
         missing lost gone different same long short weak strong safe secure important there \
         here mine yours this that these those with without from for your their does doesn't \
         didn't don't isn't won't can't cannot loading typing changing pending resetting checking verifying processing waiting entering \
         unlocking importing syncing setting longer shorter stronger weaker better harder easier unique complex alphanumeric numeric simple random identical similar yes fine okay well good work works reset change \
         help again case about after before because anything something nothing error problem \
         issue question password passcode email phone field people private public manager \
         iphone android windows metamask optional yourself myself ourselves anyone anybody \
         someone somebody everyone nobody others forgot forgotten forget thanks urgent sorry \
         hello screen page prompt hint policy button option link input login account wallet \
         number letters numbers symbols digits characters letter symbol uppercase lowercase \
         minimum maximum length expired changed rejected refused failed fails locked frozen \
         hidden visible stored saved biometric fingerprint faceid touchid harbor ledger trezor \
         binance coinbase google apple samsung huawei xiaomi chrome safari firefox laptop \
         desktop computer mobile tablet network bitcoin ethereum solana support customer \
         service please update upgrade restore recover recovery backup import export keystore \
         attempt attempts times session verify verification feature setting settings security \
         secret encrypted encryption default temporary username another either neither \
         everything everytime whatever already maybe probably today yesterday tomorrow tonight \
         really"
        .split_whitespace()
        .collect()
});

/// Returns true if and only if a value is a remark about a password, a name or a masked one.
pub(super) fn is_talk(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!', '?', ',', ':', ';', '\'', '"', ')']);
    let masked = bare.chars().all(|c| matches!(c, '*' | '•' | '●' | 'x' | '.' | '_' | '-' | '?'));
    let code = bare.split_once('-').is_some_and(|(front, back)| {
        front.len() <= 3
            && front.bytes().all(|b| b.is_ascii_alphabetic())
            && back.bytes().all(|b| b.is_ascii_digit())
    });
    let fa = matches!(
        bare,
        "2fa" | "1password" | "face id" | "100%" | "24/7" | "3ds" | "2-step" | "web3"
    );
    let link = bare.contains("://") || bare.starts_with("www.");
    TALK.contains(bare) || masked || code || fa || link
}
