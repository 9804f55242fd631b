//! People: signing in and out, how long a session lasts, limits on attempts, what is kept of
//! secrets, one-time links, the audit log.

use std::time::Instant;

use rusqlite::Connection;
use zhinan::events::People;
use zhinan::events::people::Seen;
use zhinan::events::sqlite::SqliteStore;
use zhinan::people::audit::Entry;
use zhinan::people::secret::{self, Secret, TOKEN_PREFIX};
use zhinan::people::{Change, NewPerson, NewToken, PersonId, Role, Scope, password};
use zhinan::time::now;

use crate::support::app::{Answer, Identity, PASSWORD, TestApp, help_centre};

fn sign_in(app: &TestApp, name: &str, password: &str) -> Answer {
    let fields = [("name", name), ("password", password), ("next", "/account")];
    app.post_form("/sign-in", &fields)
}

/// The identity of the cookie that an answer set.
fn with_cookie(answer: &Answer, person: u64) -> Identity {
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    Identity { headers: vec![("cookie".to_owned(), cookie)], person }
}

#[test]
fn signing_in_leads_back_and_signing_out_ends_it() {
    let app = TestApp::new(help_centre());
    app.person_named("li.wei", Role::Agent);
    let to = app.get("/agent?x=1");
    assert_eq!((to.status, to.header("location")), (303, "/sign-in?next=%2Fagent%3Fx%3D1"));
    let wrong = sign_in(&app, "li.wei", "not the password");
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.header("set-cookie"), "");
    let right = sign_in(&app, " Li.Wei ", PASSWORD);
    assert_eq!((right.status, right.header("location")), (303, "/account"));
    let cookie = right.header("set-cookie");
    assert!(cookie.starts_with("__Host-zhinan="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let me = with_cookie(&right, 1);
    assert!(app.get_as(&me, "/account").body.contains("li.wei"));
    let out = app.post_as(&me, "/sign-out", "x=1");
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(app.get_as(&me, "/account").status, 303, "the cookie is worth nothing any more");
}

#[test]
fn without_https_the_cookie_has_a_plain_name() {
    let app = TestApp::with(help_centre(), |s| s.public_url = "http://127.0.0.1:8080".into());
    app.person_named("li.wei", Role::Agent);
    let cookie = sign_in(&app, "li.wei", PASSWORD);
    let cookie = cookie.header("set-cookie");
    assert!(cookie.starts_with("zhinan=") && cookie.contains("; HttpOnly"), "{cookie}");
    assert!(!cookie.contains("Secure"));
}

#[test]
fn fifty_attempts_at_once_from_an_address_get_five_tries() {
    let app = TestApp::new(help_centre());
    app.person_named("li.wei", Role::Agent);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let (app, sign_in) = (&app, &sign_in);
        let each = (0..50).map(|n| {
            let name = if n % 2 == 0 { "li.wei".to_owned() } else { format!("nobody{n}") };
            scope.spawn(move || sign_in(app, &name, "not the password").status)
        });
        let threads: Vec<_> = each.collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 401).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 429).count(), 45, "{statuses:?}");
    let late = sign_in(&app, "li.wei", PASSWORD);
    assert_eq!(late.status, 429, "the right password waits as well");
    assert!(late.header("retry-after").parse::<u64>().unwrap() <= 60);
}

#[test]
fn colleagues_behind_one_proxy_do_not_use_up_each_others_tries() {
    let app = TestApp::with(help_centre(), |s| {
        s.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    let attempt = |from: &str, name: &str| {
        let headers = vec![("x-forwarded-for".to_owned(), from.to_owned())];
        let fields = [("name", name), ("password", "not the password")];
        app.form_as(&Identity { headers, person: 0 }, "/sign-in", &fields).status
    };
    for n in 0..5 {
        assert_eq!(attempt("198.51.100.7", &format!("nobody{n}")), 401);
    }
    assert_eq!(attempt("198.51.100.7", "nobody5"), 429);
    assert_eq!(attempt("198.51.100.8", "nobody6"), 401, "another address behind the same proxy");
}

#[test]
fn known_and_unknown_names_get_the_same_answer() {
    let (known, unknown) = (TestApp::new(help_centre()), TestApp::new(help_centre()));
    known.person_named("li.wei", Role::Agent);
    let off = known.person_named("off.duty", Role::Agent);
    let disabled = Change::Disable(PersonId(off.person));
    let entry = Entry::new(now(), "test", "disabled", "");
    known.app.engine().store().change(&disabled, &entry).unwrap();
    let without_time = |mut answer: Answer| {
        answer.headers.retain(|(name, _)| name != "date");
        answer
    };
    let answer = |app: &TestApp, name| without_time(sign_in(app, name, "not the password"));
    let expected = answer(&unknown, "li.wei");
    assert_eq!(answer(&known, "li.wei"), expected);
    assert_eq!(without_time(sign_in(&known, "off.duty", PASSWORD)), expected);
}

#[test]
fn known_and_unknown_names_take_the_same_time() {
    let app = TestApp::with(help_centre(), |s| {
        s.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    });
    app.person_named("li.wei", Role::Agent);
    // Taken in turns, so that whatever else the machine does meets both alike.
    let mut times = [Vec::new(), Vec::new()];
    for attempt in 0..7 {
        for (name, times) in ["li.wei", "nobody"].into_iter().zip(&mut times) {
            let forwarded = format!("198.51.100.{attempt}");
            let body = format!("name={name}&password=wrong-{attempt}");
            let headers = [
                ("content-type", "application/x-www-form-urlencoded"),
                ("sec-fetch-site", "same-origin"),
                ("x-forwarded-for", forwarded.as_str()),
            ];
            let begun = Instant::now();
            assert_eq!(app.post("/sign-in", &headers, body.as_bytes()).status, 401);
            times.push(begun.elapsed());
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    // Without the hash of a password that nobody has, a tenth would be left.
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{known:?} to {unknown:?}");
}

#[test]
fn a_session_ends_with_its_password_its_owner_and_time() {
    let app = TestApp::new(help_centre());
    let admin = app.person(Role::Admin);
    let is_in = |who: &Identity| app.get_as(who, "/account").status == 200;

    let agent = app.person_named("li.wei", Role::Agent);
    let fields = [("current", PASSWORD), ("password", "four other words here")];
    let changed = app.form_as(&agent, "/account/password", &fields);
    assert_eq!(changed.status, 303, "{changed:?}");
    assert!(!is_in(&agent), "the session before the change");
    let agent = with_cookie(&changed, agent.person);
    assert!(is_in(&agent), "the one that the change opened");

    let token = app.token(Role::Agent, Scope::Suggest);
    let begun = Instant::now();
    for person in [&agent, &token] {
        let path = format!("/people/{}/disable", person.person);
        assert_eq!(app.post_as(&admin, &path, "x=1").status, 303);
    }
    assert!(!is_in(&agent));
    assert!(app.app.engine().store().tokens().unwrap().is_empty(), "its tokens have ended");
    assert!(begun.elapsed().as_secs() < 1);

    let store = app.app.engine().store();
    let hash = |who: &Identity| secret::hash(who.headers[0].1.split('=').nth(1).unwrap());
    let idle = app.person(Role::Agent);
    let minutes = |n| now() - jiff::SignedDuration::from_mins(n);
    store.seen(&Seen::Session(hash(&idle)), minutes(29)).unwrap();
    assert!(is_in(&idle), "idle for 29 minutes");
    store.seen(&Seen::Session(hash(&idle)), minutes(31)).unwrap();
    assert!(!is_in(&idle), "idle for 31 minutes");
}

#[test]
fn the_last_administrator_stays() {
    let app = TestApp::new(help_centre());
    let admin = app.person(Role::Admin);
    let own = |what: &str| format!("/people/{}/{what}", admin.person);
    assert_eq!(app.post_as(&admin, &own("disable"), "x=1").status, 422);
    assert_eq!(app.post_as(&admin, &own("role"), "role=lead").status, 422);
    app.person(Role::Admin);
    assert_eq!(app.post_as(&admin, &own("role"), "role=lead").status, 303);
    assert_eq!(app.post_as(&admin, "/people", "name=x&role=agent").status, 403, "at once");
}

#[test]
fn the_first_administrator_is_made_once() {
    let app = TestApp::new(help_centre());
    let key = app.app.begin_setup().unwrap().unwrap();
    let path = format!("/setup?key={}", key.text());
    assert!(app.get(&path).body.contains("name=\"password\""));
    assert_eq!(app.get("/setup?key=guess").status, 404);
    let set_up = |password: &str| {
        let fields = [("key", key.text()), ("name", "li.wei"), ("password", password)];
        app.post_form("/setup", &fields)
    };
    assert_eq!(set_up("short").status, 422);
    let first = set_up(PASSWORD);
    assert_eq!((first.status, first.header("location")), (303, "/agent"));
    assert!(app.get_as(&with_cookie(&first, 1), "/people").body.contains("li.wei"));
    assert_eq!(set_up(PASSWORD).status, 404);
    assert_eq!(app.app.begin_setup().unwrap(), None);
}

#[test]
fn an_invitation_works_once() {
    let app = TestApp::new(help_centre());
    let admin = app.person(Role::Admin);
    let added = app.form_as(&admin, "/people", &[("name", "wang"), ("role", "editor")]);
    let key = added.body.split("/invitation?key=").nth(1).unwrap().split('<').next().unwrap();
    assert!(app.get(&format!("/invitation?key={key}")).body.contains("wang"));
    let accept = || app.post_form("/invitation", &[("key", key), ("password", PASSWORD)]);
    assert_eq!(accept().header("location"), "/agent");
    assert_eq!(accept().status, 404);
    assert_eq!(app.get(&format!("/invitation?key={key}")).status, 404);
}

#[test]
fn a_form_from_another_site_does_nothing() {
    let app = TestApp::new(help_centre());
    let admin = app.person(Role::Admin);
    let cookie = admin.headers[0].1.as_str();
    let headers = [
        ("cookie", cookie),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "cross-site"),
    ];
    assert_eq!(app.post("/people", &headers, b"name=x&role=admin").status, 403);
    assert!(!app.get_as(&admin, "/people").body.contains("<code>x</code>"));
}

#[test]
fn what_was_done_stands_in_the_audit_log() {
    let app = TestApp::new(help_centre());
    let admin = app.person_named("li.wei", Role::Admin);
    app.form_as(&admin, "/people", &[("name", "wang"), ("role", "editor")]);
    app.post_as(&admin, "/account/tokens", "name=nightly&scope=trends&days=30");
    let log = app.get_as(&admin, "/audit").body;
    for part in ["li.wei", "person-added", "person/wang", "role editor", "token-made"] {
        assert!(log.contains(part), "{part}");
    }
    assert_eq!(app.app.engine().store().audit_break().unwrap(), None);
}

#[test]
fn no_secret_lies_in_the_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    let hash = password::hash(PASSWORD).unwrap();
    let new = NewPerson {
        name: "li.wei".into(),
        display: "Li".into(),
        role: Role::Admin,
        password: Some(hash.clone()),
    };
    let note = |action: &str| Entry::new(now(), "li.wei", action, "");
    let person = PersonId(store.change(&Change::SetUp(new), &note("set-up")).unwrap());
    let (cookie, token, link) =
        (Secret::new("").unwrap(), Secret::new(TOKEN_PREFIX).unwrap(), Secret::new("").unwrap());
    let open = Change::OpenSession { person, hash: cookie.hash(), password: hash };
    store.change(&open, &note("signed-in")).unwrap();
    let until = now() + jiff::SignedDuration::from_hours(1);
    let new =
        NewToken { person, name: "t".into(), scopes: vec![Scope::Kb], until, hash: token.hash() };
    store.change(&Change::MakeToken(new), &note("token-made")).unwrap();
    let invite = Change::Invite { person, hash: link.hash(), until };
    store.change(&invite, &note("link-made")).unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [PASSWORD, cookie.text(), token.text(), link.text()] {
            assert!(!text.contains(secret));
        }
    }
    drop(store);

    // Append-only by the database itself, and a way around that is seen.
    let conn = Connection::open(&path).unwrap();
    assert!(conn.execute("UPDATE audit SET who = 'x'", []).is_err());
    assert!(conn.execute("DELETE FROM audit WHERE number = 2", []).is_err());
    conn.execute_batch("DROP TRIGGER audit_stays; UPDATE audit SET who = 'x' WHERE number = 2")
        .unwrap();
    drop(conn);
    assert_eq!(SqliteStore::open(&path).unwrap().audit_break().unwrap(), Some(2));
}
