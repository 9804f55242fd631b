//! Roles: every route × everybody who may ask, as in the checked-in table `tests/roles/table.tsv`.
//!
//! A line is a method, a route, whose object it is about, the body that is sent (`-`: none), and
//! what each identity gets: `ok` the handler was reached, `in` led to the sign-in page, or a status.
//! A route that is missing from the table fails, and so does a line without a route.

use std::collections::BTreeSet;

use zhinan::people::{Role, Scope};
use zhinan::web::guard::Access;
use zhinan::web::router;

use crate::support::app::{Answer, Identity, TestApp, help_centre, with_runbooks};

const TABLE: &str = include_str!("roles/table.tsv");

struct Line<'a> {
    method: &'a str,
    route: &'a str,
    object: &'a str,
    body: &'a str,
    expected: Vec<&'a str>,
}

fn lines() -> Vec<Line<'static>> {
    let line = |text: &'static str| {
        let fields: Vec<&str> = text.split('\t').collect();
        assert_eq!(fields.len(), 13, "{text}");
        Line {
            method: fields[0],
            route: fields[1],
            object: fields[2],
            body: fields[3],
            expected: fields[4..].to_vec(),
        }
    };
    TABLE.lines().skip(1).map(line).collect()
}

/// A new person for a column of the table.
fn somebody(app: &TestApp, column: usize) -> (String, Identity) {
    let roles = Role::ALL.len();
    match column {
        0 => ("anonymous".to_owned(), Identity::default()),
        _ if column <= roles => {
            let role = Role::ALL[column - 1];
            (role.to_string(), app.person(role))
        }
        _ => {
            // The strongest owner: what stops a token is its scope.
            let scope = Scope::ALL[column - 1 - roles];
            (format!("token:{}", scope.code()), app.token(Role::Admin, scope))
        }
    }
}

fn class(answer: &Answer) -> String {
    match answer.status {
        303 if answer.header("location").starts_with("/sign-in?next=") => "in".to_owned(),
        401 | 403 | 404 => answer.status.to_string(),
        500.. => panic!("{answer:?}"),
        _ => "ok".to_owned(),
    }
}

/// The route's path with its places filled: with an object of one's own, of somebody else, or none.
fn filled(app: &TestApp, line: &Line<'_>, who: &Identity) -> String {
    let (other, missing) = (app.person(Role::Agent), "9999".to_owned());
    let id = |own: u64, other: u64| match line.object {
        "own" => own.to_string(),
        "other" => other.to_string(),
        _ => missing.clone(),
    };
    let id = if line.route.contains("tickets/") {
        // Tickets belong to everybody who may see them.
        if line.object == "missing" {
            missing.clone()
        } else {
            app.ticket("card declined").to_string()
        }
    } else if line.route.contains("tokens/") {
        id(app.token_of(who), app.token_of(&other))
    } else {
        id(who.person, other.person)
    };
    let slug = match line.object {
        "own" => "card-declined",
        "other" => "rpc-degradation",
        _ => "nothing-here",
    };
    let section = if line.object == "own" { "help" } else { "nothing-here" };
    let path = if line.route.contains("sections") {
        line.route.replace("{id}", section)
    } else {
        line.route.replace("{id}", &id)
    };
    path.replace("{lang}", "en").replace("{slug}", slug).replace("{name}", "none.css")
}

#[test]
fn everybody_gets_what_the_table_says() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let mut wrong = Vec::new();
    for line in lines() {
        for (at, expected) in line.expected.iter().enumerate() {
            // New people for each cell: what one request does is not in the way of the next.
            let (name, who) = somebody(&app, at);
            let path = filled(&app, &line, &who);
            let answer = match line.method {
                "GET" => app.get_as(&who, &path),
                "PUT" => app.put_as(&who, &path, Some("*"), &serde_json::json!({})),
                _ => app.post_as(&who, &path, line.body),
            };
            let got = class(&answer);
            if got != *expected {
                let Line { method, route, object, .. } = line;
                wrong.push(format!("{method} {route} ({object}) as {name}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_route_and_no_other() {
    let app = TestApp::new(help_centre());
    let routes = router::routes(&app.app);
    let listed: BTreeSet<(&str, &str)> =
        routes.listed().iter().map(|r| (r.method, r.path)).collect();
    let table: BTreeSet<(&str, &str)> = lines().iter().map(|l| (l.method, l.route)).collect();
    let missing: Vec<_> = listed.difference(&table).collect();
    let gone: Vec<_> = table.difference(&listed).collect();
    assert!(missing.is_empty(), "add to tests/roles/table.tsv: {missing:?}");
    assert!(gone.is_empty(), "no route any more: {gone:?}");
}

#[test]
fn a_route_with_an_object_is_tried_with_ones_own_anothers_and_none() {
    for route in lines().iter().map(|l| l.route).filter(|r| r.contains("{id}")) {
        let all = lines();
        let objects: BTreeSet<&str> =
            all.iter().filter(|l| l.route == route).map(|l| l.object).collect();
        // Sections, episodes and clusters are nobody's own; of the last two there is none at the start.
        let wanted = match route {
            _ if route.contains("sections") => 2,
            _ if route.contains("episodes") || route.contains("clusters") => 1,
            _ => 3,
        };
        assert!(objects.len() >= wanted, "{route}: {objects:?}");
    }
}

#[test]
fn nothing_under_a_staff_path_is_open() {
    let app = TestApp::new(help_centre());
    let routes = router::routes(&app.app);
    let staff = [
        "/agent",
        "/trends",
        "/account",
        "/people",
        "/tokens",
        "/audit",
        "/studio",
        "/api/v1/staff",
    ];
    for route in routes.listed() {
        let internal = staff.iter().any(|p| route.path.starts_with(p));
        let open = route.access == Access::Everyone;
        assert!(!(internal && open), "{} {} asks for nobody", route.method, route.path);
    }
}
