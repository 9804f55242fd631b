//! A generated text with what must go from it, and how well a redactor did.

use zhinan::text::redact::{Redacted, Redactor};

/// Numbers that look random and are the same in every run (`SplitMix64`).
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next() as u8).collect()
    }

    pub fn text(&mut self, alphabet: &str, n: usize) -> String {
        let all: Vec<char> = alphabet.chars().collect();
        (0..n).map(|_| all[self.below(all.len())]).collect()
    }
}

/// A text and the parts that must go.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is made of, for the report.
    pub family: String,
    /// Codes of kinds that are right; empty for an ordinary text.
    pub kinds: &'static [&'static str],
    pub text: String,
    /// Byte ranges of the secrets.
    pub spans: Vec<(usize, usize)>,
    /// A checksum proves the secret.
    pub valid: bool,
}

impl Case {
    /// `{}` in `frame` is where the secret stands.
    pub fn framed(
        family: impl Into<String>,
        kinds: &'static [&'static str],
        frame: &str,
        secret: &str,
        valid: bool,
    ) -> Case {
        let (before, after) = frame.split_once("{}").unwrap();
        let spans = vec![(before.len(), before.len() + secret.len())];
        Case {
            family: family.into(),
            kinds,
            text: format!("{before}{secret}{after}"),
            spans,
            valid,
        }
    }

    /// Each `{}` in `frame` is where a piece of the secret stands.
    pub fn pieces(
        family: impl Into<String>,
        kinds: &'static [&'static str],
        frame: &str,
        pieces: &[String],
    ) -> Case {
        let mut case = Case { kinds, valid: false, ..Case::ordinary(family, "") };
        let mut pieces = pieces.iter();
        for (at, words) in frame.split("{}").enumerate() {
            if let Some(piece) = if at > 0 { pieces.next() } else { None } {
                case.spans.push((case.text.len(), case.text.len() + piece.len()));
                case.text.push_str(piece);
            }
            case.text.push_str(words);
        }
        case
    }

    pub fn ordinary(family: impl Into<String>, text: impl Into<String>) -> Case {
        Case {
            family: family.into(),
            kinds: &[],
            text: text.into(),
            spans: Vec::new(),
            valid: true,
        }
    }

    /// Says what is wrong with the answer, or nothing.
    pub fn judge(&self, redactor: &Redactor) -> Option<String> {
        let redacted = redactor.redact(&self.text);
        if self.kinds.is_empty() {
            return (!redacted.redactions.is_empty())
                .then(|| format!("false alarm: {}", redacted.clean_text));
        }
        let share = self.covered(&redacted);
        if share < 0.9 {
            let proof = if self.valid { ", though it proves itself" } else { "" };
            return Some(format!("{:.0} % taken{proof}: {}", share * 100.0, redacted.clean_text));
        }
        let right = redacted.redactions.iter().any(|r| self.kinds.contains(&r.kind.code()));
        if !right {
            return Some(format!("another kind: {}", redacted.clean_text));
        }
        let excess = self.excess(&redacted);
        (excess > 24).then(|| format!("{excess} more taken: {}", redacted.clean_text))
    }

    /// Share of the letters and digits of the secrets that went.
    fn covered(&self, redacted: &Redacted) -> f64 {
        let (mut all, mut gone) = (0, 0);
        let han = self.family.contains("Chinese");
        for (start, end) in &self.spans {
            for (at, c) in self.text[*start..*end].char_indices() {
                // Labels around Chinese words do not count.
                let counts = c.is_alphanumeric() && (!han || c > '\u{2E7F}');
                if counts {
                    all += 1;
                    gone += usize::from(inside(redacted, start + at));
                }
            }
        }
        f64::from(gone as u32) / f64::from(all.max(1))
    }

    /// Letters and digits outside the secrets that went with them, other secrets aside.
    fn excess(&self, redacted: &Redacted) -> usize {
        let expected =
            |at: usize| self.spans.iter().any(|(start, end)| (*start..*end).contains(&at));
        let ours = |at: usize| {
            redacted
                .redactions
                .iter()
                .any(|r| r.range.contains(&at) && self.kinds.contains(&r.kind.code()))
        };
        self.text
            .char_indices()
            .filter(|(at, c)| c.is_alphanumeric() && ours(*at) && !expected(*at))
            .count()
    }
}

fn inside(redacted: &Redacted, at: usize) -> bool {
    redacted.redactions.iter().any(|r| r.range.contains(&at))
}

/// Counts by family.
#[derive(Default)]
pub struct Tally {
    pub cases: usize,
    pub failed: Vec<(String, String, String)>,
}

impl Tally {
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a Case>, redactor: &Redactor) -> Tally {
        let mut tally = Tally::default();
        for case in cases {
            tally.cases += 1;
            if let Some(reason) = case.judge(redactor) {
                tally.failed.push((case.family.clone(), case.text.clone(), reason));
            }
        }
        tally
    }

    /// A failure of each family, and how many there are.
    pub fn report(&self) -> String {
        let mut by_family: std::collections::BTreeMap<&str, Vec<&(String, String, String)>> =
            std::collections::BTreeMap::new();
        for failure in &self.failed {
            by_family.entry(&failure.0).or_default().push(failure);
        }
        let lines = by_family.iter().map(|(family, all)| {
            let (_, text, reason) = all[0];
            format!("{:4} {family}\n     {:?}\n     {reason:?}\n", all.len(), text)
        });
        format!("{} of {} failed\n{}", self.failed.len(), self.cases, lines.collect::<String>())
    }
}
