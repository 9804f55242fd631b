//! How self-service did: every figure by its name in the field, each with what it is of.
//!
//! In: counts of a window. Out: rates for all languages together or for one. The figures stay apart;
//! nothing here adds two kinds of deflection to one number.

use std::collections::BTreeMap;

use crate::events::service::{After, Handled, Recontacts};
use crate::events::session::SessionCounts;
use crate::lang::TextLang;

use super::deflection::Deflection;
use super::rate::Rate;

/// What a rate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Attempts for which an article was shown.
    SuggestionRate,
    /// Shown sessions that opened one.
    ClickThrough,
    /// Shown sessions that said it was solved: explicit deflection, confirmed.
    Confirmed,
    /// Shown sessions that opened one and left: explicit deflection, assumed.
    Assumed,
    /// Shown sessions that sent a ticket all the same.
    SentAnyway,
    /// Confirmed resolutions after which the same person sent a ticket.
    AgainConfirmed,
    /// Assumed resolutions after which the same person sent a ticket.
    AgainAssumed,
    /// Answered tickets after which the same person sent another.
    AgainAnswered,
    /// Judged tickets for which staff rejected an article.
    Rejection,
    /// Closed tickets with an article that answers.
    LinkRate,
    /// Searches that found nothing.
    NoResult,
    /// Tickets that no article answers.
    New,
}

impl Measure {
    /// All of them, in the order of the page.
    pub const ALL: [Measure; 12] = [
        Measure::SuggestionRate,
        Measure::ClickThrough,
        Measure::Confirmed,
        Measure::Assumed,
        Measure::SentAnyway,
        Measure::AgainConfirmed,
        Measure::AgainAssumed,
        Measure::AgainAnswered,
        Measure::Rejection,
        Measure::LinkRate,
        Measure::NoResult,
        Measure::New,
    ];

    /// The name used in JSON and CSV.
    pub fn code(self) -> &'static str {
        match self {
            Measure::SuggestionRate => "suggestion_rate",
            Measure::ClickThrough => "click_through",
            Measure::Confirmed => "confirmed",
            Measure::Assumed => "assumed",
            Measure::SentAnyway => "sent_anyway",
            Measure::AgainConfirmed => "again_confirmed",
            Measure::AgainAssumed => "again_assumed",
            Measure::AgainAnswered => "again_answered",
            Measure::Rejection => "rejection",
            Measure::LinkRate => "link_rate",
            Measure::NoResult => "no_result",
            Measure::New => "new",
        }
    }
}

/// What a window counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Sessions of the contact form.
    pub sessions: SessionCounts,
    /// What became of tickets.
    pub handled: BTreeMap<TextLang, Handled>,
    /// Searches, and those that found nothing.
    pub searches: BTreeMap<TextLang, (u64, u64)>,
    /// Who made contact again, of those whose time ended in the window.
    pub recontacts: Vec<Recontacts>,
}

/// How self-service did, in one language or in all.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The sessions of the contact form.
    pub deflection: Deflection,
    /// Searches and attempts: what people did to help themselves.
    pub acts: u64,
    /// People who sent tickets.
    pub people: u64,
    rates: [Rate; Measure::ALL.len()],
}

impl Service {
    /// The figures in a language; `None` takes all together.
    pub fn of(counts: &Counts, lang: Option<TextLang>) -> Service {
        let wanted = |other: TextLang| lang.is_none_or(|lang| lang == other);
        let deflection = Deflection::of(&counts.sessions, lang);
        let handled = || counts.handled.iter().filter(|(l, _)| wanted(**l)).map(|(_, h)| h);
        let sum = |part: fn(&Handled) -> u64| handled().map(part).sum::<u64>();
        let searches = counts.searches.iter().filter(|(lang, _)| wanted(**lang));
        let (searches, empty) = searches.fold((0, 0), |(a, b), (_, n)| (a + n.0, b + n.1));
        let again = |after: After| {
            let found = counts.recontacts.iter().filter(|r| r.after == after && wanted(r.lang));
            found.fold(Rate::default(), |sum, r| Rate {
                part: sum.part + r.again,
                of: sum.of + r.cases,
            })
        };
        let rate = |measure: Measure| match measure {
            Measure::SuggestionRate => deflection.suggestion_rate(),
            Measure::ClickThrough => deflection.click_through(),
            Measure::Confirmed => deflection.of_shown(deflection.confirmed),
            Measure::Assumed => deflection.of_shown(deflection.assumed),
            Measure::SentAnyway => deflection.of_shown(deflection.sent_anyway),
            Measure::AgainConfirmed => again(After::Confirmed),
            Measure::AgainAssumed => again(After::Assumed),
            Measure::AgainAnswered => again(After::Answered),
            Measure::Rejection => Rate { part: sum(|h| h.rejected), of: sum(|h| h.judged) },
            Measure::LinkRate => Rate { part: sum(|h| h.linked), of: sum(|h| h.closed) },
            Measure::NoResult => Rate { part: empty, of: searches },
            Measure::New => Rate { part: sum(|h| h.unanswered), of: sum(|h| h.tickets) },
        };
        Service {
            acts: searches + deflection.attempts,
            people: sum(|h| h.people),
            rates: Measure::ALL.map(rate),
            deflection,
        }
    }

    /// The rates, in the order of [`Measure::ALL`].
    pub fn rates(&self) -> impl Iterator<Item = (Measure, Rate)> + '_ {
        Measure::ALL.into_iter().zip(self.rates)
    }

    /// Self-service score: acts for each person who sent a ticket.
    pub fn score(&self) -> Option<f64> {
        (self.people > 0).then(|| self.acts as f64 / self.people as f64)
    }

    /// Returns true if and only if nothing at all was counted.
    pub fn is_empty(&self) -> bool {
        self.acts == 0 && self.people == 0 && self.rates.iter().all(|rate| rate.of == 0)
    }
}
