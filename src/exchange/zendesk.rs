//! Zendesk Help Center's JSON → proposals.
//!
//! In: documents as its API returns them (`articles.json`, `sections.json`, `translations.json`, in
//! pages or joined, articles also with their translations inside). Out: an article for each of theirs
//! in the languages that we have, its HTML as Markdown, links between articles kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::id::ArticleId;
use crate::kb::Diagnostic;
use crate::kb::front_matter::Audience;
use crate::kb::sections::{Bilingual, Section};
use crate::lang::Lang;

use super::archive::File;
use super::html;
use super::proposal::{Parts, Place, Proposal, ProposedSection, Text, Version};
use super::slug::{Slugs, slug};
use super::{Read, locale, simplified};

/// A document: whatever lists stand in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Document {
    articles: Vec<Article>,
    article: Option<Article>,
    sections: Vec<Described>,
    categories: Vec<serde::de::IgnoredAny>,
    translations: Vec<Translation>,
}

#[derive(Debug, Deserialize)]
struct Article {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    source_locale: Option<String>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default, deserialize_with = "some_id")]
    section_id: Option<String>,
    #[serde(default)]
    label_names: Vec<String>,
    /// Whoever may read it; null for everybody.
    #[serde(default, deserialize_with = "some_id")]
    user_segment_id: Option<String>,
    #[serde(default)]
    edited_at: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    translations: Vec<Translation>,
}

#[derive(Debug, Deserialize)]
struct Described {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    source_locale: Option<String>,
    #[serde(default)]
    translations: Vec<Translation>,
}

#[derive(Debug, Deserialize)]
struct Translation {
    #[serde(default, deserialize_with = "some_id")]
    source_id: Option<String>,
    #[serde(default)]
    source_type: Option<String>,
    locale: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    draft: bool,
}

/// Numbers in the API, texts in some exports.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    some_id(deserializer)?.ok_or_else(|| serde::de::Error::custom("an id that is null"))
}

fn some_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(u64),
        Text(String),
    }
    let id = Option::<Id>::deserialize(deserializer)?;
    Ok(id.map(|id| match id {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
    }))
}

impl Article {
    fn locale(&self) -> Option<&str> {
        self.locale.as_deref().or(self.source_locale.as_deref())
    }
}

/// An article with the file that it stands in.
struct Found {
    file: String,
    article: Article,
}

pub(super) fn read(files: &[&File], slugs: &mut Slugs, read: &mut Read) {
    let (mut articles, mut sections) = (Vec::new(), Vec::new());
    let mut translations: BTreeMap<(String, String), Vec<Translation>> = BTreeMap::new();
    for file in files {
        let Some(document) = document(file, read) else { continue };
        let own = document.articles.into_iter().chain(document.article);
        articles.extend(own.map(|article| Found { file: file.name.clone(), article }));
        sections.extend(document.sections);
        for translation in document.translations {
            let Some(source) = translation.source_id.clone() else { continue };
            let kind = translation.source_type.clone().unwrap_or_else(|| "Article".to_owned());
            translations.entry((kind, source)).or_default().push(translation);
        }
    }
    let names = section_names(sections, &mut translations, read);
    let mut ids: BTreeMap<String, ArticleId> = BTreeMap::new();
    for Found { file, article } in &mut articles {
        let key = ("Article".to_owned(), article.id.clone());
        article.translations.extend(translations.remove(&key).unwrap_or_default());
        if ids.contains_key(&article.id) {
            let message = format!("article {} stands twice in the import", shown(&article.id));
            let help = "leave one of them out; for several locales, export translations";
            read.problems.push(Diagnostic::error(&*file, 0, message, help));
        } else {
            ids.insert(article.id.clone(), slugs.make(&name(article)));
        }
    }
    for found in articles {
        proposal(&found, &ids, &names, read);
    }
}

fn document(file: &File, read: &mut Read) -> Option<Document> {
    let text = super::text(file, read)?;
    let parsed = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map(|articles| Document { articles, ..Document::default() })
    } else {
        serde_json::from_str::<Document>(text)
    };
    match parsed {
        Ok(document) => {
            let empty = document.articles.is_empty()
                && document.article.is_none()
                && document.sections.is_empty()
                && document.categories.is_empty()
                && document.translations.is_empty();
            if empty {
                let why = "it holds no articles, sections or translations as Zendesk names them";
                read.left_out.push((file.name.clone(), why.to_owned()));
            }
            Some(document)
        }
        Err(error) => {
            // The reason may quote the file; where and what kind is enough.
            let (message, help) = if error.is_data() {
                (
                    "this is not as Zendesk's API returns it",
                    "export it anew; an article has an id, a locale, a title and a body",
                )
            } else {
                ("the JSON cannot be read, or ends too soon", "export it anew")
            };
            read.problems.push(Diagnostic::error(&file.name, error.line(), message, help));
            None
        }
    }
}

/// What an article's address or title calls it.
fn name(article: &Article) -> String {
    // …/hc/en-us/articles/360001234-How-to-do-it
    let tail = article.html_url.as_deref().and_then(|url| url.split("/articles/").nth(1));
    let tail = tail.and_then(|tail| tail.split(['?', '#']).next());
    let own = tail.map(|tail| tail.trim_start_matches(|c: char| c.is_ascii_digit()));
    let own = own.filter(|own| own.bytes().any(|b| b.is_ascii_alphabetic()) && !own.contains('%'));
    if let Some(own) = own {
        return own.to_owned();
    }
    let texts = article.translations.iter().map(|t| (Some(&*t.locale), t.title.as_deref()));
    let texts = std::iter::once((article.locale(), article.title.as_deref())).chain(texts);
    let mut titles: Vec<(Lang, &str)> =
        texts.filter_map(|(code, title)| Some((locale(code?)?.0, title?))).collect();
    titles.sort_by_key(|(lang, _)| *lang);
    titles.first().map(|(_, title)| (*title).to_owned()).unwrap_or_default()
}

/// The sections by their ids, and what proposals call them.
fn section_names(
    sections: Vec<Described>,
    translations: &mut BTreeMap<(String, String), Vec<Translation>>,
    read: &mut Read,
) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, BTreeMap<Lang, (String, String)>> = BTreeMap::new();
    for section in sections {
        let own = section
            .locale
            .or(section.source_locale)
            .as_deref()
            .and_then(locale)
            .map_or(Lang::En, |(lang, _)| lang);
        let entry = known.entry(section.id.clone()).or_default();
        if let Some(name) = section.name {
            entry.insert(own, (name, section.description.unwrap_or_default()));
        }
        let key = ("Section".to_owned(), section.id);
        let others = section.translations.into_iter();
        for other in others.chain(translations.remove(&key).unwrap_or_default()) {
            if let (Some((lang, traditional)), Some(title)) = (locale(&other.locale), other.title) {
                let body = simplified(other.body.unwrap_or_default(), traditional);
                entry.entry(lang).or_insert((simplified(title, traditional), body));
            }
        }
    }
    let mut names = BTreeMap::new();
    for (id, texts) in known {
        let Some((name, _)) = texts.values().next() else { continue };
        let of =
            |lang: Lang| texts.get(&lang).unwrap_or_else(|| texts.values().next().unwrap_or(EMPTY));
        let both = |pick: &dyn Fn(&(String, String)) -> &String| Bilingual {
            en: pick(of(Lang::En)).clone(),
            zh: pick(of(Lang::Zh)).clone(),
        };
        let section = Section {
            id: slug(name),
            title: both(&|t| &t.0),
            summary: both(&|t| &t.1),
            urgent: false,
            approval: false,
        };
        let called = vec![section.title.en.clone(), section.title.zh.clone()];
        read.sections.push(ProposedSection { section, names: called });
        names.insert(id, name.clone());
    }
    names
}

static EMPTY: &(String, String) = &(String::new(), String::new());

fn proposal(
    found: &Found,
    ids: &BTreeMap<String, ArticleId>,
    names: &BTreeMap<String, String>,
    read: &mut Read,
) {
    let Found { file, article } = found;
    let Some(id) = ids.get(&article.id) else { return };
    let place = format!("{file}: article {}", shown(&article.id));
    let mut versions: BTreeMap<Lang, Version> = BTreeMap::new();
    let mut taken: BTreeMap<Lang, bool> = BTreeMap::new();
    let own = (article.locale(), &article.title, &article.body, article.draft);
    let others =
        article.translations.iter().map(|t| (Some(&*t.locale), &t.title, &t.body, t.draft));
    for (code, title, body, draft) in std::iter::once(own).chain(others) {
        let Some(title) = title.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
            continue;
        };
        let code = code.unwrap_or("en-us");
        let Some((lang, traditional)) = locale(code) else {
            let why = format!("`{}` is no language of our articles", shown(code));
            read.left_out.push((place.clone(), why));
            continue;
        };
        // Simplified text is better than text converted to it.
        if taken.get(&lang).is_some_and(|was_traditional| !was_traditional || traditional) {
            continue;
        }
        taken.insert(lang, traditional);
        let body = match html::to_markdown(body.as_deref().unwrap_or_default(), &|href| {
            link(href, ids)
        }) {
            Ok(body) => simplified(body, traditional),
            Err(error) => {
                read.problems.push(Diagnostic::error(&place, 0, error.to_string(), "shorten it"));
                continue;
            }
        };
        let reviewed = article.edited_at.as_ref().or(article.updated_at.as_ref());
        let parts = Parts {
            title: simplified(title.to_owned(), traditional),
            body,
            tags: Some(article.label_names.clone()),
            audience: Some(match article.user_segment_id {
                None => Audience::Public,
                Some(_) => Audience::Internal,
            }),
            published: Some(!draft && !article.draft),
            reviewed: reviewed.and_then(|at| at.get(..10)?.parse().ok()),
            ..Parts::default()
        };
        let place = Place { file: place.clone(), line: 0, body_line: None };
        versions.insert(lang, Version { place, text: Text::Parts(Box::new(parts)) });
    }
    if versions.is_empty() {
        read.left_out.push((place, "it has no text in English or Chinese".to_owned()));
        return;
    }
    let section = article.section_id.as_ref().and_then(|id| names.get(id)).cloned();
    read.proposals.push(Proposal { id: id.clone(), section, versions });
}

/// Where a link of theirs leads: to the article that it is here, or where it says.
fn link(href: &str, ids: &BTreeMap<String, ArticleId>) -> Option<String> {
    if let Some(tail) = href.split("/articles/").nth(1) {
        let number: String = tail.chars().take_while(char::is_ascii_digit).collect();
        if let Some(id) = ids.get(&number) {
            return Some(format!("article:{id}"));
        }
    }
    let leads = ["https://", "http://", "mailto:", "#", "article:"];
    leads.iter().any(|start| href.starts_with(start)).then(|| href.to_owned())
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}
