//! `/{lang}/search`: what was found for a query, with the words that match marked.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::index::search::{Found, Hit, QUERY_BYTES_MAX, RESULTS_MAX, Wanted};
use crate::kb::Article;
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::time::now;
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::kept;
use crate::web::language::PageLang;
use crate::web::rate;
use crate::web::searches;
use crate::web::state::{App, Shared};
use crate::web::view::{Link, Part, parts};

use super::error::Page;
use super::{Draft, SectionLink, language};

/// How many results a page shows.
const SHOWN_MAX: usize = 20;

/// How much of a query that finds nothing is kept.
const GAP_CHARS_MAX: usize = 120;

/// What a reader searches for.
#[derive(Debug, Deserialize)]
pub struct SearchForm {
    #[serde(default)]
    q: String,
    #[serde(default)]
    section: String,
}

#[derive(Serialize)]
struct ResultView {
    link: Link,
    section: String,
    passage: Vec<Part>,
}

#[derive(Serialize)]
struct Facet {
    id: String,
    title: String,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct View {
    results: Vec<ResultView>,
    total: usize,
    facets: Vec<Facet>,
    section: String,
    did_you_mean: Option<String>,
    too_long: bool,
    sections: Vec<SectionLink>,
}

/// `GET /{lang}/search`
pub async fn get(
    State(app): State<Shared>,
    Path(lang): Path<String>,
    Params(form): Params<SearchForm>,
    request: Request,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    let client = rate::client(&app, &request);
    app.blocking(move |app: &App, engine| {
        let too_long = form.q.len() > QUERY_BYTES_MAX;
        let asked = if too_long { "" } else { form.q.trim() };
        let redacted = engine.redact(asked);
        let query = redacted.clean_text;
        // Neither the address bar nor the history should keep what was taken out.
        if !redacted.redactions.is_empty() && engine.redact(&query).redactions.is_empty() {
            let clean = format!("/{}/search?q={}", lang.path(), encoded(&query));
            return Ok(Redirect::to(&clean).into_response());
        }
        let section = Some(form.section.as_str()).filter(|section| !section.is_empty());
        let wanted = Wanted { limit: SHOWN_MAX, section, counted: RESULTS_MAX };
        let found = engine.search(Reader::Public, &query, lang.article_lang(), wanted)?;
        let library = &engine.snapshot().library;
        let sections: Vec<SectionLink> =
            library.shelves(Reader::Public).map(|s| SectionLink::new(s, lang)).collect();
        // Another section of the same results is no other search.
        let asks = !query.is_empty() && form.section.is_empty();
        let asked = asks.then(|| library.analyser.analyse(&query).lang);
        match asked {
            _ if found.hits.is_empty() && !query.is_empty() => {
                gap(app, engine, &query, (asked, client));
            }
            Some(lang) => searches::count(app, lang, false),
            None => {}
        }
        let facets = facets(&found, &sections, &form.section);
        // A section without results filters nothing.
        let current = facets.iter().find(|f| f.current);
        let all = found.hits.len() + found.besides.len();
        let view = View {
            total: current.map_or(all, |facet| facet.count),
            results: found.hits.iter().map(|hit| result(hit, lang, &sections)).collect(),
            section: if current.is_some() { form.section.clone() } else { String::new() },
            facets,
            did_you_mean: found.did_you_mean,
            too_long,
            sections,
        };
        let title = app.templates.string(lang, "search_title");
        let rest = format!("search?q={}", encoded(&query));
        let mut draft = Draft::new(lang, rest, title).unlisted();
        draft.query = query;
        let mut response = draft.show(app, "search.html", &[&("found", view)])?;
        if !found.hits.is_empty() {
            // Not the others: each of those is a gap that counts.
            response = match asked {
                Some(lang) => kept::keep_search(response, lang),
                None => kept::keep(response),
            };
        }
        if too_long {
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response.extensions_mut().insert(Page);
        }
        Ok(response)
    })
    .await
}

/// Records what was not found. It is for reports, so losing one is no reason to refuse the page;
/// and an address that asks faster than people do is not listened to.
fn gap(
    app: &App,
    engine: &Engine,
    query: &str,
    (asked, client): (Option<TextLang>, Option<IpAddr>),
) {
    let limited = app.settings.rate_limit;
    if client.is_some_and(|client| limited && app.limiter.check(client).is_err()) {
        return;
    }
    if let Some(lang) = asked {
        searches::count(app, lang, true);
    }
    let short: String = query.chars().take(GAP_CHARS_MAX).collect();
    if let Err(error) = engine.record_gap(&short, now()) {
        tracing::warn!("a search without results was not recorded: {error}");
    }
}

fn result(hit: &Hit, lang: PageLang, sections: &[SectionLink]) -> ResultView {
    let section = sections.iter().find(|s| s.id == hit.article.section).map(|s| s.title.clone());
    ResultView {
        link: Link::new(&hit.article, lang),
        section: section.unwrap_or_default(),
        passage: parts(&hit.snippet, lang.showing(hit.article.lang)),
    }
}

/// The sections of the results with how many lie in each, in the sections' own order.
fn facets(found: &Found, sections: &[SectionLink], wanted: &str) -> Vec<Facet> {
    let shown = found.hits.iter().map(|hit| &hit.article);
    let articles: Vec<&Arc<Article>> = shown.chain(&found.besides).collect();
    let facet = |link: &SectionLink| {
        let count = articles.iter().filter(|article| article.section == link.id).count();
        let (id, title) = (link.id.clone(), link.title.clone());
        (count > 0).then(|| Facet { current: id == wanted, id, title, count })
    };
    sections.iter().filter_map(facet).collect()
}

/// A text as a value in a query string.
pub fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        _ if plain(byte) => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
