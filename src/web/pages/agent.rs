//! `/agent`: paste a ticket, see which articles and runbooks answer it, why, and what to reply.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::engine::{Answer, Engine};
use crate::kb::library::Reader;
use crate::suggest::{Decision, Suggestion, reply};
use crate::web::api::suggest::{self, SuggestedArticle};
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::language::PageLang;
use crate::web::state::{App, Shared};

use super::contact::unreadable;
use super::staff;

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

/// `GET /agent`
pub async fn get(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    show(&app, &staff, &View::default())
}

/// `POST /agent`
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<AgentForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let answer = engine.suggest(Reader::Staff, &form.text);
        suggest::count(&app.metrics, &answer);
        show(app, &staff, &view(app, engine, &answer))
    })
    .await
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

fn show(app: &App, staff: &Staff, view: &View) -> Result<Response, Problem> {
    staff::show(app, staff, "agent_title", "agent.html", &[&("agent", view)])
}
