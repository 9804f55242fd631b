//! Severity: a level to propose for an escalation. A person decides; between two levels the higher
//! one is proposed.

/// How grave an incident may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Money or keys of several people at risk.
    S1,
    /// Money or keys of one person at risk, or a main function down for many.
    S2,
    /// A few people.
    S3,
    /// One person, nothing at risk.
    S4,
}

impl Severity {
    /// Every level, the gravest first.
    pub const ALL: [Severity; 4] = [Severity::S1, Severity::S2, Severity::S3, Severity::S4];

    /// Its name.
    pub fn code(self) -> &'static str {
        match self {
            Severity::S1 => "S1",
            Severity::S2 => "S2",
            Severity::S3 => "S3",
            Severity::S4 => "S4",
        }
    }
}

/// So many people in an hour with money or keys at risk are not one person's bad luck.
const VICTIMS: u64 = 3;
/// So many in an hour: a main function is down for many.
const MANY: u64 = 10;
/// So many in a day: more than one person.
const FEW: u64 = 2;

/// The level to propose for a ticket, counted with those like it.
pub fn proposed(at_risk: bool, last_hour: u64, last_day: u64) -> Severity {
    match (at_risk, last_hour, last_day) {
        (true, hour, _) if hour >= VICTIMS => Severity::S1,
        (true, ..) => Severity::S2,
        (false, hour, _) if hour >= MANY => Severity::S2,
        (false, _, day) if day >= FEW => Severity::S3,
        _ => Severity::S4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_higher_of_two_levels() {
        assert_eq!(proposed(true, 3, 3), Severity::S1);
        assert_eq!(proposed(true, 1, 1), Severity::S2);
        assert_eq!(proposed(false, 10, 12), Severity::S2);
        assert_eq!(proposed(false, 1, 2), Severity::S3);
        assert_eq!(proposed(false, 1, 1), Severity::S4);
    }
}
