//! The weights' file: a path → named sections, mapped into memory.
//!
//! `scripts/fetch-encoder` writes it and says what it looks like. Nothing is read but the header
//! until a section is asked for, and the large ones stay on disk until a piece of them is touched.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use super::EncoderError;

const MAGIC: &[u8] = b"ZHINENC1";
const DIGEST_BYTES: usize = 32;
const NAME_BYTES: usize = 16;

/// A weights' file that is open.
pub struct Weights {
    sections: BTreeMap<String, OwnedBytes>,
    /// SHA-256 of what the file was made from, in hex.
    pub digest: String,
}

impl Weights {
    /// Opens the file `name` in `folder`.
    pub fn open(folder: &Path, name: &str) -> Result<Weights, EncoderError> {
        let broken =
            |what: &str| EncoderError::Weights { path: folder.join(name), what: what.to_owned() };
        let directory = MmapDirectory::open(folder).map_err(|e| broken(&e.to_string()))?;
        let file = directory.open_read(Path::new(name)).map_err(|e| broken(&e.to_string()))?;
        let bytes = file.read_bytes().map_err(|e| broken(&e.to_string()))?;
        read(&bytes).ok_or_else(|| broken("the file is cut off or of another kind"))
    }

    /// A section as it stands.
    pub fn bytes(&self, name: &str) -> Option<OwnedBytes> {
        self.sections.get(name).cloned()
    }

    /// A section of numbers; `None` if it does not hold `count` of them.
    pub fn numbers<const N: usize, T>(
        &self,
        name: &str,
        count: usize,
        from: fn([u8; N]) -> T,
    ) -> Option<Vec<T>> {
        let bytes = self.sections.get(name)?;
        let (chunks, rest) = bytes.as_chunks::<N>();
        (rest.is_empty() && chunks.len() == count)
            .then(|| chunks.iter().map(|chunk| from(*chunk)).collect())
    }
}

fn read(bytes: &OwnedBytes) -> Option<Weights> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (digest, rest) = rest.split_at_checked(DIGEST_BYTES)?;
    let (count, mut rest) = rest.split_first_chunk()?;
    let mut sections = BTreeMap::new();
    for _ in 0..u32::from_le_bytes(*count) {
        let (name, after) = rest.split_first_chunk::<NAME_BYTES>()?;
        let (offset, after) = after.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let name = std::str::from_utf8(name).ok()?.trim_end_matches('\0').to_owned();
        let start = usize::try_from(u64::from_le_bytes(*offset)).ok()?;
        let end = start.checked_add(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        if end > bytes.len() {
            return None;
        }
        sections.insert(name, bytes.slice(start..end));
        rest = after;
    }
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    Some(Weights { sections, digest })
}
