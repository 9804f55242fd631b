//! Markdown → what the rest needs: safe HTML, plain text by blocks, headings, links.
//!
//! Raw HTML in an article is never passed on; what the renderer makes goes through an allow-list
//! (ammonia) as a second wall. Rendering happens when an article is loaded, not when it is read.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A heading of an article's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// The `id` of its element.
    pub anchor: String,
    /// The line of the body, from 1.
    pub line: usize,
}

/// A link of an article's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it points, as written.
    pub target: String,
    /// The line of the body, from 1.
    pub line: usize,
}

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// A paragraph, also in a quotation.
    Paragraph,
    /// An item of a list: often a step.
    Item,
    /// A row of a table.
    Row,
    /// Preformatted text.
    Code,
}

/// A block of plain text: the unit of snippets and of translation tracking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text without markup.
    pub text: String,
    /// The line of the body, from 1.
    pub line: usize,
}

/// A rendered article body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// HTML that is safe to put into a page.
    pub html: String,
    /// The plain text, block by block, in order.
    pub blocks: Vec<Block>,
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// The links in order.
    pub links: Vec<Link>,
    /// Lines of the body at which raw HTML stands.
    pub raw_html: Vec<usize>,
}

/// Renders a body. `article_url` turns the id of an `article:` link into a URL.
pub fn render(body: &str, article_url: impl Fn(&str) -> String) -> Rendered {
    let mut reader =
        Reader { body, rendered: Rendered::default(), open: None, anchors: HashMap::new() };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut events = Vec::new();
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        if let Some(event) = reader.read(event, range.start, &article_url) {
            events.push(event);
        }
    }
    let Reader { mut rendered, .. } = reader;
    number_headings(&mut events, &rendered.headings);
    let mut unsafe_html = String::with_capacity(body.len() * 3 / 2);
    html::push_html(&mut unsafe_html, events.into_iter());
    rendered.html = SANITISER.clean(&unsafe_html).to_string();
    rendered
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from([
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "p",
            "ul",
            "ol",
            "li",
            "a",
            "strong",
            "em",
            "code",
            "pre",
            "blockquote",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "br",
            "hr",
            "del",
            "img",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::from(["id"]))
        .url_schemes(HashSet::from(["https", "mailto"]))
        .link_rel(Some("noopener noreferrer"));
    builder
});

struct Reader<'a> {
    body: &'a str,
    rendered: Rendered,
    open: Option<Block>,
    anchors: HashMap<String, usize>,
}

impl<'a> Reader<'a> {
    fn read(
        &mut self,
        event: Event<'a>,
        at: usize,
        article_url: &impl Fn(&str) -> String,
    ) -> Option<Event<'a>> {
        let line = self.body.get(..at).map_or(1, |b| b.matches('\n').count() + 1);
        match &event {
            Event::Html(_) | Event::InlineHtml(_) => {
                self.rendered.raw_html.push(line);
                return None;
            }
            Event::Start(tag) => self.start(tag, line),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            _ => {}
        }
        let Event::Start(Tag::Link { link_type, dest_url, title, id }) = event else {
            return Some(event);
        };
        self.rendered.links.push(Link { target: dest_url.to_string(), line });
        let dest_url = match dest_url.strip_prefix("article:") {
            Some(slug) => CowStr::from(article_url(slug)),
            None => dest_url,
        };
        Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
    }

    fn start(&mut self, tag: &Tag<'_>, line: usize) {
        let kind = match tag {
            Tag::Heading { .. } => BlockKind::Heading,
            Tag::Paragraph => BlockKind::Paragraph,
            Tag::Item => BlockKind::Item,
            Tag::TableHead | Tag::TableRow => BlockKind::Row,
            Tag::CodeBlock(_) => BlockKind::Code,
            Tag::TableCell => return self.text(" "),
            _ => return,
        };
        // A paragraph inside an item belongs to the item.
        let inside_item = self.open.as_ref().is_some_and(|b| b.kind == BlockKind::Item);
        if kind == BlockKind::Paragraph && inside_item {
            return self.text(" ");
        }
        self.close();
        self.open = Some(Block { kind, text: String::new(), line });
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Paragraph
                if self.open.as_ref().is_some_and(|b| b.kind == BlockKind::Paragraph) =>
            {
                self.close();
            }
            TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow | TagEnd::CodeBlock => self.close(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(block) = &mut self.open {
            block.text.push_str(text);
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        if let Some(block) = &self.open {
            let base = anchor(&block.text);
            let seen = self.anchors.entry(base.clone()).or_insert(0);
            *seen += 1;
            let anchor = if *seen == 1 { base } else { format!("{base}-{seen}") };
            let (text, line) = (block.text.trim().to_owned(), block.line);
            self.rendered.headings.push(Heading { level: level as u8, text, anchor, line });
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(mut block) = self.open.take() {
            block.text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !block.text.is_empty() {
                self.rendered.blocks.push(block);
            }
        }
    }
}

/// Gives the heading elements their ids, which are only known once the heading has ended.
fn number_headings(events: &mut [Event<'_>], headings: &[Heading]) {
    let mut anchors = headings.iter().map(|h| &h.anchor);
    for event in events {
        if let Event::Start(Tag::Heading { id, .. }) = event {
            *id = anchors.next().map(|anchor| CowStr::from(anchor.clone()));
        }
    }
}

/// A heading's text as an `id`: letters and digits of any script, the rest as single dashes.
fn anchor(text: &str) -> String {
    let mut anchor = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() {
            anchor.push(c);
        } else if !anchor.is_empty() && !anchor.ends_with('-') {
            anchor.push('-');
        }
    }
    let anchor = anchor.trim_end_matches('-');
    if anchor.is_empty() { "section".to_owned() } else { anchor.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(body: &str) -> String {
        render(body, |slug| format!("/en/articles/{slug}")).html
    }

    #[test]
    fn renders_links_and_heading_ids() {
        assert_eq!(
            html("## 如何 取消?\n\n[see](article:token-approval-revoke)"),
            "<h2 id=\"如何-取消\">如何 取消?</h2>\n<p><a href=\"/en/articles/token-approval-revoke\" \
             rel=\"noopener noreferrer\">see</a></p>\n"
        );
    }

    #[test]
    fn drops_raw_html_and_script_links() {
        let rendered = render("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n", |s| s.into());
        assert_eq!(rendered.html, "<p>a b</p>\n");
        assert_eq!(rendered.raw_html, [1, 1, 3]);
        assert!(!html("[x](javascript:alert(1))").contains("javascript"));
        assert!(!html("![x](http://evil.example/a.png)").contains("http:"));
    }

    #[test]
    fn keeps_blocks_with_their_lines() {
        let rendered =
            render("para\n\n1. one\n2. two **bold**\n\n| a | b |\n|---|---|\n| c | d |", |s| {
                s.into()
            });
        let blocks: Vec<_> =
            rendered.blocks.iter().map(|b| (b.kind, b.text.as_str(), b.line)).collect();
        assert_eq!(
            blocks,
            [
                (BlockKind::Paragraph, "para", 1),
                (BlockKind::Item, "one", 3),
                (BlockKind::Item, "two bold", 4),
                (BlockKind::Row, "a b", 6),
                (BlockKind::Row, "c d", 8),
            ]
        );
    }
}
