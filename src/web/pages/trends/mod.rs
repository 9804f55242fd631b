//! `/trends`: what recurs, for leads and for everybody who answers tickets. [`morning`] fits one
//! screen, [`issue`], [`cluster`] and [`episode`] go into one thing, [`service`] has every figure of self-service with what
//! it means, [`export`] hands the figures over, [`word`] takes what staff say.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::engine::Snapshot;
use crate::time::{self, Timestamp};
use crate::trends::episode::Episode;
use crate::trends::facts::most;
use crate::trends::ledger::Ledger;
use crate::web::guard::Staff;
use crate::web::language::PageLang;
use crate::web::pages::agent::queue::title;
use crate::web::pages::staff::moment;

pub mod bars;
pub mod cluster;
pub mod episode;
pub mod export;
pub mod issue;
pub mod morning;
pub mod service;
pub mod word;

/// Chains and versions that are named of an episode.
const NAMES_MAX: usize = 5;

/// In the address: the issue of all tickets that no article answers.
pub const UNANSWERED: &str = "none";

/// One episode as pages show it.
#[derive(Debug, Serialize)]
pub struct EpisodeView {
    id: u64,
    /// `burst`, `new`, `drift` or `recurrence`.
    kind: &'static str,
    /// What it is about: the article's title, or the words that set its tickets apart.
    name: String,
    /// The words, where the name is a title.
    words: String,
    since: String,
    last: String,
    tickets: u64,
    langs: Vec<(&'static str, u64)>,
    /// Tickets by chain and by version of the app, most first.
    chains: Vec<(String, u64)>,
    versions: Vec<(String, u64)>,
    /// When it was noticed: voices seen by then, and expected by then, to one digit.
    noticed: String,
    seen: u64,
    expected: String,
    /// One in 10^n such stretches would hold as many by chance.
    surprise: u64,
    /// Episodes of the same issue that are remembered, this one included, and when the first began.
    times: usize,
    first: String,
    before: Option<Before>,
}

/// The episode before.
#[derive(Debug, Serialize)]
struct Before {
    id: u64,
    since: String,
    /// What set it apart then: words, chains, versions.
    was: String,
}

impl EpisodeView {
    /// An episode, named in the reader's language.
    pub fn new(episode: &Episode, ledger: &Ledger, snapshot: &Snapshot, staff: &Staff) -> Self {
        let id = episode.article.as_ref().and_then(|id| id.parse().ok());
        let title = id.and_then(|id| title(snapshot, staff, &id));
        let words = staff.lang.say(&episode.label()).into_owned();
        let chain: Vec<&Episode> =
            std::iter::successors(Some(episode), |e| e.before.and_then(|id| ledger.episode(id)))
                .take(100)
                .collect();
        let before =
            chain.get(1).map(|e| Before { id: e.id, since: at(e.first), was: was(e, staff.lang) });
        EpisodeView {
            id: episode.id,
            kind: episode.kind.code(),
            name: title.clone().unwrap_or_else(|| words.clone()),
            words: if title.is_some() { words } else { String::new() },
            since: at(episode.first),
            last: at(episode.last),
            tickets: episode.tickets,
            langs: episode.langs.iter().map(|(lang, n)| (lang.code(), *n)).collect(),
            chains: named(&episode.facts.chains, staff.lang),
            versions: named(&episode.facts.versions, staff.lang),
            first: day(chain.last().map_or(episode.first, |e| e.first)),
            noticed: at(episode.opened),
            seen: episode.seen.round() as u64,
            expected: format!("{:.1}", episode.expected),
            surprise: episode.surprise.floor() as u64,
            times: chain.len(),
            before,
        }
    }
}

/// What tickets name and how many do, most first, in the words of a language.
pub fn named(counts: &BTreeMap<String, u64>, lang: PageLang) -> Vec<(String, u64)> {
    let word = |name: &str| {
        let (en, zh) = name.split_once(" / ").unwrap_or((name, name));
        lang.say(if lang == PageLang::En { en } else { zh }).into_owned()
    };
    most(counts, NAMES_MAX).into_iter().map(|(name, n)| (word(name), n)).collect()
}

/// What set an episode apart, on one line; what is part of a word already is not said again.
fn was(episode: &Episode, lang: PageLang) -> String {
    let mut words = vec![lang.say(&episode.label()).into_owned()];
    let facts = [&episode.facts.chains, &episode.facts.versions];
    for (name, _) in facts.into_iter().filter_map(|f| named(f, lang).into_iter().next()) {
        if words.iter().all(|word| !word.to_lowercase().contains(&name.to_lowercase())) {
            words.push(name);
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(" · ")
}

/// The day of a moment in seconds.
fn day(seconds: i64) -> String {
    time::day(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)).to_string()
}

/// A moment in seconds as pages show it.
fn at(seconds: i64) -> String {
    moment(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// A share in percent, without digits behind the point.
fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}
