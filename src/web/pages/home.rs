//! `/{lang}/`: search first, then every section with its articles.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use crate::kb::library::Reader;
use crate::time::now;
use crate::web::api::trends;
use crate::web::error::Problem;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::{Draft, SectionLink, language};

/// Articles shown below a section's name; the rest are on the section's page.
const ARTICLES_PER_SECTION: usize = 4;
/// Articles under "asked most this week".
const NEEDED_MAX: usize = 5;

#[derive(Serialize)]
struct Shelf {
    section: SectionLink,
    articles: Vec<Link>,
    count: usize,
}

/// `GET /{lang}/`
pub async fn get(State(app): State<Shared>, Path(lang): Path<String>) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let shelf = |(section, articles): (&_, Vec<&std::sync::Arc<_>>)| Shelf {
            section: SectionLink::new(section, lang),
            count: articles.len(),
            articles: articles
                .into_iter()
                .take(ARTICLES_PER_SECTION)
                .map(|article| Link::new(article, lang))
                .collect(),
        };
        let shelves = snapshot.library.by_section(lang.article_lang(), Reader::Public);
        let shelves: Vec<Shelf> = shelves.into_iter().map(shelf).collect();
        let counts = app.recent.counts(engine, now())?;
        let mut needed = trends::needed(&snapshot, &counts, lang);
        needed.truncate(NEEDED_MAX);
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
        draft.show(app, "home.html", &[&("shelves", shelves), &("needed", needed)])
    })
    .await
}
