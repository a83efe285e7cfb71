//! Whether the process lives, whether it may be sent work, and what it has done.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::user::Scope;
use jobs::Jobs;
use serde_json::json;
use store::redis::cmd;
use tokio_util::sync::CancellationToken;

use crate::program::Opened;
use crate::rest::{Caller, Problem};

/// Longest time for the database or Redis to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a process needs to say how it is.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

struct Inner {
    opened: Opened,
    jobs: Jobs,
    stop: CancellationToken,
}

impl Health {
    /// Of a process that works on what is opened, until `stop`.
    pub fn new(opened: Opened, jobs: Jobs, stop: CancellationToken) -> Self {
        Health(Arc::new(Inner { opened, jobs, stop }))
    }

    /// Cancelled when the process is about to stop: what stays open ends then.
    pub(super) fn stopping(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    async fn database_answers(&self) -> bool {
        match tokio::time::timeout(PATIENCE, self.0.opened.store.ping()).await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database does not answer");
                false
            }
            Err(_) => {
                tracing::warn!("the database does not answer in time");
                false
            }
        }
    }

    /// Without a Redis the queue is in the process, and answers.
    async fn queue_answers(&self) -> bool {
        let Some(redis) = &self.0.opened.redis else { return true };
        let ping = async |mut link| cmd("PING").query_async::<String>(&mut link).await;
        redis.quick(PATIENCE, ping).await.is_ok()
    }
}

/// `GET /healthz`: the process lives. Nothing outside of it is asked: restarting it would mend nothing there.
pub async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: whether requests may be sent here. 503 while the program is about to stop, or the database does not answer.
/// Without Redis everything goes on, slower: that is said, and the status is 200.
pub async fn ready(State(health): State<Health>) -> Response {
    let (database, queue) = tokio::join!(health.database_answers(), health.queue_answers());
    let is_stopping = health.0.stop.is_cancelled();
    let named = |names: &[(&'static str, bool)]| -> Vec<&'static str> {
        names.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect()
    };
    let missing = named(&[("database", !database), ("stopping", is_stopping)]);
    let status = if missing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "ready": missing.is_empty(), "missing": missing, "degraded": named(&[("queue", !queue)]) });
    (status, Json(body)).into_response()
}

/// `GET /metrics` of a worker, in Prometheus' text format. Its listener has nothing else, and is not for the outside.
pub async fn metrics(State(health): State<Health>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], health.0.jobs.metrics()).into_response()
}

/// The same of a web, for admins: everybody reaches a web.
pub async fn metrics_for_admins(State(health): State<Health>, Caller(viewer): Caller) -> Result<Response, Problem> {
    viewer.require(Scope::Admin)?;
    Ok(metrics(State(health)).await)
}

/// What a worker answers.
pub fn worker_router(health: Health) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).route("/metrics", get(metrics)).with_state(health)
}
