//! Chatter: a generated corpus of another subject, and questions alone and wrapped in chatter.
//!
//! In: a language, sizes and a seed. Out: articles on household appliances, questions about some of
//! them, and the same questions among six ordinary lines (greeting, device, "nobody answered",
//! threat, an aside, thanks). Nothing is fitted on any of it. Rarity in the corpus is no help
//! there: the chatter's words are rare in a knowledge base, which is what breaks plain search. The
//! same arguments give the same text; benchmarks take their corpora from here too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fastrand::Rng;
use serde::Deserialize;

use crate::lang::Lang;
use crate::suggest::Corpus;
use crate::suggest::corpus::{Document, Field, View};

/// Steps between the combinations of neighbouring articles; prime to their number.
const STRIDE: usize = 7919;
/// Share of words in a question that are the article's own; the rest is said in another way.
const SAME_WORDING: f64 = 0.6;
/// Share of articles that quote a customer: the words of chatter are in a knowledge base, and rare
/// there, so that by rarity alone they would outweigh the question.
const QUOTING: f64 = 0.1;
/// Articles of one object, part and trouble are told apart by their series.
const SERIES: [&str; 8] = ["NX", "Kolm", "Brisa", "TR", "Halden", "QV", "Orla", "ZD"];

/// A corpus with questions about it.
#[derive(Clone)]
pub struct Generated {
    /// The articles.
    pub corpus: Corpus,
    /// Questions, each about one article.
    pub questions: Vec<Question>,
}

/// A question, alone and as a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The article that answers it.
    pub document: String,
    /// The question alone.
    pub bare: String,
    /// The question among six lines of chatter.
    pub wrapped: String,
}

/// Generates `articles` articles in one language and `questions` questions about them.
pub fn generate(lang: Lang, articles: usize, questions: usize, seed: u64) -> Generated {
    let mut rng = Rng::with_seed(seed);
    let topics: Vec<Topic> = (0..articles).map(|n| Topic::new(n, lang)).collect();
    let documents = topics.iter().map(|topic| topic.document(lang, &mut rng)).collect();
    let asked = |n: usize| topics.get(n * articles / questions.max(1));
    let questions = (0..questions)
        .filter_map(asked)
        .map(|topic| {
            let bare = topic.question(lang, &mut rng);
            let wrapped = wrapped(&bare, lang, &mut rng);
            Question { document: topic.id.clone(), bare, wrapped }
        })
        .collect();
    Generated { corpus: Corpus { documents, ..Corpus::default() }, questions }
}

#[derive(Deserialize)]
struct Subject {
    object: Vec<Wording>,
    part: Vec<Wording>,
    trouble: Vec<Wording>,
    article: BTreeMap<String, Vec<String>>,
    question: Wording,
}

/// Ways to say one thing, the article's first.
#[derive(Deserialize)]
struct Wording {
    en: Vec<String>,
    zh: Vec<String>,
}

impl Wording {
    fn of(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

#[derive(Deserialize)]
struct Lines {
    en: BTreeMap<String, Vec<String>>,
    zh: BTreeMap<String, Vec<String>>,
    en_words: BTreeMap<String, Vec<String>>,
    zh_words: BTreeMap<String, Vec<String>>,
}

/// A file that is part of the program. Empty if it is broken, which the tests would notice.
static SUBJECT: LazyLock<Subject> = LazyLock::new(|| {
    toml::from_str(include_str!("appliances.toml")).unwrap_or_else(|_| Subject {
        object: Vec::new(),
        part: Vec::new(),
        trouble: Vec::new(),
        article: BTreeMap::new(),
        question: Wording { en: Vec::new(), zh: Vec::new() },
    })
});
static LINES: LazyLock<Lines> = LazyLock::new(|| {
    toml::from_str(include_str!("lines.toml")).unwrap_or_else(|_| Lines {
        en: BTreeMap::new(),
        zh: BTreeMap::new(),
        en_words: BTreeMap::new(),
        zh_words: BTreeMap::new(),
    })
});

/// What one article is about.
struct Topic {
    id: String,
    /// Slot → the ways to say it, the article's first.
    slots: [(&'static str, &'static [String]); 3],
    series: String,
}

impl Topic {
    fn new(number: usize, lang: Lang) -> Topic {
        let Subject { object, part, trouble, .. } = &*SUBJECT;
        let combinations = (object.len() * part.len() * trouble.len()).max(1);
        let at = number.wrapping_mul(STRIDE) % combinations;
        let ways = |list: &'static [Wording], at: usize| {
            list.get(at % list.len().max(1)).map_or(&[][..], |wording| wording.of(lang))
        };
        let (parts, troubles) = (part.len().max(1), trouble.len().max(1));
        let series = SERIES.get(number / 7 % SERIES.len()).copied().unwrap_or_default();
        Topic {
            id: format!("a{number:07}"),
            slots: [
                ("object", ways(object, at / parts / troubles)),
                ("part", ways(part, at / troubles)),
                ("trouble", ways(trouble, at)),
            ],
            series: format!("{series}-{}", 100 + number / combinations * 7 + number % 7),
        }
    }

    fn document(&self, lang: Lang, rng: &mut Rng) -> Document {
        let list = |name: &str| {
            SUBJECT.article.get(&format!("{lang}_{name}")).map_or(&[][..], Vec::as_slice)
        };
        let title = self.filled(&pick(list("title"), rng), 1.0, rng);
        let opening = pick(list("open"), rng).replace("{cause}", &pick(list("cause"), rng));
        let mut body = vec![self.filled(&opening, 0.8, rng)];
        for _ in 0..rng.usize(3..=6) {
            body.push(self.filled(&pick(list("step"), rng), 0.9, rng));
        }
        for _ in 0..rng.usize(0..=2) {
            body.push(pick(list("filler"), rng));
        }
        if rng.f64() < QUOTING {
            body.push(clause(&line(pick_list(rng), lang, rng), rng));
        }
        let texts = BTreeMap::from([(Field::Title, vec![title]), (Field::Body, body)]);
        let views = BTreeMap::from([(lang, View { texts })]);
        Document {
            id: self.id.clone(),
            views,
            phrasings: Vec::new(),
            quotable: 0,
            rejected: Vec::new(),
        }
    }

    fn question(&self, lang: Lang, rng: &mut Rng) -> String {
        self.filled(&pick(SUBJECT.question.of(lang), rng), SAME_WORDING, rng)
    }

    /// A template with its slots filled; each by the article's own words with probability `same`.
    fn filled(&self, template: &str, same: f64, rng: &mut Rng) -> String {
        let mut text = template.replace("{series}", &self.series);
        for (slot, ways) in self.slots {
            let own = rng.f64() < same;
            let way = if own { ways.first().cloned() } else { Some(pick(ways, rng)) };
            text = text.replace(&format!("{{{slot}}}"), &way.unwrap_or_default());
        }
        text
    }
}

/// The six lists of lines in the order in which people write them.
const ORDER: [&str; 6] = ["greeting", "device", "ignored", "threat", "aside", "thanks"];

/// A question among six lines of chatter, somewhere between the greeting and the thanks.
pub fn wrapped(question: &str, lang: Lang, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = ORDER.iter().map(|list| line(list, lang, rng)).collect();
    lines.insert(rng.usize(1..ORDER.len()), question.to_owned());
    lines.join("\n")
}

/// A line from one of the lists.
fn line(list: &str, lang: Lang, rng: &mut Rng) -> String {
    let (lists, words) = match lang {
        Lang::En => (&LINES.en, &LINES.en_words),
        Lang::Zh => (&LINES.zh, &LINES.zh_words),
    };
    let mut line = pick(lists.get(list).map_or(&[][..], Vec::as_slice), rng);
    for (slot, ways) in words {
        line = line.replace(&format!("{{{slot}}}"), &pick(ways, rng));
    }
    line
}

fn pick_list(rng: &mut Rng) -> &'static str {
    rng.choice(ORDER).unwrap_or_default()
}

/// Half of a part of a line: what two writers have in common.
fn clause(line: &str, rng: &mut Rng) -> String {
    let clauses: Vec<&str> = line.split_inclusive([',', '.', '，', '。', '、']).collect();
    let clause = rng.choice(clauses).unwrap_or_default().trim();
    let spaced = clause.contains(' ');
    let units: Vec<String> = if spaced {
        clause.split(' ').map(|word| format!("{word} ")).collect()
    } else {
        clause.chars().map(String::from).collect()
    };
    let half = units.len().div_ceil(2);
    let start = rng.usize(0..=units.len() - half);
    units.into_iter().skip(start).take(half).collect::<String>().trim_end().to_owned()
}

fn pick(list: &[String], rng: &mut Rng) -> String {
    rng.choice(list).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_whole_sentences_and_the_same_ones_again() {
        for lang in Lang::ALL {
            let made = generate(lang, 300, 30, 7);
            assert_eq!((made.corpus.documents.len(), made.questions.len()), (300, 30));
            let texts: Vec<&String> = made
                .corpus
                .documents
                .iter()
                .flat_map(|d| d.views.values())
                .flat_map(|v| v.texts.values().flatten())
                .chain(made.questions.iter().map(|q| &q.wrapped))
                .collect();
            assert!(texts.iter().all(|t| !t.is_empty() && !t.contains(['{', '}'])));
            assert!(made.questions.iter().all(|q| q.wrapped.lines().count() == 7));
            let again = generate(lang, 300, 30, 7);
            assert_eq!(again.corpus.documents, made.corpus.documents);
            assert_eq!(again.questions, made.questions);
        }
    }

    #[test]
    fn has_an_article_for_every_combination_before_it_repeats_one() {
        let Subject { object, part, trouble, .. } = &*SUBJECT;
        let all = object.len() * part.len() * trouble.len();
        let mut seen: Vec<_> = (0..all)
            .map(|n| Topic::new(n, Lang::En).slots.map(|(_, ways)| ways.first().unwrap()))
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
        assert!(all > 20_000);
    }
}
