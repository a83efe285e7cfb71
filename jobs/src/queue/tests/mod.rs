//! What every queue must do: each case runs on both by name. What only the one in Redis can go through is in `shared`.

mod engines;
mod running;
mod shared;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use domain::{Channel, EventId, ProductId};
use store::PendingEvent;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use super::{Handler, Job, JobQueue};

/// How long a job that was pushed may take to begin.
const PROMPT: Duration = Duration::from_secs(5);

/// Where jobs arrive as they begin.
struct Begun(UnboundedReceiver<Job>);

impl Begun {
    async fn next(&mut self) -> Job {
        self.within(PROMPT).await
    }

    async fn within(&mut self, time: Duration) -> Job {
        tokio::time::timeout(time, self.0.recv()).await.unwrap_or_else(|_| panic!("no job began within {time:?}")).unwrap()
    }

    /// Until a time without jobs.
    async fn rest(&mut self, quiet: Duration) -> Vec<Job> {
        let mut rest = Vec::new();
        while let Ok(Some(job)) = tokio::time::timeout(quiet, self.0.recv()).await {
            rest.push(job);
        }
        rest
    }
}

/// Starts a queue whose jobs are told to [`Begun`]; one of the host `panic` panics, one of `hang` never ends, one of `slow` takes a
/// moment.
fn start(queue: &dyn JobQueue) -> Begun {
    let (sender, receiver) = unbounded_channel();
    queue.start(Arc::new(move |job: Job| -> futures::future::BoxFuture<'static, ()> {
        let sender = sender.clone();
        Box::pin(async move {
            let _ = sender.send(job.clone());
            match job {
                Job::CheckPrices { host, .. } if host == "panic" => panic!("a test's panic"),
                Job::CheckPrices { host, .. } if host == "hang" => std::future::pending().await,
                Job::CheckPrices { host, .. } if host == "slow" => tokio::time::sleep(Duration::from_millis(300)).await,
                _ => {}
            }
        })
    }) as Handler);
    Begun(receiver)
}

fn check(host: &str) -> Job {
    Job::CheckPrices { host: host.into(), products: vec![ProductId(uuid::Uuid::from_u128(1))] }
}

fn fan_out(n: u128) -> Job {
    let id = uuid::Uuid::from_u128(n);
    Job::FanOut(PendingEvent { product_id: ProductId(id), event_id: EventId(id) })
}

fn every_kind() -> Vec<Job> {
    let products = (0..64).map(|n| ProductId(uuid::Uuid::from_u128(n))).collect();
    vec![Job::CheckPrices { host: "shop.example:8080".into(), products }, fan_out(7), Job::Revisit, Job::Deliver(Channel::Email)]
}

async fn stop(queue: &dyn JobQueue) {
    queue.stop(Instant::now() + Duration::from_secs(5)).await;
}

/// Runs every case on a queue.
macro_rules! contract {
    ($name:ident, $engine:path) => {
        mod $name {
            cases! { $engine;
                running: every_kind_of_job_arrives_as_it_was_pushed, jobs_begin_at_once_and_a_panic_ends_only_its_own,
                    jobs_pushed_before_the_start_run_after_it, bells_are_not_stuck_behind_checks_that_hang,
                    a_stop_waits_for_what_runs_and_takes_no_more, at_its_deadline_a_stop_ends_what_hangs;
                waiting: a_bell_that_waits_is_not_hung_twice, a_bell_may_be_hung_again_as_soon_as_it_rings,
                    a_full_queue_says_so_and_takes_bells_all_the_same, checks_are_never_taken_for_each_other
            }
        }
    };
}

macro_rules! cases {
    ($engine:path; $($topic:ident: $($case:ident),+);+) => {
        $(mod $topic { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let queue = $engine().await;
                crate::queue::tests::$topic::$case(&*queue).await;
            }
        )+ })+
    };
}

contract!(in_process, crate::queue::tests::engines::in_process);
contract!(redis, crate::queue::tests::engines::redis);
