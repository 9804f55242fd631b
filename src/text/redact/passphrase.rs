//! Passwords of several words or of Han characters, behind their labels.
//!
//! In: the view and its labels. Out: findings. `my password is correct horse battery staple`, 密码是
//! 我爱北京天安门不对, `password: p@ss w0rd!`. A sentence has small words ("the", "to") and the words of
//! talk about passwords; a passphrase has neither.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::label::{Label, Named};
use super::looks::is_talk;
use super::view::View;
use super::{Finding, SecretKind, wordlist};

/// Bytes behind a label in which a passphrase stands.
const PHRASE_BYTES: usize = 120;
/// Labels beyond which a text is made to hurt.
const LABELS_MAX: usize = 1_000;
/// Words of a passphrase; remarks are shorter.
const WORDS_MIN: usize = 4;

/// Words of a passphrase in quotation marks.
const QUOTED_WORDS_MIN: usize = 3;

/// Words of small letters behind a verb, a sign or a quotation mark.
static WORDS_BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(?:["'”)]?\s?(?:is|was|[:=]|is:|are|should be|used to be|是|为)\s?["'“「]?|\s["“「])((?:[a-z]{3,12}[ -]){2,7}?[a-z]{3,12})(?:["'”」]|[.,!?;\n]|$|\s(?:and|but|it|is|was|does|not|please|why|still|which|that)(?-u:\b)|\s?[^\x00-\x7f])"#).ok()
});

/// Two tokens, the second mixed too: `p@ss w0rd!`.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^["'”)]?\s?(?:is|was|[:=]|是|为)\s?["'“「]?([!-~]{3,16} [!-~]{3,16}?)["'”」]?(?:[.,;\n]|$|\s(?:and|but|it|is|does|not)(?-u:\b)|[^\x00-\x7f])"#).ok()
});

/// Han characters, perhaps with digits.
static HAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?x)^["'”)]?\s?
        (?P<link>(?:is|was|[:=]|就?[是为]|改[成为]了?|设[成为]了?|设置[成为]了?)\s?)?["'“「『]?
        (?P<value>(?P<han>[\x{4e00}-\x{9fff}]{2,10}?)(?P<digits>[0-9]{2,8})?)
        ["'”」』]?\s?
        (?P<end>$|[.,!?;\n。、]|不对|不行|不正确|错误|错了|登不|进不|打不开|解不开|无效|失效|没用|没反应|用不了|一直|总是|还是|也不|都不|被拒|提示|is(?-u:\b)|does|not|and|but)"#).ok()
});

/// Characters and words of talk, not of a password.
static TALK_HAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("[的了吗么呢吧什几错对忘丢忘没不会要能可应必须位设改输填找重置码锁登录用数字母号怎哪谁多少是否在和跟与或之其它他您请再被把给让从已就才都也还到过并且即但]|记得|我自己|生日|名字|手机|电话|身份|正确|一样|相同|提示|显示|问题|失败|成功|无法|以前|以后|之前|之后|时候|今天|昨天|明天|大小写|符号|太短|太长|太简|支付|交易|钱包|账户|账号|软件|系统|安全|客服|默认|随机|统一|加密|解密|保护|管理|指纹|面容|人脸|验证|规则|要求|复杂|简单|长度|强度|空白|为空|未知").ok()
});

/// Finds passphrases.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    for label in labels.iter().filter(|l| l.named == Named::Password).take(LABELS_MAX) {
        let found_here =
            words(view, label).or_else(|| pair(view, label)).or_else(|| han(view, label));
        if let Some(range) = found_here {
            let secret = view.slice(range.clone());
            found.push(Finding::new(SecretKind::Password, range, secret));
        }
    }
}

fn words(view: &View, label: &Label) -> Option<Range<usize>> {
    let rest = after(view.keys(), label.range.end, PHRASE_BYTES);
    let words = WORDS_BEHIND.as_ref()?.captures(rest)?.get(1)?;
    let all: Vec<&str> = words.as_str().split([' ', '-']).collect();
    let ends = ["ed", "ing", "ly", "able", "ible", "ive", "ful"];
    let is_small = |w: &str| {
        SMALL.split_whitespace().any(|small| small == w)
            || wordlist::is_common(w)
            || ends.iter().any(|end| w.ends_with(end))
    };
    // "Correct" and "secret" may begin a passphrase; two such words make talk of it.
    let talk = all.iter().filter(|word| is_talk(word)).count();
    let small = all.iter().any(|word| is_small(word));
    let quoted = rest.trim_start().starts_with(['"', '“', '「']);
    let least = if quoted { QUOTED_WORDS_MIN } else { WORDS_MIN };
    let phrase = all.len() >= least && !small && (talk == 0 || talk == 1 && all.len() >= 4);
    phrase.then(|| label.range.end + words.start()..label.range.end + words.end())
}

/// Words of sentences that are in no list of phrases.
const SMALL: &str = "the and but for with from that this was were are has had have been its his her our their your mine you who why how when where what which does did done doing being because although though then than into onto over under upon case sensitive special uppercase lowercase letters numbers symbols characters digits minimum maximum length page screen box field button app apps wallet wallets phone email mail account login user name code codes pin reset error wrong invalid incorrect forgot forgotten lost stolen hidden shown kept won cant cannot dont doesnt isnt wont didnt not never ever any some all every each same other either neither also just only even still yet now here there again too very much many more most less least written wrote down out off somewhere saved stored sure";

fn pair(view: &View, label: &Label) -> Option<Range<usize>> {
    let rest = after(view.text(), label.range.end, PHRASE_BYTES);
    let pair = PAIR.as_ref()?.captures(rest)?.get(1)?;
    let (first, second) = pair.as_str().split_once(' ')?;
    let mixed = |token: &str| {
        let bare = token.trim_end_matches(['!', '?']);
        let odd = bare.contains(['@', '$', '#', '!', '*', '^'])
            || bare.bytes().any(|b| b.is_ascii_digit());
        odd && bare.bytes().any(|b| b.is_ascii_alphabetic()) && !is_talk(token)
    };
    let is_pair = mixed(first) && mixed(second) && !pair.as_str().contains("://");
    is_pair.then(|| label.range.end + pair.start()..label.range.end + pair.end())
}

fn han(view: &View, label: &Label) -> Option<Range<usize>> {
    let rest = after(view.keys(), label.range.end, PHRASE_BYTES);
    let captures = HAN.as_ref()?.captures(rest)?;
    let (value, han) = (captures.name("value")?, captures.name("han")?);
    let digits = captures.name("digits").is_some();
    let linked = captures.name("link").is_some();
    let named_in_han = !view.keys().get(label.range.clone())?.is_ascii();
    let parted =
        linked || !named_in_han || rest.starts_with([' ', '"', '\'']) || rest.starts_with('「');
    let ended = captures
        .name("end")
        .is_some_and(|end| end.as_str().chars().all(crate::text::han::is_han) && !end.is_empty());
    // 我的密码：小明爱吃鱼 is one, 密码：必填 in a form is none.
    let own = before(view.keys(), label.range.start, 24).contains(['我', '旧', '新'])
        || linked && !rest.starts_with(':') && ended;
    let long = han.as_str().chars().count() >= 4;
    let talk = TALK_HAN.as_ref()?.is_match(han.as_str());
    let is_value =
        !talk && parted && (digits && (linked || !named_in_han) || long && linked && own && ended);
    is_value.then(|| label.range.end + value.start()..label.range.end + value.end())
}
