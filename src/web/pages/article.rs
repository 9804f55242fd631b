//! `/{lang}/articles/{slug}`: one article; with `.md` at the end, its Markdown twin.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::engine::Snapshot;
use crate::events::session::Step;
use crate::id::ArticleId;
use crate::kb::Article;
use crate::kb::front_matter::Kind;
use crate::kb::library::{Library, Reader};
use crate::kb::stale::{self, Grade};
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::headers::modified;
use crate::web::kept;
use crate::web::language::PageLang;
use crate::web::session;
use crate::web::state::{App, Shared};
use crate::web::view::{Link, article_path};

use super::{Draft, SectionLink, language};

/// From so many headings on, an article gets a table of contents.
const CONTENTS_FROM: usize = 4;

#[derive(Serialize)]
struct Heading {
    text: String,
    anchor: String,
}

/// An article as a page shows it.
#[derive(Serialize)]
pub(in crate::web) struct View {
    id: String,
    pub(in crate::web) title: String,
    pub(in crate::web) summary: String,
    html: String,
    /// The tag of the language shown, if it is not the page's.
    tag: Option<&'static str>,
    /// The name of that language.
    lang_name: &'static str,
    contents: Vec<Heading>,
    reviewed: String,
    related: Vec<Link>,
    section: Option<SectionLink>,
    /// The page in the language of the source, if this translation is majorly out of date.
    newer: Option<String>,
}

/// Where the reader comes from.
#[derive(Debug, Deserialize)]
pub struct ArticleParams {
    /// The session of the contact form that suggested it, where no script could tell.
    #[serde(default)]
    session: String,
}

/// `GET /{lang}/articles/{slug}`
pub async fn get(
    State(app): State<Shared>,
    Path((lang, name)): Path<(String, String)>,
    Params(params): Params<ArticleParams>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let twin_slug = name.strip_suffix(".md");
        let slug = twin_slug.unwrap_or(&name);
        let id: ArticleId = slug.parse().map_err(|_| Problem::not_found())?;
        let article = snapshot.library.article(&id, lang.article_lang(), Reader::Public);
        let article = article.ok_or_else(Problem::not_found)?;
        if let Ok(session) = params.session.parse() {
            session::record(engine, &session, vec![Step::Opened(article.id.clone())]);
            return page(app, &snapshot, article, lang);
        }
        if twin_slug.is_some() {
            let markdown = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
            let twin = (markdown, twin(article, lang)).into_response();
            return Ok(modified(twin, snapshot.public_changed));
        }
        let page = page(app, &snapshot, article, lang)?;
        Ok(kept::keep(modified(page, snapshot.public_changed)))
    })
    .await
}

fn page(
    app: &App,
    snapshot: &Snapshot,
    article: &Arc<Article>,
    lang: PageLang,
) -> Result<Response, Problem> {
    let view = view(&snapshot.library, article, lang);
    let mut draft = Draft::new(lang, format!("articles/{}", article.id), &view.title);
    draft.description.clone_from(&view.summary);
    draft.markdown = Some(format!("{}.md", article_path(lang, article.id.as_str())));
    draft.structured = structured(app, &view, article, lang);
    draft.show(app, "article.html", &[&("article", view)])
}

pub(in crate::web) fn view(library: &Library, article: &Article, lang: PageLang) -> View {
    let shown = lang.showing(article.lang);
    let link = Link::new(article, lang);
    let headings = article.body.headings.iter().filter(|h| h.level == 2).map(|h| Heading {
        text: shown.say(&h.text).into_owned(),
        anchor: shown.say(&h.anchor).into_owned(),
    });
    let mut contents: Vec<Heading> = headings.collect();
    if contents.len() < CONTENTS_FROM {
        contents.clear();
    }
    let related = article.meta.related.iter();
    let section = library.section(&article.section);
    View {
        id: link.article,
        title: link.title,
        summary: link.summary,
        html: html(article, lang),
        tag: link.tag,
        lang_name: shown.name(),
        contents,
        reviewed: article.meta.reviewed.to_string(),
        related: related
            .filter_map(|id| Link::find_in(library, id, lang, Reader::Public))
            .collect(),
        section: section.map(|s| SectionLink::new(s, lang)),
        newer: newer(library, article, lang),
    }
}

/// The body as it stands on a page in `lang`: links stay in the page's language, tables can scroll.
fn html(article: &Article, lang: PageLang) -> String {
    let own = format!("href=\"/{}/", article.lang);
    let html = lang.showing(article.lang).say(&article.body.html);
    html.replace(&own, &format!("href=\"/{}/", lang.path()))
        .replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>")
}

/// Where the up-to-date text is, if this is a translation whose source has changed in a way that
/// readers must know of.
fn newer(library: &Library, article: &Article, lang: PageLang) -> Option<String> {
    let accepted = library.translations.get(article.id.as_str())?;
    let source_lang = stale::source_lang(accepted);
    let source = library.pairs.get(&article.id)?.get(source_lang)?;
    let outdated = article.lang != source_lang
        && Reader::Public.may_read(source)
        && stale::grade(accepted, source) == Grade::Major;
    outdated.then(|| article_path(lang.showing(source_lang), article.id.as_str()))
}

fn structured(app: &App, view: &View, article: &Article, lang: PageLang) -> Vec<Value> {
    let root = &app.settings.public_url;
    let url = format!("{root}{}", article_path(lang, &view.id));
    let shown = lang.showing(article.lang).tag();
    let mut objects = vec![json!({
        "@type": "Article",
        "headline": view.title,
        "description": view.summary,
        "inLanguage": shown,
        "dateModified": view.reviewed,
        "mainEntityOfPage": url,
    })];
    let home = json!({
        "@type": "ListItem", "position": 1, "name": app.templates.string(lang, "home"),
        "item": format!("{root}/{}/", lang.path()),
    });
    if let Some(section) = &view.section {
        objects.push(json!({ "@type": "BreadcrumbList", "itemListElement": [home, {
            "@type": "ListItem", "position": 2, "name": section.title,
            "item": format!("{root}{}", section.url),
        }, { "@type": "ListItem", "position": 3, "name": view.title, "item": url }] }));
    }
    if article.meta.kind == Kind::Faq {
        objects.push(json!({ "@type": "FAQPage", "inLanguage": shown, "mainEntity": [{
            "@type": "Question", "name": view.title,
            "acceptedAnswer": { "@type": "Answer", "text": view.summary },
        }] }));
    }
    objects
}

/// The article as Markdown for programs that read.
fn twin(article: &Article, lang: PageLang) -> String {
    let shown = lang.showing(article.lang);
    let body = shown.say(&article.source);
    let mut parts = body.trim().split("](article:");
    let first = parts.next().unwrap_or_default().to_owned();
    let linked = parts.fold(first, |text, part| {
        let (slug, rest) = part.split_once(')').unwrap_or((part, ""));
        text + "](" + &article_path(lang, slug) + ".md)" + rest
    });
    let meta = &article.meta;
    let (title, summary) = (shown.say(&meta.title), shown.say(&meta.summary));
    format!("# {title}\n\n> {summary}\n\n{linked}\n\n---\n\n{}\n", meta.reviewed)
}
