//! What handlers share: the engine behind its gate, templates, figures, settings.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::Config;
use crate::engine::Engine;

use super::blocking::Gate;
use super::error::Problem;
use super::metrics::Metrics;
use super::pages::templates::Templates;
use super::rate::Limiter;
use super::recent::Recent;

/// The settings that handlers look at.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The root of absolute links, without a slash at its end.
    pub public_url: String,
    /// Whether the agent page is served. Until people sign in, only a listener that nobody else can
    /// reach may show internal articles.
    pub agent_page: bool,
    /// Whether public writes are limited by address.
    pub rate_limit: bool,
}

impl Settings {
    /// The settings for a server that listens on `listen`.
    pub fn new(config: &Config, listen: SocketAddr) -> Settings {
        Settings {
            public_url: config.public_url.clone(),
            agent_page: listen.ip().is_loopback(),
            rate_limit: config.rate_limit,
        }
    }
}

/// Everything that handlers share.
pub struct App {
    /// Answers everything. Enter through [`App::blocking`] only.
    engine: Engine,
    gate: Gate,
    ready: AtomicBool,
    /// Pages.
    pub templates: Templates,
    /// Figures for operators.
    pub metrics: Metrics,
    /// Limits by address.
    pub limiter: Limiter,
    /// What was needed lately.
    pub recent: Recent,
    /// Settings.
    pub settings: Settings,
}

/// The state of every handler.
pub type Shared = Arc<App>;

impl App {
    /// Puts a server's state together. It is ready from the start.
    pub fn new(engine: Engine, settings: Settings) -> tera::TeraResult<App> {
        let metrics = Metrics::new();
        metrics.index_generation(engine.snapshot().generation);
        Ok(App {
            engine,
            gate: Gate::default(),
            ready: AtomicBool::new(true),
            templates: Templates::new()?,
            metrics,
            limiter: Limiter::default(),
            recent: Recent::default(),
            settings,
        })
    }

    /// Does `work` with the engine where it may block: the only way from a handler to the engine.
    pub async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&App, &Engine) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.clone();
        let done = self.gate.run(move || work(&app, &app.engine)).await;
        done.map_err(|reason| {
            self.metrics.not_done(reason);
            Problem::from(reason)
        })?
    }

    /// The engine, for threads that may block.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether new requests are welcome.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Tells load balancers to stay away, before the listeners close.
    pub fn stop_being_ready(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }
}
