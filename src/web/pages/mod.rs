//! Pages for people, a file for each, rendered on the server and usable without JavaScript.
//!
//! A page's handler makes plain values and a [`Draft`] of the frame around them; [`Draft::show`]
//! joins both in the template of the same name.

use axum::http::header::{CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::kb::banners::Banner;
use crate::kb::library::Reader;
use crate::kb::sections::Section;
use crate::time::now;

use super::assets;
use super::error::Problem;
use super::language::{Alternate, PageLang};
use super::state::App;
use super::view::Link;

use templates::{Contents, Templates};

pub mod agent;
pub mod article;
pub mod contact;
pub mod error;
pub mod feedback;
pub mod home;
pub mod search;
pub mod section;
pub mod staff;
pub mod studio;
pub mod templates;
pub mod trends;
pub mod widget;

/// How many banners are shown at a time.
const BANNERS_MAX: usize = 2;
/// The media type of pages.
const HTML: &str = "text/html; charset=utf-8";

/// What a page says about itself before the frame is put around it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its language.
    pub lang: PageLang,
    /// Its path after the language, with its query if it has one.
    pub rest: String,
    /// Its title.
    pub title: String,
    /// What search engines show below the title.
    pub description: String,
    /// Whether search engines may list it.
    pub listed: bool,
    /// What stands in the search box.
    pub query: String,
    /// JSON-LD objects.
    pub structured: Vec<Value>,
    /// The path of its Markdown twin.
    pub markdown: Option<String>,
}

#[derive(Serialize)]
struct BannerView {
    kind: &'static str,
    text: String,
    article: Option<Link>,
}

/// The banners of this moment. An edit of the knowledge base shows at once.
fn banners(app: &App, lang: PageLang) -> Vec<BannerView> {
    let (snapshot, now) = (app.engine().snapshot(), now());
    let shown = snapshot.library.banners.iter().filter(|b| b.is_shown(now)).take(BANNERS_MAX);
    let view = |banner: &Banner| BannerView {
        kind: banner.kind.code(),
        text: lang.say(banner.text.get(lang.article_lang())).into_owned(),
        article: banner
            .article
            .as_ref()
            .and_then(|slug| Link::find(&snapshot, slug, lang, Reader::Public)),
    };
    shown.map(view).collect()
}

#[derive(Serialize)]
struct Frame<'a> {
    lang: &'static str,
    code: &'static str,
    tag: &'static str,
    title: &'a str,
    description: &'a str,
    canonical: String,
    root: &'a str,
    alternates: Vec<Alternate>,
    listed: bool,
    query: &'a str,
    structured: Option<String>,
    markdown: Option<&'a str>,
    converted: bool,
    banners: Vec<BannerView>,
    assets: &'static assets::Paths,
    /// No server stands behind it: no search, no forms, no addresses of its own.
    offline: bool,
}

impl Draft {
    /// A page at `/{lang}/{rest}`.
    pub fn new(lang: PageLang, rest: impl Into<String>, title: impl Into<String>) -> Draft {
        Draft {
            lang,
            rest: rest.into(),
            title: title.into(),
            description: String::new(),
            listed: true,
            query: String::new(),
            structured: Vec::new(),
            markdown: None,
        }
    }

    /// Keeps it out of search engines.
    #[must_use]
    pub fn unlisted(mut self) -> Draft {
        self.listed = false;
        self
    }

    /// Renders it.
    pub fn show(
        &self,
        app: &App,
        template: &str,
        contents: &[&dyn Contents],
    ) -> Result<Response, Problem> {
        let root = app.settings.public_url.as_str();
        let frame = Frame { banners: banners(app, self.lang), ..self.frame(root) };
        let html = self.render(&app.templates, frame, template, contents).map_err(|error| {
            tracing::error!("template `{template}`: {error}");
            Problem::internal()
        })?;
        Ok(([(CONTENT_TYPE, HTML)], html).into_response())
    }

    /// Renders it for a reader without a server.
    pub fn offline(
        &self,
        templates: &Templates,
        template: &str,
        contents: &[&dyn Contents],
    ) -> tera::TeraResult<String> {
        let frame = Frame { offline: true, listed: false, ..self.frame("") };
        self.render(templates, frame, template, contents)
    }

    fn frame<'a>(&'a self, root: &'a str) -> Frame<'a> {
        Frame {
            lang: self.lang.path(),
            code: self.lang.code(),
            tag: self.lang.tag(),
            title: &self.title,
            description: &self.description,
            canonical: format!("{root}/{}/{}", self.lang.path(), self.rest),
            root,
            alternates: self.lang.alternates(&self.rest),
            banners: Vec::new(),
            listed: self.listed,
            query: &self.query,
            structured: (!self.structured.is_empty()).then(|| json_ld(&self.structured)),
            markdown: self.markdown.as_deref(),
            converted: self.lang == PageLang::ZhHant,
            assets: &assets::PATHS,
            offline: false,
        }
    }

    fn render(
        &self,
        templates: &Templates,
        frame: Frame<'_>,
        template: &str,
        contents: &[&dyn Contents],
    ) -> tera::TeraResult<String> {
        let frame = ("page", frame);
        let mut all: Vec<&dyn Contents> = vec![&frame];
        all.extend(contents);
        templates.render(template, self.lang, &all)
    }
}

/// JSON-LD for a script element: `<` is escaped, so nothing in it can end the element.
fn json_ld(objects: &[Value]) -> String {
    let graph = json!({ "@context": "https://schema.org", "@graph": objects });
    graph.to_string().replace('<', "\\u003c")
}

/// The language of a page's path.
pub fn language(path: &str) -> Result<PageLang, Problem> {
    path.parse().map_err(|()| Problem::not_found())
}

/// A section's title and page.
#[derive(Debug, Clone, Serialize)]
pub struct SectionLink {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Its page.
    pub url: String,
}

impl SectionLink {
    /// A link to a section from a page in `lang`.
    pub fn new(section: &Section, lang: PageLang) -> SectionLink {
        let article_lang = lang.article_lang();
        SectionLink {
            id: section.id.clone(),
            title: lang.say(section.title.get(article_lang)).into_owned(),
            summary: lang.say(section.summary.get(article_lang)).into_owned(),
            url: format!("/{}/sections/{}", lang.path(), section.id),
        }
    }
}

/// `GET /`: to the home page in the language that the browser asks for.
pub async fn root(headers: axum::http::HeaderMap) -> Response {
    let wanted = headers.get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let lang = PageLang::negotiate(wanted);
    let vary = [(VARY, "accept-language")];
    (vary, Redirect::temporary(&format!("/{}/", lang.path()))).into_response()
}

/// `GET /{lang}`: to the home page.
pub async fn home_without_slash(
    axum::extract::Path(lang): axum::extract::Path<String>,
) -> Result<Redirect, Problem> {
    Ok(Redirect::permanent(&format!("/{}/", language(&lang)?.path())))
}
