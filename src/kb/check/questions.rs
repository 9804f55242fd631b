//! Questions that two articles both claim: matching cannot tell such articles apart.

use std::collections::BTreeMap;

use crate::kb::article::Article;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::front_matter::Status;
use crate::kb::library::{Library, Pair};
use crate::lang::Lang;
use crate::text::Analyser;
use crate::text::fold::fold;
use crate::text::han::is_han;
use crate::text::segment::TermKind;

use super::place::{file, value_line};

/// Similarity (Sørensen–Dice of character pairs) from which on two questions are the same with
/// another ending or spelling. `提币一直不到账` and `提币一直没到账` reach 0.67 and differ in
/// wording that matching can use; a lost letter in a sentence of 40 leaves 0.96.
const NEAR: f64 = 0.92;

/// Words that a question can lose without asking anything else.
const FILLERS_EN: &[&str] = &[
    "a", "an", "the", "my", "i", "me", "im", "is", "are", "was", "be", "it", "its", "to", "of",
    "in", "on", "at", "for", "and", "do", "does", "did", "can", "this", "that", "please", "help",
    "what", "how", "why", "hi", "so",
];
const FILLERS_ZH: &str = "了吗呢啊吧呀的我您你请问";

/// What must be the same before the wording is compared at all: the language, the numbers and
/// codes, the glossary groups. `E-SWAP-03` and `E-SWAP-07` are one letter apart.
type Facts = (Lang, Vec<String>, Vec<usize>);

struct Question<'a> {
    article: &'a Article,
    text: &'a str,
    core: String,
}

pub(super) fn check(library: &Library, all: &mut Vec<Diagnostic>) {
    let mut alike: BTreeMap<Facts, Vec<Question<'_>>> = BTreeMap::new();
    let versions = library.pairs.values().flat_map(Pair::versions);
    for article in versions.filter(|v| v.meta.status != Status::Archived) {
        for text in &article.meta.questions {
            let (facts, core) = reduce(&library.analyser, article.lang, text);
            let earlier = alike.entry(facts).or_default();
            if let Some((how, other)) = nearest(earlier, &core) {
                let message = format!(
                    "the question `{text}` {how} `{}` of `{}`",
                    other.text, other.article.id
                );
                let help = "keep it where it is answered; ask something else here";
                let line = value_line(article, "questions", text);
                all.push(Diagnostic::warning(file(article), line, message, help));
            }
            earlier.push(Question { article, text, core });
        }
    }
}

fn nearest<'q, 'a>(
    earlier: &'q [Question<'a>],
    core: &str,
) -> Option<(&'static str, &'q Question<'a>)> {
    if let Some(same) = earlier.iter().find(|q| q.core == core) {
        return Some(("repeats", same));
    }
    let near = earlier.iter().find(|q| strsim::sorensen_dice(&q.core, core) >= NEAR)?;
    Some(("nearly repeats", near))
}

/// A question without its fillers, and its facts.
fn reduce(analyser: &Analyser, lang: Lang, text: &str) -> (Facts, String) {
    let folded = fold(text);
    let terms = analyser.segmenter().terms(folded.text());
    let mentions = analyser.glossary().mentions(&terms);
    let mut groups: Vec<usize> = mentions.iter().map(|m| m.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut codes: Vec<String> = Vec::new();
    let mut core = String::new();
    for term in terms.iter().filter(|t| t.kind != TermKind::Word) {
        if term.text.bytes().any(|b| b.is_ascii_digit()) {
            codes.push(term.text.clone());
        }
        let is_filler = FILLERS_EN.contains(&term.text.as_str()) || FILLERS_ZH.contains(&term.text);
        if !is_filler {
            if !term.text.chars().all(is_han) && !core.is_empty() {
                core.push(' ');
            }
            core.push_str(&term.text);
        }
    }
    codes.sort();
    ((lang, codes, groups), core)
}
