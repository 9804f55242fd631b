//! Building an index and opening it again.
//!
//! An index is searched in memory, where it is a fraction of the library's size: what a disk does to
//! its files later changes no answer. The files spare the next start the building. They lie in a
//! folder named after what they were made from (revision, reader, schema), so a folder that exists
//! is either right or damaged; a damaged one is thrown away and built anew, and a disk that takes
//! none only costs time.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::{Directory, MmapDirectory, RamDirectory, TerminatingWrite};
use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexSettings, TantivyDocument};

use crate::data::sync_dir;
use crate::kb::Article;
use crate::kb::library::{Library, Reader};
use crate::text::Analyser;

use super::IndexError;
use super::schema::{Fields, VERSION};
use super::tokenizer::{ArticleTokenizer, NAME};

/// Memory for one indexing thread. One thread keeps the order of documents, and so of ties, fixed.
const WRITER_BYTES: usize = 48 * 1024 * 1024;

/// The file that lists the others with their hashes.
const HASHES: &str = "hashes";

/// The index of `library` for `reader`: from its files below `dir`, or built and kept there.
pub fn open_or_build(dir: &Path, library: &Library, reader: Reader) -> Result<Index, IndexError> {
    let folder = dir.join(format!("{}-{}-v{VERSION}", library.revision, reader.code()));
    if let Some(index) = reopen(&folder) {
        register(&index, &library.analyser);
        return Ok(index);
    }
    let files = RamDirectory::create();
    let index = Index::create(files.clone(), Fields::default().schema, IndexSettings::default())?;
    fill(&index, library, reader)?;
    let building = dir.join(format!("building-{}", reader.code()));
    if let Err(error) = keep(&files, &building, &folder) {
        tracing::warn!("{error}; the next start takes longer");
    }
    Ok(index)
}

/// Builds an index for one-off commands.
pub fn in_memory(library: &Library, reader: Reader) -> Result<Index, IndexError> {
    let index = Index::create_in_ram(Fields::default().schema);
    fill(&index, library, reader)?;
    Ok(index)
}

/// Writes the files beside their place and moves them there whole: a crash leaves no half index
/// under the name.
fn keep(files: &RamDirectory, building: &Path, folder: &Path) -> Result<(), IndexError> {
    let io = |path: &Path| {
        let path: PathBuf = path.to_owned();
        move |source| IndexError::Io { path, source }
    };
    for stale in [building, folder] {
        if stale.exists() {
            std::fs::remove_dir_all(stale).map_err(io(stale))?;
        }
    }
    std::fs::create_dir_all(building).map_err(io(building))?;
    let directory = MmapDirectory::open(building).map_err(tantivy::TantivyError::from)?;
    files.persist(&directory)?;
    let hashes = || -> io::Result<()> {
        let mut lines = first_line(folder);
        for entry in std::fs::read_dir(building)? {
            let name = entry?.file_name();
            let bytes =
                files.open_read(Path::new(&name)).map_err(io::Error::other)?.read_bytes()?;
            lines += &line(&bytes, &name.to_string_lossy());
        }
        let mut file = File::create(building.join(HASHES))?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()?;
        sync_dir(building)
    };
    hashes().map_err(io(building))?;
    std::fs::rename(building, folder).map_err(io(folder))
}

/// What the list of hashes begins with: files of another index are no use, however whole.
fn first_line(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    format!("files of {name}\n")
}

fn line(bytes: &[u8], name: &str) -> String {
    format!("{} {name}\n", blake3::hash(bytes).to_hex())
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

/// Reads the files into memory, if each of them is the one that was written.
#[expect(clippy::disallowed_methods, reason = "an index reads its own files")]
fn reopen(folder: &Path) -> Option<Index> {
    let files = RamDirectory::create();
    let hashes = std::fs::read_to_string(folder.join(HASHES)).ok()?;
    for known in hashes.strip_prefix(&first_line(folder))?.split_inclusive('\n') {
        let (_, name) = known.trim_end().split_once(' ')?;
        let bytes = std::fs::read(folder.join(name)).ok()?;
        if line(&bytes, name) != known {
            return None;
        }
        let mut target = files.open_write(Path::new(name)).ok()?;
        target.write_all(&bytes).ok()?;
        target.terminate().ok()?;
    }
    let index = Index::open(files).ok()?;
    (index.schema() == Fields::default().schema).then_some(index)
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
