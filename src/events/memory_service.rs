//! Sessions, searches and self-service figures of the store in memory: the same counts as in SQLite,
//! by plain loops.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::time::Timestamp;

use super::event::{NewTicket, TicketState};
use super::memory::Events;
use super::pile::{Pin, Sorting};
use super::service::{After, Handled, Recontacts, SearchCount, hours};
use super::session::{ContactAfterReading, Course, GapCount, Step, Visit};
use super::store::StoreError;

#[derive(Debug)]
pub(super) struct FormSession {
    pub(super) at: Timestamp,
    pub(super) visit: Visit,
    pub(super) steps: Vec<Step>,
}

impl FormSession {
    pub(super) fn course(&self) -> Course {
        let any = |is: fn(&Step) -> bool| self.steps.iter().any(is);
        Course {
            lang: self.visit.lang,
            surface: self.visit.surface,
            holdout: self.visit.holdout,
            offered: any(|s| matches!(s, Step::Shown(_) | Step::Withheld(_))),
            opened: any(|s| matches!(s, Step::Opened(_))),
            solved: any(|s| matches!(s, Step::Solved(_))),
            sent: any(|s| matches!(s, Step::Sent(_))),
        }
    }
}

impl Events {
    /// Adds up searches.
    pub(super) fn add_searches(&mut self, counts: &[SearchCount]) {
        for count in counts {
            let sum = self.searches.entry((count.hour(), count.lang)).or_default();
            *sum = (sum.0 + count.searches, sum.1 + count.empty);
        }
    }
}

impl Events {
    /// Puts tickets on their piles, or back; all or none.
    pub(super) fn sort(&mut self, sorting: &Sorting, at: Timestamp) -> Result<(), StoreError> {
        for (ticket, pile) in &sorting.tickets {
            self.row(*ticket)?;
            pile.map(|pile| self.row(pile)).transpose()?;
        }
        for (ticket, pile) in &sorting.tickets {
            let pin = |pile| Pin { ticket: *ticket, pile, at, who: sorting.who.clone() };
            match pile.map(pin) {
                Some(pin) => self.pins.insert(*ticket, pin),
                None => self.pins.remove(ticket),
            };
        }
        Ok(())
    }
}

/// Sessions that began in a window after reading an article.
pub(super) fn after_reading(
    events: &Events,
    (since, until): (Timestamp, Timestamp),
) -> Vec<ContactAfterReading> {
    let mut counts: BTreeMap<ArticleId, (u64, u64)> = BTreeMap::new();
    for session in events.sessions.values() {
        let Some(from) = &session.visit.from else { continue };
        if since <= session.at && session.at < until {
            let count = counts.entry(from.clone()).or_default();
            count.0 += 1;
            count.1 += u64::from(session.course().sent);
        }
    }
    let count = |(article, (sessions, sent))| ContactAfterReading { article, sessions, sent };
    let mut counts: Vec<ContactAfterReading> = counts.into_iter().map(count).collect();
    counts.sort_by(|a, b| (b.sessions, &a.article).cmp(&(a.sessions, &b.article)));
    counts
}

/// What was searched for in a window and not found.
pub(super) fn gaps(
    events: &Events,
    (since, until): (Timestamp, Timestamp),
    limit: usize,
) -> Vec<GapCount> {
    let mut counts: BTreeMap<(&str, TextLang), (u64, Timestamp)> = BTreeMap::new();
    for gap in events.gaps.iter().filter(|g| since <= g.at && g.at < until) {
        let count = counts.entry((&gap.query, gap.lang)).or_insert((0, gap.at));
        *count = (count.0 + 1, count.1.max(gap.at));
    }
    let count = |((query, lang), (searches, last)): ((&str, _), _)| GapCount {
        query: query.to_owned(),
        lang,
        searches,
        last,
    };
    let mut gaps: Vec<GapCount> = counts.into_iter().map(count).collect();
    gaps.sort_by(GapCount::by_number);
    gaps.truncate(limit);
    gaps
}

/// Searches and those without results.
pub(super) fn searches(
    events: &Events,
    (since, until): (Timestamp, Timestamp),
) -> BTreeMap<TextLang, (u64, u64)> {
    let hours = hours(since, until);
    let mut counts: BTreeMap<TextLang, (u64, u64)> = BTreeMap::new();
    for ((_, lang), n) in events.searches.iter().filter(|((hour, _), _)| hours.contains(hour)) {
        let sum = counts.entry(*lang).or_default();
        *sum = (sum.0 + n.0, sum.1 + n.1);
    }
    counts
}

/// Who made contact again.
pub(super) fn recontacts(
    events: &Events,
    (since, until): (Timestamp, Timestamp),
    within: SignedDuration,
) -> Vec<Recontacts> {
    let mut counts: BTreeMap<(After, TextLang), (u64, u64)> = BTreeMap::new();
    let mut add = |after, lang, again: bool| {
        let count = counts.entry((after, lang)).or_default();
        *count = (count.0 + 1, count.1 + u64::from(again));
    };
    let (within, voices) = (within.as_micros() as i64, voices(events));
    let micros = |at: Timestamp| at.as_microsecond();
    for session in events.sessions.values().filter(|s| since <= s.at && s.at < until) {
        let (Some(sender), course) = (&session.visit.sender, session.course()) else { continue };
        if course.holdout || !course.offered || course.sent || !(course.solved || course.opened) {
            continue;
        }
        let after = if course.solved { After::Confirmed } else { After::Assumed };
        let later = |at| (0..=within).contains(&(micros(at) - micros(session.at)));
        add(after, course.lang, by(&voices, sender).any(|(_, ticket)| later(ticket.at)));
    }
    for (id, ticket) in voices.iter().filter(|(_, t)| since <= t.at && t.at < until) {
        let Some(sender) = &ticket.sender else { continue };
        if !is_done(events.state(*id)) {
            continue;
        }
        let place = |id: &TicketId, ticket: &NewTicket| (micros(ticket.at), id.0);
        let near = |other: &NewTicket| (micros(other.at) - micros(ticket.at)).abs() <= within;
        let other = |before: bool| {
            by(&voices, sender).any(|(number, other)| {
                let (theirs, mine) = (place(number, other), place(id, ticket));
                near(other) && if before { theirs < mine } else { theirs > mine }
            })
        };
        if !other(true) {
            add(After::Answered, ticket.lang, other(false));
        }
    }
    let count = |((after, lang), (cases, again))| Recontacts { after, lang, cases, again };
    counts.into_iter().map(count).collect()
}

/// What became of tickets, by language.
pub(super) fn handled(
    events: &Events,
    (since, until): (Timestamp, Timestamp),
) -> BTreeMap<TextLang, Handled> {
    let mut handled: BTreeMap<TextLang, Handled> = BTreeMap::new();
    let mut known: BTreeSet<(TextLang, &str)> = BTreeSet::new();
    let verdicts = events.verdicts();
    let voices = voices(events);
    for (id, ticket) in voices.iter().filter(|(_, t)| since <= t.at && t.at < until) {
        let count = handled.entry(ticket.lang).or_default();
        count.tickets += 1;
        count.unanswered += u64::from(ticket.suggested.is_empty());
        let sender = ticket.sender.as_deref();
        count.people += u64::from(sender.is_none_or(|s| known.insert((ticket.lang, s))));
        if events.erased.contains_key(id) {
            continue;
        }
        let stands = |what: bool| {
            verdicts.iter().any(|((ticket, _), (stands, _))| ticket == id && *stands == Some(what))
        };
        let (confirmed, rejected) = (stands(true), stands(false));
        let closed = is_done(events.state(*id));
        count.closed += u64::from(closed);
        count.linked += u64::from(closed && confirmed);
        count.judged += u64::from(confirmed || rejected);
        count.rejected += u64::from(rejected);
    }
    handled
}

/// The tickets of one sender.
fn by<'a>(
    voices: &'a [(TicketId, &'a NewTicket)],
    sender: &'a str,
) -> impl Iterator<Item = &'a (TicketId, &'a NewTicket)> {
    voices.iter().filter(move |(_, ticket)| ticket.sender.as_deref() == Some(sender))
}

/// Tickets that are no copies from one source.
fn voices(events: &Events) -> Vec<(TicketId, &NewTicket)> {
    let all = events.numbers().zip(&events.tickets);
    all.filter(|(id, _)| !events.echoes.contains(id)).collect()
}

fn is_done(state: TicketState) -> bool {
    matches!(state, TicketState::Answered | TicketState::Closed)
}
