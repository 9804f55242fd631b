//! A person with a name to sign in with and a role; a token's scopes.

use std::fmt;
use std::str::FromStr;

use crate::time::Timestamp;

/// The longest name to sign in with, in bytes.
pub const NAME_BYTES_MAX: usize = 64;
/// The longest name shown to customers, in characters.
pub const DISPLAY_CHARS_MAX: usize = 60;

/// A person's number, given by the store, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub u64);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a person may do. Each role may do everything that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Answers tickets: sees the queue, public articles and internal runbooks, says what became of
    /// a suggestion, escalates.
    Agent,
    /// Writes articles: the studio.
    Editor,
    /// Leads a team: learned phrasings (sees, takes back, exports), trends, who has access, the
    /// audit log.
    Lead,
    /// Gives and takes access: adds people, changes roles, disables, revokes tokens.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Role; 4] = [Role::Agent, Role::Editor, Role::Lead, Role::Admin];

    /// The name used in the store, on the command line and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Editor => "editor",
            Role::Lead => "lead",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The error of parsing a role.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown role `{0}`; use agent, editor, lead or admin")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(code: &str) -> Result<Role, UnknownRole> {
        let found = Role::ALL.into_iter().find(|r| r.code() == code);
        found.ok_or_else(|| UnknownRole(code.chars().take(20).collect()))
    }
}

/// What an API token may be used for; its owner's role must allow it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Suggestions with internal runbooks.
    Suggest,
    /// Reading tickets and saying what became of them.
    Tickets,
    /// Reading what recurs.
    Trends,
    /// Writing articles.
    Kb,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 4] = [Scope::Suggest, Scope::Tickets, Scope::Trends, Scope::Kb];

    /// The name used in the store and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Suggest => "suggest",
            Scope::Tickets => "tickets",
            Scope::Trends => "trends",
            Scope::Kb => "kb",
        }
    }

    /// The scope of that name.
    pub fn from_code(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The scopes of a list of names with spaces between; unknown names are left out.
    pub fn list(codes: &str) -> Vec<Scope> {
        codes.split_whitespace().filter_map(Scope::from_code).collect()
    }

    /// Names with spaces between, each once, in the order of [`Scope::ALL`].
    pub fn codes(scopes: &[Scope]) -> String {
        let kept = Scope::ALL.into_iter().filter(|s| scopes.contains(s));
        kept.map(Scope::code).collect::<Vec<_>>().join(" ")
    }
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: PersonId,
    /// The name that they sign in with.
    pub name: String,
    /// The name that customers see in replies.
    pub display: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are locked out.
    pub disabled: bool,
    /// Since when they have access.
    pub added: Timestamp,
    /// When they were last seen, to the minute.
    pub seen: Option<Timestamp>,
}

/// Why a name cannot be used.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[error("a name has 1 to 64 of a-z, 0-9 and . _ - + @, as in li.wei or li.wei@example.com")]
pub struct BadName;

/// A name to sign in with, in the one spelling in which it is kept.
pub fn name(text: &str) -> Result<String, BadName> {
    let name = text.trim().to_ascii_lowercase();
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-+@".contains(&b);
    let fits = (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(allowed);
    if fits { Ok(name) } else { Err(BadName) }
}

/// A name that customers see: on one line, bounded; `name` if it is empty.
pub fn display(text: &str, name: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let short: String = one_line.trim().chars().take(DISPLAY_CHARS_MAX).collect();
    if short.is_empty() { name.to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(name(" Li.Wei@Example.com "), Ok("li.wei@example.com".to_owned()));
        for wrong in ["", "李伟", "a b", "a/b", &"a".repeat(65)] {
            assert_eq!(name(wrong), Err(BadName), "{wrong}");
        }
    }

    #[test]
    fn roles_grow() {
        assert!(
            Role::Agent < Role::Editor && Role::Editor < Role::Lead && Role::Lead < Role::Admin
        );
        assert_eq!(Scope::codes(&Scope::list("trends nothing suggest")), "suggest trends");
    }
}
