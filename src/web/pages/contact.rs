//! `/{lang}/contact`: describe the problem, see what may answer it, send it anyway.
//!
//! With JavaScript, suggestions appear beside the text while it is written and sending takes one
//! click. Without, one page in between shows them. What passes between the pages is the text
//! without its secrets, and a key, so that a form sent twice is one ticket.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, TicketRequest};
use crate::kb::library::Reader;
use crate::web::api::{suggest, tickets, too_large};
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::error::Page;
use super::{Draft, language};

/// How many suggestions are shown: more would be a list to read, not an answer.
const SUGGESTIONS_MAX: usize = 3;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct ContactForm {
    #[serde(default)]
    text: String,
    #[serde(default)]
    key: String,
    /// `send` once suggestions have been shown.
    #[serde(default)]
    step: String,
}

#[derive(Serialize)]
struct View {
    /// `write`, `suggest` or `sent`: which of the three pages it is.
    step: &'static str,
    text: String,
    key: String,
    empty: bool,
    redacted: bool,
    suggestions: Vec<Link>,
    ticket: Option<u64>,
}

/// `GET /{lang}/contact`
pub async fn get(State(app): State<Shared>, Path(lang): Path<String>) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    show(&app, lang, &View::write(String::new(), key(), false))
}

/// `POST /{lang}/contact`
pub async fn post(
    State(app): State<Shared>,
    Path(lang): Path<String>,
    form: Result<Form<ContactForm>, FormRejection>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    let Form(form) = form.map_err(unreadable)?;
    if !tickets::is_key(&form.key) {
        return Err(Problem::bad_request("the form is incomplete; open the page again"));
    }
    if form.text.trim().is_empty() {
        let mut response = show(&app, lang, &View::write(String::new(), form.key, true))?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response.extensions_mut().insert(Page);
        return Ok(response);
    }
    app.blocking(move |app: &App, engine| {
        let suggested = if form.step == "send" { None } else { suggestions(engine, &form, lang) };
        let view = match suggested {
            Some(view) => view,
            None => sent(app, engine, form, lang)?,
        };
        show(app, lang, &view)
    })
    .await
}

impl View {
    fn write(text: String, key: String, empty: bool) -> View {
        let suggestions = Vec::new();
        View { step: "write", text, key, empty, redacted: false, suggestions, ticket: None }
    }
}

/// The page in between; `None` if there is nothing to suggest and nothing was taken out.
fn suggestions(engine: &Engine, form: &ContactForm, lang: PageLang) -> Option<View> {
    let answer = engine.suggest(Reader::Public, &form.text);
    let links = links(engine, &answer, lang);
    let redacted = !answer.redacted.redactions.is_empty();
    // A secret is worth a page of its own: the writer has to know before anything is sent.
    (redacted || !links.is_empty()).then(|| View {
        step: "suggest",
        redacted,
        suggestions: links,
        ..View::write(answer.redacted.clean_text, form.key.clone(), false)
    })
}

fn sent(app: &App, engine: &Engine, form: ContactForm, lang: PageLang) -> Result<View, Problem> {
    let request = TicketRequest {
        text: form.text,
        channel: "form".to_owned(),
        external_id: None,
        idempotency_key: Some(form.key),
    };
    let recorded = tickets::record(engine, &app.metrics, &request)?;
    Ok(View {
        step: "sent",
        redacted: !recorded.answer.redacted.redactions.is_empty(),
        suggestions: links(engine, &recorded.answer, lang),
        ticket: Some(recorded.ticket.0),
        ..View::write(String::new(), String::new(), false)
    })
}

/// Suggestions as links in the language of the page, which the writer chose.
fn links(engine: &Engine, answer: &crate::engine::Answer, lang: PageLang) -> Vec<Link> {
    let snapshot = engine.snapshot();
    let found = suggest::articles(&snapshot, answer, Reader::Public);
    let link =
        |s: &suggest::SuggestedArticle| Link::find(&snapshot, &s.article, lang, Reader::Public);
    found.iter().filter_map(link).take(SUGGESTIONS_MAX).collect()
}

fn show(app: &App, lang: PageLang, view: &View) -> Result<Response, Problem> {
    let title = app.templates.string(lang, "contact_title");
    let mut draft = Draft::new(lang, "contact", title);
    app.templates.string(lang, "contact_intro").clone_into(&mut draft.description);
    draft.listed = view.step == "write";
    let mut response = draft.show(app, "contact.html", &[&("form", view)])?;
    // It holds a key or a ticket number of one person.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A key that makes one ticket of a form that is sent twice.
fn key() -> String {
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        // Without randomness the time has to do; the key need not be secret.
        bytes = *blake3::hash(crate::time::now().to_string().as_bytes()).as_bytes();
    }
    blake3::Hash::from_bytes(bytes).to_hex().to_string()
}

/// A form that cannot be read.
pub fn unreadable(rejection: FormRejection) -> Problem {
    match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => Problem::new(status, "bad-form", "the form cannot be read")
            .detail("open the page again and send it from there"),
    }
}
