//! Meaning: how near a ticket is to what each document says, whatever the words and the language.
//!
//! In: the vectors ([`crate::encoder`]) of what people would say who mean a document, and of what
//! it answers itself. Out: for a ticket's vector, two cosines for each document: the nearest saying,
//! and the nearest passage together with the body as a whole. Brute force over flat rows: at 100,000
//! rows of 512 numbers a ticket costs 51 million multiplications, about 6 ms of one core; past some
//! 300,000 rows an approximate index would start to pay.

use crate::encoder::cosine;
use crate::encoder::memo::Memo;
use crate::text::fold::fold;

use super::corpus::{Corpus, Document, Field};
use super::rank::spoken;

/// A document with this many sayings needs no passages: people's own words are nearer to tickets,
/// and encoding whole bodies takes ten times as long.
const SAYINGS_ENOUGH: usize = 4;
/// Shorter passages say nothing by themselves, in characters.
const PASSAGE_MIN: usize = 6;

/// The vectors of a corpus.
#[derive(Default)]
pub struct Meaning {
    /// What people would say: numbered like the examples of [`super::rank`].
    sayings: Rows,
    /// Sentences of bodies.
    passages: Rows,
    /// Bodies as wholes.
    bodies: Rows,
    documents: usize,
}

/// How near a text is to a document.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Near {
    /// The cosine with its nearest saying.
    pub saying: f32,
    /// The number of that saying.
    pub number: Option<u32>,
    /// The mean of the cosines with its nearest passage and its nearest body.
    pub passage: f32,
}

/// Rows of one width, each of a document; a row without a vector is left out.
#[derive(Default)]
struct Rows {
    width: usize,
    values: Vec<f32>,
    /// Document and number of each row.
    of: Vec<(u32, u32)>,
}

impl Rows {
    fn push(&mut self, document: usize, number: u32, vector: &[f32]) {
        self.width = vector.len();
        self.values.extend_from_slice(vector);
        self.of.push((document as u32, number));
    }

    /// For each document the largest cosine and the row's number.
    fn best(&self, vector: &[f32], documents: usize) -> Vec<(f32, Option<u32>)> {
        let mut best = vec![(0.0, None); documents];
        for (row, (document, number)) in self.values.chunks_exact(self.width.max(1)).zip(&self.of) {
            let cosine = cosine(row, vector);
            if let Some(best) = best.get_mut(*document as usize).filter(|best| cosine > best.0) {
                *best = (cosine, Some(*number));
            }
        }
        best
    }
}

/// The texts of a corpus whose vectors are wanted, folded as tickets are.
pub fn texts(corpus: &Corpus) -> Vec<String> {
    let of = |document: &Document| {
        let mut texts: Vec<String> =
            spoken(document).into_iter().map(|(text, _)| folded(text)).collect();
        for body in bodies(document) {
            texts.extend(sentences(&body));
            texts.push(body);
        }
        texts
    };
    corpus.documents.iter().flat_map(of).collect()
}

/// A text as encoders see it: like tickets, in one width, case and script.
pub fn folded(text: &str) -> String {
    fold(text).text().to_owned()
}

impl Meaning {
    /// The vectors of a corpus, as far as `memo` has them.
    pub fn new(corpus: &Corpus, memo: &Memo) -> Meaning {
        let mut meaning = Meaning { documents: corpus.documents.len(), ..Meaning::default() };
        let mut number = 0;
        for (at, document) in corpus.documents.iter().enumerate() {
            for (text, _) in spoken(document) {
                if let Some(vector) = memo.recall(&folded(text)) {
                    meaning.sayings.push(at, number, &vector);
                }
                number += 1;
            }
            for body in bodies(document) {
                for passage in sentences(&body) {
                    if let Some(vector) = memo.recall(&passage) {
                        meaning.passages.push(at, 0, &vector);
                    }
                }
                if let Some(vector) = memo.recall(&body) {
                    meaning.bodies.push(at, 0, &vector);
                }
            }
        }
        meaning
    }

    /// Returns true if and only if bodies are compared.
    pub fn has_passages(&self) -> bool {
        !self.bodies.of.is_empty()
    }

    /// Returns true if and only if sayings are compared.
    pub fn has_sayings(&self) -> bool {
        !self.sayings.of.is_empty()
    }

    /// How near a text is to each document.
    pub fn near(&self, vector: &[f32]) -> Vec<Near> {
        let sayings = self.sayings.best(vector, self.documents);
        let passages = self.passages.best(vector, self.documents);
        let bodies = self.bodies.best(vector, self.documents);
        let near = |((saying, passage), body): ((_, (f32, _)), (f32, _))| {
            let (saying, number): (f32, Option<u32>) = saying;
            Near { saying, number, passage: f32::midpoint(passage.0, body.0) }
        };
        sayings.into_iter().zip(passages).zip(bodies).map(near).collect()
    }
}

/// The bodies of a document, one for each language, where its sayings are few.
fn bodies(document: &Document) -> Vec<String> {
    // Phrasings come and go with what staff confirm; what the author wrote decides.
    if spoken(document).len() - document.phrasings.len() >= SAYINGS_ENOUGH {
        return Vec::new();
    }
    let body = |view: &super::corpus::View| {
        let texts = view.texts.get(&Field::Body)?;
        let body = folded(&texts.join("\n"));
        (!body.trim().is_empty()).then_some(body)
    };
    document.views.values().filter_map(body).collect()
}

/// The sentences of a folded text.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let last = sentences.len() - 1;
        if let Some(sentence) = sentences.get_mut(last) {
            sentence.push(c);
        }
        let space_follows = characters.peek().is_none_or(|next| next.is_whitespace());
        let ends = matches!(c, '\n' | '。' | '!' | '?' | ';') || (c == '.' && space_follows);
        if ends {
            sentences.push(String::new());
        }
    }
    let sentences = sentences.into_iter().map(|s| s.trim().to_owned());
    sentences.filter(|s| s.chars().count() >= PASSAGE_MIN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_bodies_where_sentences_end() {
        let cut = sentences("open version 5.2. then tap it.\n打开设置。然后点击安全中心!ok");
        assert_eq!(cut, ["open version 5.2.", "then tap it.", "然后点击安全中心!"]);
    }
}
