//! What every running program does: listen, and stop when it is told to.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long requests and checks in flight may go on after a stop was asked for.
pub const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// Listens at an address, or says which variable names another one.
pub async fn listen(address: SocketAddr, variable: &str) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address}; stop the program that does, or set {variable} to another address and port")
    })?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// Answers until `stop`, and then what is still in flight.
pub async fn answer(listener: TcpListener, app: Router, stop: CancellationToken) -> anyhow::Result<()> {
    // Without this, the second half of an answer waits for the client's delayed ACK, 40 ms.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let served = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = served => served.context("the web server stopped"),
        () = async { stop.cancelled().await; tokio::time::sleep(STOP_PATIENCE).await; } => {
            tracing::warn!("some requests were not answered in time and are cut off");
            Ok(())
        }
    }
}

/// A token that is cancelled some time after another: requests are taken so long, while readiness says no already.
pub fn later(stop: &CancellationToken, drain: Duration) -> CancellationToken {
    let later = CancellationToken::new();
    let (asked, at_last) = (stop.clone(), later.clone());
    tokio::spawn(async move {
        asked.cancelled().await;
        tokio::time::sleep(drain).await;
        at_last.cancel();
    });
    later
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
