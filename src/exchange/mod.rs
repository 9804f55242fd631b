//! Import and export: what others write → proposed articles, and the library → files for others.
//!
//! An import goes through [`archive`] (bytes → files, within bounds), [`read`] (files → proposals, by
//! [`markdown`], [`zendesk`] and [`table`]) and [`plan`] (proposals → what each would do to the
//! library, or why it is refused). Nothing here writes: a plan is carried out by
//! [`crate::studio::publish`], as a whole or not at all. The way out is [`folder`] or [`to_zendesk`] and
//! [`archive`]; the static site is made where pages are, in `web::site`.

pub mod archive;
pub mod folder;
pub mod html;
mod markdown;
mod names;
pub mod plan;
pub mod proposal;
mod resolve;
mod section;
pub mod slug;
mod table;
pub mod to_zendesk;
mod zendesk;

use crate::kb::Diagnostic;
use crate::lang::Lang;
use crate::text::han::{is_han, to_simplified};

use archive::File;
use proposal::{Proposal, ProposedSection};
use slug::Slugs;

/// What was found in the files of an import.
#[derive(Debug, Default)]
pub struct Read {
    /// Articles, in the order of their files.
    pub proposals: Vec<Proposal>,
    /// Sections that came with them.
    pub sections: Vec<ProposedSection>,
    /// What cannot be read, by place; one is enough to refuse the whole import.
    pub problems: Vec<Diagnostic>,
    /// What is not imported, and why not.
    pub left_out: Vec<(String, String)>,
}

/// Reads the files of an import: Markdown, Zendesk's JSON and tables of questions and answers, in any
/// mixture. Names say what a file is.
pub fn read(files: &[File]) -> Read {
    let mut read = Read::default();
    let mut slugs = Slugs::default();
    let with_ending = |ending: &'static str| {
        files.iter().filter(move |file| file.name.to_ascii_lowercase().ends_with(ending))
    };
    markdown::read(files, &mut slugs, &mut read);
    for file in with_ending(".csv") {
        table::read(file, &mut slugs, &mut read);
    }
    zendesk::read(&with_ending(".json").collect::<Vec<_>>(), &mut slugs, &mut read);
    let known = [".md", ".markdown", ".csv", ".json", "sections.toml"];
    for file in files {
        let name = file.name.to_ascii_lowercase();
        if !known.iter().any(|ending| name.ends_with(ending)) {
            let why = "only Markdown, CSV and Zendesk's JSON are imported";
            read.left_out.push((file.name.clone(), why.to_owned()));
        }
    }
    if read.proposals.is_empty() && read.problems.is_empty() {
        let help = "give Markdown files, Zendesk's articles.json, or a CSV with the columns \
                    question and answer";
        read.problems.push(Diagnostic::error("", 0, "no article was found in it", help));
    }
    read.problems.sort();
    read.left_out.sort();
    read
}

/// A file's text; `None`, with a problem noted, if it is not UTF-8.
fn text<'a>(file: &'a File, read: &mut Read) -> Option<&'a str> {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Some(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Err(error) => {
            let valid = file.bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = valid.iter().filter(|b| **b == b'\n').count() + 1;
            let help = "save it as UTF-8; in a spreadsheet choose “CSV UTF-8”";
            read.problems.push(Diagnostic::error(&file.name, line, "the text is not UTF-8", help));
            None
        }
    }
}

/// The article language of a locale (`en-us`, `zh_CN`), and whether it is written in traditional
/// characters; `None` for languages that articles do not have.
fn locale(code: &str) -> Option<(Lang, bool)> {
    let code = code.trim().to_lowercase().replace('_', "-");
    match code.as_str() {
        "english" | "英文" | "英语" => return Some((Lang::En, false)),
        "chinese" | "中文" | "简体中文" | "汉语" => return Some((Lang::Zh, false)),
        "繁体中文" | "繁體中文" => return Some((Lang::Zh, true)),
        _ => {}
    }
    let mut parts = code.split('-');
    match parts.next()? {
        "en" => Some((Lang::En, false)),
        "zh" if code.contains("hans") => Some((Lang::Zh, false)),
        "zh" => Some((Lang::Zh, parts.any(|p| matches!(p, "hant" | "tw" | "hk" | "mo")))),
        _ => None,
    }
}

/// The language of a text that does not say: Chinese where its characters are more than a name.
fn language_of(text: &str) -> Lang {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let words = text.split_whitespace().filter(|w| w.bytes().all(|b| b.is_ascii())).count();
    if han > words { Lang::Zh } else { Lang::En }
}

/// A text as articles have it: in simplified characters.
fn simplified(text: String, traditional: bool) -> String {
    if traditional { to_simplified(&text) } else { text }
}
