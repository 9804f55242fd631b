//! Backup codes of a second factor: one behind its label, or a list of them.
//!
//! In: the view and its labels. Out: one finding for a list, since its codes are one secret. Recovery
//! phrases are words and have detectors of their own.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::label::{Label, Named};
use super::number_talk::is_counted;
use super::strange::is_random;
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes of a list of codes.
const LIST_BYTES: usize = 480;
/// Bytes in which the words between label and codes stand.
const LINK_BYTES: usize = 80;
/// Labels beyond which a text is made to hurt.
const LABELS_MAX: usize = 500;

/// Words and signs between a label and its codes.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)^["'”)\]*_]*
        (?:\s*\([^()\n]{0,24}\))?
        (?:\s+(?:i|we|got|have|had|saved|wrote|for|my|the|from|of|in|to|on|harbor|google|binance|account|wallet|app|that|which|these|those|this|here|below|they|gave|give|me|used|use|using|tried|try|entered|enter|typed|one|list|left|two|factor|2fa)(?-u:\b)
          |\s*(?:我|的|给的|用了?|保存|这个|这些|这|那个|下面|输入?了?|填了?|分别|一共|共|有|剩下|抄的|记的|试了|使用|其中一个))*
        \s*(?:(?:is|are|was|were)(?-u:\b)|就?是|为|如下|-{1,2}\s)?(?:\s*(?:this|these|below|the\sfollowing|as\sfollows|这个|这些))?
        [\s:=>"'“「(\[*`|-]*"#,
    )
    .ok()
});

/// One code.
const CODE: &str =
    r"(?:[0-9]{4}[ -][0-9]{4}|[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{3,8}){1,5}|[A-Za-z0-9]{6,16})";
/// What divides codes: blanks, signs, bullets, numbers of lines.
const BETWEEN: &str = r#"["'`]?(?:[\s,、;|/•·*]|-\s){1,8}(?:(?:and|和|及)\s)?(?:\(?[0-9]{1,2}(?:[.):、]\s*|\s*-\s))?["'`]?"#;

static FIRST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^(?:\(?[0-9]{{1,2}}[.):、]\s*)?({CODE})")).ok());
static NEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("^{BETWEEN}({CODE})")).ok());
/// `… are my backup codes`, behind the codes.
static BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)[\s,、.;]*
        (?:(?:(?:these|those|they|which|it|this|that|above)\s)?(?:is|are|was|were|as)\s|(?:这些?|以上|上面|那些?)?(?:几个|个|都)?(?:就?是|作为)|\(|(?:这些?|那)(?:几?个|条)?)
        (?:(?:all|my|the|a|an|one|some|of|our|two|two-factor|factor|2fa|google|account|old|new|authenticator)\s|[我你他的们]|谷歌|两步验证|二步验证|账户|钱包)*$",
    )
    .ok()
});

/// Finds backup codes.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    let labels = labels.iter().filter(|label| label.named == Named::BackupCodes).take(LABELS_MAX);
    for label in labels {
        if let Some(range) = ahead(view, label).or_else(|| behind(view, label)) {
            let secret = view.slice(range.clone()).replace([' ', '-'], "");
            found.push(Finding::new(SecretKind::OneTimeCode, range, secret));
        }
    }
}

fn ahead(view: &View, label: &Label) -> Option<Range<usize>> {
    let link = LINK.as_ref()?.find(after(view.keys(), label.range.end, LINK_BYTES))?;
    let start = label.range.end + link.end();
    let list = list(after(view.text(), start, LIST_BYTES))?;
    let range = start + list.start..start + list.end;
    (!is_counted(view, range.end)).then_some(range)
}

/// The codes at the front of a text.
fn list(text: &str) -> Option<Range<usize>> {
    let first = FIRST.as_ref()?.captures(text)?.get(1)?;
    if !is_code(text, first.range()) {
        return None;
    }
    let mut end = first.end();
    while let Some(rest) = text.get(end..)
        && let Some(next) = NEXT.as_ref()?.captures(rest).and_then(|c| c.get(1))
        && (is_code(rest, next.range()) || first.len() >= 8 && next.len() == first.len())
    {
        end += next.end();
    }
    Some(first.start()..end)
}

/// Whole between its neighbours, and made by a machine.
fn is_code(text: &str, range: Range<usize>) -> bool {
    let whole = text.get(range.end..).is_some_and(|rest| {
        !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@'))
    });
    let code = text.get(range).unwrap_or_default();
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let letters = code.bytes().filter(u8::is_ascii_alphabetic).count();
    let upper = code.contains('-') && !code.bytes().any(|b| b.is_ascii_lowercase());
    let date = letters == 0 && code.matches('-').count() == 2;
    whole
        && !date
        && (letters > 0 && digits >= 2
            || digits >= 6
            || digits > 0 && code.len() >= 8
            || upper
            || is_random(code))
}

fn behind(view: &View, label: &Label) -> Option<Range<usize>> {
    let front = before(view.text(), label.range.start, LIST_BYTES);
    let tail = before(view.keys(), label.range.start, LINK_BYTES);
    let words = BEHIND.as_ref()?.find(tail)?;
    let codes = front.get(..front.len() - words.len())?;
    // The list may begin at any word: the first from which codes reach up to the words behind them.
    let starts = codes.char_indices().filter(|(at, c)| {
        let before = codes.get(..*at).and_then(|t| t.chars().next_back());
        c.is_ascii_alphanumeric() && before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != '-')
    });
    let list = starts.take(64).find_map(|(at, _)| {
        let list = list(codes.get(at..)?)?;
        (at + list.end == codes.len()).then_some(at + list.start..codes.len())
    })?;
    let base = label.range.start - front.len();
    Some(base + list.start..base + list.end)
}
