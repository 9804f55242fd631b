//! Answers to security questions: what lets in whoever forgot the password.
//!
//! In: the view and its labels. Out: findings. `my secret answer is Kowalczyk`, 密保答案：实验二小,
//! `What was the name of your first pet? Rusty Biscuit.` Talk about answers ("is case sensitive",
//! 答案错误) stays.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::context::{after, before};
use super::label::{Label, Named};
use super::looks::is_talk;
use super::view::{BARRIER, View};
use super::{Finding, SecretKind};

/// Bytes of an answer and of the words that lead to it.
const ANSWER_BYTES: usize = 96;
/// Bytes around an "answer:" in which a security question is named.
const TOPIC_BYTES: usize = 120;

/// Between a label and its answer.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^["'”)]?\s*(?P<sign>(?:(?:is|was|should be|must be|as|是|为|填的是|填|写的?是?|我填的?是?|就是|应该是)?\s*(?:[:=]|->|=>))|(?:is|was|should be|must be)(?-u:\b)|(?:我?[填写设]的?|应该|就|一直)?[是为]|填了?|写了?的?)?["'“「\s]*"#).ok()
});

/// Questions that services ask.
static QUESTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?x)
        (?:maiden\sname | first\s(?:pet|car|school|teacher|job|street|phone|concert)(?:'s\sname)? | (?:name|breed|model|make)\sof\s(?:your|my|the)\s[a-z\s]{3,24} | pet'?s?\sname | (?:city|town|place)\s[a-z\s]{0,16}born | favou?rite\s[a-z]{3,12} | best\sfriend(?:'s\sname)?)
        (?:\s?\?|\s?[:=]|\s(?:is|was)(?-u:\b)|\sanswer\s?[:=])\s*(?:answer(?-u:\b)\s?[:=]?\s*)?
      | (?:母亲|父亲|妈妈|爸爸|母校|宠物|小学|中学|大学|老师|班主任|出生地|出生城市|配偶|偶像|家乡|第一只宠物|最好的朋友)的?(?:姓名|名字|名称|名|学校|城市)?(?:是|叫|:|\s|\?\s?(?:答案?\s?[:是]?)?)\s?
      | (?:(?-u:\b)i\s)?(?-u:\b)answer(?:ed)?(?:\s?[:=]|\s(?:is|was|with)(?-u:\b))?\s["'“]? | (?-u:\b)answer[:=]\s? | 答案(?:写|填)?的?\s?[:=是]?\s? | 答\s?[:=]\s?"#).ok()
});

/// Words for the questions of an account.
static TOPIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:security|secret|recovery|challenge) (?:question|answer)|wrong answer|密保|安全问题|密码提示问题|找回问题|密码问题").ok()
});

/// Every topic holds one of these, so most texts need no closer look.
static HINT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let hints = [
        "security question",
        "secret question",
        "recovery question",
        "challenge question",
        "security answer",
        "secret answer",
        "recovery answer",
        "wrong answer",
        "密保",
        "安全问题",
        "密码提示问题",
        "找回问题",
        "密码问题",
    ];
    AhoCorasick::new(hints).ok()
});

/// Where an answer ends.
static END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"["”」)]|'(?:\s|$)|[,，。;；!！?？\n|]|\.(?:\s|$)|\s(?:and|but|it|not|is|was|isn't|wasn't|does|doesn't|did|didn't|has|gets|got|keeps|still|rejected|refused|fails|failed|wrong|which|so|yet|for|says|the|i)(?-u:\b)|\s?(?:不对|不正确|不行|错误|错了|提示|显示|还是|但|却|一直|没用|怎么|为什么|无效|对不对|也|总是|被)"#).ok()
});

/// Words that begin a remark and no answer.
const REMARKS: &str = "a an the my your his her our their in on at of to for with from by as it its this that these those case i we you they he she be been being also just only too very so if when where why how what which who and or but because since after before until no yes none any some all every shown seen known kept set sent given taken made found hashed asked greyed grayed don't doesn't won't";

/// Chinese words that make a remark of an answer.
static REMARKS_HAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("什么|吗|呢|错|忘|不|没|哪|怎|必|需|区分|大小写|正确|一样|多少|几|被|修改|更改|谁|还是|要|会|能|可以|输入|填|问题|答案|找回|重设|重置|设置|对的|丢").ok()
});

/// Finds answers.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    let mut push = |range: Range<usize>| {
        let secret = view.slice(range.clone());
        found.push(Finding::new(SecretKind::SecurityAnswer, range, secret));
    };
    let mut talks = false;
    for label in labels.iter().filter(|label| label.named == Named::Answer) {
        talks = true;
        labelled(view, label).into_iter().for_each(&mut push);
    }
    let talks = talks || HINT.as_ref().is_some_and(|hint| hint.is_match(view.keys()));
    let Some(questions) = QUESTION.as_ref().filter(|_| talks) else { return };
    for question in questions.find_iter(view.keys()).take(500) {
        let around = [
            before(view.keys(), question.start(), TOPIC_BYTES),
            after(view.keys(), question.start(), TOPIC_BYTES),
        ];
        let topic = TOPIC.as_ref().is_some_and(|t| around.iter().any(|part| t.is_match(part)));
        if let Some(range) = answer(view, question.end(), true).filter(|_| topic) {
            push(range);
        }
    }
}

fn labelled(view: &View, label: &Label) -> Option<Range<usize>> {
    let rest = after(view.keys(), label.range.end, ANSWER_BYTES);
    let link = LINK.as_ref()?.captures(rest)?;
    let len = link.get(0)?.len();
    // Without a verb or sign, a blank must part the two.
    let linked = link.name("sign").is_some();
    (len > 0).then(|| answer(view, label.range.end + len, linked)).flatten()
}

/// The answer that begins at `start`.
fn answer(view: &View, start: usize, linked: bool) -> Option<Range<usize>> {
    let rest = after(view.text(), start, ANSWER_BYTES);
    let keys = after(view.keys(), start, ANSWER_BYTES);
    let end = END.as_ref()?.find(keys).map_or(rest.len(), |m| m.start());
    // What was taken out already is no answer.
    let end = keys.find(BARRIER).map_or(end, |barrier| barrier.min(end));
    let text = rest.get(..end)?.trim_end();
    let lower = text.to_lowercase();
    let mut words = lower.split_whitespace();
    let first = words.next()?;
    let han = text.chars().filter(|c| crate::text::han::is_han(*c)).count();
    let is_answer = if han > 0 {
        let talk = REMARKS_HAN.as_ref()?.is_match(keys.get(..end)?);
        (2..=8).contains(&han) && !talk
    } else {
        let state = ["ed", "ing", "ly", "able", "ible", "ive"].iter().any(|e| first.ends_with(e));
        let upper = text.starts_with(char::is_uppercase);
        let count = 1 + words.count();
        text.chars().any(char::is_alphanumeric)
            && text.len() >= 3
            && count <= 5
            && !is_talk(first)
            && !REMARKS.split(' ').any(|r| r == first)
            && (upper || linked && !state)
    };
    is_answer.then(|| start..start + text.len())
}
