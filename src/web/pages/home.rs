//! `/{lang}/`: search first, then every section with its articles.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use crate::engine::Snapshot;
use crate::events::store::IssueCount;
use crate::kb::library::{Library, Reader};
use crate::time::now;
use crate::web::api::trends;
use crate::web::error::Problem;
use crate::web::kept;
use crate::web::language::PageLang;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::{Draft, SectionLink, language};

/// Articles shown below a section's name; the rest are on the section's page.
const ARTICLES_PER_SECTION: usize = 4;
/// Popular articles.
const POPULAR_MAX: usize = 6;
/// Articles that many need today.
const RISING_MAX: usize = 3;

/// A section with some of its articles.
#[derive(Serialize)]
pub(in crate::web) struct Shelf {
    section: SectionLink,
    articles: Vec<Link>,
    count: usize,
}

/// `GET /{lang}/`
pub async fn get(State(app): State<Shared>, Path(lang): Path<String>) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let shelves = shelves(&snapshot.library, lang);
        let counts = app.recent.counts(engine, now())?;
        let link = |needed: trends::NeededArticle| {
            Link::find(&snapshot, &needed.article, lang, Reader::Public)
        };
        let links = |counts: &[IssueCount]| -> Vec<Link> {
            let needed = trends::needed(&snapshot, counts, lang).into_iter();
            needed.take(POPULAR_MAX).filter_map(link).collect()
        };
        let rising: Vec<Link> = links(&counts.rising()).into_iter().take(RISING_MAX).collect();
        let popular = popular(&snapshot, links(&counts.week), &rising, lang);
        let mut draft = Draft::new(lang, "", app.templates.string(lang, "site"));
        app.templates.string(lang, "site_description").clone_into(&mut draft.description);
        let root = &app.settings.public_url;
        draft.structured = vec![json!({
            "@type": "WebSite",
            "name": draft.title,
            "url": format!("{root}/{}/", lang.path()),
            "inLanguage": lang.tag(),
            "potentialAction": {
                "@type": "SearchAction",
                "target": format!("{root}/{}/search?q={{search_term_string}}", lang.path()),
                "query-input": "required name=search_term_string",
            },
        })];
        let contents = (("shelves", shelves), ("popular", popular), ("rising", rising));
        draft.show(app, "home.html", &[&contents.0, &contents.1, &contents.2]).map(kept::keep)
    })
    .await
}

/// Every section that the public sees, with its first articles.
pub(in crate::web) fn shelves(library: &Library, lang: PageLang) -> Vec<Shelf> {
    let shelf = |(section, articles): (&_, Vec<&std::sync::Arc<_>>)| Shelf {
        section: SectionLink::new(section, lang),
        count: articles.len(),
        articles: articles
            .into_iter()
            .take(ARTICLES_PER_SECTION)
            .map(|article| Link::new(article, lang))
            .collect(),
    };
    library.by_section(lang.article_lang(), Reader::Public).into_iter().map(shelf).collect()
}

/// What was needed most this week. Before there are tickets enough, what the knowledge base has seen
/// most tickets for fills the list.
fn popular(snapshot: &Snapshot, needed: Vec<Link>, rising: &[Link], lang: PageLang) -> Vec<Link> {
    let mut phrasings: BTreeMap<&str, usize> = BTreeMap::new();
    for phrasing in &snapshot.library.phrasings {
        *phrasings.entry(&phrasing.article).or_default() += 1;
    }
    let mut usual: Vec<(&str, usize)> = phrasings.into_iter().collect();
    usual.sort_by_key(|(slug, count)| (Reverse(*count), *slug));
    let usual =
        usual.into_iter().filter_map(|(slug, _)| Link::find(snapshot, slug, lang, Reader::Public));
    let mut popular: Vec<Link> = Vec::new();
    for link in needed.into_iter().chain(usual) {
        if popular.len() < POPULAR_MAX && !popular.contains(&link) && !rising.contains(&link) {
            popular.push(link);
        }
    }
    popular
}
