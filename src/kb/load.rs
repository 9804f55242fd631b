//! Reading the folder: `kb/` → [`Library`] and every problem in it.
//!
//! A file that is broken keeps its last good version from the library before it. This is the only
//! place that reads article files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::id::ArticleId;
use crate::lang::Lang;
use crate::text::Analyser;
use crate::text::bilingual::Bilingual;
use crate::text::glossary::Group;

use super::article::Article;
use super::banners::{Banner, BannersFile};
use super::diagnostic::Diagnostic;
use super::golden::{self, GoldenTicket, Numbered, Phrasing};
use super::library::{Library, Pair};
use super::sections;

/// The largest article file that is read.
pub const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// A library and what was wrong with its files.
pub struct Loaded {
    /// What can be served.
    pub library: Library,
    /// Problems by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the disk refused a file that is there: it may not the next time.
    pub unread: bool,
}

/// The folder itself could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the knowledge base `{}`: {source}; name it with --kb", path.display())]
pub struct LoadError {
    path: PathBuf,
    source: io::Error,
}

/// Loads a folder. `previous` lends its parsed articles where files have not changed, and its last
/// good versions where they are broken.
pub fn load(dir: &Path, previous: Option<&Library>) -> Result<Loaded, LoadError> {
    load_with(dir, previous, None)
}

/// Loads a folder for texts that are read with a bilingual lexicon.
pub fn load_with(
    dir: &Path,
    previous: Option<&Library>,
    bilingual: Option<&Arc<Bilingual>>,
) -> Result<Loaded, LoadError> {
    let list =
        |path: &Path| entries(path).map_err(|source| LoadError { path: path.to_owned(), source });
    let (diagnostics, hasher) = (Vec::new(), blake3::Hasher::new());
    let mut loader = Loader { dir, previous, bilingual, diagnostics, hasher, unread: false };
    let sections = loader.sections();
    let analyser = loader.analyser();
    let banners = loader.banners();
    let golden = loader.json_lines::<GoldenTicket>("tickets.jsonl").into_iter();
    let golden = golden.map(|(line, ticket)| GoldenTicket { line, ..ticket }).collect();
    let phrasings = loader.json_lines::<Phrasing>("phrasings.jsonl").into_iter();
    let phrasings = phrasings.map(|(line, phrasing)| Phrasing { line, ..phrasing }).collect();
    let translations =
        loader.toml::<super::stale::Translations>("translations.lock").unwrap_or_default();
    let mut pairs: BTreeMap<ArticleId, Pair> = BTreeMap::new();
    for section in list(dir)?.into_iter().filter(|e| e.is_dir) {
        for article in list(&dir.join(&section.name))?.into_iter().filter(|e| e.is_dir) {
            loader.article_folder(&section.name, &article.name, &mut pairs);
        }
    }
    // A file that cannot be used is not what its article is made of.
    for article in pairs.values().flat_map(Pair::versions) {
        loader.hasher.update(article.hash.as_bytes());
    }
    let revision = loader.hasher.finalize().to_hex().as_str().chars().take(16).collect();
    let mut diagnostics = loader.diagnostics;
    diagnostics.sort();
    let library =
        Library { sections, banners, pairs, golden, phrasings, translations, analyser, revision };
    Ok(Loaded { library, diagnostics, unread: loader.unread })
}

struct Entry {
    name: String,
    is_dir: bool,
}

/// The entries of a folder in order of name, hidden ones left out.
fn entries(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push(Entry { name, is_dir: entry.path().is_dir() });
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

struct Loader<'a> {
    dir: &'a Path,
    previous: Option<&'a Library>,
    bilingual: Option<&'a Arc<Bilingual>>,
    diagnostics: Vec<Diagnostic>,
    hasher: blake3::Hasher,
    /// Whether a file that is there could not be read.
    unread: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryFile {
    #[serde(default)]
    term: Vec<Group>,
}

impl Loader<'_> {
    /// Reads a file of the folder; `None` if there is none. What cannot be read is reported.
    #[expect(clippy::disallowed_methods, reason = "kb::load reads the knowledge base")]
    fn read(&mut self, relative: &Path) -> Option<String> {
        let path = self.dir.join(relative);
        let size = std::fs::metadata(&path).ok()?.len();
        if size > FILE_BYTES_MAX {
            let message = format!("the file has {size} bytes, more than {FILE_BYTES_MAX}");
            self.report(relative, 0, message, "split it, or move images into files of their own");
            return None;
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unread = true;
                self.report(
                    relative,
                    0,
                    format!("cannot be read: {error}"),
                    "check its permissions",
                );
                return None;
            }
        };
        self.hasher.update(relative.to_string_lossy().as_bytes()).update(&[0]);
        self.hasher.update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let valid = error.as_bytes().get(..at).unwrap_or_default();
                let line = valid.iter().filter(|b| **b == b'\n').count() + 1;
                self.report(relative, line, "the text is not UTF-8", "save the file as UTF-8");
                None
            }
        }
    }

    fn report(&mut self, path: &Path, line: usize, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::error(path, line, message, help));
    }

    fn banners(&mut self) -> Vec<Banner> {
        if !self.dir.join("banners.toml").exists() {
            return Vec::new();
        }
        let last = self.previous.map(|p| p.banners.clone()).unwrap_or_default();
        self.toml::<BannersFile>("banners.toml").map_or(last, |file| file.banner)
    }

    fn toml<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let text = self.read(Path::new(name))?;
        self.toml_problem(name, &text, toml::from_str(&text))
    }

    fn toml_problem<T>(
        &mut self,
        name: &str,
        text: &str,
        parsed: Result<T, toml::de::Error>,
    ) -> Option<T> {
        parsed
            .map_err(|error| {
                let before = error.span().and_then(|s| text.get(..s.start)).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                self.report(Path::new(name), line, error.message(), "correct the file");
            })
            .ok()
    }

    fn sections(&mut self) -> Vec<sections::Section> {
        let name = "sections.toml";
        let text = self.read(Path::new(name));
        let kept = || self.previous.map(|p| p.sections.clone());
        let kept = kept().unwrap_or_default();
        let Some(text) = text else { return if self.unread { kept } else { Vec::new() } };
        let parsed = sections::parse(&text);
        self.toml_problem(name, &text, parsed).unwrap_or(kept)
    }

    fn analyser(&mut self) -> Arc<Analyser> {
        let groups = self.toml::<GlossaryFile>("glossary.toml").map(|file| file.term);
        let kept = self.previous.map(|p| &p.analyser);
        match (groups, kept) {
            // Building the dictionary takes 0.1 s, so an unchanged glossary keeps it.
            (Some(groups), Some(kept)) if kept.glossary().groups() == groups => kept.clone(),
            (None, Some(kept)) => kept.clone(),
            (groups, _) => {
                let analyser = Analyser::new(groups.unwrap_or_default());
                Arc::new(analyser.with_bilingual(self.bilingual.cloned()))
            }
        }
    }

    fn json_lines<T: DeserializeOwned>(&mut self, name: &str) -> Vec<Numbered<T>> {
        let name = Path::new(name);
        let Some(text) = self.read(name) else { return Vec::new() };
        let (records, problems) = golden::parse(&text);
        for (line, reason) in problems {
            self.report(name, line, format!("malformed line: {reason}"), "see kb/README.md");
        }
        records
    }

    fn article_folder(&mut self, section: &str, slug: &str, pairs: &mut BTreeMap<ArticleId, Pair>) {
        let folder = PathBuf::from(section).join(slug);
        let id = match slug.parse::<ArticleId>() {
            Ok(id) => id,
            Err(error) => return self.report(&folder, 0, error.to_string(), "rename the folder"),
        };
        if let Some(twin) = pairs.get(&id).and_then(|p| p.versions().next()) {
            let message = format!("`{slug}` already stands in section `{}`", twin.section);
            return self.report(
                &folder,
                0,
                message,
                "an id is unique over the whole knowledge base",
            );
        }
        let mut pair = Pair::default();
        let unread = std::mem::take(&mut self.unread);
        for lang in Lang::ALL {
            let path = folder.join(format!("{lang}.md"));
            if let Some(article) = self.article_file(&id, section, lang, &path) {
                pair.set(article);
            }
        }
        // What the disk hides of one language must not put it beside another state of the other.
        if self.unread {
            pair = self.previous.and_then(|p| p.pairs.get(&id)).cloned().unwrap_or(pair);
        }
        self.unread |= unread;
        if pair.versions().next().is_some() {
            pairs.insert(id, pair);
        }
    }

    fn article_file(
        &mut self,
        id: &ArticleId,
        section: &str,
        lang: Lang,
        path: &Path,
    ) -> Option<Arc<Article>> {
        if !self.dir.join(path).exists() {
            return None;
        }
        let last = self.previous.and_then(|p| p.pairs.get(id)).and_then(|p| p.get(lang)).cloned();
        let Some(text) = self.read(path) else { return last };
        if let Some(same) = last.as_ref().filter(|a| a.hash == blake3::hash(text.as_bytes())) {
            if same.section == section {
                return last;
            }
        }
        match Article::parse(id.clone(), section, lang, &text) {
            Ok(article) => Some(Arc::new(article)),
            Err((line, message, help)) => {
                self.report(path, line, message, &help);
                last
            }
        }
    }
}
