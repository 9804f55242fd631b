//! The ledger: tickets in, in the order of their times; alerts out, one for each episode.
//!
//! For every slice of a ticket the ledger asks whether some window that ends now holds more than the
//! past lets one expect ([`super::track`]). The slice that surprises most is followed up: which
//! tickets are the evidence, what else do they share, which article do they mean
//! ([`super::evidence`]). A finding is raised when fewer than [`FALSE_PER_DAY`] such findings a day
//! would come from chance alone, given how many slices a day tests: the recurrence interval of
//! prospective surveillance (Kleinman et al. 2004), a bound on false discoveries a day. Cost and
//! memory do not depend on how many tickets there were. Pure: the tickets' own times are the clock.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::lang::TextLang;
use crate::time::Timestamp;

use super::copies::Words;
use super::episode::{Alert, Change, Episode, Kind};
use super::evidence::{self, Evidence};
use super::facts::Facts;
use super::slice::{Slice, SliceKind};
use super::track::{ByGroup, Surprise, Track, VOICES_MIN};
use super::voice::{NOTICE_FROM, Voices};

/// Findings that chance may bring: one in a hundred days.
const FALSE_PER_DAY: f64 = 0.01;
/// Windows of one slice overlap; they count as so many tests.
const WINDOWS_PER_SLICE: f64 = 10.0;
/// Tests of a day that are assumed at least.
const TESTS_MIN: f64 = 5_000.0;
/// Surprise from which on a slice may belong to something new that is already known.
const RELATED_MIN: f64 = 3.0;
/// History that the baseline looks back on.
pub const HISTORY_SECONDS: i64 = 56 * 86_400;
/// Tickets that are kept as possible evidence, and for how long.
const RECENT_MAX: usize = 20_000;
const RECENT_SECONDS: i64 = super::track::WINDOW_SECONDS_MAX;
/// Slices that are remembered; those that were seen least recently go first.
const TRACKS_MAX: usize = 150_000;
/// Different voices that a finding needs.
const DIFFERENT_MIN: usize = 4;
/// Episodes that are open at a time, and closed ones that are remembered.
const OPEN_MAX: usize = 64;
const CLOSED_MAX: usize = 1_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// What the ledger needs to know about a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Its number: the line in a file, the number in the store.
    pub ticket: u64,
    /// When it came.
    pub at: Timestamp,
    /// The language that it is written in.
    pub lang: TextLang,
    /// Who wrote it, if that is known; an opaque key.
    pub sender: Option<u64>,
    /// Articles that may answer it with the chance that each does among them, best first.
    pub articles: Vec<(String, f32)>,
    /// The slices that it belongs to.
    pub slices: Vec<Slice>,
    /// The chains and versions that it names.
    pub facts: Facts,
}

/// A ticket that may be evidence.
#[derive(Debug, Clone)]
pub(super) struct Recent {
    pub(super) ticket: u64,
    pub(super) at: i64,
    pub(super) lang: TextLang,
    pub(super) group: usize,
    pub(super) weight: f32,
    pub(super) before: ByGroup,
    pub(super) source: u64,
    pub(super) articles: Vec<(String, f32)>,
    pub(super) keys: Vec<u64>,
    pub(super) facts: Facts,
    /// The episode that it belongs to.
    pub(super) episode: Option<u64>,
}

/// A slice with its track.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) kind: SliceKind,
    pub(super) of: Option<u64>,
    pub(super) name: String,
    pub(super) track: Track,
}

/// What happened when a ticket was entered.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// An episode was opened, or one has ended.
    Alert(Alert),
    /// One source repeats itself; said once a day and source.
    OneSource {
        /// The ticket with which it was noticed.
        ticket: u64,
        /// Times so far.
        repeats: u32,
        /// Those that had said the same before it, without the first.
        earlier: Vec<u64>,
    },
    /// A source that was noticed repeats itself again.
    Echo {
        /// The ticket.
        ticket: u64,
    },
}

/// Everything that is remembered.
#[derive(Default)]
pub struct Ledger {
    pub(super) tracks: FxHashMap<u64, Known>,
    pub(super) recent: VecDeque<Recent>,
    pub(super) open: Vec<Episode>,
    closed: VecDeque<Episode>,
    voices: Voices,
    /// Volume of all voices so far, and at the beginning of each remembered day.
    pub(super) volume: ByGroup,
    days: VecDeque<(i64, ByGroup)>,
    clock: i64,
    hour: i64,
    /// Slices tested in the running hour, and a mean over a week of hours.
    tested: f64,
    tested_per_hour: f64,
    episodes: u64,
}

impl Ledger {
    /// Enters a ticket. Tickets come in the order of their times; one that comes late counts as of
    /// now.
    pub fn enter(&mut self, sighting: Sighting) -> Vec<Note> {
        let mut notes = Vec::new();
        self.tick(sighting.at.as_second(), &mut notes);
        let Some(mut recent) = self.weigh(&sighting, &mut notes) else { return notes };
        let joined = self.open.iter().position(|episode| episode.takes(&recent.keys));
        recent.episode = joined.and_then(|at| self.open.get(at)).map(|episode| episode.id);
        self.count(&recent, sighting.slices);
        let episode = recent.episode;
        self.recent.push_back(recent);
        if self.recent.len() > RECENT_MAX {
            self.recent.pop_front();
        }
        match episode {
            Some(id) => self.join(id),
            // A copy makes no finding complete, and a flood of them must cost no more than tickets do.
            None if notes.iter().any(|note| matches!(note, Note::Echo { .. })) => {}
            None => notes.extend(self.look().map(Note::Alert)),
        }
        notes
    }

    /// Looks whether the newest ticket makes a finding complete.
    fn look(&mut self) -> Option<Alert> {
        let least = self.least();
        let related = self.open.iter().any(|e| e.kind == Kind::New);
        let (key, surprise) = self.most_surprising(if related { RELATED_MIN } else { least })?;
        let found = evidence::gather(self, key, &surprise)?;
        if found.different < DIFFERENT_MIN || found.voices < VOICES_MIN {
            return None;
        }
        self.raise(&found, &surprise, surprise.surprise >= least)
    }

    /// Lets time pass without a ticket: closes episodes that have ended.
    pub fn tick(&mut self, at: i64, notes: &mut Vec<Note>) {
        if self.hour == 0 && self.clock == 0 {
            (self.clock, self.hour) = (at, at / HOUR);
            self.days.push_back((at / DAY, self.volume));
        }
        // A clock that is put back does not make anything happen again.
        self.clock = self.clock.max(at);
        let hour = self.clock / HOUR;
        if hour > self.hour {
            let hours = (hour - self.hour).min(24) as f64;
            let kept = (1.0_f64 - 1.0 / 168.0).powf(hours);
            self.tested_per_hour = self.tested_per_hour * kept + self.tested * (1.0 - kept) / hours;
            self.tested = 0.0;
            self.hour = hour;
            self.close(notes);
        }
        let day = self.clock / DAY;
        if self.days.back().is_some_and(|(last, _)| *last < day) {
            self.days.push_back((day, self.volume));
            self.forget();
        }
    }

    /// Ends all episodes, as at the end of a file.
    pub fn finish(&mut self) -> Vec<Alert> {
        let open = std::mem::take(&mut self.open);
        open.iter().map(|episode| self.alert(episode, Change::Ended)).collect()
    }

    /// The episodes that are open.
    pub fn open(&self) -> &[Episode] {
        &self.open
    }

    /// The episodes that have ended, the latest to end last.
    pub fn closed(&self) -> impl DoubleEndedIterator<Item = &Episode> {
        self.closed.iter()
    }

    /// The episode of that number, if it is remembered.
    pub fn episode(&self, id: u64) -> Option<&Episode> {
        self.open.iter().chain(&self.closed).find(|episode| episode.id == id)
    }

    /// Volume that is no longer part of the baseline.
    pub(super) fn begin(&self) -> ByGroup {
        self.days.front().map_or([0.0; 2], |(_, volume)| *volume)
    }

    /// Volume that is part of the baseline.
    pub(super) fn remembered(&self) -> f64 {
        (self.volume.iter().sum::<f64>() - self.begin().iter().sum::<f64>()).max(1.0)
    }

    fn weigh(&mut self, sighting: &Sighting, notes: &mut Vec<Note>) -> Option<Recent> {
        let words = self.words(&sighting.slices);
        let best = sighting.articles.first();
        let subject = best.map(|(id, _)| super::slice::key(SliceKind::Article, &[id]));
        let (ticket, sender) = (sighting.ticket, sighting.sender);
        let voice = self.voices.weigh(self.clock, ticket, sender, (&words, subject));
        if voice.repeats == NOTICE_FROM {
            let (repeats, earlier) = (voice.repeats, voice.earlier);
            notes.push(Note::OneSource { ticket, repeats, earlier });
        } else if voice.repeats > NOTICE_FROM {
            notes.push(Note::Echo { ticket: sighting.ticket });
        }
        (voice.weight > 0.0).then(|| Recent {
            ticket: sighting.ticket,
            at: self.clock,
            lang: sighting.lang,
            group: usize::from(sighting.lang != TextLang::En),
            weight: voice.weight,
            before: self.volume,
            source: sender.unwrap_or(voice.original),
            articles: sighting.articles.clone(),
            keys: sighting.slices.iter().map(|s| s.key).collect(),
            facts: sighting.facts.clone(),
            episode: None,
        })
    }

    /// What a ticket says. Its signature is without chatter: of the slices that are not in every
    /// hundredth ticket.
    fn words(&self, slices: &[Slice]) -> Words {
        let names = |s: &&Slice| s.kind.names() && s.kind != SliceKind::Version;
        let mut keys: Vec<u64> = slices.iter().filter(names).map(|s| s.key).collect();
        keys.sort_unstable();
        Words { signature: self.signature(slices), keys }
    }

    fn signature(&self, slices: &[Slice]) -> u64 {
        let often = self.volume.iter().sum::<f64>() / 100.0;
        let rare = |slice: &&Slice| {
            let known = self.tracks.get(&slice.key);
            slice.kind.names()
                && slice.kind != SliceKind::Version
                && known.is_none_or(|k| k.track.voices() <= often.max(1.0))
        };
        let mut keys: Vec<u64> = slices.iter().filter(rare).map(|s| s.key).collect();
        if keys.is_empty() {
            keys = slices.iter().filter(|s| s.kind.names()).map(|s| s.key).collect();
        }
        keys.sort_unstable();
        keys.iter().fold(keys.len() as u64, |hash, key| {
            (hash.rotate_left(5) ^ key).wrapping_mul(0x517c_c1b7_2722_0a95)
        })
    }

    fn count(&mut self, recent: &Recent, slices: Vec<Slice>) {
        for slice in slices {
            let known = self.tracks.entry(slice.key).or_insert_with(|| Known {
                kind: slice.kind,
                of: slice.of,
                name: slice.name,
                track: Track::default(),
            });
            let voice = (recent.group, recent.weight);
            known.track.add(recent.at, recent.before, voice, recent.episode.is_some());
        }
        if let Some(volume) = self.volume.get_mut(recent.group) {
            *volume += f64::from(recent.weight);
        }
        if self.tracks.len() > TRACKS_MAX * 3 / 2 {
            self.make_room();
        }
    }

    /// The surprise that makes a finding, given how many slices are tested in a day.
    fn least(&self) -> f64 {
        let tests = (self.tested_per_hour * 24.0).max(self.tested).max(TESTS_MIN);
        (tests * WINDOWS_PER_SLICE / FALSE_PER_DAY).log10()
    }

    /// The slice of the newest ticket whose count surprises most, if it comes to `least`.
    fn most_surprising(&mut self, least: f64) -> Option<(u64, Surprise)> {
        let newest = self.recent.back()?;
        let begin = self.begin();
        self.tested += newest.keys.len() as f64;
        let mut best: Option<(u64, Surprise)> = None;
        for key in &newest.keys {
            let Some(known) = self.tracks.get(key).filter(|k| k.kind.alerts()) else { continue };
            let found = known.track.scan(self.volume, begin, self.clock);
            let Some(mut found) = found.filter(|s| s.surprise >= least) else { continue };
            if let Some(other) = known.of.and_then(|of| self.tracks.get(&of)) {
                found.surprise = found.surprise.min(self.beside(&found, other));
            }
            if found.surprise >= least && best.is_none_or(|(_, b)| found.surprise > b.surprise) {
                best = Some((*key, found));
            }
        }
        best
    }

    /// How much an article surprises among the tickets that mention a word: a word that is new to
    /// everybody, such as the version that has just come out, makes no incident of its own.
    fn beside(&self, found: &Surprise, word: &Known) -> f64 {
        let article = self.recent.back().and_then(|newest| newest.articles.first());
        let Some((article, _)) = article else { return 0.0 };
        let Some(article) = self.tracks.get(&super::slice::key(SliceKind::Article, &[article]))
        else {
            return 0.0;
        };
        // The article's share of all tickets is what chance would give among those with the word.
        let share = (article.track.usual() + 0.5) / (self.remembered() + 50.0);
        super::tail::surprise(found.seen, word.track.since(found.before) * share, 25.0)
    }

    fn join(&mut self, id: u64) {
        let Some(recent) = self.recent.back() else { return };
        let Some(episode) = self.open.iter_mut().find(|e| e.id == id) else { return };
        episode.add(recent);
        if episode.has_grown() {
            evidence::relearn(self, id);
        }
    }

    /// Opens an episode, or finds that the evidence belongs to one that is open or has just ended.
    fn raise(&mut self, found: &Evidence, surprise: &Surprise, new: bool) -> Option<Alert> {
        let same = self.open.iter().position(|e| e.is_same(found) || e.is_related(found, new));
        if let Some(episode) = same.and_then(|at| self.open.get_mut(at)) {
            episode.absorb(found);
            let id = episode.id;
            self.own(found, id);
            evidence::relearn(self, id);
            return None;
        }
        if !new {
            return None;
        }
        let ended = self.closed.iter().rposition(|e| e.is_same(found));
        let again = ended.and_then(|at| self.closed.get(at)).cloned();
        if let Some(mut episode) = again.clone().filter(|e| self.clock - e.last < 2 * DAY) {
            episode.absorb(found);
            let id = episode.id;
            self.closed.retain(|e| e.id != id);
            self.own(found, id);
            self.open.push(episode);
            return None;
        }
        if self.open.len() >= OPEN_MAX {
            return None;
        }
        self.episodes += 1;
        let kind = match &again {
            Some(_) => Kind::Recurrence,
            None if found.article.is_none() => Kind::New,
            None if self.clock - found.first > 2 * DAY => Kind::Drift,
            None => Kind::Burst,
        };
        let before = again.map(|e| e.id);
        let episode = Episode::open(self.episodes, kind, found, surprise, (self.clock, before));
        self.own(found, episode.id);
        let alert = self.alert(&episode, Change::Opened);
        self.open.push(episode);
        Some(alert)
    }

    /// The evidence is explained from now on: it makes no second finding.
    fn own(&mut self, found: &Evidence, id: u64) {
        for at in &found.members {
            let Some(recent) = self.recent.get_mut(*at).filter(|r| r.episode.is_none()) else {
                continue;
            };
            recent.episode = Some(id);
            for key in &recent.keys {
                if let Some(known) = self.tracks.get_mut(key) {
                    known.track.explain(recent.before, recent.group, recent.weight);
                }
            }
        }
    }

    fn close(&mut self, notes: &mut Vec<Note>) {
        let (open, ended): (Vec<Episode>, Vec<Episode>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|episode| !episode.has_ended(self.clock));
        self.open = open;
        for episode in ended {
            notes.push(Note::Alert(self.alert(&episode, Change::Ended)));
            self.closed.push_back(episode);
            if self.closed.len() > CLOSED_MAX {
                self.closed.pop_front();
            }
        }
    }

    fn alert(&self, episode: &Episode, change: Change) -> Alert {
        let at = Timestamp::from_second(self.clock).unwrap_or(Timestamp::UNIX_EPOCH);
        episode.alert(change, at)
    }

    fn forget(&mut self) {
        let horizon = self.clock - HISTORY_SECONDS;
        while self.days.len() > 1 && self.days.front().is_some_and(|(day, _)| day * DAY < horizon) {
            self.days.pop_front();
        }
        let recent = self.clock - RECENT_SECONDS;
        while self.recent.len() > RECENT_MAX || self.recent.front().is_some_and(|r| r.at < recent) {
            self.recent.pop_front();
        }
        self.tracks.retain(|_, known| {
            known.track.forget(horizon);
            known.track.last() >= horizon
        });
        self.make_room();
    }

    /// Forgets the slices that were seen least recently, if there are too many.
    fn make_room(&mut self) {
        if self.tracks.len() > TRACKS_MAX {
            let mut seen: Vec<i64> = self.tracks.values().map(|k| k.track.last()).collect();
            seen.sort_unstable();
            let oldest = seen.get(seen.len() - TRACKS_MAX * 3 / 4).copied().unwrap_or(i64::MIN);
            self.tracks.retain(|_, known| known.track.last() >= oldest);
        }
    }
}
