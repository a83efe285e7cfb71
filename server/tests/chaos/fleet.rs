//! Two workers and a web under load, and the servers that they work on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::Store;
use testbed::{Postgres, Redis, Wire};

use crate::under_load::books;
use crate::under_load::load::{self, Engine, Load, Size};
use crate::under_load::program::{Acknowledged, Program, Settings};

const SIZE: Size = Size { products: 160, by_api: 4, every: 2, lease: 4 };
/// Longest time until all is well again: a lease, the time between checks, and what connecting anew takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);
/// A fleet that acknowledges so many checks after a moment is at work.
const AT_WORK: usize = 20;

pub struct Fleet {
    pub postgres: Postgres,
    pub redis: Redis,
    /// From the first worker to PostgreSQL.
    pub to_postgres: Wire,
    /// From the first worker to Redis.
    pub to_redis: Wire,
    pub load: Load,
    pub store: Arc<dyn Store>,
    pub workers: Vec<Option<Program>>,
    pub web: Option<Program>,
    /// What programs said that are no more.
    acknowledged: Acknowledged,
}

impl Fleet {
    pub async fn start() -> Self {
        let (postgres, redis) = (Postgres::start().await, Redis::start().await);
        let (to_postgres, to_redis) = (Wire::to(postgres.port()).await, Wire::to(redis.port()).await);
        let engine = Engine::Servers { database: postgres.create_database().await, redis: redis.url() };
        let load = Load::prepare(SIZE, engine).await;
        let store = load.open().await;
        let (workers, acknowledged) = (vec![None, None], Acknowledged::default());
        let mut fleet = Fleet { postgres, redis, to_postgres, to_redis, load, store, workers, web: None, acknowledged };
        fleet.start_worker(0);
        fleet.start_worker(1);
        fleet.start_web();
        fleet
    }

    pub fn settings(&self) -> Settings {
        self.load.settings().with("PLUMMET_URL", "http://127.0.0.1:8480")
    }

    pub fn start_worker(&mut self, index: usize) {
        let mut settings = self.settings();
        if index == 0 {
            let database = format!("postgres://plummet@127.0.0.1:{}/test_1", self.to_postgres.port());
            let redis = format!("redis://127.0.0.1:{}/", self.to_redis.port());
            settings = settings.with("DATABASE_URL", database).with("REDIS_URL", redis);
        }
        self.workers[index] = Some(Program::start(&settings, "worker"));
    }

    pub fn start_web(&mut self) {
        self.web = Some(Program::start(&self.settings(), "web"));
    }

    /// SIGKILL; what it had said counts.
    pub fn kill_worker(&mut self, index: usize) {
        let killed = self.workers[index].take().unwrap().kill();
        self.acknowledged.extend(killed);
    }

    pub fn kill_web(&mut self) {
        let killed = self.web.take().unwrap().kill();
        self.acknowledged.extend(killed);
    }

    /// SIGTERM; it must end in peace.
    pub fn stop_worker(&mut self, index: usize) {
        let (status, said) = self.workers[index].take().unwrap().terminate();
        assert_eq!(status, Some(0), "a worker was stopped in peace");
        self.acknowledged.extend(said);
    }

    fn heard(&self) -> Acknowledged {
        let mut all = self.acknowledged.clone();
        for program in self.workers.iter().chain([&self.web]).flatten() {
            all.extend(program.heard());
        }
        all
    }

    /// Moves all prices, and waits until the first of the many checks that see it are acknowledged: the fault comes in the middle.
    pub async fn is_at_work(&self) {
        self.load.move_prices();
        let (before, until) = (self.heard().checks.len(), Instant::now() + PATIENCE);
        while self.heard().checks.len() < before + AT_WORK {
            assert!(Instant::now() < until, "nothing is checked");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How things are for a while. The prices move meanwhile.
    pub async fn endures(&self, time: Duration) {
        self.load.move_prices();
        tokio::time::sleep(time).await;
    }

    /// Waits until everything was checked since, and looks at the books.
    pub async fn recovers_from(&self, fault: &str) {
        let began = Instant::now();
        self.load.until_quiet(&*self.store, load::now(), PATIENCE).await;
        println!("after {fault}: all checked again and all told within {:.1} s", began.elapsed().as_secs_f64());
        books::every_acknowledged_check_is_there(&*self.store, &self.heard()).await;
        books::every_alert_was_told_once(&*self.store, &self.load).await;
    }

    pub async fn ends_in_peace(mut self) {
        self.load.forget_strays(&*self.store).await;
        for index in 0..self.workers.len() {
            self.stop_worker(index);
        }
        // A slow page may have been recorded last of all: what its change calls for is done by the next start.
        self.start_worker(1);
        self.load.until_quiet(&*self.store, load::now(), PATIENCE).await;
        self.stop_worker(1);
        let (status, said) = self.web.take().unwrap().terminate();
        assert_eq!(status, Some(0), "the web was stopped in peace");
        self.acknowledged.extend(said);
        books::every_acknowledged_check_is_there(&*self.store, &self.acknowledged).await;
        books::nothing_is_left_over(&*self.store, &self.load).await;
        self.store.close().await;
    }
}
