//! Tickets that no article answers, sorted by what they are about: what to write next.
//!
//! In: the store and a begin. Out: clusters, those with the most tickets first. Only the newest
//! tickets are read, so the cost is bounded however long the window is.

use std::collections::BTreeMap;

use crate::events::store::QueueFilter;
use crate::events::{Store, StoreError, Ticket};
use crate::id::TicketId;
use crate::lang::TextLang;
use crate::text::Analyser;
use crate::time::Timestamp;
use crate::trends::cluster;

/// Fewest tickets about one thing that are worth a line.
const CLUSTER_MIN: usize = 3;
/// Words of a ticket that stand for a label.
const LABEL_WORDS_MAX: usize = 8;
/// Tickets that are read at a time.
const PAGE: usize = 500;

/// Tickets about one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    /// The words that set them apart, in both languages.
    pub label: String,
    /// The tickets, newest first.
    pub tickets: Vec<Ticket>,
    /// The number under which people have sorted it, if they have.
    pub pile: Option<TicketId>,
}

impl Unanswered {
    /// How many are written in each language.
    pub fn langs(&self) -> BTreeMap<TextLang, u64> {
        let mut langs = BTreeMap::new();
        for ticket in &self.tickets {
            *langs.entry(ticket.ticket.lang).or_insert(0) += 1;
        }
        langs
    }

    /// Its number: the pile that people made of it, else its first ticket; stays the same while it
    /// grows.
    pub fn id(&self) -> Option<TicketId> {
        self.pile.or_else(|| self.tickets.iter().map(|t| t.id).min())
    }
}

/// What the newest tickets since `since`, at most `most` of them, that zhinan abstained on are about.
pub fn unanswered(
    store: &dyn Store,
    analyser: &Analyser,
    since: Timestamp,
    most: usize,
) -> Result<Vec<Unanswered>, StoreError> {
    let mut tickets = newest(store, since, most.min(cluster::TEXTS_MAX))?;
    tickets.reverse();
    let texts: Vec<&str> = tickets.iter().map(|t| t.ticket.clean_text.as_str()).collect();
    let pins: BTreeMap<TicketId, TicketId> =
        store.pins()?.into_iter().map(|pin| (pin.ticket, pin.pile)).collect();
    let piles: Vec<Option<u64>> =
        tickets.iter().map(|ticket| pins.get(&ticket.id).map(|pile| pile.0)).collect();
    let found = cluster::clusters(analyser, &texts, &piles, CLUSTER_MIN);
    let view = |cluster: cluster::Cluster| {
        let own = cluster.members.iter().rev().filter_map(|m| tickets.get(*m));
        let own: Vec<Ticket> = own.cloned().collect();
        // Where there is nothing else, nothing sets these apart: their own words have to do.
        let words = || own.last().map_or("", |t| t.ticket.clean_text.as_str()).split_whitespace();
        let label = if cluster.label.is_empty() {
            words().take(LABEL_WORDS_MAX).collect::<Vec<_>>().join(" ")
        } else {
            cluster.label
        };
        Unanswered { label, tickets: own, pile: cluster.pile.map(TicketId) }
    };
    Ok(found.into_iter().map(view).collect())
}

fn newest(store: &dyn Store, since: Timestamp, most: usize) -> Result<Vec<Ticket>, StoreError> {
    let mut filter = QueueFilter { topic: Some(None), no_copies: true, ..QueueFilter::default() };
    let mut tickets = Vec::new();
    while tickets.len() < most {
        let page = store.queue(&filter, PAGE.min(most - tickets.len()))?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        let old = last.ticket.at < since;
        tickets.extend(page.into_iter().filter(|t| t.ticket.at >= since));
        if old {
            break;
        }
    }
    Ok(tickets)
}
