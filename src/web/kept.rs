//! Pages that are kept as they were sent, so that the next reader of the same page does not wait for
//! it to be made again.
//!
//! A handler allows it with [`keep`]: for pages that depend on nothing but their address, the
//! knowledge base and, loosely, the time. They are kept for a few seconds, and never longer than the
//! revision of the knowledge base that they were made of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use crate::lang::TextLang;
use crate::time::{Timestamp, now};

use super::error::Problem;
use super::searches;
use super::state::Shared;

/// How long a page is kept: counts and banners on it may be late by so much.
const KEPT: SignedDuration = SignedDuration::from_secs(10);
/// How many pages are kept; when there are more, all are forgotten.
const PAGES_MAX: usize = 1024;
/// The largest page that is kept, and so, with the number, what they take of the memory.
const PAGE_BYTES_MAX: usize = 64 * 1024;

/// Marks an answer that may be kept, and whether it answers a search in some language.
#[derive(Debug, Clone, Copy)]
struct Keep {
    search: Option<TextLang>,
}

/// Allows that an answer is kept.
pub fn keep(mut response: Response) -> Response {
    response.extensions_mut().insert(Keep { search: None });
    response
}

/// Allows that the answer to a search is kept; each time that it is sent counts as a search.
pub fn keep_search(mut response: Response, lang: TextLang) -> Response {
    response.extensions_mut().insert(Keep { search: Some(lang) });
    response
}

/// The address, and whether the reader takes gzip.
type Name = (String, bool);

struct Page {
    generation: u64,
    at: Timestamp,
    search: Option<TextLang>,
    headers: HeaderMap,
    body: Bytes,
}

/// The pages that are kept.
#[derive(Default)]
pub struct Pages(Mutex<HashMap<Name, Arc<Page>>>);

impl Pages {
    fn find(&self, name: &Name, generation: u64, now: Timestamp) -> Option<Arc<Page>> {
        let page = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()?;
        let fresh = (SignedDuration::ZERO..KEPT).contains(&now.duration_since(page.at));
        (fresh && page.generation == generation).then_some(page)
    }

    fn put(&self, name: Name, page: Page) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= PAGES_MAX {
            pages.clear();
        }
        pages.insert(name, Arc::new(page));
    }
}

/// Answers with a kept page if there is one, and keeps what may be kept.
pub async fn pages(State(app): State<Shared>, request: Request, next: Next) -> Response {
    // Whoever asks whether a page has changed gets a short answer anyway.
    let asks = [IF_NONE_MATCH, IF_MODIFIED_SINCE];
    let asks = asks.iter().any(|name| request.headers().contains_key(name));
    if *request.method() != Method::GET || asks {
        return next.run(request).await;
    }
    let takes = request.headers().get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok());
    let gzip = takes.is_some_and(|takes| takes.contains("gzip"));
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    let name = (address.to_owned(), gzip);
    let (generation, at) = (app.engine().snapshot().generation, now());
    if let Some(page) = app.kept.find(&name, generation, at) {
        if let Some(lang) = page.search {
            searches::count(&app, lang, false);
        }
        let mut response = Response::new(Body::from(page.body.clone()));
        response.headers_mut().clone_from(&page.headers);
        return response;
    }
    let mut response = next.run(request).await;
    let keep = response.extensions_mut().remove::<Keep>();
    let Some(Keep { search }) = keep.filter(|_| response.status() == StatusCode::OK) else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::internal().into_response();
    };
    if body.len() <= PAGE_BYTES_MAX {
        let headers = parts.headers.clone();
        app.kept.put(name, Page { generation, at, search, headers, body: body.clone() });
    }
    Response::from_parts(parts, Body::from(body))
}
