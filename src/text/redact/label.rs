//! Labels of passwords, PINs and one-time codes, and the values that they announce.
//!
//! In: the view. Out: [`Label`]s with what links each to its value. Judges no value.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::context::{after, char_at, char_before};
use super::view::{BARRIER, View};
use crate::text::han::is_han;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// A password or passphrase.
    Password,
    /// A user name and a password together.
    Account,
    /// A PIN.
    Pin,
    /// A one-time code.
    OneTimeCode,
    /// A code that may be one.
    Code,
    /// The security code of a card.
    CardCode,
    /// The secret of an authenticator.
    OtpSecret,
    /// Codes that let in whoever lost the second factor.
    BackupCodes,
    /// The answer to a security question.
    Answer,
}

/// A label in the text.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// What it names.
    pub named: Named,
    /// Bytes of the view.
    pub range: Range<usize>,
}

/// What stands between label and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// `:`, `=`, an arrow.
    Sign,
    /// "is", 是, "set to".
    Verb,
    /// A dash between spaces.
    Dash,
    /// Nothing but a space or a quotation mark.
    Space,
}

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<card> (?-u:\b)cvv2?(?-u:\b) | (?-u:\b)cvc2?(?-u:\b) | (?-u:\b)cvn2?(?-u:\b) | (?-u:\b)cid(?-u:\b) | card\s?(?:security|verification)\s?(?:code|number|value) | 卡?背?面?[后末][三四3-4]位 | (?:信用)?卡?安全码 | 背面[三3]位[数码]?字? )
      | (?P<backup> (?:(?-u:\b)(?:back-?\s?up|recovery|rescue|scratch|emergency|restore|reset)\s?(?:access|login|2fa|verification|security)?\s?(?:codes?|keys?\scodes?)(?-u:\b)) | (?:备用|备份|恢复|救援|应急|紧急|还原|复原|后备)(?:验证|登录|安全|访问)?(?:码|代码) )
      | (?P<answer> (?:security|secret|recovery|safety|challenge)\s(?:question'?s?\s)?answers?(?-u:\b) | answers?\s(?:to|for|of)\s(?:the|my|your|a|this)?\s?(?:security|secret|recovery|safety|challenge)\s?questions? | (?:密保|安全|找回|验证|密码|保护|密保的)(?:问题|提示问题)?的?答案 )
      | (?P<secret> (?:2fa|totp|otp|authenticator|mfa|google\sauth(?:enticator)?)\s?(?:app\s)?(?:secret|setup|backup|manual)?\s?(?:secret|key|seed) | otpauth://[^\s]*?secret | (?:谷歌)?验证器(?:密钥|秘钥) | 身份验证器密钥 | 2fa\s?(?:密钥|秘钥) | 谷歌(?:密钥|秘钥) )
      | (?P<otp> (?-u:\b)otp(?-u:\b)(?:\s?(?:code|password|pin))? | one[\s-]?time\s?(?:pass)?(?:code|word|pin)s? | one[\s-]?time\s(?:login|sms|security|verification)\s(?:code|pin)
          | (?:verification|verify|verif[a-z]{3,9}n|varification|auth(?:entication|enticator)?|2fa|mfa|two[\s-]?factor|login|sign[\s-]?in|sms|text|totp|email|e-mail|confirmation|authorization|access|activation)\s(?:pin|code|number|passcode)s? | security\scode | 2fa(?-u:\b) | (?-u:\b)tan(?-u:\b)
          | (?:短信|手机|邮箱|邮件|谷歌|动态|登录|支付|银行|图形|安全)?(?:(?:验证|校验|确认|认证|授权|动态)码|(?:验证|动态)号) | 动态[口密][令码] | 短信码 | 一次性(?:密码|口令|验证码|码) | 短信密码 | 简讯密码 | 简讯码 | 验证代码 | 谷歌码 )
      | (?P<account> (?:user(?:name)?|login|e-?mail|account|id|acc)\s?(?:/|and|&|\+|,)\s?(?:pass(?:word)?|pwd|pw)(?-u:\b) | (?-u:\b)(?:log[\s-]?in|user(?:name)?|account)\s?[:=]?\s?[^\s@]{1,64}@[^\s@]{3,64}\s?[/|] | (?-u:\b)(?:creds|credentials|login\sdetails)(?-u:\b) | 账号密码 | 账密 | 用户名(?:和|/|及|、)?密码 | 账号?(?:和|/|及|、|跟)密码 )
      | (?P<pin> (?-u:\b)pin(?:\s?-?(?:code|number|no))?s?(?-u:\b) | (?-u:\b)(?:un)?lock\s?(?:screen\s)?code(?-u:\b) | pin码 | 锁屏码 | 解锁码 )
      | (?P<password> pass[\s_-]?(?:word|phrase|code)s? | (?-u:\b)passw(?:or)?d?(?-u:\b)
          | (?-u:\b)(?:p[as]{2,4}[wor]{2,5}d{1,2}|pass?wor[tfs]|pass?w[pie]rd|pass?cod[es]{0,2}|pss?word|passs?phras[es]*)s?(?-u:\b) | (?-u:\b)pwd?s?(?-u:\b) | (?-u:\b)psw(?-u:\b) | (?-u:\b)pswd(?-u:\b) | (?-u:\b)pass(?-u:\b) | (?-u:\b)mi\s?ma(?-u:\b) | (?:密|蜜|秘)\s?(?:码|马) | 密吗 | 蜜吗 | 口令 | 通行码 | 通关密语 | 密语
          | contraseña | mot\sde\spasse | passwort | senha | パスワード | 비밀번호 )
      | (?P<code> (?-u:\b)code(?-u:\b) | (?-u:\b)码(?-u:\b) )",
    )
    .ok()
});

/// Every label holds one of these, so most texts need no closer look.
static HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let hints = [
        "cvv", "cvc", "cvn", "cid", "code", "card", "secret", "answer", "答案", "蜜", "秘",
        "mi ma", "pasw", "paso", "pasr", "pasc", "paas", "psas", "pssw", "key", "seed", "otp",
        "2fa", "mfa", "one", "factor", "pin", "number", "tan", "pass", "pw", "psw", "cred",
        "login", "mima", "contrase", "mot de", "senha", "码", "位", "密", "令", "语", "账", "パス",
        "비밀",
    ];
    AhoCorasick::new(hints).ok()
});

/// The labels of a text, leftmost first.
pub(super) fn find(view: &View) -> Vec<Label> {
    const NAMES: [(&str, Named); 9] = [
        ("backup", Named::BackupCodes),
        ("answer", Named::Answer),
        ("card", Named::CardCode),
        ("secret", Named::OtpSecret),
        ("otp", Named::OneTimeCode),
        ("account", Named::Account),
        ("pin", Named::Pin),
        ("password", Named::Password),
        ("code", Named::Code),
    ];
    if HINT.as_ref().is_some_and(|hint| !hint.is_match(view.keys())) {
        return Vec::new();
    }
    let Some(label) = LABEL.as_ref() else { return Vec::new() };
    let labels = label.captures_iter(view.keys()).filter_map(|c| {
        let named = NAMES.iter().find(|(name, _)| c.name(name).is_some())?.1;
        let range = c.get(0)?.range();
        Some(Label { named, range })
    });
    apart(view, labels.collect())
}

/// Labels beyond which a text is made to hurt.
const LABELS_MAX: usize = 1_000;

/// Of so many labels, those whose value cannot be the next label: reading a value is costly.
fn apart(view: &View, labels: Vec<Label>) -> Vec<Label> {
    if labels.len() <= LABELS_MAX {
        return labels;
    }
    let next = |at: usize| labels.get(at + 1).map_or(usize::MAX, |label| label.range.start);
    let touches = |at: usize, label: &Label| {
        let gap = view.keys().get(label.range.end..next(at));
        gap.is_some_and(|gap| gap.len() <= 4 && gap.chars().all(|c| !c.is_ascii_graphic()))
    };
    let kept = labels.iter().enumerate().filter(|(at, label)| !touches(*at, label));
    kept.map(|(_, label)| label.clone()).collect()
}

/// What may stand between a label and its value.
static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)^["'”’)\]\*_»】」）`]*
        (?:\s* [(\[（【] [^()\[\]（）【】\n:=]{0,24} [)\]）】] )?
        (?P<filler> (?: \s+(?:for|to|of|on|in|at|that|which|i|i'?ve|we|my|the|this|your|it|account|app|wallet|login|email|mail|keystore|backup|file|usually|always|use|used|using|typed|entered|enter|wrote|tried|try|have|had|chose|picked|here|old|new|current|code|you|sent|me|got|get|received|receive|just|from|sms|bank|ledger|device|phone|desktop|laptop|extension|zip|pdf|drive|icloud|google|cloud|as|like|and|pin|number|today|by|text|via|them|they|he|she|asked|card|set|say|says|said|came|shows|showed|arrived|am|now|again|hint|still|giving|gave)(?-u:\b)
                    | \s*(?:我|你们|他们|您|给我|发|发来|发给我|收到|收到的|的|设成了?|设置成了?|改成了?|设|设置|设的|用|用的|输|输入|输入的|填|填的|写|以前|之前|现在|一直|一般|应该|可能|好像|大概|原来|旧|新|都|就|刚|刚刚|刚才|收|到|了|这个|那个|短信|里|码|号|目前|当前|记得|App|app|钱包|登录|账户|手机|平时|常用|打|六位数?|四位数?|[468]位数?|数字) ){0,9} )
        \s*
        (?:
            (?P<dash>-{1,2}\s+)
          | (?P<sign>(?:(?:is|was|are|是|为)?\s*(?:-->|->|=>|:=|>>|[:=→⇒~])\s*)+)
          | (?P<verb>(?:(?-u:\b)(?:is|was|are|being|equals|reads?|be|shi|(?:should|could|must|might|may|would|will|can)\s(?:only\s|still\s|just\s|now\s)?be|used\sto\sbe|has\sbeen)(?-u:\b)|(?:set|changed|reset|updated|switched)?\s?(?-u:\b)to(?-u:\b)(?:\s(?:be|this))?|就?[是为叫]|等于|设[成为]|改[成为]|换成|设置[成为]|修改为|设定[成为]|更[改新][成为]|重置[成为]|填的是|用的是)了?(?:数字|字母)?\s*)
          | (?P<space>[\s"'“「『【\[(（`*_]+|)
        )
        (?:\s*(?:still|now|just|actually|simply|only|exactly|definitely|surely|certainly|currently|always|the\sfollowing|as\sfollows|probably|maybe|like|如下|这个|以下|这样的)\s*[:：]?)?
        [\s]*"#,
    )
    .ok()
});

/// Bytes that a link can take.
const LINK_BYTES: usize = 120;
/// Bytes of a value.
const VALUE_BYTES: usize = 96;

/// The value that stands behind a label, as a range of the view without its quotation marks.
pub(super) fn value(view: &View, label: &Label) -> Option<(Link, Range<usize>)> {
    let rest = after(view.keys(), label.range.end, LINK_BYTES);
    // 密码6位数123456: the count is no value.
    let count = ["4位数", "6位数", "8位数", "4位", "6位", "8位"]
        .into_iter()
        .find(|count| rest.starts_with(count));
    if let Some(count) = count {
        let range = label.range.start..label.range.end + count.len();
        return value(view, &Label { range, ..label.clone() });
    }
    // Nothing to read: most labels in talk about passwords end here, before the costly match.
    if !rest.bytes().any(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    // A digit right behind a Chinese label: nothing stands between them, as in most codes.
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let glued = char_before(view.keys(), label.range.end).is_some_and(|c| c.is_ascii());
        let range = if glued { None } else { read(view, label.range.end) };
        return range.map(|range| (Link::Space, range));
    }
    let captures = LINKS.as_ref()?.captures(rest)?;
    let has = |name: &str| captures.name(name).is_some();
    let link = match () {
        () if has("sign") => Link::Sign,
        () if has("verb") => Link::Verb,
        () if has("dash") => Link::Dash,
        () => Link::Space,
    };
    let filler = captures.name("filler").map_or("", |f| f.as_str());
    // "set the password to X": the last word of the filler is the verb.
    let link = if link == Link::Space && filler.ends_with(" to") { Link::Verb } else { link };
    if !filler.is_empty() && link == Link::Space && filler.is_ascii() {
        return None;
    }
    let start = label.range.end + captures.get(0)?.end();
    let spaced = captures.get(0).is_some_and(|m| !m.is_empty());
    // `passwords2` is one word, 密码abc123 is not.
    let glued = !spaced && char_before(view.keys(), start).is_some_and(|c| c.is_ascii());
    if glued { None } else { read(view, start).map(|range| (link, range)) }
}

/// The value at `start`: quoted up to the closing mark, else up to a space or a Chinese sign.
pub(super) fn read(view: &View, start: usize) -> Option<Range<usize>> {
    let text = view.text();
    let first = char_at(text, start)?;
    if let Some(close) = closing(first) {
        let start = start + first.len_utf8();
        let inner = after(text, start, VALUE_BYTES);
        let len = inner.find([close, '\n', BARRIER])?;
        let quoted = inner.get(len..).is_some_and(|t| t.starts_with(close));
        // The next cell of a table may hold the password, or words about it.
        let words = inner.get(..len).is_some_and(|cell| {
            first == '|' && cell.trim().contains(char::is_whitespace) && cell.contains(is_han)
        });
        return (quoted && len > 0 && !words).then_some(start..start + len);
    }
    let part = after(text, start, VALUE_BYTES);
    let ends = |c: char| !c.is_ascii_graphic() && !matches!(c, 'À'..='ʯ' | '€' | '£' | '¥' | '§');
    let len = part.find(ends).unwrap_or(part.len());
    let value =
        part.get(..len)?.trim_end_matches(['.', ',', ';', ':', ')', ']', '}', '"', '\'', '>', '`']);
    let value = value.split(['"', '<', '`']).next()?;
    (!value.is_empty()).then(|| start..start + value.len())
}

fn closing(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' | '|' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '『' => Some('』'),
        '【' => Some('】'),
        '[' => Some(']'),
        '(' => Some(')'),
        '<' => Some('>'),
        '《' => Some('》'),
        '«' => Some('»'),
        _ => None,
    }
}
