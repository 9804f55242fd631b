//! The store on disk: SQLite in WAL mode with synchronous=FULL.
//!
//! One file in, the verbs of [`Store`] out. [`schema`] opens and migrates the file, [`writer`] owns
//! the one connection that writes and commits verbs in groups, [`write`] and [`session`] say what each verb writes,
//! [`reader`] lends read-only connections to the queries of [`read`], [`row`] turns columns into
//! tickets and back, [`people`] keeps people, [`rescan`] takes out what newer rules find. It makes no
//! folders and keeps no text out: text is redacted before it comes here.

pub mod copy;
mod episode_word;
mod erase;
mod people;
mod pile;
mod read;
mod reader;
pub mod rescan;
mod row;
mod schema;
mod service;
mod session;
mod write;
mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use rusqlite::{OpenFlags, ffi};

use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::people::audit::{Entry, Noted};
use crate::people::{Change, Person, Session, Token};
use crate::time::Timestamp;

use super::episode_word::EpisodeWord;
use super::erasure::{Erase, Erased};
use super::event::{Feedback, NewTicket, Outcome, Ticket, TicketState};
use super::people::{Account, People, Seen};
use super::pile::{Pin, Sorting};
use super::service::{Handled, Recontacts, SearchCount};
use super::session::{ContactAfterReading, Gap, GapCount, SessionCounts, SessionSteps};
use super::store::{IssueCount, QueueFilter, Recorded, Store, StoreError, Verdict};
use reader::Readers;
use writer::Writer;

/// Keeps events in one SQLite file.
pub struct SqliteStore {
    // Fields drop in this order. The writer closes last, so that its connection, the only one that
    // may, folds the log into the file.
    readers: Readers,
    writer: Writer,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the store in the file at `path`, whose folder must exist; makes or migrates it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let conn = schema::open_to_write(path)?;
        let readers = Readers::open(path)?;
        let writer = Writer::start(conn).map_err(|e| schema::refuse(path, e.to_string()))?;
        Ok(SqliteStore { readers, writer, path: path.to_owned() })
    }

    /// How many transactions were committed since the store was opened; fewer than writes, because
    /// writes that wait together are committed together.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }
}

impl Store for SqliteStore {
    fn record_ticket(&self, ticket: &NewTicket) -> Result<Recorded, StoreError> {
        self.writer.submit(ticket.clone())
    }

    fn record_feedback(&self, feedback: &Feedback) -> Result<(), StoreError> {
        self.writer.submit(feedback.clone())
    }

    fn ticket(&self, id: TicketId) -> Result<Ticket, StoreError> {
        self.readers.with(|conn| read::ticket(conn, id))
    }

    fn tickets(&self, before: Option<TicketId>, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        self.readers.with(|conn| read::tickets(conn, before, limit))
    }

    fn issue_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IssueCount>, StoreError> {
        self.readers.with(|conn| read::issue_counts(conn, since, until))
    }

    fn outcome_counts(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(ArticleId, Outcome, u64)>, StoreError> {
        self.readers.with(|conn| read::outcome_counts(conn, since))
    }

    fn phrasings(&self) -> Result<Vec<(String, ArticleId)>, StoreError> {
        self.readers.with(read::phrasings)
    }

    fn set_state(&self, id: TicketId, state: TicketState) -> Result<(), StoreError> {
        self.writer.submit(write::SetState(id, state))
    }

    fn queue(&self, filter: &QueueFilter, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        self.readers.with(|conn| read::queue(conn, filter, limit))
    }

    fn state_counts(&self) -> Result<[u64; 4], StoreError> {
        self.readers.with(read::state_counts)
    }

    fn ticket_feedback(&self, id: TicketId) -> Result<Vec<Feedback>, StoreError> {
        self.readers.with(|conn| read::ticket_feedback(conn, id))
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, StoreError> {
        self.readers.with(read::verdicts)
    }

    fn erase(&self, which: &Erase, at: Timestamp) -> Result<Vec<Erased>, StoreError> {
        let erased = self.writer.submit(erase::EraseAt(which.clone(), at))?;
        // Also when nothing was found: an earlier erasure may have been cut off before this.
        if erased.len() < erase::AT_ONCE {
            let conn = schema::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            erase::checkpoint(&conn)?;
        }
        Ok(erased)
    }

    fn record_echoes(&self, tickets: &[TicketId]) -> Result<(), StoreError> {
        self.writer.submit(write::Echoes(tickets.to_vec()))
    }

    fn erasures(&self) -> Result<(u64, Option<Timestamp>), StoreError> {
        self.readers.with(erase::count)
    }

    fn same_secret(&self, id: TicketId, limit: usize) -> Result<Vec<TicketId>, StoreError> {
        self.readers.with(|conn| read::same_secret(conn, id, limit))
    }

    fn record_episode_word(&self, word: &EpisodeWord) -> Result<(), StoreError> {
        self.writer.submit(word.clone())
    }

    fn episode_words(&self) -> Result<Vec<EpisodeWord>, StoreError> {
        self.readers.with(episode_word::all)
    }

    fn record_sent(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        self.writer.submit(episode_word::Sent(key.to_owned(), at))
    }

    fn is_sent(&self, key: &str) -> Result<bool, StoreError> {
        self.readers.with(|conn| episode_word::is_sent(conn, key))
    }

    fn record_session(&self, steps: &SessionSteps) -> Result<(), StoreError> {
        self.writer.submit(steps.clone())
    }

    fn session_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<SessionCounts, StoreError> {
        self.readers.with(|conn| session::counts(conn, since, until))
    }

    fn contact_after_reading(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ContactAfterReading>, StoreError> {
        self.readers.with(|conn| session::after_reading(conn, since, until))
    }

    fn record_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        self.writer.submit(gap.clone())
    }

    fn gaps(
        &self,
        since: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<GapCount>, StoreError> {
        self.readers.with(|conn| session::gaps(conn, since, until, limit))
    }

    fn record_searches(&self, counts: &[SearchCount]) -> Result<(), StoreError> {
        self.writer.submit(service::Searched(counts.to_vec()))
    }

    fn searches(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, (u64, u64)>, StoreError> {
        self.readers.with(|conn| service::searches(conn, (since, until)))
    }

    fn recontacts(
        &self,
        since: Timestamp,
        until: Timestamp,
        within: SignedDuration,
    ) -> Result<Vec<Recontacts>, StoreError> {
        self.readers.with(|conn| service::recontacts(conn, (since, until), within))
    }

    fn handled(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, Handled>, StoreError> {
        self.readers.with(|conn| service::handled(conn, (since, until)))
    }

    fn record_sorting(&self, sorting: &Sorting) -> Result<(), StoreError> {
        self.writer.submit(sorting.clone())
    }

    fn pins(&self) -> Result<Vec<Pin>, StoreError> {
        self.readers.with(pile::all)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.writer.health()?;
        self.readers.with(read::health)
    }
}

impl People for SqliteStore {
    fn change(&self, change: &Change, entry: &Entry) -> Result<u64, StoreError> {
        self.writer.submit(people::Audited(change.clone(), entry.clone()))
    }

    fn seen(&self, what: &Seen, at: Timestamp) -> Result<(), StoreError> {
        self.writer.submit(people::Used(what.clone(), at))
    }

    fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.readers.with(people::people)
    }

    fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        self.readers.with(|conn| people::account(conn, name))
    }

    fn session(&self, hash: &str) -> Result<Option<(Session, Person)>, StoreError> {
        self.readers.with(|conn| people::session(conn, hash))
    }

    fn token(&self, hash: &str) -> Result<Option<(Token, Person)>, StoreError> {
        self.readers.with(|conn| people::token(conn, hash))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.readers.with(people::tokens)
    }

    fn invitation(&self, hash: &str) -> Result<Option<(Person, Timestamp)>, StoreError> {
        self.readers.with(|conn| people::invitation(conn, hash))
    }

    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Noted>, StoreError> {
        self.readers.with(|conn| people::audit(conn, before, limit))
    }

    fn audit_break(&self) -> Result<Option<u64>, StoreError> {
        self.readers.with(people::audit_break)
    }
}

impl From<rusqlite::Error> for StoreError {
    /// Keeps the kind of the error and drops its message, which may quote what somebody wrote.
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|e| e.extended_code);
        match code {
            // The second is what a full disk looks like when the shared index of the log grows.
            Some(ffi::SQLITE_FULL | ffi::SQLITE_IOERR_SHMSIZE) => StoreError::Full,
            Some(code) => StoreError::Failed(format!("{} (SQLite {code})", ffi::code_to_str(code))),
            None => StoreError::Failed("a row does not have the expected columns".to_owned()),
        }
    }
}
