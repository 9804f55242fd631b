//! Erasing a person: tickets or a sender in; their words out of the store, and a list beside it so
//! that a restored backup loses them again.
//!
//! The list is written before the store: what a crash cuts off is finished at the next start. It
//! holds numbers, times and keyed marks, nothing that anybody wrote. Backups and copies of the disk
//! made before are out of reach until they are restored.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::{DataDir, append_line};
use crate::events::{Erase, Erased, Store, StoreError};
use crate::id::TicketId;
use crate::time::Timestamp;

/// Why somebody could not be erased.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list could not be read or written.
    #[error("the list of erasures `{path}`: {source}")]
    List {
        /// The list.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ErasureError {
    /// Whether a full disk is the reason.
    pub fn is_full(&self) -> bool {
        match self {
            ErasureError::Store(error) => *error == StoreError::Full,
            ErasureError::List { source, .. } => source.kind() == io::ErrorKind::StorageFull,
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    /// A ticket. Its time, in microseconds, tells it from another with its number.
    Ticket { ticket: u64, at: i64 },
    /// All tickets of a sender.
    Sender { sender: String },
}

/// The list in a data folder.
#[derive(Debug, Clone)]
pub struct Erasures {
    data: DataDir,
}

impl Erasures {
    /// The list of a data folder, which need not be there yet.
    pub fn new(data: &DataDir) -> Erasures {
        Erasures { data: data.clone() }
    }

    /// Erases one ticket.
    pub fn ticket(
        &self,
        store: &dyn Store,
        id: TicketId,
        now: Timestamp,
    ) -> Result<Vec<Erased>, ErasureError> {
        let at = store.ticket(id)?.ticket.at.as_microsecond();
        self.erase(&Line::Ticket { ticket: id.0, at }, store, &Erase::Ticket(id), now)
    }

    /// Erases all tickets under the mark of one sender.
    pub fn sender(
        &self,
        store: &dyn Store,
        mark: String,
        now: Timestamp,
    ) -> Result<Vec<Erased>, ErasureError> {
        self.erase(&Line::Sender { sender: mark.clone() }, store, &Erase::Sender(mark), now)
    }

    /// Erases what is older than a time; no list is needed for that.
    pub fn older(
        &self,
        store: &dyn Store,
        than: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Erased>, ErasureError> {
        self.data.with_room(ErasureError::is_full, || all(store, &Erase::Before(than), now))
    }

    /// Notes it, then does it, also on a full disk.
    fn erase(
        &self,
        line: &Line,
        store: &dyn Store,
        which: &Erase,
        now: Timestamp,
    ) -> Result<Vec<Erased>, ErasureError> {
        self.data.with_room(ErasureError::is_full, || {
            self.add(line)?;
            all(store, which, now)
        })
    }

    /// Erases whatever of the list the store still has, as after a restored backup.
    pub fn apply(&self, store: &dyn Store, now: Timestamp) -> Result<Vec<Erased>, ErasureError> {
        let mut erased = Vec::new();
        for line in self.lines()? {
            let which = match line {
                Line::Ticket { ticket, at } => match store.ticket(TicketId(ticket)) {
                    Ok(known) if known.ticket.at.as_microsecond() == at => Erase::Ticket(known.id),
                    Ok(_) | Err(StoreError::NoTicket(_)) => continue,
                    Err(error) => return Err(error.into()),
                },
                Line::Sender { sender } => Erase::Sender(sender),
            };
            erased.extend(all(store, &which, now)?);
        }
        Ok(erased)
    }

    fn path(&self) -> PathBuf {
        self.data.path().join("erasures.jsonl")
    }

    fn add(&self, line: &Line) -> Result<(), ErasureError> {
        let text = serde_json::to_vec(line).map_err(io::Error::other);
        let added = text.and_then(|text| append_line(&self.path(), &text));
        added.map_err(|source| ErasureError::List { path: self.path(), source })
    }

    fn lines(&self) -> Result<Vec<Line>, ErasureError> {
        let problem = |source| ErasureError::List { path: self.path(), source };
        let file = match File::open(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            opened => opened.map_err(problem)?,
        };
        let mut lines = Vec::new();
        for text in BufReader::new(file).lines() {
            let text = text.map_err(problem)?;
            // A line that a crash cut off was not acted on either.
            lines.extend(serde_json::from_str::<Line>(&text).ok());
        }
        Ok(lines)
    }
}

/// Erases until nothing is left.
pub fn all(store: &dyn Store, which: &Erase, now: Timestamp) -> Result<Vec<Erased>, ErasureError> {
    let mut erased = Vec::new();
    loop {
        let some = store.erase(which, now)?;
        if some.is_empty() {
            return Ok(erased);
        }
        erased.extend(some);
    }
}
