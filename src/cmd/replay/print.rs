//! A replay for people and for programs.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use crate::eval::replay::{Change, Changed, Got, Replay, Tally};
use crate::kb::library::{Library, Reader};
use crate::lang::{Lang, TextLang};

/// The most characters of a ticket that are shown.
const EXCERPT: usize = 110;
/// The most reasons that are shown for an answer.
const REASONS: usize = 3;

/// Titles of articles on both sides, for the terminal.
pub struct Titles<'a> {
    /// The other state.
    pub before: &'a Library,
    /// The state now.
    pub after: &'a Library,
    /// Who is answered.
    pub reader: Reader,
}

impl Titles<'_> {
    fn of(&self, article: &str, lang: Lang) -> String {
        let find = |library: &Library| {
            let id = article.parse().ok()?;
            let found = library.article(&id, lang, self.reader)?;
            Some(found.meta.title.clone())
        };
        find(self.after).or_else(|| find(self.before)).unwrap_or_default()
    }
}

/// Prints a replay for people.
pub fn text(made: &Replay, titles: &Titles<'_>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for (name, changes) in [("golden", &made.golden), ("past", &made.past)] {
        for changed in changes {
            one(&mut out, name, changed, titles)?;
        }
    }
    if !made.articles.is_empty() {
        writeln!(out, "Articles that are shown first")?;
        let mut articles: Vec<_> = made.articles.iter().collect();
        articles.sort_by_key(|(id, t)| (std::cmp::Reverse(t.gains + t.loses), id.as_str()));
        for (id, traffic) in articles {
            let gone = if made.gone.contains(id) { "  (gone)" } else { "" };
            writeln!(out, "  +{:<4} −{:<4} {id}{gone}", traffic.gains, traffic.loses)?;
        }
        writeln!(out)?;
    }
    tallies(&mut out, "Golden tickets", &made.golden_before, &made.golden_after)?;
    if made.past_before.tickets > 0 {
        tallies(&mut out, "Past tickets", &made.past_before, &made.past_after)?;
    }
    let count = |c: Change| made.golden.iter().filter(|g| g.change == c).count();
    writeln!(
        out,
        "Golden tickets: {} lost, {} won, {} moved. Past tickets with another answer: {}.",
        count(Change::Lost),
        count(Change::Won),
        count(Change::Moved),
        made.past.len()
    )?;
    Ok(())
}

fn one(
    out: &mut impl Write,
    name: &str,
    changed: &Changed,
    titles: &Titles<'_>,
) -> std::io::Result<()> {
    let ticket = &changed.ticket;
    let what = match changed.change {
        Change::Lost => "LOST ",
        Change::Won => "WON  ",
        Change::Moved => "MOVED",
    };
    let wanted = match &ticket.topics {
        None => String::new(),
        Some(topics) if topics.is_empty() => "  (right: silence)".to_owned(),
        Some(topics) => format!("  (right: {})", topics.join(", ")),
    };
    writeln!(out, "{what} {name} {} [{}]{wanted}", ticket.id, changed.lang)?;
    writeln!(out, "      {}", excerpt(&ticket.text, changed.lang))?;
    for (when, got) in [("before", &changed.before), ("now   ", &changed.after)] {
        side(out, when, got, titles, changed.lang)?;
    }
    writeln!(out)
}

fn side(
    out: &mut impl Write,
    when: &str,
    got: &Got,
    titles: &Titles<'_>,
    lang: TextLang,
) -> std::io::Result<()> {
    let sure = got.confidence * 100.0;
    let lead = got.articles.first().map_or("", String::as_str);
    let title = titles.of(lead, lang.article_lang());
    if got.shown {
        write!(out, "      {when}  {sure:3.0} %  {lead}  {title}")?;
    } else {
        write!(out, "      {when}  silence  (best guess {sure:.0} % {lead}  {title})")?;
    }
    let then: Vec<&str> = got.articles.iter().skip(1).map(String::as_str).collect();
    if !then.is_empty() {
        write!(out, "  then {}", then.join(", "))?;
    }
    writeln!(out)?;
    let reasons: Vec<String> = got
        .why
        .iter()
        .take(REASONS)
        .map(|w| {
            let evidence = excerpt(&w.evidence, lang);
            format!("{} {evidence} ({:.0} %)", w.feature, w.weight * 100.0)
        })
        .collect();
    if reasons.is_empty() { Ok(()) } else { writeln!(out, "              {}", reasons.join("; ")) }
}

/// The beginning of a text on one line; Chinese characters are twice as wide.
fn excerpt(text: &str, lang: TextLang) -> String {
    let most = if lang == TextLang::En { EXCERPT } else { EXCERPT / 2 };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most).chain(std::iter::once('…')).collect()
}

fn tallies(out: &mut impl Write, name: &str, before: &Tally, after: &Tally) -> std::io::Result<()> {
    writeln!(out, "{name}: {:24} before      now", before.tickets)?;
    let share = |part: usize, whole: usize| {
        if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 }
    };
    let mut row = |label: &str, value: fn(&Tally) -> (usize, usize)| {
        let ((a, of_a), (b, of_b)) = (value(before), value(after));
        if of_a + of_b == 0 {
            return Ok(());
        }
        let (a, b) = (share(a, of_a), share(b, of_b));
        writeln!(out, "  {label:34} {a:6.1} %  {b:6.1} %  {:+.1}", b - a)
    };
    row("its article first", |t| (t.first, t.answerable))?;
    row("its article among three", |t| (t.among_three, t.answerable))?;
    let labelled = before.right + after.right > 0;
    if labelled {
        row("answered rightly, or rightly not", |t| (t.right, t.tickets))?;
    }
    row("silence", |t| (t.silent, t.tickets))?;
    writeln!(out)
}

#[derive(Serialize)]
struct ReplayView<'a> {
    golden: SetView<'a>,
    past: SetView<'a>,
    articles: BTreeMap<&'a str, TrafficView>,
    gone: Vec<&'a str>,
}

#[derive(Serialize)]
struct SetView<'a> {
    before: TallyView,
    after: TallyView,
    lost: usize,
    won: usize,
    moved: usize,
    changes: Vec<ChangedView<'a>>,
}

#[derive(Serialize)]
struct TallyView {
    tickets: usize,
    answerable: usize,
    top_1: usize,
    top_3: usize,
    right: usize,
    abstained: usize,
}

#[derive(Serialize)]
struct ChangedView<'a> {
    id: &'a str,
    lang: &'static str,
    text: &'a str,
    topics: Option<&'a [String]>,
    change: &'static str,
    before: GotView<'a>,
    after: GotView<'a>,
}

#[derive(Serialize)]
struct GotView<'a> {
    decision: &'static str,
    confidence: f32,
    articles: &'a [String],
    why: Vec<WhyView<'a>>,
}

#[derive(Serialize)]
struct WhyView<'a> {
    feature: &'static str,
    evidence: &'a str,
    weight: f32,
}

#[derive(Serialize)]
struct TrafficView {
    gains: usize,
    loses: usize,
}

/// Prints a replay as one JSON object.
pub fn json(made: &Replay) -> anyhow::Result<()> {
    let traffic = |t: &crate::eval::replay::Traffic| TrafficView { gains: t.gains, loses: t.loses };
    let view = ReplayView {
        golden: set(&made.golden_before, &made.golden_after, &made.golden),
        past: set(&made.past_before, &made.past_after, &made.past),
        articles: made.articles.iter().map(|(id, t)| (id.as_str(), traffic(t))).collect(),
        gone: made.gone.iter().map(String::as_str).collect(),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &view)?;
    writeln!(out)?;
    Ok(())
}

fn set<'a>(before: &Tally, after: &Tally, changes: &'a [Changed]) -> SetView<'a> {
    let count = |c: Change| changes.iter().filter(|g| g.change == c).count();
    SetView {
        before: tally(before),
        after: tally(after),
        lost: count(Change::Lost),
        won: count(Change::Won),
        moved: count(Change::Moved),
        changes: changes.iter().map(changed).collect(),
    }
}

fn tally(tally: &Tally) -> TallyView {
    TallyView {
        tickets: tally.tickets,
        answerable: tally.answerable,
        top_1: tally.first,
        top_3: tally.among_three,
        right: tally.right,
        abstained: tally.silent,
    }
}

fn changed(changed: &Changed) -> ChangedView<'_> {
    ChangedView {
        id: &changed.ticket.id,
        lang: changed.lang.code(),
        text: &changed.ticket.text,
        topics: changed.ticket.topics.as_deref(),
        change: changed.change.code(),
        before: got(&changed.before),
        after: got(&changed.after),
    }
}

fn got(got: &Got) -> GotView<'_> {
    let why = got.why.iter().map(|w| WhyView {
        feature: w.feature,
        evidence: &w.evidence,
        weight: w.weight,
    });
    GotView {
        decision: if got.shown { "suggest" } else { "abstain" },
        confidence: got.confidence,
        articles: &got.articles,
        why: why.collect(),
    }
}
