//! The engine: the one place where text, knowledge base, indexes, matching and events meet.
//!
//! Raw text comes in here and is redacted first; nothing else ever sees it as it was written. Every
//! answer is given from one [`Snapshot`], which a reload replaces as a whole. All verbs block;
//! callers that must not block enter through a thread of their own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwap;

use crate::encoder::Encoder;
use crate::events::session::Gap;
use crate::events::{Feedback, Store, StoreError};
use crate::id::ArticleId;
use crate::index::query::SearchQuery;
use crate::index::search::{Found, SearchIndex, Wanted};
use crate::index::snippet::Snippet;
use crate::index::{IndexError, build};
use crate::kb::library::{Library, Reader};
use crate::kb::load::LoadError;
use crate::kb::{Article, Diagnostic, check, load};
use crate::lang::Lang;
use crate::suggest::{Matcher, Said, meaning};
use crate::text::bilingual::Bilingual;
use crate::text::fold::fold;
use crate::text::redact::{self, Redacted, Redactor};
use crate::time::{Date, Timestamp, now};

mod files;
mod meant;
mod replays;
mod sightings;
pub mod tickets;
pub mod unanswered;

use meant::{Meant, Memos};
pub use tickets::{Answer, TicketAnswer, TicketRequest};

/// The longest ticket that is read, in bytes.
pub const TICKET_BYTES_MAX: usize = 256 * 1024;
/// The most suggestions that are given for a ticket.
pub const SUGGESTIONS_MAX: usize = 5;

/// Why the engine could not answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The knowledge base cannot be read at all.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A search index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The event store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The knowledge base was changed and could not be read back.
    #[error("the files are changed and cannot be read back: {0}")]
    Unread(Box<EngineError>),
    /// The article is not there for this reader.
    #[error("there is no article `{0}`")]
    NoArticle(String),
}

/// Where the engine finds and keeps things.
#[derive(Debug, Clone)]
pub struct Places {
    /// The knowledge base.
    pub kb: PathBuf,
    /// The folder for search indexes; `None` keeps them in memory.
    pub indexes: Option<PathBuf>,
    /// The general English–Chinese lexicon, where there is one.
    pub bilingual: Option<Arc<Bilingual>>,
}

/// What one kind of reader can find.
struct Side {
    search: SearchIndex,
    /// By words alone. Fitted when it is first needed, or in the background: pages and search do
    /// not wait for it.
    matcher: OnceLock<Matcher>,
    /// What a sentence encoder needs; `None` without one.
    meant: Option<Meant>,
}

/// With fewer articles than this by words, a search also looks for what means the same.
const FEW_HITS: usize = 3;
/// Everything that answers come from: one revision of the knowledge base, prepared.
pub struct Snapshot {
    /// The articles.
    pub library: Library,
    /// Problems in the files, errors first seen at this load.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the disk refused a file of the knowledge base; it may give it the next time.
    pub unread: bool,
    /// Counts reloads, from 1.
    pub generation: u64,
    /// When what the public reads last changed, as far as this process has seen. An edit of an
    /// internal article does not count, so that nothing public tells of it.
    pub public_changed: Timestamp,
    public_hash: blake3::Hash,
    /// What staff had said about tickets when this revision was loaded.
    said: Said,
    public: Side,
    staff: Side,
}

impl Snapshot {
    fn side(&self, reader: Reader) -> &Side {
        match reader {
            Reader::Public => &self.public,
            Reader::Staff => &self.staff,
        }
    }

    /// The matcher of a reader's articles; waits if it is being fitted.
    fn matcher(&self, reader: Reader) -> &Matcher {
        let side = self.side(reader);
        let fit = || Matcher::taught(&self.library, reader, &self.said);
        match &side.meant {
            None => side.matcher.get_or_init(fit),
            Some(meant) => match meant.matcher.get() {
                Some(matcher) => matcher,
                None if meant.far => side.matcher.get_or_init(fit),
                None => self.refined(meant, reader),
            },
        }
    }

    /// The matcher by words and meaning; computes the vectors that are missing.
    fn refined<'a>(&'a self, meant: &'a Meant, reader: Reader) -> &'a Matcher {
        meant.matcher.get_or_init(|| Matcher::of_corpus(&meant.corpus, &self.library, reader))
    }

    /// Fits both matchers, side by side, and then those that were waiting for vectors.
    fn warm(&self) {
        std::thread::scope(|scope| {
            for reader in Reader::ALL {
                scope.spawn(move || {
                    self.matcher(reader);
                });
            }
        });
        let (public, staff) = (self.public.meant.as_ref(), self.staff.meant.as_ref());
        if let Some(public) = public {
            self.refined(public, Reader::Public);
            public.keep();
        }
        if let (Some(public), Some(staff)) = (public, staff) {
            // Never the other way: what is public may be known to staff.
            staff.memo.copy_from(&public.memo);
            self.refined(staff, Reader::Staff);
            staff.keep();
        }
    }

    /// The passage of an article that answers a text best. The text must have been redacted.
    pub fn passage(&self, text: &str, article: &Article) -> Snippet {
        let analyser = &self.library.analyser;
        let query = SearchQuery::new(analyser, &analyser.analyse(text));
        self.public.search.passage(&self.library, article, &query)
    }

    /// Searches the articles of a reader. The text must have been redacted.
    fn search(
        &self,
        reader: Reader,
        text: &str,
        lang: Lang,
        wanted: Wanted<'_>,
    ) -> Result<Found, IndexError> {
        let side = self.side(reader);
        let mut found = side.search.search(&self.library, text, lang, wanted)?;
        let few = wanted.limit.min(FEW_HITS);
        if found.hits.len() + found.besides.len() < few {
            self.add_near(side, (text, lang), few, &mut found);
        }
        Ok(found)
    }

    /// Where words find little, what means much the same, in either language. Never waits: an
    /// encoder that is not ready, or far away, is not asked.
    fn add_near(&self, side: &Side, (text, lang): (&str, Lang), limit: usize, found: &mut Found) {
        let ready = side.meant.as_ref().filter(|meant| meant.memo.encoder().is_near());
        let Some(matcher) = ready.and_then(|meant| meant.matcher.get()) else { return };
        for (id, _) in matcher.nearest_in_meaning(&meaning::folded(text), limit) {
            let known = found.hits.iter().any(|hit| hit.article.id.as_str() == id);
            if known || found.hits.len() >= limit {
                continue;
            }
            let hit = id.parse().ok();
            let hit = hit.and_then(|id| side.search.hit(&self.library, &id, text, lang));
            found.hits.extend(hit);
        }
    }
}

/// The engine. Shared between threads.
pub struct Engine {
    places: Places,
    memos: Option<Memos>,
    store: Box<dyn Store>,
    redactor: Redactor,
    snapshot: ArcSwap<Snapshot>,
    /// Reloads come one after another.
    reloading: Mutex<()>,
}

impl Engine {
    /// Loads the knowledge base and prepares everything.
    pub fn open(
        places: Places,
        store: Box<dyn Store>,
        redactor: Redactor,
    ) -> Result<Engine, EngineError> {
        Engine::open_with(places, store, redactor, None)
    }

    /// Loads the knowledge base and prepares everything, with a sentence encoder if there is one.
    pub fn open_with(
        places: Places,
        store: Box<dyn Store>,
        redactor: Redactor,
        encoder: Option<&Arc<dyn Encoder>>,
    ) -> Result<Engine, EngineError> {
        let folder = places.indexes.as_ref().map(|indexes| indexes.with_file_name("vectors"));
        let memos = encoder.map(|encoder| Memos::new(encoder, folder.as_ref()));
        let snapshot = Arc::new(prepare(&places, store.as_ref(), memos.as_ref(), None)?);
        warm_in_background(&snapshot);
        let snapshot = ArcSwap::new(snapshot);
        Ok(Engine { places, memos, store, redactor, snapshot, reloading: Mutex::new(()) })
    }

    /// The current revision. Hold it for the length of one answer, so that the answer is of a piece.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The name of the sentence encoder, if there is one.
    pub fn encoder(&self) -> Option<&str> {
        self.memos.as_ref().map(|memos| memos.public.encoder().name())
    }

    /// The event store.
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// Reads the knowledge base again and, if all goes well, answers from it from now on. A broken
    /// file keeps its last good version.
    pub fn reload(&self) -> Result<Arc<Snapshot>, EngineError> {
        self.change_files(|_| Ok(())).map(|((), snapshot)| snapshot)
    }

    /// Learns what staff said since the last load. Unlike [`Engine::reload`] it fits the matchers
    /// before it answers from them: an agent's click must not make the next ticket wait.
    pub fn relearn(&self) -> Result<Arc<Snapshot>, EngineError> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = self.snapshot();
        let (store, memos) = (self.store.as_ref(), self.memos.as_ref());
        let snapshot = Arc::new(prepare(&self.places, store, memos, Some(&previous))?);
        snapshot.warm();
        self.snapshot.store(snapshot.clone());
        Ok(snapshot)
    }

    /// Everything that an editor should know about the current revision.
    pub fn check(&self, today: Date) -> Vec<Diagnostic> {
        let snapshot = self.snapshot();
        let mut all = snapshot.diagnostics.clone();
        all.extend(check::check(&snapshot.library, today));
        all.sort();
        all
    }

    /// What finds secrets, for texts that are refused rather than cleaned.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Takes the secrets out of a text.
    pub fn redact(&self, text: &str) -> Redacted {
        self.redactor.redact(bounded(text))
    }

    /// Searches for what a reader typed.
    pub fn search(
        &self,
        reader: Reader,
        text: &str,
        lang: Lang,
        wanted: Wanted<'_>,
    ) -> Result<Found, EngineError> {
        let clean = self.redact(text).clean_text;
        Ok(self.snapshot().search(reader, &clean, lang, wanted)?)
    }

    /// One article for a reader.
    pub fn article(
        &self,
        reader: Reader,
        id: &ArticleId,
        lang: Lang,
    ) -> Result<Arc<Article>, EngineError> {
        let snapshot = self.snapshot();
        let article = snapshot.library.article(id, lang, reader);
        article.cloned().ok_or_else(|| EngineError::NoArticle(id.to_string()))
    }

    /// Records that a reader searched for something and found nothing.
    pub fn record_gap(&self, query: &str, at: Timestamp) -> Result<(), EngineError> {
        let clean = self.redact(query).clean_text;
        let lang = self.snapshot().library.analyser.analyse(&clean).lang;
        let folded = fold(&clean);
        let query = folded.text().split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(self.store.record_gap(&Gap { at, lang, query })?)
    }

    /// Records what became of a suggestion.
    pub fn feedback(&self, reader: Reader, feedback: &Feedback) -> Result<(), EngineError> {
        // An internal article must not be told from a missing one by what feedback is accepted.
        self.article(reader, &feedback.article, Lang::En)?;
        Ok(self.store.record_feedback(feedback)?)
    }
}

fn prepare(
    places: &Places,
    store: &dyn Store,
    memos: Option<&Memos>,
    previous: Option<&Snapshot>,
) -> Result<Snapshot, EngineError> {
    let loaded =
        load::load_with(&places.kb, previous.map(|s| &s.library), places.bilingual.as_ref())?;
    let library = loaded.library;
    let mut said = Said::default();
    for verdict in store.verdicts()? {
        let list = if verdict.confirmed { &mut said.confirmed } else { &mut said.rejected };
        list.push((verdict.text, verdict.article));
    }
    let side = |reader| -> Result<Side, EngineError> {
        let index = match &places.indexes {
            Some(dir) => build::open_or_build(dir, &library, reader)?,
            None => build::in_memory(&library, reader)?,
        };
        let search = SearchIndex::new(&index, &library, reader)?;
        let meant = memos.map(|memos| Meant::new(&library, reader, &said, memos.of(reader)));
        Ok(Side { search, matcher: OnceLock::new(), meant })
    };
    let (public, staff) = (side(Reader::Public)?, side(Reader::Staff)?);
    if let Some(dir) = &places.indexes {
        build::remove_others(dir, &library.revision);
    }
    let generation = previous.map_or(1, |s| s.generation + 1);
    let (diagnostics, unread) = (loaded.diagnostics, loaded.unread);
    let public_hash = library.public_hash();
    let same = previous.filter(|s| s.public_hash == public_hash);
    let public_changed = same.map_or_else(now, |s| s.public_changed);
    Ok(Snapshot {
        library,
        diagnostics,
        unread,
        generation,
        public_changed,
        public_hash,
        said,
        public,
        staff,
    })
}

fn warm_in_background(snapshot: &Arc<Snapshot>) {
    let snapshot = snapshot.clone();
    // If no thread is to be had, the first ticket fits the matcher.
    let warm = move || {
        snapshot.warm();
        redact::warm();
    };
    drop(std::thread::Builder::new().name("warm".into()).spawn(warm));
}

/// The beginning of a text that is too long, cut at a character border.
fn bounded(text: &str) -> &str {
    let end = (0..=TICKET_BYTES_MAX.min(text.len())).rev().find(|&i| text.is_char_boundary(i));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}
