//! The bridge from our text chain to tantivy: the same terms for index and query.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::Analyser;
use crate::text::fold::fold;

/// The name under which the tokenizer is registered.
pub const NAME: &str = "zhinan";

/// Folds and segments with the library's dictionary.
#[derive(Clone)]
pub struct ArticleTokenizer(pub Arc<Analyser>);

impl Tokenizer for ArticleTokenizer {
    type TokenStream<'a> = TermStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream {
        let folded = fold(text);
        let terms = self.0.segmenter().terms(folded.text()).into_iter();
        let tokens = terms.map(|term| Token {
            offset_from: term.range.start,
            offset_to: term.range.end,
            position: term.position as usize,
            text: term.text,
            position_length: 1,
        });
        TermStream { tokens: tokens.collect::<Vec<_>>().into_iter(), current: Token::default() }
    }
}

/// The terms of one text as tantivy reads them.
pub struct TermStream {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl TokenStream for TermStream {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.current = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}
