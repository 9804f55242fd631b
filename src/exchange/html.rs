//! HTML of other systems → our Markdown.
//!
//! The text is read token by token and written on the way; no tree is built, nothing recurses, and
//! each token costs what it is long, so that no nesting and no trick of misnested tags takes memory
//! or stack. What has no place in an article goes: scripts, styles, forms. Images become links, for
//! our pages show none from elsewhere. How Markdown is written is in [`writer`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use regex::Regex;

mod inline;
mod table;
mod writer;

use writer::Writer;

/// The longest tag: each of its attributes is compared with all others.
const TAG_BYTES_MAX: usize = 16 * 1024;
/// How much is read before anybody looks at how long the tag has become.
const CHUNK_BYTES: usize = 4 * 1024;

/// Why HTML is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the HTML has a tag of more than {TAG_BYTES_MAX} bytes")]
pub struct TagTooLong;

/// Turns HTML into Markdown. `link` says where a link leads, by what stands in its `href`; `None`
/// leaves its text alone.
pub fn to_markdown(
    html: &str,
    link: &dyn Fn(&str) -> Option<String>,
) -> Result<String, TagTooLong> {
    // An image that stands in the text itself makes the longest of tags.
    static INLINE_DATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"data:[A-Za-z/+.;=-]*base64,[A-Za-z0-9+/=]*").ok());
    let html = INLINE_DATA.as_ref().map_or(Cow::Borrowed(html), |r| r.replace_all(html, "data:"));
    let sink = Sink(RefCell::new(State { writer: Writer::new(link), skipped: None, tokens: 0 }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let (mut quiet, mut tokens) = (0, 0);
    let queue = BufferQueue::default();
    for chunk in chunks(&html) {
        queue.push_back(StrTendril::from(chunk));
        let _ = tokenizer.feed(&queue);
        let now = tokenizer.sink.0.borrow().tokens;
        quiet = if now == tokens { quiet + chunk.len() } else { 0 };
        tokens = now;
        if quiet > TAG_BYTES_MAX {
            return Err(TagTooLong);
        }
    }
    tokenizer.end();
    Ok(tokenizer.sink.0.into_inner().writer.finish())
}

/// Whether a text is meant as HTML.
pub fn is_html(text: &str) -> bool {
    static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)</(p|div|li|ul|ol|strong|b|em|i|a|span|h[1-6]|table)\s*>|<br\s*/?>").ok()
    });
    TAGS.as_ref().is_some_and(|tags| tags.is_match(text))
}

fn chunks(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let end = (CHUNK_BYTES.min(text.len())..=text.len()).find(|i| text.is_char_boundary(*i))?;
        let (chunk, rest) = text.split_at(end);
        text = rest;
        (!chunk.is_empty()).then_some(chunk)
    })
}

struct State<'a> {
    writer: Writer<'a>,
    /// The element whose content is passed over, and how often it is open.
    skipped: Option<(String, usize)>,
    /// Counts tokens, so that it shows when a tag does not end.
    tokens: usize,
}

struct Sink<'a>(RefCell<State<'a>>);

/// Elements whose content is no text.
const SKIPPED: [&str; 13] = [
    "script", "style", "template", "svg", "math", "object", "head", "select", "noscript",
    "noframes", "audio", "canvas", "map",
];

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::CharacterTokens(text) if state.skipped.is_none() => state.writer.text(&text),
            Token::TagToken(tag) => {
                state.tokens += 1;
                return state.tag(&tag);
            }
            _ => {}
        }
        state.tokens += 1;
        TokenSinkResult::Continue
    }
}

impl State<'_> {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        if let Some((skipped, depth)) = &mut self.skipped {
            if name == skipped {
                *depth = if start { *depth + 1 } else { *depth - 1 };
                if *depth == 0 {
                    self.skipped = None;
                }
            }
        } else if start && SKIPPED.contains(&name) && !tag.self_closing {
            self.skipped = Some((name.to_owned(), 1));
        } else if start {
            self.writer.open(name, &|wanted| {
                let found = tag.attrs.iter().find(|a| &*a.name.local == wanted);
                found.map(|a| a.value.trim().to_owned())
            });
        } else {
            self.writer.close(name);
        }
        match name {
            "script" if start => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noframes" if start => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" if start => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}
