//! A folder as files of an import, and the knowledge base as files of an export.
//!
//! Folders are read through a handle (`cap-std`), so that no link leads out of them: a link in an
//! import is refused, one in the knowledge base is passed over.

use std::io::{self, Read};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::archive::{ArchiveError, Collected, File};

/// Why a folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The disk, or rights.
    #[error("cannot read `{path}`: {source}")]
    Io {
        /// What was being read.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Something in it is refused.
    #[error(transparent)]
    Refused(#[from] ArchiveError),
}

/// The files of a folder that is to be imported.
pub fn files(path: &Path) -> Result<Vec<File>, FolderError> {
    let mut collected = Collected::default();
    walk(path, &mut |name, found| {
        if !collected.admit(&name)? {
            return Ok(());
        }
        let Found::File(file) = found else {
            return Err(ArchiveError::Entry { name, why: "a link or a device" }.into());
        };
        let bytes = content(&name, file.take(collected.room() as u64 + 1))?;
        Ok(collected.add(name, bytes)?)
    })?;
    Ok(collected.into_files())
}

/// Every file of the knowledge base as it is, hidden ones left out, by name.
pub fn knowledge_base(path: &Path) -> Result<Vec<File>, FolderError> {
    let mut files = Vec::new();
    walk(path, &mut |name, found| {
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        if let (Found::File(file), false) = (found, hidden) {
            files.push(File { bytes: content(&name, file)?, name });
        }
        Ok(())
    })?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

enum Found {
    File(cap_std::fs::File),
    Other,
}

type Visit<'a> = dyn FnMut(String, Found) -> Result<(), FolderError> + 'a;

/// Folders deeper than this are not entered; names of so many parts are refused anyway.
const DEPTH_MAX: usize = 20;

fn walk(path: &Path, visit: &mut Visit<'_>) -> Result<(), FolderError> {
    let failed = |source| FolderError::Io { path: path.display().to_string(), source };
    let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(failed)?;
    let mut open = vec![(String::new(), root, 0)];
    while let Some((prefix, dir, depth)) = open.pop() {
        let failed = |source| FolderError::Io { path: prefix.clone(), source };
        let mut entries =
            dir.entries().and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed)?;
        entries.sort_by_key(cap_std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let name = name.to_string_lossy().into_owned();
                return Err(ArchiveError::Entry { name, why: "a name that is not UTF-8" }.into());
            };
            let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            let failed = |source| FolderError::Io { path: name.clone(), source };
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() && depth < DEPTH_MAX {
                open.push((name.clone(), entry.open_dir().map_err(failed)?, depth + 1));
            } else if kind.is_file() {
                let file = entry.open().map_err(failed)?;
                visit(name, Found::File(file))?;
            } else {
                visit(name, Found::Other)?;
            }
        }
    }
    Ok(())
}

fn content(name: &str, mut file: impl Read) -> Result<Vec<u8>, FolderError> {
    let mut bytes = Vec::new();
    let failed = |source| FolderError::Io { path: name.to_owned(), source };
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
