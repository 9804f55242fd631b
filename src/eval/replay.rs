//! Replay: the same tickets against two revisions of a knowledge base. What will change?
//!
//! In: golden and past tickets, and a library with its matcher before and after. Out: for each
//! ticket whose answer changes both answers side by side with why, the figures before and after, and
//! which articles win and lose. Pure; nothing is recorded. A golden ticket is lost when it was
//! answered rightly before (its article shown first, or silence where nothing answers) and is not
//! any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::events::{Store, StoreError};
use crate::kb::library::{Library, Reader};
use crate::lang::TextLang;
use crate::suggest::decide::Evidence;
use crate::suggest::{Decision, Matcher, Suggestions};

/// Tickets that are read from the store at a time.
const PAGE: usize = 500;
/// Suggestions that are looked at for each ticket.
const RANKS: usize = 3;

/// A ticket to replay. Its text must have been redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayTicket {
    /// Its name: the id of a golden ticket, the number of a past one.
    pub id: String,
    /// What was written.
    pub text: String,
    /// The articles that answer it, best first (none: silence is right). `None` where nobody has
    /// said which.
    pub topics: Option<Vec<String>>,
}

/// One revision of a knowledge base with the matcher that answers from it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The articles.
    pub library: &'a Library,
    /// The matcher of the reader's articles.
    pub matcher: &'a Matcher,
}

/// What a ticket got from one side.
#[derive(Debug, Clone, PartialEq)]
pub struct Got {
    /// Whether anything was shown.
    pub shown: bool,
    /// How sure the first is.
    pub confidence: f32,
    /// The leading articles, best first.
    pub articles: Vec<String>,
    /// Why the first leads.
    pub why: Vec<Evidence>,
}

impl Got {
    fn of(suggestions: Suggestions) -> Got {
        let mut candidates = suggestions.candidates;
        let articles = candidates.iter().map(|c| c.id.clone()).collect();
        let why = candidates.first_mut().map(|c| std::mem::take(&mut c.why));
        Got {
            shown: suggestions.decision == Decision::Suggest,
            confidence: suggestions.confidence,
            articles,
            why: why.unwrap_or_default(),
        }
    }

    /// The article that the writer is shown first; `None` for silence.
    pub fn first_shown(&self) -> Option<&str> {
        self.articles.first().filter(|_| self.shown).map(String::as_str)
    }
}

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was answered rightly and is not any more.
    Lost,
    /// It was not answered rightly and is now.
    Won,
    /// It gets another answer; neither is right, or nobody has said what is.
    Moved,
}

impl Change {
    /// The name used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Change::Lost => "lost",
            Change::Won => "won",
            Change::Moved => "moved",
        }
    }
}

/// A ticket whose answer changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The ticket.
    pub ticket: ReplayTicket,
    /// The language that it is written in.
    pub lang: TextLang,
    /// What became of it.
    pub change: Change,
    /// What it got before.
    pub before: Got,
    /// What it gets after.
    pub after: Got,
}

/// Counts over tickets on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many tickets were answered.
    pub tickets: usize,
    /// How many of them have an article, as far as somebody has said so.
    pub answerable: usize,
    /// Of these, how many have it first, shown or not.
    pub first: usize,
    /// Of these, how many have it among the first three.
    pub among_three: usize,
    /// How many labelled tickets got the right answer: the article shown first, or silence.
    pub right: usize,
    /// How many tickets got silence.
    pub silent: usize,
}

impl Tally {
    fn add(&mut self, topics: Option<&[String]>, got: &Got) {
        self.tickets += 1;
        self.silent += usize::from(!got.shown);
        let Some(topics) = topics else { return };
        self.right += usize::from(is_right(topics, got));
        if !topics.is_empty() {
            let rank = got.articles.iter().position(|id| topics.contains(id));
            self.answerable += 1;
            self.first += usize::from(rank == Some(0));
            self.among_three += usize::from(rank.is_some());
        }
    }
}

/// Tickets that an article gains and loses, whatever would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Tickets that are shown it first now and were not before.
    pub gains: usize,
    /// Tickets that were shown it first before and are not now.
    pub loses: usize,
}

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replay {
    /// Golden tickets before.
    pub golden_before: Tally,
    /// Golden tickets after.
    pub golden_after: Tally,
    /// Past tickets before.
    pub past_before: Tally,
    /// Past tickets after.
    pub past_after: Tally,
    /// Golden tickets whose answer changes: lost, won, moved; then by id.
    pub golden: Vec<Changed>,
    /// Past tickets whose answer changes, in the same order.
    pub past: Vec<Changed>,
    /// Articles whose tickets change.
    pub articles: BTreeMap<String, Traffic>,
    /// Articles that this reader could see before and cannot see after.
    pub gone: BTreeSet<String>,
}

impl Replay {
    /// How many golden tickets are lost.
    pub fn golden_lost(&self) -> usize {
        self.golden.iter().filter(|c| c.change == Change::Lost).count()
    }
}

/// The golden tickets of a library as a reader can be answered: an article that the reader may not
/// see cannot be the right answer.
pub fn golden(library: &Library, reader: Reader, known_before: &Library) -> Vec<ReplayTicket> {
    let visible = |library: &Library| -> BTreeSet<String> {
        library.visible(reader).map(ToString::to_string).collect()
    };
    // An article that is gone was the answer all the same: its tickets are lost, not out of scope.
    let visible: BTreeSet<String> = &visible(library) | &visible(known_before);
    let ticket = |t: &crate::kb::golden::GoldenTicket| ReplayTicket {
        id: t.id.clone(),
        text: t.text.clone(),
        topics: Some(t.topics.iter().filter(|id| visible.contains(*id)).cloned().collect()),
    };
    library.golden.iter().map(ticket).collect()
}

/// The newest recorded tickets, at most `limit`. Nobody has said which article answers them.
pub fn past(store: &dyn Store, limit: usize) -> Result<Vec<ReplayTicket>, StoreError> {
    let mut past: Vec<ReplayTicket> = Vec::new();
    let mut before = None;
    while past.len() < limit {
        let page = store.tickets(before, PAGE.min(limit - past.len()))?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        past.extend(page.into_iter().map(|ticket| ReplayTicket {
            id: ticket.id.to_string(),
            text: ticket.ticket.clean_text,
            topics: None,
        }));
    }
    Ok(past)
}

/// Replays golden and past tickets on both sides. `step` is called after each ticket.
pub fn replay(
    reader: Reader,
    (before, after): (Side<'_>, Side<'_>),
    (golden, past): (&[ReplayTicket], &[ReplayTicket]),
    mut step: impl FnMut(),
) -> Replay {
    let mut made = Replay::default();
    let visible = |side: Side<'_>| -> BTreeSet<String> {
        side.library.visible(reader).map(ToString::to_string).collect()
    };
    made.gone = &visible(before) - &visible(after);
    for (tickets, is_golden) in [(golden, true), (past, false)] {
        let mut changes = Vec::new();
        let (mut tally_before, mut tally_after) = (Tally::default(), Tally::default());
        for ticket in tickets {
            let (lang, then) = before.answer(reader, &ticket.text);
            let (_, now) = after.answer(reader, &ticket.text);
            tally_before.add(ticket.topics.as_deref(), &then);
            tally_after.add(ticket.topics.as_deref(), &now);
            made.count(&then, &now);
            if let Some(change) = change(ticket, &then, &now) {
                let ticket = ticket.clone();
                changes.push(Changed { ticket, lang, change, before: then, after: now });
            }
            step();
        }
        changes.sort_by(|a, b| (a.change, &a.ticket.id).cmp(&(b.change, &b.ticket.id)));
        if is_golden {
            (made.golden, made.golden_before, made.golden_after) =
                (changes, tally_before, tally_after);
        } else {
            (made.past, made.past_before, made.past_after) = (changes, tally_before, tally_after);
        }
    }
    made
}

impl Replay {
    fn count(&mut self, before: &Got, after: &Got) {
        if before.first_shown() == after.first_shown() {
            return;
        }
        if let Some(article) = before.first_shown() {
            self.articles.entry(article.to_owned()).or_default().loses += 1;
        }
        if let Some(article) = after.first_shown() {
            self.articles.entry(article.to_owned()).or_default().gains += 1;
        }
    }
}

impl Side<'_> {
    fn answer(&self, reader: Reader, text: &str) -> (TextLang, Got) {
        let analyser = &self.library.analyser;
        let suggestions = self.matcher.suggest(analyser, &analyser.analyse(text), reader, RANKS);
        (suggestions.lang, Got::of(suggestions))
    }
}

fn change(ticket: &ReplayTicket, before: &Got, after: &Got) -> Option<Change> {
    if let Some(topics) = &ticket.topics {
        match (is_right(topics, before), is_right(topics, after)) {
            (true, false) => return Some(Change::Lost),
            (false, true) => return Some(Change::Won),
            // From one right article to another.
            (true, true) => return None,
            (false, false) => {}
        }
    }
    (before.first_shown() != after.first_shown()).then_some(Change::Moved)
}

fn is_right(topics: &[String], got: &Got) -> bool {
    match got.first_shown() {
        Some(first) => topics.iter().any(|topic| topic == first),
        None => topics.is_empty(),
    }
}
