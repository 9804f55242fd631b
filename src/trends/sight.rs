//! Sight: what the ledger needs to know about a text: its language, the articles that may answer
//! it, its slices. In: a text without secrets. Out: a [`Sighting`].

use crate::events::Ticket;
use crate::events::erasure::voice;
use crate::suggest::Matcher;
use crate::suggest::rank::Ranked;
use crate::text::Analyser;
use crate::text::redact::Redactor;
use crate::time::Timestamp;

use super::facts::Facts;
use super::ledger::Sighting;
use super::slicer::Slicer;

/// Articles that are kept of a ranking.
const ARTICLES_MAX: usize = 4;

/// Looks at texts.
pub struct Sight<'a> {
    analyser: &'a Analyser,
    matcher: &'a Matcher,
    slicer: Slicer<'a>,
}

impl<'a> Sight<'a> {
    /// A sight that reads as `analyser` and ranks as `matcher` does.
    pub fn new(analyser: &'a Analyser, matcher: &'a Matcher) -> Self {
        Sight { analyser, matcher, slicer: Slicer::new(analyser) }
    }

    /// What can be seen in the text of ticket number `ticket`, which `sender` wrote at `at`.
    pub fn sighting(
        &self,
        text: &str,
        ticket: u64,
        at: Timestamp,
        sender: Option<u64>,
    ) -> Sighting {
        let analysis = self.analyser.analyse(text);
        let ranking = self.matcher.rank(self.analyser, &analysis, ARTICLES_MAX);
        let article = |r: &Ranked| (self.matcher.id(r.document).to_owned(), r.score.exp());
        let articles: Vec<(String, f32)> = ranking.ranked.iter().map(article).collect();
        let slices = self.slicer.slices(&analysis, articles.first().map(|a| a.0.as_str()));
        let facts = Facts::of(text, &analysis, self.analyser);
        Sighting { ticket, at, lang: analysis.lang, sender, articles, slices, facts }
    }

    /// What can be seen in a recorded ticket. What was stored has no secrets; `redactor` takes out the
    /// placeholders that stand for them.
    pub fn recorded(&self, redactor: &Redactor, ticket: &Ticket) -> Sighting {
        let clean = redactor.redact(&ticket.ticket.clean_text);
        let sender = ticket.ticket.sender.as_deref().and_then(voice);
        self.sighting(&clean.without_placeholders(), ticket.id.0, ticket.ticket.at, sender)
    }
}
