//! Keys and tokens of programming interfaces.
//!
//! In: the view. Out: findings. Issuers' own prefixes are taken on form; bearer headers and labelled
//! values by what stands before them. Addresses and hashes after "token"
//! stay: in a wallet's tickets a token is a coin.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::view::View;
use super::{Finding, SecretKind};

/// Forms that an issuer gives to nothing but secrets.
static ISSUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        // GitHub, GitLab
        "gh[pousr]_[A-Za-z0-9]{20,}",
        "github_pat_[A-Za-z0-9_]{22,}",
        "gl(?:pat|rt|dt|ptt|ft|soat)-[A-Za-z0-9_-]{16,}",
        // Slack, Discord
        "xox[abeoprs]-[A-Za-z0-9-]{10,}",
        "xapp-[A-Za-z0-9-]{20,}",
        // Nodes of a chain, paid for by the key in the link
        "(?:infura\\.io|alchemy(?:api)?\\.(?:io|com))/v[23]/[A-Za-z0-9_-]{20,}",
        "hooks\\.slack\\.com/services/[A-Za-z0-9/]{20,}",
        "discord(?:app)?\\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{30,}",
        "[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27,}",
        // Payment and AI providers
        "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,}",
        "whsec_[A-Za-z0-9+/=]{16,}",
        "sk-(?:[a-z0-9]+-)*[A-Za-z0-9_-]{20,}",
        "hf_[A-Za-z0-9]{20,}",
        "gsk_[A-Za-z0-9]{20,}",
        "r8_[A-Za-z0-9]{30,}",
        // Clouds
        "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
        "AIza[A-Za-z0-9_-]{30,}",
        "ya29\\.[A-Za-z0-9_-]{20,}",
        "GOCSPX-[A-Za-z0-9_-]{20,}",
        "LTAI[A-Za-z0-9]{12,26}",
        "AKID[A-Za-z0-9]{28,36}",
        "do[oprt]_v1_[a-f0-9]{40,}",
        "dp\\.(?:pt|st|ct)\\.[A-Za-z0-9]{30,}",
        "sq0(?:atp|csp)-[A-Za-z0-9_-]{20,}",
        "hv[bsr]\\.[A-Za-z0-9_-]{24,}",
        // Packages and services
        "ATATT[A-Za-z0-9_=-]{40,}",
        "(?:glsa|sbp|glc|dapi|pul)[_-]?[A-Za-z0-9]{32,}",
        "(?:tskey-[a-z]+|PMAK|xkeysib|xsmtpsib)-[A-Za-z0-9-]{24,}",
        "(?:npm|pypi|dckr_pat|lin_api|ntn|secret|figd|rubygems|sntrys|shp(?:at|ca|pa|ss))[_-][A-Za-z0-9_-]{30,}",
        "SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
        "key-[0-9a-f]{32}",
        "SK[0-9a-f]{32}",
        "EAA[A-Za-z0-9]{60,}",
        // Telegram bots, JSON web tokens
        "[0-9]{8,10}:[A-Za-z0-9_-]{34,36}",
        "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)?(?:\\.[A-Za-z0-9_-]+)*",
    ];
    Regex::new(&format!(r"(?-u:\b)(?:{})", forms.join("|"))).ok()
});

/// Words before a secret value. The value itself is read by hand.
static LABELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<sure>
            bearer | authorization["']?\s*[:=]\s*["']?(?:basic|token|bearer|apikey) | x-api-key | x-auth-token
          | api[\s_-]?(?:key|secret|token) | app[\s_-]?secret | secret[\s_-]?(?:access[\s_-]?)?key
          | (?:access|auth|refresh|session|id|bot|personal|csrf|client|device|push|webhook)[\s_-]?(?:token|secret)
          | (?:project|app|account|consumer|master|shared|signing|encryption|service)[\s_-]?(?:secret|token)
          | (?:infura|alchemy|quicknode|ankr|moralis|chainstack|blockdaemon|etherscan|bscscan|polygonscan|tronscan|trongrid|helius|covalent|coingecko|coinmarketcap|cmc|binance|okx|bybit|kucoin|bitget|gate(?:\.io)?|huobi|htx|kraken|coinbase|openai|stripe|walletconnect)\s(?:api\s|project\s|app\s|access\s)?(?:key|secret|token|project\sid)
          | (?:php|j|asp\.net_|laravel_)?sess(?:ion)?[\s_-]?id | (?:csrf|xsrf)[\s_-]?token | connect\.sid | (?-u:\b)sid(?-u:\b)
          | aws_secret_access_key | symkey | apikey | api\s?密钥 | 接口密钥 | 访问令牌 | 访问密钥 | 令牌 | cookie
        )
      | (?P<bare> (?-u:\b)token(?-u:\b) | (?-u:\b)secret(?-u:\b) | 密钥 | 秘钥 )"#,
    )
    .ok()
});

/// Every label holds one of these.
static HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let hints = [
        "key",
        "token",
        "secret",
        "bearer",
        "authorization",
        "sess",
        "sid",
        "cookie",
        "project id",
        "密钥",
        "秘钥",
        "令牌",
    ];
    AhoCorasick::new(hints).ok()
});

/// A link from label to value: signs, quotes and a verb.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^["'`)\]]*\s*(?:(?:is|was|are|是|为|如下|here)\s*)?[\s:=>"'`(\[]*(?:bearer\s+|basic\s+)?"#).ok()
});

/// The shortest token of an issuer.
pub(super) const LEN_MIN: usize = 15;
/// Opaque values shorter than this are words or codes.
const VALUE_LEN_MIN: usize = 16;
const VALUE_LEN_MAX: usize = 2048;

/// Finds tokens.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut push = |range: Range<usize>| {
        let secret = view.slice(range.clone());
        found.push(Finding::new(SecretKind::ApiToken, range, secret));
    };
    if let Some(issued) = ISSUED.as_ref() {
        // A hash may begin like a token.
        let found = issued.find_iter(view.text()).filter(|m| !is_hex(m.as_str()));
        found.for_each(|m| push(m.range()));
    }
    let named = HINT.as_ref().is_some_and(|hint| hint.is_match(view.keys()));
    if let Some(labelled) = LABELLED.as_ref().filter(|_| named) {
        let places = labelled.captures_iter(view.keys());
        let values = places.filter_map(|c| {
            let end = c.get(0)?.end();
            value(view, end, c.name("sure").is_some())
        });
        values.for_each(&mut push);
    }
}

/// The secret value that a label at `end` announces.
fn value(view: &View, end: usize, sure: bool) -> Option<Range<usize>> {
    let rest = super::context::after(view.keys(), end, 64);
    let link = LINK.as_ref()?.find(rest)?;
    let start = end + link.end();
    let is_value = |b: &u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b'%')
    };
    let tail = view.text().as_bytes().get(start..)?;
    let len = tail.iter().take(VALUE_LEN_MAX).take_while(|b| is_value(b)).count();
    let value = view.slice(start..start + len).trim_end_matches(['.', '/', '-']);
    let linked = link.as_str().contains([':', '=']);
    // The second half of a pair: `access key AKIA… secret …`.
    let sure = sure || is_pair(view, end);
    let assigned = link.as_str() == "=" && is_hex(value) && value.len() >= 32;
    (assigned || is_secret(value, sure) && (sure || linked || value.contains('_')))
        .then(|| start..start + value.len())
}

/// Returns true if and only if an access key stands before the label at `end`.
fn is_pair(view: &View, end: usize) -> bool {
    let front = super::context::before(view.keys(), end, 96);
    ["access key", "api key", "apikey", "key id", "akia"].iter().any(|w| front.contains(w))
}

fn is_secret(value: &str, sure: bool) -> bool {
    let count = |test: fn(&u8) -> bool| value.as_bytes().iter().filter(|b| test(b)).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let cased = count(u8::is_ascii_lowercase) >= 4 && count(u8::is_ascii_uppercase) >= 4;
    let mixed = letters >= 4 && (digits >= 2 || (sure && cased && digits >= 1));
    let coin = value.starts_with("0x")
        || value.contains("://")
        || value.starts_with('T') && value.len() == 34
        || value.len() == 48 && (value.starts_with("EQ") || value.starts_with("UQ"));
    // Base58 of 32 to 44 characters after a bare "token" is the address of a coin.
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric());
    let address = !sure && plain && (32..=44).contains(&value.len());
    value.len() >= VALUE_LEN_MIN && mixed && !coin && !address && !is_uuid(value)
}

fn is_hex(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_uuid(value: &str) -> bool {
    let sizes: Vec<usize> = value.split('-').map(str::len).collect();
    sizes == [8, 4, 4, 4, 12]
}
