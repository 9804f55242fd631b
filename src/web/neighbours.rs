//! The recent tickets in memory, for "is this happening to others?": read once, then only what is
//! new. What it keeps is what the store keeps, as numbers.

use std::sync::{Mutex, PoisonError};

use crate::desk::similar::{KEPT_MAX, Known, Like, Neighbours, terms};
use crate::engine::{Engine, EngineError};
use crate::id::{ArticleId, TicketId};
use crate::text::Analysis;
use crate::time::Timestamp;

/// The recent tickets.
#[derive(Debug, Default)]
pub struct Recently {
    neighbours: Mutex<Neighbours>,
}

impl Recently {
    /// Begins again: words of a ticket that it has read were erased.
    pub fn forget(&self) {
        *self.neighbours.lock().unwrap_or_else(PoisonError::into_inner) = Neighbours::default();
    }

    /// The tickets like a text with this best article, without the ticket `own`.
    pub fn like(
        &self,
        engine: &Engine,
        analysis: &Analysis,
        (best, own): (Option<&ArticleId>, Option<TicketId>),
        now: Timestamp,
    ) -> Result<Like, EngineError> {
        let mut neighbours = self.neighbours.lock().unwrap_or_else(PoisonError::into_inner);
        catch_up(&mut neighbours, engine)?;
        Ok(neighbours.like(&terms(analysis), best, own, now))
    }
}

fn catch_up(neighbours: &mut Neighbours, engine: &Engine) -> Result<(), EngineError> {
    let latest = engine.store().tickets(None, 1)?;
    let latest = latest.first().map_or(0, |t| t.id.0);
    let known = neighbours.newest().map_or(0, |id| id.0);
    let missing = usize::try_from(latest.saturating_sub(known)).unwrap_or(usize::MAX);
    if missing == 0 {
        return Ok(());
    }
    let snapshot = engine.snapshot();
    let new = engine.store().tickets(None, missing.min(KEPT_MAX))?;
    for ticket in new.into_iter().rev().filter(|t| t.id.0 > known) {
        let analysis = snapshot.library.analyser.analyse(&ticket.ticket.clean_text);
        neighbours.add(Known {
            id: ticket.id,
            at: ticket.ticket.at,
            lang: ticket.ticket.lang,
            best: ticket.ticket.suggested.first().map(|s| s.article.clone()),
            terms: terms(&analysis),
        });
    }
    Ok(())
}
