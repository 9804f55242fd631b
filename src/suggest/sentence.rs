//! Sentences of a ticket as pieces that can be weighed: what is too long is cut at commas, what has
//! no punctuation at all into overlapping windows.

use std::ops::Range;

use crate::text::Analysis;
use crate::text::segment::{Term, TermKind};

/// A piece longer than this many words is cut further. Questions on help desks have 8 to 20.
const WORDS_MAX: f32 = 24.0;
/// A part between commas shorter than this stays with its neighbour.
const WORDS_MIN: f32 = 5.0;
/// Length of a window and the step between two, in words.
const WINDOW_WORDS: f32 = 12.0;

/// The pieces of a text, as ranges of its terms. Windows overlap; everything is covered.
pub fn pieces(analysis: &Analysis) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for sentence in &analysis.sentences {
        if words(analysis, sentence.clone()) <= WORDS_MAX {
            pieces.push(sentence.clone());
            continue;
        }
        for part in parts(analysis, sentence.clone()) {
            windows(analysis, part, &mut pieces);
        }
    }
    pieces
}

/// The length of a stretch in words; a Chinese word has about 1.6 characters.
fn words(analysis: &Analysis, range: Range<usize>) -> f32 {
    let terms = analysis.terms.get(range).unwrap_or_default();
    terms.iter().map(words_of).sum()
}

fn words_of(term: &Term) -> f32 {
    match term.kind {
        TermKind::Word => 0.0,
        TermKind::Char => 0.6,
        TermKind::Stem | TermKind::Code => 1.0,
    }
}

/// A long sentence cut at commas, short parts joined to what follows.
fn parts(analysis: &Analysis, sentence: Range<usize>) -> Vec<Range<usize>> {
    let text = analysis.folded.text();
    let mut parts = Vec::new();
    let mut start = sentence.start;
    let mut reached = analysis.terms.get(start).map_or(0, |t| t.range.start);
    for at in sentence.clone() {
        let Some(term) = analysis.terms.get(at) else { break };
        let gap = text.get(reached..term.range.start).unwrap_or_default();
        let comma =
            gap.chars().any(|c| matches!(c, ',' | '、' | '：' | ':')) || gap.contains(" - ");
        if comma
            && words(analysis, start..at) > WORDS_MIN
            && words(analysis, at..sentence.end) > WORDS_MIN
        {
            parts.push(start..at);
            start = at;
        }
        reached = reached.max(term.range.end);
    }
    parts.push(start..sentence.end);
    parts
}

fn windows(analysis: &Analysis, part: Range<usize>, pieces: &mut Vec<Range<usize>>) {
    if words(analysis, part.clone()) <= WINDOW_WORDS * 1.5 {
        pieces.push(part);
        return;
    }
    let mut start = part.start;
    loop {
        let end = advance(analysis, start, part.end, WINDOW_WORDS);
        pieces.push(start..end);
        if end >= part.end {
            return;
        }
        start = advance(analysis, start, end, WINDOW_WORDS / 2.0).max(start + 1);
    }
}

/// The first term after `length` words from `start` on.
fn advance(analysis: &Analysis, start: usize, end: usize, length: f32) -> usize {
    let mut passed = 0.0;
    for at in start..end {
        if passed >= length {
            return at;
        }
        passed += analysis.terms.get(at).map_or(0.0, words_of);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    #[test]
    fn covers_every_term_whatever_the_punctuation() {
        let analyser = Analyser::default();
        let texts = [
            "Hi there. My card was declined! Why?".to_owned(),
            "my card was declined and i tried again and again ".repeat(12),
            "我昨天用银行卡买币一直提示失败，".repeat(9),
            "钱包打不开".repeat(40),
        ];
        for text in texts {
            let analysis = analyser.analyse(&text);
            let pieces = pieces(&analysis);
            let mut covered = vec![false; analysis.terms.len()];
            for piece in &pieces {
                assert!(!piece.is_empty());
                covered[piece.clone()].iter_mut().for_each(|c| *c = true);
            }
            assert!(covered.into_iter().all(|c| c), "{text}");
        }
    }
}
