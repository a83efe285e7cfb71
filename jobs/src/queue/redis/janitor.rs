//! What a queue in Redis needs beside its workers: finished jobs are swept out, and a loss of all data is noticed.

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Duration;

use store::redis::{LuaScript, RedisResult, cmd, pipe};
use tokio_util::sync::CancellationToken;

use super::PATIENCE;
use super::QueueName;
use super::line::{Line, MAX_DEPTH};
use super::rung::Rung;
use crate::clock::Clock;

/// How often.
const EVERY: Duration = Duration::from_secs(1);
/// Jobs that are swept out in one script: others wait for it.
const AT_ONCE: usize = 500;
/// A queue that is longer is cut: apalis fails on one of 8,000. Who exceeds [`MAX_DEPTH`] so far is not one of us.
const CUT_AT: usize = 2 * MAX_DEPTH;
/// What is known about a worker that was killed is kept for so long.
const KEEP_WORKERS: Duration = Duration::from_secs(86_400);
/// A clock that differs more from Redis' is worth a word: workers that are taken for lost do their work twice.
const SKEW: i64 = 3;
/// How often clocks are compared, in rounds.
const COMPARE_CLOCKS: u32 = 60;

static SWEEP_DONE: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("sweep_done.lua")));

/// Keeps a queue clean until the stop.
pub(super) async fn keep_clean(line: Line, rung: Arc<Rung>, stop: CancellationToken) {
    let mut known = None;
    for round in 0_u32.. {
        // What fails is tried again in a second.
        let _ = line.link.quick(PATIENCE, |_| sweep(&line)).await;
        let here = uuid::Uuid::new_v4().to_string();
        if let Ok(found) = line.link.quick(PATIENCE, |_| life(&line, &here)).await
            && known.replace(found.clone()).is_some_and(|known| known != found)
        {
            tracing::warn!(queue.name = ?line.name, "Redis has lost what was in the queue; it is rung for again");
            if line.name == QueueName::Checks {
                rung.all_lost();
            }
        }
        if round % COMPARE_CLOCKS == 0 {
            compare_clocks(&line).await;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn sweep(line: &Line) -> RedisResult<()> {
    let mut link = line.link.clone();
    let config = &line.config;
    let keys = [
        config.done_jobs_set(),
        config.dead_jobs_set(),
        config.scheduled_jobs_set(),
        config.job_data_hash(),
        config.job_meta_hash(),
    ];
    while SWEEP_DONE.run::<usize>(&mut link, &keys, &[AT_ONCE, CUT_AT]).await? >= AT_ONCE {}
    let worker = line.worker.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let about = line.key(&format!("workers:metadata:{worker}"));
    cmd("EXPIRE").arg(about).arg(KEEP_WORKERS.as_secs()).query_async(&mut link).await
}

/// The life of Redis' data: a word that is there from the first time on, and another one after a loss.
async fn life(line: &Line, new: &str) -> RedisResult<String> {
    let key = line.key("life");
    let mut ask = pipe();
    ask.cmd("SET").arg(&key).arg(new).arg("NX").ignore().cmd("GET").arg(&key);
    let (found,): (String,) = ask.query_async(&mut line.link.clone()).await?;
    Ok(found)
}

/// Throws everything away that is in a queue.
pub(super) async fn empty(line: &Line) -> RedisResult<()> {
    let (mut link, config) = (line.link.clone(), &line.config);
    let ids: Vec<String> = cmd("HKEYS").arg(config.job_data_hash()).query_async(&mut link).await?;
    for ids in ids.chunks(AT_ONCE) {
        let about: Vec<String> = ids.iter().map(|id| format!("{}:{id}", config.job_meta_hash())).collect();
        let () = cmd("UNLINK").arg(about).query_async(&mut link).await?;
    }
    let keys = [
        config.active_jobs_list(),
        config.scheduled_jobs_set(),
        config.done_jobs_set(),
        config.dead_jobs_set(),
        config.failed_jobs_set(),
        config.job_data_hash(),
        config.signal_list(),
        // Everybody notices that the jobs are gone.
        line.key("life"),
    ];
    cmd("UNLINK").arg(&keys).query_async(&mut link).await
}

/// Heartbeats carry the clock of the machine.
async fn compare_clocks(line: &Line) {
    let ask = |mut link| async move { cmd("TIME").query_async::<(i64, i64)>(&mut link).await };
    let Ok((there, _)) = line.link.quick(PATIENCE, ask).await else { return };
    let here = Clock::System.now().as_micros() / domain::time::SECOND;
    if (here - there).abs() > SKEW {
        tracing::warn!(
            clock.skew_s = here - there,
            "this machine's clock and Redis' differ; let both be set by NTP, or work is done twice"
        );
    }
}
