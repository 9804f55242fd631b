//! `POST /api/v1/suggest`: which articles answer a text, without recording anything.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::{Answer, Snapshot};
use crate::kb::library::Reader;
use crate::suggest::{Decision, Suggestion};
use crate::text::redact::Redacted;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::metrics::Metrics;
use crate::web::state::Shared;
use crate::web::view::Link;

use super::Strict;

/// A text to find articles for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestRequest {
    /// What the user wrote.
    pub text: String,
    /// The way it came: form, e-mail …
    pub channel: Option<String>,
}

/// Which articles answer a text.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuggestAnswer {
    /// The language of the text: en, zh, zh-Hant or mixed.
    pub lang: String,
    /// `suggest`, or `abstain` if nothing fits well enough.
    pub decision: String,
    /// At most five, best first; none on `abstain`.
    pub suggestions: Vec<SuggestedArticle>,
    /// What was taken out of the text.
    pub redactions: Vec<RedactedRange>,
    /// The text without its secrets.
    pub clean_text: String,
}

/// An article that answers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SuggestedArticle {
    /// Its id.
    pub article: String,
    /// The language in which it is shown.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// The answer in a sentence.
    pub summary: String,
    /// Its page.
    pub url: String,
    /// The probability that it answers, 0..1.
    pub confidence: f32,
    /// The piece of the clean text that it answers: its first byte and the byte after its last.
    pub span: [usize; 2],
    /// Why it was suggested.
    pub why: Vec<Reason>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// What kind of evidence.
    pub feature: String,
    /// What it is.
    pub evidence: String,
    /// Its share, 0..1.
    pub weight: f32,
}

/// A secret that was taken out: bytes of the text that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RedactedRange {
    /// What kind of secret.
    pub kind: String,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// The answer in its wire shape, for `reader`.
pub fn answer(snapshot: &Snapshot, answer: &Answer, reader: Reader) -> SuggestAnswer {
    SuggestAnswer {
        lang: answer.suggestions.lang.code().to_owned(),
        decision: answer.suggestions.decision.code().to_owned(),
        suggestions: articles(snapshot, answer, reader),
        redactions: redactions(&answer.redacted),
        clean_text: answer.redacted.clean_text.clone(),
    }
}

/// The articles that are worth showing; none if zhinan abstains.
pub fn articles(snapshot: &Snapshot, answer: &Answer, reader: Reader) -> Vec<SuggestedArticle> {
    let lang = answer.suggestions.lang.into();
    answer.suggestions.shown().filter_map(|s| article(snapshot, s, lang, reader)).collect()
}

/// One suggestion in the reader's language; `None` if the reader may not see the article.
pub fn article(
    snapshot: &Snapshot,
    suggestion: &Suggestion,
    lang: PageLang,
    reader: Reader,
) -> Option<SuggestedArticle> {
    let id = suggestion.id.parse().ok()?;
    let article = snapshot.library.article(&id, lang.article_lang(), reader)?;
    let link = Link::new(article, lang);
    let why = suggestion.why.iter().map(|e| Reason {
        feature: e.feature.to_owned(),
        evidence: e.evidence.clone(),
        weight: e.weight,
    });
    Some(SuggestedArticle {
        article: link.article,
        lang: lang.showing(article.lang).code().to_owned(),
        title: link.title,
        summary: link.summary,
        url: link.url,
        confidence: suggestion.confidence,
        span: [suggestion.span.start, suggestion.span.end],
        why: why.collect(),
    })
}

/// What was taken out.
pub fn redactions(redacted: &Redacted) -> Vec<RedactedRange> {
    let range = |r: &crate::text::redact::Redaction| RedactedRange {
        kind: r.kind.code().to_owned(),
        start: r.range.start,
        end: r.range.end,
    };
    redacted.redactions.iter().map(range).collect()
}

/// Counts what operators want to know about an answer.
pub fn count(metrics: &Metrics, answer: &Answer) {
    if answer.suggestions.decision == Decision::Abstain {
        metrics.abstention();
    }
    for redaction in &answer.redacted.redactions {
        metrics.redaction(redaction.kind.code());
    }
}

/// Say which public articles answer a text.
#[utoipa::path(post, path = "/api/v1/suggest", request_body = SuggestRequest, responses(
    (status = 200, body = SuggestAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn post(
    State(app): State<Shared>,
    Strict(request): Strict<SuggestRequest>,
) -> Result<Json<SuggestAnswer>, Problem> {
    app.blocking(move |app, engine| {
        let known = engine.suggest(Reader::Public, &request.text);
        count(&app.metrics, &known);
        Ok(Json(answer(&engine.snapshot(), &known, Reader::Public)))
    })
    .await
}
