//! Episodes: one stretch of time in which an issue was more than usual, from its first ticket to a
//! day without more than usual. One alert opens an episode, one line ends it.

use std::collections::{BTreeMap, VecDeque};

use crate::id::TicketId;
use crate::lang::TextLang;
use crate::time::Timestamp;

use super::evidence::{self, Evidence, LIFT_PURE, Mark};
use super::facts::Facts;
use super::label;
use super::ledger::Recent;
use super::slice::SliceKind;
use super::track::Surprise;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// The most joins that are kept to see whether an episode goes on.
const JOINS_MAX: usize = 256;
/// Hours that are kept of an episode's course.
const HOURS_MAX: usize = 24 * 28;
/// After so long it is no episode but how things are.
const EPISODE_SECONDS_MAX: i64 = 14 * DAY;
/// A slice that was next to unknown before.
const LIFT_NOVEL: f64 = 50.0;
/// The most ticket numbers that an episode keeps.
const TICKETS_MAX: usize = 1_000;

/// What an alert says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A known issue, suddenly more often.
    Burst,
    /// Something that no article answers.
    New,
    /// A known issue, more often over days.
    Drift,
    /// An issue that had an episode before.
    Recurrence,
}

impl Kind {
    /// The name used in JSON and in the store.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Burst => "burst",
            Kind::New => "new",
            Kind::Drift => "drift",
            Kind::Recurrence => "recurrence",
        }
    }
}

/// What became of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was opened.
    Opened,
    /// It has ended.
    Ended,
}

impl Change {
    /// The name used in JSON and in logs.
    pub fn code(self) -> &'static str {
        match self {
            Change::Opened => "opened",
            Change::Ended => "ended",
        }
    }
}

/// What is said when an episode opens or ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// The number of the episode, from 1.
    pub episode: u64,
    /// The time.
    pub at: Timestamp,
    /// Whether it opened or ended.
    pub change: Change,
    /// What it is.
    pub kind: Kind,
    /// The article that the tickets mean.
    pub article: Option<String>,
    /// The words that name it.
    pub label: String,
    /// Tickets by language.
    pub langs: BTreeMap<TextLang, u64>,
    /// Tickets so far.
    pub tickets: u64,
    /// Tickets that the past lets one expect in the same span.
    pub expected: f64,
    /// −log10 of the chance.
    pub surprise: f64,
    /// Numbers of the tickets that are the evidence, oldest first.
    pub evidence: Vec<u64>,
    /// When its first ticket came.
    pub since: Timestamp,
    /// The episode before, if the issue recurs.
    pub before: Option<u64>,
}

/// One episode.
#[derive(Debug, Clone)]
pub struct Episode {
    /// Its number, from 1.
    pub id: u64,
    /// What it is.
    pub kind: Kind,
    /// The article that its tickets mean.
    pub article: Option<String>,
    /// What sets its tickets apart.
    pub marks: Vec<Mark>,
    /// Tickets by language.
    pub langs: BTreeMap<TextLang, u64>,
    /// Tickets by the chains and versions of the app that they name.
    pub facts: Facts,
    /// All tickets so far.
    pub tickets: u64,
    /// Tickets by hour since 1970.
    pub hours: BTreeMap<i64, u64>,
    /// When the first and the last ticket came, in seconds.
    pub first: i64,
    /// See `first`.
    pub last: i64,
    /// When the alert was raised.
    pub opened: i64,
    /// Voices in the window in which it was noticed, and those that the past let one expect there.
    pub seen: f64,
    /// See `seen`.
    pub expected: f64,
    /// −log10 of the chance of so many.
    pub surprise: f64,
    /// The episode before, if the issue recurs.
    pub before: Option<u64>,
    /// The slices that it was noticed by.
    triggers: Vec<(u64, bool)>,
    numbers: Vec<u64>,
    /// Tickets that would have come in a day anyhow.
    usual_per_day: f64,
    joins: VecDeque<i64>,
    learnt_at: u64,
}

impl Episode {
    /// Opens an episode.
    pub(super) fn open(
        id: u64,
        kind: Kind,
        found: &Evidence,
        surprise: &Surprise,
        (now, before): (i64, Option<u64>),
    ) -> Episode {
        let span = (now - surprise.since).max(HOUR) as f64;
        let mut episode = Episode {
            id,
            kind,
            article: found.article.clone(),
            marks: found.marks.clone(),
            langs: BTreeMap::new(),
            facts: Facts::default(),
            tickets: 0,
            hours: BTreeMap::new(),
            first: found.first,
            last: found.first,
            opened: now,
            triggers: Vec::new(),
            numbers: Vec::new(),
            seen: surprise.seen,
            expected: surprise.expected,
            surprise: surprise.surprise,
            usual_per_day: surprise.expected * DAY as f64 / span,
            joins: VecDeque::new(),
            learnt_at: 0,
            before,
        };
        episode.absorb(found);
        let pure = surprise.seen >= LIFT_PURE * surprise.expected;
        if let Some(trigger) = episode.triggers.last_mut() {
            trigger.1 = pure;
        }
        episode
    }

    /// Whether a new ticket with these slices belongs to it.
    pub(super) fn takes(&self, keys: &[u64]) -> bool {
        self.triggers.iter().any(|(key, pure)| evidence::belongs(keys, *key, *pure, &self.marks))
    }

    /// Whether the evidence is of this episode's issue.
    pub(super) fn is_same(&self, found: &Evidence) -> bool {
        if self.triggers.iter().any(|(key, _)| *key == found.key) {
            return true;
        }
        let strong = |marks: &[Mark]| -> Vec<u64> {
            let strong = |m: &&Mark| m.lift >= LIFT_PURE && m.kind != SliceKind::Article;
            marks.iter().filter(strong).map(|m| m.key).collect()
        };
        let mine = strong(&self.marks);
        let shared = strong(&found.marks).iter().filter(|k| mine.contains(k)).count();
        let same_article = self.article.is_some() && self.article == found.article;
        let taken = found.keys.iter().filter(|keys| self.takes(keys)).count();
        let means = |m: &Mark| {
            let article = m.kind == SliceKind::Article && m.share >= 0.3;
            article && Some(m.name.as_str()) == self.article.as_deref()
        };
        let means_it = found.marks.iter().any(means);
        means_it
            || (same_article && shared >= 1)
            || shared >= 3
            || taken * 10 >= found.keys.len() * 3
    }

    /// Whether the evidence is the same new thing in other words or in the other language: neither
    /// was known before, nobody has an article for either, and what they are about is the same.
    pub(super) fn is_related(&self, found: &Evidence, sure: bool) -> bool {
        let novel = |marks: &[Mark]| {
            marks
                .iter()
                .any(|m| m.kind == SliceKind::Word && m.lift >= LIFT_NOVEL && m.share >= 0.25)
        };
        let about = |m: &&Mark| m.kind != SliceKind::Word;
        let shared = found
            .marks
            .iter()
            .filter(about)
            .any(|m| self.marks.iter().filter(about).any(|mine| mine.key == m.key));
        let unanswered = self.kind == Kind::New && found.article.is_none();
        unanswered && novel(&found.marks) && (shared || (sure && novel(&self.marks)))
    }

    /// Adds evidence.
    pub(super) fn absorb(&mut self, found: &Evidence) {
        if self.triggers.iter().all(|(key, _)| *key != found.key) {
            let lift = found.marks.iter().find(|m| m.key == found.key).map_or(0.0, |m| m.lift);
            self.triggers.push((found.key, lift >= LIFT_PURE));
        }
        for (lang, count) in &found.langs {
            *self.langs.entry(*lang).or_insert(0) += count;
        }
        self.facts.add(&found.facts);
        for (ticket, at) in found.tickets.iter().zip(&found.times) {
            self.note(*ticket, *at);
        }
        self.learnt_at = self.tickets;
    }

    /// Adds one ticket.
    pub(super) fn add(&mut self, ticket: &Recent) {
        *self.langs.entry(ticket.lang).or_insert(0) += 1;
        self.facts.add(&ticket.facts);
        self.note(ticket.ticket, ticket.at);
    }

    fn note(&mut self, ticket: u64, at: i64) {
        self.tickets += 1;
        self.first = self.first.min(at);
        self.last = self.last.max(at);
        if self.numbers.len() < TICKETS_MAX {
            self.numbers.push(ticket);
        }
        let hour = at / HOUR;
        if self.hours.len() < HOURS_MAX || self.hours.contains_key(&hour) {
            *self.hours.entry(hour).or_insert(0) += 1;
        }
        self.joins.push_back(at);
        if self.joins.len() > JOINS_MAX {
            self.joins.pop_front();
        }
    }

    /// Whether it has grown by half since its marks were found.
    pub(super) fn has_grown(&self) -> bool {
        self.tickets * 2 >= self.learnt_at * 3
    }

    /// New marks.
    pub(super) fn learn(&mut self, marks: Vec<Mark>, article: Option<String>) {
        self.learnt_at = self.tickets;
        self.marks = marks;
        if self.kind != Kind::New {
            self.article = article.or_else(|| self.article.take());
        }
    }

    /// Whether the last day brought no more than any day.
    pub(super) fn has_ended(&self, now: i64) -> bool {
        let since = now - DAY;
        if self.first > since {
            return false;
        }
        let today = self.joins.iter().filter(|at| **at > since).count();
        if today >= JOINS_MAX {
            return false;
        }
        if now - self.opened > EPISODE_SECONDS_MAX {
            return true;
        }
        let usual = self.usual_per_day;
        today as f64 <= usual + 1.5 * usual.sqrt() + 0.5
    }

    /// When most tickets came: the beginning of the hour, in seconds, and how many.
    pub fn peak(&self) -> Option<(i64, u64)> {
        let best = self.hours.iter().max_by_key(|(hour, count)| (**count, -**hour))?;
        Some((best.0 * HOUR, *best.1))
    }

    /// Its first ticket: what stays the same when the episode is derived again.
    pub fn first_ticket(&self) -> Option<TicketId> {
        self.numbers.first().copied().map(TicketId)
    }

    /// Numbers of its tickets, oldest first; the first thousand.
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// The words that name it, in both languages.
    pub fn label(&self) -> String {
        label::label(&self.marks)
    }

    /// What to say about it.
    pub fn alert(&self, change: Change, at: Timestamp) -> Alert {
        let time = |seconds| Timestamp::from_second(seconds).unwrap_or(at);
        Alert {
            episode: self.id,
            at,
            change,
            kind: self.kind,
            article: self.article.clone(),
            label: self.label(),
            langs: self.langs.clone(),
            tickets: self.tickets,
            expected: self.expected,
            surprise: self.surprise,
            evidence: self.numbers.clone(),
            since: time(self.first),
            before: self.before,
        }
    }
}
