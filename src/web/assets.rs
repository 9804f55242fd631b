//! Style sheet and scripts: in the binary, under names that hold a hash of the content, so that a
//! browser may keep them for ever. The widget alone has a lasting name, since other sites write it
//! down; browsers ask each time whether it has changed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::text::redact;

use super::error::Problem;
use super::i18n;
use super::language::PageLang;

struct Asset {
    /// The name of its file; without the ending, the name that templates use.
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

/// The detector in the page, with the word list that it needs filled in.
static LEAK_GUARD: LazyLock<String> = LazyLock::new(|| {
    let (common, rare): (Vec<&str>, Vec<&str>) =
        redact::phrase_words().partition(|word| redact::is_common_word(word));
    let words = format!("{}|{}", rare.join(" "), common.join(" "));
    include_str!("../../templates/assets/leak_guard.js").replace("{{words}}", &words)
});

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

static ASSETS: LazyLock<[Asset; 10]> = LazyLock::new(|| {
    let asset = |(name, media_type, content)| Asset { name, media_type, content };
    [
        ("style.css", CSS, include_str!("../../templates/assets/style.css")),
        ("staff.css", CSS, include_str!("../../templates/assets/staff.css")),
        ("search.js", JS, include_str!("../../templates/assets/search.js")),
        ("contact.js", JS, include_str!("../../templates/assets/contact.js")),
        ("leak_guard.js", JS, LEAK_GUARD.as_str()),
        ("copy.js", JS, include_str!("../../templates/assets/copy.js")),
        ("article.js", JS, include_str!("../../templates/assets/article.js")),
        ("console.js", JS, include_str!("../../templates/assets/console.js")),
        ("studio.js", JS, include_str!("../../templates/assets/studio.js")),
        ("icon.svg", SVG, include_str!("../../templates/assets/icon.svg")),
    ]
    .map(asset)
});

/// Paths of the assets by the names that templates use.
pub type Paths = BTreeMap<&'static str, String>;

/// Where each asset is served.
pub static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    let path = |asset: &Asset| (split(asset).0, format!("/assets/{}", hashed_name(asset)));
    ASSETS.iter().map(path).collect()
});

fn split(asset: &Asset) -> (&'static str, &'static str) {
    asset.name.split_once('.').unwrap_or((asset.name, ""))
}

fn hashed_name(asset: &Asset) -> String {
    let hash = blake3::hash(asset.content.as_bytes()).to_hex();
    let (stem, ending) = split(asset);
    format!("{stem}.{}.{ending}", hash.get(..10).unwrap_or_default())
}

/// The style sheet and the icon as files: path without a slash at its beginning, content.
pub fn files() -> impl Iterator<Item = (String, &'static str)> {
    let is_file = |asset: &&Asset| ["style.css", "icon.svg"].contains(&asset.name);
    let shown = ASSETS.iter().filter(is_file);
    shown.map(|asset| (format!("assets/{}", hashed_name(asset)), asset.content))
}

/// `GET /assets/{name}`
pub async fn get(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| hashed_name(a) == name) else {
        return Problem::not_found().into_response();
    };
    let kept = "public, max-age=31536000, immutable";
    ([(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, kept)], asset.content).into_response()
}

/// The interface texts that the widget holds.
const WIDGET_STRINGS: [&str; 24] = [
    "brand",
    "contact_hint",
    "contact_label",
    "contact_link",
    "contact_live",
    "contact_beside",
    "contact_send",
    "contact_sent_next",
    "contact_sent_number",
    "contact_sent_title",
    "contact_solved",
    "contact_warning",
    "detail_app_version",
    "detail_chain",
    "detail_order_id",
    "detail_tx_hash",
    "feedback_solved",
    "feedback_title",
    "search_label",
    "search_live_none",
    "widget_back",
    "widget_close",
    "widget_failed",
    "widget_open",
];

static WIDGET: LazyLock<String> = LazyLock::new(|| {
    let language = |lang: PageLang| {
        let strings = i18n::strings(lang).unwrap_or_default();
        let pick = |key: &&str| Some(((*key).to_owned(), Value::from(strings.get(*key)?.as_str())));
        let table: Map<String, Value> = WIDGET_STRINGS.iter().filter_map(pick).collect();
        (lang.code().to_owned(), Value::Object(table))
    };
    let strings: Map<String, Value> = PageLang::ALL.into_iter().map(language).collect();
    let script = include_str!("../../templates/assets/widget.js");
    script.replace("__STRINGS__", &Value::Object(strings).to_string())
});

/// `GET /widget.js`
pub async fn widget() -> Response {
    let resource_policy = HeaderName::from_static("cross-origin-resource-policy");
    let headers = [(CONTENT_TYPE, JS), (resource_policy, "cross-origin")];
    (headers, WIDGET.as_str()).into_response()
}
