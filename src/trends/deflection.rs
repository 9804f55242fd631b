//! Deflection: what the contact form's sessions came to, each term apart, and its effect measured
//! against the sessions that were shown nothing.
//!
//! In: sessions by how they went ([`crate::events::session`] has the table of steps). Out: counts,
//! rates in 0..1 with their denominators, and the effect with its interval. There is no one figure
//! called "deflection rate": confirmed and assumed resolutions are never added up.

use crate::events::session::{Course, SessionCounts};
use crate::lang::TextLang;

use super::rate::Rate;

/// Sessions of one arm of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arm {
    /// Sessions for which there was something to show.
    pub offered: u64,
    /// Those of them that sent a ticket.
    pub sent: u64,
}

impl Arm {
    /// The share that sent a ticket.
    pub fn submit_rate(self) -> Rate {
        Rate { part: self.sent, of: self.offered }
    }
}

/// The difference that suggestions make: the share of tickets sent without them, less that with them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The difference, −1..1.
    pub difference: f64,
    /// Its 95 % interval: Newcombe's hybrid score method (1998, method 10).
    pub interval: [f64; 2],
}

/// What sessions came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deflection {
    /// Sessions whose text was looked at.
    pub attempts: u64,
    /// Attempts that were shown articles.
    pub shown: u64,
    /// Those of them that opened one.
    pub opened: u64,
    /// Sessions that were shown articles whose writer said that one solved it, and sent nothing:
    /// explicit deflection.
    pub confirmed: u64,
    /// Sessions that opened one, said nothing and sent nothing.
    pub assumed: u64,
    /// Sessions that were shown articles and sent a ticket all the same.
    pub sent_anyway: u64,
    /// Sessions that would have been shown articles and were not.
    pub holdout: Arm,
    /// Sessions that were shown articles.
    pub treated: Arm,
}

impl Deflection {
    /// Counts the sessions in a language; `None` counts all.
    pub fn of(counts: &SessionCounts, lang: Option<TextLang>) -> Deflection {
        let mut all = Deflection::default();
        for (course, n) in counts.iter().filter(|(c, _)| lang.is_none_or(|lang| c.lang == lang)) {
            all.add(*course, *n);
        }
        all
    }

    fn add(&mut self, course: Course, n: u64) {
        self.attempts += n;
        if !course.offered {
            return;
        }
        let arm = if course.holdout { &mut self.holdout } else { &mut self.treated };
        arm.offered += n;
        arm.sent += if course.sent { n } else { 0 };
        if course.holdout {
            return;
        }
        self.shown += n;
        self.opened += if course.opened { n } else { 0 };
        match course {
            Course { sent: true, .. } => self.sent_anyway += n,
            Course { solved: true, .. } => self.confirmed += n,
            Course { opened: true, .. } => self.assumed += n,
            _ => {}
        }
    }

    /// Attempts outside the holdout that were shown something.
    pub fn suggestion_rate(&self) -> Rate {
        // The holdout would have been shown as much; it is no failure of the matcher.
        Rate { part: self.shown, of: self.attempts.saturating_sub(self.holdout.offered) }
    }

    /// Shown sessions that opened an article.
    pub fn click_through(&self) -> Rate {
        self.of_shown(self.opened)
    }

    /// A part of the sessions that were shown articles.
    pub fn of_shown(&self, part: u64) -> Rate {
        Rate { part, of: self.shown }
    }

    /// Causal deflection; `None` while an arm is too small to say.
    pub fn effect(&self) -> Option<Effect> {
        let (without, with) = (self.holdout, self.treated);
        let (p, lower_p, upper_p) = without.submit_rate().estimate()?;
        let (q, lower_q, upper_q) = with.submit_rate().estimate()?;
        let below = ((p - lower_p).powi(2) + (upper_q - q).powi(2)).sqrt();
        let above = ((upper_p - p).powi(2) + (q - lower_q).powi(2)).sqrt();
        Some(Effect { difference: p - q, interval: [p - q - below, p - q + above] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::session::Surface;

    #[test]
    fn the_interval_is_the_one_that_newcombe_printed() {
        let arm = |sent, offered| Arm { offered, sent };
        let all =
            Deflection { holdout: arm(56, 70), treated: arm(48, 80), ..Deflection::default() };
        let effect = all.effect().unwrap();
        assert!((effect.difference - 0.2).abs() < 1e-9);
        assert!((effect.interval[0] - 0.0524).abs() < 1e-4, "{effect:?}");
        assert!((effect.interval[1] - 0.3339).abs() < 1e-4, "{effect:?}");
        let small = Deflection { holdout: arm(29, 29), ..all };
        assert_eq!(small.effect(), None);
    }

    #[test]
    fn confirmed_and_assumed_are_never_one_number_and_the_holdout_is_no_attempt_of_the_matcher() {
        let course = |holdout, offered, opened, solved, sent| Course {
            lang: TextLang::En,
            surface: Surface::Form,
            holdout,
            offered,
            opened,
            solved,
            sent,
        };
        let counts: SessionCounts = [
            (course(false, true, true, true, false), 5),
            (course(false, true, true, false, false), 4),
            (course(false, true, true, true, true), 3),
            (course(false, true, false, false, false), 2),
            (course(false, false, false, false, true), 6),
            (course(true, true, false, false, true), 7),
        ]
        .into();
        let all = Deflection::of(&counts, None);
        assert_eq!((all.attempts, all.shown, all.opened), (27, 14, 12));
        assert_eq!((all.confirmed, all.assumed, all.sent_anyway), (5, 4, 3));
        assert_eq!(all.suggestion_rate(), Rate { part: 14, of: 20 });
        assert_eq!(all.holdout, Arm { offered: 7, sent: 7 });
        assert_eq!(Deflection::of(&counts, Some(TextLang::Zh)), Deflection::default());
    }
}
