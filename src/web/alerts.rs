//! Alerts: episodes in, notices to the configured targets out, each once.
//!
//! An episode is told when it opens, when it has grown to the next step, and when it has ended,
//! unless somebody has muted it. What was delivered is recorded, so that a restart tells nothing
//! twice; a crash between delivery and record may, under the same notice id. What could not be
//! delivered is tried again, ever more rarely.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use crate::engine::{Engine, EngineError, Snapshot};
use crate::events::EpisodeWord;
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::lang::{Lang, TextLang};
use crate::notify::courier::{Courier, DeliveryError};
use crate::notify::target::Target;
use crate::notify::{Event, Notice};
use crate::time::{Timestamp, now};
use crate::trends::episode::Episode;

use super::language::PageLang;
use super::state::App;

/// How often it is looked whether there is something to tell.
const EVERY: Duration = Duration::from_secs(2);
/// Tickets at which a growing episode is told again.
const STEPS: [u64; 8] = [25, 50, 100, 250, 500, 1_000, 2_500, 10_000];
/// After so many seconds an opening or a step is no news: the server was down meanwhile.
const NEWS_SECONDS: i64 = 86_400;
/// The same for an end; that one may come late.
const END_SECONDS: i64 = 3 * 86_400;
/// The first pause before another try, and the longest.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);
const PAUSE_MAX: SignedDuration = SignedDuration::from_secs(1_800);

/// What is to be told about an episode.
#[derive(Debug, Clone)]
struct Due {
    event: Event,
    /// Part of the notice's id: the step of an update.
    step: u64,
    episode: Episode,
}

impl Due {
    fn first(&self) -> TicketId {
        self.episode.first_ticket().unwrap_or(TicketId(0))
    }

    fn id(&self, event: Event) -> String {
        let step = if event == Event::IncidentUpdated { self.step } else { 0 };
        format!("episode-{}-{}-{step}", self.first().0, event.code().replace('.', "-"))
    }
}

/// A delivery that failed.
struct Failed {
    pause: SignedDuration,
    next: Timestamp,
}

/// Who is told, and how far that has come.
#[derive(Default)]
pub struct Alerts {
    targets: Vec<Target>,
    courier: Courier,
    state: Mutex<State>,
}

/// What everything that was due has been told from.
#[derive(PartialEq)]
struct Told {
    version: u64,
    words: Vec<EpisodeWord>,
}

#[derive(Default)]
struct State {
    told: Option<Told>,
    sent: BTreeSet<String>,
    failed: BTreeMap<String, Failed>,
}

impl Alerts {
    /// Alerts to these targets.
    pub fn new(targets: Vec<Target>) -> Alerts {
        Alerts { targets, ..Alerts::default() }
    }

    /// The targets that are told of such an event.
    pub fn targets(&self, event: Event) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(move |target| target.wants(event))
    }

    /// Tells everybody who wants escalations, at once; gives the failures.
    pub fn escalate(&self, notice: &Notice) -> Vec<DeliveryError> {
        let failed = |target: &Target| {
            let error = self.courier.deliver(target, notice, now()).err()?;
            tracing::warn!(target = target.name(), "an escalation was not delivered: {error}");
            Some(error)
        };
        self.targets(Event::Escalation).filter_map(failed).collect()
    }

    /// Tells what is due and has not been told.
    pub fn tell(&self, app: &App, engine: &Engine) -> Result<(), EngineError> {
        if self.targets.is_empty() {
            return Ok(());
        }
        let (now, words) = (now(), engine.store().episode_words()?);
        let mut told = Told { version: 0, words };
        let due = app.incidents.look(engine, |seen| {
            told.version = seen.version;
            let state = self.state();
            // What was not delivered is tried again; else only what changes can be news.
            if state.told.as_ref() == Some(&told) && state.failed.is_empty() {
                return Vec::new();
            }
            let open = seen.ledger.open().iter().flat_map(|e| of_open(e, now.as_second()));
            let closed = seen.ledger.closed().filter_map(|e| of_closed(e, now.as_second()));
            open.chain(closed).collect::<Vec<Due>>()
        })?;
        let words = &told.words;
        for due in due {
            let word = words.iter().find(|word| word.first == due.first());
            if word.is_some_and(|word| word.muted) {
                continue;
            }
            for target in self.targets(due.event) {
                self.tell_one(app, engine, target, (&due, word))?;
            }
        }
        self.state().told = Some(told);
        Ok(())
    }

    fn tell_one(
        &self,
        app: &App,
        engine: &Engine,
        target: &Target,
        (due, word): (&Due, Option<&EpisodeWord>),
    ) -> Result<(), EngineError> {
        let name = target.name();
        let key = format!("{name} {}", due.id(due.event));
        let opened = format!("{name} {}", due.id(Event::IncidentOpened));
        // Nobody is told of the growth or the end of what they have not heard of.
        let heard = due.event == Event::IncidentOpened || self.was_sent(engine, &opened)?;
        if !heard || self.was_sent(engine, &key)? || !self.may_try(&key) {
            return Ok(());
        }
        let notice = notice(app, &engine.snapshot(), target.lang(), due, word);
        match self.courier.deliver(target, &notice, now()) {
            Ok(()) => {
                let mut keys = vec![key];
                // The opening says how many there are by now.
                if due.event == Event::IncidentOpened {
                    let reached = STEPS.into_iter().filter(|s| *s <= due.episode.tickets);
                    let update = |step| Due { step, ..due.clone() }.id(Event::IncidentUpdated);
                    keys.extend(reached.map(|step| format!("{name} {}", update(step))));
                }
                for key in keys {
                    engine.store().record_sent(&key, now())?;
                    let mut state = self.state();
                    state.failed.remove(&key);
                    state.sent.insert(key);
                }
            }
            Err(error) => {
                tracing::warn!(target = name, "a notice was not delivered, tried again: {error}");
                let mut state = self.state();
                let failed = state.failed.remove(&key);
                let pause = failed.map_or(PAUSE, |f| (f.pause * 2).min(PAUSE_MAX));
                state.failed.insert(key, Failed { pause, next: now() + pause });
            }
        }
        Ok(())
    }

    fn was_sent(&self, engine: &Engine, key: &str) -> Result<bool, EngineError> {
        if self.state().sent.contains(key) {
            return Ok(true);
        }
        let sent = engine.store().is_sent(key)?;
        if sent {
            self.state().sent.insert(key.to_owned());
        }
        Ok(sent)
    }

    fn may_try(&self, key: &str) -> bool {
        self.state().failed.get(key).is_none_or(|failed| failed.next <= now())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of_open(episode: &Episode, now: i64) -> Vec<Due> {
    let due = |event, step| Due { event, step, episode: episode.clone() };
    let mut all = Vec::new();
    if now - episode.opened < NEWS_SECONDS {
        all.push(due(Event::IncidentOpened, 0));
    }
    let step = STEPS.into_iter().rev().find(|step| episode.tickets >= *step);
    // What it had when it opened is told by then.
    let grown = step.filter(|step| (*step as f64) > episode.seen);
    if let Some(step) = grown.filter(|_| now - episode.last < NEWS_SECONDS) {
        all.push(due(Event::IncidentUpdated, step));
    }
    all
}

fn of_closed(episode: &Episode, now: i64) -> Option<Due> {
    let recent = now - episode.last < END_SECONDS;
    recent.then(|| Due { event: Event::IncidentEnded, step: 0, episode: episode.clone() })
}

/// What is said about an episode.
fn notice(
    app: &App,
    snapshot: &Snapshot,
    lang: Lang,
    due: &Due,
    word: Option<&EpisodeWord>,
) -> Notice {
    let page = PageLang::from(match lang {
        Lang::En => TextLang::En,
        Lang::Zh => TextLang::Zh,
    });
    let say = |key: &str| app.templates.string(page, key).to_owned();
    let episode = &due.episode;
    let id = episode.article.as_ref().and_then(|id| id.parse().ok());
    let article = id.and_then(|id| snapshot.library.article(&id, lang, Reader::Staff));
    let article = article.map(|article| article.meta.title.clone());
    let label = episode.label();
    let name = article.clone().unwrap_or_else(|| label.clone());
    let title = say(match due.event {
        Event::IncidentUpdated => "alert_updated",
        Event::IncidentEnded => "alert_ended",
        _ => "alert_opened",
    });
    let langs: Vec<String> =
        episode.langs.iter().map(|(lang, n)| format!("{} {n}", lang.code())).collect();
    let since = moment(episode.first);
    let mut lines = vec![
        say("trends_count").replace("{n}", &episode.tickets.to_string()).replace("{since}", &since)
            + &format!(" ({})", langs.join(", ")),
        say("trends_seen")
            .replace("{at}", &moment(episode.opened))
            .replace("{seen}", &format!("{:.0}", episode.seen))
            .replace("{expected}", &format!("{:.1}", episode.expected))
            .replace("{power}", &format!("{:.0}", episode.surprise.floor())),
    ];
    if article.is_some() && !label.is_empty() {
        lines.push(label.clone());
    }
    if let Some(word) = word.filter(|word| word.acknowledged) {
        lines.push(say("alert_acknowledged").replace("{who}", &word.who));
    }
    lines.extend(word.and_then(|word| word.incident.clone()));
    Notice {
        id: due.id(due.event),
        event: due.event,
        at: Timestamp::from_second(episode.last).unwrap_or(Timestamp::UNIX_EPOCH),
        title: title.replace("{name}", &name),
        text: lines.join("\n"),
        link: format!("{}/trends/episodes/{}", app.settings.public_url, episode.id),
        facts: json!({
            "episode": episode.id,
            "first_ticket": due.first().0,
            "kind": episode.kind.code(),
            "article": episode.article,
            "label": label,
            "tickets": episode.tickets,
            "langs": episode.langs.iter().map(|(l, n)| (l.code(), n)).collect::<BTreeMap<_, _>>(),
            "expected": episode.expected,
            "surprise": episode.surprise,
            "since": since,
        }),
    }
}

fn moment(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Starts the thread; it ends with the server.
pub fn spawn(app: &Arc<App>) -> std::io::Result<()> {
    let app = Arc::downgrade(app);
    std::thread::Builder::new().name("alerts".to_owned()).spawn(move || {
        loop {
            let Some(app) = app.upgrade() else { return };
            if let Err(error) = app.alerts.tell(&app, app.engine()) {
                tracing::error!("cannot tell of incidents, next try soon: {error}");
            }
            drop(app);
            std::thread::sleep(EVERY);
        }
    })?;
    Ok(())
}
