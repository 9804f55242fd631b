//! Blocks of Markdown: tags and text in, the lines of a body out.

use super::inline::{Inline, Mark, longest_run};
use super::table::Table;

/// What holds other blocks.
#[derive(Debug)]
enum Container {
    /// A quotation; `fresh` until its first line.
    Quote { fresh: bool },
    /// An item of a list: its marker until its first line, then blanks of that width.
    Item { marker: String, pending: bool },
}

#[derive(Debug)]
struct List {
    /// The number of the next item, in an ordered list.
    next: Option<u64>,
    /// Whether it uses the other marker, because the list before it would swallow it.
    other: bool,
}

/// What was written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Block,
    /// Text of an item that is no paragraph of its own: the next item follows at once.
    Tight,
}

/// How deep blocks may stand in each other; what is deeper is written as if it were not.
const CONTAINERS_MAX: usize = 12;

/// Writes Markdown.
pub(super) struct Writer<'a> {
    link: &'a dyn Fn(&str) -> Option<String>,
    out: String,
    inline: Inline,
    /// Text since the last tag: the tokenizer hands over each reference (`&amp;`) by itself.
    pending: String,
    containers: Vec<Container>,
    lists: Vec<List>,
    /// Tags of containers that were too deep to be opened.
    beyond: usize,
    last: Last,
    /// A list has just ended: ordered, with which marker.
    ended: Option<(bool, bool)>,
    heading: Option<usize>,
    /// Levels of the headings above, as the source has them.
    levels: Vec<u8>,
    pre: Option<String>,
    code: Option<String>,
    table: Option<Table>,
    /// The current text stands in a paragraph of its own.
    paragraph: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(link: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Writer {
            link,
            out: String::new(),
            inline: Inline::default(),
            pending: String::new(),
            containers: Vec::new(),
            lists: Vec::new(),
            beyond: 0,
            last: Last::Nothing,
            ended: None,
            heading: None,
            levels: Vec::new(),
            pre: None,
            code: None,
            table: None,
            paragraph: false,
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(pre) = &mut self.pre {
            pre.push_str(text);
        } else if let Some(code) = &mut self.code {
            code.push_str(text);
        } else {
            self.pending.push_str(text);
        }
    }

    fn settle(&mut self) {
        let text = std::mem::take(&mut self.pending);
        self.inline.push(&text);
    }

    pub(super) fn open(&mut self, tag: &str, attribute: &dyn Fn(&str) -> Option<String>) {
        self.settle();
        if self.pre.is_some() {
            if tag == "br" {
                self.text("\n");
            }
            return;
        }
        match tag {
            "b" | "strong" => self.inline.open(Mark::Strong),
            "i" | "em" => self.inline.open(Mark::Emphasis),
            "del" | "s" | "strike" => self.inline.open(Mark::Deleted),
            "a" => self.open_link(attribute("href").as_deref()),
            "code" | "kbd" | "samp" | "tt" => self.code = Some(String::new()),
            "br" if self.table.is_some() || self.heading.is_some() => self.inline.push(" "),
            "br" => self.inline.line_break(),
            "img" => self.media(attribute("src"), attribute("alt")),
            "iframe" | "video" | "source" | "embed" => {
                self.flush();
                self.media(attribute("src"), attribute("title"));
                self.flush();
            }
            _ => self.open_block(tag, attribute),
        }
    }

    fn open_block(&mut self, tag: &str, attribute: &dyn Fn(&str) -> Option<String>) {
        match tag {
            "td" | "th" | "tr" | "table" => self.open_in_table(tag),
            _ if self.table.is_some() && is_block(tag) => self.flush(),
            "p" => {
                self.flush();
                self.paragraph = true;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let level = tag.as_bytes().get(1).map_or(2, |b| b - b'0');
                while self.levels.last().is_some_and(|above| *above >= level) {
                    self.levels.pop();
                }
                self.levels.push(level);
                self.heading = Some((self.levels.len() + 1).min(6));
            }
            "ul" | "ol" | "menu" => self.open_list(tag == "ol", attribute("start")),
            "li" => self.open_item(),
            "blockquote" => {
                self.flush();
                self.contain(Container::Quote { fresh: true });
            }
            "pre" => {
                self.flush();
                self.pre = Some(String::new());
            }
            "hr" => {
                self.flush();
                self.block(&["---".to_owned()], false);
            }
            "dt" | "summary" | "legend" => {
                self.flush();
                self.inline.open(Mark::Strong);
            }
            _ if is_block(tag) => self.flush(),
            _ => {}
        }
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.settle();
        if self.pre.is_some() && tag != "pre" {
            return;
        }
        match tag {
            "b" | "strong" => self.inline.close(&|m| *m == Mark::Strong),
            "i" | "em" => self.inline.close(&|m| *m == Mark::Emphasis),
            "del" | "s" | "strike" => self.inline.close(&|m| *m == Mark::Deleted),
            "a" => self.inline.close(&|m| matches!(m, Mark::Link(_))),
            "code" | "kbd" | "samp" | "tt" => self.close_code(),
            "pre" => self.close_pre(),
            "td" | "th" | "tr" => self.flush(),
            "table" => self.close_table(),
            _ if self.table.is_some() && is_block(tag) => self.flush(),
            "ul" | "ol" | "menu" => self.close_list(),
            "li" => self.close_item(),
            "blockquote" => {
                self.flush();
                self.leave(&|c| matches!(c, Container::Quote { .. }));
            }
            "dt" | "summary" | "legend" => {
                self.inline.close(&|m| *m == Mark::Strong);
                self.flush();
            }
            _ if is_block(tag) => self.flush(),
            _ => {}
        }
    }

    fn open_link(&mut self, href: Option<&str>) {
        self.inline.close(&|m| matches!(m, Mark::Link(_)));
        if let Some(target) = href.and_then(self.link) {
            self.inline.open(Mark::Link(target));
        }
    }

    /// What cannot stand in a page of ours: a link to it under its name.
    fn media(&mut self, source: Option<String>, name: Option<String>) {
        let name = name.filter(|name| !name.trim().is_empty());
        let source = source.filter(|source| source.starts_with("https://"));
        let target = source.as_deref().and_then(self.link);
        match (target, name) {
            (Some(target), name) => {
                self.inline.open(Mark::Link(target.clone()));
                self.inline.push(name.as_deref().unwrap_or(&target));
                self.inline.close(&|m| matches!(m, Mark::Link(_)));
            }
            (None, Some(name)) => self.inline.push(&name),
            (None, None) => {}
        }
    }

    fn close_code(&mut self) {
        if let Some(code) = self.code.take() {
            self.inline.code(&code);
        }
    }

    fn close_pre(&mut self) {
        let Some(text) = self.pre.take() else { return };
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end_matches('\n');
        if self.table.is_some() {
            self.inline.code(text);
            return self.flush();
        }
        let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
        let mut lines = vec![fence.clone()];
        lines.extend(text.lines().map(str::to_owned));
        lines.push(fence);
        self.block(&lines, false);
    }

    fn open_in_table(&mut self, tag: &str) {
        self.flush();
        match (&mut self.table, tag) {
            (Some(table), "table") => table.inner += 1,
            (Some(table), "tr") if table.inner == 0 => table.row(),
            (Some(table), "td" | "th") if table.inner == 0 => table.cell(),
            (None, "table") => self.table = Some(Table::default()),
            _ => {}
        }
    }

    fn close_table(&mut self) {
        self.flush();
        if let Some(table) = self.table.as_mut().filter(|table| table.inner > 0) {
            table.inner -= 1;
        } else if let Some(table) = self.table.take() {
            let lines = table.lines();
            if !lines.is_empty() {
                self.block(&lines, false);
            }
        }
    }

    fn open_list(&mut self, ordered: bool, start: Option<String>) {
        self.flush();
        let other = self.ended.take().is_some_and(|(was, other)| was == ordered && !other);
        let next = start.and_then(|s| s.parse().ok()).filter(|n: &u64| *n < 1_000_000_000);
        self.lists.push(List { next: ordered.then(|| next.unwrap_or(1)), other });
    }

    fn close_list(&mut self) {
        self.close_item();
        let Some(list) = self.lists.pop() else { return };
        if self.lists.is_empty() && self.last == Last::Tight {
            self.last = Last::Block;
        }
        self.ended = Some((list.next.is_some(), list.other));
    }

    fn open_item(&mut self) {
        // An item that was never closed; one of a list inside it has been.
        let open = self.containers.iter().filter(|c| matches!(c, Container::Item { .. })).count();
        if open + self.beyond >= self.lists.len() {
            self.close_item();
        }
        self.flush();
        let marker = match self.lists.last_mut() {
            Some(List { next: Some(next), other }) => {
                let marker = format!("{next}{} ", if *other { ')' } else { '.' });
                *next = next.saturating_add(1);
                marker
            }
            Some(List { other: true, .. }) => "* ".to_owned(),
            _ => "- ".to_owned(),
        };
        self.contain(Container::Item { marker, pending: true });
    }

    fn close_item(&mut self) {
        self.flush();
        let empty = matches!(self.containers.last(), Some(Container::Item { pending: true, .. }));
        if empty && self.beyond == 0 {
            self.block(&[String::new()], true);
        }
        self.leave(&|c| matches!(c, Container::Item { .. }));
    }

    fn contain(&mut self, container: Container) {
        if self.containers.len() < CONTAINERS_MAX {
            self.containers.push(container);
        } else {
            self.beyond += 1;
        }
    }

    fn leave(&mut self, kind: &dyn Fn(&Container) -> bool) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if self.containers.last().is_some_and(kind) {
            self.containers.pop();
        }
    }

    /// Ends the current text.
    fn flush(&mut self) {
        self.close_code();
        let paragraph = std::mem::take(&mut self.paragraph);
        let heading = self.heading.take();
        let text = self.inline.take();
        if let Some(table) = &mut self.table {
            return table.text(&text);
        }
        if text.is_empty() {
            return;
        }
        let in_item = matches!(self.containers.last(), Some(Container::Item { pending: true, .. }));
        if let Some(level) = heading {
            let one_line = text.replace("\\\n", " ");
            self.block(&[format!("{} {one_line}", "#".repeat(level))], false);
        } else {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            self.block(&lines, in_item && !paragraph);
        }
    }

    /// Writes a block; `tight`: it is the text of an item and no paragraph of its own.
    fn block(&mut self, lines: &[String], tight: bool) {
        let item =
            self.containers.iter().any(|c| matches!(c, Container::Item { pending: true, .. }));
        let follows = self.last == Last::Tight && item && tight;
        if self.last != Last::Nothing && !follows {
            let settled = self.containers.iter().take_while(|c| match c {
                Container::Quote { fresh } => !fresh,
                Container::Item { pending, .. } => !pending,
            });
            let prefix: String = settled.map(prefix).collect();
            self.out.push_str(prefix.trim_end());
            self.out.push('\n');
        }
        for line in lines {
            let prefix: String = self.containers.iter().map(prefix).collect();
            let whole = format!("{prefix}{line}");
            self.out.push_str(whole.trim_end());
            self.out.push('\n');
            for container in &mut self.containers {
                match container {
                    Container::Quote { fresh } => *fresh = false,
                    Container::Item { pending, .. } => *pending = false,
                }
            }
        }
        self.last = if tight { Last::Tight } else { Last::Block };
        self.ended = None;
    }

    pub(super) fn finish(mut self) -> String {
        self.settle();
        self.close_pre();
        self.flush();
        if self.table.is_some() {
            if let Some(table) = &mut self.table {
                table.inner = 0;
            }
            self.close_table();
        }
        self.out.trim_end().to_owned()
    }
}

fn prefix(container: &Container) -> String {
    match container {
        Container::Quote { .. } => "> ".to_owned(),
        Container::Item { marker, pending: true } => marker.clone(),
        Container::Item { marker, pending: false } => " ".repeat(marker.len()),
    }
}

/// Elements that stand on lines of their own.
fn is_block(tag: &str) -> bool {
    const BLOCKS: [&str; 39] = [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "tbody",
        "thead",
        "ul",
    ];
    BLOCKS.contains(&tag)
}
