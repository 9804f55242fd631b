//! Vectors that were computed: by text, in memory and in a file.
//!
//! A text is known by the hash of its bytes, so what an edit leaves as it was is never computed
//! again. A file holds the vectors of one version of one encoder; one of another version, or a
//! damaged one, counts as empty.

use std::io::{BufWriter, Write};
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Encoder, EncoderError, Vector};

const MAGIC: &[u8] = b"ZHINVEC1";
const KEY_BYTES: usize = 16;
/// Texts that are encoded in one call.
const CALL: usize = 32;

/// The hash of a text.
type Key = [u8; KEY_BYTES];

/// Vectors by text. Empty where there is no encoder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    by_text: FxHashMap<Key, Vector>,
}

impl Vectors {
    /// The vector of a text, if it is known.
    pub fn get(&self, text: &str) -> Option<&Vector> {
        self.by_text.get(&key(text))
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.by_text.len()
    }

    /// Returns true if and only if none is known.
    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }

    /// The texts that are not known, each once, in order.
    pub fn missing<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let mut seen = FxHashSet::default();
        let unknown = |text: &&str| {
            let key = key(text);
            !self.by_text.contains_key(&key) && seen.insert(key)
        };
        texts.into_iter().filter(unknown).collect()
    }

    /// Computes the vectors of texts that are not known.
    pub fn fill(&mut self, encoder: &dyn Encoder, texts: &[&str]) -> Result<(), EncoderError> {
        for texts in texts.chunks(CALL) {
            let vectors = encoder.encode(texts)?;
            self.by_text.extend(texts.iter().map(|text| key(text)).zip(vectors));
        }
        Ok(())
    }

    /// Adds what others have computed.
    pub fn extend(&mut self, others: Vectors) {
        self.by_text.extend(others.by_text);
    }

    /// Forgets all but the vectors of some texts.
    pub fn keep<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        let wanted: FxHashSet<Key> = texts.into_iter().map(key).collect();
        self.by_text.retain(|key, _| wanted.contains(key));
    }

    /// The vectors of a file; none if it is not there, of another version, or damaged.
    #[expect(clippy::disallowed_methods, reason = "vectors are kept in a file of their own")]
    pub fn load(path: &Path, encoder: &dyn Encoder) -> Vectors {
        let Ok(bytes) = std::fs::read(path) else { return Vectors::default() };
        read(&bytes, encoder).unwrap_or_default()
    }

    /// Writes all vectors into a file, in one step.
    pub fn save(&self, path: &Path, encoder: &dyn Encoder) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let partial = path.with_extension("partial");
        let mut file = BufWriter::new(std::fs::File::create(&partial)?);
        file.write_all(&head(encoder))?;
        let mut sorted: Vec<(&Key, &Vector)> = self.by_text.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        let mut check = blake3::Hasher::new();
        for (key, vector) in sorted {
            let mut record = key.to_vec();
            record.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
            check.update(&record);
            file.write_all(&record)?;
        }
        file.write_all(check.finalize().as_bytes())?;
        file.into_inner()?.sync_all()?;
        std::fs::rename(partial, path)
    }
}

fn key(text: &str) -> Key {
    let mut key = Key::default();
    key.iter_mut().zip(blake3::hash(text.as_bytes()).as_bytes()).for_each(|(k, b)| *k = *b);
    key
}

/// What a file of this encoder starts with.
fn head(encoder: &dyn Encoder) -> Vec<u8> {
    let version = format!("{} {}", encoder.version(), encoder.dimension());
    [MAGIC, blake3::hash(version.as_bytes()).as_bytes()].concat()
}

fn read(bytes: &[u8], encoder: &dyn Encoder) -> Option<Vectors> {
    let rest = bytes.strip_prefix(head(encoder).as_slice())?;
    let (records, check) = rest.split_last_chunk::<{ blake3::OUT_LEN }>()?;
    if blake3::hash(records) != blake3::Hash::from_bytes(*check) {
        return None;
    }
    let records = records.chunks(KEY_BYTES + encoder.dimension() * size_of::<f32>());
    let record = |record: &[u8]| {
        let (key, numbers) = record.split_first_chunk::<KEY_BYTES>()?;
        let (numbers, _) = numbers.as_chunks::<4>();
        let vector: Vector = numbers.iter().map(|n| f32::from_le_bytes(*n)).collect();
        (vector.len() == encoder.dimension()).then_some((*key, vector))
    };
    Some(Vectors { by_text: records.map(record).collect::<Option<_>>()? })
}
