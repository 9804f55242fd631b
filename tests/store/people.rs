//! People: the same random changes to both stores, every answer and every state compared; and what
//! each change must come to.

use proptest::collection::vec;
use proptest::prelude::*;

use zhinan::events::memory::MemoryStore;
use zhinan::events::people::Seen;
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::{Store, StoreError};
use zhinan::people::audit::Entry;
use zhinan::people::{Change, NewPerson, NewToken, PersonId, Refusal, Role, Scope, TokenId};
use zhinan::time::Timestamp;

use super::at;

#[derive(Debug, Clone)]
enum Verb {
    Change(Change, Entry),
    Seen(Seen, Timestamp),
}

fn person() -> impl Strategy<Value = PersonId> {
    (1_u64..5).prop_map(PersonId)
}

fn hash() -> impl Strategy<Value = String> {
    "[ab]"
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0_i64..100_000, 0_i128..2000).prop_map(|(second, nanos)| {
        Timestamp::from_nanosecond(at(second).as_nanosecond() + nanos).unwrap()
    })
}

fn new_person() -> impl Strategy<Value = NewPerson> {
    ("[lw]", role(), prop::option::of(hash())).prop_map(|(name, role, password)| NewPerson {
        display: name.clone(),
        name,
        role,
        password,
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => new_person().prop_map(Change::SetUp),
        4 => new_person().prop_map(Change::Add),
        2 => (person(), role()).prop_map(|(p, r)| Change::SetRole(p, r)),
        2 => (person(), hash()).prop_map(|(p, h)| Change::SetPassword(p, h)),
        2 => person().prop_map(Change::Disable),
        1 => person().prop_map(Change::Enable),
        2 => (person(), hash(), time()).prop_map(|(person, h, until)| {
            // Links do not collide: each is random.
            Change::Invite { hash: format!("{h}{}", person.0), person, until }
        }),
        2 => (person(), hash(), hash())
            .prop_map(|(p, h, password)| Change::Accept { link: format!("{h}{}", p.0), password }),
        4 => (person(), hash(), hash()).prop_map(|(person, h, password)| {
            Change::OpenSession { hash: format!("{h}{}", person.0), person, password }
        }),
        1 => (person(), hash()).prop_map(|(p, h)| Change::CloseSession(format!("{h}{}", p.0))),
        2 => (person(), "[a-z]{8}", time()).prop_map(|(person, hash, until)| {
            let scopes = vec![Scope::Suggest, Scope::Kb];
            Change::MakeToken(NewToken { person, name: "t".into(), scopes, until, hash })
        }),
        1 => (1_u64..4).prop_map(|id| Change::RevokeToken(TokenId(id))),
        1 => Just(Change::Note),
    ]
}

fn verb() -> impl Strategy<Value = Verb> {
    let entry = (time(), any::<String>())
        .prop_map(|(at, text)| Entry::new(at, "li", "did", text.replace('\0', "")));
    prop_oneof![
        9 => (change(), entry).prop_map(|(change, entry)| Verb::Change(change, entry)),
        1 => (person(), hash(), time())
            .prop_map(|(p, h, at)| Verb::Seen(Seen::Session(format!("{h}{}", p.0)), at)),
    ]
}

fn answer(store: &dyn Store, verb: &Verb) -> String {
    match verb {
        Verb::Change(change, entry) => format!("{:?}", store.change(change, entry)),
        Verb::Seen(what, at) => format!("{:?}", store.seen(what, *at)),
    }
}

/// Everything that can be read.
fn state(store: &dyn Store) -> String {
    let links = ["a", "b"].iter().flat_map(|h| (1..5).map(move |p| format!("{h}{p}")));
    let by_link: Vec<String> = links
        .map(|link| format!("{:?} {:?}", store.session(&link), store.invitation(&link)))
        .collect();
    format!(
        "{:?}\n{:?} {:?}\n{:?}\n{by_link:?}\n{:?} {:?}",
        store.people(),
        store.account("l"),
        store.account("w"),
        store.tokens(),
        store.audit(None, usize::MAX),
        store.audit_break(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn both_stores_keep_the_same_people(verbs in vec(verb(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events.db");
        let (memory, mut sqlite) = (MemoryStore::default(), SqliteStore::open(&path).unwrap());
        for verb in &verbs {
            prop_assert_eq!(answer(&memory, verb), answer(&sqlite, verb), "{:?}", verb);
        }
        prop_assert_eq!(state(&memory), state(&sqlite));
        drop(sqlite);
        sqlite = SqliteStore::open(&path).unwrap();
        prop_assert_eq!(state(&memory), state(&sqlite), "reopened");
    }
}

fn entry() -> Entry {
    Entry::new(at(1), "test", "did", "")
}

#[track_caller]
fn refused(store: &dyn Store, change: &Change, refusal: Refusal) {
    assert_eq!(store.change(change, &entry()), Err(StoreError::Refused(refusal)), "{change:?}");
}

fn changes_do_what_they_say(store: &dyn Store) {
    let new = |name: &str, role| NewPerson {
        name: name.into(),
        display: name.into(),
        role,
        password: Some("p".into()),
    };
    let change = |c: &Change| store.change(c, &entry()).unwrap();
    let li = PersonId(change(&Change::SetUp(new("li", Role::Admin))));
    refused(store, &Change::SetUp(new("x", Role::Admin)), Refusal::AlreadySetUp);
    refused(store, &Change::Add(new("li", Role::Agent)), Refusal::NameTaken);
    refused(store, &Change::Disable(li), Refusal::LastAdmin);
    refused(store, &Change::SetRole(PersonId(9), Role::Admin), Refusal::NoPerson);
    let wang = PersonId(change(&Change::Add(new("wang", Role::Agent))));
    let open = |password: &str| Change::OpenSession {
        person: wang,
        hash: "s".into(),
        password: password.into(),
    };
    refused(store, &open("older"), Refusal::LockedOut);
    change(&open("p"));
    let token = NewToken {
        person: wang,
        name: "t".into(),
        scopes: vec![Scope::Trends],
        until: at(99),
        hash: "t".into(),
    };
    change(&Change::MakeToken(token));
    assert_eq!(store.token("t").unwrap().unwrap().1.name, "wang");
    change(&Change::Disable(wang));
    assert_eq!((store.session("s").unwrap(), store.token("t").unwrap()), (None, None));
    refused(store, &open("p"), Refusal::LockedOut);
    refused(store, &Change::RevokeToken(TokenId(1)), Refusal::NoToken);
    change(&Change::Enable(wang));
    change(&open("p"));
    change(&Change::SetPassword(wang, "q".into()));
    assert_eq!(store.session("s").unwrap(), None, "a new password ends sessions");
    let invite = Change::Invite { person: wang, hash: "i".into(), until: at(2) };
    change(&invite);
    let accept = Change::Accept { link: "i".into(), password: "r".into() };
    let late = Entry::new(at(2), "test", "did", "");
    assert_eq!(store.change(&accept, &late), Err(Refusal::NoInvitation.into()));
    change(&accept);
    refused(store, &accept, Refusal::NoInvitation);
    let refusals_are_not_noted = store.audit(None, 100).unwrap().len();
    assert_eq!(refusals_are_not_noted, 10);
}

#[test]
fn changes_do_what_they_say_in_memory() {
    changes_do_what_they_say(&MemoryStore::default());
}

#[test]
fn changes_do_what_they_say_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    changes_do_what_they_say(&SqliteStore::open(&dir.path().join("events.db")).unwrap());
}
