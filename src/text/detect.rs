//! Which language a text is written in, short and mixed text included.
//!
//! Counts decide, since statistical detectors are weak where tickets are: they call "gas fee"
//! Welsh and "USDT withdraw 一直 pending" English. whatlang is asked only about longer texts in an
//! alphabet that do not look like English, to say that a ticket is in neither language.

use crate::lang::TextLang;

use super::han::{self, is_han};
use super::script::{Run, Script, runs};

/// What was found out about a text's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The language to treat the text as.
    pub lang: TextLang,
    /// The English name of the language if it is surely neither English nor Chinese.
    pub foreign: Option<&'static str>,
}

/// Letters that a text without Han characters must have before whatlang's word counts.
const FOREIGN_LETTERS_MIN: usize = 40;

/// English function words; one in twelve words or more means English.
const FUNCTION_WORDS: [&str; 40] = [
    "the", "to", "i", "my", "is", "a", "and", "it", "of", "in", "for", "on", "you", "not", "have",
    "this", "that", "with", "was", "can", "but", "be", "me", "are", "how", "do", "what", "from",
    "at", "no", "your", "when", "if", "so", "we", "has", "why", "or", "did", "an",
];

/// Latin words that Chinese writers use as Chinese words: their presence does not make a text
/// mixed. Tickers, names with capitals or digits and one-letter words are recognised by form.
const BORROWED: [&str; 44] = [
    "app",
    "memo",
    "gas",
    "dapp",
    "nft",
    "defi",
    "swap",
    "pin",
    "wifi",
    "vpn",
    "id",
    "kyc",
    "face",
    "ok",
    "tag",
    "token",
    "bug",
    "apk",
    "ios",
    "android",
    "iphone",
    "google",
    "play",
    "apple",
    "pay",
    "visa",
    "web",
    "pc",
    "sms",
    "email",
    "rpc",
    "hash",
    "txid",
    "walletconnect",
    "bsc",
    "ledger",
    "trezor",
    "nonce",
    "polygon",
    "logo",
    "ui",
    "qq",
    "url",
    "csv",
];

/// Detects the language of a text as it was written (not folded: folding hides traditional forms).
pub fn detect(text: &str) -> Detected {
    let mut counts = Counts::default();
    let runs = runs(text);
    for run in &runs {
        counts.add(text, run);
    }
    let known = |lang| Detected { lang, foreign: None };
    if counts.han == 0 {
        return Detected { lang: TextLang::En, foreign: foreign(text, &counts) };
    }
    // A Chinese word has about 1.6 characters. From one English word in four on, the writer thinks
    // in both languages; a single one ("没填 memo", "App 闪退") is a loan.
    let chinese_words = counts.han as f32 / 1.6;
    let english = counts.english as f32;
    if english >= 2.0 && english / (english + chinese_words) >= MIXED_SHARE {
        return known(TextLang::Mixed);
    }
    known(if counts.traditional > counts.simplified { TextLang::ZhHant } else { TextLang::Zh })
}

/// Share of English among the words from which a text counts as mixed.
const MIXED_SHARE: f32 = 0.12;

#[derive(Default)]
struct Counts {
    han: usize,
    traditional: usize,
    simplified: usize,
    english: usize,
    function: usize,
    words: usize,
    letters: usize,
}

impl Counts {
    fn add(&mut self, text: &str, run: &Run) {
        let Some(piece) = text.get(run.range.clone()) else { return };
        match run.script {
            Script::Han => {
                for c in piece.chars().filter(|c| is_han(*c)) {
                    self.han += 1;
                    self.traditional += usize::from(han::simplified(c) != c);
                    self.simplified += usize::from(han::is_simplified_only(c));
                }
            }
            Script::Alnum => {
                self.words += 1;
                self.letters += piece.chars().filter(|c| c.is_alphabetic()).count();
                let lower = piece.to_lowercase();
                let function = FUNCTION_WORDS.contains(&lower.as_str());
                self.function += usize::from(function);
                self.english += usize::from(is_english_word(piece, &lower, function));
            }
            Script::Other => {}
        }
    }
}

/// Returns true if and only if a Latin piece inside Chinese text reads as an English word rather
/// than a ticker, a name, a code or a loan word.
fn is_english_word(piece: &str, lower: &str, function: bool) -> bool {
    if function && piece.len() > 1 {
        return true;
    }
    let letters = piece.bytes().all(|b| b.is_ascii_alphabetic());
    let is_name = piece.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    letters && (3..=20).contains(&piece.len()) && !is_name && !BORROWED.contains(&lower)
}

fn foreign(text: &str, counts: &Counts) -> Option<&'static str> {
    if counts.letters < FOREIGN_LETTERS_MIN || counts.function * 12 >= counts.words {
        return None;
    }
    let info = whatlang::detect(text)?;
    let neither = !matches!(info.lang(), whatlang::Lang::Eng | whatlang::Lang::Cmn);
    (neither && info.is_reliable()).then(|| info.lang().eng_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: TextLang) {
        assert_eq!(detect(text).lang, expected, "{text}");
    }

    #[test]
    fn tells_short_mixed_and_traditional_apart() {
        check("gas fee", TextLang::En);
        check("USDT withdraw 一直 pending", TextLang::Mixed);
        check("没填 memo", TextLang::Zh);
        check("OneKey 蓝牙连上了但是签名那一步一直显示等待设备", TextLang::Zh);
        check("XRP 忘記填標籤", TextLang::ZhHant);
        check("network error 打不开", TextLang::Mixed);
        check("", TextLang::En);
    }

    #[test]
    fn names_a_third_language_only_when_sure() {
        let spanish = "Hola, mi transferencia lleva tres horas pendiente y no sé qué hacer ahora. \
                       Por favor, ayúdenme cuanto antes porque necesito el dinero mañana";
        assert_eq!(detect(spanish).foreign, Some("Spanish"));
        assert_eq!(detect("card declined").foreign, None);
        let english = "My transfer has been pending for three hours and I do not know what to do";
        assert_eq!(detect(english).foreign, None);
    }
}
