//! Building an index and opening it again.
//!
//! An index lives in a folder named after what it was made from (revision, reader, schema), so a
//! folder that exists is either right or damaged; a damaged one is thrown away and built anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexSettings, TantivyDocument};

use crate::kb::Article;
use crate::kb::library::{Library, Reader};
use crate::text::Analyser;

use super::IndexError;
use super::schema::{Fields, VERSION};
use super::tokenizer::{ArticleTokenizer, NAME};

/// Memory for one indexing thread. One thread keeps the order of documents, and so of ties, fixed.
const WRITER_BYTES: usize = 48 * 1024 * 1024;

/// Opens the index of `library` for `reader` below `dir`, building it if it is missing or damaged.
pub fn open_or_build(dir: &Path, library: &Library, reader: Reader) -> Result<Index, IndexError> {
    let folder = dir.join(format!("{}-{}-v{VERSION}", library.revision, reader.code()));
    if let Some(index) = reopen(&folder) {
        register(&index, &library.analyser);
        return Ok(index);
    }
    // Built beside its place and moved there whole: a crash leaves no half index under the name.
    let building = dir.join(format!("building-{}", reader.code()));
    let io = |path: &Path| {
        let path: PathBuf = path.to_owned();
        move |source| IndexError::Io { path, source }
    };
    for stale in [&building, &folder] {
        if stale.exists() {
            std::fs::remove_dir_all(stale).map_err(io(stale))?;
        }
    }
    std::fs::create_dir_all(&building).map_err(io(&building))?;
    let directory = MmapDirectory::open(&building).map_err(tantivy::TantivyError::from)?;
    let index = Index::create(directory, Fields::default().schema, IndexSettings::default())?;
    fill(&index, library, reader)?;
    drop(index);
    std::fs::rename(&building, &folder).map_err(io(&folder))?;
    let index = Index::open_in_dir(&folder)?;
    register(&index, &library.analyser);
    Ok(index)
}

/// Builds an index in memory: for one-off commands, and when the disk refuses.
pub fn in_memory(library: &Library, reader: Reader) -> Result<Index, IndexError> {
    let index = Index::create_in_ram(Fields::default().schema);
    fill(&index, library, reader)?;
    Ok(index)
}

/// Removes the folders of other revisions than `keep`; failure only costs disk space.
pub fn remove_others(dir: &Path, keep: &str) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with(keep) && !name.starts_with("building-") {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

/// The indexes below `dir` that are damaged; the next start builds them anew.
pub fn damaged(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut damaged: Vec<PathBuf> = entries
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with("building-"))
        .map(|entry| entry.path())
        .filter(|folder| folder.is_dir() && reopen(folder).is_none())
        .collect();
    damaged.sort();
    damaged
}

fn reopen(folder: &Path) -> Option<Index> {
    if !folder.join("meta.json").exists() {
        return None;
    }
    let index = Index::open_in_dir(folder).ok()?;
    let damaged = index.validate_checksum().map_or(true, |files| !files.is_empty());
    (!damaged && index.schema() == Fields::default().schema).then_some(index)
}

fn register(index: &Index, analyser: &Arc<Analyser>) {
    index.tokenizers().register(NAME, ArticleTokenizer(analyser.clone()));
}

fn fill(index: &Index, library: &Library, reader: Reader) -> Result<(), IndexError> {
    register(index, &library.analyser);
    let fields = Fields::default();
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for pair in library.pairs.values() {
        let versions: Vec<_> = pair.versions().filter(|a| reader.may_read(a)).collect();
        for article in &versions {
            writer.add_document(document(&fields, article, versions.len() == 1))?;
        }
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

fn document(fields: &Fields, article: &Article, sole: bool) -> TantivyDocument {
    let headings: Vec<&str> = article.body.headings.iter().map(|h| h.text.as_str()).collect();
    let body: Vec<&str> = article.body.blocks.iter().map(|b| b.text.as_str()).collect();
    let texts = [
        article.meta.title.clone(),
        article.meta.questions.join("\n"),
        headings.join("\n"),
        format!("{}\n{}", article.meta.summary, body.join("\n")),
        article.meta.tags.join("\n"),
    ];
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, article.id.as_str());
    document.add_text(fields.lang, article.lang.code());
    if sole {
        document.add_text(fields.sole, "1");
    }
    for ((field, _), text) in fields.text.iter().zip(texts) {
        document.add_text(*field, text);
    }
    document
}
