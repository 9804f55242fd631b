//! `/studio`: every article with both languages side by side and what it does for readers; beginning
//! a new one, from nothing or from tickets that no article answers.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::engine::unanswered::unanswered;
use crate::engine::{Engine, Snapshot};
use crate::events::Outcome;
use crate::id::ArticleId;
use crate::kb::library::Pair;
use crate::kb::stale;
use crate::lang::{Lang, TextLang};
use crate::studio::draft::{Draft, Stage};
use crate::studio::{Texts, form};
use crate::time::{Timestamp, day, now};
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::line;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};
use crate::web::studio::failed;

use super::{fields, to_editor, write_on};

/// How far back tickets and outcomes are counted.
const WINDOW: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Tickets of a group that become questions of a new article, and tickets that are searched for it.
const QUESTIONS_MAX: usize = 8;
const UNANSWERED_MAX: usize = 1_000;

/// What is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct ListParams {
    #[serde(default)]
    q: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    sort: String,
    published: Option<String>,
    done: Option<String>,
    /// The first ticket of a group for which an article is to be begun.
    ticket: Option<u64>,
}

/// A new article.
#[derive(Debug, Deserialize)]
pub struct BeginForm {
    id: String,
    section: String,
    /// The first ticket of a group that no article answers.
    #[serde(default)]
    ticket: Option<u64>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    section: String,
    /// Status and confidence of each language; `None` where it is missing.
    langs: Vec<(&'static str, Option<(&'static str, &'static str)>)>,
    /// `current`, `typo`, `medium` or `major`; none for an article in one language.
    stale: Option<&'static str>,
    review_by: String,
    due: bool,
    tickets: u64,
    helpful: u64,
    not_helpful: u64,
    used: u64,
    wrong: u64,
    draft: Option<(Stage, String)>,
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    all: usize,
    sections: Vec<(String, String, bool)>,
    shows: Vec<(&'static str, bool)>,
    sorts: Vec<(&'static str, bool)>,
    q: String,
    published: Option<String>,
    uncommitted: bool,
    ticket: Option<u64>,
}

/// What the list can be narrowed to, and ordered by.
const SHOWS: [&str; 6] = ["all", "draft", "review", "stale", "due", "one-language"];
const SORTS: [&str; 5] = ["title", "tickets", "wrong", "not-helpful", "review"];

/// `GET /studio`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<ListParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let view = view(app, engine, &staff, params)?;
        show(app, &staff, "studio_title", "studio/list.html", &[&("studio", view)])
    })
    .await
}

fn view(app: &App, engine: &Engine, staff: &Staff, params: ListParams) -> Result<View, Problem> {
    let snapshot = engine.snapshot();
    let drafts = app.studio.drafts.all().map_err(|error| failed(&error))?;
    let drafts: BTreeMap<ArticleId, Draft> = drafts.into_iter().collect();
    let counts = Counts::of(engine)?;
    let mut rows: Vec<Row> = snapshot
        .library
        .pairs
        .iter()
        .map(|(id, pair)| row(&snapshot, staff, (id, pair), &counts, drafts.get(id)))
        .collect();
    let new = drafts.iter().filter(|(id, _)| !snapshot.library.pairs.contains_key(id));
    rows.extend(new.map(|(id, draft)| {
        let pair = Pair::default();
        let row = row(&snapshot, staff, (id, &pair), &counts, Some(draft));
        Row { section: draft.section.clone(), ..row }
    }));
    let all = rows.len();
    let needle = params.q.trim().to_lowercase();
    rows.retain(|row| {
        let named = row.title.to_lowercase().contains(&needle) || row.id.contains(&needle);
        named
            && (params.section.is_empty() || row.section == params.section)
            && is_shown(row, &params.show)
    });
    order(&mut rows, &params.sort);
    let lang = staff.lang.article_lang();
    let section = |s: &crate::kb::sections::Section| {
        let title = staff.lang.say(s.title.get(lang)).into_owned();
        (s.id.clone(), title, s.id == params.section)
    };
    Ok(View {
        rows,
        all,
        sections: snapshot.library.sections.iter().map(section).collect(),
        shows: SHOWS.map(|name| (name, name == params.show)).to_vec(),
        sorts: SORTS.map(|name| (name, name == params.sort)).to_vec(),
        q: params.q,
        published: params.published.filter(|id| id.parse::<ArticleId>().is_ok()),
        uncommitted: params.done.as_deref() == Some("uncommitted"),
        ticket: params.ticket,
    })
}

/// What readers and agents did in the window.
struct Counts {
    tickets: BTreeMap<ArticleId, u64>,
    outcomes: BTreeMap<(ArticleId, Outcome), u64>,
}

impl Counts {
    fn of(engine: &Engine) -> Result<Counts, Problem> {
        let until = now();
        let since = until.checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let tickets = engine.store().issue_counts(since, until)?;
        let outcomes = engine.store().outcome_counts(since)?;
        Ok(Counts {
            tickets: tickets.into_iter().filter_map(|c| Some((c.article?, c.tickets))).collect(),
            outcomes: outcomes.into_iter().map(|(id, outcome, n)| ((id, outcome), n)).collect(),
        })
    }

    fn outcome(&self, id: &ArticleId, outcomes: &[Outcome]) -> u64 {
        outcomes.iter().filter_map(|o| self.outcomes.get(&(id.clone(), *o))).sum()
    }
}

fn row(
    snapshot: &Snapshot,
    staff: &Staff,
    (id, pair): (&ArticleId, &Pair),
    counts: &Counts,
    draft: Option<&Draft>,
) -> Row {
    let wanted = staff.lang.article_lang();
    let first = pair.get(wanted).or_else(|| pair.get(wanted.other()));
    let of = |lang: Lang| {
        let meta = pair.get(lang).map(|a| &a.meta);
        (lang.code(), meta.map(|m| (form::status(m.status), form::confidence(m.confidence))))
    };
    let accepted = snapshot.library.translations.get(id.as_str());
    let stale = accepted.and_then(|accepted| {
        let source = pair.get(stale::source_lang(accepted))?;
        pair.get(stale::source_lang(accepted).other())?;
        Some(stale::grade(accepted, source).code())
    });
    let review_by = pair.versions().map(|a| a.meta.review_by).min();
    let today = day(now());
    Row {
        id: id.to_string(),
        title: first.map_or_else(|| id.to_string(), |a| staff.lang.say(&a.meta.title).into_owned()),
        section: first.map(|a| a.section.clone()).unwrap_or_default(),
        langs: Lang::ALL.map(of).to_vec(),
        stale,
        review_by: review_by.map(|d| d.to_string()).unwrap_or_default(),
        due: review_by.is_some_and(|due| due <= today),
        tickets: counts.tickets.get(id).copied().unwrap_or(0),
        helpful: counts.outcome(id, &[Outcome::Helpful, Outcome::Solved]),
        not_helpful: counts.outcome(id, &[Outcome::NotHelpful]),
        used: counts.outcome(id, &[Outcome::Used, Outcome::Edited, Outcome::Linked]),
        wrong: counts.outcome(id, &[Outcome::Wrong]),
        draft: draft.map(|d| (d.stage, d.by.clone())),
    }
}

fn is_shown(row: &Row, show: &str) -> bool {
    match show {
        "draft" => row.draft.is_some(),
        "review" => row.draft.as_ref().is_some_and(|(stage, _)| *stage == Stage::Review),
        "stale" => row.stale.is_some_and(|grade| grade != "current"),
        "due" => row.due,
        "one-language" => row.langs.iter().filter(|(_, state)| state.is_some()).count() == 1,
        _ => true,
    }
}

fn order(rows: &mut [Row], sort: &str) {
    rows.sort_by(|a, b| {
        let by = match sort {
            "tickets" => b.tickets.cmp(&a.tickets),
            "wrong" => b.wrong.cmp(&a.wrong),
            "not-helpful" => b.not_helpful.cmp(&a.not_helpful),
            "review" => a.review_by.cmp(&b.review_by),
            _ => std::cmp::Ordering::Equal,
        };
        by.then_with(|| a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
    });
}

/// `POST /studio/articles`
pub async fn begin(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<BeginForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let wrong = |error: &dyn std::fmt::Display| Problem::unprocessable(error.to_string());
        let id: ArticleId = form.id.trim().parse().map_err(|error| wrong(&error))?;
        let known = snapshot.library.section(&form.section).is_some();
        if !known || form.section.parse::<ArticleId>().is_err() {
            return Err(Problem::unprocessable("there is no such section"));
        }
        if snapshot.library.pairs.contains_key(&id) {
            return Ok(to_editor(&id));
        }
        let texts = match form.ticket {
            Some(ticket) => from_tickets(engine, &snapshot, ticket)?,
            None => Texts::default(),
        };
        let begun = Draft::begin(&form.section, &Texts::default());
        write_on(app, &staff, &id, begun, texts)
    })
    .await
}

/// An article whose questions are what people wrote, each in its language.
fn from_tickets(engine: &Engine, snapshot: &Snapshot, first: u64) -> Result<Texts, Problem> {
    let since = now().checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
    let found = unanswered(engine.store(), &snapshot.library.analyser, since, UNANSWERED_MAX)?;
    let Some(group) = found.iter().find(|g| g.id().is_some_and(|id| id.0 == first)) else {
        return Ok(Texts::default());
    };
    let mut sent = fields::Sent::new();
    sent.insert("audience".to_owned(), "public".to_owned());
    for lang in Lang::ALL {
        let own = group.tickets.iter().filter(|t| {
            let english = t.ticket.lang == TextLang::En;
            english == (lang == Lang::En)
        });
        let mut questions: Vec<String> = own.map(|t| line(&t.ticket.clean_text)).collect();
        questions.dedup();
        questions.truncate(QUESTIONS_MAX);
        sent.insert(format!("{lang}.title"), questions.first().cloned().unwrap_or_default());
        sent.insert(format!("{lang}.questions"), questions.join("\n"));
    }
    Ok(fields::texts(&sent))
}
