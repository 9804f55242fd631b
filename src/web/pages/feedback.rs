//! `POST /{lang}/articles/{slug}/feedback`: the answer to "did this help?", and what happens next.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::events::session::Step;
use crate::events::{Feedback, Outcome};
use crate::kb::library::Reader;
use crate::time::now;
use crate::web::api::feedback::public_outcome;
use crate::web::error::Problem;
use crate::web::session;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::contact::unreadable;
use super::{Draft, language};

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct FeedbackForm {
    #[serde(default)]
    outcome: String,
    /// The session of the contact form in which the article was suggested.
    #[serde(default)]
    session: String,
}

#[derive(Serialize)]
struct View {
    outcome: &'static str,
    /// Whether the reader has said why the article did not help.
    is_reason: bool,
    article: Link,
}

/// `POST /{lang}/articles/{slug}/feedback`
pub async fn post(
    State(app): State<Shared>,
    Path((lang, slug)): Path<(String, String)>,
    form: Result<Form<FeedbackForm>, FormRejection>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    let Form(form) = form.map_err(unreadable)?;
    let outcome = public_outcome(&form.outcome)?;
    let article = slug.parse().map_err(|_| Problem::not_found())?;
    app.blocking(move |app: &App, engine| {
        let feedback = Feedback { at: now(), article, ticket: None, outcome };
        engine.feedback(Reader::Public, &feedback)?;
        if let (Outcome::Solved, Ok(session)) = (outcome, form.session.parse()) {
            session::record(engine, &session, vec![Step::Solved(feedback.article)]);
        }
        let link = Link::find(&engine.snapshot(), &slug, lang, Reader::Public);
        let article = link.ok_or_else(Problem::not_found)?;
        let title = app.templates.string(lang, "feedback_title");
        let draft = Draft::new(lang, format!("articles/{slug}"), title).unlisted();
        let view = View { outcome: outcome.code(), is_reason: outcome.is_reason(), article };
        draft.show(app, "feedback.html", &[&("feedback", view)])
    })
    .await
}
