//! What an import would do: proposals and a library → a verdict on each article, and the files that
//! would be written.
//!
//! The library as it would be is checked as a whole, as `zhinan check` does it. One article that is
//! refused refuses all of them: whoever imports corrects the source and imports it whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::id::ArticleId;
use crate::kb::front_matter::Status;
use crate::kb::library::{Library, Pair};
use crate::kb::load::FILE_BYTES_MAX;
use crate::kb::{Article, Diagnostic, check};
use crate::lang::Lang;
use crate::studio::publish::{Batch, PublishError, Written};
use crate::studio::{Texts, form, secrets};
use crate::text::redact::Redactor;
use crate::time::Date;

use super::proposal::{Place, Proposal, Text, Version};
use super::section::{self, Shelves};
use super::{Read, resolve};

/// Whether what arrives can be read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arrive {
    /// New articles are drafts; those that are replaced keep the status that they have here.
    #[default]
    Draft,
    /// As the source says; drafts where it says nothing.
    Keep,
    /// Published.
    Published,
}

/// What whoever imports has chosen.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Articles that are here are replaced; else they are left as they are.
    pub replace: bool,
    /// The status of what arrives.
    pub arrive: Arrive,
    /// Where articles go whose section is not known.
    pub section: Option<ArticleId>,
    /// Sections that are not here are added.
    pub add_sections: bool,
    /// Whether articles may be published in sections that ask for a second person's approval.
    pub unapproved: bool,
    /// The team that answers for new articles of other systems.
    pub owner: String,
}

/// What would become of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is not here yet.
    New,
    /// It is here and would change: `en: title, body`.
    Changed(Vec<String>),
    /// It is here as it is in the import.
    Same,
    /// It is here, differs there, and is left as it is.
    Skipped(Vec<String>),
    /// It cannot be imported. The places are those of the import.
    Refused(Vec<Diagnostic>),
}

impl Verdict {
    /// Its name in JSON and in interface strings.
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Changed(_) => "changed",
            Verdict::Same => "same",
            Verdict::Skipped(_) => "skipped",
            Verdict::Refused(_) => "refused",
        }
    }
}

/// An article of the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ArticleId,
    /// Its section, if one is known.
    pub section: Option<String>,
    /// Its title, in English if there is one.
    pub title: String,
    /// Where it stands in the import.
    pub place: Place,
    /// Its languages there.
    pub langs: Vec<Lang>,
    /// What would become of it.
    pub verdict: Verdict,
    /// What an editor should look at afterwards: how many warnings it has.
    pub warnings: usize,
}

/// What an import would do.
#[derive(Debug)]
pub struct Plan {
    /// The articles, by id.
    pub items: Vec<Item>,
    /// What refuses the whole import beside articles that are refused.
    pub problems: Vec<Diagnostic>,
    /// What is not imported, and why not.
    pub left_out: Vec<(String, String)>,
    /// Titles of the sections that are added.
    pub sections: Vec<String>,
    /// What would be written.
    pub batch: Batch,
}

impl Plan {
    /// Whether nothing of it can be imported.
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty() || self.count("refused") > 0
    }

    /// How many articles have a verdict of that name.
    pub fn count(&self, code: &str) -> usize {
        self.items.iter().filter(|item| item.verdict.code() == code).count()
    }

    /// A name for what would be written: equal plans write the same.
    pub fn tag(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for written in &self.batch.articles {
            let (before, after) = (written.before.tag(), written.after.tag());
            hasher
                .update(format!("{}/{}:{before}:{after};", written.section, written.id).as_bytes());
        }
        hasher.update(format!("{:?}", self.batch.sections).as_bytes());
        hasher.finalize().to_hex().as_str().chars().take(20).collect()
    }
}

/// What an import is compared with.
pub struct Here<'a> {
    /// The articles.
    pub library: &'a Library,
    /// The day of today.
    pub today: Date,
    /// Finds secrets.
    pub redactor: &'a Redactor,
    /// The files of an article as they are now.
    pub files: &'a dyn Fn(&ArticleId, &ArticleId) -> Result<Texts, PublishError>,
    /// `sections.toml` as it is now.
    pub sections: &'a str,
}

/// Plans an import. `step` is called after each article.
pub fn plan(here: &Here<'_>, read: Read, options: &Options, step: &dyn Fn()) -> Plan {
    let mut shelves = Shelves::new(&here.library.sections, &read.sections, options.add_sections);
    let mut items = Vec::new();
    let mut written = BTreeMap::new();
    for proposal in &read.proposals {
        let mut one = One::new(here, options, proposal);
        one.decide(&mut shelves);
        step();
        if let Some(change) = one.written {
            written.insert(proposal.id.clone(), (change, one.pair));
        }
        items.push(one.item);
    }
    items.sort_by(|a, b| a.id.cmp(&b.id));
    let added = shelves.added();
    let mut library = here
        .library
        .with_pairs(written.iter().map(|(id, (_, pair))| (id.clone(), pair.clone())).collect());
    library.sections.extend(added.iter().cloned());
    let mut problems = read.problems;
    problems.extend(checked(here, &library, &read.proposals, &mut items));
    let sections = (!added.is_empty())
        .then(|| (here.sections.to_owned(), section::file(here.sections, &added)));
    let articles = written.into_values().map(|(change, _)| change).collect();
    Plan {
        items,
        problems,
        left_out: read.left_out,
        sections: added.into_iter().map(|s| s.title.en).collect(),
        batch: Batch { articles, sections },
    }
}

/// One article on its way to a verdict.
struct One<'a> {
    here: &'a Here<'a>,
    options: &'a Options,
    proposal: &'a Proposal,
    item: Item,
    written: Option<Written>,
    pair: Pair,
}

impl<'a> One<'a> {
    fn new(here: &'a Here<'a>, options: &'a Options, proposal: &'a Proposal) -> Self {
        let first = proposal.versions.values().next();
        let place = Place { file: String::new(), line: 0, body_line: None };
        let item = Item {
            id: proposal.id.clone(),
            section: None,
            title: String::new(),
            place: first.map_or(place, |v| v.place.clone()),
            langs: proposal.versions.keys().copied().collect(),
            verdict: Verdict::New,
            warnings: 0,
        };
        One { here, options, proposal, item, written: None, pair: Pair::default() }
    }

    fn decide(&mut self, shelves: &mut Shelves<'_>) {
        let known = self.here.library.pairs.get(&self.proposal.id).cloned().unwrap_or_default();
        let Some(section) = self.section(&known, shelves) else { return };
        self.item.section = Some(section.as_str().to_owned());
        let before = match (self.here.files)(&section, &self.proposal.id) {
            Ok(before) => before,
            Err(error) => return self.refuse(None, 0, error.to_string(), "put it right first"),
        };
        let is_new = before == Texts::default();
        let (mut after, mut pair, mut changed) = (before.clone(), known.clone(), Vec::new());
        for (lang, version) in &self.proposal.versions {
            let Some((text, article)) = self.article(*lang, version, &known, section.as_str())
            else {
                continue;
            };
            if self.item.title.is_empty() {
                self.item.title.clone_from(&article.meta.title);
            }
            match known.get(*lang).filter(|_| before.get(*lang).is_some()) {
                Some(old) => {
                    let fields = differing(old, &article);
                    if fields.is_empty() {
                        continue;
                    }
                    changed.push(format!("{lang}: {}", fields.join(", ")));
                }
                None if is_new => changed.push(lang.to_string()),
                None => changed.push(format!("{lang}: new")),
            }
            after.set(*lang, Some(text));
            pair.set(article.into());
        }
        if matches!(self.item.verdict, Verdict::Refused(_)) {
            return;
        }
        self.item.verdict = match (is_new, changed.is_empty()) {
            (true, _) => Verdict::New,
            (false, true) => Verdict::Same,
            (false, false) if self.options.replace => Verdict::Changed(changed),
            (false, false) => Verdict::Skipped(changed),
        };
        if matches!(self.item.verdict, Verdict::New | Verdict::Changed(_)) {
            self.approval(&section, [&known, &pair]);
            self.pair = pair;
            let id = self.proposal.id.clone();
            self.written = Some(Written { section, id, before, after });
        }
    }

    /// Where it stands, or goes.
    fn section(&mut self, known: &Pair, shelves: &mut Shelves<'_>) -> Option<ArticleId> {
        if let Some(article) = known.versions().next() {
            return article.section.parse().ok();
        }
        let wanted = self.proposal.section.as_deref().filter(|name| !name.trim().is_empty());
        let found = wanted.and_then(|name| shelves.find(name)).map(|section| section.id);
        let fallback = self.options.section.as_ref().map(ToString::to_string);
        if let Some(section) = found.or(fallback).and_then(|id| id.parse().ok()) {
            return Some(section);
        }
        let message = match wanted {
            Some(name) => {
                format!("there is no section `{}`", name.chars().take(60).collect::<String>())
            }
            None => "it names no section".to_owned(),
        };
        self.refuse(None, 0, message, "choose a section for it, or have missing sections added");
        None
    }

    /// The file of one language, and what it is read as.
    fn article(
        &mut self,
        lang: Lang,
        version: &Version,
        known: &Pair,
        section: &str,
    ) -> Option<(String, Article)> {
        let text = match self.file(lang, version, known) {
            Ok(text) => text,
            Err((line, message, help)) => {
                self.refuse(Some(version), line, message, &help);
                return None;
            }
        };
        if text.len() as u64 > FILE_BYTES_MAX {
            let message =
                format!("the article has {} bytes, more than {FILE_BYTES_MAX}", text.len());
            self.refuse(Some(version), 0, message, "split it");
            return None;
        }
        if let Some(found) = secrets::first(self.here.redactor, &text) {
            let line = text.get(..found.range.start).map_or(0, |t| t.matches('\n').count() + 1);
            let message = format!("this looks like a secret ({})", found.kind.code());
            let line = source_line(version, line, &text);
            self.refuse_at(
                version,
                line,
                message,
                "take it out of the source, and whoever owns it should replace it",
            );
            return None;
        }
        match Article::parse(self.proposal.id.clone(), section, lang, &text) {
            Ok(article) => Some((text, article)),
            Err((line, message, help)) => {
                let line = source_line(version, line, &text);
                self.refuse_at(version, line, message, &help);
                None
            }
        }
    }

    fn file(
        &self,
        lang: Lang,
        version: &Version,
        known: &Pair,
    ) -> Result<String, crate::kb::front_matter::Problem> {
        let meta = |lang: Lang| known.get(lang).map(|article| &article.meta);
        let here = meta(lang).or(meta(lang.other())).map(|meta| meta.status);
        let status = |source: Option<Status>| match self.options.arrive {
            Arrive::Draft => here.unwrap_or(Status::Draft),
            Arrive::Keep => source.or(here).unwrap_or(Status::Draft),
            Arrive::Published => Status::Published,
        };
        match &version.text {
            Text::File(file) if self.options.arrive == Arrive::Keep => Ok(file.clone()),
            Text::File(file) => resolve::with_status(file, status(None)),
            Text::Parts(parts) => {
                let beside = (meta(lang), meta(lang.other()));
                let (mut meta, body) =
                    resolve::parts(parts, lang, beside, &self.options.owner, self.here.today);
                let said =
                    parts.published.map(|p| if p { Status::Published } else { Status::Draft });
                meta.status = status(said);
                Ok(form::file(&meta, &body))
            }
        }
    }

    /// Where a section asks for a second person, nothing that readers see changes here.
    fn approval(&mut self, section: &ArticleId, states: [&Pair; 2]) {
        let asks = self.here.library.section(section.as_str()).is_some_and(|s| s.approval);
        let is_read = states.iter().any(|pair| pair.versions().any(|a| a.is_published()));
        if asks && is_read && !self.options.unapproved {
            let message =
                format!("in section `{section}` a second person approves what readers see");
            self.refuse(None, 0, message, "import it as a draft, or change it in the editor");
        }
    }

    fn refuse(&mut self, version: Option<&Version>, line: usize, message: String, help: &str) {
        let place = version.map_or(&self.item.place, |v| &v.place).clone();
        let line = if line == 0 { place.line } else { line };
        self.push(Diagnostic::error(place.file, line, message, help));
    }

    fn refuse_at(&mut self, version: &Version, line: usize, message: String, help: &str) {
        self.push(Diagnostic::error(&version.place.file, line, message, help));
    }

    fn push(&mut self, reason: Diagnostic) {
        match &mut self.item.verdict {
            Verdict::Refused(reasons) => reasons.push(reason),
            other => *other = Verdict::Refused(vec![reason]),
        }
    }
}

/// Looks at the library as it would be. Errors of what is imported refuse it; errors that come up
/// elsewhere (a page that leads to what would be a draft) refuse the import.
fn checked(
    here: &Here<'_>,
    library: &Library,
    proposals: &[Proposal],
    items: &mut [Item],
) -> Vec<Diagnostic> {
    let before: BTreeSet<Diagnostic> = check::check(here.library, here.today).into_iter().collect();
    let found = check::check(library, here.today);
    let by_id: BTreeMap<&ArticleId, &Proposal> = proposals.iter().map(|p| (&p.id, p)).collect();
    let mut elsewhere = Vec::new();
    for diagnostic in found {
        let item = items.iter_mut().find(|item| {
            let changes =
                matches!(item.verdict, Verdict::New | Verdict::Changed(_) | Verdict::Refused(_));
            let section = item.section.as_deref();
            changes
                && section.is_some_and(|s| {
                    diagnostic.path.starts_with(Path::new(s).join(item.id.as_str()))
                })
        });
        match item {
            Some(item) if diagnostic.is_error() => {
                let proposal = by_id.get(&item.id).copied();
                let reason = at_source(diagnostic, library, proposal);
                match &mut item.verdict {
                    Verdict::Refused(reasons) => reasons.push(reason),
                    other => *other = Verdict::Refused(vec![reason]),
                }
            }
            Some(item) => item.warnings += 1,
            None if diagnostic.is_error() && !before.contains(&diagnostic) => {
                elsewhere.push(diagnostic);
            }
            None => {}
        }
    }
    elsewhere
}

/// A finding at its place in the import.
fn at_source(found: Diagnostic, library: &Library, proposal: Option<&Proposal>) -> Diagnostic {
    let lang = found.path.file_stem().and_then(|stem| stem.to_str()?.parse::<Lang>().ok());
    let version = lang.and_then(|lang| proposal?.versions.get(&lang));
    let (Some(version), Some(proposal), Some(lang)) = (version, proposal, lang) else {
        return found;
    };
    let article = library.pairs.get(&proposal.id).and_then(|pair| pair.get(lang));
    let Some(article) = article else { return found };
    let line = line_in_source(version, found.line, article.body_line, &article.source);
    Diagnostic { path: version.place.file.clone().into(), line, ..found }
}

/// The line of the source for a line of the file that was made of it.
fn source_line(version: &Version, line: usize, file: &str) -> usize {
    let split = crate::kb::front_matter::split(file);
    split.map_or(line, |s| line_in_source(version, line, s.body_line, s.body))
}

/// The same for a file whose body, from line `body_line` on, is known.
fn line_in_source(version: &Version, line: usize, body_line: usize, body: &str) -> usize {
    let Text::Parts(parts) = &version.text else { return line };
    // A first paragraph that became the summary is not in the body any more.
    let moved = parts.body.trim().lines().count().saturating_sub(body.trim().lines().count());
    // Our files have a blank line between front matter and body.
    match version.place.body_line {
        Some(begins) if line > body_line => begins + moved + (line - body_line - 1),
        _ => version.place.line,
    }
}

/// What differs between two versions of an article.
fn differing(old: &Article, new: &Article) -> Vec<&'static str> {
    let (a, b) = (&old.meta, &new.meta);
    let clean = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    [
        ("title", a.title != b.title),
        ("summary", a.summary != b.summary),
        ("questions", a.questions != b.questions),
        ("audience", a.audience != b.audience),
        ("kind", a.kind != b.kind),
        ("tags", a.tags != b.tags),
        ("status", a.status != b.status),
        ("confidence", a.confidence != b.confidence),
        ("owner", a.owner != b.owner),
        ("reviewed", a.reviewed != b.reviewed),
        ("review_by", a.review_by != b.review_by),
        ("related", a.related != b.related),
        ("answers_leak", a.answers_leak != b.answers_leak),
        ("reply", clean(&a.reply) != clean(&b.reply)),
        ("body", clean(&old.source) != clean(&new.source)),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
