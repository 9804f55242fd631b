//! Leaks: a ticket that held a wallet's secret gets the article about that first, whatever else it
//! says; one that held another secret (a card, a password) gets it beside the rest.
//!
//! In: suggestions and the kinds of secrets that were taken out. Out: the suggestions with the
//! articles whose front matter says `answers_leak`. Sees no secret.

use std::collections::BTreeSet;

use crate::kb::Article;
use crate::kb::library::{Library, Reader};
use crate::lang::Lang;
use crate::text::redact::SecretKind;

use super::decide::{Decision, Evidence, Suggestion, Suggestions};

/// How sure it is that a ticket held a secret when one was taken out: of ordinary texts, fewer than
/// one in 2,000 lose anything.
const CONFIDENCE: f32 = 0.99;

/// Puts the articles that answer a leak among the suggestions, at most `limit` in all.
pub fn answer_leaks(
    suggestions: &mut Suggestions,
    library: &Library,
    reader: Reader,
    (kinds, text_bytes): (&BTreeSet<SecretKind>, usize),
    limit: usize,
) {
    let lang = suggestions.lang.article_lang();
    // A leak concerns the whole ticket.
    let mut answers = answers(library, reader, lang, kinds, text_bytes);
    if answers.is_empty() {
        return;
    }
    if suggestions.decision == Decision::Abstain {
        suggestions.candidates.clear();
    }
    suggestions.candidates.retain(|c| answers.iter().all(|a| a.id != c.id));
    let best = suggestions.candidates.first().map_or(0.0, |c| c.score);
    let urgent = kinds.iter().any(|kind| kind.opens_wallet());
    let at = if urgent { 0 } else { 1.min(suggestions.candidates.len()) };
    // Beside the rest it is no surer than what stands before it.
    let ahead = suggestions.candidates.get(..at).unwrap_or_default().last();
    let confidence = ahead.map_or(CONFIDENCE, |c| c.confidence.min(CONFIDENCE));
    for answer in &mut answers {
        (answer.score, answer.confidence) = (best, confidence);
    }
    suggestions.candidates.splice(at..at, answers);
    suggestions.candidates.truncate(limit);
    suggestions.decision = Decision::Suggest;
    suggestions.confidence = suggestions.candidates.first().map_or(0.0, |c| c.confidence);
}

/// The articles that answer a leak of these kinds, internal ones first: staff have to act on the
/// ticket before the reader acts on the article.
fn answers(
    library: &Library,
    reader: Reader,
    lang: Lang,
    kinds: &BTreeSet<SecretKind>,
    text_bytes: usize,
) -> Vec<Suggestion> {
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(bool, Suggestion)> = Vec::new();
    for id in library.visible(reader) {
        let Some(article) = library.article(id, lang, reader) else { continue };
        let leaked = leaked(article, kinds);
        if leaked.is_empty() {
            continue;
        }
        let evidence = Evidence { feature: "leak", evidence: leaked.join(", "), weight: 1.0 };
        let suggestion = Suggestion {
            id: id.to_string(),
            lang,
            score: 0.0,
            confidence: 0.0,
            why: vec![evidence],
            span: 0..text_bytes,
            passage: None,
        };
        found.push((article.is_public(), suggestion));
    }
    found.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    found.into_iter().map(|(_, suggestion)| suggestion).collect()
}

/// The codes of the kinds that an article answers.
fn leaked(article: &Article, kinds: &BTreeSet<SecretKind>) -> Vec<&'static str> {
    let answered = |kind: &&SecretKind| article.meta.answers_leak.iter().any(|k| k == kind.code());
    kinds.iter().filter(answered).map(|kind| kind.code()).collect()
}
