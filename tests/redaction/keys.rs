//! Private keys in every format, written the ways in which people paste them.

use super::case::{Case, Dice};

pub const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const HEX: &[&str] = &["private-key-hex", "private-key"];
const WIF: &[&str] = &["wif"];
const XPRV: &[&str] = &["xprv"];
const OTHER: &[&str] = &["private-key", "private-key-hex", "wif", "mini-key", "bip38"];
const KEYSTORE: &[&str] = &["keystore"];

/// Texts that call what they hold a private key.
pub const NAMED: &[&str] = &[
    "my private key {} will not import",
    "private key: {}",
    "Private Key:\n{}\nAddress: 0x0f7d3cdbd8895b9f1a13ac4eb036d524488b2362",
    "PRIVATE_KEY={}",
    "\"privateKey\": \"{}\"",
    "exported secret key from the old app:\n{}\nsame for the other account",
    "here is the pk {} can you check the balance",
    "{} is my private key, what is wrong with it?",
    "{} (private key)",
    "i used this private key {} to sign and tx 0xaa902f35cc6faac739d06b378dafb7b7f304a6f0eaa85046d285e82261ad13f2 failed",
    "私钥：{}",
    "我的私钥是{}，导入失败",
    "私钥 {} 怎么导入",
    "{}是我的私钥，帮我查一下",
    "{}\n这是私钥",
    "私鑰：{}\n匯入後沒有餘額",
    "导出的私钥如下：\n{}\n地址对不上",
    "用私钥 {} 导入提示无效",
    "account private key = {}",
    "wallet secret: {}",
    "ETH private key - {}",
];
/// Texts that say nothing about it.
const BARE: &[&str] = &[
    "{}",
    "does this look right? {}",
    "sweep this please: {} balance 0.02",
    "paper wallet {} from 2014",
    "帮我看看 {} 为什么不行",
    "{} 导不进去",
    "hello\n{}\nthanks",
];

fn check58(payload: &[u8]) -> String {
    bs58::encode(payload).with_check().into_string()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn wif(version: u8, compressed: bool, dice: &mut Dice) -> String {
    let mut payload = vec![version];
    payload.extend(dice.bytes(32));
    payload.extend(compressed.then_some(1));
    check58(&payload)
}

pub fn extended(version: [u8; 4], private: bool, dice: &mut Dice) -> String {
    let mut payload = version.to_vec();
    payload.extend([3]);
    payload.extend(dice.bytes(40));
    payload.push(if private { 0 } else { 2 });
    payload.extend(dice.bytes(32));
    check58(&payload)
}

fn ripple_seed(prefix: &[u8], dice: &mut Dice) -> String {
    let mut payload = prefix.to_vec();
    payload.extend(dice.bytes(16));
    bs58::encode(payload).with_alphabet(bs58::Alphabet::RIPPLE).with_check().into_string()
}

/// Stellar's base32 with CRC-16/XMODEM; `S` secrets have version 0x90, `G` addresses 0x30.
pub fn stellar(version: u8, dice: &mut Dice) -> String {
    let mut bytes = vec![version];
    bytes.extend(dice.bytes(32));
    let crc = bytes.iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    });
    bytes.extend(crc.to_le_bytes());
    base32(&bytes)
}

pub fn base32(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    let letters: Vec<char> = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars().collect();
    bits.as_bytes()
        .chunks(5)
        .map(|five| {
            letters[five.iter().fold(0, |v, b| v * 2 + usize::from(b - b'0')) << (5 - five.len())]
        })
        .collect()
}

fn mini_key(dice: &mut Dice) -> String {
    use sha2::{Digest, Sha256};
    loop {
        let key = format!("S{}", dice.text(BASE58, 29));
        if Sha256::digest(format!("{key}?"))[0] == 0 {
            return key;
        }
    }
}

fn spaced(text: &str, size: usize, glue: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(glue)
}

fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect()
}

fn keystore(dice: &mut Dice) -> String {
    let (address, cipher, iv) = (hex(&dice.bytes(20)), hex(&dice.bytes(32)), hex(&dice.bytes(16)));
    let (salt, mac) = (hex(&dice.bytes(32)), hex(&dice.bytes(32)));
    format!(
        "{{\"version\":3,\"id\":\"3198bc9c-6672-5ab3-d995-4942343ae5b6\",\"address\":\"{address}\",\"crypto\":{{\"ciphertext\":\"{cipher}\",\"cipherparams\":{{\"iv\":\"{iv}\"}},\"cipher\":\"aes-128-ctr\",\"kdf\":\"scrypt\",\"kdfparams\":{{\"dklen\":32,\"salt\":\"{salt}\",\"n\":262144,\"r\":8,\"p\":1}},\"mac\":\"{mac}\"}}}}"
    )
}

fn pem(kind: &str, dice: &mut Dice) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lines: Vec<String> = (0..6).map(|_| dice.text(alphabet, 64)).collect();
    format!(
        "-----BEGIN {kind}PRIVATE KEY-----\n{}\n-----END {kind}PRIVATE KEY-----",
        lines.join("\n")
    )
}

fn numbers(bytes: &[u8], glue: &str) -> String {
    bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(glue)
}

/// Hexadecimal keys beside words that say what they are.
pub fn hex_keys(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in NAMED {
        for form in 0..9 {
            for _ in 0..3 {
                let key = hex(&dice.bytes(32));
                let (name, text) = match form {
                    0 => ("plain", key),
                    1 => ("0x", format!("0x{key}")),
                    2 => ("upper", key.to_uppercase()),
                    3 => ("fours", spaced(&key, 4, " ")),
                    4 => ("eights", spaced(&key, 8, " ")),
                    5 => ("two lines", spaced(&key, 32, "\n")),
                    6 => ("quoted", format!("\"{key}\"")),
                    7 => ("zero-width", spaced(&key, 8, "\u{200B}")),
                    _ => ("full-width", wide(&key)),
                };
                cases.push(Case::framed(
                    format!("hex {name}, {frame:?}"),
                    HEX,
                    frame,
                    &text,
                    false,
                ));
            }
        }
    }
    cases
}

/// Keys that prove themselves, with and without a word beside them.
pub fn proven(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in NAMED.iter().chain(BARE) {
        for _ in 0..3 {
            let d = &mut dice;
            let all: Vec<(&str, &'static [&'static str], String)> = vec![
                ("wif 5", WIF, wif(0x80, false, d)),
                ("wif K/L", WIF, wif(0x80, true, d)),
                ("wif testnet", WIF, wif(0xEF, true, d)),
                ("wif litecoin", WIF, wif(0xB0, true, d)),
                ("wif dogecoin", WIF, wif(0x9E, true, d)),
                ("wif dash", WIF, wif(0xCC, true, d)),
                ("xprv", XPRV, extended([0x04, 0x88, 0xAD, 0xE4], true, d)),
                ("yprv", XPRV, extended([0x04, 0x9D, 0x78, 0x78], true, d)),
                ("zprv", XPRV, extended([0x04, 0xB2, 0x43, 0x0C], true, d)),
                ("tprv", XPRV, extended([0x04, 0x35, 0x83, 0x94], true, d)),
                ("xrp seed", OTHER, ripple_seed(&[0x21], d)),
                ("xrp ed seed", OTHER, ripple_seed(&[0x01, 0xE1, 0x4B], d)),
                ("stellar", OTHER, stellar(0x90, d)),
                ("mini key", OTHER, mini_key(d)),
                ("bip38", OTHER, {
                    let mut payload = vec![0x01, 0x42, 0xC0];
                    payload.extend(d.bytes(36));
                    check58(&payload)
                }),
                ("nsec", OTHER, format!("nsec1{}", d.text("023456789acdefghjklmnpqrstuvwxyz", 58))),
                (
                    "sui",
                    OTHER,
                    format!("suiprivkey1{}", d.text("023456789acdefghjklmnpqrstuvwxyz", 59)),
                ),
                ("solana bytes", OTHER, format!("[{}]", numbers(&d.bytes(64), ","))),
                ("solana bytes spaced", OTHER, format!("[{}]", numbers(&d.bytes(64), ", "))),
                ("keystore", KEYSTORE, keystore(d)),
                ("pem", OTHER, pem("", d)),
                ("pem ec", OTHER, pem("EC ", d)),
                ("pem openssh", OTHER, pem("OPENSSH ", d)),
            ];
            for (name, kinds, text) in all {
                cases.push(Case::framed(format!("{name}, {frame:?}"), kinds, frame, &text, true));
            }
        }
    }
    cases
}

/// Keys whose format has no checksum: named ones must go.
pub fn named(seed: u64) -> Vec<Case> {
    let mut dice = Dice::new(seed);
    let mut cases = Vec::new();
    for frame in NAMED {
        for _ in 0..3 {
            let d = &mut dice;
            let pair = bs58::encode(d.bytes(64)).into_string();
            let seed = bs58::encode(d.bytes(32)).into_string();
            let bytes = d.bytes(32);
            let all: Vec<(&str, &'static [&'static str], String)> = vec![
                ("solana pair", OTHER, pair),
                ("solana seed", OTHER, seed),
                ("bare bytes", OTHER, numbers(&d.bytes(64), ", ")),
                ("32 bytes", OTHER, format!("[{}]", numbers(&bytes, ", "))),
                ("wif with a slip", OTHER, {
                    let mut key = wif(0x80, true, d);
                    key.replace_range(20..21, "7");
                    key
                }),
                ("wif in groups", WIF, spaced(&wif(0x80, true, d), 13, " ")),
                ("hex 128", OTHER, hex(&d.bytes(64))),
                ("hex one short", OTHER, hex(&d.bytes(32))[1..].to_owned()),
                ("hex 0X upper", OTHER, format!("0X{}", hex(&d.bytes(32)).to_uppercase())),
                (
                    "base64",
                    OTHER,
                    format!(
                        "{}=",
                        d.text(
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                            43
                        )
                    ),
                ),
                (
                    "xprv broken off",
                    XPRV,
                    extended([0x04, 0x88, 0xAD, 0xE4], true, d)[..90].to_owned(),
                ),
            ];
            for (name, kinds, text) in all {
                let kinds = if kinds == XPRV {
                    XPRV
                } else {
                    &["private-key", "private-key-hex", "wif", "mini-key", "bip38", "xprv"]
                };
                cases.push(Case::framed(format!("{name}, {frame:?}"), kinds, frame, &text, false));
            }
        }
    }
    cases
}
