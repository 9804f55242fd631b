//! People in memory: the twin that keeps the table on disk honest.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::people::audit::{Entry, Follow, Noted, chained};
use crate::people::session::LENGTH_MAX;
use crate::people::{Change, NewPerson, Person, PersonId, Refusal, Role, Session, Token, TokenId};
use crate::time::Timestamp;

use super::people::{Account, Seen};
use super::store::StoreError;

/// Keeps people until it is dropped.
#[derive(Debug, Default)]
pub(super) struct MemoryPeople {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default, Clone)]
struct Kept {
    accounts: Vec<Account>,
    sessions: BTreeMap<String, Session>,
    tokens: Vec<(String, Token, bool)>,
    invitations: BTreeMap<String, (PersonId, Timestamp)>,
    audit: Vec<Noted>,
}

impl Kept {
    fn account(&mut self, id: PersonId) -> Result<&mut Account, Refusal> {
        self.accounts.iter_mut().find(|a| a.person.id == id).ok_or(Refusal::NoPerson)
    }

    fn person(&self, id: PersonId) -> Option<Person> {
        self.accounts.iter().find(|a| a.person.id == id).map(|a| a.person.clone())
    }

    fn add(&mut self, new: &NewPerson, at: Timestamp) -> Result<u64, Refusal> {
        if self.accounts.iter().any(|a| a.person.name == new.name) {
            return Err(Refusal::NameTaken);
        }
        let id = PersonId(self.accounts.len() as u64 + 1);
        let person = Person {
            id,
            name: new.name.clone(),
            display: new.display.clone(),
            role: new.role,
            disabled: false,
            added: at,
            seen: None,
        };
        self.accounts.push(Account { person, password: new.password.clone() });
        Ok(id.0)
    }

    /// Refuses if nobody but this person could give access.
    fn another_admin(&self, id: PersonId) -> Result<(), Refusal> {
        let admin = |p: &Person| p.role == Role::Admin && !p.disabled;
        let is_one = self.person(id).is_some_and(|p| admin(&p));
        let others = self.accounts.iter().any(|a| a.person.id != id && admin(&a.person));
        if is_one && !others { Err(Refusal::LastAdmin) } else { Ok(()) }
    }

    fn end_sessions(&mut self, id: PersonId) {
        self.sessions.retain(|_, session| session.person != id);
        self.invitations.retain(|_, (person, _)| *person != id);
    }

    fn set_password(&mut self, id: PersonId, hash: &str) -> Result<(), Refusal> {
        self.account(id)?.password = Some(hash.to_owned());
        self.end_sessions(id);
        Ok(())
    }

    fn apply(&mut self, change: &Change, at: Timestamp) -> Result<Option<u64>, Refusal> {
        match change {
            Change::SetUp(_) if !self.accounts.is_empty() => return Err(Refusal::AlreadySetUp),
            Change::SetUp(new) | Change::Add(new) => return self.add(new, at).map(Some),
            Change::SetRole(id, role) => {
                if *role != Role::Admin {
                    self.another_admin(*id)?;
                }
                self.account(*id)?.person.role = *role;
            }
            Change::SetPassword(id, hash) => self.set_password(*id, hash)?,
            Change::Disable(id) => {
                self.another_admin(*id)?;
                self.account(*id)?.person.disabled = true;
                self.end_sessions(*id);
                let own = self.tokens.iter_mut().filter(|(_, t, _)| t.person == *id);
                own.for_each(|(.., revoked)| *revoked = true);
            }
            Change::Enable(id) => self.account(*id)?.person.disabled = false,
            Change::Invite { person, hash, until } => {
                self.account(*person)?;
                self.invitations.retain(|_, (whose, _)| whose != person);
                self.invitations.insert(hash.clone(), (*person, truncated(*until)));
            }
            Change::Accept { link, password } => {
                let found = self.invitations.get(link).copied();
                let (id, until) = found.ok_or(Refusal::NoInvitation)?;
                if until <= at || self.account(id)?.person.disabled {
                    return Err(Refusal::NoInvitation);
                }
                self.set_password(id, password)?;
            }
            Change::OpenSession { person, hash, password } => {
                let account = self.account(*person)?;
                if account.person.disabled || account.password.as_ref() != Some(password) {
                    return Err(Refusal::LockedOut);
                }
                account.person.seen = Some(at);
                // Sessions that are over by age are of no use to anybody.
                self.sessions.retain(|_, session| at.duration_since(session.opened) <= LENGTH_MAX);
                let session = Session { person: *person, opened: at, seen: at };
                self.sessions.insert(hash.clone(), session);
            }
            Change::CloseSession(hash) => {
                self.sessions.remove(hash);
            }
            Change::MakeToken(new) => {
                if self.account(new.person)?.person.disabled {
                    return Err(Refusal::LockedOut);
                }
                let id = TokenId(self.tokens.len() as u64 + 1);
                let token = Token {
                    id,
                    person: new.person,
                    name: new.name.clone(),
                    scopes: new.scopes.clone(),
                    made: at,
                    until: truncated(new.until),
                    used: None,
                };
                self.tokens.push((new.hash.clone(), token, false));
                return Ok(Some(id.0));
            }
            Change::RevokeToken(id) => {
                let found = self.tokens.iter_mut().find(|(_, t, gone)| t.id == *id && !gone);
                found.ok_or(Refusal::NoToken)?.2 = true;
            }
            Change::Note => {}
        }
        Ok(None)
    }
}

impl MemoryPeople {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A change is made on a copy and put in place whole, so a panic leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: &Change, entry: &Entry) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let mut next = kept.clone();
        let entry = Entry { at: truncated(entry.at), ..entry.clone() };
        let made = next.apply(change, entry.at)?;
        let previous = next.audit.last().map_or("", |n| n.hash.as_str());
        let number = next.audit.len() as u64 + 1;
        let hash = chained(previous, number, &entry);
        next.audit.push(Noted { number, entry, hash });
        *kept = next;
        Ok(made.unwrap_or(number))
    }

    pub(super) fn seen(&self, what: &Seen, at: Timestamp) {
        let (mut kept, at) = (self.kept(), truncated(at));
        let person = match what {
            Seen::Session(hash) => kept.sessions.get_mut(hash).map(|session| {
                session.seen = at;
                session.person
            }),
            Seen::Token(hash) => {
                let found = kept.tokens.iter_mut().find(|(h, _, gone)| h == hash && !gone);
                found.map(|(_, token, _)| {
                    token.used = Some(at);
                    token.person
                })
            }
        };
        if let Some(account) = person.and_then(|id| kept.account(id).ok()) {
            account.person.seen = Some(at);
        }
    }

    pub(super) fn people(&self) -> Vec<Person> {
        let mut people: Vec<Person> =
            self.kept().accounts.iter().map(|a| a.person.clone()).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        people
    }

    pub(super) fn account(&self, name: &str) -> Option<Account> {
        self.kept().accounts.iter().find(|a| a.person.name == name).cloned()
    }

    pub(super) fn session(&self, hash: &str) -> Option<(Session, Person)> {
        let kept = self.kept();
        let session = kept.sessions.get(hash)?.clone();
        let person = kept.person(session.person)?;
        Some((session, person))
    }

    pub(super) fn token(&self, hash: &str) -> Option<(Token, Person)> {
        let kept = self.kept();
        let (_, token, _) = kept.tokens.iter().find(|(h, _, gone)| h == hash && !gone)?;
        Some((token.clone(), kept.person(token.person)?))
    }

    pub(super) fn tokens(&self) -> Vec<Token> {
        let kept = self.kept();
        kept.tokens.iter().filter(|(.., gone)| !gone).map(|(_, token, _)| token.clone()).collect()
    }

    pub(super) fn invitation(&self, hash: &str) -> Option<(Person, Timestamp)> {
        let kept = self.kept();
        let (id, until) = kept.invitations.get(hash)?;
        Some((kept.person(*id)?, *until))
    }

    pub(super) fn audit(&self, before: Option<u64>, limit: usize) -> Vec<Noted> {
        let kept = self.kept();
        let older = kept.audit.iter().rev().filter(|n| before.is_none_or(|b| n.number < b));
        older.take(limit).cloned().collect()
    }

    pub(super) fn audit_break(&self) -> Option<u64> {
        let mut follow = Follow::default();
        self.kept().audit.iter().find(|noted| !follow.next(noted)).map(|noted| noted.number)
    }
}

fn truncated(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
