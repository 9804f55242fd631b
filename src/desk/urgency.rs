//! Urgency: in which order a queue is worked off.

use jiff::SignedDuration;

use crate::events::event::RedactedSecret;
use crate::text::redact::SecretKind;
use crate::time::Timestamp;

/// A ticket that waits so long is no longer ordinary.
const WAITED: SignedDuration = SignedDuration::from_hours(8);
/// So many like it in the last hour are an incident in the making.
const LIKE_IT: u64 = 5;

/// How urgent a ticket is, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Urgency {
    /// Money may be moving right now.
    Urgent,
    /// Many have it, or it has waited long.
    Soon,
    /// Everything else.
    Normal,
}

impl Urgency {
    /// The name used in JSON and in the interface strings.
    pub fn code(self) -> &'static str {
        match self {
            Urgency::Urgent => "urgent",
            Urgency::Soon => "soon",
            Urgency::Normal => "normal",
        }
    }
}

/// What urgency is read off.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The secrets that were taken out of the ticket.
    pub redacted: &'a [RedactedSecret],
    /// Whether the section of its best article is marked as urgent.
    pub urgent_section: bool,
    /// Tickets like it in the last hour.
    pub like_it: u64,
    /// When it came.
    pub at: Timestamp,
}

/// How urgent a ticket is.
pub fn urgency(facts: &Facts<'_>, now: Timestamp) -> Urgency {
    let leaked = facts.redacted.iter().any(endangers);
    if leaked || facts.urgent_section {
        Urgency::Urgent
    } else if facts.like_it >= LIKE_IT || now.duration_since(facts.at) >= WAITED {
        Urgency::Soon
    } else {
        Urgency::Normal
    }
}

/// Returns true if and only if the owner of a secret may lose money any minute.
fn endangers(secret: &RedactedSecret) -> bool {
    SecretKind::from_code(&secret.kind).is_some_and(|kind| {
        kind.opens_wallet() || matches!(kind, SecretKind::Password | SecretKind::ApiToken)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_at_risk_comes_first_then_what_many_have_or_waits_long() {
        let at = Timestamp::from_second(1_790_000_000).unwrap();
        let later = |hours| at + SignedDuration::from_hours(hours);
        let leaked = [RedactedSecret { kind: "mini-key".to_owned(), tag: None }];
        let facts = Facts { redacted: &[], urgent_section: false, like_it: 0, at };
        assert_eq!(urgency(&facts, later(1)), Urgency::Normal);
        assert_eq!(urgency(&facts, later(8)), Urgency::Soon);
        assert_eq!(urgency(&Facts { like_it: 5, ..facts }, at), Urgency::Soon);
        assert_eq!(urgency(&Facts { redacted: &leaked, ..facts }, at), Urgency::Urgent);
        assert_eq!(urgency(&Facts { urgent_section: true, ..facts }, at), Urgency::Urgent);
    }
}
