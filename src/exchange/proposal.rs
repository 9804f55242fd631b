//! What a reader of imports hands on: an article that somebody proposes, with where it came from.

use std::collections::BTreeMap;

use crate::id::ArticleId;
use crate::kb::front_matter::Audience;
use crate::kb::sections::Section;
use crate::lang::Lang;
use crate::time::Date;

/// An article that is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ArticleId,
    /// The id or a title of its section, as the source has it.
    pub section: Option<String>,
    /// Its texts.
    pub versions: BTreeMap<Lang, Version>,
}

/// A proposed article in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Where it came from.
    pub place: Place,
    /// What it says.
    pub text: Text,
}

/// A place in a file of the import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line at which the article stands, from 1; 0 if it is the file as a whole.
    pub line: usize,
    /// The line at which its body begins, where the lines of the body are those of the file.
    pub body_line: Option<usize>,
}

/// The text of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// An article file of ours, front matter and all.
    File(String),
    /// What another system knows of an article; the rest is filled in.
    Parts(Box<Parts>),
}

/// What another system knows of an article. `None` stands for what it does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// The title.
    pub title: String,
    /// The body as Markdown.
    pub body: String,
    /// One sentence that answers.
    pub summary: Option<String>,
    /// How people ask.
    pub questions: Option<Vec<String>>,
    /// Keywords.
    pub tags: Option<Vec<String>>,
    /// Who may read it.
    pub audience: Option<Audience>,
    /// Whether it is published there.
    pub published: Option<bool>,
    /// The day on which it was last edited.
    pub reviewed: Option<Date>,
}

/// A section that came with an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedSection {
    /// What it would be here.
    pub section: Section,
    /// What proposals call it.
    pub names: Vec<String>,
}
