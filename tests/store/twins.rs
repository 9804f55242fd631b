//! Twins: the same random verbs to both stores, every answer compared.

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use zhinan::events::event::{Idempotency, RedactedSecret, Suggested};
use zhinan::events::memory::MemoryStore;
use zhinan::events::service::{RECONTACT, SearchCount};
use zhinan::events::session::{Gap, SessionSteps, Step, Surface, Visit};
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::store::QueueFilter;
use zhinan::events::{
    EpisodeWord, Erase, Feedback, NewTicket, Outcome, Sorting, Store, TicketState,
};
use zhinan::id::{ArticleId, SessionId, TicketId};
use zhinan::lang::TextLang;
use zhinan::time::Timestamp;

#[derive(Debug, Clone)]
enum Verb {
    RecordTicket(NewTicket),
    RecordFeedback(Feedback),
    Ticket(TicketId),
    Tickets(Option<TicketId>, usize),
    IssueCounts(Timestamp, Timestamp),
    OutcomeCounts(Timestamp),
    Phrasings,
    Verdicts,
    RecordSession(SessionSteps),
    SessionCounts(Timestamp, Timestamp),
    ContactAfterReading(Timestamp, Timestamp),
    RecordGap(Gap),
    Gaps(Timestamp, Timestamp, usize),
    SetState(TicketId, TicketState),
    Queue(QueueFilter, usize),
    StateCounts,
    TicketFeedback(TicketId),
    Erase(Erase, Timestamp),
    Erasures,
    SameSecret(TicketId, usize),
    RecordEpisodeWord(EpisodeWord),
    EpisodeWords,
    RecordSent(String, Timestamp),
    IsSent(String),
    RecordEchoes(Vec<TicketId>),
    RecordSorting(Sorting),
    Pins,
    RecordSearches(Vec<SearchCount>),
    Searches(Timestamp, Timestamp),
    Recontacts(Timestamp, Timestamp, SignedDuration),
    Handled(Timestamp, Timestamp),
}

/// What a store answers, in a form in which two answers can be compared.
fn answer(store: &dyn Store, verb: &Verb) -> String {
    match verb {
        Verb::RecordTicket(ticket) => format!("{:?}", store.record_ticket(ticket)),
        Verb::RecordFeedback(feedback) => format!("{:?}", store.record_feedback(feedback)),
        Verb::Ticket(id) => format!("{:?}", store.ticket(*id)),
        Verb::Tickets(before, limit) => format!("{:?}", store.tickets(*before, *limit)),
        Verb::IssueCounts(since, until) => format!("{:?}", store.issue_counts(*since, *until)),
        Verb::OutcomeCounts(since) => format!("{:?}", store.outcome_counts(*since)),
        Verb::Phrasings => format!("{:?}", store.phrasings()),
        Verb::Verdicts => format!("{:?}", store.verdicts()),
        Verb::RecordSession(steps) => format!("{:?}", store.record_session(steps)),
        Verb::SessionCounts(since, until) => format!("{:?}", store.session_counts(*since, *until)),
        Verb::ContactAfterReading(since, until) => {
            format!("{:?}", store.contact_after_reading(*since, *until))
        }
        Verb::RecordGap(gap) => format!("{:?}", store.record_gap(gap)),
        Verb::Gaps(since, until, limit) => format!("{:?}", store.gaps(*since, *until, *limit)),
        Verb::SetState(id, state) => format!("{:?}", store.set_state(*id, *state)),
        Verb::Queue(filter, limit) => format!("{:?}", store.queue(filter, *limit)),
        Verb::StateCounts => format!("{:?}", store.state_counts()),
        Verb::TicketFeedback(id) => format!("{:?}", store.ticket_feedback(*id)),
        Verb::Erase(which, at) => format!("{:?}", store.erase(which, *at)),
        Verb::Erasures => format!("{:?}", store.erasures()),
        Verb::SameSecret(id, limit) => format!("{:?}", store.same_secret(*id, *limit)),
        Verb::RecordEpisodeWord(word) => format!("{:?}", store.record_episode_word(word)),
        Verb::EpisodeWords => format!("{:?}", store.episode_words()),
        Verb::RecordSent(key, at) => format!("{:?}", store.record_sent(key, *at)),
        Verb::RecordEchoes(ids) => format!("{:?}", store.record_echoes(ids)),
        Verb::RecordSorting(sorting) => format!("{:?}", store.record_sorting(sorting)),
        Verb::Pins => format!("{:?}", store.pins()),
        Verb::IsSent(key) => format!("{:?}", store.is_sent(key)),
        Verb::RecordSearches(counts) => format!("{:?}", store.record_searches(counts)),
        Verb::Searches(since, until) => format!("{:?}", store.searches(*since, *until)),
        Verb::Recontacts(since, until, within) => {
            format!("{:?}", store.recontacts(*since, *until, *within))
        }
        Verb::Handled(since, until) => format!("{:?}", store.handled(*since, *until)),
    }
}

/// Few enough that they meet, and finer than a store keeps.
fn time() -> impl Strategy<Value = Timestamp> {
    (-3000_i128..3000).prop_map(|n| Timestamp::from_nanosecond(n).unwrap())
}

fn article() -> impl Strategy<Value = ArticleId> {
    prop::sample::select(vec!["fees", "no-gas", "zebra"]).prop_map(|slug| slug.parse().unwrap())
}

fn id() -> impl Strategy<Value = TicketId> {
    prop_oneof![9 => 0_u64..20, 1 => any::<u64>()].prop_map(TicketId)
}

fn idempotency() -> impl Strategy<Value = Idempotency> {
    ("[ab]", "[xy]").prop_map(|(key, request)| Idempotency { key, request })
}

fn suggested() -> impl Strategy<Value = Suggested> {
    (article(), 0.0_f32..=1.0).prop_map(|(article, confidence)| Suggested { article, confidence })
}

fn secret() -> impl Strategy<Value = RedactedSecret> {
    ("[pq]", weighted(0.7, "[xy]")).prop_map(|(kind, tag)| RedactedSecret { kind, tag })
}

fn erase() -> impl Strategy<Value = Erase> {
    prop_oneof![
        id().prop_map(Erase::Ticket),
        "[ab]".prop_map(Erase::Sender),
        time().prop_map(Erase::Before),
    ]
}

fn episode_word() -> impl Strategy<Value = EpisodeWord> {
    let said = (any::<bool>(), any::<bool>(), weighted(0.5, "https://[a-z]"));
    ((1_u64..4).prop_map(TicketId), time(), "[ab]", said).prop_map(|(first, at, who, said)| {
        let (acknowledged, muted, incident) = said;
        EpisodeWord { first, at, who, acknowledged, muted, incident }
    })
}

fn ticket() -> impl Strategy<Value = NewTicket> {
    let lang = prop::sample::select(TextLang::ALL.to_vec());
    let kept = (any::<String>(), lang, any::<String>(), any::<Option<String>>());
    let sender = weighted(0.5, "[ab]");
    let found = (vec(suggested(), 0..4), vec(secret(), 0..3), weighted(0.3, idempotency()), sender);
    (time(), kept, found).prop_map(|(at, kept, found)| {
        let (clean_text, lang, channel, external_id) = kept;
        let (suggested, redacted, idempotency, sender) = found;
        let found = NewTicket { redacted, idempotency, sender, ..super::ticket(0, "", None) };
        NewTicket { at, clean_text, lang, channel, external_id, suggested, ..found }
    })
}

fn feedback() -> impl Strategy<Value = Feedback> {
    let outcome = prop::sample::select(Outcome::ALL.to_vec());
    (time(), article(), weighted(0.8, id()), outcome)
        .prop_map(|(at, article, ticket, outcome)| Feedback { at, article, ticket, outcome })
}

fn step() -> impl Strategy<Value = Step> {
    let surface = prop::sample::select(Surface::ALL.to_vec());
    let lang = prop::sample::select(TextLang::ALL.to_vec());
    let holdout = prop::bool::weighted(0.3);
    let visit = (surface, lang, holdout, weighted(0.5, article()), weighted(0.7, "[ab]"));
    let visit = visit.prop_map(|(surface, lang, holdout, from, sender)| Visit {
        surface,
        lang,
        holdout,
        from,
        sender,
    });
    prop_oneof![
        3 => visit.prop_map(Step::Started),
        1 => article().prop_map(Step::Shown),
        1 => article().prop_map(Step::Withheld),
        1 => article().prop_map(Step::Opened),
        1 => article().prop_map(Step::Solved),
        1 => id().prop_map(Step::Sent),
    ]
}

fn steps() -> impl Strategy<Value = SessionSteps> {
    let session = (0_u8..3).prop_map(|n| SessionId::new([n; 16]));
    (time(), session, vec(step(), 0..4)).prop_map(|(at, session, steps)| SessionSteps {
        at,
        session,
        steps,
    })
}

fn gap() -> impl Strategy<Value = Gap> {
    let lang = prop::sample::select(TextLang::ALL.to_vec());
    (time(), lang, "[ab]").prop_map(|(at, lang, query)| Gap { at, lang, query })
}

fn sorting() -> impl Strategy<Value = Sorting> {
    let tickets = vec((id(), weighted(0.7, id())), 0..4);
    (time(), "[ab]", tickets).prop_map(|(at, who, tickets)| Sorting { at, who, tickets })
}

fn search_count() -> impl Strategy<Value = SearchCount> {
    let lang = prop::sample::select(TextLang::ALL.to_vec());
    (time(), lang, 1_u64..9, 0_u64..2).prop_map(|(at, lang, searches, empty)| SearchCount {
        at,
        lang,
        searches,
        empty,
    })
}

fn state() -> impl Strategy<Value = TicketState> {
    prop::sample::select(TicketState::ALL.to_vec())
}

fn filter() -> impl Strategy<Value = QueueFilter> {
    let lang = prop::sample::select(TextLang::ALL.to_vec());
    let topic = weighted(0.5, weighted(0.7, article()));
    (weighted(0.5, state()), weighted(0.3, lang), topic, weighted(0.3, id()), any::<bool>())
        .prop_map(|(state, lang, topic, before, no_copies)| QueueFilter {
            state,
            lang,
            topic,
            before,
            no_copies,
        })
}

fn verb() -> impl Strategy<Value = Verb> {
    prop_oneof![
        4 => ticket().prop_map(Verb::RecordTicket),
        4 => feedback().prop_map(Verb::RecordFeedback),
        1 => id().prop_map(Verb::Ticket),
        1 => (prop::option::of(id()), 0_usize..30).prop_map(|(b, l)| Verb::Tickets(b, l)),
        1 => (time(), time()).prop_map(|(since, until)| Verb::IssueCounts(since, until)),
        1 => time().prop_map(Verb::OutcomeCounts),
        1 => Just(Verb::Phrasings),
        4 => steps().prop_map(Verb::RecordSession),
        1 => (time(), time()).prop_map(|(since, until)| Verb::SessionCounts(since, until)),
        1 => (time(), time()).prop_map(|(since, until)| Verb::ContactAfterReading(since, until)),
        2 => gap().prop_map(Verb::RecordGap),
        1 => (time(), time(), 0_usize..3).prop_map(|(since, until, n)| Verb::Gaps(since, until, n)),
        2 => (id(), state()).prop_map(|(id, state)| Verb::SetState(id, state)),
        1 => (filter(), 0_usize..30).prop_map(|(filter, limit)| Verb::Queue(filter, limit)),
        1 => id().prop_map(Verb::TicketFeedback),
        2 => (erase(), time()).prop_map(|(which, at)| Verb::Erase(which, at)),
        1 => (id(), 0_usize..9).prop_map(|(id, limit)| Verb::SameSecret(id, limit)),
        1 => episode_word().prop_map(Verb::RecordEpisodeWord),
        1 => ("[ab]", time()).prop_map(|(key, at)| Verb::RecordSent(key, at)),
        1 => "[abc]".prop_map(Verb::IsSent),
        1 => vec(id(), 0..3).prop_map(Verb::RecordEchoes),
        2 => sorting().prop_map(Verb::RecordSorting),
        1 => vec(search_count(), 0..3).prop_map(Verb::RecordSearches),
        1 => (time(), time()).prop_map(|(since, until)| Verb::Searches(since, until)),
        2 => (time(), time(), 0_i64..4).prop_map(|(since, until, within)| {
            Verb::Recontacts(since, until, SignedDuration::from_micros(within))
        }),
        1 => (time(), time()).prop_map(|(since, until)| Verb::Handled(since, until)),
    ]
}

/// Read after every run, so that each run compares all that was kept.
fn all() -> [Verb; 16] {
    let (first, last) = (Timestamp::MIN, Timestamp::MAX);
    let tickets = Verb::Tickets(None, usize::MAX);
    [
        tickets,
        Verb::IssueCounts(first, last),
        Verb::OutcomeCounts(first),
        Verb::Phrasings,
        Verb::Verdicts,
        Verb::SessionCounts(first, last),
        Verb::ContactAfterReading(first, last),
        Verb::Gaps(first, last, usize::MAX),
        Verb::StateCounts,
        Verb::Erasures,
        Verb::EpisodeWords,
        Verb::Pins,
        Verb::Searches(first, last),
        Verb::Recontacts(first, last, RECONTACT),
        Verb::Recontacts(first, last, SignedDuration::from_micros(1)),
        Verb::Handled(first, last),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn both_stores_give_the_same_answers(verbs in vec(verb(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events.db");
        let (memory, mut sqlite) = (MemoryStore::default(), SqliteStore::open(&path).unwrap());
        for verb in verbs.iter().chain(&all()) {
            prop_assert_eq!(answer(&memory, verb), answer(&sqlite, verb), "{:?}", verb);
        }
        drop(sqlite);
        sqlite = SqliteStore::open(&path).unwrap();
        for verb in &all() {
            prop_assert_eq!(answer(&memory, verb), answer(&sqlite, verb), "reopened: {:?}", verb);
        }
    }
}
