//! Style sheet and scripts: in the binary, under names that hold a hash of the content, so that a
//! browser may keep them for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::Problem;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

static STYLE: Asset = Asset {
    name: "style.css",
    media_type: CSS,
    content: include_str!("../../templates/assets/style.css"),
};
static STAFF: Asset = Asset {
    name: "staff.css",
    media_type: CSS,
    content: include_str!("../../templates/assets/staff.css"),
};
static SEARCH: Asset = Asset {
    name: "search.js",
    media_type: JS,
    content: include_str!("../../templates/assets/search.js"),
};
static CONTACT: Asset = Asset {
    name: "contact.js",
    media_type: JS,
    content: include_str!("../../templates/assets/contact.js"),
};
static COPY: Asset = Asset {
    name: "copy.js",
    media_type: JS,
    content: include_str!("../../templates/assets/copy.js"),
};
static CONSOLE: Asset = Asset {
    name: "console.js",
    media_type: JS,
    content: include_str!("../../templates/assets/console.js"),
};
static ICON: Asset = Asset {
    name: "icon.svg",
    media_type: "image/svg+xml",
    content: include_str!("../../templates/assets/icon.svg"),
};

/// Paths of the assets, as templates use them.
#[derive(Debug, Clone, Serialize)]
pub struct Paths {
    style: String,
    staff: String,
    search: String,
    contact: String,
    copy: String,
    console: String,
    icon: String,
}

/// Where each asset is served.
pub static PATHS: LazyLock<Paths> = LazyLock::new(|| Paths {
    style: path(&STYLE),
    staff: path(&STAFF),
    search: path(&SEARCH),
    contact: path(&CONTACT),
    copy: path(&COPY),
    console: path(&CONSOLE),
    icon: path(&ICON),
});

fn path(asset: &Asset) -> String {
    format!("/assets/{}", hashed_name(asset))
}

fn hashed_name(asset: &Asset) -> String {
    let hash = blake3::hash(asset.content.as_bytes()).to_hex();
    let (stem, ending) = asset.name.split_once('.').unwrap_or((asset.name, ""));
    format!("{stem}.{}.{ending}", hash.get(..10).unwrap_or_default())
}

/// `GET /assets/{name}`
pub async fn get(Path(name): Path<String>) -> Response {
    let assets = [&STYLE, &STAFF, &SEARCH, &CONTACT, &COPY, &CONSOLE, &ICON];
    let Some(asset) = assets.into_iter().find(|a| hashed_name(a) == name) else {
        return Problem::not_found().into_response();
    };
    let kept = "public, max-age=31536000, immutable";
    ([(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, kept)], asset.content).into_response()
}
