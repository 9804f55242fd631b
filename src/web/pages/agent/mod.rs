//! The agents' console: [`queue`], one [`ticket`] with what answers it, what became of it
//! ([`outcome`]), the [`escalation`] note, what was [`learned`], the narrow [`panel`].
//!
//! This file makes the view that ticket, paste box and panel share: suggestions in the agent's
//! language beside a reply in the customer's.

use serde::Serialize;

use crate::desk::{explorer, similar, version};
use crate::engine::{Answer, Engine, Snapshot};
use crate::events::{Outcome, StoreError, Ticket};
use crate::id::{ArticleId, TicketId};
use crate::kb::Article;
use crate::kb::library::Reader;
use crate::suggest::{Decision, Suggestion, reply};
use crate::text::Analysis;
use crate::text::entity::EntityKind;
use crate::time::now;
use crate::trends::episode::Episode;
use crate::web::api::suggest;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::language::PageLang;
use crate::web::state::App;
use crate::web::view::article_path;

use super::staff::moment;

pub mod escalation;
pub mod learned;
pub mod outcome;
pub mod panel;
pub mod queue;
pub mod ticket;

/// How many of the closest articles are shown when none fits well enough.
const CLOSEST_MAX: usize = 3;
/// From here on a suggestion is very likely, and from here on likely.
const VERY_LIKELY: f32 = 0.85;
const LIKELY: f32 = 0.60;
/// How much of a ticket a list shows, in characters.
const LINE_CHARS_MAX: usize = 120;

/// A reason as a page shows it.
#[derive(Debug, Serialize)]
pub struct WhyView {
    feature: &'static str,
    evidence: String,
    percent: u32,
}

/// A passage of an article.
#[derive(Debug, Serialize)]
pub struct Passage {
    text: String,
    tag: &'static str,
}

/// A suggestion as a page shows it.
#[derive(Debug, Serialize)]
pub struct SuggestionView {
    /// The key that chooses it.
    pub number: usize,
    /// The article's id.
    pub article: String,
    /// Its title in the agent's language, and that language's tag.
    pub title: String,
    tag: &'static str,
    /// `public`, `internal` or `runbook`.
    kind: &'static str,
    /// Its public page in the agent's language, if it has one.
    url: Option<String>,
    /// Confidence in words: the key of a string.
    words: &'static str,
    percent: u32,
    why: Vec<WhyView>,
    passage: Option<Passage>,
    html: String,
    /// What the customer is told: title and link in their language, the reply.
    customer_title: String,
    customer_url: Option<String>,
    /// The reply in the customer's language.
    pub reply: String,
    unfilled: Vec<String>,
    /// Whether staff confirmed or rejected it for this ticket.
    confirmed: Option<bool>,
}

#[derive(Debug, Serialize)]
struct EntityView {
    kind: &'static str,
    value: String,
    link: Option<String>,
}

#[derive(Debug, Serialize)]
struct LanguageView {
    path: &'static str,
    name: &'static str,
    current: bool,
}

/// A ticket in a list.
#[derive(Debug, Serialize)]
pub struct LineView {
    pub(super) id: u64,
    pub(super) line: String,
    pub(super) lang: &'static str,
    pub(super) at: String,
    pub(super) state: &'static str,
}

impl LineView {
    /// A ticket on one line.
    pub fn new(ticket: &Ticket) -> LineView {
        LineView {
            id: ticket.id.0,
            line: line(&ticket.ticket.clean_text),
            lang: ticket.ticket.lang.code(),
            at: moment(ticket.ticket.at),
            state: ticket.state.code(),
        }
    }
}

/// Whom else it happens to.
#[derive(Debug, Serialize)]
pub struct LikeView {
    /// Those like it that are open.
    pub open: Vec<LineView>,
    /// How many came in the last hour and day.
    pub last_hour: u64,
    /// See above.
    pub last_day: u64,
    /// `rising`, `steady` or `falling`.
    pub trend: &'static str,
    /// Those of the last day by language.
    pub langs: Vec<(&'static str, u64)>,
    /// The episode that it belongs to.
    pub episode: Option<EpisodeLink>,
}

/// The episode that a ticket belongs to.
#[derive(Debug, Serialize)]
pub struct EpisodeLink {
    id: u64,
    name: String,
    tickets: u64,
    open: bool,
}

impl EpisodeLink {
    fn of(
        app: &App,
        engine: &Engine,
        staff: &Staff,
        ticket: TicketId,
    ) -> Result<Option<EpisodeLink>, Problem> {
        let snapshot = engine.snapshot();
        let link = |episode: &Episode, open| {
            let id = episode.article.as_ref().and_then(|id| id.parse().ok());
            let title = id.and_then(|id| queue::title(&snapshot, staff, &id));
            let name = title.unwrap_or_else(|| staff.lang.say(&episode.label()).into_owned());
            EpisodeLink { id: episode.id, name, tickets: episode.tickets, open }
        };
        Ok(app.incidents.look(engine, |seen| {
            let open = seen.ledger.open().iter().map(|episode| (episode, true));
            let closed = seen.ledger.closed().rev().map(|episode| (episode, false));
            let own = |(episode, _): &(&Episode, bool)| episode.numbers().contains(&ticket.0);
            open.chain(closed).find(own).map(|(episode, open)| link(episode, open))
        })?)
    }
}

/// A text with everything that helps to answer it.
#[derive(Debug, Serialize)]
pub struct AskedView {
    /// The text without its secrets.
    pub text: String,
    lang: &'static str,
    redacted: Vec<&'static str>,
    abstained: bool,
    /// Suggestions, best first.
    pub suggestions: Vec<SuggestionView>,
    entities: Vec<EntityView>,
    /// The app's version.
    pub app_version: Option<String>,
    /// The operating system with its version.
    pub system: Option<String>,
    reply_lang: &'static str,
    reply_tag: &'static str,
    reply_langs: Vec<LanguageView>,
    /// Whom else it happens to.
    pub like: LikeView,
}

/// Everything that helps to answer a text. `wanted` is the language of the reply, if not that of
/// the text.
pub fn asked(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    (text, ticket): (&str, Option<&Ticket>),
    wanted: Option<PageLang>,
) -> Result<AskedView, Problem> {
    let answer = match ticket {
        Some(ticket) => engine.suggest_recorded(Reader::Staff, ticket),
        None => engine.suggest(Reader::Staff, text),
    };
    suggest::count(&app.metrics, &answer);
    let snapshot = engine.snapshot();
    let clean = &answer.redacted.clean_text;
    let analysis = snapshot.library.analyser.analyse(clean);
    let reply_lang = wanted.unwrap_or_else(|| answer.suggestions.lang.into());
    let letter = Letter::new(app, staff, &snapshot, (clean, &analysis), reply_lang);
    let verdicts = match ticket {
        Some(ticket) => engine.store().ticket_feedback(ticket.id)?,
        None => Vec::new(),
    };
    let stands = |id: &str| {
        let mut about = verdicts.iter().rev().filter(|f| f.article.as_str() == id);
        about.find_map(|f| f.outcome.verdict()).flatten()
    };
    let shown = chosen(&answer).into_iter().enumerate();
    let suggestions = shown.filter_map(|(at, suggestion)| {
        let mut view = letter.suggestion(at + 1, suggestion)?;
        view.confirmed = stands(&view.article);
        Some(view)
    });
    let versions = version::versions(clean, &analysis.entities);
    let languages = PageLang::ALL.map(|lang| LanguageView {
        path: lang.path(),
        name: lang.name(),
        current: lang == reply_lang,
    });
    Ok(AskedView {
        suggestions: suggestions.collect(),
        lang: answer.suggestions.lang.code(),
        redacted: answer.leaked.iter().map(|kind| kind.code()).collect(),
        abstained: answer.suggestions.decision == Decision::Abstain,
        entities: entities(&analysis),
        app_version: versions.app,
        system: versions.system,
        reply_lang: reply_lang.path(),
        reply_tag: reply_lang.tag(),
        reply_langs: languages.into(),
        like: like((app, engine, staff), &answer, &analysis, ticket)?,
        text: answer.redacted.clean_text.clone(),
    })
}

/// What is shown: the suggestions, or the closest articles if none fits well enough.
fn chosen(answer: &Answer) -> Vec<&Suggestion> {
    match answer.suggestions.decision {
        Decision::Suggest => answer.suggestions.shown().collect(),
        Decision::Abstain => answer.suggestions.candidates.iter().take(CLOSEST_MAX).collect(),
    }
}

/// What every reply to one customer shares.
struct Letter<'a> {
    snapshot: &'a Snapshot,
    values: std::collections::BTreeMap<String, String>,
    root: &'a str,
    reader: PageLang,
    customer: PageLang,
}

impl<'a> Letter<'a> {
    fn new(
        app: &'a App,
        staff: &Staff,
        snapshot: &'a Snapshot,
        (text, analysis): (&str, &Analysis),
        customer: PageLang,
    ) -> Letter<'a> {
        let analyser = &snapshot.library.analyser;
        let mut values = reply::values(text, analysis, analyser, customer.article_lang());
        values.remove(EntityKind::Version.code());
        if let Some(app_version) = version::versions(text, &analysis.entities).app {
            values.insert(EntityKind::Version.code().to_owned(), app_version);
        }
        values.insert("agent".to_owned(), staff.person.display.clone());
        let root = app.settings.public_url.as_str();
        Letter { snapshot, values, root, reader: staff.lang, customer }
    }

    fn article(&self, id: &ArticleId, lang: PageLang) -> Option<&Article> {
        let article = self.snapshot.library.article(id, lang.article_lang(), Reader::Staff)?;
        Some(article)
    }

    fn suggestion(&self, number: usize, suggestion: &Suggestion) -> Option<SuggestionView> {
        let id: ArticleId = suggestion.id.parse().ok()?;
        let (read, sent) = (self.article(&id, self.reader)?, self.article(&id, self.customer)?);
        let (reads, writes) = (self.reader.showing(read.lang), self.customer.showing(sent.lang));
        // Customers can follow links to public articles only.
        let customer_url = sent
            .is_public()
            .then(|| format!("{}{}", self.root, article_path(self.customer, id.as_str())));
        let mut values = self.values.clone();
        values.extend(customer_url.clone().map(|url| ("link".to_owned(), url)));
        let reply = reply::fill(&writes.say(&sent.meta.reply), &values);
        let why = suggestion.why.iter().map(|e| WhyView {
            feature: e.feature,
            evidence: e.evidence.clone(),
            percent: percent(e.weight),
        });
        Some(SuggestionView {
            number,
            title: reads.say(&read.meta.title).into_owned(),
            tag: reads.tag(),
            kind: kind(read),
            url: read.is_public().then(|| article_path(self.reader, id.as_str())),
            words: words(suggestion.confidence),
            percent: percent(suggestion.confidence),
            why: why.collect(),
            passage: suggestion.passage.clone().map(|text| Passage { tag: tag(&text), text }),
            html: reads.say(&read.body.html).into_owned(),
            customer_title: writes.say(&sent.meta.title).into_owned(),
            customer_url,
            reply: reply.text.trim().to_owned(),
            unfilled: reply.unfilled.into_iter().collect(),
            article: id.to_string(),
            confirmed: None,
        })
    }
}

fn kind(article: &Article) -> &'static str {
    match article {
        a if a.is_runbook() => "runbook",
        a if a.is_public() => "public",
        _ => "internal",
    }
}

fn words(confidence: f32) -> &'static str {
    match confidence {
        c if c >= VERY_LIKELY => "very_likely",
        c if c >= LIKELY => "likely",
        _ => "possible",
    }
}

/// The tag of a passage, which may stand in either language.
fn tag(text: &str) -> &'static str {
    let han = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    if han { PageLang::Zh.tag() } else { PageLang::En.tag() }
}

/// A share in percent.
pub fn percent(share: f32) -> u32 {
    (share * 100.0).round() as u32
}

fn entities(analysis: &Analysis) -> Vec<EntityView> {
    let all = &analysis.entities;
    let mut views: Vec<EntityView> = Vec::new();
    for entity in all {
        let kind = entity.kind.code();
        if views.iter().all(|v| (v.kind, &v.value) != (kind, &entity.value)) {
            let link = explorer::link(entity, all);
            views.push(EntityView { kind, value: entity.value.clone(), link });
        }
    }
    views
}

fn like(
    (app, engine, staff): (&App, &Engine, &Staff),
    answer: &Answer,
    analysis: &Analysis,
    ticket: Option<&Ticket>,
) -> Result<LikeView, Problem> {
    // Recorded tickets know their best public article; a pasted one goes by what is suggested now.
    let best = match ticket {
        Some(ticket) => ticket.ticket.suggested.first().map(|s| s.article.clone()),
        None => answer.suggestions.shown().next().and_then(|s| s.id.parse().ok()),
    };
    let own = ticket.map(|t| t.id);
    let like: similar::Like = app.recently.like(engine, analysis, (best.as_ref(), own), now())?;
    let mut open = Vec::new();
    for id in &like.tickets {
        let ticket = match engine.store().ticket(*id) {
            Ok(ticket) => ticket,
            // Erased a moment ago.
            Err(StoreError::NoTicket(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        if matches!(ticket.state.code(), "open" | "escalated") {
            open.push(LineView::new(&ticket));
        }
    }
    Ok(LikeView {
        open,
        last_hour: like.last_hour,
        last_day: like.last_day,
        trend: like.trend().code(),
        langs: like.langs.iter().map(|(lang, n)| (lang.code(), *n)).collect(),
        episode: match own {
            Some(own) => EpisodeLink::of(app, engine, staff, own)?,
            None => None,
        },
    })
}

/// What was said, in words: the key of a string.
pub fn said(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Solved => "outcome_solved",
        Outcome::Opened => "outcome_opened",
        Outcome::Helpful => "outcome_helpful",
        Outcome::NotHelpful => "outcome_not_helpful",
        Outcome::OtherProblem => "outcome_other_problem",
        Outcome::Failed => "outcome_failed",
        Outcome::Unclear => "outcome_unclear",
        Outcome::Outdated => "outcome_outdated",
        Outcome::Used => "outcome_used",
        Outcome::Edited => "outcome_edited",
        Outcome::Wrong => "outcome_wrong",
        Outcome::NotNeeded => "outcome_not_needed",
        Outcome::Linked => "outcome_linked",
        Outcome::Withdrawn => "outcome_withdrawn",
    }
}

/// The beginning of a text on one line.
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= LINE_CHARS_MAX {
        return line;
    }
    line.chars().take(LINE_CHARS_MAX).chain(['…']).collect()
}
