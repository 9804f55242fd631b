//! Wording that asks a reader for a secret: the one sentence that a scammer would add to an article,
//! and that a tired editor might.
//!
//! A sentence is read clause by clause. A clause that hands over (`send`, 发给) a secret is reported
//! unless it, or a clause before it that it hangs on, forbids this (`never`, 不要) or speaks of
//! somebody else who does it (a scammer, 对方). Typing a phrase into the app is not handing it over.

use std::sync::LazyLock;

use regex::Regex;

use crate::lang::Lang;

use super::place::{Findings, passages};

pub(super) fn check(findings: &mut Findings<'_>) {
    let Some(patterns) = patterns(findings.article.lang) else { return };
    for passage in passages(findings.article) {
        if let Some(sentence) = patterns.first_ask(passage.text) {
            let message = format!("this seems to ask for a secret: `{}`", shown(sentence));
            let help = "nobody may be asked for a phrase, key, password or code; say that they are \
                        never to be shared";
            findings.warning(passage.line, message, help);
        }
    }
}

struct Patterns {
    lang: Lang,
    /// Words with which a reader is told to hand something over.
    hand_over: Regex,
    /// What must never be handed over.
    secret: Regex,
    /// Forbidding or warning words.
    forbid: Regex,
    /// Somebody else who asks or was given something.
    others: Regex,
    /// The people whom staff write to: what they are told or sent is no ask of ours.
    users: Regex,
    /// Words that open a clause whose negation says nothing about the next one.
    condition: Regex,
    /// Words that end the reach of an earlier negation.
    turn: Regex,
}

impl Patterns {
    fn new(lang: Lang, parts: [&str; 7]) -> Option<Self> {
        let [hand_over, secret, forbid, others, users, condition, turn] =
            parts.map(|p| Regex::new(p).ok());
        Some(Patterns {
            lang,
            hand_over: hand_over?,
            secret: secret?,
            forbid: forbid?,
            others: others?,
            users: users?,
            condition: condition?,
            turn: turn?,
        })
    }

    /// The first sentence of a text that asks for a secret. What is quoted in a text that warns,
    /// or speaks of others, is the scammer speaking, not us.
    fn first_ask<'t>(&self, text: &'t str) -> Option<&'t str> {
        let warns = self.forbid.is_match(text) || self.others.is_match(text);
        let mut quoted = false;
        for sentence in sentences(text) {
            let begins_quoted = quoted;
            for c in sentence.chars() {
                quoted = match c {
                    '“' => true,
                    '”' => false,
                    '"' => !quoted,
                    _ => quoted,
                };
            }
            let is_speech = begins_quoted || sentence.contains(['“', '"']);
            if !(warns && is_speech) && self.asks(sentence) {
                return Some(sentence);
            }
        }
        None
    }

    fn asks(&self, sentence: &str) -> bool {
        if !self.secret.is_match(sentence) {
            return false;
        }
        let mut forbidden = false;
        for part in sentence.split([',', ';', '，', '；', '：']).map(str::trim) {
            if self.turn.is_match(part) {
                forbidden = false;
            }
            let reasons = [&self.forbid, &self.others, &self.users];
            let excused = reasons.iter().any(|excuse| excuse.is_match(part));
            if excused && !self.condition.is_match(part) {
                forbidden = true;
            }
            if self.hands_over(part) && !excused && !forbidden {
                return true;
            }
        }
        false
    }

    /// English names the secret after the verb, Chinese also before it (把助记词发给我们).
    fn hands_over(&self, clause: &str) -> bool {
        let Some(verb) = self.hand_over.find(clause) else { return false };
        let rest = match self.lang {
            Lang::En => clause.get(verb.end()..).unwrap_or_default(),
            Lang::Zh => clause,
        };
        self.secret.is_match(rest)
    }
}

fn patterns(lang: Lang) -> Option<&'static Patterns> {
    static EN: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new(Lang::En, EN_PARTS));
    static ZH: LazyLock<Option<Patterns>> = LazyLock::new(|| Patterns::new(Lang::Zh, ZH_PARTS));
    match lang {
        Lang::En => EN.as_ref(),
        Lang::Zh => ZH.as_ref(),
    }
}

/// In the order of the fields of [`Patterns`].
const EN_PARTS: [&str; 7] = [
    r"(?ix)\b(send|give|tell|share|provide|email|e-mail\ us|submit|forward|attach|upload|include
        |reply\ with|read\ out|message\ us|let\ us\ have|show\ us
        |we(\ will|\ may|['’]ll)?\ (need|require))\b",
    r"(?ix)\b((recovery|seed|secret|backup)\ (phrase|words?)|(your|the|their|this|that)\ phrase
        |mnemonic|private\ keys?|keystore|passwords?|passphrase|PIN|CVV|CVC
        |(one-time|verification|SMS|3-D\ Secure)\ codes?|(full|whole|complete)\ card\ numbers?)\b",
    r"(?ix)\b(never|not|no|nobody|none|nor|cannot|without|leave\ out|omit|except|avoid|stop|refuse
        |unless|instead\ of|rather\ than|nothing)\b | n['’]t\b
        |\b(scam|phish|fake|fraud|impost|pretend|steal|thie[fv]|liar)\w*",
    r"(?ix)\b(anyone|anybody|someone|somebody|whoever|whichever|who|they|attackers?|callers?
        |strangers?|asks?|asked|asking|wants?|people)\b",
    r"(?i)\b(users?|customers?)\b",
    r"(?i)^(and |but )?(if|when|where|since|because|once|as|after|until)\b",
    r"(?i)^(but|instead|then|please|kindly|so)\b",
];

/// In the order of the fields of [`Patterns`]. 您发来的… speaks of what has been sent already.
const ZH_PARTS: [&str; 7] = [
    r"(?x)(发给|发来|发到|发送|发一下|发过来|传给|提供|告诉|告知|提交|上传|附上|交给|念给|报给|报一下
        |截图给|填写到|回复|我们(会|可能)?(需要|要))(?:[^的]|$)",
    r"(?i)助记词|恢复短语|密语|私钥|Keystore|密码|验证码|PIN 码|CVV|安全码|完整(的)?卡号",
    r"不|别|勿|没|无|绝|从未|未|莫|禁|拒|骗|假|冒充|泄露|窃|盗|除外|以外|遮",
    r"对方|有人|任何人|别人|他人|陌生人|凡|谁|某|让您|[^需]要您|叫您|索要|曾|已经",
    r"用户|客户",
    r"^(如果|若|要是|假如|万一|当|因为|由于|一旦)",
    r"^(但|而是|请|麻烦|然后|那么|就请)",
];

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '。', '！', '？', '\n'])
        .map(str::trim)
        .filter(|s| !s.is_empty())
}

/// The sentence, or as much of it as is needed to find it.
fn shown(sentence: &str) -> String {
    const CHARS_MAX: usize = 60;
    let mut text: String = sentence.chars().take(CHARS_MAX).collect();
    if sentence.chars().nth(CHARS_MAX).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: Lang, text: &str, expected: bool) {
        let patterns = patterns(lang).unwrap();
        assert_eq!(patterns.first_ask(text).is_some(), expected, "{text}");
    }

    #[test]
    fn finds_wording_that_asks_for_a_secret() {
        check(Lang::En, "Please send us your recovery phrase.", true);
        check(Lang::En, "If it does not work, share the twelve words of your seed phrase.", true);
        check(Lang::En, "Nothing is lost. Then tell us the one-time code.", true);
        check(Lang::En, "Do not worry, please reply with your PIN.", true);
        check(Lang::En, "To unlock it we will need your backup password.", true);
        check(Lang::En, "Write: \"Please share your seed phrase with us.\"", true);
        check(Lang::Zh, "请把助记词发给我们。", true);
        check(Lang::Zh, "我们需要您的助记词才能核实。", true);
        check(Lang::Zh, "如果一直没到账，请提供您的私钥。", true);
        check(Lang::Zh, "为了核实身份，回复短信验证码即可。", true);
    }

    #[test]
    fn leaves_warnings_and_steps_alone() {
        check(Lang::En, "Never share your recovery phrase, PIN or one-time code.", false);
        check(Lang::En, "We never ask you to type, send or read out your recovery phrase.", false);
        check(Lang::En, "Anyone who tells you to send your private key is a scammer.", false);
        check(Lang::En, "Choose Import wallet and enter your recovery phrase.", false);
        check(Lang::En, "\"Give us the phrase.\" That is what a thief says.", false);
        check(Lang::En, "\"Give us the phrase to get it back.\" with it they take the rest", false);
        check(Lang::En, "Your message contained your recovery phrase.", false);
        check(Lang::En, "Change the password of your e-mail address.", false);
        check(Lang::Zh, "您发来的消息里有助记词，我已删除。", false);
        check(Lang::Zh, "客服绝不会索要助记词，也不会要您提供验证码。", false);
        check(Lang::Zh, "别把助记词、私钥发给任何人。", false);
        check(Lang::Zh, "有人让您把私钥发给他，就是骗子。", false);
        check(Lang::Zh, "打开导入钱包，输入助记词。", false);
    }
}
