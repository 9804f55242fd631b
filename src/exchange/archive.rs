//! Zip archives: bytes → files in memory, within bounds; files → bytes, always the same.
//!
//! Nothing is unpacked to a disk. What an archive says of itself is not believed: entries, bytes and
//! their ratio are counted as they come, and one entry that is not plain refuses the whole.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use memchr::memmem;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::names;

/// The largest archive or file that is taken.
pub const INPUT_BYTES_MAX: usize = 20 * 1024 * 1024;
/// The most files in it.
pub const FILES_MAX: usize = 5_000;
/// What they may hold altogether.
pub const TOTAL_BYTES_MAX: usize = 100 * 1024 * 1024;
/// What one of them may hold.
const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How many times larger than packed a file may become; text comes to 3 to 20.
const RATIO_MAX: usize = 100;
/// Up to here nobody asks for the ratio: a short file of blanks is no harm.
const RATIO_FROM: usize = 1024 * 1024;

/// A file of an import or an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name with folders, divided by `/`.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why an archive, or a folder, is refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read as an archive.
    #[error("this is no whole zip archive ({0}); pack it again")]
    Broken(String),
    /// There is too much of something.
    #[error("the import has more than {most} {what}; split it")]
    TooMuch {
        /// How much is taken.
        most: usize,
        /// Of what.
        what: &'static str,
    },
    /// An entry that no honest archive has, or that is not supported.
    #[error("`{name}` is {why}; leave it out and pack the rest again")]
    Entry {
        /// Its name, as far as it can be shown.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Collects the files of an import; looks at each name and counts.
#[derive(Debug, Default)]
pub struct Collected {
    files: Vec<File>,
    names: BTreeSet<String>,
    bytes: usize,
}

impl Collected {
    /// Looks at a name before anything is read under it. `false`: nothing of interest, pass over it.
    pub fn admit(&mut self, name: &str) -> Result<bool, ArchiveError> {
        if let Some(why) = names::refused(name) {
            return Err(entry(name, why));
        }
        // Two names that are one on many disks: which of the files would it be?
        if !self.names.insert(name.to_lowercase()) {
            return Err(entry(name, "a name that another file has too, perhaps in capitals"));
        }
        if self.names.len() > FILES_MAX {
            return Err(ArchiveError::TooMuch { most: FILES_MAX, what: "files" });
        }
        Ok(!names::is_litter(name))
    }

    /// How many bytes the next file may have.
    pub fn room(&self) -> usize {
        FILE_BYTES_MAX.min(TOTAL_BYTES_MAX.saturating_sub(self.bytes))
    }

    /// Adds an admitted file of at most [`Collected::room`] bytes; a longer one was cut off there.
    pub fn add(&mut self, name: String, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        if bytes.len() > self.room() {
            return Err(if bytes.len() > FILE_BYTES_MAX {
                ArchiveError::TooMuch { most: FILE_BYTES_MAX, what: "bytes in one file" }
            } else {
                ArchiveError::TooMuch { most: TOTAL_BYTES_MAX, what: "bytes" }
            });
        }
        if names::is_archive(&name, &bytes) {
            return Err(entry(&name, "an archive itself"));
        }
        self.bytes += bytes.len();
        self.files.push(File { name, bytes });
        Ok(())
    }

    /// The files, by name.
    pub fn into_files(mut self) -> Vec<File> {
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        self.files
    }
}

/// The files of an import that is one file: a zip archive, or itself.
pub fn files(name: &str, bytes: Vec<u8>) -> Result<Vec<File>, ArchiveError> {
    if bytes.len() > INPUT_BYTES_MAX {
        return Err(ArchiveError::TooMuch { most: INPUT_BYTES_MAX, what: "bytes" });
    }
    let is_zip = bytes.starts_with(b"PK") || name.to_ascii_lowercase().ends_with(".zip");
    if is_zip {
        return unpack(&bytes);
    }
    let mut collected = Collected::default();
    // A browser may send a whole path; what counts is the name.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    collected.admit(name)?;
    collected.add(name.to_owned(), bytes)?;
    Ok(collected.into_files())
}

fn unpack(bytes: &[u8]) -> Result<Vec<File>, ArchiveError> {
    // What is read of a directory is bounded by the entries that are there, not by what is declared.
    let entries = memmem::find_iter(bytes, b"PK\x01\x02").take(FILES_MAX * 2 + 1).count();
    if entries > FILES_MAX * 2 {
        return Err(ArchiveError::TooMuch { most: FILES_MAX, what: "files" });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.offset() != 0 {
        return Err(ArchiveError::Broken("something stands before it".into()));
    }
    if archive.has_duplicate_names() {
        return Err(ArchiveError::Broken("two of its files have one name".into()));
    }
    if archive.has_overlapping_entries().map_err(|e| broken(&e))? {
        return Err(ArchiveError::Broken("two of its files share their bytes".into()));
    }
    archive.validate_header_consistency().map_err(|e| broken(&e))?;
    let mut collected = Collected::default();
    for index in 0..archive.len() {
        unpack_one(&mut archive, index, &mut collected)?;
    }
    Ok(collected.into_files())
}

fn unpack_one(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    collected: &mut Collected,
) -> Result<(), ArchiveError> {
    let file = archive.by_index_data(index).map_err(|e| broken(&e))?;
    let raw = file.name_raw();
    let Ok(name) = std::str::from_utf8(raw).map(str::to_owned) else {
        return Err(entry(&String::from_utf8_lossy(raw), "a name that is not UTF-8"));
    };
    let wanted = collected.admit(&name)?;
    // Permissions of a kind of file that is neither a file nor a folder: links, devices, pipes.
    let kind = file.unix_mode().map_or(0, |mode| mode & 0o170_000);
    if file.is_symlink() || !matches!(kind, 0 | 0o100_000 | 0o040_000) {
        return Err(entry(&name, "a link or a device"));
    }
    if file.encrypted() {
        return Err(entry(&name, "encrypted"));
    }
    let method = file.compression();
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(entry(&name, "packed in a way that is not supported (use deflate)"));
    }
    if file.is_dir() {
        let empty = file.size() == 0;
        return if empty { Ok(()) } else { Err(entry(&name, "a folder with content")) };
    }
    let (declared, packed) = (file.size(), file.compressed_size());
    if declared > collected.room() as u64 {
        return Err(ArchiveError::TooMuch { most: collected.room(), what: "bytes" });
    }
    let mut reader = archive.by_index(index).map_err(|e| broken(&e))?;
    let bytes = within_ratio(&mut reader, &name, packed, collected.room())?;
    if bytes.len() as u64 != declared {
        return Err(entry(&name, "not as long as the archive says"));
    }
    if wanted { collected.add(name, bytes) } else { Ok(()) }
}

/// Reads a packed file as long as it stays within bounds; one byte more than `room` says that it did
/// not.
fn within_ratio(
    reader: &mut impl Read,
    name: &str,
    packed: u64,
    room: usize,
) -> Result<Vec<u8>, ArchiveError> {
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; 64 * 1024]);
    let packed = usize::try_from(packed).unwrap_or(usize::MAX);
    loop {
        let read = reader.read(&mut chunk).map_err(|e| broken(&ZipError::Io(e)))?;
        let Some(part) = chunk.get(..read).filter(|part| !part.is_empty()) else {
            return Ok(bytes);
        };
        bytes.extend_from_slice(part);
        if bytes.len() > RATIO_FROM && bytes.len() / RATIO_MAX > packed {
            return Err(entry(name, "packed too tightly to be text"));
        }
        if bytes.len() > room {
            return Err(ArchiveError::TooMuch { most: TOTAL_BYTES_MAX, what: "bytes" });
        }
    }
}

fn broken(error: &ZipError) -> ArchiveError {
    ArchiveError::Broken(error.to_string())
}

/// An error may show a name, but not all of it, and nothing that moves a terminal's cursor.
fn entry(name: &str, why: &'static str) -> ArchiveError {
    let name: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    ArchiveError::Entry { name, why }
}

/// Packs files into an archive: the same files give the same bytes.
pub fn pack(files: &[File]) -> Result<Vec<u8>, ArchiveError> {
    let options = SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut sorted: Vec<&File> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in sorted {
        writer.start_file(&file.name, options).map_err(|e| broken(&e))?;
        writer.write_all(&file.bytes).map_err(|e| broken(&ZipError::Io(e)))?;
    }
    Ok(writer.finish().map_err(|e| broken(&e))?.into_inner())
}
