//! Pages for staff: the frame around them, signing in, one's own account, who has access, the audit
//! log. The console itself is in [`crate::web::pages::agent`].
//!
//! A staff page is one address for all languages; `?lang=` chooses one and a cookie keeps it. Its
//! template extends `staff/frame.html` and finds the frame's values under `page`.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::people::{Person, Role};
use crate::time::Timestamp;
use crate::web::assets;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::language::PageLang;
use crate::web::pages::error::Page;
use crate::web::pages::templates::Contents;
use crate::web::state::App;

use super::HTML;

pub mod account;
pub mod audit;
pub mod password;
pub mod people;
pub mod sign_in;

/// The pages in the navigation: path, key of the label, the least role that sees it.
const PLACES: &[(&str, &str, Role)] = &[
    ("/agent", "staff_queue", Role::Agent),
    ("/trends", "staff_trends", Role::Agent),
    ("/studio", "staff_studio", Role::Editor),
    ("/agent/learned", "staff_learned", Role::Lead),
    ("/people", "staff_people", Role::Lead),
    ("/audit", "staff_audit", Role::Lead),
];

#[derive(Serialize)]
struct Place {
    path: &'static str,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct Switch {
    tag: &'static str,
    name: &'static str,
    path: String,
    current: bool,
}

#[derive(Serialize)]
struct Frame {
    lang: &'static str,
    tag: &'static str,
    title: String,
    places: Vec<Place>,
    languages: Vec<Switch>,
    person: Option<Shown>,
    assets: &'static assets::Paths,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    display: String,
    role: &'static str,
}

impl Shown {
    fn new(person: &Person) -> Shown {
        let (name, display) = (person.name.clone(), person.display.clone());
        Shown { name, display, role: person.role.code() }
    }
}

/// A page for somebody who is signed in. `title` is the key of an interface string.
pub fn show(
    app: &App,
    staff: &Staff,
    title: &str,
    template: &str,
    contents: &[&dyn Contents],
) -> Result<Response, Problem> {
    let places = PLACES.iter().filter(|(.., least)| *least <= staff.person.role);
    let path = staff.here.split('?').next().unwrap_or_default();
    // The longest path that leads here is where we are.
    let under = |place: &str| path == place || path.starts_with(&format!("{place}/"));
    let current =
        PLACES.iter().filter(|(p, ..)| under(p)).map(|(p, ..)| *p).max_by_key(|p| p.len());
    let places = places.map(|&(path, key, _)| Place {
        path,
        label: app.templates.string(staff.lang, key).to_owned(),
        current: current == Some(path),
    });
    let frame = Frame {
        places: places.collect(),
        person: Some(Shown::new(&staff.person)),
        ..frame(app, staff.lang, title, &staff.here)
    };
    render(app, staff.lang, frame, template, contents)
}

/// A page for somebody who is not signed in yet; `here` is its path and query.
pub fn show_outside(
    app: &App,
    lang: PageLang,
    here: &str,
    (title, template): (&str, &str),
    contents: &[&dyn Contents],
) -> Result<Response, Problem> {
    render(app, lang, frame(app, lang, title, here), template, contents)
}

fn frame(app: &App, lang: PageLang, title: &str, here: &str) -> Frame {
    let switch = |other: PageLang| Switch {
        tag: other.tag(),
        name: other.name(),
        path: in_language(here, other),
        current: other == lang,
    };
    Frame {
        lang: lang.path(),
        tag: lang.tag(),
        title: app.templates.string(lang, title).to_owned(),
        places: Vec::new(),
        languages: PageLang::ALL.into_iter().map(switch).collect(),
        person: None,
        assets: &assets::PATHS,
    }
}

fn render(
    app: &App,
    lang: PageLang,
    frame: Frame,
    template: &str,
    contents: &[&dyn Contents],
) -> Result<Response, Problem> {
    let frame = ("page", frame);
    let mut all: Vec<&dyn Contents> = vec![&frame];
    all.extend(contents);
    let html = app.templates.render(template, lang, &all).map_err(|error| {
        tracing::error!("template `{template}`: {error}");
        Problem::internal()
    })?;
    let no_store = HeaderValue::from_static("no-store");
    let mut response = ([(CONTENT_TYPE, HTML)], html).into_response();
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}

/// The same address in another language.
fn in_language(here: &str, lang: PageLang) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("lang="));
    let chosen = format!("lang={}", lang.path());
    let query: Vec<&str> = kept.chain([chosen.as_str()]).collect();
    format!("{path}?{}", query.join("&"))
}

/// Gives a page an error's status.
pub fn with_status(mut response: Response, status: axum::http::StatusCode) -> Response {
    *response.status_mut() = status;
    response.extensions_mut().insert(Page);
    response
}

/// A moment as pages show it: to the minute, in UTC.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_keeps_the_rest_of_the_address() {
        assert_eq!(in_language("/agent", PageLang::Zh), "/agent?lang=zh");
        assert_eq!(in_language("/a?x=1&lang=en&y=2", PageLang::ZhHant), "/a?x=1&y=2&lang=zh-hant");
    }
}
