//! `GET /api/v1/staff/episodes`: what is more than usual, and what was lately, for programs.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::events::EpisodeWord;
use crate::time::{Timestamp, now};
use crate::trends::episode::Episode;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::state::Shared;

/// How long an episode that has ended is listed, in seconds.
const ENDED_SECONDS: i64 = 30 * 86_400;
/// The most episodes of an answer, and the most tickets of one.
const EPISODES_MAX: usize = 100;
const TICKETS_MAX: usize = 100;

/// Episodes, those that are going on first, then the latest to end.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Episodes {
    /// At most 100.
    pub episodes: Vec<EpisodeAnswer>,
    /// Tickets that are not counted yet; not zero only after a start with a long history.
    pub behind: u64,
}

/// A stretch of time in which an issue was more than usual.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EpisodeAnswer {
    /// Its number, while this server runs; `first_ticket` stays the same.
    pub episode: u64,
    /// The number of its first ticket.
    pub first_ticket: Option<u64>,
    /// burst, new, drift or recurrence.
    pub kind: String,
    /// Whether it is going on.
    pub open: bool,
    /// The article that its tickets mean.
    pub article: Option<String>,
    /// The words that set its tickets apart, in both languages.
    pub label: String,
    /// Tickets so far.
    pub tickets: u64,
    /// Tickets by language.
    pub langs: BTreeMap<String, u64>,
    /// Tickets by the chain that they name, in English and Chinese.
    pub chains: BTreeMap<String, u64>,
    /// Tickets by the version of the app that they name.
    pub versions: BTreeMap<String, u64>,
    /// When its first and its last ticket came, RFC 3339.
    pub since: String,
    /// See `since`.
    pub last: String,
    /// When it was noticed.
    pub noticed: String,
    /// Voices that had been seen by then, and as many as the past let one expect.
    pub seen: f64,
    /// See `seen`.
    pub expected: f64,
    /// −log10 of the chance of so many.
    pub surprise: f64,
    /// The episode of the same issue before.
    pub before: Option<u64>,
    /// Who is at work on it.
    pub acknowledged_by: Option<String>,
    /// Whether it sends no more alerts.
    pub muted: bool,
    /// Its incident in another system.
    pub incident: Option<String>,
    /// Its first tickets, at most 100.
    pub evidence: Vec<u64>,
}

impl EpisodeAnswer {
    fn new(episode: &Episode, open: bool, words: &[EpisodeWord]) -> EpisodeAnswer {
        let first = episode.first_ticket();
        let word = words.iter().find(|word| Some(word.first) == first);
        let at = |seconds| Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        EpisodeAnswer {
            episode: episode.id,
            first_ticket: first.map(|id| id.0),
            kind: episode.kind.code().to_owned(),
            open,
            article: episode.article.clone(),
            label: episode.label(),
            tickets: episode.tickets,
            langs: episode.langs.iter().map(|(lang, n)| (lang.code().to_owned(), *n)).collect(),
            chains: episode.facts.chains.clone(),
            versions: episode.facts.versions.clone(),
            since: at(episode.first).to_string(),
            last: at(episode.last).to_string(),
            noticed: at(episode.opened).to_string(),
            seen: episode.seen,
            expected: episode.expected,
            surprise: episode.surprise,
            before: episode.before,
            acknowledged_by: word.filter(|w| w.acknowledged).map(|w| w.who.clone()),
            muted: word.is_some_and(|word| word.muted),
            incident: word.and_then(|word| word.incident.clone()),
            evidence: episode.numbers().iter().copied().take(TICKETS_MAX).collect(),
        }
    }
}

/// List what is more than usual, and what was in the last 30 days. Scope `trends`.
#[utoipa::path(get, path = "/api/v1/staff/episodes", responses(
    (status = 200, body = Episodes),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn get(State(app): State<Shared>, _staff: Staff) -> Result<Json<Episodes>, Problem> {
    app.blocking(move |app, engine| {
        let words = engine.store().episode_words()?;
        let since = now().as_second() - ENDED_SECONDS;
        let answer = app.incidents.look(engine, |seen| {
            let open = seen.ledger.open().iter().map(|episode| (episode, true));
            let closed = seen.ledger.closed().rev().filter(|e| e.last >= since);
            let all = open.chain(closed.map(|episode| (episode, false))).take(EPISODES_MAX);
            let answer = |(episode, open)| EpisodeAnswer::new(episode, open, &words);
            Episodes { episodes: all.map(answer).collect(), behind: seen.behind }
        })?;
        Ok(Json(answer))
    })
    .await
}
