//! `POST /trends/episodes/{id}`: what staff say about an episode: somebody is at work on it, no more
//! alerts, where its incident is kept.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::events::EpisodeWord;
use crate::id::TicketId;
use crate::people::Change;
use crate::people::audit::Entry;
use crate::time::now;
use crate::trends::episode::Episode;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::moment;
use crate::web::state::{App, Shared};

/// The longest link.
const LINK_BYTES_MAX: usize = 500;

/// What the form sends; a box that is not ticked sends nothing.
#[derive(Debug, Deserialize)]
pub struct WordForm {
    acknowledged: Option<String>,
    muted: Option<String>,
    #[serde(default)]
    incident: String,
}

/// What was said, as the page shows it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WordView {
    acknowledged: bool,
    muted: bool,
    incident: String,
    who: String,
    at: String,
}

impl WordView {
    /// What was said about an episode, if anything was.
    pub fn of(engine: &Engine, episode: &Episode) -> Result<WordView, Problem> {
        let first = first(episode);
        let words = engine.store().episode_words()?;
        let word = words.into_iter().find(|word| word.first == first);
        Ok(word.map_or_else(WordView::default, |word| WordView {
            acknowledged: word.acknowledged,
            muted: word.muted,
            incident: word.incident.unwrap_or_default(),
            who: word.who,
            at: moment(word.at),
        }))
    }
}

fn first(episode: &Episode) -> TicketId {
    episode.first_ticket().unwrap_or(TicketId(0))
}

/// `POST /trends/episodes/{id}`
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<WordForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let incident = form.incident.trim();
        let is_link = incident.starts_with("https://") || incident.starts_with("http://");
        if !incident.is_empty() && (!is_link || incident.len() > LINK_BYTES_MAX) {
            let said = "the incident must be a link that begins with https://";
            return Err(Problem::unprocessable(said));
        }
        let episode = app.incidents.look(engine, |seen| seen.ledger.episode(id).cloned())?;
        let episode = episode.ok_or_else(Problem::not_found)?;
        let clean = engine.redact(incident).clean_text;
        let word = EpisodeWord {
            first: first(&episode),
            at: now(),
            who: staff.person.name.clone(),
            acknowledged: form.acknowledged.is_some(),
            muted: form.muted.is_some(),
            incident: Some(clean).filter(|link| !link.is_empty()),
        };
        engine.store().record_episode_word(&word)?;
        let action = match (word.acknowledged, word.muted) {
            (_, true) => "episode-muted",
            (true, false) => "episode-acknowledged",
            (false, false) => "episode-reopened",
        };
        let object = format!("episode/{}", word.first.0);
        let entry = Entry::new(word.at, &staff.person.name, action, object);
        engine.store().change(&Change::Note, &entry)?;
        Ok(Redirect::to(&format!("/trends/episodes/{id}")).into_response())
    })
    .await
}
