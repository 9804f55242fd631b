//! A memo: an encoder that remembers the vectors of texts that come again.
//!
//! What a knowledge base says is encoded once and kept in a file beside the search indexes; what a
//! visitor writes is encoded and forgotten. Shared between threads. One memo serves one kind of
//! reader, as indexes do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::vectors::Vectors;
use super::{Encoder, Vector};

/// An encoder with its memory.
pub struct Memo {
    encoder: Arc<dyn Encoder>,
    file: Option<PathBuf>,
    known: Mutex<Known>,
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memo").field("encoder", &self.encoder.name()).finish_non_exhaustive()
    }
}

struct Known {
    vectors: Vectors,
    /// Whether the file lacks any of them.
    new: bool,
}

impl Memo {
    /// A memo of `encoder` that starts with what a file holds; `None` keeps it in memory.
    pub fn new(encoder: Arc<dyn Encoder>, file: Option<PathBuf>) -> Memo {
        let load = |path: &PathBuf| Vectors::load(path, encoder.as_ref());
        let vectors = file.as_ref().map(load).unwrap_or_default();
        Memo { encoder, file, known: Mutex::new(Known { vectors, new: false }) }
    }

    /// The encoder.
    pub fn encoder(&self) -> &dyn Encoder {
        self.encoder.as_ref()
    }

    /// How many of some texts would have to be computed.
    pub fn missing<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> usize {
        self.known().vectors.missing(texts).len()
    }

    /// Computes and remembers what is not known of some texts. Returns false if the encoder failed.
    pub fn learn<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let missing = self.known().vectors.missing(texts);
        if missing.is_empty() {
            return true;
        }
        // Nobody waits for the lock while vectors are computed.
        let mut computed = Vectors::default();
        let filled = computed.fill(self.encoder.as_ref(), &missing);
        let mut own = self.known();
        own.vectors.extend(computed);
        own.new = true;
        filled.inspect_err(|error| tracing::warn!("{error}")).is_ok()
    }

    /// The vector of a text that is remembered.
    pub fn recall(&self, text: &str) -> Option<Vector> {
        self.known().vectors.get(text).cloned()
    }

    /// The vector of a text, which is not remembered; `None` if the encoder failed.
    pub fn vector(&self, text: &str) -> Option<Vector> {
        if let Some(vector) = self.recall(text) {
            return Some(vector);
        }
        let vectors = self.encoder.encode(&[text]);
        vectors.inspect_err(|error| tracing::warn!("{error}")).ok()?.pop()
    }

    /// Remembers what another memo of the same encoder does.
    pub fn copy_from(&self, other: &Memo) {
        let vectors = other.known().vectors.clone();
        let mut known = self.known();
        known.new = true;
        known.vectors.extend(vectors);
    }

    /// Forgets all but the vectors of some texts.
    pub fn keep<'a>(&self, texts: impl IntoIterator<Item = &'a str>) {
        self.known().vectors.keep(texts);
    }

    /// Writes the file if it lacks any vectors.
    pub fn save(&self) -> std::io::Result<()> {
        let vectors = {
            let mut known = self.known();
            if !known.new {
                return Ok(());
            }
            known.new = false;
            known.vectors.clone()
        };
        match &self.file {
            Some(path) => vectors.save(path, self.encoder.as_ref()),
            None => Ok(()),
        }
    }

    /// Where the vectors are kept.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
