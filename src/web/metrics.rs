//! Figures for operators, in Prometheus' text format on the operators' listener.
//!
//! Labels come from fixed sets (routes, statuses, kinds of secrets): never from what a user wrote.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::blocking::NotDone;

/// Upper borders of the duration buckets in seconds. The bars are 3 ms at the median and 15 ms at
/// the 99th percentile, so the borders lie close there.
const SECONDS: [f64; 11] = [0.001, 0.002, 0.003, 0.005, 0.01, 0.015, 0.03, 0.1, 0.3, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    method: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: String,
}

/// Every figure.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    tickets: Counter,
    abstentions: Counter,
    redactions: Family<Kind, Counter>,
    refused: Counter,
    reloads: Counter,
    generation: Gauge<u64, AtomicU64>,
}

impl Metrics {
    /// Figures at zero.
    pub fn new() -> Metrics {
        let mut registry = Registry::with_prefix("zhinan");
        let seconds = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        let (requests, tickets) = (Family::default(), Counter::default());
        let (abstentions, redactions) = (Counter::default(), Family::default());
        let (refused, reloads) = (Counter::default(), Counter::default());
        let generation = Gauge::default();
        registry.register("http_requests", "HTTP requests", Clone::clone(&requests));
        registry.register("http_request_seconds", "Time to the answer", seconds.clone());
        registry.register("tickets", "Tickets recorded", Clone::clone(&tickets));
        registry.register("abstentions", "Texts without a suggestion", Clone::clone(&abstentions));
        registry.register("redactions", "Secrets taken out", Clone::clone(&redactions));
        registry.register("overload_refusals", "Requests refused, queue full", refused.clone());
        registry.register("reloads", "Reloads of the knowledge base", reloads.clone());
        registry.register("index_generation", "Revision served, from 1", generation.clone());
        Metrics {
            registry,
            requests,
            seconds,
            tickets,
            abstentions,
            redactions,
            refused,
            reloads,
            generation,
        }
    }

    /// Counts an answered request. `route` is the pattern, not the path.
    pub fn request(&self, route: &str, method: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.seconds.get_or_create(&Route { route: route.clone() }).observe(took.as_secs_f64());
        let method = method.to_owned();
        self.requests.get_or_create(&Request { route, method, status }).inc();
    }

    /// Counts a ticket that was recorded for the first time.
    pub fn ticket(&self) {
        self.tickets.inc();
    }

    /// Counts a text for which nothing was suggested.
    pub fn abstention(&self) {
        self.abstentions.inc();
    }

    /// Counts secrets that were taken out of a text.
    pub fn redaction(&self, kind: &str) {
        self.redactions.get_or_create(&Kind { kind: kind.to_owned() }).inc();
    }

    /// Counts work that was refused.
    pub fn not_done(&self, reason: NotDone) {
        if reason == NotDone::Overloaded {
            self.refused.inc();
        }
    }

    /// Counts a reload.
    pub fn reload(&self, generation: u64) {
        self.reloads.inc();
        self.index_generation(generation);
    }

    /// Says which revision is served.
    pub fn index_generation(&self, generation: u64) {
        self.generation.set(generation);
    }

    /// Everything in Prometheus' text format.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing into a string cannot fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}
