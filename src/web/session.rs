//! Sessions of the contact form: what is offered for a text, who is offered nothing so that
//! deflection can be measured, and the record of what came of it.
//!
//! The form on the help centre, its page in between and the widget all ask here. The record is
//! [`crate::events::session`].

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{Answer, Engine, TicketAnswer};
use crate::events::session::{SessionSteps, Step, Surface, Visit};
use crate::id::SessionId;
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::suggest::Suggestion;
use crate::time::now;

use super::api::suggest;
use super::details::Details;
use super::language::PageLang;
use super::state::App;
use super::view::{Link, Part, parts};

/// How many articles are offered: more would be a list to read, not an answer.
const OFFERED_MAX: usize = 3;

/// Which sessions see no suggestions.
#[derive(Debug, Clone)]
pub struct Holdout {
    share: f64,
    key: [u8; 32],
}

impl Holdout {
    /// A share of all sessions, 0..1, chosen by a hash under `key` that nobody outside can foresee.
    pub fn new(share: f64, key: [u8; 32]) -> Holdout {
        Holdout { share, key }
    }

    /// Returns true if and only if the session sees no suggestions; the same every time.
    pub fn holds(&self, session: &SessionId) -> bool {
        let hash = blake3::keyed_hash(&self.key, session.as_str().as_bytes());
        let first: [u8; 8] = hash.as_bytes().first_chunk().copied().unwrap_or_default();
        (u64::from_le_bytes(first) as f64) < self.share * u64::MAX as f64
    }
}

/// A text in a form.
pub struct Asked {
    /// The session.
    pub session: SessionId,
    /// Where the form stands.
    pub surface: Surface,
    /// The language of its page.
    pub lang: PageLang,
    /// The article that the writer came from, as the form names it.
    pub from: String,
    /// Whoever writes, as an opaque key, if the form was told.
    pub sender: Option<String>,
    /// What the writer wrote.
    pub text: String,
}

/// An article that may answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offer {
    /// Its id.
    pub article: String,
    /// The language in which it is shown: en, zh or zh-Hant.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// The passage that answers, in pieces; those that match are marked.
    pub passage: Vec<Part>,
}

/// What is offered for a text.
pub struct Offered {
    /// Articles, best first; none if nothing fits, or if the session is in the holdout.
    pub offers: Vec<Offer>,
    /// Details that the text holds.
    pub details: Details,
    /// Codes of the kinds of secrets that were taken out.
    pub redacted: Vec<&'static str>,
    /// The text without them.
    pub clean_text: String,
}

/// Finds what to offer, and records that the session has started and what it was offered.
pub fn ask(app: &App, engine: &Engine, asked: &Asked) -> Offered {
    let answer = engine.suggest(Reader::Public, &asked.text);
    suggest::count(&app.metrics, &answer);
    let snapshot = engine.snapshot();
    let mut offers = offers(engine, &answer, asked.lang);
    let ids = offers.iter().filter_map(|offer| offer.article.parse().ok());
    let holdout = app.settings.holdout.holds(&asked.session);
    let mut steps = vec![started(app, engine, asked, answer.suggestions.lang)];
    steps.extend(ids.map(if holdout { Step::Withheld } else { Step::Shown }));
    record(engine, &asked.session, steps);
    if holdout {
        offers.clear();
    }
    let analysis = snapshot.library.analyser.analyse(&answer.redacted.clean_text);
    Offered {
        offers,
        details: Details::find(&answer.redacted.clean_text, &analysis),
        redacted: answer.redacted.redactions.iter().map(|r| r.kind.code()).collect(),
        clean_text: answer.redacted.clean_text,
    }
}

/// The articles worth showing for a text, in the language of a page, best first.
pub fn offers(engine: &Engine, answer: &Answer, lang: PageLang) -> Vec<Offer> {
    let snapshot = engine.snapshot();
    let text = answer.redacted.without_placeholders();
    let offer = |suggestion: &Suggestion| {
        let id = suggestion.id.parse().ok()?;
        let article = snapshot.library.article(&id, lang.article_lang(), Reader::Public)?;
        let (link, shown) = (Link::new(article, lang), lang.showing(article.lang));
        let passage = parts(&snapshot.passage(&text, article), shown);
        let (title, url, article) = (link.title, link.url, link.article);
        Some(Offer { article, lang: shown.code().to_owned(), title, url, passage })
    };
    answer.suggestions.shown().filter_map(offer).take(OFFERED_MAX).collect()
}

/// Records that a session's ticket was sent; starts the session if its text was never asked about.
pub fn sent(app: &App, engine: &Engine, asked: &Asked, ticket: &TicketAnswer) {
    let start = started(app, engine, asked, ticket.answer.suggestions.lang);
    record(engine, &asked.session, vec![start, Step::Sent(ticket.ticket)]);
}

fn started(app: &App, engine: &Engine, asked: &Asked, lang: TextLang) -> Step {
    let from = Link::find(&engine.snapshot(), &asked.from, asked.lang, Reader::Public);
    let from = from.and_then(|link| link.article.parse().ok());
    let holdout = app.settings.holdout.holds(&asked.session);
    let sender = asked.sender.as_deref().map(|sender| engine.sender_mark(sender));
    Step::Started(Visit { surface: asked.surface, lang, holdout, from, sender })
}

/// Records steps. They are for reports: that one is lost is no reason to refuse a reader anything.
pub fn record(engine: &Engine, session: &SessionId, steps: Vec<Step>) {
    let steps = SessionSteps { at: now(), session: session.clone(), steps };
    if let Err(error) = engine.store().record_session(&steps) {
        tracing::warn!("a step of a contact session was not recorded: {error}");
    }
}

/// A new session's id.
pub fn new_id() -> SessionId {
    let mut random = [0; 16];
    if getrandom::fill(&mut random).is_err() {
        // Without randomness the time has to do: an id tells sessions apart, nothing more.
        let hash = blake3::hash(now().to_string().as_bytes());
        random = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    }
    SessionId::new(random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_out_the_share_that_was_asked_for() {
        let held = |share: f64, key: u8| {
            let holdout = Holdout::new(share, [key; 32]);
            let session = |n: u32| {
                let mut random = [0; 16];
                random[..4].copy_from_slice(&n.to_le_bytes());
                SessionId::new(random)
            };
            (0..4000).filter(|n| holdout.holds(&session(*n))).count()
        };
        assert_eq!((held(0.0, 1), held(1.0, 1)), (0, 4000));
        assert!((300..500).contains(&held(0.1, 1)), "{}", held(0.1, 1));
        assert_ne!(held(0.1, 1), held(0.1, 2), "the key chooses");
    }
}
