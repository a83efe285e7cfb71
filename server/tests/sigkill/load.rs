//! The load: a shop whose prices move, and people who wait for them to fall.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::tracking::{Rules, TargetPrice, Tracking};
use domain::{Channel, ProductId, ProductUrl, Timestamp, TrackingId, UserId};
use server::demo_shop::{self, Change, DemoShop};
use store::sqlite::SqliteStore;
use store::{NewTracking, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::program::{Program, Settings};

/// Products whose trackings come in by the HTTP API.
const BY_API: u32 = 40;
/// Products in all.
const PRODUCTS: u32 = 1_200;
const PEOPLE: [&str; 2] = ["anna@example.org", "ben@example.org"];

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

pub struct Load {
    folder: TempDir,
    shop: DemoShop,
    port: u16,
    epoch: AtomicU64,
    pub people: Vec<UserId>,
    pub wishes: Vec<Wish>,
    stop: CancellationToken,
}

impl Load {
    /// Starts the shop, makes accounts by the command line, and trackings by the HTTP API and by the store.
    pub async fn prepare() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shop, stop) = (DemoShop::new(7), CancellationToken::new());
        tokio::spawn(demo_shop::serve(listener, shop.clone(), stop.clone()));
        let folder = TempDir::new().unwrap();
        let (epoch, people, wishes) = (AtomicU64::new(0), Vec::new(), Vec::new());
        let mut load = Load { folder, shop, port, epoch, people, wishes, stop };
        let settings = load.settings();
        for email in PEOPLE {
            settings.run(&["user", "add", "--email", email, "--password-stdin"], "a sentence is easy to keep\n");
        }
        let store = load.open().await;
        for email in PEOPLE {
            load.people.push(store.find_credentials(email).await.unwrap().unwrap().user.id);
        }
        load.wishes = load.all_wishes();
        load.track_by_store(&store).await;
        load.track_by_api(&store).await;
        store.close().await;
        load
    }

    pub fn settings(&self) -> Settings {
        Settings { data: self.folder.path().to_owned(), shop_port: self.port }
    }

    pub async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.folder.path().join("plummet.db")).await.unwrap()
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
        (0..PRODUCTS)
            .flat_map(|page| self.people.iter().map(move |user| (*user, page)))
            .map(|(user, page)| wish(user, page))
            .collect()
    }

    fn by_api(&self) -> &[Wish] {
        &self.wishes[..BY_API as usize * PEOPLE.len()]
    }

    async fn track_by_store(&self, store: &SqliteStore) {
        for (user_id, product, rules) in &self.wishes[self.by_api().len()..] {
            let wish =
                NewTracking { user_id: *user_id, product: product.clone(), rules: rules.clone(), channels: vec![Channel::Email] };
            store.track(&wish, now()).await.unwrap();
        }
    }

    /// The other trackings, and the first price of all: from then on what is due is spread over time.
    async fn track_by_api(&self, store: &SqliteStore) {
        let settings = self.settings();
        let token = |email: &str| settings.run(&["token", "create", "--email", email, "--scope", "track"], "").trim().to_owned();
        let tokens: Vec<(UserId, String)> = self.people.iter().copied().zip(PEOPLE.map(token)).collect();
        let mut program = Program::start(&settings);
        let address = program.url().trim_start_matches("http://").to_owned();
        for (user, product, rules) in self.by_api() {
            let (_, token) = tokens.iter().find(|(other, _)| other == user).unwrap();
            let target = rules.target.as_ref().unwrap().amount();
            let body =
                format!(r#"{{"product_url":"{}","target_price":{target},"notification_channels":["email"]}}"#, product.url);
            let answer = post(&address, "/api/v1/products/track", token, &body);
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
    pub async fn until_quiet(&self, store: &SqliteStore, since: Timestamp, patience: Duration) {
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

fn post(address: &str, path: &str, token: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
