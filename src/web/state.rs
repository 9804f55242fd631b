//! What handlers share: the engine behind its gate, templates, figures, settings.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use crate::config::Config;
use crate::data::DataDir;
use crate::engine::Engine;
use crate::events::StoreError;
use crate::notify::target::Target;
use crate::people::secret::{self, NoRandomness, Secret};
use crate::studio::Studio;

use super::alerts::Alerts;
use super::attempts::Attempts;
use super::blocking::Gate;
use super::error::Problem;
use super::imports::Uploads;
use super::incidents::Incidents;
use super::kept::Pages;
use super::learn::Learner;
use super::metrics::Metrics;
use super::neighbours::Recently;
use super::pages::templates::Templates;
use super::rate::Limiter;
use super::recent::Recent;
use super::searches::Searches;
use super::session::Holdout;
use super::studio::Replayed;

/// How many passwords are hashed at a time, at 19 MiB each, and how many may wait for it.
const HASHING_MAX: usize = 2;
const HASHING_WAITING_MAX: usize = 64;

/// Why the key that makes the first administrator could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// The settings that handlers look at.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The root of absolute links, without a slash at its end.
    pub public_url: String,
    /// Whether public writes are limited by address.
    pub rate_limit: bool,
    /// Proxies whose word on where a request comes from is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Sites that may show the widget.
    pub widget_origins: Vec<String>,
    /// Which contact sessions are shown no suggestions.
    pub holdout: Holdout,
    /// Who is told of incidents and escalations.
    pub notify: Vec<Target>,
    /// Where everything is kept.
    pub data: DataDir,
}

impl Settings {
    /// The settings for a server that listens on `listen`. `key` is a secret of this server.
    pub fn new(config: &Config, listen: SocketAddr, key: &[u8; 32]) -> Settings {
        let key = blake3::derive_key("zhinan holdout of contact sessions", key);
        // Port 0 stands for any; links need the one that it came to.
        let asked = format!("http://{}", config.listen);
        let public_url = config.public_url.replace(&asked, &format!("http://{listen}"));
        Settings {
            public_url,
            rate_limit: config.rate_limit,
            trusted_proxies: config.trusted_proxies.clone(),
            widget_origins: config.widget_origins.clone(),
            holdout: Holdout::new(config.holdout, key),
            notify: config.notify.clone(),
            data: DataDir::new(&config.data),
        }
    }
}

/// Everything that handlers share.
pub struct App {
    /// Answers everything. Enter through [`App::blocking`] only.
    engine: Engine,
    gate: Gate,
    /// Passwords are hashed apart: each takes a core for a while, and pages must not wait for that.
    hashing: Gate,
    ready: AtomicBool,
    /// The hash of the key that makes the first administrator, while there is none.
    setup: Mutex<Option<String>>,
    /// Pages.
    pub templates: Templates,
    /// Figures for operators.
    pub metrics: Metrics,
    /// Limits by address.
    pub limiter: Limiter,
    /// Attempts to sign in.
    pub attempts: Attempts,
    /// The recent tickets, for "is this happening to others?".
    pub recently: Recently,
    /// Drafts and what was published.
    pub studio: Studio,
    /// The last replay of a draft: publishing needs what was just looked at.
    pub replayed: Replayed,
    /// Imports that were looked at and not carried out yet.
    pub uploads: Uploads,
    /// What is recurring right now.
    pub incidents: Incidents,
    /// Who is told of it.
    pub alerts: Alerts,
    /// Learning soon after an outcome.
    pub learner: Learner,
    /// What was needed lately.
    pub recent: Recent,
    /// Searches that are not in the store yet.
    pub searches: Searches,
    /// Pages as they were sent.
    pub kept: Pages,
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
            hashing: Gate::new(HASHING_MAX, HASHING_WAITING_MAX),
            ready: AtomicBool::new(true),
            setup: Mutex::new(None),
            templates: Templates::new()?,
            metrics,
            limiter: Limiter::default(),
            attempts: Attempts::default(),
            recently: Recently::default(),
            studio: Studio::new(&settings.data.studio()),
            replayed: Replayed::default(),
            uploads: Uploads::default(),
            incidents: Incidents::default(),
            alerts: Alerts::new(settings.notify.clone()),
            learner: Learner::default(),
            recent: Recent::default(),
            searches: Searches::default(),
            kept: Pages::default(),
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

    /// Hashes or checks a password where it may take its time.
    pub async fn hashing<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.hashing.run(work).await.map_err(Problem::from)
    }

    /// A key that makes the first administrator, once, if there is nobody yet.
    pub fn begin_setup(&self) -> Result<Option<Secret>, SetupError> {
        if !self.engine.store().people()?.is_empty() {
            return Ok(None);
        }
        let key = Secret::new("")?;
        *self.setup.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.hash());
        Ok(Some(key))
    }

    /// Returns true if and only if this is the key that makes the first administrator.
    pub fn is_setup_key(&self, key: &str) -> bool {
        let known = self.setup.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_some_and(|hash| *hash == secret::hash(key))
    }

    /// Ends the setup.
    pub fn end_setup(&self) {
        *self.setup.lock().unwrap_or_else(PoisonError::into_inner) = None;
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
