//! People: who works here, what each may do, and how they prove who they are.
//!
//! [`person`] has names, roles and scopes, [`password`] and [`secret`] make and check what people
//! prove themselves with, [`session`] says how long a sign-in lasts, [`change`] lists everything
//! that can be done to people, [`audit`] chains what was done. Nothing here does IO: the event
//! store keeps it all (`events::people`), and no secret is ever kept as it was typed or shown.

pub mod audit;
pub mod change;
pub mod password;
pub mod person;
pub mod secret;
pub mod session;

pub use change::{Change, NewPerson, NewToken, Refusal};
pub use person::{Person, PersonId, Role, Scope};
pub use session::{Session, Token, TokenId};
