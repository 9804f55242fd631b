//! The library → JSON as Zendesk's Help Center has it: categories, sections, articles with their
//! translations, bodies as HTML.
//!
//! Numbers are made of the ids, so that the same article has the same number in every export. An
//! internal article has a `user_segment_id`, a draft is one there too.

use serde_json::{Value, json};

use crate::id::ArticleId;
use crate::kb::Article;
use crate::kb::front_matter::{Audience, Status};
use crate::kb::library::{Library, Pair, Reader};
use crate::kb::markdown;
use crate::kb::sections::Section;
use crate::lang::Lang;

use super::archive::File;

/// The name of the one category in which all sections stand.
const CATEGORY: &str = "zhinan";
/// Whoever is signed in, as far as an export can say.
const STAFF_SEGMENT: &str = "staff";

/// The files of an export: for the public, published public articles alone; for staff, all that are
/// not archived.
pub fn files(library: &Library, reader: Reader) -> Vec<File> {
    let mut exported = Exported { library, reader, articles: Vec::new(), translations: Vec::new() };
    for (id, pair) in &library.pairs {
        exported.article(id, pair);
    }
    let with_articles = |section: &&Section| {
        let number = json!(number(&["section", &section.id]));
        exported.articles.iter().any(|article| article.get("section_id") == Some(&number))
    };
    let sections: Vec<&Section> = library.sections.iter().filter(with_articles).collect();
    let mut translations: Vec<Value> = Vec::new();
    for section in &sections {
        translations.extend(Lang::ALL.map(|lang| section_translation(section, lang)));
    }
    translations.append(&mut exported.translations);
    let sections: Vec<Value> =
        sections.iter().enumerate().map(|(at, section)| section_value(section, at)).collect();
    let category = json!({
        "id": number(&["category", CATEGORY]), "name": CATEGORY, "description": "",
        "locale": locale(Lang::En), "source_locale": locale(Lang::En), "position": 0,
    });
    vec![
        list("categories", &[category]),
        list("sections", &sections),
        list("articles", &exported.articles),
        list("translations", &translations),
    ]
}

struct Exported<'a> {
    library: &'a Library,
    reader: Reader,
    articles: Vec<Value>,
    translations: Vec<Value>,
}

impl Exported<'_> {
    fn article(&mut self, id: &ArticleId, pair: &Pair) {
        let shown: Vec<&Article> =
            pair.versions().map(|a| &**a).filter(|a| self.shows(a)).collect();
        let Some(source) = shown.first() else { return };
        let number = number(&["article", id.as_str()]);
        let day = |date| format!("{date}T00:00:00Z");
        let internal = source.meta.audience == Audience::Internal;
        self.articles.push(json!({
            "id": number,
            "html_url": format!("/hc/{}/articles/{number}-{id}", locale(source.lang)),
            "locale": locale(source.lang),
            "source_locale": locale(source.lang),
            "title": source.meta.title,
            "name": source.meta.title,
            "body": self.body(source),
            "section_id": self::number(&["section", &source.section]),
            "label_names": source.meta.tags,
            "draft": source.meta.status != Status::Published,
            "user_segment_id": internal.then(|| self::number(&["segment", STAFF_SEGMENT])),
            "position": 0,
            "promoted": false,
            "outdated": false,
            "created_at": day(source.meta.reviewed),
            "updated_at": day(source.meta.reviewed),
            "edited_at": day(source.meta.reviewed),
        }));
        for version in shown {
            let translation = json!({
                "id": self::number(&["translation", id.as_str(), version.lang.code()]),
                "source_id": number,
                "source_type": "Article",
                "locale": locale(version.lang),
                "title": version.meta.title,
                "body": self.body(version),
                "draft": version.meta.status != Status::Published,
                "outdated": false,
                "updated_at": day(version.meta.reviewed),
            });
            self.translations.push(translation);
        }
    }

    fn shows(&self, article: &Article) -> bool {
        match self.reader {
            Reader::Public => article.is_public(),
            Reader::Staff => article.meta.status != Status::Archived,
        }
    }

    /// The summary as the first paragraph, then the body. Links lead to articles as they are numbered
    /// here; what is not in the export is not linked.
    fn body(&self, article: &Article) -> String {
        let url = |slug: &str| {
            let id = slug.parse::<ArticleId>().ok();
            let pair = id.and_then(|id| self.library.pairs.get(&id));
            let is_there = pair.is_some_and(|pair| pair.versions().any(|a| self.shows(a)));
            let there = number(&["article", slug]);
            if is_there {
                format!("/hc/{}/articles/{there}-{slug}", locale(article.lang))
            } else {
                String::new()
            }
        };
        let body = markdown::render(&article.source, url).html.replace("<a href=\"\"", "<a");
        let escaped = markdown::render(&plain(&article.meta.summary), |_| String::new()).html;
        format!("{escaped}{body}")
    }
}

/// A line of text as Markdown that shows it as it is.
fn plain(text: &str) -> String {
    let escape = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    text.chars().map(escape).collect()
}

fn section_value(section: &Section, position: usize) -> Value {
    json!({
        "id": number(&["section", &section.id]),
        "category_id": number(&["category", CATEGORY]),
        "name": section.title.en,
        "description": section.summary.en,
        "locale": locale(Lang::En),
        "source_locale": locale(Lang::En),
        "position": position,
    })
}

fn section_translation(section: &Section, lang: Lang) -> Value {
    json!({
        "id": number(&["section-translation", &section.id, lang.code()]),
        "source_id": number(&["section", &section.id]),
        "source_type": "Section",
        "locale": locale(lang),
        "title": section.title.get(lang),
        "body": section.summary.get(lang),
        "draft": false,
    })
}

fn locale(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en-us",
        Lang::Zh => "zh-cn",
    }
}

/// A number for a thing: always the same, and small enough for programs that count in floats.
fn number(thing: &[&str]) -> u64 {
    let hash = blake3::hash(thing.join("\n").as_bytes());
    let bytes = hash.as_bytes().iter().take(6);
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A file as the API would return it on one page.
fn list(name: &str, items: &[Value]) -> File {
    let count = items.len();
    let document = json!({
        name: items, "count": count, "page": 1, "page_count": 1, "next_page": null,
        "previous_page": null,
    });
    let mut text = format!("{document:#}");
    text.push('\n');
    File { name: format!("{name}.json"), bytes: text.into_bytes() }
}
