//! For crawlers, feed readers, browsers and language models: what the help centre holds and where.
//! Public articles only.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::engine::Snapshot;
use crate::kb::library::Reader;
use crate::lang::Lang;

use super::error::Problem;
use super::headers::modified;
use super::language::{Alternate, PageLang};
use super::pages::{SectionLink, language};
use super::state::{App, Shared};
use super::view::{Link, article_path};

/// How many articles the feed of changes holds.
const ENTRIES_MAX: usize = 30;

#[derive(Serialize)]
struct SitemapUrl {
    path: String,
    alternates: Vec<Alternate>,
    modified: Option<String>,
}

/// `GET /sitemap.xml`
pub async fn sitemap(State(app): State<Shared>) -> Result<Response, Problem> {
    app.blocking(|app: &App, engine| {
        let snapshot = engine.snapshot();
        let urls = sitemap_urls(&snapshot);
        let root = &app.settings.public_url;
        let sitemap = render(
            app,
            "sitemap.xml",
            PageLang::En,
            "application/xml",
            &[&("urls", urls), &("root", root)],
        )?;
        Ok(modified(sitemap, snapshot.public_changed))
    })
    .await
}

fn sitemap_urls(snapshot: &Snapshot) -> Vec<SitemapUrl> {
    let library = &snapshot.library;
    let mut pages: Vec<(String, Option<String>)> = vec![(String::new(), None)];
    for (section, _) in library.by_section(Lang::En, Reader::Public) {
        pages.push((format!("sections/{}", section.id), None));
    }
    for id in library.visible(Reader::Public) {
        let article = library.article(id, Lang::En, Reader::Public);
        pages.push((format!("articles/{id}"), article.map(|a| a.meta.reviewed.to_string())));
    }
    let mut urls = Vec::new();
    for (rest, modified) in pages {
        for lang in PageLang::ALL {
            urls.push(SitemapUrl {
                path: format!("/{}/{rest}", lang.path()),
                alternates: lang.alternates(&rest),
                modified: modified.clone(),
            });
        }
    }
    urls
}

#[derive(Serialize)]
struct Entry {
    link: Link,
    reviewed: String,
}

/// `GET /{lang}/atom.xml`: the articles reviewed last.
pub async fn atom(
    State(app): State<Shared>,
    Path(lang): Path<String>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let library = &snapshot.library;
        let mut articles: Vec<_> = library
            .visible(Reader::Public)
            .filter_map(|id| library.article(id, lang.article_lang(), Reader::Public))
            .collect();
        articles.sort_by(|a, b| (b.meta.reviewed, &a.id).cmp(&(a.meta.reviewed, &b.id)));
        let entry = |article: &&std::sync::Arc<crate::kb::Article>| Entry {
            link: Link::new(article, lang),
            reviewed: article.meta.reviewed.to_string(),
        };
        let entries: Vec<Entry> = articles.iter().take(ENTRIES_MAX).map(entry).collect();
        let root = &app.settings.public_url;
        let feed = render(
            app,
            "atom.xml",
            lang,
            "application/atom+xml",
            &[&("entries", entries), &("root", root), &("lang", lang.path()), &("tag", lang.tag())],
        )?;
        Ok(modified(feed, snapshot.public_changed))
    })
    .await
}

/// `GET /{lang}/opensearch.xml`: how browsers search here.
pub async fn opensearch(
    State(app): State<Shared>,
    Path(lang): Path<String>,
) -> Result<Response, Problem> {
    let lang = language(&lang)?;
    let root = &app.settings.public_url;
    let media_type = "application/opensearchdescription+xml";
    render(
        &app,
        "opensearch.xml",
        lang,
        media_type,
        &[
            &("root", root),
            &("lang", lang.path()),
            &("tag", lang.tag()),
            &("assets", &*super::assets::PATHS),
        ],
    )
}

/// `GET /robots.txt`
pub async fn robots(State(app): State<Shared>) -> Response {
    let root = &app.settings.public_url;
    // Search pages are endless and hold nothing of their own.
    let hidden = PageLang::ALL.map(|lang| format!("Disallow: /{}/search\n", lang.path())).concat();
    let text = format!("User-agent: *\n{hidden}Disallow: /api/\n\nSitemap: {root}/sitemap.xml\n");
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// `GET /llms.txt`: the help centre at a glance, with links to Markdown.
pub async fn llms(State(app): State<Shared>) -> Result<Response, Problem> {
    app.blocking(|app: &App, engine| {
        let snapshot = engine.snapshot();
        let root = &app.settings.public_url;
        let string = |lang, key| app.templates.string(lang, key).to_owned();
        let mut lines = vec![
            format!("# {}\n", string(PageLang::En, "site")),
            format!("> {}", string(PageLang::En, "site_description")),
        ];
        for lang in [PageLang::En, PageLang::Zh] {
            let shelves = snapshot.library.by_section(lang.article_lang(), Reader::Public);
            for (section, articles) in shelves {
                lines.push(format!("\n## {}\n", SectionLink::new(section, lang).title));
                lines.extend(articles.into_iter().map(|article| {
                    let Link { article: slug, title, summary, .. } = Link::new(article, lang);
                    let path = article_path(lang, &slug);
                    format!("- [{title}]({root}{path}.md): {summary}")
                }));
            }
        }
        let text = lines.join("\n") + "\n";
        let text = ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
        Ok(modified(text, snapshot.public_changed))
    })
    .await
}

fn render(
    app: &App,
    template: &str,
    lang: PageLang,
    media_type: &str,
    contents: &[&dyn super::pages::templates::Contents],
) -> Result<Response, Problem> {
    let xml = app.templates.render(template, lang, contents).map_err(|error| {
        tracing::error!("template `{template}`: {error}");
        Problem::internal()
    })?;
    let media_type = format!("{media_type}; charset=utf-8");
    Ok(([(CONTENT_TYPE, media_type)], xml).into_response())
}
