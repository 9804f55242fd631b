//! The bilingual lexicon for a command: found in the data folder, or named, or switched off.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::data::DataDir;
use crate::text::bilingual::Bilingual;

/// Where `scripts/fetch-lexicon` puts it, among what was fetched.
const PLACE: &str = "cc-cedict/cedict.txt";

/// The lexicon that was asked for: `none`, a file, or by default the one in the data folder, if it
/// is there.
#[expect(clippy::disallowed_methods, reason = "the lexicon is read once, at the start")]
pub fn open(data: &Path, choice: Option<&str>) -> anyhow::Result<Option<Arc<Bilingual>>> {
    let path = match choice {
        Some("none") => return Ok(None),
        Some(file) => file.into(),
        None => DataDir::new(data).models().join(PLACE),
    };
    if choice.is_none() && !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the lexicon `{}`; see --lexicon", path.display()))?;
    let lexicon = Bilingual::parse(&text);
    anyhow::ensure!(!lexicon.is_empty(), "`{}` holds no entries of CC-CEDICT", path.display());
    Ok(Some(Arc::new(lexicon)))
}

/// The name under which a run says what it used.
pub fn name(lexicon: Option<&Bilingual>) -> String {
    lexicon.map_or_else(|| "none".to_owned(), |l| format!("cc-cedict {}", l.fingerprint()))
}
