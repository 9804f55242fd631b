//! One integration-test binary; a module for each capability.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test that cannot go on should fail where it stands"
)]
#![expect(unreachable_pub, reason = "what tests share is reachable in this binary only")]
#![expect(clippy::disallowed_methods, reason = "tests read files and wait")]
#![expect(clippy::format_collect, reason = "tests favour the short form over the fast one")]

mod alerts; // incidents reach people's tools once, signed
mod api; // the JSON API: happy and refused
mod backup; // what comes back is what was there
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod bad_disk; // a disk that fails, is full, loses power
mod clusters; // clusters that people have sorted stay sorted
mod commands; // what operators run beside a server
mod console; // the agents' console: queue, ticket, outcomes that teach, escalation
mod encoder; // vectors: those of the model, always the same, kept
mod erasure; // whoever is erased is gone, also after a restore
mod evaluation; // how good the matching is, and how sure that is
mod exchange; // import and export: whole or not at all, out and back the same
mod index_damage; // spoiled search indexes are seen, mended, and change no answer
mod injection; // nothing that is echoed becomes markup
mod kb_check; // what is said about every mistake in an article
mod loading; // files → library: what is refused, what is kept
mod no_leak; // public answers are the same with and without internal articles
mod overload; // too much at once, clients that never finish
mod pages; // help pages: languages, forms, headers, what crawlers see
mod people; // signing in, sessions, tokens, limits, what is kept of secrets
mod properties; // what must hold for every text
mod quality; // a floor under the matching, a clean knowledge base
mod recurrence; // what recurs: incidents raise one alert, noise raises none
mod redaction; // secrets never land, ordinary text stays
mod reload; // an edit shows, a broken file does not
mod replay; // what an edit does to tickets
mod robustness; // hostile input gets a clear answer
mod roles; // every route × everybody, as in the checked-in table
mod search; // what a reader's words must find, and must not
mod service; // how self-service did: each figure with what it is of
mod sessions; // the contact form: what is offered, withheld, recorded; the widget on other sites
mod store; // events are kept: one suite on both stores, and what only a disk can do to one
mod studio; // articles are written, checked, replayed, published, merged, brought back
mod support; // what the tests share
mod tidy; // the shape of the code base itself
