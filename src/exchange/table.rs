//! A table of questions and answers (CSV) → proposals.
//!
//! The first line names the columns, in English or Chinese. Lines with one `id` are one article: in
//! two languages, or asked in several ways. Columns can also carry their language (`question_zh`).

use std::collections::BTreeMap;

use crate::kb::Diagnostic;
use crate::lang::Lang;

use super::archive::File;
use super::html;
use super::proposal::{Parts, Place, Proposal, Text, Version};
use super::slug::Slugs;
use super::{Read, language_of, locale, simplified, text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Id,
    Question(Option<Lang>),
    Answer(Option<Lang>),
    Language,
    Section,
    Tags,
}

/// What columns are called.
fn column(header: &str) -> Option<Column> {
    let name = header.trim().to_lowercase().replace([' ', '-'], "_");
    let (base, lang) = match name.rsplit_once('_') {
        Some((base, code)) if locale(code).is_some() => (base, locale(code).map(|(lang, _)| lang)),
        _ => (name.as_str(), None),
    };
    Some(match base {
        "id" | "slug" | "key" | "编号" | "标识" | "序号" => Column::Id,
        "question" | "title" | "q" | "问题" | "标题" | "提问" => Column::Question(lang),
        "answer" | "body" | "content" | "a" | "答案" | "回答" | "内容" | "正文" => {
            Column::Answer(lang)
        }
        "language" | "lang" | "locale" | "语言" => Column::Language,
        "section" | "category" | "topic" | "分类" | "类别" | "栏目" => Column::Section,
        "tags" | "labels" | "keywords" | "标签" | "关键词" => Column::Tags,
        _ => return None,
    })
}

/// A line of the table, for one language.
struct Row {
    line: usize,
    id: String,
    lang: Lang,
    question: String,
    answer: String,
    section: String,
    tags: Option<Vec<String>>,
}

pub(super) fn read(file: &File, slugs: &mut Slugs, read: &mut Read) {
    let Some(text) = text(file, read) else { return };
    let mut problem = |line: usize, message: String, help: &str| {
        read.problems.push(Diagnostic::error(&file.name, line, message, help));
    };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(text)).from_reader(text.as_bytes());
    let columns: Vec<Option<Column>> = match reader.headers() {
        Ok(headers) => headers.iter().map(column).collect(),
        Err(error) => return problem(1, format!("no table: {error}"), "save it as CSV in UTF-8"),
    };
    let has = |wanted: &dyn Fn(&Column) -> bool| columns.iter().flatten().any(wanted);
    if !has(&|c| matches!(c, Column::Question(_))) || !has(&|c| matches!(c, Column::Answer(_))) {
        let help = "name the columns in the first line: question, answer, and perhaps id, \
                    language, section, tags (问题、答案、编号、语言、分类、标签)";
        return problem(1, "there is no column for questions, or none for answers".into(), help);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |p| p.line() as usize);
                let help = "every line has as many cells as the first; put text with commas or \
                            line breaks in double quotes";
                problem(line, "a line with too many or too few cells".into(), help);
                continue;
            }
        };
        let line = record.position().map_or(0, |p| p.line() as usize);
        match of_record(&columns, &record, line) {
            Ok(found) => rows.extend(found),
            Err((message, help)) => problem(line, message, help),
        }
    }
    group(&file.name, rows, slugs, read);
}

/// What divides the cells of the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: u8| first.bytes().filter(|b| *b == c).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(b',')
}

type Wrong = (String, &'static str);

fn of_record(
    columns: &[Option<Column>],
    record: &csv::StringRecord,
    line: usize,
) -> Result<Vec<Row>, Wrong> {
    let cell = |wanted: Column| {
        let at = columns.iter().position(|c| *c == Some(wanted));
        at.and_then(|at| record.get(at)).unwrap_or_default().trim()
    };
    let tags = columns.contains(&Some(Column::Tags)).then(|| {
        let tags = cell(Column::Tags).split([',', ';', '，', '、', '；']).map(str::trim);
        tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    });
    let mut rows = Vec::new();
    for lang in [None, Some(Lang::En), Some(Lang::Zh)] {
        let (question, answer) = (cell(Column::Question(lang)), cell(Column::Answer(lang)));
        if question.is_empty() && answer.is_empty() {
            continue;
        }
        if question.is_empty() {
            return Err((
                "an answer without a question".into(),
                "write the question, or take the line out",
            ));
        }
        let said = cell(Column::Language);
        let (lang, traditional) = match (lang, locale(said)) {
            (Some(lang), _) => (lang, false),
            (None, Some(known)) => known,
            (None, None) if said.is_empty() => {
                (language_of(&format!("{question} {answer}")), false)
            }
            (None, None) => {
                let message = format!("the language `{}` is none of ours", shown(said));
                return Err((message, "write en or zh (zh-TW for traditional Chinese)"));
            }
        };
        let answer = if html::is_html(answer) {
            html::to_markdown(answer, &|href| Some(href.to_owned()))
                .map_err(|error| (error.to_string(), "shorten it"))?
        } else {
            answer.to_owned()
        };
        rows.push(Row {
            line,
            id: cell(Column::Id).to_owned(),
            lang,
            question: simplified(question.to_owned(), traditional),
            answer: simplified(answer, traditional),
            section: cell(Column::Section).to_owned(),
            tags: tags.clone(),
        });
    }
    Ok(rows)
}

/// Rows of one id are one article.
fn group(file: &str, rows: Vec<Row>, slugs: &mut Slugs, read: &mut Read) {
    let mut groups: BTreeMap<(usize, String), Vec<Row>> = BTreeMap::new();
    let mut first_line: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        // Without an id, the line itself is the article.
        let key = if row.id.is_empty() { format!("\n{}", row.line) } else { row.id.clone() };
        let line = *first_line.entry(key.clone()).or_insert(row.line);
        groups.entry((line, key)).or_default().push(row);
    }
    for ((line, _), rows) in groups {
        let named = rows.iter().find(|row| !row.id.is_empty()).map(|row| row.id.clone());
        let title = rows.iter().min_by_key(|row| row.lang).map(|row| row.question.clone());
        let id = match named {
            Some(name) => slugs.claim(&name.to_lowercase()),
            None => (slugs.make(&title.unwrap_or_default()), false),
        };
        if id.1 {
            let message = format!("the id `{}` stands twice in the import", id.0);
            read.problems.push(Diagnostic::error(file, line, message, "write another id"));
        }
        let section = rows.iter().map(|r| r.section.clone()).find(|s| !s.is_empty());
        let versions = versions(file, rows, read);
        if !versions.is_empty() {
            read.proposals.push(Proposal { id: id.0, section, versions });
        }
    }
}

fn versions(file: &str, rows: Vec<Row>, read: &mut Read) -> BTreeMap<Lang, Version> {
    let mut versions: BTreeMap<Lang, (usize, Parts)> = BTreeMap::new();
    for row in rows {
        let Some((line, parts)) = versions.get_mut(&row.lang) else {
            let parts = Parts {
                title: row.question.clone(),
                body: row.answer,
                questions: Some(vec![row.question]),
                tags: row.tags,
                ..Parts::default()
            };
            versions.insert(row.lang, (row.line, parts));
            continue;
        };
        // Another way to ask the same.
        if row.answer.is_empty() || row.answer == parts.body {
            parts.questions.get_or_insert_default().push(row.question);
        } else if parts.body.is_empty() {
            parts.body = row.answer;
            parts.questions.get_or_insert_default().push(row.question);
        } else {
            let message = format!("id `{}` has another answer on line {line}", shown(&row.id));
            let help = "leave the answer of the second line empty, or give it an id of its own";
            read.problems.push(Diagnostic::error(file, row.line, message, help));
        }
    }
    let mut all = BTreeMap::new();
    for (lang, (line, parts)) in versions {
        if parts.body.is_empty() {
            let help = "write the answer, or take the line out";
            read.problems.push(Diagnostic::error(file, line, "a question without an answer", help));
        }
        let place = Place { file: file.to_owned(), line, body_line: None };
        all.insert(lang, Version { place, text: Text::Parts(Box::new(parts)) });
    }
    all
}

/// As much of a cell as a message needs.
fn shown(cell: &str) -> String {
    cell.chars().take(40).collect()
}
