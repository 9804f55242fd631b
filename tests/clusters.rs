//! Clusters of tickets that no article answers, sorted by hand: what people decide stays decided.

use std::collections::BTreeSet;

use zhinan::people::Role;

use crate::support::app::{Identity, TestApp, help_centre};

const BADGE: [&str; 4] = [
    "the hologram on my badge does not glow",
    "badge hologram stopped glowing yesterday",
    "my badge has a dark hologram now",
    "why does the hologram of the badge not glow",
];
const SEEDS: [&str; 4] =
    ["签到领不到种子", "签到之后种子没有到账", "种子签到没有发放", "每天签到都没有种子"];

/// Numbers of the clusters on the page.
fn clusters(app: &TestApp, who: &Identity) -> BTreeSet<u64> {
    let page = app.get_as(who, "/trends/issues/none").body;
    let parts = page.split("href=\"/trends/clusters/").skip(1);
    parts.map(|part| part.split('"').next().unwrap().parse().unwrap()).collect()
}

/// Numbers of the tickets of a cluster.
fn tickets(app: &TestApp, who: &Identity, cluster: u64) -> BTreeSet<u64> {
    let page = app.get_as(who, &format!("/trends/clusters/{cluster}"));
    assert_eq!(page.status, 200, "{page:?}");
    let parts = page.body.split("name=\"ticket-").skip(1);
    parts.map(|part| part.split('"').next().unwrap().parse().unwrap()).collect()
}

fn sort(app: &TestApp, who: &Identity, cluster: u64, form: &str) -> u16 {
    app.post_as(who, &format!("/trends/clusters/{cluster}"), form).status
}

#[test]
fn what_was_merged_and_taken_out_by_hand_stays_when_tickets_come_and_in_the_audit_log() {
    let app = TestApp::new(help_centre());
    let badge: BTreeSet<u64> = BADGE.iter().map(|text| app.ticket(text)).collect();
    let seeds: BTreeSet<u64> = SEEDS.iter().map(|text| app.ticket(text)).collect();
    let editor = app.person_named("ed", Role::Editor);
    let (first, second) = (*badge.first().unwrap(), *seeds.first().unwrap());
    assert_eq!(clusters(&app, &editor), [first, second].into());
    assert_eq!(tickets(&app, &editor, second), seeds);

    // Put together from the younger one: the older one's number stays.
    assert_eq!(sort(&app, &editor, second, &format!("what=merge&with={first}")), 303);
    assert_eq!(clusters(&app, &editor), [first].into());
    let both: BTreeSet<u64> = badge.union(&seeds).copied().collect();
    assert_eq!(tickets(&app, &editor, first), both);
    // A ticket like either joins them.
    let like = app.ticket("the badge's hologram will not glow at all");
    let alike = app.ticket("今天签到也没有种子");
    let joined = tickets(&app, &editor, first);
    assert!(joined.contains(&like) && joined.contains(&alike), "{joined:?}");

    // Two are taken out: a cluster of their own, smaller than one that is found.
    let out: BTreeSet<u64> = seeds.iter().copied().take(2).collect();
    let ticked: Vec<String> = out.iter().map(|id| format!("ticket-{id}=yes")).collect();
    assert_eq!(sort(&app, &editor, first, &format!("what=split&{}", ticked.join("&"))), 303);
    assert_eq!(tickets(&app, &editor, second), out);
    assert!(tickets(&app, &editor, first).is_disjoint(&out));
    // Further tickets change nothing of it, and each is in one of the two.
    let more = app.ticket("签到不给种子");
    let (left, right) = (tickets(&app, &editor, first), tickets(&app, &editor, second));
    assert!(out.is_subset(&right) && left.is_disjoint(&out));
    assert!(left.contains(&more) != right.contains(&more));

    // The ticket that a pile is called after is taken out: the rest gets another name.
    assert_eq!(sort(&app, &editor, first, &format!("what=split&ticket-{first}=yes")), 303);
    assert_eq!(tickets(&app, &editor, first), [first].into());
    let page = app.get_as(&editor, &format!("/trends/clusters/{second}?lang=en")).body;
    assert!(page.contains("Sorted by hand, last by ed on "), "{page}");
    let audit = app.get_as(&app.person(Role::Admin), "/audit").body;
    for said in ["cluster-merge", "cluster-split", &format!("cluster/{first}")] {
        assert!(audit.contains(said), "{audit}");
    }
    // Let go, everything is as it would be by itself.
    for cluster in clusters(&app, &editor) {
        sort(&app, &editor, cluster, "what=release");
    }
    assert!(app.engine().store().pins().unwrap().is_empty());
    let by_itself = tickets(&app, &editor, first);
    assert!(badge.is_subset(&by_itself) && seeds.is_disjoint(&by_itself), "{by_itself:?}");
}

#[test]
fn what_makes_no_sense_is_refused_and_agents_only_look() {
    let app = TestApp::new(help_centre());
    for text in BADGE {
        app.ticket(text);
    }
    let (editor, agent) = (app.person(Role::Editor), app.person(Role::Agent));
    let all: Vec<String> = (1..=4).map(|id| format!("ticket-{id}=yes")).collect();
    assert_eq!(sort(&app, &editor, 1, &format!("what=split&{}", all.join("&"))), 422);
    assert_eq!(sort(&app, &editor, 1, "what=split"), 422);
    assert_eq!(sort(&app, &editor, 1, "what=split&ticket-99=yes"), 422);
    assert_eq!(sort(&app, &editor, 1, "what=merge&with=77"), 404);
    assert_eq!(sort(&app, &editor, 1, "what=burn"), 422);
    assert_eq!(sort(&app, &agent, 1, "what=release"), 403);
    let page = app.get_as(&agent, "/trends/clusters/1").body;
    assert!(
        page.contains("/agent/tickets/4")
            && !page.contains("<form method=\"post\" action=\"/trends")
    );
}
