//! The conformance suite: what every store must do, whatever it keeps events in.
#![expect(clippy::panic, reason = "a test that cannot go on should fail where it stands")]

use std::sync::Barrier;
use std::thread;

use jiff::SignedDuration;
use zhinan::events::event::{RedactedSecret, Suggested};
use zhinan::events::memory::MemoryStore;
use zhinan::events::service::{After, Handled, SearchCount};
use zhinan::events::session::{Course, Gap, SessionCounts, SessionSteps, Step, Surface, Visit};
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::store::{IssueCount, Recorded};
use zhinan::events::{Erase, NewTicket, Outcome, Store, StoreError, TicketState};
use zhinan::id::{ArticleId, SessionId, TicketId};
use zhinan::lang::TextLang;

use super::{article, at, feedback, keyed, ticket};

/// Makes a test for each store out of each function of the suite.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        mod memory {
            use super::*;
            $(#[test] fn $name() { super::$name(&MemoryStore::default()); })+
        }
        mod sqlite {
            use super::*;
            $(#[test] fn $name() {
                let dir = tempfile::tempdir().unwrap();
                super::$name(&SqliteStore::open(&dir.path().join("events.db")).unwrap());
            })+
        }
    };
}

on_both_stores!(
    tickets_are_numbered_from_1_and_listed_newest_first,
    a_ticket_comes_back_as_it_was_recorded,
    long_and_strange_text_comes_back_unchanged,
    the_same_key_is_one_ticket,
    the_same_key_sent_by_many_at_once_is_one_ticket,
    a_key_used_for_another_request_is_refused,
    numbers_have_no_gaps_after_refusals,
    feedback_on_an_unknown_ticket_is_refused,
    windows_hold_their_start_and_not_their_end,
    most_tickets_come_first_then_abstained_then_by_article,
    outcomes_are_counted_by_article_and_outcome,
    wrong_takes_a_phrasing_back_until_it_is_confirmed_again,
    phrasings_come_by_ticket_then_by_article,
    a_session_counts_once_however_often_its_steps_are_told,
    a_session_that_has_not_started_is_dropped,
    contact_after_reading_names_the_article,
    gaps_are_counted_by_query,
    contact_made_again_is_counted_once_a_person_and_only_within_the_time,
    searches_are_added_up_by_hour,
    tickets_are_counted_by_what_staff_did,
    an_empty_store_answers_with_nothing,
);

fn record(store: &dyn Store, ticket: &NewTicket) -> u64 {
    match store.record_ticket(ticket).unwrap() {
        Recorded::New(id) => id.0,
        Recorded::Again(ticket) => panic!("{} was there already", ticket.id),
    }
}

fn numbers(store: &dyn Store, before: Option<u64>, limit: usize) -> Vec<u64> {
    let tickets = store.tickets(before.map(TicketId), limit).unwrap();
    tickets.into_iter().map(|t| t.id.0).collect()
}

fn tickets_are_numbered_from_1_and_listed_newest_first(store: &dyn Store) {
    for second in 0..5 {
        // Numbers follow arrival, not the time on the ticket.
        assert_eq!(record(store, &ticket(100 - second, "hello", None)), second as u64 + 1);
    }
    assert_eq!(numbers(store, None, 10), [5, 4, 3, 2, 1]);
    assert_eq!(numbers(store, None, 2), [5, 4]);
    assert_eq!(numbers(store, Some(4), 2), [3, 2]);
    assert_eq!(numbers(store, Some(1), 2), [0_u64; 0]);
    assert_eq!(numbers(store, Some(0), 2), [0_u64; 0]);
    assert_eq!(numbers(store, Some(u64::MAX), usize::MAX), [5, 4, 3, 2, 1]);
    assert_eq!(numbers(store, None, 0), [0_u64; 0]);
    for unknown in [0, 6, u64::MAX] {
        let error = store.ticket(TicketId(unknown)).unwrap_err();
        assert_eq!(error, StoreError::NoTicket(TicketId(unknown)));
    }
}

fn secret(kind: &str, tag: Option<&str>) -> RedactedSecret {
    RedactedSecret { kind: kind.to_owned(), tag: tag.map(str::to_owned) }
}

fn a_ticket_comes_back_as_it_was_recorded(store: &dyn Store) {
    for lang in TextLang::ALL {
        let suggested = [("no-gas", 0.1 + 0.2_f32), ("fees", 0.0), ("stuck", 1.0)];
        let suggested =
            suggested.map(|(a, confidence)| Suggested { article: article(a), confidence });
        let full = NewTicket {
            lang,
            channel: "email".to_owned(),
            external_id: Some("ZD-4711".to_owned()),
            suggested: suggested.into(),
            redacted: vec![secret("mnemonic", Some("0f")), secret("cvv", None)],
            sender: Some("mark".to_owned()),
            ..keyed(ticket(1, "提现一直没到账", None), lang.code(), "hash")
        };
        let id = TicketId(record(store, &full));
        assert_eq!(store.ticket(id).unwrap().ticket, full);
        assert_eq!(store.tickets(None, 1).unwrap().first().unwrap().ticket, full);
    }
}

fn long_and_strange_text_comes_back_unchanged(store: &dyn Store) {
    let long = "提币 stuck 🦊 ".repeat(100_000 / "提币 stuck 🦊 ".len() + 1);
    let texts = ["", "\0a\0", "'; DROP TABLE ticket; --", "𠮷👩‍👩‍👧‍👦\u{202e}é\r\n", &long];
    for text in texts {
        let id = TicketId(record(store, &ticket(1, text, None)));
        assert_eq!(store.ticket(id).unwrap().ticket.clean_text, text);
    }
}

fn the_same_key_is_one_ticket(store: &dyn Store) {
    let first = keyed(ticket(1, "where is my money", Some("fees")), "k", "r");
    let id = TicketId(record(store, &first));
    // The same request at another time, after the matching has learned something.
    let again = keyed(ticket(9, "where is my money", Some("no-gas")), "k", "r");
    match store.record_ticket(&again).unwrap() {
        Recorded::Again(known) => assert_eq!((known.id, known.ticket), (id, first)),
        Recorded::New(id) => panic!("recorded twice, as {id} too"),
    }
    assert_eq!(numbers(store, None, 10), [1]);
    // Without a key, the same text is another ticket.
    assert_eq!(record(store, &ticket(1, "where is my money", None)), 2);
    assert_eq!(record(store, &ticket(1, "where is my money", None)), 3);
}

fn the_same_key_sent_by_many_at_once_is_one_ticket(store: &dyn Store) {
    let barrier = Barrier::new(16);
    let send = || {
        barrier.wait();
        store.record_ticket(&keyed(ticket(1, "hello", None), "k", "r")).unwrap()
    };
    let answers: Vec<Recorded> = thread::scope(|scope| {
        let senders: Vec<_> = (0..16).map(|_| scope.spawn(send)).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let new = answers.iter().filter(|a| **a == Recorded::New(TicketId(1))).count();
    let again = answers.iter().filter(|a| matches!(a, Recorded::Again(t) if t.id.0 == 1)).count();
    assert_eq!((new, again), (1, 15));
    assert_eq!(numbers(store, None, 10), [1]);
}

fn a_key_used_for_another_request_is_refused(store: &dyn Store) {
    record(store, &keyed(ticket(1, "first", None), "k", "r1"));
    let second = store.record_ticket(&keyed(ticket(2, "second", None), "k", "r2"));
    assert_eq!(second, Err(StoreError::KeyReused));
    assert_eq!(numbers(store, None, 10), [1]);
    let other_key = keyed(ticket(2, "second", None), "K", "r2");
    assert_eq!(record(store, &other_key), 2, "keys are told apart by case");
}

fn numbers_have_no_gaps_after_refusals(store: &dyn Store) {
    record(store, &keyed(ticket(1, "first", None), "k", "r"));
    thread::scope(|scope| {
        for n in 0..32 {
            scope.spawn(move || {
                if n % 2 == 0 {
                    record(store, &ticket(n, "fine", Some("fees")));
                } else {
                    let reused = keyed(ticket(n, "refused", Some("no-gas")), "k", "other");
                    assert_eq!(store.record_ticket(&reused), Err(StoreError::KeyReused));
                }
            });
        }
    });
    assert_eq!(numbers(store, None, 100), (1..=17).rev().collect::<Vec<u64>>());
    assert_eq!(store.issue_counts(at(0), at(100)).unwrap().len(), 2);
}

fn feedback_on_an_unknown_ticket_is_refused(store: &dyn Store) {
    record(store, &ticket(1, "hello", None));
    for unknown in [0, 2, u64::MAX] {
        let error = store.record_feedback(&feedback(2, "fees", Some(unknown), Outcome::Used));
        assert_eq!(error, Err(StoreError::NoTicket(TicketId(unknown))));
    }
    assert_eq!(store.outcome_counts(at(0)).unwrap(), []);
    assert_eq!(store.phrasings().unwrap(), []);
}

fn windows_hold_their_start_and_not_their_end(store: &dyn Store) {
    for second in [10, 20, 30] {
        record(store, &ticket(second, "hello", Some("fees")));
        let opened = feedback(second, "fees", None, Outcome::Opened);
        store.record_feedback(&opened).unwrap();
    }
    let count = |tickets, first, last| {
        [IssueCount { article: Some(article("fees")), tickets, first: at(first), last: at(last) }]
    };
    assert_eq!(store.issue_counts(at(10), at(30)).unwrap(), count(2, 10, 20));
    assert_eq!(store.issue_counts(at(11), at(31)).unwrap(), count(2, 20, 30));
    assert_eq!(store.issue_counts(at(31), at(99)).unwrap(), []);
    assert_eq!(store.issue_counts(at(30), at(10)).unwrap(), []);
    let opened = |n| [(article("fees"), Outcome::Opened, n)];
    assert_eq!(store.outcome_counts(at(20)).unwrap(), opened(2));
    assert_eq!(store.outcome_counts(at(31)).unwrap(), []);
}

fn most_tickets_come_first_then_abstained_then_by_article(store: &dyn Store) {
    let best = ["zebra", "no-gas", "zebra", "fees", "", "zebra", "no-gas", "fees", ""];
    for (second, slug) in best.into_iter().enumerate() {
        let best = (!slug.is_empty()).then_some(slug);
        record(store, &ticket(second as i64, "hello", best));
    }
    let counts = store.issue_counts(at(0), at(100)).unwrap();
    let counts: Vec<(Option<&str>, u64)> =
        counts.iter().map(|c| (c.article.as_ref().map(ArticleId::as_str), c.tickets)).collect();
    assert_eq!(counts, [(Some("zebra"), 3), (None, 2), (Some("fees"), 2), (Some("no-gas"), 2)]);
}

fn outcomes_are_counted_by_article_and_outcome(store: &dyn Store) {
    for slug in ["no-gas", "fees"] {
        for outcome in Outcome::ALL.into_iter().rev() {
            store.record_feedback(&feedback(1, slug, None, outcome)).unwrap();
        }
    }
    store.record_feedback(&feedback(1, "fees", None, Outcome::Solved)).unwrap();
    let expected: Vec<_> = ["fees", "no-gas"]
        .into_iter()
        .flat_map(|slug| Outcome::ALL.map(|outcome| (slug, outcome)))
        .map(|(slug, o)| (article(slug), o, 1 + u64::from((slug, o) == ("fees", Outcome::Solved))))
        .collect();
    assert_eq!(store.outcome_counts(at(0)).unwrap(), expected);
}

fn wrong_takes_a_phrasing_back_until_it_is_confirmed_again(store: &dyn Store) {
    record(store, &ticket(1, "gas?", None));
    let say = |second, outcome| {
        store.record_feedback(&feedback(second, "no-gas", Some(1), outcome)).unwrap();
        store.phrasings().unwrap().len()
    };
    assert_eq!(say(1, Outcome::Wrong), 0);
    assert_eq!(say(2, Outcome::Solved), 0, "a reader confirms nothing");
    assert_eq!(say(3, Outcome::Used), 1);
    assert_eq!(say(4, Outcome::Edited), 1, "confirmed twice is one phrasing");
    assert_eq!(say(5, Outcome::NotHelpful), 1);
    assert_eq!(say(6, Outcome::Wrong), 0);
    // What is said last counts, whatever the clocks of those who said it.
    assert_eq!(say(0, Outcome::Edited), 1);
    store.record_feedback(&feedback(7, "fees", Some(1), Outcome::Wrong)).unwrap();
    store.record_feedback(&feedback(7, "no-gas", None, Outcome::Wrong)).unwrap();
    assert_eq!(store.phrasings().unwrap(), [("gas?".to_owned(), article("no-gas"))]);
}

fn phrasings_come_by_ticket_then_by_article(store: &dyn Store) {
    record(store, &ticket(9, "one", None));
    record(store, &ticket(1, "two", None));
    for (slug, ticket) in [("zebra", 2), ("no-gas", 1), ("fees", 2), ("zebra", 1)] {
        store.record_feedback(&feedback(1, slug, Some(ticket), Outcome::Used)).unwrap();
    }
    let phrasings = store.phrasings().unwrap();
    let phrasings: Vec<_> = phrasings.iter().map(|(t, a)| (t.as_str(), a.as_str())).collect();
    assert_eq!(phrasings, [("one", "no-gas"), ("one", "zebra"), ("two", "fees"), ("two", "zebra")]);
}

const SESSION: [u8; 16] = [7; 16];

fn started(holdout: bool, from: Option<&str>) -> Step {
    let from = from.map(article);
    Step::Started(Visit { surface: Surface::Form, lang: TextLang::En, holdout, from, sender: None })
}

fn tell(store: &dyn Store, second: i64, session: [u8; 16], steps: &[Step]) {
    let session = SessionId::new(session);
    store.record_session(&SessionSteps { at: at(second), session, steps: steps.into() }).unwrap();
}

fn a_session_counts_once_however_often_its_steps_are_told(store: &dyn Store) {
    let shown = [started(false, None), Step::Shown(article("fees")), Step::Shown(article("gas"))];
    for second in [10, 20] {
        tell(store, second, SESSION, &shown);
        tell(store, second, SESSION, &[Step::Opened(article("fees"))]);
    }
    let ticket = TicketId(record(store, &ticket(30, "hello", None)));
    tell(store, 30, [8; 16], &[started(true, None), Step::Withheld(article("fees"))]);
    tell(store, 30, [8; 16], &[Step::Sent(ticket)]);
    let treated = Course {
        lang: TextLang::En,
        surface: Surface::Form,
        holdout: false,
        offered: true,
        opened: true,
        solved: false,
        sent: false,
    };
    let held = Course { holdout: true, opened: false, sent: true, ..treated };
    let counts = store.session_counts(at(0), at(100)).unwrap();
    assert_eq!(counts, SessionCounts::from([(treated, 1), (held, 1)]));
    // A session belongs to the window in which it started.
    assert_eq!(store.session_counts(at(10), at(30)).unwrap(), SessionCounts::from([(treated, 1)]));
    assert_eq!(store.session_counts(at(20), at(30)).unwrap(), SessionCounts::new());
}

fn a_session_that_has_not_started_is_dropped(store: &dyn Store) {
    tell(store, 1, SESSION, &[Step::Opened(article("fees"))]);
    assert_eq!(store.session_counts(at(0), at(100)).unwrap(), SessionCounts::new());
    let (session, steps) =
        (SessionId::new(SESSION), vec![started(false, None), Step::Sent(TicketId(1))]);
    let unknown = SessionSteps { at: at(1), session, steps };
    assert_eq!(store.record_session(&unknown), Err(StoreError::NoTicket(TicketId(1))));
    assert_eq!(store.session_counts(at(0), at(100)).unwrap(), SessionCounts::new());
}

fn contact_after_reading_names_the_article(store: &dyn Store) {
    let ticket = TicketId(record(store, &ticket(1, "hello", None)));
    tell(store, 1, [1; 16], &[started(false, Some("fees")), Step::Sent(ticket)]);
    tell(store, 2, [2; 16], &[started(false, Some("fees"))]);
    tell(store, 3, [3; 16], &[started(false, Some("gas"))]);
    tell(store, 4, [4; 16], &[started(false, None)]);
    let counts = store.contact_after_reading(at(0), at(100)).unwrap();
    let counts: Vec<_> = counts.iter().map(|c| (c.article.as_str(), c.sessions, c.sent)).collect();
    assert_eq!(counts, [("fees", 2, 1), ("gas", 1, 0)]);
    assert_eq!(store.contact_after_reading(at(4), at(100)).unwrap(), []);
}

fn gaps_are_counted_by_query(store: &dyn Store) {
    for (second, query) in [(1, "质押"), (2, "lightning"), (3, "质押"), (9, "nft")] {
        let gap = Gap { at: at(second), lang: TextLang::Zh, query: query.to_owned() };
        store.record_gap(&gap).unwrap();
    }
    let gaps = store.gaps(at(0), at(9), 10).unwrap();
    let gaps: Vec<_> = gaps.iter().map(|g| (g.query.as_str(), g.searches, g.last)).collect();
    assert_eq!(gaps, [("质押", 2, at(3)), ("lightning", 1, at(2))]);
    assert_eq!(store.gaps(at(0), at(100), 1).unwrap().len(), 1);
}

/// A ticket of a sender that was answered.
fn answered(store: &dyn Store, hour: i64, sender: Option<&str>) -> TicketId {
    let new = NewTicket { sender: sender.map(str::to_owned), ..ticket(hour * 3600, "", None) };
    let id = TicketId(record(store, &new));
    store.set_state(id, TicketState::Answered).unwrap();
    id
}

fn contact_made_again_is_counted_once_a_person_and_only_within_the_time(store: &dyn Store) {
    let visit = |n: u8, hour: i64, sender: Option<&str>, last: Step| {
        let sender = sender.map(str::to_owned);
        let (surface, lang) = (Surface::Widget, TextLang::Zh);
        let start = Step::Started(Visit { surface, lang, holdout: false, from: None, sender });
        let shown = Step::Shown(article("fees"));
        tell(store, hour * 3600, [n; 16], &[start, shown, Step::Opened(article("fees")), last]);
    };
    let solved = || Step::Solved(article("fees"));
    // Solved, and a ticket two days later; solved, and one four days later; nobody in particular.
    visit(1, 100, Some("a"), solved());
    visit(2, 100, Some("b"), solved());
    visit(3, 100, None, solved());
    // Opened and left, with a ticket an hour before; that one is no contact after it.
    visit(4, 100, Some("c"), Step::Opened(article("fees")));
    answered(store, 99, Some("c"));
    answered(store, 148, Some("a"));
    answered(store, 196, Some("b"));
    // One sender three times in two days is one case that was made again; another is out of the window.
    for hour in [120, 140, 168] {
        answered(store, hour, Some("d"));
    }
    answered(store, 400, Some("d"));
    answered(store, 150, None);
    let hours = SignedDuration::from_hours(72);
    let found = store.recontacts(at(0), at(300 * 3600), hours).unwrap();
    let found: Vec<_> = found.iter().map(|r| (r.after, r.lang, r.cases, r.again)).collect();
    let expected = [
        (After::Confirmed, TextLang::Zh, 2, 1),
        (After::Assumed, TextLang::Zh, 1, 0),
        (After::Answered, TextLang::En, 4, 1),
    ];
    assert_eq!(found, expected);
    // Who is forgotten is in no count.
    store.erase(&Erase::Sender("a".to_owned()), at(0)).unwrap();
    let found = store.recontacts(at(0), at(300 * 3600), hours).unwrap();
    assert_eq!(found.first().map(|r| (r.cases, r.again)), Some((1, 0)));
    // Copies from one source are no cases either.
    store.record_echoes(&(1..=20).map(TicketId).collect::<Vec<_>>()).unwrap();
    let found = store.recontacts(at(0), at(300 * 3600), hours).unwrap();
    assert!(found.iter().all(|r| r.after != After::Answered && r.again == 0), "{found:?}");
}

/// What the tests' first second is past an hour.
const PAST_THE_HOUR: i64 = 1_790_000_000 % 3_600;

fn searches_are_added_up_by_hour(store: &dyn Store) {
    let count = |hour: i64, lang, searches, empty| SearchCount {
        at: at(hour * 3600 + 1 - PAST_THE_HOUR),
        lang,
        searches,
        empty,
    };
    let (en, zh) = (TextLang::En, TextLang::Zh);
    store.record_searches(&[count(5, en, 3, 1), count(5, zh, 2, 0)]).unwrap();
    store.record_searches(&[count(5, en, 4, 2), count(6, en, 9, 9)]).unwrap();
    let at = |second| at(second - PAST_THE_HOUR);
    let found = |from, until| store.searches(at(from), at(until)).unwrap();
    // The hour that is running counts; the one that had begun before the window does not.
    assert_eq!(found(5 * 3600, 5 * 3600 + 60), [(en, (7, 3)), (zh, (2, 0))].into());
    assert_eq!(found(5 * 3600 + 1, 7 * 3600), [(en, (9, 9))].into());
}

fn tickets_are_counted_by_what_staff_did(store: &dyn Store) {
    let closed = answered(store, 1, Some("a"));
    let rejected = answered(store, 2, Some("a"));
    answered(store, 3, None);
    record(store, &ticket(4 * 3600, "", Some("fees")));
    store.record_feedback(&feedback(0, "fees", Some(closed.0), Outcome::Linked)).unwrap();
    store.record_feedback(&feedback(0, "fees", Some(rejected.0), Outcome::Wrong)).unwrap();
    let handled = store.handled(at(0), at(5 * 3600)).unwrap();
    let expected = Handled {
        tickets: 4,
        unanswered: 3,
        people: 3,
        closed: 3,
        linked: 1,
        judged: 2,
        rejected: 1,
    };
    assert_eq!(handled, [(TextLang::En, expected)].into());
}

fn an_empty_store_answers_with_nothing(store: &dyn Store) {
    store.health().unwrap();
    assert_eq!(numbers(store, None, 10), [0_u64; 0]);
    assert_eq!(store.issue_counts(at(0), at(100)).unwrap(), []);
    assert_eq!(store.outcome_counts(at(0)).unwrap(), []);
    assert_eq!(store.phrasings().unwrap(), []);
}
