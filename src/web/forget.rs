//! Forgetting: what was erased in the store goes from memory too, and what is old enough is erased.
//!
//! A thread looks every two seconds whether anything was erased, by this server or by a command
//! beside it; then whatever keeps words of tickets reads them again. Once an hour, tickets that are
//! older than the configured age lose their words; their counts stay. Room for this on a full disk is
//! set aside here too.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::erasure::Erasures;
use crate::time::{Timestamp, now};

use super::state::App;

/// How often erasures are looked for.
const EVERY: Duration = Duration::from_secs(2);
/// How many of these looks also look for tickets that have become too old: one an hour.
const RETAIN_EVERY: u32 = 1_800;

/// Starts the thread; it ends with the server. Without `keep_days`, tickets are kept for good.
pub fn spawn(app: &Arc<App>, keep_days: Option<u32>) -> std::io::Result<()> {
    let app = Arc::downgrade(app);
    std::thread::Builder::new().name("forget".to_owned()).spawn(move || {
        let mut known = None;
        for look in 0_u32.. {
            let Some(app) = app.upgrade() else { return };
            if look.is_multiple_of(RETAIN_EVERY) {
                retain(&app, keep_days);
            }
            forget(&app, &mut known);
            // A full disk is no news here: whoever writes is told.
            drop(app.settings.data.keep_room());
            drop(app);
            std::thread::sleep(EVERY);
        }
    })?;
    Ok(())
}

/// How many were erased, and when the last was.
type Known = Option<(u64, Option<Timestamp>)>;

fn forget(app: &App, known: &mut Known) {
    match app.engine().store().erasures() {
        Ok(erasures) => {
            if known.is_some_and(|known| known != erasures) {
                app.incidents.forget();
                app.recently.forget();
                app.learner.ask();
            }
            *known = Some(erasures);
        }
        Err(error) => tracing::error!("cannot look for erasures, next try soon: {error}"),
    }
}

fn retain(app: &App, keep_days: Option<u32>) {
    let Some(days) = keep_days else { return };
    let age = SignedDuration::from_hours(i64::from(days) * 24);
    let before = now().checked_sub(age).unwrap_or(Timestamp::MIN);
    let erasures = Erasures::new(&app.settings.data);
    match erasures.older(app.engine().store(), before, now()) {
        Ok(erased) if erased.is_empty() => {}
        Ok(erased) => tracing::info!(tickets = erased.len(), days, "old tickets lost their words"),
        Err(error) => tracing::error!("old tickets were not erased, next try in an hour: {error}"),
    }
}
