//! Tracks: what is remembered of a slice, so that any window that ends now can be compared with what
//! came before it, in memory that grows with the logarithm of the count.
//!
//! In: voices, each with the volume of all tickets before it. Out: the window that surprises most.
//! Time is measured in tickets, not on the clock: a window is "so many of the last N tickets", by
//! language. Nights, holidays, missing hours, clock changes and days that are busy with everything
//! change N and the count alike, and surprise nobody. The buckets are an exponential histogram
//! (Datar, Gionis, Indyk, Motwani 2002): exact for the last [`SAME_MAX`] voices, coarser before.

use std::collections::VecDeque;

use super::tail;

/// Buckets of one size class before the two oldest are joined.
const SAME_MAX: usize = 8;
/// The longest window that is tested: slower changes are seasons.
pub const WINDOW_SECONDS_MAX: i64 = 14 * 86_400;
/// Fewest voices that can be a finding.
pub const VOICES_MIN: f64 = 4.5;
/// The largest shape of the tail: a rate that looks steady still wanders by a fifth.
const SHAPE_MAX: f64 = 25.0;
/// Half a voice is assumed for a slice that was never seen, in this many tickets.
const PRIOR_VOICES: f64 = 0.5;
const PRIOR_VOLUME: f64 = 50.0;
/// Voices from which on a slice's own languages speak louder than the languages of all tickets.
const OWN_LANGUAGES: f64 = 4.0;
/// Every window with fewer voices is tested; after that each holds so much more than the last.
const EXACT_BELOW: f64 = 16.0;
const WINDOW_STEP: f64 = 1.15;
/// Without so many tickets before it, nobody knows what is usual.
const HISTORY_MIN: f64 = 150.0;
/// A window is worth the tail only if it is so many standard deviations above (squared).
const DEVIATIONS_SQUARED_MIN: f64 = 16.0;

/// Counts apart for English and for Chinese writers: they sleep and have holidays at different times.
pub type ByGroup = [f64; 2];

/// Voices that came close together.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// When the first of them came, in seconds.
    at: i64,
    /// Volume of all tickets before the first of them.
    before: ByGroup,
    voices: [f32; 2],
    /// Those among them that an episode explains: history for later windows, but no news.
    explained: [f32; 2],
}

impl Bucket {
    fn total(&self) -> f32 {
        self.voices.iter().sum()
    }

    /// Size class: buckets of one class hold about the same.
    fn class(&self) -> u32 {
        (self.total().max(1.0).ceil() as u32).next_power_of_two().trailing_zeros()
    }
}

/// A window that surprises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surprise {
    /// When its first ticket came, in seconds.
    pub since: i64,
    /// Volume of all tickets before it.
    pub before: ByGroup,
    /// Voices in it.
    pub seen: f64,
    /// Voices that the time before it lets one expect.
    pub expected: f64,
    /// −log10 of the chance to see that many or more.
    pub surprise: f64,
}

fn minus([a, b]: ByGroup, [c, d]: ByGroup) -> ByGroup {
    [a - c, b - d]
}

/// What is remembered of one slice.
#[derive(Debug, Clone, Default)]
pub struct Track {
    buckets: VecDeque<Bucket>,
    voices: ByGroup,
}

impl Track {
    /// All voices that are remembered.
    pub fn voices(&self) -> f64 {
        self.voices.iter().sum()
    }

    /// Adds a voice; `explained` if it belongs to an episode that is open.
    pub fn add(
        &mut self,
        at: i64,
        before: ByGroup,
        (group, weight): (usize, f32),
        explained: bool,
    ) {
        let mut voices = [0.0; 2];
        if let (Some(new), Some(total)) = (voices.get_mut(group), self.voices.get_mut(group)) {
            *new = weight;
            *total += f64::from(weight);
        }
        let explained = if explained { voices } else { [0.0; 2] };
        self.buckets.push_back(Bucket { at, before, voices, explained });
        self.join();
    }

    /// Marks a voice as explained by an episode.
    pub fn explain(&mut self, before: ByGroup, group: usize, weight: f32) {
        let position: f64 = before.iter().sum();
        let holds = |b: &&mut Bucket| b.before.iter().sum::<f64>() <= position;
        let Some(bucket) = self.buckets.iter_mut().rev().find(holds) else { return };
        let voices = bucket.voices.get(group).copied().unwrap_or(0.0);
        if let Some(explained) = bucket.explained.get_mut(group) {
            *explained = (*explained + weight).min(voices);
        }
    }

    /// Forgets what is older than `horizon`, in seconds.
    pub fn forget(&mut self, horizon: i64) {
        // The first bucket is known by its first ticket; it goes when the next one is old as well.
        while self.buckets.get(1).is_some_and(|b| b.at < horizon) {
            if let Some(old) = self.buckets.pop_front() {
                for (total, voices) in self.voices.iter_mut().zip(old.voices) {
                    *total = (*total - f64::from(voices)).max(0.0);
                }
            }
        }
    }

    /// Voices since a position in the volume of all tickets; to the grain of a bucket.
    pub fn since(&self, before: ByGroup) -> f64 {
        let position: f64 = before.iter().sum::<f64>() - 1e-9;
        let inside = |b: &&Bucket| b.before.iter().sum::<f64>() >= position;
        self.buckets.iter().rev().take_while(inside).map(|b| f64::from(b.total())).sum()
    }

    /// Voices that no episode explains.
    pub fn usual(&self) -> f64 {
        let explained: f32 = self.buckets.iter().flat_map(|b| b.explained).sum();
        (self.voices() - f64::from(explained)).max(0.0)
    }

    /// The last voice came at this time.
    pub fn last(&self) -> i64 {
        self.buckets.back().map_or(i64::MIN, |b| b.at)
    }

    fn join(&mut self) {
        let mut at = self.buckets.len();
        let mut class = 0;
        let mut run = 0;
        while at > 0 {
            at -= 1;
            let Some(bucket) = self.buckets.get(at) else { return };
            if bucket.class() > class {
                (class, run) = (bucket.class(), 0);
            }
            run += 1;
            if run > SAME_MAX + 1 {
                let Some(younger) = self.buckets.remove(at + 1) else { return };
                if let Some(older) = self.buckets.get_mut(at) {
                    for (into, from) in older.voices.iter_mut().zip(younger.voices) {
                        *into += from;
                    }
                    for (into, from) in older.explained.iter_mut().zip(younger.explained) {
                        *into += from;
                    }
                }
                run -= 1;
            }
        }
    }

    /// How many voices the history before a window lets one expect in a volume of `window`, and how
    /// many that history has.
    pub fn expected(&self, seen: ByGroup, window: ByGroup, history: ByGroup) -> (f64, f64) {
        let [first, second] = minus(self.voices, seen).map(|voices| voices.max(0.0));
        let before = first + second;
        let pooled = (before + PRIOR_VOICES) / (history.iter().sum::<f64>() + PRIOR_VOLUME);
        let pull = OWN_LANGUAGES / (OWN_LANGUAGES + before);
        let of = |own: f64, window: f64, history: f64| {
            let assumed = pull * history + PRIOR_VOLUME / 2.0;
            window * (own + assumed * pooled) / (history + assumed)
        };
        let ([w1, w2], [h1, h2]) = (window, history);
        (of(first, w1, h1) + of(second, w2, h2), before)
    }

    /// The window that ends now and surprises most, if any does at all. `now` is the volume of all
    /// tickets, `begin` the volume that is no longer remembered, `clock` the time in seconds.
    pub fn scan(&self, now: ByGroup, begin: ByGroup, clock: i64) -> Option<Surprise> {
        let mut best: Option<Surprise> = None;
        let (mut seen, mut explained): (ByGroup, f64) = ([0.0; 2], 0.0);
        let mut next = VOICES_MIN;
        for bucket in self.buckets.iter().rev() {
            if clock - bucket.at > WINDOW_SECONDS_MAX {
                break;
            }
            for (sum, voices) in seen.iter_mut().zip(bucket.voices) {
                *sum += f64::from(voices);
            }
            explained += f64::from(bucket.explained.iter().sum::<f32>());
            let total = seen.iter().sum::<f64>() - explained;
            if total < next {
                continue;
            }
            next = if total < EXACT_BELOW { total } else { total * WINDOW_STEP };
            let window = minus(now, bucket.before);
            let history = minus(bucket.before, begin);
            if history.iter().sum::<f64>() < HISTORY_MIN {
                break;
            }
            let (expected, before) = self.expected(seen, window, history);
            let shape = (before + PRIOR_VOICES).min(SHAPE_MAX);
            let deviation = total - expected;
            let variance = expected + expected * expected / shape;
            if deviation <= 0.0 || deviation * deviation < DEVIATIONS_SQUARED_MIN * variance {
                continue;
            }
            let surprise = tail::surprise(total, expected, shape);
            if best.is_none_or(|b| surprise > b.surprise) {
                best = Some(Surprise {
                    since: bucket.at,
                    before: bucket.before,
                    seen: total,
                    expected,
                    surprise,
                });
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A track that saw one ticket in `every`, over `volume` tickets of one language.
    fn steady(every: usize, volume: usize) -> (Track, f64) {
        let mut track = Track::default();
        for i in (0..volume).step_by(every) {
            track.add(i as i64 * 600, [i as f64, 0.0], (0, 1.0), false);
        }
        (track, volume as f64)
    }

    #[test]
    fn memory_grows_with_the_logarithm() {
        let (track, _) = steady(1, 100_000);
        assert!(track.buckets.len() < 200, "{}", track.buckets.len());
        assert!((track.voices() - 100_000.0).abs() < 1.0);
    }

    #[test]
    fn a_steady_slice_surprises_nobody() {
        let (track, now) = steady(50, 5_000);
        let found = track.scan([now, 0.0], [0.0; 2], 5_000 * 600);
        assert!(found.is_none_or(|s| s.surprise < 3.0), "{found:?}");
    }

    #[test]
    fn eight_of_the_last_twenty_do() {
        let (mut track, now) = steady(50, 5_000);
        for i in 0..8 {
            let before = now + f64::from(i) * 2.5;
            track.add(before as i64 * 600, [before, 0.0], (0, 1.0), false);
        }
        let found = track.scan([now + 20.0, 0.0], [0.0; 2], 5_020 * 600).unwrap();
        assert!(found.surprise > 6.0 && found.seen >= 8.0, "{found:?}");
        assert!(found.expected < 1.0, "{found:?}");
    }
}
