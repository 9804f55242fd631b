//! Strange tokens: what hardly anybody writes in a sentence about a password but the password.
//!
//! In: one token. Out: whether letters, digits, signs and case are mixed as in passwords and not as
//! in the names that support hears every day (devices, versions, amounts, error codes, coins, files).

use std::sync::LazyLock;

use regex::Regex;

use super::looks::is_talk;
use super::wordlist;

/// Shorter ones are names of things (`2FA`, `S22`), longer ones hashes and keys.
const LEN: std::ops::RangeInclusive<usize> = 6..=40;
/// Signs of passwords. Hyphens, dots and strokes are in many names.
const SIGNS: [char; 11] = ['@', '#', '$', '%', '^', '&', '*', '!', '_', '+', '~'];

/// Names with digits or odd case that are no secret.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
            [@\#].* | .*[/\\:=<>].* | 0x.* | [0-9a-f]{16,}
          | .*@[a-z0-9-]+\.[a-z].*                                  # mail
          | [0-9][0-9.,]*\+?%?[a-z]{0,5}                                     # 100usdt, 25th
          | v?[0-9]+(?:[.-][0-9a-z]+)+                                       # versions, dates
          | .*(?:19|20)[0-9]{2}-[0-9]{2}.*                                   # names with a date
          | .*\.(?:json|txt|png|jpe?g|pdf|zip|apk|exe|dmg|csv|html?|docx?|xlsx?|mp4|mov|heic|log|dat|com|io|org|net|app|xyz|eth|near|sol|cn)
          | (?:iphone|ipad|macbook|imac|galaxy|samsung|pixel|huawei|redmi|xiaomi|oneplus|ledger|trezor|windows|android|chrome|metamask|argon|pbkdf|scrypt)(?:pro|max|plus|ultra|note|mini|air|lite|book|tab|fold|watch)*[0-9].*
          | (?:i?phone|ipad|ios|ipados|mac|imac|android|galaxy|samsung|pixel|huawei|honor|mate|redmi|xiaomi|mi|oppo|vivo|oneplus|realme|nova|reno|poco|win|windows|chrome|firefox|safari|edge|ledger|trezor|nano|onekey|keystone|ver|version|build|app|erc|trc|bep|bip|sha|usd|usdt|usdc|btc|eth|sol|bnb|trx|level|step|word|web)[0-9].*
        )$",
    )
    .ok()
});

/// Returns true if and only if a token is mixed as passwords are.
pub(super) fn is_strange(token: &str) -> bool {
    let bare = token.trim_end_matches(['!', '?']);
    if !LEN.contains(&token.len()) || bare.len() < 4 || is_talk(token) {
        return false;
    }
    let lower = bare.to_ascii_lowercase();
    if NAMES.as_ref().is_none_or(|names| names.is_match(&lower)) {
        return false;
    }
    let count = |test: fn(&u8) -> bool| bare.bytes().filter(test).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let uppers = count(u8::is_ascii_uppercase);
    // `ERR_CONN_502`, `E-PWD-03`, `HB20418877`: how programs name things.
    let shouted = uppers == letters
        && !(bare.len() >= 9 && bare.contains(['@', '#', '$', '%', '^', '&', '*']));
    let named_by_program =
        shouted || bare.matches('_').count() > 1 || bare.contains('.') && bare.contains('_');
    if letters == 0 || named_by_program {
        return false;
    }
    let signs =
        bare.get(1..).is_some_and(|rest| rest.contains(SIGNS)) || digits > 0 && bare != token;
    match digits {
        0 => is_signed_word(bare) || token.len() >= 8 && is_odd_case(bare),
        _ if signs => letters >= 3 || digits >= 3,
        _ => is_mixed(bare, digits, letters),
    }
}

/// `sunny60`: a word and a number, a password only where one is expected.
pub(super) fn is_numbered_word(token: &str) -> bool {
    let word = token.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!');
    let named = NAMES.as_ref().is_none_or(|names| names.is_match(&token.to_ascii_lowercase()));
    LEN.contains(&token.len())
        && word.len() >= 4
        && word.len() < token.len()
        && word.bytes().all(|b| b.is_ascii_alphabetic())
        && word.bytes().any(|b| b.is_ascii_lowercase())
        && !named
        && !is_talk(word)
}

/// `VVQ1A4JMQN`: capitals and digits by turns.
pub(super) fn is_shouted(token: &str) -> bool {
    let turns = token
        .as_bytes()
        .windows(2)
        .filter(|two| matches!(two, [a, b] if a.is_ascii_digit() != b.is_ascii_digit()));
    let plain = token.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (8..=16).contains(&token.len()) && plain && turns.count() >= 2
}

/// `Tr!ckyPass`, `p@ssword`: a sign for a letter. Words joined by `_` or `&` are names.
fn is_signed_word(bare: &str) -> bool {
    let bytes = bare.as_bytes();
    bytes.windows(3).any(|three| match three {
        [left, sign, right] => {
            left.is_ascii_alphabetic()
                && matches!(sign, b'@' | b'#' | b'$' | b'!' | b'^' | b'*')
                && right.is_ascii_alphabetic()
        }
        _ => false,
    })
}

/// Letters and digits without signs: `sunny4646`, `Hainan1129Kk`, `tr0mb0ne`.
fn is_mixed(bare: &str, digits: usize, letters: usize) -> bool {
    let count = |test: fn(u8, u8) -> bool| {
        bare.as_bytes().windows(2).filter(|two| matches!(two, [a, b] if test(*a, *b))).count()
    };
    let turns = count(|a, b| a.is_ascii_digit() != b.is_ascii_digit());
    let upper = count(|a, b| !a.is_ascii_uppercase() && b.is_ascii_uppercase());
    let long = bare.len() >= 8;
    let is_mixed = upper > 0 || turns >= 2 && digits >= 2;
    long && letters >= 2 && (digits >= 3 || is_mixed) || letters >= 4 && digits >= 3
}

/// `bonfire-dhlnC`, `WMFjejrUtnl`, but not `WalletConnect`.
fn is_odd_case(bare: &str) -> bool {
    let has = |part: &str, test: fn(u8) -> bool| part.bytes().any(test);
    let upper = |b: u8| b.is_ascii_uppercase();
    let lower = |b: u8| b.is_ascii_lowercase();
    let parts: Vec<&str> = bare.split(['-', '_']).collect();
    if parts.len() > 1 {
        let mixed = |part: &&str| part.bytes().skip(1).any(upper) && has(part, lower);
        let shouted =
            |part: &&str| part.len() >= 5 && !has(part, lower) && is_random(&part.repeat(2));
        return parts.iter().any(mixed) || parts.iter().any(shouted) && has(bare, lower);
    }
    has(bare, upper) && has(bare, lower) && Humps::of(bare.as_bytes()).are_odd()
}

/// How capitals divide a word.
#[derive(Debug, Default, Clone, Copy)]
struct Humps {
    /// Small letters before a capital.
    starts: usize,
    /// Two capitals before a small letter, as in `OKXWallet`.
    runs: usize,
    /// One or two letters between capitals.
    short: usize,
    /// Pairs of letters that no word has.
    rare: usize,
}

impl Humps {
    fn of(bytes: &[u8]) -> Humps {
        let mut humps = Humps::default();
        let mut len = 0;
        let before = |at: usize, n: usize| at.checked_sub(n).and_then(|at| bytes.get(at));
        for (at, byte) in bytes.iter().enumerate() {
            let (first, before) = (before(at, 2).unwrap_or(&b'-'), before(at, 1).unwrap_or(&b'-'));
            if byte.is_ascii_lowercase() && before.is_ascii_alphabetic() {
                let pair = (before.to_ascii_lowercase(), *byte);
                humps.rare += usize::from(!is_letter_pair(pair.0, pair.1));
                let run = before.is_ascii_uppercase() && first.is_ascii_uppercase();
                humps.runs += usize::from(run);
            } else if byte.is_ascii_uppercase() && before.is_ascii_lowercase() {
                humps.short += usize::from(humps.starts > 0 && len <= 2);
                humps.starts += 1;
                len = 0;
            }
            len += 1;
        }
        humps.short += usize::from(humps.starts > 0 && len <= 2);
        humps
    }

    /// Returns true if and only if the capitals are not those of a name.
    fn are_odd(self) -> bool {
        let Humps { starts, runs, short, rare } = self;
        runs >= 2
            || runs == 1 && (rare + short >= 1 || starts >= 2)
            || starts >= 3
            || starts >= 2 && rare + short >= 1
            || rare + short >= 2
    }
}

/// Letters in an order that no word has: `xoyoljtuvg`.
pub(super) fn is_random(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let rare = |two: &[u8]| match two {
        [a, b] => a.is_ascii_lowercase() && b.is_ascii_lowercase() && !is_letter_pair(*a, *b),
        _ => false,
    };
    token.len() >= 8 && lower.as_bytes().windows(2).filter(|two| rare(two)).count() >= 2
}

/// Pairs of letters inside English list words, a bit for each second letter.
static LETTER_PAIRS: LazyLock<[u32; 26]> = LazyLock::new(|| {
    let mut pairs = [0; 26];
    for word in (0..).map_while(wordlist::english_word) {
        for pair in word.as_bytes().windows(2) {
            if let [left, right] = pair
                && let Some(row) = pairs.get_mut(usize::from(left.wrapping_sub(b'a')))
            {
                *row |= 1_u32 << (right.wrapping_sub(b'a') & 31);
            }
        }
    }
    pairs
});

/// Returns true if and only if two small letters stand side by side in an English list word.
fn is_letter_pair(left: u8, right: u8) -> bool {
    let row = LETTER_PAIRS.get(usize::from(left.wrapping_sub(b'a')));
    row.is_some_and(|row| row >> (right.wrapping_sub(b'a') & 31) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_passwords_from_names() {
        let passwords = [
            "tiger_1022",
            "Lobster#4973",
            "Hainan1129Kk",
            "WMFjejrUtnl",
            "bonfire-dhlnC",
            "sunny4646",
            "kitesurf-vZy0u",
            "YDLxCrdPN9P",
            "p@ssword",
            "Harb0ur-Pass",
            "xiaoming1990",
            "tr0mb0ne",
        ];
        for password in passwords {
            assert!(is_strange(password), "{password}");
        }
        let names = [
            "MetaMask",
            "WalletConnect",
            "iPhone15Pro",
            "iPhone",
            "TokenPocket",
            "imToken",
            "E-PWD-03",
            "HB-20418877",
            "5.23.1",
            "v5.21.3",
            "100usdt",
            "USDT-TRC20",
            "PBKDF2-HMAC-SHA256",
            "wallet_backup.json",
            "tom@example.com",
            "2026-11-03",
            "MyEtherWallet",
            "Mate60Pro",
            "sign-in",
            "user/name1",
            "https://x1.example",
            "ERR_CONN_502",
            "1Password",
            "two-factor",
        ];
        for name in names {
            assert!(!is_strange(name), "{name}");
        }
    }
}
