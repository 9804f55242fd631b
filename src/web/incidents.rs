//! What is recurring right now: the ledger of `trends`, fed with every ticket that the store has.
//!
//! A thread reads new tickets every two seconds; whoever asks catches up first, so that a page shows
//! the ticket that was just answered. After a start the last weeks are read again from the store:
//! the ledger is derived, the store is the truth. While the articles stay as they are, the same
//! tickets give the same episodes under the same numbers. What is logged is numbers and article
//! ids, never what a user wrote.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;

use crate::engine::{Engine, EngineError};
use crate::events::Ticket;
use crate::id::TicketId;
use crate::time::{Timestamp, now};
use crate::trends::episode::Alert;
use crate::trends::ledger::{HISTORY_SECONDS, Ledger, Note};

use super::state::App;

/// How often new tickets are looked for.
const EVERY: Duration = Duration::from_secs(2);
/// Tickets that are read at a time; others may look in between.
const CHUNK: u64 = 256;
/// Chunks that somebody who asks waits for.
const PATIENCE: usize = 16;
/// How far back the ledger begins: its own memory.
const HISTORY: SignedDuration = SignedDuration::from_secs(HISTORY_SECONDS);

/// Characters from which the same words again are a copy: many ask 提现多久到账 on one day.
const COPY_CHARS_MIN: usize = 40;

/// The ledger and how far it has read.
#[derive(Default)]
struct State {
    ledger: Ledger,
    read: Option<u64>,
    /// The latest ticket by whose writer the same was said over and over.
    one_source: Option<(u64, u32)>,
    notices: u64,
    /// Grows whenever an episode may have changed.
    version: u64,
}

/// The ledger, shared.
#[derive(Default)]
pub struct Incidents {
    state: Mutex<State>,
}

/// What somebody who asks may see.
pub struct Seen<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Tickets that it has not read yet; not zero only after a start with a long history.
    pub behind: u64,
    /// A ticket with which one source was noticed to repeat itself, and how often.
    pub one_source: Option<(u64, u32)>,
    /// How often that was noticed of any source.
    pub notices: u64,
    /// Another number whenever an episode may have changed, also when everything was read again.
    pub version: u64,
}

impl Incidents {
    /// Shows the ledger as of now.
    pub fn look<T>(
        &self,
        engine: &Engine,
        show: impl FnOnce(&Seen<'_>) -> T,
    ) -> Result<T, EngineError> {
        let mut behind = 1;
        for _ in 0..PATIENCE {
            behind = self.catch_up(engine)?;
            if behind == 0 {
                break;
            }
        }
        let mut state = self.state();
        let mut notes = Vec::new();
        state.ledger.tick(now().as_second(), &mut notes);
        notes.iter().for_each(log);
        state.version += u64::from(!notes.is_empty());
        let State { ledger, one_source, notices, version, .. } = &*state;
        Ok(show(&Seen {
            ledger,
            behind,
            one_source: *one_source,
            notices: *notices,
            version: *version,
        }))
    }

    /// Reads the next tickets; says how many are left.
    fn catch_up(&self, engine: &Engine) -> Result<u64, EngineError> {
        let mut state = self.state();
        let latest = engine.store().tickets(None, 1)?.first().map_or(0, |t| t.id.0);
        let read = match state.read {
            Some(read) => read,
            None => before(engine, now().checked_sub(HISTORY).unwrap_or(Timestamp::MIN), latest)?,
        };
        let until = latest.min(read.saturating_add(CHUNK));
        if until > read {
            let mut tickets =
                engine.store().tickets(Some(TicketId(until.saturating_add(1))), CHUNK as usize)?;
            tickets.retain(|ticket| ticket.id.0 > read);
            tickets.reverse();
            state.version += 1;
            let mut echoes = Vec::new();
            for (ticket, sighting) in tickets.iter().zip(engine.sightings(&tickets)) {
                for note in state.ledger.enter(sighting) {
                    log(&note);
                    match note {
                        Note::OneSource { ticket: number, repeats, earlier } => {
                            state.one_source = Some((number, repeats));
                            state.notices += 1;
                            if is_copy(ticket) {
                                // The first stays: it is the one voice.
                                echoes.extend(earlier.into_iter().map(TicketId));
                                echoes.push(ticket.id);
                            }
                        }
                        Note::Echo { .. } if is_copy(ticket) => echoes.push(ticket.id),
                        Note::Echo { .. } | Note::Alert(_) => {}
                    }
                }
            }
            if !echoes.is_empty() {
                engine.store().record_echoes(&echoes)?;
            }
        }
        state.read = Some(until);
        Ok(latest - until)
    }

    /// Begins again: words of a ticket that it has read were erased.
    pub fn forget(&self) {
        let mut state = self.state();
        *state = State { version: state.version + 1, ..State::default() };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns true if and only if an echo is a copy and no coincidence: the sender says so, or nobody
/// else would write so much in the same words.
fn is_copy(ticket: &Ticket) -> bool {
    let kept = &ticket.ticket;
    kept.sender.is_some() || kept.clean_text.chars().count() >= COPY_CHARS_MIN
}

/// The number of the last ticket before `since`. Numbers grow with time, so halving finds it.
fn before(engine: &Engine, since: Timestamp, latest: u64) -> Result<u64, EngineError> {
    let (mut low, mut high) = (0, latest);
    while low < high {
        let middle = high - (high - low) / 2;
        let tickets = engine.store().tickets(Some(TicketId(middle + 1)), 1)?;
        match tickets.first() {
            Some(ticket) if ticket.ticket.at >= since => high = ticket.id.0 - 1,
            _ => low = middle,
        }
    }
    Ok(low.min(high))
}

/// Says it, unless it is read again after a start and long over.
fn log(note: &Note) {
    let old = now().checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
    match note {
        Note::Alert(alert) if alert.at < old => {}
        Note::Alert(Alert { episode, change, kind, article, tickets, .. }) => {
            let (change, kind, article) = (change.code(), kind.code(), article.as_deref());
            tracing::warn!(episode, change, kind, article, tickets, "incident");
        }
        Note::Echo { .. } => {}
        Note::OneSource { ticket, repeats, .. } => {
            tracing::warn!(ticket, repeats, "one source repeats itself; it counts as one voice");
        }
    }
}

/// Starts the thread; it ends with the server.
pub fn spawn(app: &Arc<App>) -> std::io::Result<()> {
    let app = Arc::downgrade(app);
    std::thread::Builder::new().name("incidents".to_owned()).spawn(move || {
        loop {
            let Some(app) = app.upgrade() else { return };
            match app.incidents.catch_up(app.engine()) {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::error!("tickets not counted yet, next try soon: {error}"),
            }
            drop(app);
            std::thread::sleep(EVERY);
        }
    })?;
    Ok(())
}
