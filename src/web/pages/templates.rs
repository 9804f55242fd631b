//! Templates, in the binary, with the interface strings of each language.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Tera, TeraResult, Value};

use crate::web::i18n;
use crate::web::language::PageLang;

/// Every template by name.
pub const FILES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../../templates/base.html")),
    ("parts/search_box.html", include_str!("../../../templates/parts/search_box.html")),
    ("parts/suggestions.html", include_str!("../../../templates/parts/suggestions.html")),
    ("parts/details.html", include_str!("../../../templates/parts/details.html")),
    ("parts/replayed.html", include_str!("../../../templates/parts/replayed.html")),
    ("home.html", include_str!("../../../templates/home.html")),
    ("section.html", include_str!("../../../templates/section.html")),
    ("article.html", include_str!("../../../templates/article.html")),
    ("search.html", include_str!("../../../templates/search.html")),
    ("contact.html", include_str!("../../../templates/contact.html")),
    ("feedback.html", include_str!("../../../templates/feedback.html")),
    ("widget.html", include_str!("../../../templates/widget.html")),
    ("agent/keys.html", include_str!("../../../templates/agent/keys.html")),
    ("agent/queue.html", include_str!("../../../templates/agent/queue.html")),
    ("agent/ticket.html", include_str!("../../../templates/agent/ticket.html")),
    ("agent/suggestion.html", include_str!("../../../templates/agent/suggestion.html")),
    ("agent/escalation.html", include_str!("../../../templates/agent/escalation.html")),
    ("agent/note.md", include_str!("../../../templates/agent/note.md")),
    ("agent/learned.html", include_str!("../../../templates/agent/learned.html")),
    ("agent/effect.html", include_str!("../../../templates/agent/effect.html")),
    ("agent/panel.html", include_str!("../../../templates/agent/panel.html")),
    ("staff/frame.html", include_str!("../../../templates/staff/frame.html")),
    ("staff/sign_in.html", include_str!("../../../templates/staff/sign_in.html")),
    ("staff/password.html", include_str!("../../../templates/staff/password.html")),
    ("staff/account.html", include_str!("../../../templates/staff/account.html")),
    ("staff/people.html", include_str!("../../../templates/staff/people.html")),
    ("staff/audit.html", include_str!("../../../templates/staff/audit.html")),
    ("trends/bars.html", include_str!("../../../templates/trends/bars.html")),
    ("trends/episodes.html", include_str!("../../../templates/trends/episodes.html")),
    ("trends/lines.html", include_str!("../../../templates/trends/lines.html")),
    ("trends/cluster.html", include_str!("../../../templates/trends/cluster.html")),
    ("trends/morning.html", include_str!("../../../templates/trends/morning.html")),
    ("trends/service.html", include_str!("../../../templates/trends/service.html")),
    ("trends/issue.html", include_str!("../../../templates/trends/issue.html")),
    ("trends/episode.html", include_str!("../../../templates/trends/episode.html")),
    ("report/report.md", include_str!("../../../templates/report/report.md")),
    ("report/report.html", include_str!("../../../templates/report/report.html")),
    ("studio/list.html", include_str!("../../../templates/studio/list.html")),
    ("studio/editor.html", include_str!("../../../templates/studio/editor.html")),
    ("studio/side.html", include_str!("../../../templates/studio/side.html")),
    ("studio/difference.html", include_str!("../../../templates/studio/difference.html")),
    ("studio/replay.html", include_str!("../../../templates/studio/replay.html")),
    ("studio/exchange.html", include_str!("../../../templates/studio/exchange.html")),
    ("studio/history.html", include_str!("../../../templates/studio/history.html")),
    ("error.html", include_str!("../../../templates/error.html")),
    ("sitemap.xml", include_str!("../../../templates/sitemap.xml")),
    ("atom.xml", include_str!("../../../templates/atom.xml")),
    ("opensearch.xml", include_str!("../../../templates/opensearch.xml")),
];

/// Renders pages.
pub struct Templates {
    tera: Tera,
    strings: BTreeMap<PageLang, (i18n::Strings, Value)>,
}

impl Templates {
    /// Parses templates and strings. An error here is a fault of the program; a test finds it.
    pub fn new() -> TeraResult<Templates> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html", ".xml"]);
        tera.add_raw_templates(FILES.iter().copied())?;
        let mut strings = BTreeMap::new();
        for lang in PageLang::ALL {
            let table = i18n::strings(lang).map_err(|e| tera::Error::message(e.to_string()))?;
            let value = Value::from_serializable(&table);
            strings.insert(lang, (table, value));
        }
        Ok(Templates { tera, strings })
    }

    /// An interface string; its key if there is none.
    pub fn string<'a>(&'a self, lang: PageLang, key: &'a str) -> &'a str {
        let table = self.strings.get(&lang).map(|(table, _)| table);
        table.and_then(|t| t.get(key)).map_or(key, String::as_str)
    }

    /// Fills in a template; strings stand under `t`.
    pub fn render(
        &self,
        name: &str,
        lang: PageLang,
        contents: &[&dyn Contents],
    ) -> TeraResult<String> {
        let mut context = Context::new();
        if let Some((_, strings)) = self.strings.get(&lang) {
            context.insert_value("t", strings.clone());
        }
        for content in contents {
            content.put(&mut context);
        }
        self.tera.render(name, &context)
    }
}

/// Something that a template shows: a name and a value.
pub trait Contents {
    /// Puts it where the template finds it.
    fn put(&self, context: &mut Context);
}

impl<T: Serialize> Contents for (&'static str, T) {
    fn put(&self, context: &mut Context) {
        context.insert(self.0, &self.1);
    }
}
