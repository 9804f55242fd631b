//! `/agent`: paste a ticket, see which articles and runbooks answer it, why, and what to reply.
//!
//! It shows internal articles. Until staff can sign in it is served only when the listener is a
//! loopback address, and then only to a browser on the same machine that asks for it by a loopback
//! name and without a proxy between: a proxy on the same machine would put it on the internet.

use std::net::{IpAddr, SocketAddr};

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, FORWARDED, HOST};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::engine::{Answer, Engine};
use crate::kb::library::Reader;
use crate::suggest::{Decision, Suggestion, reply};
use crate::web::api::Params;
use crate::web::api::suggest::{self, SuggestedArticle};
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::{App, Shared};

use super::Draft;
use super::contact::unreadable;

/// The language of the page.
#[derive(Debug, Deserialize)]
pub struct AgentParams {
    lang: Option<String>,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct AgentForm {
    #[serde(default)]
    text: String,
}

#[derive(Serialize)]
struct SuggestionView {
    shown: SuggestedArticle,
    percent: u32,
    is_runbook: bool,
    is_public: bool,
    html: String,
    reply: String,
    /// Placeholders that the agent has to fill in.
    unfilled: Vec<String>,
}

#[derive(Serialize, Default)]
struct View {
    text: String,
    asked: bool,
    abstained: bool,
    text_lang: String,
    redacted: Vec<String>,
    suggestions: Vec<SuggestionView>,
}

/// Lets only a browser on this machine pass.
pub async fn local_only(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let local = peer.is_some_and(|p| p.to_canonical().is_loopback());
    if app.settings.agent_page && local && is_direct(request.headers()) {
        return next.run(request).await;
    }
    // Not 403: nobody elsewhere need know that the page exists.
    Problem::not_found().into_response()
}

fn is_direct(headers: &HeaderMap) -> bool {
    let proxied = headers.contains_key(FORWARDED)
        || headers.keys().any(|name| name.as_str().starts_with("x-forwarded-"))
        || headers.contains_key("via");
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    !proxied && (name == "localhost" || address.is_ok_and(|a| a.is_loopback()))
}

/// `GET /agent`
pub async fn get(
    State(app): State<Shared>,
    headers: HeaderMap,
    Params(params): Params<AgentParams>,
) -> Result<Response, Problem> {
    show(&app, language(&params, &headers), &View::default())
}

/// `POST /agent`
pub async fn post(
    State(app): State<Shared>,
    headers: HeaderMap,
    Params(params): Params<AgentParams>,
    form: Result<Form<AgentForm>, FormRejection>,
) -> Result<Response, Problem> {
    let lang = language(&params, &headers);
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let answer = engine.suggest(Reader::Staff, &form.text);
        suggest::count(&app.metrics, &answer);
        show(app, lang, &view(app, engine, &answer))
    })
    .await
}

fn language(params: &AgentParams, headers: &HeaderMap) -> PageLang {
    let header = headers.get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let chosen = params.lang.as_deref().and_then(|l| l.parse().ok());
    chosen.unwrap_or_else(|| PageLang::negotiate(header))
}

fn view(app: &App, engine: &Engine, answer: &Answer) -> View {
    let snapshot = engine.snapshot();
    let lang: PageLang = answer.suggestions.lang.into();
    let analysis = snapshot.library.analyser.analyse(&answer.redacted.clean_text);
    let mut values = reply::values(&analysis);
    let mut suggestion = |s: &Suggestion| {
        let shown = suggest::article(&snapshot, s, lang, Reader::Staff)?;
        let id = s.id.parse().ok()?;
        let article = snapshot.library.article(&id, lang.article_lang(), Reader::Staff)?;
        // Customers can follow links to public articles only.
        values.remove("link");
        if article.is_public() {
            values.insert("link".to_owned(), format!("{}{}", app.settings.public_url, shown.url));
        }
        let template = lang.showing(article.lang).say(&article.meta.reply);
        let filled = reply::fill(&template, &values);
        Some(SuggestionView {
            percent: (s.confidence * 100.0).round() as u32,
            is_runbook: article.is_runbook(),
            is_public: article.is_public(),
            html: article.body.html.clone(),
            reply: filled.text,
            unfilled: filled.unfilled.into_iter().collect(),
            shown,
        })
    };
    let redactions = answer.redacted.redactions.iter();
    View {
        text: answer.redacted.clean_text.clone(),
        asked: true,
        abstained: answer.suggestions.decision == Decision::Abstain,
        text_lang: answer.suggestions.lang.code().to_owned(),
        redacted: redactions.map(|r| r.kind.code().to_owned()).collect(),
        suggestions: answer.suggestions.shown().filter_map(&mut suggestion).collect(),
    }
}

fn show(app: &App, lang: PageLang, view: &View) -> Result<Response, Problem> {
    let title = app.templates.string(lang, "agent_title");
    let mut draft = Draft::new(lang, "", title).unlisted();
    draft.rest = String::new();
    let mut response = draft.show(app, "agent.html", &[&("agent", view)])?;
    let no_store = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}
