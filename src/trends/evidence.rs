//! Evidence: from a slice that surprises to the tickets that belong together, and what they share.
//!
//! In: the ledger and a surprising window of one slice. Out: the tickets, the slices that set them
//! apart from everything else (lift: their share here over their share before), the article that
//! they mean, if they agree on one. Tickets that lack the first slice but share the others are
//! taken in: people have many words for one thing, and write in several languages.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::lang::TextLang;

use super::facts::Facts;
use super::ledger::{Ledger, Recent};
use super::slice::{SliceKind, key};
use super::tail;
use super::track::Surprise;

/// A slice sets tickets apart if it is so much more frequent among them …
const LIFT_MIN: f64 = 3.0;
/// … and not in a few of them only.
const SHARE_MIN: f64 = 0.12;
/// A slice this much more frequent proves by itself that a ticket belongs.
pub(super) const LIFT_PURE: f64 = 5.0;
/// What the shared slices of a ticket without the first one must come to: a lift of a hundred.
const LOG_LIFT_MIN: f64 = 4.6;
/// Share of the tickets that must mean one article before it is named.
const AGREEMENT_MIN: f64 = 0.35;
/// Less surprise than this is chance among so many slices.
const MARK_SURPRISE_MIN: f64 = 2.5;
/// Slices that are kept to recognise further tickets by.
const PROFILE_MAX: usize = 24;

/// One slice that sets the tickets apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The slice.
    pub key: u64,
    /// What it counts.
    pub kind: SliceKind,
    /// Its name.
    pub name: String,
    /// Its share among the tickets, 0..1.
    pub share: f64,
    /// That share over the share before.
    pub lift: f64,
}

/// Tickets that belong together.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The slice that was noticed first.
    pub key: u64,
    /// What it counts.
    pub kind: SliceKind,
    /// Places in the ledger's recent tickets.
    pub(super) members: Vec<usize>,
    /// Their numbers, oldest first.
    pub tickets: Vec<u64>,
    /// Their languages.
    pub langs: BTreeMap<TextLang, u64>,
    /// The chains and versions that they name.
    pub facts: Facts,
    /// Their voices.
    pub voices: f64,
    /// Different senders, or different wordings where nobody knows the sender.
    pub different: usize,
    /// The article that they mean.
    pub article: Option<String>,
    /// What sets them apart, the most telling first.
    pub marks: Vec<Mark>,
    /// When each of them came, in seconds, oldest first.
    pub times: Vec<i64>,
    /// When the first of them came.
    pub first: i64,
    /// The slices of each, by which an open episode would take it.
    pub(super) keys: Vec<Vec<u64>>,
}

impl Evidence {
    fn of(ledger: &Ledger, first: u64, members: Vec<usize>) -> Option<Evidence> {
        let tickets: Vec<&Recent> = members.iter().filter_map(|m| ledger.recent.get(*m)).collect();
        let (mut langs, mut facts) = (BTreeMap::new(), Facts::default());
        for ticket in &tickets {
            *langs.entry(ticket.lang).or_insert(0) += 1;
            facts.add(&ticket.facts);
        }
        Some(Evidence {
            key: first,
            kind: ledger.tracks.get(&first)?.kind,
            langs,
            facts,
            voices: tickets.iter().map(|t| f64::from(t.weight)).sum(),
            different: tickets.iter().map(|t| t.source).collect::<BTreeSet<_>>().len(),
            article: article(ledger, &tickets),
            marks: marks(ledger, &tickets),
            times: tickets.iter().map(|t| t.at).collect(),
            first: tickets.first()?.at,
            keys: tickets.iter().map(|t| t.keys.clone()).collect(),
            tickets: tickets.iter().map(|t| t.ticket).collect(),
            members,
        })
    }
}

/// The tickets behind a surprise.
pub fn gather(ledger: &Ledger, slice: u64, surprise: &Surprise) -> Option<Evidence> {
    let since: f64 = surprise.before.iter().sum();
    let inside = |r: &Recent| r.before.iter().sum::<f64>() >= since - 1e-9;
    let begin = ledger.recent.partition_point(|r| !inside(r));
    let core: Vec<usize> = (begin..ledger.recent.len())
        .filter(|at| {
            ledger.recent.get(*at).is_some_and(|r| r.episode.is_none() && r.keys.contains(&slice))
        })
        .collect();
    let first = Evidence::of(ledger, slice, core)?;
    let pure = surprise.seen >= LIFT_PURE * surprise.expected;
    // A little before the window as well: what began slowly belongs to it.
    let earlier = surprise.since - (first.times.last()? - surprise.since).clamp(3_600, 86_400);
    let from = ledger.recent.partition_point(|r| r.at < earlier);
    let members = (from..ledger.recent.len())
        .filter(|at| {
            let Some(r) = ledger.recent.get(*at).filter(|r| r.episode.is_none()) else {
                return false;
            };
            belongs(&r.keys, slice, pure && *at >= begin, &first.marks)
        })
        .collect();
    Evidence::of(ledger, slice, members)
}

/// Whether a ticket with these slices belongs to tickets that `marks` set apart. `pure` says that
/// the slice that was noticed first proves it alone.
pub(super) fn belongs(keys: &[u64], first: u64, pure: bool, marks: &[Mark]) -> bool {
    let has_first = keys.contains(&first);
    if has_first && pure {
        return true;
    }
    let shared = marks.iter().filter(|m| m.key != first && keys.contains(&m.key));
    if has_first {
        return shared.map(|m| m.lift.ln()).sum::<f64>() >= LIFT_MIN.ln();
    }
    // Without it, words must agree; that the same article fits best is no proof.
    let (mut sum, mut count, mut alone) = (0.0, 0, false);
    for mark in shared.filter(|m| m.kind != SliceKind::Article) {
        sum += mark.lift.min(1_000.0).ln();
        count += 1;
        alone |= mark.share >= 0.3 && mark.lift >= 100.0;
    }
    alone || (count >= 2 && sum >= LOG_LIFT_MIN)
}

/// Looks again at what sets an episode's tickets apart, now that there are more of them.
pub fn relearn(ledger: &mut Ledger, id: u64) {
    let mine: Vec<&Recent> = ledger.recent.iter().filter(|r| r.episode == Some(id)).collect();
    let (marks, article) = (marks(ledger, &mine), article(ledger, &mine));
    if let Some(episode) = ledger.open.iter_mut().find(|e| e.id == id) {
        episode.learn(marks, article);
    }
}

fn marks(ledger: &Ledger, tickets: &[&Recent]) -> Vec<Mark> {
    let mut counts: FxHashMap<u64, f64> = FxHashMap::default();
    for ticket in tickets {
        for key in &ticket.keys {
            *counts.entry(*key).or_insert(0.0) += f64::from(ticket.weight);
        }
    }
    let voices: f64 = tickets.iter().map(|t| f64::from(t.weight)).sum();
    let volume = ledger.remembered();
    let owned = tickets.first().is_some_and(|t| t.episode.is_some());
    let mut marks: Vec<Mark> = Vec::new();
    let mut keys: Vec<(u64, f64)> = counts.into_iter().collect();
    keys.sort_unstable_by_key(|(key, _)| *key);
    for (key, count) in keys {
        let Some(known) = ledger.tracks.get(&key) else { continue };
        if !known.kind.marks() {
            continue;
        }
        let here = if owned { 0.0 } else { count };
        let before = (known.track.usual() - here).max(0.0);
        let usual = (before + 0.5) / (volume + 50.0);
        let share = count / voices.max(1.0);
        let lift = share / usual;
        let sure = || tail::surprise(count, voices * usual, 25.0) >= MARK_SURPRISE_MIN;
        if count >= 1.5 && share >= SHARE_MIN && lift >= LIFT_MIN && sure() {
            let (kind, name) = (known.kind, known.name.clone());
            marks.push(Mark { key, kind, name, share, lift });
        }
    }
    let worth = |m: &Mark| m.share * m.lift.ln();
    marks.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then_with(|| a.name.cmp(&b.name)));
    marks.truncate(PROFILE_MAX);
    marks
}

/// The article that the tickets agree on: that a third of them mean, and
/// far more than usual: where there are few articles, some article always fits best.
fn article(ledger: &Ledger, tickets: &[&Recent]) -> Option<String> {
    let mut chances: BTreeMap<&str, f64> = BTreeMap::new();
    let mut total = 0.0;
    for ticket in tickets {
        total += f64::from(ticket.weight);
        for (at, (article, chance)) in ticket.articles.iter().enumerate() {
            // Half for coming first, half for how sure that is.
            let first = if at == 0 { 0.5 } else { 0.0 };
            let chance = (first + 0.5 * f64::from(*chance)) * f64::from(ticket.weight);
            *chances.entry(article).or_insert(0.0) += chance;
        }
    }
    let best = chances.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
    let known = ledger.tracks.get(&key(SliceKind::Article, &[best.0]));
    let usual = known.map_or(0.0, |k| k.track.usual()) / ledger.remembered();
    let agreed = best.1 >= AGREEMENT_MIN * total && best.1 >= LIFT_MIN * usual * total;
    agreed.then(|| best.0.to_owned())
}
