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
use crate::events::session::Surface;
use crate::kb::library::Reader;
use crate::web::api::{Params, tickets, too_large};
use crate::web::details::Details;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::session::{self, Asked, Offer};
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::error::Page;
use super::{Draft, language};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    text: String,
    key: String,
    /// `send` once suggestions have been shown.
    step: String,
    session: String,
    from: String,
    app_version: String,
    chain: String,
    tx_hash: String,
    order_id: String,
}

/// Where the writer comes from.
#[derive(Debug, Deserialize)]
pub struct ContactParams {
    /// The article that was read just before.
    #[serde(default)]
    from: String,
}

#[derive(Serialize, Default)]
struct View {
    /// `write`, `suggest` or `sent`: which of the three pages it is.
    step: &'static str,
    text: String,
    key: String,
    session: String,
    from: String,
    details: Details,
    empty: bool,
    redacted: bool,
    suggestions: Vec<Offer>,
    ticket: Option<u64>,
}

/// `GET /{lang}/contact`
pub async fn get(
    State(app): State<Shared>,
    Path(lang): Path<String>,
    Params(params): Params<ContactParams>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    let from = known(&app, &params.from, lang);
    let session = session::new_id().as_str().to_owned();
    show(&app, lang, &View { step: "write", key: key(), session, from, ..View::default() })
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
    let from = known(&app, &form.from, lang);
    let session = form.session.parse().unwrap_or_else(|_| session::new_id());
    if form.text.trim().is_empty() {
        let session = session.as_str().to_owned();
        let view = View { step: "write", key: form.key, session, from, ..View::default() };
        let mut response = show(&app, lang, &View { empty: true, ..view })?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response.extensions_mut().insert(Page);
        return Ok(response);
    }
    app.blocking(move |app: &App, engine| {
        let text = form.text.clone();
        let asked = Asked { session, surface: Surface::Form, lang, from, sender: None, text };
        let between = if form.step == "send" { None } else { between(app, engine, &form, &asked) };
        let view = match between {
            Some(view) => view,
            None => sent(app, engine, form, &asked)?,
        };
        show(app, lang, &view)
    })
    .await
}

/// The article that a writer says to come from, if there is such an article; nothing else is echoed.
fn known(app: &App, from: &str, lang: PageLang) -> String {
    let link = Link::find(&app.engine().snapshot(), from, lang, Reader::Public);
    link.map(|link| link.article).unwrap_or_default()
}

/// The page in between; `None` if there is nothing to suggest and nothing was taken out.
fn between(app: &App, engine: &Engine, form: &ContactForm, asked: &Asked) -> Option<View> {
    let offered = session::ask(app, engine, asked);
    // A secret is worth a page of its own: the writer has to know before anything is sent.
    let pause = !offered.redacted.is_empty() || !offered.offers.is_empty();
    pause.then(|| View {
        step: "suggest",
        text: offered.clean_text,
        key: form.key.clone(),
        session: asked.session.as_str().to_owned(),
        from: asked.from.clone(),
        details: offered.details,
        redacted: !offered.redacted.is_empty(),
        suggestions: offered.offers,
        ..View::default()
    })
}

fn sent(app: &App, engine: &Engine, form: ContactForm, asked: &Asked) -> Result<View, Problem> {
    let details = Details {
        app_version: form.app_version,
        chain: form.chain,
        tx_hash: form.tx_hash,
        order_id: form.order_id,
    };
    let request = TicketRequest {
        text: details.added_to(&form.text),
        channel: asked.surface.code().to_owned(),
        external_id: None,
        idempotency_key: Some(form.key),
        sender: None,
    };
    let recorded = tickets::record(engine, &app.metrics, &request)?;
    session::sent(app, engine, asked, &recorded);
    Ok(View {
        step: "sent",
        redacted: !recorded.answer.redacted.redactions.is_empty(),
        suggestions: session::offers(engine, &recorded.answer, asked.lang),
        ticket: Some(recorded.ticket.0),
        ..View::default()
    })
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
