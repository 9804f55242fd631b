//! What the engine keeps for a sentence encoder: one memory for each kind of reader, and a matcher by
//! words and meaning beside the one by words alone.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::encoder::Encoder;
use crate::encoder::memo::Memo;
use crate::kb::library::{Library, Reader};
use crate::suggest::{Corpus, Matcher, Said, meaning};

/// More texts without a vector than this are computed in the background: half a second's work.
const NEAR_MAX: usize = 64;

/// The encoder with what it remembers of public articles, and of all.
pub(super) struct Memos {
    pub(super) public: Arc<Memo>,
    staff: Arc<Memo>,
}

impl Memos {
    /// The encoder's memory in a folder; `None` keeps it in memory.
    pub(super) fn new(encoder: &Arc<dyn Encoder>, folder: Option<&PathBuf>) -> Memos {
        let memo = |name: &str| {
            Arc::new(Memo::new(encoder.clone(), folder.map(|folder| folder.join(name))))
        };
        Memos { public: memo("public.bin"), staff: memo("staff.bin") }
    }

    /// The memory for a kind of reader.
    pub(super) fn of(&self, reader: Reader) -> &Arc<Memo> {
        match reader {
            Reader::Public => &self.public,
            Reader::Staff => &self.staff,
        }
    }
}

/// A reader's articles for a sentence encoder.
pub(super) struct Meant {
    pub(super) corpus: Corpus,
    pub(super) memo: Arc<Memo>,
    /// The texts whose vectors are wanted.
    texts: Vec<String>,
    /// Whether so many vectors are missing that tickets are answered by words until they are there.
    pub(super) far: bool,
    /// By words and meaning.
    pub(super) matcher: OnceLock<Matcher>,
}

impl Meant {
    /// What a sentence encoder needs to know of a reader's articles.
    pub(super) fn new(library: &Library, reader: Reader, said: &Said, memo: &Arc<Memo>) -> Meant {
        let corpus = Corpus::of_library(library, reader, said).with_memo(Some(memo.clone()));
        let mut texts = meaning::texts(&corpus);
        texts.extend(library.golden.iter().map(|ticket| meaning::folded(&ticket.text)));
        let far = memo.missing(texts.iter().map(String::as_str)) > NEAR_MAX;
        Meant { corpus, memo: memo.clone(), texts, far, matcher: OnceLock::new() }
    }

    /// Keeps the vectors that are in use, and no others.
    pub(super) fn keep(&self) {
        self.memo.keep(self.texts.iter().map(String::as_str));
        if let Err(error) = self.memo.save() {
            tracing::warn!("cannot keep the vectors, they will be computed again: {error}");
        }
    }
}
