//! People in the store: the verbs by which they are kept, changed and found.
//!
//! Every change is carried out together with its entry in the audit log. What is kept of passwords
//! and secrets are hashes. Times are kept to the microsecond.

use crate::people::audit::{Entry, Noted};
use crate::people::{Change, Person, Session, Token};
use crate::time::Timestamp;

use super::store::StoreError;

/// A person with the hash of their password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// The hash; `None` until a one-time link has been used.
    pub password: Option<String>,
}

/// What was used just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A session, by the hash of its cookie.
    Session(String),
    /// A token, by the hash of its secret.
    Token(String),
}

/// Keeps people. Implementations are shared between threads.
pub trait People {
    /// Carries out a change and notes it. Returns the number of the person or token that was made,
    /// else that of the entry.
    fn change(&self, change: &Change, entry: &Entry) -> Result<u64, StoreError>;

    /// Keeps when a session or token was last used. What is gone is no error.
    fn seen(&self, what: &Seen, at: Timestamp) -> Result<(), StoreError>;

    /// Everybody, by name.
    fn people(&self) -> Result<Vec<Person>, StoreError>;

    /// The account of a name.
    fn account(&self, name: &str) -> Result<Option<Account>, StoreError>;

    /// The session of a cookie's hash with its person, also one that is over.
    fn session(&self, hash: &str) -> Result<Option<(Session, Person)>, StoreError>;

    /// The token of a secret's hash with its person, also one that is over.
    fn token(&self, hash: &str) -> Result<Option<(Token, Person)>, StoreError>;

    /// All tokens that were not revoked, by number.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// The person for whom a one-time link was made and when it ends, by the hash of its secret.
    fn invitation(&self, hash: &str) -> Result<Option<(Person, Timestamp)>, StoreError>;

    /// The audit log, latest first, at most `limit` entries, older than number `before` if given.
    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Noted>, StoreError>;

    /// The first entry at which the audit log's chain breaks; `None` if it is whole.
    fn audit_break(&self) -> Result<Option<u64>, StoreError>;
}
