//! The store in memory: for tests, one-off commands and as the twin that keeps the others honest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;

use crate::id::{ArticleId, SessionId, TicketId};
use crate::lang::TextLang;
use crate::people::audit::{Entry, Noted};
use crate::people::{Change, Person, Session, Token};
use crate::time::Timestamp;

use super::episode_word::EpisodeWord;
use super::erasure::{Erase, Erased};
use super::event::{Feedback, NewTicket, Outcome, Ticket, TicketState};
use super::memory_people::MemoryPeople;
use super::memory_service::{self, FormSession};
use super::people::{Account, People, Seen};
use super::pile::{Pin, Sorting};
use super::service::{Handled, Recontacts, SearchCount};
use super::session::{ContactAfterReading, Gap, GapCount, SessionCounts, SessionSteps, Step};
use super::store::{IssueCount, QueueFilter, Recorded, Store, StoreError, Verdict};

/// Keeps events until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    events: Mutex<Events>,
    people: MemoryPeople,
}

#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) tickets: Vec<NewTicket>,
    pub(super) states: BTreeMap<TicketId, TicketState>,
    pub(super) feedback: Vec<Feedback>,
    pub(super) keys: BTreeMap<String, (String, TicketId)>,
    pub(super) sessions: BTreeMap<SessionId, FormSession>,
    pub(super) gaps: Vec<Gap>,
    pub(super) searches: BTreeMap<(i64, TextLang), (u64, u64)>,
    pub(super) erased: BTreeMap<TicketId, Timestamp>,
    pub(super) words: BTreeMap<TicketId, EpisodeWord>,
    pub(super) pins: BTreeMap<TicketId, Pin>,
    pub(super) sent: BTreeSet<String>,
    pub(super) echoes: BTreeSet<TicketId>,
}

impl Events {
    pub(super) fn state(&self, id: TicketId) -> TicketState {
        self.states.get(&id).copied().unwrap_or_default()
    }

    /// A ticket, also one that was erased.
    pub(super) fn row(&self, id: TicketId) -> Result<&NewTicket, StoreError> {
        let index = id.0.checked_sub(1).and_then(|i| usize::try_from(i).ok());
        index.and_then(|i| self.tickets.get(i)).ok_or(StoreError::NoTicket(id))
    }

    fn ticket(&self, id: TicketId) -> Result<Ticket, StoreError> {
        let ticket = self.row(id)?.clone();
        let kept = !self.erased.contains_key(&id);
        let ticket = kept.then(|| Ticket { id, state: self.state(id), ticket });
        ticket.ok_or(StoreError::NoTicket(id))
    }

    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = TicketId> + use<> {
        (1..=self.tickets.len() as u64).map(TicketId)
    }

    fn forget(&mut self, id: TicketId, at: Timestamp) {
        self.erased.insert(id, at);
        let row = id.0.checked_sub(1).and_then(|i| self.tickets.get_mut(i as usize));
        if let Some(ticket) = row {
            ticket.channel.clear();
            ticket.external_id = None;
            ticket.redacted.clear();
            if let Some(idempotency) = ticket.idempotency.take() {
                self.keys.remove(&idempotency.key);
            }
        }
    }

    fn forget_writers(&mut self, which: &Erase) {
        for session in self.sessions.values_mut() {
            let goes = match which {
                Erase::Ticket(_) => false,
                Erase::Sender(mark) => session.visit.sender.as_ref() == Some(mark),
                Erase::Before(time) => session.at < truncated(*time),
            };
            if goes {
                session.visit.sender = None;
            }
        }
    }

    fn clear(&mut self, id: TicketId) {
        let row = id.0.checked_sub(1).and_then(|i| self.tickets.get_mut(i as usize));
        if let Some(ticket) = row {
            ticket.clean_text.clear();
            ticket.sender = None;
        }
    }

    /// What stands between tickets and articles, and when something was last said about the two.
    pub(super) fn verdicts(&self) -> BTreeMap<(TicketId, &ArticleId), (Option<bool>, Timestamp)> {
        let mut verdicts = BTreeMap::new();
        for feedback in &self.feedback {
            let Some(ticket) = feedback.ticket else { continue };
            let link = verdicts.entry((ticket, &feedback.article)).or_insert((None, feedback.at));
            link.1 = link.1.max(feedback.at);
            if let Some(verdict) = feedback.outcome.verdict() {
                link.0 = verdict;
            }
        }
        verdicts
    }

    fn is_phrasing(&self, id: TicketId) -> bool {
        self.verdicts()
            .iter()
            .any(|((ticket, _), (stands, _))| *ticket == id && *stands == Some(true))
    }
}

impl MemoryStore {
    fn events(&self) -> MutexGuard<'_, Events> {
        // Every change is a push or an insert, so a panic elsewhere leaves nothing half done.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn record_ticket(&self, ticket: &NewTicket) -> Result<Recorded, StoreError> {
        let mut events = self.events();
        if let Some(idempotency) = &ticket.idempotency {
            if let Some((request, id)) = events.keys.get(&idempotency.key) {
                if *request != idempotency.request {
                    return Err(StoreError::KeyReused);
                }
                return Ok(Recorded::Again(Box::new(events.ticket(*id)?)));
            }
        }
        events.tickets.push(NewTicket { at: truncated(ticket.at), ..ticket.clone() });
        let id = TicketId(events.tickets.len() as u64);
        if let Some(idempotency) = &ticket.idempotency {
            events.keys.insert(idempotency.key.clone(), (idempotency.request.clone(), id));
        }
        Ok(Recorded::New(id))
    }

    fn record_feedback(&self, feedback: &Feedback) -> Result<(), StoreError> {
        let mut events = self.events();
        if let Some(id) = feedback.ticket {
            events.row(id)?;
        }
        events.feedback.push(Feedback { at: truncated(feedback.at), ..feedback.clone() });
        if let Some(id) = feedback.ticket.filter(|id| events.erased.contains_key(id)) {
            if !events.is_phrasing(id) {
                events.clear(id);
            }
        }
        Ok(())
    }

    fn ticket(&self, id: TicketId) -> Result<Ticket, StoreError> {
        self.events().ticket(id)
    }

    fn tickets(&self, before: Option<TicketId>, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        let events = self.events();
        let last = events.tickets.len() as u64;
        let end = before.map_or(last, |id| id.0.saturating_sub(1).min(last));
        let kept = (1..=end).rev().map(TicketId).filter(|id| !events.erased.contains_key(id));
        kept.take(limit).map(|id| events.ticket(id)).collect()
    }

    fn set_state(&self, id: TicketId, state: TicketState) -> Result<(), StoreError> {
        let mut events = self.events();
        events.row(id)?;
        events.states.insert(id, state);
        Ok(())
    }

    fn queue(&self, filter: &QueueFilter, limit: usize) -> Result<Vec<Ticket>, StoreError> {
        let wanted = |ticket: &Ticket| {
            let topic = ticket.ticket.suggested.first().map(|s| &s.article);
            filter.state.is_none_or(|state| state == ticket.state)
                && filter.lang.is_none_or(|lang| lang == ticket.ticket.lang)
                && filter.topic.as_ref().is_none_or(|wanted| wanted.as_ref() == topic)
        };
        let mut found = self.tickets(filter.before, usize::MAX)?;
        found.retain(wanted);
        if filter.no_copies {
            let events = self.events();
            found.retain(|ticket| !events.echoes.contains(&ticket.id));
        }
        found.truncate(limit);
        Ok(found)
    }

    fn state_counts(&self) -> Result<[u64; 4], StoreError> {
        let all = self.tickets(None, usize::MAX)?;
        Ok(TicketState::ALL.map(|s| all.iter().filter(|t| t.state == s).count() as u64))
    }

    fn ticket_feedback(&self, id: TicketId) -> Result<Vec<Feedback>, StoreError> {
        let events = self.events();
        events.ticket(id)?;
        Ok(events.feedback.iter().filter(|f| f.ticket == Some(id)).cloned().collect())
    }

    fn issue_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<IssueCount>, StoreError> {
        let (since, until) = (truncated(since), truncated(until));
        let mut counts: BTreeMap<Option<ArticleId>, IssueCount> = BTreeMap::new();
        let events = self.events();
        let counted = events.numbers().zip(&events.tickets).filter(|(id, ticket)| {
            since <= ticket.at && ticket.at < until && !events.echoes.contains(id)
        });
        for (_, ticket) in counted {
            let article = ticket.suggested.first().map(|s| s.article.clone());
            let count = counts.entry(article.clone()).or_insert(IssueCount {
                article,
                tickets: 0,
                first: ticket.at,
                last: ticket.at,
            });
            count.tickets += 1;
            count.first = count.first.min(ticket.at);
            count.last = count.last.max(ticket.at);
        }
        let mut counts: Vec<IssueCount> = counts.into_values().collect();
        counts.sort_by(|a, b| (b.tickets, &a.article).cmp(&(a.tickets, &b.article)));
        Ok(counts)
    }

    fn outcome_counts(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(ArticleId, Outcome, u64)>, StoreError> {
        let since = truncated(since);
        let mut counts: BTreeMap<(ArticleId, Outcome), u64> = BTreeMap::new();
        for feedback in self.events().feedback.iter().filter(|f| since <= f.at) {
            *counts.entry((feedback.article.clone(), feedback.outcome)).or_insert(0) += 1;
        }
        Ok(counts.into_iter().map(|((article, outcome), n)| (article, outcome, n)).collect())
    }

    fn phrasings(&self) -> Result<Vec<(String, ArticleId)>, StoreError> {
        let confirmed = self.verdicts()?.into_iter().filter(|v| v.confirmed);
        Ok(confirmed.map(|v| (v.text, v.article)).collect())
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, StoreError> {
        let events = self.events();
        let stands =
            events.verdicts().into_iter().filter_map(|(link, (c, at))| Some((link, c?, at)));
        let verdict = |((ticket, article), confirmed, at): ((TicketId, &ArticleId), _, _)| {
            let text = events.row(ticket)?.clean_text.clone();
            Ok(Verdict { ticket, text, article: article.clone(), confirmed, at })
        };
        let mut verdicts = stands.map(verdict).collect::<Result<Vec<_>, StoreError>>()?;
        verdicts.retain(|verdict| !verdict.text.is_empty());
        Ok(verdicts)
    }

    fn erase(&self, which: &Erase, at: Timestamp) -> Result<Vec<Erased>, StoreError> {
        let at = truncated(at);
        let mut events = self.events();
        let is_chosen = |id: &TicketId| {
            let Ok(ticket) = events.row(*id) else { return false };
            let has_words = !events.erased.contains_key(id) || !ticket.clean_text.is_empty();
            match which {
                Erase::Ticket(wanted) => wanted == id && has_words,
                Erase::Sender(mark) => ticket.sender.as_ref() == Some(mark) && has_words,
                Erase::Before(time) => {
                    ticket.at < truncated(*time) && !events.erased.contains_key(id)
                }
            }
        };
        let chosen: Vec<TicketId> = events.numbers().filter(is_chosen).collect();
        let mut erased = Vec::new();
        for id in chosen {
            erased.push(Erased { ticket: id, at: events.row(id)?.at });
            events.forget(id, at);
            if !matches!(which, Erase::Before(_)) || !events.is_phrasing(id) {
                events.clear(id);
            }
        }
        if let Erase::Before(time) = which {
            events.gaps.retain(|gap| gap.at >= truncated(*time));
        }
        events.forget_writers(which);
        Ok(erased)
    }

    fn record_echoes(&self, tickets: &[TicketId]) -> Result<(), StoreError> {
        let mut events = self.events();
        let known: Vec<TicketId> =
            tickets.iter().copied().filter(|id| events.row(*id).is_ok()).collect();
        events.echoes.extend(known);
        Ok(())
    }

    fn erasures(&self) -> Result<(u64, Option<Timestamp>), StoreError> {
        let events = self.events();
        Ok((events.erased.len() as u64, events.erased.values().max().copied()))
    }

    fn same_secret(&self, id: TicketId, limit: usize) -> Result<Vec<TicketId>, StoreError> {
        let events = self.events();
        let tags = |id: TicketId| {
            let secrets = events.row(id).map(|t| t.redacted.as_slice()).unwrap_or_default();
            secrets.iter().filter_map(|s| s.tag.as_ref()).collect::<BTreeSet<_>>()
        };
        let own = tags(id);
        let same = |other: &TicketId| *other != id && !own.is_disjoint(&tags(*other));
        Ok(events.numbers().rev().filter(same).take(limit).collect())
    }

    fn record_episode_word(&self, word: &EpisodeWord) -> Result<(), StoreError> {
        let word = EpisodeWord { at: truncated(word.at), ..word.clone() };
        self.events().words.insert(word.first, word);
        Ok(())
    }

    fn episode_words(&self) -> Result<Vec<EpisodeWord>, StoreError> {
        Ok(self.events().words.values().cloned().collect())
    }

    fn record_sent(&self, key: &str, _at: Timestamp) -> Result<(), StoreError> {
        self.events().sent.insert(key.to_owned());
        Ok(())
    }

    fn is_sent(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.events().sent.contains(key))
    }

    fn record_session(&self, steps: &SessionSteps) -> Result<(), StoreError> {
        let mut events = self.events();
        let mut started = events.sessions.contains_key(&steps.session);
        for step in &steps.steps {
            match step {
                Step::Started(_) => started = true,
                Step::Sent(ticket) if started => drop(events.row(*ticket)?),
                _ => {}
            }
        }
        for step in &steps.steps {
            if let Step::Started(visit) = step {
                let at = truncated(steps.at);
                let new = || FormSession { at, visit: visit.clone(), steps: Vec::new() };
                events.sessions.entry(steps.session.clone()).or_insert_with(new);
            } else if let Some(session) = events.sessions.get_mut(&steps.session) {
                session.steps.push(step.clone());
            }
        }
        Ok(())
    }

    fn session_counts(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<SessionCounts, StoreError> {
        let (since, until) = (truncated(since), truncated(until));
        let mut counts = SessionCounts::new();
        for session in self.events().sessions.values() {
            if since <= session.at && session.at < until {
                *counts.entry(session.course()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    fn contact_after_reading(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ContactAfterReading>, StoreError> {
        let window = (truncated(since), truncated(until));
        Ok(memory_service::after_reading(&self.events(), window))
    }

    fn record_gap(&self, gap: &Gap) -> Result<(), StoreError> {
        self.events().gaps.push(Gap { at: truncated(gap.at), ..gap.clone() });
        Ok(())
    }

    fn gaps(
        &self,
        since: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<GapCount>, StoreError> {
        let window = (truncated(since), truncated(until));
        Ok(memory_service::gaps(&self.events(), window, limit))
    }

    fn record_searches(&self, counts: &[SearchCount]) -> Result<(), StoreError> {
        self.events().add_searches(counts);
        Ok(())
    }

    fn searches(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, (u64, u64)>, StoreError> {
        Ok(memory_service::searches(&self.events(), (since, until)))
    }

    fn recontacts(
        &self,
        since: Timestamp,
        until: Timestamp,
        within: SignedDuration,
    ) -> Result<Vec<Recontacts>, StoreError> {
        let window = (truncated(since), truncated(until));
        Ok(memory_service::recontacts(&self.events(), window, within))
    }

    fn handled(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeMap<TextLang, Handled>, StoreError> {
        let window = (truncated(since), truncated(until));
        Ok(memory_service::handled(&self.events(), window))
    }

    fn record_sorting(&self, sorting: &Sorting) -> Result<(), StoreError> {
        self.events().sort(sorting, truncated(sorting.at))
    }

    fn pins(&self) -> Result<Vec<Pin>, StoreError> {
        Ok(self.events().pins.values().cloned().collect())
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl People for MemoryStore {
    fn change(&self, change: &Change, entry: &Entry) -> Result<u64, StoreError> {
        self.people.change(change, entry)
    }

    fn seen(&self, what: &Seen, at: Timestamp) -> Result<(), StoreError> {
        self.people.seen(what, at);
        Ok(())
    }

    fn people(&self) -> Result<Vec<Person>, StoreError> {
        Ok(self.people.people())
    }

    fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.people.account(name))
    }

    fn session(&self, hash: &str) -> Result<Option<(Session, Person)>, StoreError> {
        Ok(self.people.session(hash))
    }

    fn token(&self, hash: &str) -> Result<Option<(Token, Person)>, StoreError> {
        Ok(self.people.token(hash))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        Ok(self.people.tokens())
    }

    fn invitation(&self, hash: &str) -> Result<Option<(Person, Timestamp)>, StoreError> {
        Ok(self.people.invitation(hash))
    }

    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Noted>, StoreError> {
        Ok(self.people.audit(before, limit))
    }

    fn audit_break(&self) -> Result<Option<u64>, StoreError> {
        Ok(self.people.audit_break())
    }
}

/// The time to the microsecond, as every store keeps it.
fn truncated(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
