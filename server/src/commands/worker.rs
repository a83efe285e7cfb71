//! `plummet worker`: checks prices and sends messages, without a web site, until it is told to stop.

use jobs::{Clock, Jobs, Role};

use super::Ended;
use super::running::{STOP_PATIENCE, answer, listen, stop_on_signal};
use crate::config::Config;
use crate::program;
use crate::web::{self, Health};

/// Works until SIGTERM or SIGINT. Where PLUMMET_LISTEN is set, it says there how it is. `demo_shop` is the port of a demo shop that
/// runs elsewhere on this machine.
pub async fn run(mut config: Config, demo_shop: Option<u16>) -> anyhow::Result<Ended> {
    config.check_role(Role::Worker)?;
    let stop = stop_on_signal()?;
    if let Some(port) = demo_shop {
        config.admit_demo_shop(port);
    }
    let listener = match config.web.is_listen_set {
        true => Some(listen(config.web.listen, "PLUMMET_LISTEN").await?),
        false => None,
    };
    let secret_key = program::find_secret_key(&config)?;
    let opened = program::open(&config, Role::Worker).await?;
    let store = opened.store.clone();
    let jobs = Jobs::start(config.jobs(Role::Worker, config.web.listen, secret_key), store.clone(), Clock::System).await?;
    let health = Health::new(opened, jobs.clone(), stop.clone());

    match listener {
        Some((listener, bound)) => {
            println!("This worker is at http://{bound}");
            // It answers to the end: readiness says no, and liveness yes, while what is in flight is finished.
            let ended = tokio_util::sync::CancellationToken::new();
            let answering = tokio::spawn(answer(listener, web::worker_router(health), ended.clone()));
            stop.cancelled().await;
            jobs.stop(STOP_PATIENCE).await;
            ended.cancel();
            answering.await??;
        }
        None => {
            println!("This worker runs");
            stop.cancelled().await;
            jobs.stop(STOP_PATIENCE).await;
        }
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(Ended::Done)
}
