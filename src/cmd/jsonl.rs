//! JSON lines in and out: a malformed line is named with its number and skipped.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a file held: the lines that could be read, and how many could not.
pub struct Lines<T> {
    /// The records, in order.
    pub records: Vec<T>,
    /// How many lines were malformed. They have been named on stderr.
    pub malformed: usize,
}

/// The records of a file with their line numbers, read as they are needed.
pub struct Stream<T> {
    lines: std::iter::Enumerate<std::io::Split<BufReader<File>>>,
    path: PathBuf,
    bytes: u64,
    malformed: usize,
    of: PhantomData<T>,
}

/// Opens a file of JSON lines that may be too long for memory. A missing file is an error.
pub fn stream<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Stream<T>> {
    let context = || format!("cannot read `{}`", path.display());
    let file = File::open(path).with_context(context)?;
    let bytes = file.metadata().map_or(0, |m| m.len());
    let lines = BufReader::new(file).split(b'\n').enumerate();
    Ok(Stream { lines, path: path.to_owned(), bytes, malformed: 0, of: PhantomData })
}

impl<T> Stream<T> {
    /// About how many records there are, by the size of the file.
    pub fn estimate(&self) -> usize {
        (self.bytes / 120) as usize
    }

    /// How many lines were malformed so far. They have been named on stderr.
    pub fn malformed(&self) -> usize {
        self.malformed
    }
}

impl<T: DeserializeOwned> Iterator for Stream<T> {
    type Item = (usize, T);

    fn next(&mut self) -> Option<(usize, T)> {
        loop {
            let (index, line) = self.lines.next()?;
            let Ok(line) = line else {
                // A file that cannot be read on ends here, and not in silence.
                self.malformed += 1;
                return None;
            };
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(record) => return Some((index + 1, record)),
                Err(error) => {
                    complain(&self.path, index + 1, &error);
                    self.malformed += 1;
                }
            }
        }
    }
}

/// Reads a file of JSON lines. A missing file is an error; a malformed line is not.
pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Lines<T>> {
    let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut lines = Lines { records: Vec::new(), malformed: 0 };
    for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.with_context(|| format!("cannot read `{}`", path.display()))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(record) => lines.records.push(record),
            Err(error) => {
                // The error says what was expected and where; it never repeats the text, which
                // may hold a secret.
                complain(path, index + 1, &error);
                lines.malformed += 1;
            }
        }
    }
    Ok(lines)
}

#[expect(clippy::print_stderr, reason = "findings of a command go to stderr")]
fn complain(path: &Path, line: usize, error: &serde_json::Error) {
    let (category, column) = (error.classify(), error.column());
    eprintln!(
        "{}:{line}: malformed line skipped ({category:?} error at column {column})",
        path.display()
    );
}

/// Writes records as JSON lines.
pub fn write<T: Serialize>(path: &Path, records: &[T]) -> anyhow::Result<()> {
    let context = || format!("cannot write `{}`", path.display());
    let mut out = BufWriter::new(File::create(path).with_context(context)?);
    for record in records {
        serde_json::to_writer(&mut out, record).with_context(context)?;
        out.write_all(b"\n").with_context(context)?;
    }
    out.flush().with_context(context)
}
