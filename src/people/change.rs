//! Everything that can be done to people, as values: the store carries each out whole and notes it
//! in the audit log in the same breath, or does neither.

use crate::time::Timestamp;

use super::person::{PersonId, Role, Scope};
use super::session::TokenId;

/// Somebody who is to have access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// The name to sign in with, checked by [`super::person::name`].
    pub name: String,
    /// The name that customers see.
    pub display: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their password; without one they need a one-time link.
    pub password: Option<String>,
}

/// A token that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Whose.
    pub person: PersonId,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it ends.
    pub until: Timestamp,
    /// The hash of its secret.
    pub hash: String,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Adds the first person; refused once there is one.
    SetUp(NewPerson),
    /// Adds a person.
    Add(NewPerson),
    /// Gives a person another role.
    SetRole(PersonId, Role),
    /// Gives a person another password, by its hash. Ends their sessions and one-time links.
    SetPassword(PersonId, String),
    /// Locks a person out. Ends their sessions, tokens and one-time links.
    Disable(PersonId),
    /// Lets a person in again; sessions and tokens stay ended.
    Enable(PersonId),
    /// Makes a one-time link to choose a password; earlier ones of this person end.
    Invite {
        /// For whom.
        person: PersonId,
        /// The hash of its secret.
        hash: String,
        /// When it ends.
        until: Timestamp,
    },
    /// Uses a one-time link: as [`Change::SetPassword`], refused if the link is gone or over.
    Accept {
        /// The hash of its secret.
        link: String,
        /// The hash of the password.
        password: String,
    },
    /// Opens a session; refused if the person has been disabled or has another password by now.
    OpenSession {
        /// Whose.
        person: PersonId,
        /// The hash of the cookie.
        hash: String,
        /// The hash that the password was checked against.
        password: String,
    },
    /// Ends a session by the hash of its cookie.
    CloseSession(String),
    /// Makes an API token.
    MakeToken(NewToken),
    /// Ends a token.
    RevokeToken(TokenId),
    /// Nothing; the entry in the audit log is all.
    Note,
}

/// Why a change was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody has the name.
    #[error("there is somebody of that name; choose another")]
    NameTaken,
    /// There is somebody already.
    #[error("this is set up already; sign in")]
    AlreadySetUp,
    /// There is nobody of that number.
    #[error("there is no such person")]
    NoPerson,
    /// The person has been disabled, or their password has changed meanwhile.
    #[error("this person cannot sign in")]
    LockedOut,
    /// Nobody would be left to give access.
    #[error("this is the last administrator; make somebody else one first")]
    LastAdmin,
    /// There is no such token.
    #[error("there is no such token")]
    NoToken,
    /// The one-time link is gone or over.
    #[error("the link has been used or is over; ask for a new one")]
    NoInvitation,
}
