//! `plummet serve`: web and workers in one process, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actions::{Instance, Plummet};
use anyhow::Context;
use axum::serve::ListenerExt;
use jobs::{Clock, Jobs};
use secrecy::ExposeSecret;
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{Ended, setup_link};
use crate::config::Config;
use crate::{program, web};

/// How long requests and checks in flight may go on after a stop was asked for.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> anyhow::Result<Ended> {
    let stop = stop_on_signal()?;
    serve(config, None, stop).await
}

/// Serves until `stop`. `demo_shop` is the base URL of the demo shop, if it runs.
pub async fn serve(config: Config, demo_shop: Option<String>, stop: CancellationToken) -> anyhow::Result<Ended> {
    let (listener, bound) = listen(config.web.listen, "PLUMMET_LISTEN").await?;
    let store = program::open_alone(&config).await?;
    let plummet = start(&config, store.clone(), bound, demo_shop).await?;
    announce(&config, &plummet).await?;

    let app = web::router(plummet.clone(), stop.clone());
    // Without this, the second half of an answer waits for the client's delayed ACK, 40 ms.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let served = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = served => served.context("the web server stopped")?,
        () = async { stop.cancelled().await; tokio::time::sleep(STOP_PATIENCE).await; } => {
            tracing::warn!("some requests were not answered in time and are cut off");
        }
    }
    plummet.jobs.stop(STOP_PATIENCE).await;
    if !actions::needs_setup(&plummet).await? {
        program::remove_secret(&program::setup_link_path(&config))?;
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(Ended::Done)
}

async fn start(config: &Config, store: Arc<dyn Store>, bound: SocketAddr, demo_shop: Option<String>) -> anyhow::Result<Plummet> {
    let jobs = Jobs::start(config.jobs(bound), store.clone(), Clock::System).await?;
    let sends_mail = config.mail.smtp_url.is_some();
    Ok(Plummet::new(store, jobs, Clock::System, Instance { public_url: config.web.url(bound), demo_shop, sends_mail }))
}

/// Says where the program is and, while there is no account, how to make the first.
async fn announce(config: &Config, plummet: &Plummet) -> anyhow::Result<()> {
    let url = &plummet.instance.public_url;
    println!("Plummet is at {url}");
    if actions::needs_setup(plummet).await? {
        let token = actions::new_setup_link(&plummet.operator()).await?;
        let link = setup_link::link(url, token.expose_secret());
        program::write_secret(&program::setup_link_path(config), &link)?;
        println!("Create the first account within 24 hours: {link}");
    } else {
        program::remove_secret(&program::setup_link_path(config))?;
    }
    Ok(())
}

/// Listens at an address, or says which variable names another one.
pub async fn listen(address: SocketAddr, variable: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address}; stop the program that does, or set {variable} to another address and port")
    })?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// A token that SIGTERM or SIGINT cancels. A second signal ends the program at once.
pub fn stop_on_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let asked = stop.clone();
    tokio::spawn(async move {
        let mut next = async || tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} };
        next().await;
        tracing::info!("stopping: what is in flight is finished first");
        asked.cancel();
        next().await;
        std::process::exit(1);
    });
    Ok(stop)
}
