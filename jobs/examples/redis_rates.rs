//! What a Redis gives: jobs through the queue, permits through the limiter, reads through the cache, each beside what the bare
//! server does on the same cores in the same minute.
//!
//! `cargo run --release -p jobs --example redis_rates [seconds a line]`. It starts a Redis of its own, and ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::tracking::Rules;
use domain::user::{Role, User};
use domain::{Channel, Locale, ProductId, ProductUrl, ProxyId, Timestamp, UserId};
use jobs::Clock;
use jobs::parts::{Job, JobQueue, Limiter, RedisLimiter, RedisQueue, Route};
use store::cache::{Cache, CachedStore, InProcessCache, RedisCache};
use store::redis::{LuaScript, RedisLink, cmd, pipe};
use store::sqlite::SqliteStore;
use store::{NewTracking, NewUser, Store};

/// Requests an hour of a route that always has its whole burst.
const ENDLESS: u32 = u32::MAX;
/// Products that are read.
const PRODUCTS: u64 = 1_000;
/// Jobs that wait at once: less than a queue takes.
const WAITING: u64 = 1_500;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(3.0), |text| text.parse::<f64>())?;
    let time = Duration::from_secs_f64(seconds.clamp(0.1, 60.0));
    let redis = testbed::Redis::start().await;
    let link = RedisLink::connect(&redis.url().into()).await?;
    println!("each line: {:.1} s; Redis and its clients share the cores of this machine\n", time.as_secs_f64());
    ceilings(&link, time).await;
    limiter(&link, time).await;
    queue(&redis, time).await?;
    cache(&link, time).await
}

/// Counts what `tasks` tasks do until the time is over; `work` gives how much it did.
async fn rate<W: Future<Output = u64> + Send>(
    tasks: u64,
    time: Duration,
    work: impl Fn(u64) -> W + Send + Sync + 'static,
) -> f64 {
    let (work, done, began) = (Arc::new(work), Arc::new(AtomicU64::new(0)), Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for task in 0..tasks {
        let (work, done) = (work.clone(), done.clone());
        // Only the future has to be sent; what makes it stays.
        running.spawn(async move {
            let mut turn = task;
            while began.elapsed() < time {
                done.fetch_add(work(turn).await, Ordering::Relaxed);
                turn += tasks;
            }
        });
    }
    running.join_all().await;
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

fn line(what: &str, per_second: f64) {
    println!("{what:<58} {per_second:>12.0} /s");
}

async fn ceilings(link: &RedisLink, time: Duration) {
    for tasks in [1, 4] {
        let ping = link.clone();
        let pings = rate(tasks, time, move |_| {
            let mut link = ping.clone();
            async move {
                let mut hundred = pipe();
                for _ in 0..100 {
                    hundred.cmd("PING").ignore();
                }
                hundred.query_async::<()>(&mut link).await.map_or(0, |()| 100)
            }
        });
        line(&format!("bare PING, a hundred in a pipeline, {tasks} tasks"), pings.await);
        let (one, script) = (link.clone(), Arc::new(LuaScript::new("return 1")));
        let scripts = rate(tasks, time, move |_| {
            let (mut link, script) = (one.clone(), script.clone());
            async move { script.run::<u64>(&mut link, &["k".to_owned()], &["a"]).await.unwrap_or(0) }
        });
        line(&format!("bare EVALSHA of `return 1`, {tasks} tasks"), scripts.await);
        let get = link.clone();
        let gets = rate(tasks, time, move |_| {
            let mut link = get.clone();
            async move { cmd("GET").arg("k").query_async::<Option<String>>(&mut link).await.map_or(0, |_| 1) }
        });
        line(&format!("bare GET, {tasks} tasks"), gets.await);
    }
}

async fn limiter(link: &RedisLink, time: Duration) {
    println!();
    let limiter = Arc::new(RedisLimiter::new(link.clone(), Clock::System));
    for tasks in [1, 4] {
        // A burst of four a route: sixteen routes give sixty-four at once.
        for (batch, ways) in [(1, 1), (4, 1), (64, 16)] {
            let limiter = limiter.clone();
            let permits = rate(tasks, time, move |_| {
                let proxy = |n: u128| Some(ProxyId(uuid::Uuid::from_u128(n)));
                let routes: Vec<Route> = (0..ways).map(|n| Route::new("shop.example", Some(ENDLESS), proxy(n))).collect();
                let limiter = limiter.clone();
                async move { limiter.take(&routes, batch, Clock::System.now()).await.permits.len() as u64 }
            });
            line(&format!("permits, batches of {batch} over {ways} routes, {tasks} tasks"), permits.await);
        }
    }
}

async fn queue(redis: &testbed::Redis, time: Duration) -> anyhow::Result<()> {
    println!();
    let job = |n: u64| Job::CheckPrices { host: format!("shop-{n}.example"), products: vec![ProductId(uuid::Uuid::nil()); 64] };
    let link = RedisLink::connect(&redis.url().into()).await?;
    let new = || Arc::new(RedisQueue::new(&link, Duration::from_secs(120)));
    let (web, worker) = (new(), new());
    let ran = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    for n in 0..WAITING {
        web.push(job(n)).await?;
    }
    line("jobs of 64 products pushed, 1 task", WAITING as f64 / began.elapsed().as_secs_f64());
    let began = Instant::now();
    let count = ran.clone();
    worker.start(Arc::new(move |_| {
        let ran = count.clone();
        Box::pin(async move {
            ran.fetch_add(1, Ordering::Relaxed);
        })
    }));
    while ran.load(Ordering::Relaxed) < WAITING {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    line("jobs run by one process, none pushed meanwhile", WAITING as f64 / began.elapsed().as_secs_f64());
    let before = ran.load(Ordering::Relaxed);
    let began = Instant::now();
    let (pushing, counted) = (web.clone(), ran.clone());
    let pushed = rate(4, time, move |n| {
        let (web, ran) = (pushing.clone(), counted.clone());
        async move {
            let sent = web.push(job(n)).await.is_ok();
            if !sent {
                // Full: workers have the word.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let _ = &ran;
            u64::from(sent)
        }
    })
    .await;
    let run = (ran.load(Ordering::Relaxed) - before) as f64 / began.elapsed().as_secs_f64();
    line("jobs pushed while one process runs them, 4 tasks", pushed);
    line("jobs run while they are pushed", run);
    worker.stop(tokio::time::Instant::now() + Duration::from_secs(5)).await;
    Ok(())
}

async fn cache(link: &RedisLink, time: Duration) -> anyhow::Result<()> {
    println!();
    let folder = tempfile::tempdir()?;
    let behind: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("plummet.db")).await?);
    let ids = Arc::new(products(&behind).await?);
    let in_redis: Arc<dyn Cache> = Arc::new(RedisCache::new(link.clone()));
    let stores: [(&str, Arc<dyn Store>); 3] = [
        ("the database itself (SQLite)", behind.clone()),
        ("a cache in Redis", Arc::new(CachedStore::new(behind.clone(), in_redis))),
        ("a cache in the process", Arc::new(CachedStore::new(behind.clone(), Arc::new(InProcessCache::new())))),
    ];
    for tasks in [1, 4] {
        for (what, store) in &stores {
            let (store, ids) = (store.clone(), ids.clone());
            let reads = rate(tasks, time, move |n| {
                let (store, id) = (store.clone(), ids[n as usize % ids.len()]);
                async move { store.find_product(id).await.map_or(0, |found| u64::from(found.is_some())) }
            });
            line(&format!("products read from {what}, {tasks} tasks"), reads.await);
        }
    }
    behind.close().await;
    Ok(())
}

async fn products(store: &Arc<dyn Store>) -> anyhow::Result<Vec<ProductId>> {
    let now = Timestamp::from_micros(1_767_225_600_000_000);
    let user = User {
        id: UserId(uuid::Uuid::from_u128(1)),
        email: "anna@example.org".into(),
        role: Role::User,
        locale: Locale::best("en-IE"),
        time_zone: "Europe/Berlin".into(),
        created_at: now,
    };
    let user_id = user.id;
    store.create_user(&NewUser { user, password_hash: None }).await?;
    let mut ids = Vec::new();
    for n in 0..PRODUCTS {
        let product = ProductUrl::parse(&format!("https://shop.example/products/{n}"))?;
        let wish = NewTracking { user_id, product, rules: Rules { target: None, drop: None }, channels: vec![Channel::Email] };
        ids.push(store.track(&wish, now).await?.tracked.product.id);
    }
    Ok(ids)
}
