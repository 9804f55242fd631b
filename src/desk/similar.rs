//! "Is this happening to others?": the recent tickets that are about the same thing.
//!
//! In: recent tickets with their terms and best article, and one ticket. Out: those like it, and
//! how many came in the last hour and day, by language. Two tickets are alike if rare words weigh
//! enough of what both say (cosine over squared inverse document frequencies), or somewhat less if
//! the same article answers both. Burst detection over time is `trends`; this is one ticket's view.

use std::collections::{BTreeMap, VecDeque};

use jiff::SignedDuration;
use rustc_hash::{FxHashMap, FxHasher};

use crate::id::{ArticleId, TicketId};
use crate::lang::TextLang;
use crate::text::Analysis;
use crate::time::Timestamp;

/// How many recent tickets are looked at.
pub const KEPT_MAX: usize = 2000;
/// The least cosine of tickets whose best articles differ.
const ALIKE: f32 = 0.30;
/// The least cosine of tickets with the same best article.
const ALIKE_SAME_ARTICLE: f32 = 0.04;
/// Tickets that are imagined besides the known ones, none with any of the words: without them the
/// first few tickets would be alike in nothing, since each word that two of them share is common.
const PRIOR: f32 = 50.0;
/// How many are listed.
const LISTED_MAX: usize = 10;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is kept of a ticket.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its number.
    pub id: TicketId,
    /// When it came.
    pub at: Timestamp,
    /// Its language.
    pub lang: TextLang,
    /// The article that was suggested first.
    pub best: Option<ArticleId>,
    /// Its terms, each once.
    pub terms: Vec<u64>,
}

/// The terms of a text, each once, as numbers.
pub fn terms(analysis: &Analysis) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    let number = |text: &str| {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        hasher.finish()
    };
    // What was taken out and single letters say nothing about the problem.
    let telling = analysis.terms.iter().filter(|t| t.text.chars().count() > 1);
    let mut terms: Vec<u64> = telling.map(|t| number(&t.text)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Tickets like one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Like {
    /// The likest first, at most ten.
    pub tickets: Vec<TicketId>,
    /// How many came in the last hour.
    pub last_hour: u64,
    /// How many came in the last day.
    pub last_day: u64,
    /// How many came in the day before that.
    pub day_before: u64,
    /// Those of the last day by language.
    pub langs: BTreeMap<TextLang, u64>,
}

/// Whether something comes more often than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// More often.
    Rising,
    /// As often.
    Steady,
    /// Less often.
    Falling,
}

impl Like {
    /// How the last day compares with the day before it. Small numbers are steady.
    pub fn trend(&self) -> Trend {
        let (now, before) = (self.last_day, self.day_before);
        if now >= 3 && now * 2 >= before * 3 {
            Trend::Rising
        } else if before >= 3 && before * 2 >= now * 3 {
            Trend::Falling
        } else {
            Trend::Steady
        }
    }
}

impl Trend {
    /// The name used in the interface strings.
    pub fn code(self) -> &'static str {
        match self {
            Trend::Rising => "rising",
            Trend::Steady => "steady",
            Trend::Falling => "falling",
        }
    }
}

/// Recent tickets.
#[derive(Debug, Default)]
pub struct Neighbours {
    known: VecDeque<Known>,
    frequency: FxHashMap<u64, u32>,
}

impl Neighbours {
    /// The number of the newest ticket that it knows.
    pub fn newest(&self) -> Option<TicketId> {
        self.known.back().map(|k| k.id)
    }

    /// Adds a ticket that is newer than all others; the oldest goes when there are too many.
    pub fn add(&mut self, known: Known) {
        for term in &known.terms {
            *self.frequency.entry(*term).or_insert(0) += 1;
        }
        self.known.push_back(known);
        if self.known.len() > KEPT_MAX {
            let oldest = self.known.pop_front();
            for term in oldest.iter().flat_map(|k| &k.terms) {
                if let Some(count) = self.frequency.get_mut(term) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    /// The tickets like a text, without the ticket `own`.
    pub fn like(
        &self,
        terms: &[u64],
        best: Option<&ArticleId>,
        own: Option<TicketId>,
        now: Timestamp,
    ) -> Like {
        let weight = |term: &u64| {
            let df = self.frequency.get(term).copied().unwrap_or(0) as f32;
            let idf = (1.0 + (self.known.len() as f32 + PRIOR) / (df + 0.5)).ln();
            idf * idf
        };
        let mass = |terms: &[u64]| terms.iter().map(weight).sum::<f32>().max(1e-6);
        let own_mass = mass(terms);
        let mut like = Like::default();
        let mut found: Vec<(f32, TicketId)> = Vec::new();
        for known in self.known.iter().filter(|k| Some(k.id) != own) {
            let shared: f32 =
                terms.iter().filter(|t| known.terms.binary_search(t).is_ok()).map(weight).sum();
            if shared <= 0.0 {
                continue;
            }
            let cosine = shared / (own_mass * mass(&known.terms)).sqrt();
            let same = best.is_some() && known.best.as_ref() == best;
            if cosine < if same { ALIKE_SAME_ARTICLE } else { ALIKE } {
                continue;
            }
            found.push((cosine, known.id));
            let age = now.duration_since(known.at);
            like.last_hour += u64::from(age < HOUR);
            like.last_day += u64::from(age < DAY);
            like.day_before += u64::from(DAY <= age && age < DAY * 2);
            if age < DAY {
                *like.langs.entry(known.lang).or_insert(0) += 1;
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        like.tickets = found.into_iter().take(LISTED_MAX).map(|(_, id)| id).collect();
        like
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn finds_the_same_problem_in_other_words_and_counts_it() {
        let analyser = Analyser::default();
        let mut neighbours = Neighbours::default();
        let texts = [
            (10, "My Visa card is declined with code 05 when I buy USDT", "card-declined"),
            (1500, "card declined code 05, buying USDT with Visa fails", "card-declined"),
            (2870, "Visa declined code 05 when I buy", "card-declined"),
            (2871, "The app crashes when I open the activity tab", "app-crash"),
            (2872, "How do I change the language of the app", "change-language"),
            (2873, "Price of ETH is shown wrong since this morning", "price-wrong"),
        ];
        for (n, (minute, text, best)) in texts.iter().enumerate() {
            neighbours.add(Known {
                id: TicketId(n as u64 + 1),
                at: at(*minute),
                lang: TextLang::En,
                best: best.parse().ok(),
                terms: terms(&analyser.analyse(text)),
            });
        }
        let asked = terms(&analyser.analyse("declined, code 05, buying with my Visa card"));
        let best = "card-declined".parse().unwrap();
        let like = neighbours.like(&asked, Some(&best), None, at(2880));
        assert_eq!((like.last_hour, like.last_day, like.day_before), (1, 2, 1));
        assert_eq!(like.tickets.len(), 3);
        assert_eq!(like.langs, BTreeMap::from([(TextLang::En, 2)]));
        let crash = terms(&analyser.analyse("crash on activity tab"));
        let like = neighbours.like(&crash, None, Some(TicketId(4)), at(2880));
        assert!(like.tickets.is_empty(), "its own number is left out: {like:?}");
        assert_eq!(Like { last_day: 9, day_before: 2, ..Like::default() }.trend(), Trend::Rising);
        assert_eq!(Like { last_day: 2, day_before: 6, ..Like::default() }.trend(), Trend::Falling);
        assert_eq!(Like { last_day: 2, day_before: 0, ..Like::default() }.trend(), Trend::Steady);
    }
}
