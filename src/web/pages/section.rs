//! `/{lang}/sections/{id}`: every article of a section.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::kb::library::Reader;
use crate::web::error::Problem;
use crate::web::kept;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::{Draft, SectionLink, language};

/// `GET /{lang}/sections/{id}`
pub async fn get(
    State(app): State<Shared>,
    Path((lang, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        // Sections without a public article are not told from sections that do not exist.
        let shelves = snapshot.library.by_section(lang.article_lang(), Reader::Public);
        let links: Vec<SectionLink> =
            shelves.iter().map(|(section, _)| SectionLink::new(section, lang)).collect();
        let shelf = shelves.into_iter().find(|(section, _)| section.id == id);
        let (section, articles) = shelf.ok_or_else(Problem::not_found)?;
        let articles: Vec<Link> = articles.into_iter().map(|a| Link::new(a, lang)).collect();
        let section = SectionLink::new(section, lang);
        let mut draft = Draft::new(lang, format!("sections/{id}"), &section.title);
        draft.description.clone_from(&section.summary);
        let contents = (("section", section), ("articles", articles), ("sections", links));
        draft.show(app, "section.html", &[&contents.0, &contents.1, &contents.2]).map(kept::keep)
    })
    .await
}
