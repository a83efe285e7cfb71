//! The load: a shop whose prices move, and people who wait for them to fall.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::tracking::{Rules, TargetPrice, Tracking};
use domain::{Channel, ProductId, ProductUrl, Timestamp, TrackingId, UserId};
use server::demo_shop::{self, Change, DemoShop};
use store::postgres::{PostgresOptions, PostgresStore};
use store::sqlite::SqliteStore;
use store::{NewTracking, Owned, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::program::{Program, Settings};

pub const PEOPLE: [&str; 2] = ["anna@example.org", "ben@example.org"];

/// Numbers that look like chance (SplitMix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A tracking as it was before anything happened.
pub type Wish = (UserId, ProductUrl, Rules);

/// How much there is to do.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Products in all.
    pub products: u32,
    /// Those whose trackings come in by the HTTP API.
    pub by_api: u32,
    /// Seconds between two checks of a product.
    pub every: u32,
    /// Seconds for which work is left to who took it.
    pub lease: u32,
}

/// Where the truth is, and by what processes reach each other.
#[derive(Clone, Debug)]
pub enum Engine {
    /// A file in the data folder, for one process.
    File,
    /// A PostgreSQL and a Redis.
    Servers { database: String, redis: String },
}

pub struct Load {
    size: Size,
    engine: Engine,
    folder: TempDir,
    shop: DemoShop,
    port: u16,
    epoch: AtomicU64,
    pub people: Vec<UserId>,
    pub wishes: Vec<Wish>,
    /// Products that nobody waits for: pages of trouble.
    pub strays: Vec<ProductId>,
    stop: CancellationToken,
}

impl Load {
    /// Starts the shop, makes accounts by the command line, and trackings by the HTTP API and by the store.
    pub async fn prepare(size: Size, engine: Engine) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shop, stop) = (DemoShop::new(7), CancellationToken::new());
        tokio::spawn(demo_shop::serve(listener, shop.clone(), stop.clone()));
        let folder = TempDir::new().unwrap();
        let (epoch, people, wishes) = (AtomicU64::new(0), Vec::new(), Vec::new());
        let mut load = Load { size, engine, folder, shop, port, epoch, people, wishes, strays: Vec::new(), stop };
        let settings = load.settings();
        for email in PEOPLE {
            settings.run(&["user", "add", "--email", email, "--password-stdin"], "a sentence is easy to keep\n");
        }
        let store = load.open().await;
        for email in PEOPLE {
            load.people.push(store.find_credentials(email).await.unwrap().unwrap().user.id);
        }
        load.wishes = load.all_wishes();
        load.track_by_store(&*store).await;
        load.track_by_api(&*store).await;
        store.close().await;
        load
    }

    pub fn settings(&self) -> Settings {
        let host = format!("shop.localhost:{}", self.port);
        let settings = Settings::default()
            .with("PLUMMET_DATA", self.folder.path().to_str().unwrap())
            .with("PLUMMET_LISTEN", "127.0.0.1:0")
            .with("PLUMMET_ALLOW_HOSTS", &host)
            .with("PLUMMET_UNLIMITED_HOSTS", &host)
            .with("PLUMMET_CHECK_EVERY", format!("{host}={}", self.size.every))
            .with("PLUMMET_LEASE_SECONDS", self.size.lease.to_string())
            .with("PLUMMET_WORKERS", "8");
        match &self.engine {
            Engine::File => settings,
            Engine::Servers { database, redis } => settings.with("DATABASE_URL", database).with("REDIS_URL", redis),
        }
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        match &self.engine {
            Engine::File => Arc::new(SqliteStore::open(&self.folder.path().join("plummet.db")).await.unwrap()),
            Engine::Servers { database, .. } => {
                let options = PostgresOptions { url: database.clone().into(), replica_url: None, max_connections: 4 };
                Arc::new(PostgresStore::open(&options).await.unwrap())
            }
        }
    }

    /// Tracks a page of trouble, for a price that it never has.
    pub async fn track_stray(&mut self, store: &dyn Store, path: &str) {
        let product = ProductUrl::parse(&format!("http://shop.localhost:{}{path}", self.port)).unwrap();
        self.strays.push(product.product_id());
        let rules = Rules { target: Some(TargetPrice::new("0.01", None).unwrap()), drop: None };
        let wish = NewTracking { user_id: self.people[0], product, rules, channels: vec![Channel::Email] };
        store.track(&wish, now()).await.unwrap();
    }

    /// Nobody tracks the pages of trouble any more.
    pub async fn forget_strays(&self, store: &dyn Store) {
        for product in &self.strays {
            if let Some(tracked) = store.find_tracking_of(self.people[0], *product).await.unwrap() {
                let which = Owned { user_id: self.people[0], tracking_id: tracked.tracking.id };
                assert!(store.remove_tracking(which).await.unwrap());
            }
        }
    }

    /// A page that no load is on, to track.
    pub fn another_page(&self, number: u32) -> String {
        self.shop.bench_url(self.port, self.size.products + number)
    }

    pub fn outbox(&self) -> std::path::PathBuf {
        self.folder.path().join("outbox")
    }

    /// Every price of the shop moves.
    pub fn move_prices(&self) {
        let epoch = self.epoch.fetch_add(1, Ordering::Relaxed) + 1;
        self.shop.change(&Change { epoch: Some(epoch), ..Change::default() }).unwrap();
    }

    /// Each person waits for each product with a target of their own, from one that is met at once to one that hardly ever is.
    fn all_wishes(&self) -> Vec<Wish> {
        let euro = "EUR".parse().ok();
        let wish = |user: UserId, page: u32| {
            let product = ProductUrl::parse(&self.shop.bench_url(self.port, page)).unwrap();
            // The usual price of a page is 20.00 and a cent a page; it moves between there and 30 % below.
            let target =
                (2_000 + i64::from(page)) * (69 + i64::from(page * 7 + u32::from(user == self.people[0]) * 13) % 30) / 100;
            let target = TargetPrice::new(&format!("{}.{:02}", target / 100, target % 100), euro).unwrap();
            (user, product, Rules { target: Some(target), drop: None })
        };
        (0..self.size.products)
            .flat_map(|page| self.people.iter().map(move |user| (*user, page)))
            .map(|(user, page)| wish(user, page))
            .collect()
    }

    fn by_api(&self) -> &[Wish] {
        &self.wishes[..self.size.by_api as usize * PEOPLE.len()]
    }

    async fn track_by_store(&self, store: &dyn Store) {
        for (user_id, product, rules) in &self.wishes[self.by_api().len()..] {
            let wish =
                NewTracking { user_id: *user_id, product: product.clone(), rules: rules.clone(), channels: vec![Channel::Email] };
            store.track(&wish, now()).await.unwrap();
        }
    }

    /// A token of one of the people.
    pub fn token(&self, email: &str) -> String {
        self.settings().run(&["token", "create", "--email", email, "--scope", "track"], "").trim().to_owned()
    }

    /// The other trackings, and the first price of all: from then on what is due is spread over time.
    async fn track_by_api(&self, store: &dyn Store) {
        let settings = self.settings();
        let tokens: Vec<(UserId, String)> = self.people.iter().copied().zip(PEOPLE.map(|email| self.token(email))).collect();
        let mut program = Program::start(&settings, "serve");
        let address = program.url().trim_start_matches("http://").to_owned();
        for (user, product, rules) in self.by_api() {
            let (_, token) = tokens.iter().find(|(other, _)| other == user).unwrap();
            let target = rules.target.as_ref().unwrap().amount();
            let body =
                format!(r#"{{"product_url":"{}","target_price":{target},"notification_channels":["email"]}}"#, product.url);
            let answer = send(&address, "POST", "/api/v1/products/track", token, &body).unwrap();
            assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        }
        self.until_quiet(store, Timestamp::EPOCH, Duration::from_secs(120)).await;
        assert_eq!(program.terminate().0, Some(0));
    }

    /// Every product, once.
    pub fn products(&self) -> Vec<ProductId> {
        let mut products: Vec<ProductId> = self.wishes.iter().map(|(_, product, _)| product.product_id()).collect();
        products.dedup();
        products
    }

    /// Waits until nothing is pending and every product was checked after `since`: no lease is stuck.
    pub async fn until_quiet(&self, store: &dyn Store, since: Timestamp, patience: Duration) {
        let until = Instant::now() + patience;
        let mut waiting = self.products();
        loop {
            let mut still = Vec::new();
            for id in waiting {
                let product = store.find_product(id).await.unwrap().unwrap();
                if product.last_ok_at.is_none_or(|at| at <= since) {
                    still.push(id);
                }
            }
            waiting = still;
            let totals = store.totals(now()).await.unwrap();
            if totals.pending_events == 0 && totals.pending_notifications == 0 && waiting.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "stuck: {} products were not checked again; {totals:?}", waiting.len());
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A wish as the store made a tracking of it.
pub fn tracking((user_id, product, rules): &Wish) -> Tracking {
    let product_id = product.product_id();
    Tracking {
        id: TrackingId::derive(*user_id, product_id),
        user_id: *user_id,
        product_id,
        rules: rules.clone(),
        channels: vec![Channel::Email],
        active: true,
        reference: None,
        alert: domain::tracking::Alert::Armed,
        told_at: None,
        revisit_at: None,
        revision: 0,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
    }
}

pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap())
}

/// The product of a page.
pub fn product_of(url: &str) -> ProductId {
    ProductUrl::parse(url).unwrap().product_id()
}

/// Sends a request and gives the whole answer.
pub fn send(address: &str, method: &str, path: &str, token: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
