//! `zhinan serve`: help pages, the API and the operators' listener, until told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::backup;
use crate::cli;
use crate::config::{Config, Settings};
use crate::data::DataDir;
use crate::encoder;
use crate::engine::{Engine, Places};
use crate::erasure::Erasures;
use crate::events::sqlite::SqliteStore;
use crate::studio::{Studio, publish};
use crate::text::redact::Redactor;
use crate::time::now;
use crate::web;
use crate::web::state::App;

/// How long the server still answers after it has said that it is not ready, so that load balancers
/// can look.
const GOODBYE: Duration = Duration::from_millis(500);

/// Serves until a signal comes.
pub fn run(args: &cli::Serve) -> anyhow::Result<ExitCode> {
    let file = args.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
    let config = args.settings().or(Settings::from_environment()).or(file).check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the server's threads")?;
    let code = runtime.block_on(serve(&config));
    // Work that does not end is left behind; its callers have been let go.
    runtime.shutdown_timeout(Duration::from_secs(1));
    code
}

async fn serve(config: &Config) -> anyhow::Result<ExitCode> {
    let public = bind(config.listen, "--listen").await?;
    let listen = public.local_addr().context("the public listener has no address")?;
    let ops = match config.ops_listen {
        Some(address) => Some(bind(address, "--ops-listen").await?),
        None => None,
    };
    let changes = web::watch::Changes::of(&config.kb);
    let data = DataDir::new(&config.data);
    create_dir(data.path())
        .with_context(|| format!("cannot create `{}`; see --data", data.path().display()))?;
    // A second server on the same events would not see what this one learns.
    let _hold = data.hold()?;
    if backup::finish(&data)? {
        tracing::warn!("finished a restore that had been cut off");
    }
    // Before anything reads the articles: a publish that a crash cut off.
    let journal = Studio::new(&data.studio()).journal;
    for id in publish::recover(&config.kb, &journal).context("cannot finish a publish")? {
        tracing::warn!("finished publishing `{id}`, which a crash had cut off");
    }
    let (engine, key) = open(config, &data)?;
    for diagnostic in &engine.snapshot().diagnostics {
        tracing::error!("{diagnostic}");
    }
    let settings = web::state::Settings::new(config, listen, &key);
    let app = Arc::new(App::new(engine, settings).context("the templates are broken")?);
    web::watch::spawn(&app, changes).context("cannot start the thread that watches files")?;
    web::learn::spawn(&app).context("cannot start the thread that learns")?;
    web::forget::spawn(&app, config.keep_days).context("cannot start the thread that forgets")?;
    web::searches::spawn(&app).context("cannot start the thread that counts searches")?;
    web::alerts::spawn(&app).context("cannot start the thread that tells of incidents")?;
    web::incidents::spawn(&app).context("cannot start the thread that looks for incidents")?;
    let setup = app.begin_setup().context("cannot prepare the first sign-in")?;
    let setup = setup.map(|key| format!("{}/setup?key={}", app.settings.public_url, key.text()));
    greet(config, listen, setup.as_deref(), app.engine().encoder());
    let (stop, stopped) = watch::channel(false);
    let ended = |mut stopped: watch::Receiver<bool>| async move {
        // An error means that the sender is gone, which is the end as well.
        drop(stopped.wait_for(|stop| *stop).await);
    };
    let ops = ops.map(|listener| {
        let (router, ended) = (web::router::ops(&app), ended(stopped.clone()));
        tokio::spawn(web::server::serve(listener, router, ended))
    });
    let public = web::server::serve(public, web::router::public(&app), ended(stopped));
    let public = tokio::spawn(public);
    signal().await?;
    app.stop_being_ready();
    tokio::select! {
        () = tokio::time::sleep(GOODBYE) => {}
        _ = signal() => return Ok(ExitCode::SUCCESS),
    }
    // Nobody listens any more only if both listeners have ended by themselves.
    let _ = stop.send(true);
    let drained = async {
        drop(public.await);
        if let Some(ops) = ops {
            drop(ops.await);
        }
    };
    tokio::select! {
        () = drained => {}
        _ = signal() => tracing::warn!("stopped at once; requests under way were cut off"),
    }
    if let Err(error) = app.searches.store(app.engine().store()) {
        tracing::warn!("the last searches were not counted: {error}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The engine, and the key of this data directory.
fn open(config: &Config, data: &DataDir) -> anyhow::Result<(Engine, [u8; 32])> {
    let store = SqliteStore::open(&data.events())?;
    // A backup may have been restored, or an erasure cut off.
    let erased = Erasures::new(data).apply(&store, now())?;
    if !erased.is_empty() {
        tracing::warn!(tickets = erased.len(), "erased again what had been erased before");
    }
    let key = redaction_key(&data.redaction_key())?;
    let places = Places {
        kb: config.kb.clone(),
        indexes: Some(data.indexes()),
        bilingual: super::lexicon::open(data.path(), config.lexicon.as_deref())?,
    };
    let encoder = encoder::open(&config.encoder, &data.models())?;
    let store = Box::new(store);
    Ok((Engine::open_with(places, store, Redactor::new(key), encoder.as_ref())?, key))
}

pub(super) fn create_dir(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// The key that marks equal secrets alike: made once, kept beside the events, readable by us alone.
#[expect(clippy::disallowed_methods, reason = "serve opens what the server keeps")]
pub(super) fn redaction_key(path: &Path) -> anyhow::Result<[u8; 32]> {
    let problem = || format!("cannot use the key `{}`", path.display());
    if let Ok(bytes) = std::fs::read(path) {
        let length = bytes.len();
        return bytes.try_into().map_err(|_| {
            let path = path.display();
            anyhow::anyhow!(
                "the key `{path}` has {length} bytes, not 32; move it away to make a new one"
            )
        });
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    write_private(path, &key).with_context(problem)?;
    Ok(key)
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on `{address}`; choose another with {flag}"))
}

/// Resolves when somebody asks the server to stop.
async fn signal() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        tokio::select! {
            _ = term.recv() => Ok(()),
            result = tokio::signal::ctrl_c() => result.context("cannot listen for ctrl-c"),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("cannot listen for ctrl-c")
}

/// Says where to go next.
#[expect(clippy::print_stdout, reason = "the greeting is this command's output")]
fn greet(config: &Config, listen: SocketAddr, setup: Option<&str>, encoder: Option<&str>) {
    let root = format!("http://{listen}");
    println!("zhinan serves {} on {root}", config.kb.display());
    println!("  help centre   {root}/en/   {root}/zh/");
    println!("  for staff     {root}/agent");
    if let Some(link) = setup {
        println!("  first sign-in {link}");
        println!("                (once: makes the first administrator)");
    }
    if !listen.ip().is_loopback() && !config.public_url.starts_with("https://") {
        println!("  warning       passwords travel in the open; set public_url to https://…");
    }
    println!("  API           {root}/openapi.json");
    if let Some(ops) = config.ops_listen {
        println!("  operators     http://{ops}/readyz   http://{ops}/metrics");
    }
    let encoder = encoder.unwrap_or("none; scripts/fetch-encoder gets one");
    println!("  encoder       {encoder}");
    println!("  try           curl '{root}/api/v1/search?q=transaction+pending'");
    println!(
        "                curl {root}/api/v1/suggest --json '{{\"text\":\"银行卡被拒绝了怎么办\"}}'"
    );
    println!("stop with ctrl-c");
}
