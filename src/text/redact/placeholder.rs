//! Placeholders: what stands where a secret was, in the language of the ticket.
//!
//! In: what was removed. Out: a short typed text in «guillemets». The same table recognises
//! placeholders that stand in a text already, so that cleaning a clean text changes nothing.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::SecretKind;
use super::context::after;
use crate::lang::TextLang;

/// The longest placeholder has 45 bytes.
const PLACEHOLDER_BYTES_MAX: usize = 64;

/// What a placeholder has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Removed {
    /// The kind of secret.
    pub kind: SecretKind,
    /// Words of a recovery phrase.
    pub words: Option<u8>,
    /// Digits that were hidden, if both ends of the value were left standing.
    pub middle: Option<u8>,
}

/// Names of what was removed: English, simplified, traditional.
fn name(kind: SecretKind) -> [&'static str; 3] {
    match kind {
        SecretKind::Mnemonic => ["recovery phrase", "助记词", "助記詞"],
        SecretKind::PrivateKeyHex
        | SecretKind::PrivateKey
        | SecretKind::Wif
        | SecretKind::MiniKey => ["private key", "私钥", "私鑰"],
        SecretKind::Bip38 => ["encrypted private key", "加密私钥", "加密私鑰"],
        SecretKind::Xprv => ["extended private key", "扩展私钥", "擴展私鑰"],
        SecretKind::Keystore => ["keystore", "密钥库文件", "密鑰庫檔案"],
        SecretKind::Pan => ["card number", "卡号", "卡號"],
        SecretKind::Cvv => ["card security code", "卡片安全码", "卡片安全碼"],
        SecretKind::CardExpiry => ["card expiry", "卡片有效期", "卡片有效期"],
        SecretKind::Password => ["password", "密码", "密碼"],
        SecretKind::OneTimeCode => ["one-time code", "验证码", "驗證碼"],
        SecretKind::ApiToken => ["access token", "访问令牌", "存取權杖"],
        SecretKind::SecurityAnswer => ["security answer", "密保答案", "密保答案"],
    }
}

/// The placeholder for `removed` in a text of language `lang`.
pub(super) fn placeholder(removed: Removed, lang: TextLang) -> String {
    let [en, zh, hant] = name(removed.kind);
    let Removed { words, middle, .. } = removed;
    match (lang, words, middle) {
        (TextLang::En, _, Some(n)) => format!("«{n} digits hidden»"),
        (TextLang::ZhHant, _, Some(n)) => format!("«已隱藏 {n} 位»"),
        (_, _, Some(n)) => format!("«已隐藏 {n} 位»"),
        (TextLang::En, Some(n), _) => format!("«{en} removed, {n} words»"),
        (TextLang::ZhHant, Some(n), _) => format!("«{hant}已移除（{n} 個詞）»"),
        (_, Some(n), _) => format!("«{zh}已移除（{n} 个词）»"),
        (TextLang::En, None, None) => format!("«{en} removed»"),
        (TextLang::ZhHant, None, None) => format!("«{hant}已移除»"),
        (_, None, None) => format!("«{zh}已移除»"),
    }
}

static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = SecretKind::ALL.map(|kind| name(kind).join("|")).join("|");
    let digits = r"[0-9]{1,3}";
    Regex::new(&format!(
        "^«(?:(?:{names})(?: removed(?:, {digits} words)?|已移除(?:（{digits} (?:个词|個詞)）)?)\
         |{digits} digits hidden|已隐藏 {digits} 位|已隱藏 {digits} 位)»$"
    ))
    .ok()
});

/// The placeholders that a text already holds, leftmost first.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    match SHAPE.as_ref() {
        Some(shape) => {
            text.match_indices('«').filter_map(|(at, _)| starting(shape, text, at)).collect()
        }
        None => Vec::new(),
    }
}

/// The placeholder that starts at `at`. The end is looked for first, since that costs next to nothing.
fn starting(shape: &Regex, text: &str, at: usize) -> Option<Range<usize>> {
    let part = after(text, at, PLACEHOLDER_BYTES_MAX);
    let end = part.find('»')? + '»'.len_utf8();
    let whole = part.get(..end).filter(|whole| shape.is_match(whole))?;
    Some(at..at + whole.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_every_placeholder_that_it_writes() {
        let counts = [(None, None), (Some(12), None), (None, Some(54))];
        for kind in SecretKind::ALL {
            for (words, middle) in counts {
                for lang in TextLang::ALL {
                    let text = placeholder(Removed { kind, words, middle }, lang);
                    assert_eq!(find(&text), [0..text.len()], "{text}");
                }
            }
        }
        assert!(find("«my words removed»").is_empty());
    }
}
