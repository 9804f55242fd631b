//! The help centre as files: every public page in each language, with links that work from a disk.
//!
//! In: a library. Out: the same files for the same library. The pages are those of the server, by the
//! same templates, without what needs one: search, forms, scripts, banners of the hour.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::exchange::archive::File;
use crate::kb::library::{Library, Reader};

use super::assets;
use super::language::PageLang;
use super::pages::templates::Templates;
use super::pages::{Draft, SectionLink, article, home};
use super::view::Link;

/// All files of the site; `index.html` is where to begin.
pub fn files(templates: &Templates, library: &Library) -> tera::TeraResult<Vec<File>> {
    let mut pages = vec![("index.html".to_owned(), index(templates, library)?)];
    for lang in PageLang::ALL {
        pages.push((path(lang, ""), home_page(templates, library, lang)?));
        sections(templates, library, lang, &mut pages)?;
        articles(templates, library, lang, &mut pages)?;
    }
    let assets: Vec<(String, String)> =
        assets::files().map(|(name, text)| (name, text.to_owned())).collect();
    let there: BTreeSet<String> =
        pages.iter().chain(&assets).map(|(name, _)| name.clone()).collect();
    let pages = pages.into_iter().map(|(name, html)| {
        let html = with_relative_links(&html, &name, &there);
        (name, html)
    });
    let file = |(name, text): (String, String)| File { name, bytes: text.into_bytes() };
    let mut files: Vec<File> = pages.chain(assets).map(file).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The file of a page: `en/`, `sections/fees` → `en/sections/fees.html`.
fn path(lang: PageLang, rest: &str) -> String {
    let rest = if rest.is_empty() { "index" } else { rest };
    format!("{}/{rest}.html", lang.path())
}

/// Whoever opens the folder gets the first language; the others are one press away.
fn index(templates: &Templates, library: &Library) -> tera::TeraResult<String> {
    home_page(templates, library, PageLang::En)
}

fn home_page(templates: &Templates, library: &Library, lang: PageLang) -> tera::TeraResult<String> {
    let none: [Link; 0] = [];
    let shelves = ("shelves", home::shelves(library, lang));
    let mut draft = Draft::new(lang, "", templates.string(lang, "site"));
    templates.string(lang, "site_description").clone_into(&mut draft.description);
    draft.offline(templates, "home.html", &[&shelves, &("popular", &none), &("rising", &none)])
}

type Pages = Vec<(String, String)>;

fn sections(
    templates: &Templates,
    library: &Library,
    lang: PageLang,
    pages: &mut Pages,
) -> tera::TeraResult<()> {
    let shelves = library.by_section(lang.article_lang(), Reader::Public);
    let links: Vec<SectionLink> = shelves.iter().map(|(s, _)| SectionLink::new(s, lang)).collect();
    for ((_, articles), section) in shelves.into_iter().zip(&links) {
        let articles: Vec<Link> = articles.into_iter().map(|a| Link::new(a, lang)).collect();
        let rest = format!("sections/{}", section.id);
        let mut draft = Draft::new(lang, rest.clone(), &section.title);
        draft.description.clone_from(&section.summary);
        let contents = (("section", section), ("articles", articles), ("sections", &links));
        let html =
            draft.offline(templates, "section.html", &[&contents.0, &contents.1, &contents.2])?;
        pages.push((path(lang, &rest), html));
    }
    Ok(())
}

fn articles(
    templates: &Templates,
    library: &Library,
    lang: PageLang,
    pages: &mut Pages,
) -> tera::TeraResult<()> {
    for id in library.visible(Reader::Public) {
        let Some(shown) = library.article(id, lang.article_lang(), Reader::Public) else {
            continue;
        };
        let view = article::view(library, shown, lang);
        let rest = format!("articles/{id}");
        let mut draft = Draft::new(lang, rest.clone(), &view.title);
        draft.description.clone_from(&view.summary);
        pages.push((
            path(lang, &rest),
            draft.offline(templates, "article.html", &[&("article", view)])?,
        ));
    }
    Ok(())
}

/// A page whose links lead to files of the site. What is no part of it (an article that the public
/// does not see) is the home page.
fn with_relative_links(html: &str, page: &str, there: &BTreeSet<String>) -> String {
    let up = "../".repeat(page.matches('/').count());
    let mut parts = html.split(" href=\"/");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (target, rest) = part.split_once('"').unwrap_or((part, ""));
        let (target, anchor) = match target.split_once('#') {
            Some((target, anchor)) => (target, format!("#{anchor}")),
            None => (target, String::new()),
        };
        let name = match target.strip_suffix('/') {
            Some(folder) => format!("{folder}/index.html"),
            None if target.contains('.') => target.to_owned(),
            None => format!("{target}.html"),
        };
        let home = target.split('/').next().unwrap_or_default();
        let (name, anchor) = if there.contains(&name) {
            (name, anchor)
        } else {
            (format!("{home}/index.html"), String::new())
        };
        // Writing to a string cannot fail.
        let _ = write!(out, " href=\"{up}{name}{anchor}\"{rest}");
    }
    out
}
