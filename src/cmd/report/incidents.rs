//! The report's incidents: recorded tickets in, the episodes of the window out, as the server's own
//! ledger has them.

use jiff::SignedDuration;
use serde::Serialize;

use crate::events::Store;
use crate::kb::library::{Library, Reader};
use crate::suggest::Matcher;
use crate::text::redact::Redactor;
use crate::time::Timestamp;
use crate::trends::episode::Episode;
use crate::trends::ledger::{HISTORY_SECONDS, Ledger};
use crate::trends::sight::Sight;
use crate::web::language::PageLang;
use crate::web::pages::staff::moment;
use crate::web::pages::trends::named;

use super::figures;

/// Tickets that are read at a time.
const CHUNK: usize = 1_000;

/// An episode of the window.
#[derive(Serialize)]
pub(super) struct IncidentView {
    /// `burst`, `new`, `drift` or `recurrence`.
    kind: &'static str,
    article: Option<String>,
    /// The article's title, or the words that set its tickets apart.
    name: String,
    words: String,
    since: String,
    last: String,
    open: bool,
    tickets: u64,
    langs: Vec<(&'static str, u64)>,
    chains: Vec<(String, u64)>,
    versions: Vec<(String, u64)>,
    seen: u64,
    expected: String,
    /// What staff said: who is at work on it, the link to its incident.
    acknowledged: Option<String>,
    incident: Option<String>,
}

/// The episodes that were open at some time of the window, the latest first.
pub(super) fn incidents(
    store: &dyn Store,
    library: &Library,
    lang: PageLang,
    (since, until): (Timestamp, Timestamp),
) -> anyhow::Result<Vec<IncidentView>> {
    let ledger = ledger(store, library, since, until)?;
    let words = store.episode_words()?;
    let mut episodes: Vec<(&Episode, bool)> = ledger.closed().map(|e| (e, false)).collect();
    episodes.extend(ledger.open().iter().map(|e| (e, true)));
    episodes.retain(|(episode, _)| episode.last >= since.as_second());
    episodes.sort_by_key(|(episode, _)| (-episode.first, episode.id));
    let at = |seconds| moment(Timestamp::from_second(seconds).unwrap_or(until));
    let view = |(episode, open): (&Episode, bool)| {
        let id = episode.article.as_ref().and_then(|id| id.parse().ok());
        let label = lang.say(&episode.label()).into_owned();
        let title = id.and_then(|id| figures::title(library, &id, lang));
        let first = episode.first_ticket();
        let word = words.iter().find(|word| Some(word.first) == first);
        IncidentView {
            kind: episode.kind.code(),
            article: episode.article.clone(),
            words: if title.is_some() { label.clone() } else { String::new() },
            name: title.unwrap_or(label),
            since: at(episode.first),
            last: at(episode.last),
            open,
            tickets: episode.tickets,
            langs: episode.langs.iter().map(|(lang, n)| (lang.code(), *n)).collect(),
            chains: named(&episode.facts.chains, lang),
            versions: named(&episode.facts.versions, lang),
            seen: episode.seen.round() as u64,
            expected: format!("{:.1}", episode.expected),
            acknowledged: word.filter(|w| w.acknowledged).map(|w| w.who.clone()),
            incident: word.and_then(|word| word.incident.clone()),
        }
    };
    Ok(episodes.into_iter().map(view).collect())
}

/// Reads the tickets of the window and of the weeks before it, in their order.
fn ledger(
    store: &dyn Store,
    library: &Library,
    since: Timestamp,
    until: Timestamp,
) -> anyhow::Result<Ledger> {
    // What is usual must be known when the window begins.
    let history = SignedDuration::from_secs(HISTORY_SECONDS);
    let begin = since.checked_sub(history).unwrap_or(Timestamp::MIN);
    let mut tickets = Vec::new();
    let mut before = None;
    loop {
        let chunk = store.tickets(before, CHUNK)?;
        let Some(last) = chunk.last() else { break };
        before = Some(last.id);
        let done = last.ticket.at < begin;
        tickets.extend(chunk.into_iter().filter(|t| begin <= t.ticket.at && t.ticket.at < until));
        if done {
            break;
        }
    }
    let mut ledger = Ledger::default();
    if tickets.is_empty() {
        return Ok(ledger);
    }
    let matcher = Matcher::of_library(library, Reader::Public, &[]);
    let sight = Sight::new(&library.analyser, &matcher);
    let redactor = Redactor::default();
    for ticket in tickets.iter().rev() {
        ledger.enter(sight.recorded(&redactor, ticket));
    }
    ledger.tick(until.as_second(), &mut Vec::new());
    Ok(ledger)
}
