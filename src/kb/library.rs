//! The library: every article of one revision, in pairs of languages, with sections and glossary.
//!
//! A library never changes; an edit makes a new one, so readers never see two revisions at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::ArticleId;
use crate::lang::Lang;
use crate::text::Analyser;

use super::article::Article;
use super::banners::Banner;
use super::golden::{GoldenTicket, Phrasing};
use super::sections::Section;
use super::stale::Translations;

/// Who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reader {
    /// Anyone: published public articles.
    Public,
    /// Staff: published public and internal articles.
    Staff,
}

impl Reader {
    /// Both, public first.
    pub const ALL: [Reader; 2] = [Reader::Public, Reader::Staff];

    /// The name used on the command line, in JSON and in folder names.
    pub fn code(self) -> &'static str {
        match self {
            Reader::Public => "public",
            Reader::Staff => "staff",
        }
    }

    /// Returns true if and only if this reader may see the article.
    pub fn may_read(self, article: &Article) -> bool {
        match self {
            Reader::Public => article.is_public(),
            Reader::Staff => article.is_published(),
        }
    }
}

/// The language versions of one article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pair {
    /// The English version.
    pub en: Option<Arc<Article>>,
    /// The Chinese version.
    pub zh: Option<Arc<Article>>,
}

impl Pair {
    /// One language version.
    pub fn get(&self, lang: Lang) -> Option<&Arc<Article>> {
        match lang {
            Lang::En => self.en.as_ref(),
            Lang::Zh => self.zh.as_ref(),
        }
    }

    /// Puts a language version in.
    pub fn set(&mut self, article: Arc<Article>) {
        match article.lang {
            Lang::En => self.en = Some(article),
            Lang::Zh => self.zh = Some(article),
        }
    }

    /// The versions that there are, English first.
    pub fn versions(&self) -> impl Iterator<Item = &Arc<Article>> {
        self.en.iter().chain(&self.zh)
    }
}

/// Everything that was loaded from one state of the folder.
pub struct Library {
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// Banners, the most important first.
    pub banners: Vec<Banner>,
    /// Articles by id.
    pub pairs: BTreeMap<ArticleId, Pair>,
    /// Labelled tickets for replay and calibration.
    pub golden: Vec<GoldenTicket>,
    /// Tickets that were confirmed for an article and brought into the knowledge base.
    pub phrasings: Vec<Phrasing>,
    /// What each translation was made from.
    pub translations: Translations,
    /// The text chain with this library's glossary.
    pub analyser: Arc<Analyser>,
    /// A hash of every file that was read: the name of this revision.
    pub revision: String,
}

impl Library {
    /// The version of an article that a reader gets: the wanted language, else the other one.
    pub fn article(&self, id: &ArticleId, lang: Lang, reader: Reader) -> Option<&Arc<Article>> {
        let pair = self.pairs.get(id)?;
        [lang, lang.other()]
            .into_iter()
            .filter_map(|l| pair.get(l))
            .find(|article| reader.may_read(article))
    }

    /// A hash of everything that the public reads: articles, sections, banners. Good for comparing
    /// within one process.
    pub fn public_hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        };
        for id in self.visible(Reader::Public) {
            add(id.as_str().as_bytes());
            let versions = Lang::ALL.map(|lang| self.article(id, lang, Reader::Public));
            versions.into_iter().flatten().for_each(|article| add(article.hash.as_bytes()));
        }
        add(format!("{:?}", self.banners).as_bytes());
        for section in self.shelves(Reader::Public) {
            add(format!("{section:?}").as_bytes());
        }
        hasher.finalize()
    }

    /// The same library with other versions of one article; `None` in a language takes that version
    /// out. It is a draft: its revision has no name.
    #[must_use]
    pub fn with_pair(&self, id: &ArticleId, pair: Pair) -> Library {
        self.with_pairs(BTreeMap::from([(id.clone(), pair)]))
    }

    /// The same library with other versions of several articles, see [`Library::with_pair`].
    #[must_use]
    pub fn with_pairs(&self, changed: BTreeMap<ArticleId, Pair>) -> Library {
        let mut pairs = self.pairs.clone();
        for (id, pair) in changed {
            if pair.versions().next().is_some() {
                pairs.insert(id, pair);
            } else {
                pairs.remove(&id);
            }
        }
        Library {
            sections: self.sections.clone(),
            banners: self.banners.clone(),
            pairs,
            golden: self.golden.clone(),
            phrasings: self.phrasings.clone(),
            translations: self.translations.clone(),
            analyser: self.analyser.clone(),
            revision: String::new(),
        }
    }

    /// The section of that id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The ids of all articles that a reader may see in any language, in order.
    pub fn visible(&self, reader: Reader) -> impl Iterator<Item = &ArticleId> {
        self.pairs
            .iter()
            .filter(move |(_, pair)| pair.versions().any(|a| reader.may_read(a)))
            .map(|(id, _)| id)
    }

    /// The sections in which a reader may see an article, in reading order.
    pub fn shelves(&self, reader: Reader) -> impl Iterator<Item = &Section> {
        let pairs = self.pairs.values();
        let seen = pairs.filter_map(|pair| pair.versions().find(|a| reader.may_read(a)));
        let filled: BTreeSet<&str> = seen.map(|article| article.section.as_str()).collect();
        self.sections.iter().filter(move |section| filled.contains(section.id.as_str()))
    }

    /// The sections with the articles that a reader may see, empty ones left out. Articles stand
    /// in the order of their titles in `lang`.
    pub fn by_section(&self, lang: Lang, reader: Reader) -> Vec<(&Section, Vec<&Arc<Article>>)> {
        let mut shelves: Vec<_> = self.sections.iter().map(|s| (s, Vec::new())).collect();
        for id in self.visible(reader) {
            let Some(article) = self.article(id, lang, reader) else { continue };
            if let Some((_, shelf)) = shelves.iter_mut().find(|(s, _)| s.id == article.section) {
                shelf.push(article);
            }
        }
        shelves.retain(|(_, shelf)| !shelf.is_empty());
        for (_, shelf) in &mut shelves {
            shelf.sort_by(|a, b| (&a.meta.title, &a.id).cmp(&(&b.meta.title, &b.id)));
        }
        shelves
    }
}
