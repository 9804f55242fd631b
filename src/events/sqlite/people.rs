//! People on disk: what each change writes, inside the writer's transaction, and the queries.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::events::people::{Account, Seen};
use crate::events::store::StoreError;
use crate::people::audit::{Entry, Follow, Noted, chained};
use crate::people::session::LENGTH_MAX;
use crate::people::{
    Change, NewPerson, NewToken, Person, PersonId, Refusal, Role, Scope, Session, Token, TokenId,
};
use crate::time::Timestamp;

use super::row;
use super::writer::Verb;

/// The columns that [`person`] reads.
const PERSON: &str = "p.id, p.name, p.display, p.role, p.disabled, p.added, p.seen, p.password";
const TOKEN: &str = "t.id, t.person, t.name, t.scopes, t.made, t.until, t.used";

/// A change with its entry in the audit log.
pub(super) struct Audited(pub(super) Change, pub(super) Entry);

impl Verb for Audited {
    type Answer = u64;

    fn apply(&self, conn: &Connection) -> Result<u64, StoreError> {
        let Audited(change, entry) = self;
        let made = apply(conn, change, entry.at)?;
        let number = note(conn, entry)?;
        Ok(made.unwrap_or(number))
    }
}

fn note(conn: &Connection, entry: &Entry) -> Result<u64, StoreError> {
    let last = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1";
    let last: Option<(u64, String)> =
        conn.prepare_cached(last)?.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    let (number, previous) = last.map_or((1, String::new()), |(n, hash)| (n + 1, hash));
    let hash = chained(&previous, number, entry);
    let sql = "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    conn.prepare_cached(sql)?.execute(params![
        number,
        entry.at.as_microsecond(),
        entry.who,
        entry.action,
        entry.object,
        entry.detail,
        hash
    ])?;
    Ok(number)
}

fn apply(conn: &Connection, change: &Change, at: Timestamp) -> Result<Option<u64>, StoreError> {
    match change {
        Change::SetUp(_) if is_set_up(conn)? => Err(Refusal::AlreadySetUp)?,
        Change::SetUp(new) | Change::Add(new) => return add(conn, new, at).map(Some),
        Change::SetRole(id, role) => {
            if *role != Role::Admin {
                another_admin(conn, *id)?;
            }
            on_person(conn, "UPDATE person SET role = ?2 WHERE id = ?1", *id, role.code())?;
        }
        Change::SetPassword(id, hash) => set_password(conn, *id, hash)?,
        Change::Disable(id) => {
            another_admin(conn, *id)?;
            on_person(conn, "UPDATE person SET disabled = ?2 WHERE id = ?1", *id, 1)?;
            end_sessions(conn, *id)?;
            conn.execute("UPDATE token SET revoked = 1 WHERE person = ?1", [id.0])?;
        }
        Change::Enable(id) => {
            on_person(conn, "UPDATE person SET disabled = ?2 WHERE id = ?1", *id, 0)?;
        }
        Change::Invite { person, hash, until } => {
            known(conn, *person)?;
            conn.execute("DELETE FROM invitation WHERE person = ?1", [person.0])?;
            let row = params![hash, person.0, until.as_microsecond()];
            conn.execute("INSERT INTO invitation VALUES (?1, ?2, ?3)", row)?;
        }
        Change::Accept { link, password } => accept(conn, link, password, at)?,
        Change::OpenSession { person, hash, password } => {
            open_session(conn, *person, hash, password, at)?;
        }
        Change::CloseSession(hash) => {
            conn.prepare_cached("DELETE FROM session WHERE hash = ?1")?.execute([hash])?;
        }
        Change::MakeToken(new) => return make_token(conn, new, at).map(Some),
        Change::RevokeToken(id) => {
            let sql = "UPDATE token SET revoked = 1 WHERE id = ?1 AND revoked = 0";
            if conn.execute(sql, [id.0])? == 0 {
                Err(Refusal::NoToken)?;
            }
        }
        Change::Note => {}
    }
    Ok(None)
}

fn is_set_up(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn.query_row("SELECT EXISTS (SELECT 1 FROM person)", [], |row| row.get(0))?)
}

fn add(conn: &Connection, new: &NewPerson, at: Timestamp) -> Result<u64, StoreError> {
    let taken = "SELECT EXISTS (SELECT 1 FROM person WHERE name = ?1)";
    if conn.query_row(taken, [&new.name], |row| row.get(0))? {
        Err(Refusal::NameTaken)?;
    }
    let insert = "INSERT INTO person (name, display, role, password, disabled, added) \
                  VALUES (?1, ?2, ?3, ?4, 0, ?5) RETURNING id";
    let (role, at) = (new.role.code(), at.as_microsecond());
    let row = params![new.name, new.display, role, new.password, at];
    Ok(conn.query_row(insert, row, |row| row.get(0))?)
}

fn on_person(
    conn: &Connection,
    update: &str,
    id: PersonId,
    value: impl rusqlite::ToSql,
) -> Result<(), StoreError> {
    match conn.execute(update, params![id.0, value])? {
        0 => Err(Refusal::NoPerson)?,
        _ => Ok(()),
    }
}

fn known(conn: &Connection, id: PersonId) -> Result<Account, StoreError> {
    let sql = format!("SELECT {PERSON} FROM person p WHERE p.id = ?1");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([id.0])?;
    rows.next()?.map_or(Err(Refusal::NoPerson.into()), account_row)
}

fn another_admin(conn: &Connection, id: PersonId) -> Result<(), StoreError> {
    let admins = "SELECT count(*) FILTER (WHERE id = ?1), count(*) FILTER (WHERE id <> ?1) \
                  FROM person WHERE role = 'admin' AND disabled = 0";
    let (own, others): (u64, u64) =
        conn.query_row(admins, [id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if own > 0 && others == 0 { Err(Refusal::LastAdmin)? } else { Ok(()) }
}

fn end_sessions(conn: &Connection, id: PersonId) -> Result<(), StoreError> {
    conn.execute("DELETE FROM session WHERE person = ?1", [id.0])?;
    conn.execute("DELETE FROM invitation WHERE person = ?1", [id.0])?;
    Ok(())
}

fn set_password(conn: &Connection, id: PersonId, hash: &str) -> Result<(), StoreError> {
    on_person(conn, "UPDATE person SET password = ?2 WHERE id = ?1", id, hash)?;
    end_sessions(conn, id)
}

fn accept(conn: &Connection, link: &str, password: &str, at: Timestamp) -> Result<(), StoreError> {
    let Some((person, until)) = invitation(conn, link)? else { Err(Refusal::NoInvitation)? };
    if until.as_microsecond() <= at.as_microsecond() || person.disabled {
        Err(Refusal::NoInvitation)?;
    }
    set_password(conn, person.id, password)
}

fn open_session(
    conn: &Connection,
    person: PersonId,
    hash: &str,
    password: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let account = known(conn, person)?;
    if account.person.disabled || account.password.as_deref() != Some(password) {
        Err(Refusal::LockedOut)?;
    }
    let at = at.as_microsecond();
    // Sessions that are over by age are of no use to anybody.
    let over = at.saturating_sub(i64::try_from(LENGTH_MAX.as_micros()).unwrap_or(i64::MAX));
    conn.execute("DELETE FROM session WHERE opened < ?1", [over])?;
    conn.execute("UPDATE person SET seen = ?2 WHERE id = ?1", params![person.0, at])?;
    let row = params![hash, person.0, at];
    conn.execute("INSERT OR REPLACE INTO session VALUES (?1, ?2, ?3, ?3)", row)?;
    Ok(())
}

fn make_token(conn: &Connection, new: &NewToken, at: Timestamp) -> Result<u64, StoreError> {
    if known(conn, new.person)?.person.disabled {
        Err(Refusal::LockedOut)?;
    }
    let insert = "INSERT INTO token (hash, person, name, scopes, made, until, revoked) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) RETURNING id";
    let row = params![
        new.hash,
        new.person.0,
        new.name,
        Scope::codes(&new.scopes),
        at.as_microsecond(),
        new.until.as_microsecond()
    ];
    Ok(conn.query_row(insert, row, |row| row.get(0))?)
}

/// When something was last used.
pub(super) struct Used(pub(super) Seen, pub(super) Timestamp);

impl Verb for Used {
    type Answer = ();

    fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
        let Used(what, at) = self;
        let (update, hash) = match what {
            Seen::Session(hash) => {
                ("UPDATE session SET seen = ?2 WHERE hash = ?1 RETURNING person", hash)
            }
            Seen::Token(hash) => (
                "UPDATE token SET used = ?2 WHERE hash = ?1 AND revoked = 0 RETURNING person",
                hash,
            ),
        };
        let at = at.as_microsecond();
        let mut update = conn.prepare_cached(update)?;
        let person: Option<u64> =
            update.query_row(params![hash, at], |row| row.get(0)).optional()?;
        if let Some(person) = person {
            let sql = "UPDATE person SET seen = ?2 WHERE id = ?1";
            conn.prepare_cached(sql)?.execute(params![person, at])?;
        }
        Ok(())
    }
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let role: String = row.get(3)?;
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        display: row.get(2)?,
        role: row::parsed("role", &role)?,
        disabled: row.get(4)?,
        added: row::time(row.get(5)?)?,
        seen: seen_at(row.get(6)?)?,
    })
}

fn seen_at(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(row::time).transpose()
}

fn account_row(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account { person: person(row)?, password: row.get(7)? })
}

fn token_row(row: &Row<'_>, first: usize) -> Result<Token, StoreError> {
    let scopes: String = row.get(first + 3)?;
    Ok(Token {
        id: TokenId(row.get(first)?),
        person: PersonId(row.get(first + 1)?),
        name: row.get(first + 2)?,
        scopes: Scope::list(&scopes),
        made: row::time(row.get(first + 4)?)?,
        until: row::time(row.get(first + 5)?)?,
        used: seen_at(row.get(first + 6)?)?,
    })
}

/// Everybody.
pub(super) fn people(conn: &Connection) -> Result<Vec<Person>, StoreError> {
    let sql = format!("SELECT {PERSON} FROM person p ORDER BY p.name");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push(person(row)?);
    }
    Ok(people)
}

/// The account of a name.
pub(super) fn account(conn: &Connection, name: &str) -> Result<Option<Account>, StoreError> {
    let sql = format!("SELECT {PERSON} FROM person p WHERE p.name = ?1");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([name])?;
    rows.next()?.map(account_row).transpose()
}

/// The session of a cookie.
pub(super) fn session(
    conn: &Connection,
    hash: &str,
) -> Result<Option<(Session, Person)>, StoreError> {
    let sql = format!(
        "SELECT {PERSON}, s.opened, s.seen FROM session s JOIN person p ON p.id = s.person \
         WHERE s.hash = ?1"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([hash])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let person = person(row)?;
    let (opened, seen) = (row::time(row.get(8)?)?, row::time(row.get(9)?)?);
    Ok(Some((Session { person: person.id, opened, seen }, person)))
}

/// The token of a secret.
pub(super) fn token(conn: &Connection, hash: &str) -> Result<Option<(Token, Person)>, StoreError> {
    let sql = format!(
        "SELECT {PERSON}, {TOKEN} FROM token t JOIN person p ON p.id = t.person \
         WHERE t.hash = ?1 AND t.revoked = 0"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([hash])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((token_row(row, 8)?, person(row)?)))
}

/// All tokens.
pub(super) fn tokens(conn: &Connection) -> Result<Vec<Token>, StoreError> {
    let sql = format!("SELECT {TOKEN} FROM token t WHERE t.revoked = 0 ORDER BY t.id");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([])?;
    let mut tokens = Vec::new();
    while let Some(row) = rows.next()? {
        tokens.push(token_row(row, 0)?);
    }
    Ok(tokens)
}

/// Whom a one-time link is for.
pub(super) fn invitation(
    conn: &Connection,
    hash: &str,
) -> Result<Option<(Person, Timestamp)>, StoreError> {
    let sql = format!(
        "SELECT {PERSON}, i.until FROM invitation i JOIN person p ON p.id = i.person \
         WHERE i.hash = ?1"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([hash])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((person(row)?, row::time(row.get(8)?)?)))
}

/// The audit log, latest first.
pub(super) fn audit(
    conn: &Connection,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<Noted>, StoreError> {
    let last = before.map_or(i64::MAX, |n| i64::try_from(n.saturating_sub(1)).unwrap_or(i64::MAX));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = "SELECT * FROM audit WHERE number <= ?1 ORDER BY number DESC LIMIT ?2";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([last, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(noted(row)?);
    }
    Ok(entries)
}

/// Where the chain breaks.
pub(super) fn audit_break(conn: &Connection) -> Result<Option<u64>, StoreError> {
    let mut select = conn.prepare_cached("SELECT * FROM audit ORDER BY number")?;
    let mut rows = select.query([])?;
    let mut follow = Follow::default();
    while let Some(row) = rows.next()? {
        let noted = noted(row)?;
        if !follow.next(&noted) {
            return Ok(Some(noted.number));
        }
    }
    Ok(None)
}

fn noted(row: &Row<'_>) -> Result<Noted, StoreError> {
    let entry = Entry {
        at: row::time(row.get("at")?)?,
        who: row.get("who")?,
        action: row.get("action")?,
        object: row.get("object")?,
        detail: row.get("detail")?,
    };
    Ok(Noted { number: row.get("number")?, entry, hash: row.get("hash")? })
}
