//! JSON lines in and out: a malformed line is named with its number and skipped.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

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
