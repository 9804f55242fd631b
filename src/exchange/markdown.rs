//! Folders of Markdown → proposals: our own layout (`section/slug/en.md`) as it is, and other
//! people's (`guide/how-to.zh.md`, `en/guide/how-to.md`, plain files) as far as names and front
//! matter say what is what.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kb::Diagnostic;
use crate::kb::front_matter;
use crate::kb::sections;
use crate::lang::Lang;

use super::archive::File;
use super::proposal::{Parts, Place, Proposal, ProposedSection, Text, Version};
use super::slug::Slugs;
use super::{Read, language_of, locale, simplified, text};

/// Keys that only our own front matter has: a file with one of them is read strictly.
const OURS: [&str; 3] = ["audience:", "confidence:", "review_by:"];

/// What the name of a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// The same for all languages of one article.
    key: String,
    /// The name of the article.
    stem: String,
    section: Option<String>,
    lang: Option<(Lang, bool)>,
}

/// Reads all Markdown files, and the list of sections if there is one.
pub(super) fn read(files: &[File], slugs: &mut Slugs, read: &mut Read) {
    let mut groups: BTreeMap<String, Vec<(Named, &File)>> = BTreeMap::new();
    for file in files {
        let last = file.name.rsplit('/').next().unwrap_or_default().to_lowercase();
        if last == "sections.toml" {
            sections_file(file, read);
        }
        let stem = last.strip_suffix(".md").or_else(|| last.strip_suffix(".markdown"));
        let Some(stem) = stem else { continue };
        if ["readme", "changelog", "license", "summary"]
            .iter()
            .any(|known| stem.split('.').next() == Some(known))
        {
            read.left_out.push((file.name.clone(), "it is about the files and no article".into()));
            continue;
        }
        let named = named(&file.name);
        groups.entry(named.key.clone()).or_default().push((named, file));
    }
    for group in groups.into_values() {
        article(&group, slugs, read);
    }
}

fn sections_file(file: &File, read: &mut Read) {
    let Some(text) = text(file, read) else { return };
    match sections::parse(text) {
        Ok(sections) => read.sections.extend(sections.into_iter().map(|section| {
            let names =
                vec![section.id.clone(), section.title.en.clone(), section.title.zh.clone()];
            ProposedSection { section, names }
        })),
        Err(error) => {
            let before = error.span().and_then(|s| text.get(..s.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let help = "correct the file, or leave it out";
            read.problems.push(Diagnostic::error(&file.name, line, error.message(), help));
        }
    }
}

fn named(name: &str) -> Named {
    let mut parts: Vec<&str> = name.split('/').collect();
    let last = parts.pop().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    // section/slug/en.md
    if let Some(lang) = locale(stem) {
        let stem = parts.last().copied().unwrap_or_default().to_owned();
        let section = parts.iter().rev().nth(1).map(|s| (*s).to_owned());
        return Named { key: format!("{}/", parts.join("/")), stem, section, lang: Some(lang) };
    }
    // guide/how-to.zh.md, guide/how-to_zh.md
    let suffixed = stem.rsplit_once(['.', '_']).and_then(|(s, code)| Some((s, locale(code)?)));
    let (stem, mut lang) = suffixed.map_or((stem, None), |(stem, lang)| (stem, Some(lang)));
    // en/guide/how-to.md
    if let Some(at) = parts.iter().position(|part| locale(part).is_some()) {
        let folder = parts.remove(at);
        lang = lang.or_else(|| locale(folder));
    }
    let section = parts.last().map(|s| (*s).to_owned());
    parts.push(stem);
    Named { key: parts.join("/"), stem: stem.to_owned(), section, lang }
}

/// One article in the languages in which it is there.
fn article(group: &[(Named, &File)], slugs: &mut Slugs, read: &mut Read) {
    let Some((first, file)) = group.first() else { return };
    let mut versions: BTreeMap<Lang, Version> = BTreeMap::new();
    let (mut section, mut name) = (first.section.clone(), first.stem.clone());
    for (named, file) in group {
        let Some(text) = text(file, read) else { continue };
        let found = match version(named, &file.name, text) {
            Ok(found) => found,
            Err(problem) => {
                read.problems.push(problem);
                continue;
            }
        };
        section = found.section.or(section);
        name = found.slug.unwrap_or(name);
        let place = found.version.place.file.clone();
        if let Some(twin) = versions.insert(found.lang, found.version) {
            let message = format!("it and `{}` are one article in one language", twin.place.file);
            let help = "rename one of them, or leave it out";
            read.problems.push(Diagnostic::error(place, 0, message, help));
        }
    }
    if versions.is_empty() {
        return;
    }
    let (id, twice) = if name.is_empty() { slugs.claim("article") } else { slugs.claim(&name) };
    if twice {
        let message = format!("the id `{id}` stands twice in the import");
        read.problems.push(Diagnostic::error(&file.name, 0, message, "rename one of the two"));
    }
    read.proposals.push(Proposal { id, section, versions });
}

struct Found {
    lang: Lang,
    section: Option<String>,
    slug: Option<String>,
    version: Version,
}

fn version(named: &Named, file: &str, text: &str) -> Result<Found, Diagnostic> {
    let at_line =
        |(line, message, help): front_matter::Problem| Diagnostic::error(file, line, message, help);
    let has_front_matter = text.starts_with("---\n") || text.starts_with("---\r\n");
    let (yaml, body, body_line) = if has_front_matter {
        let split = front_matter::split(text).map_err(at_line)?;
        (split.yaml, split.body, split.body_line)
    } else {
        ("", text, 1)
    };
    let place = |body_line| Place { file: file.to_owned(), line: 0, body_line };
    let is_ours = yaml.lines().any(|line| OURS.iter().any(|key| line.starts_with(key)));
    if is_ours {
        let lang = named.lang.map_or_else(|| language_of(body), |(lang, _)| lang);
        let version = Version { place: place(None), text: Text::File(text.to_owned()) };
        return Ok(Found { lang, section: None, slug: None, version });
    }
    let meta = Meta::read(yaml).map_err(at_line)?;
    let (lang, traditional) = named
        .lang
        .or_else(|| meta.one(&["lang", "language", "locale"]).as_deref().and_then(locale))
        .unwrap_or_else(|| (language_of(text), false));
    let (heading, body, skipped) = heading(body);
    let title = meta.one(&["title"]).or(heading);
    let title = title.unwrap_or_else(|| named.stem.replace(['-', '_'], " "));
    let clean = |text: String| simplified(text, traditional);
    let parts = Parts {
        title: clean(title),
        body: clean(body.trim().to_owned()),
        summary: meta.one(&["summary", "description", "excerpt"]).map(clean),
        questions: meta.many(&["questions"]),
        tags: meta.many(&["tags", "labels", "keywords"]),
        published: meta.flag("draft").map(|draft| !draft),
        ..Parts::default()
    };
    // The body loses its leading blank lines.
    let blank = body.len() - body.trim_start().len();
    let blank = body.get(..blank).unwrap_or_default().matches('\n').count();
    let version = Version {
        place: place(Some(body_line + skipped + blank)),
        text: Text::Parts(Box::new(parts)),
    };
    let section = meta.one(&["section", "category"]);
    Ok(Found { lang, section, slug: meta.one(&["slug"]), version })
}

/// The heading that a body begins with, the rest, and how many lines went.
fn heading(body: &str) -> (Option<String>, &str, usize) {
    let trimmed = body.trim_start();
    let Some(rest) = trimmed.strip_prefix("# ") else { return (None, body, 0) };
    let (title, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let skipped = body.len() - trimmed.len();
    let skipped = body.get(..skipped).unwrap_or_default().matches('\n').count() + 1;
    (Some(title.trim().trim_end_matches('#').trim().to_owned()), rest, skipped)
}

/// Front matter of others: what we know of it.
struct Meta(Value);

impl Meta {
    fn read(yaml: &str) -> Result<Meta, front_matter::Problem> {
        if yaml.trim().is_empty() {
            return Ok(Meta(Value::Null));
        }
        serde_saphyr::from_str::<Value>(yaml).map(Meta).map_err(|error| {
            let line = error.location().map_or(1, |l| usize::try_from(l.line()).unwrap_or(0) + 1);
            let help = "correct the front matter, or take it out".to_owned();
            (line, "the front matter is no YAML".to_owned(), help)
        })
    }

    fn one(&self, keys: &[&str]) -> Option<String> {
        let found = keys.iter().find_map(|key| self.0.get(key)?.as_str())?.trim();
        (!found.is_empty()).then(|| found.to_owned())
    }

    fn many(&self, keys: &[&str]) -> Option<Vec<String>> {
        let found = keys.iter().find_map(|key| self.0.get(key))?;
        let list: Vec<String> = match found {
            Value::Array(items) => {
                items.iter().filter_map(|i| i.as_str().map(str::to_owned)).collect()
            }
            Value::String(text) => text.split([',', '，', '、']).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let list = list.into_iter().map(|item| item.trim().to_owned());
        Some(list.filter(|item| !item.is_empty()).collect())
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key)?.as_bool()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_section_article_and_language() {
        let of = |name: &str| {
            let named = named(name);
            let lang = named.lang.map(|(lang, traditional)| (lang.code(), traditional));
            (named.key, named.stem, named.section.unwrap_or_default(), lang)
        };
        let check = |name: &str, key: &str, stem: &str, section: &str, lang| {
            let expected = (key.to_owned(), stem.to_owned(), section.to_owned(), lang);
            assert_eq!(of(name), expected, "{name}");
        };
        check("kb/fees/gas/en.md", "kb/fees/gas/", "gas", "fees", Some(("en", false)));
        check("fees/gas/zh-CN.md", "fees/gas/", "gas", "fees", Some(("zh", false)));
        check("fees/gas.zh.md", "fees/gas", "gas", "fees", Some(("zh", false)));
        check("en/fees/gas.md", "fees/gas", "gas", "fees", Some(("en", false)));
        check("docs/zh-TW/gas.md", "docs/gas", "gas", "docs", Some(("zh", true)));
        check("gas.md", "gas", "gas", "", None);
    }
}
