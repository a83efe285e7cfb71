//! How many e-mails a second leave: claimed from the outbox, written, and handed to a mail server on this machine that only takes
//! them. `cargo run --release -p jobs --example mail_rate -- 100000`

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::decide::{Reason, keys};
use domain::notification::{Alerted, Status};
use domain::tracking::{Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{Channel, Currency, EventId, Locale, Money, Notification, NotificationId, ProductUrl, Timestamp, UserId};
use jobs::{
    ChannelsConfig, Clock, FetchConfig, Jobs, JobsConfig, LimitsConfig, MailConfig, PaceConfig, ProxiesConfig, SecretKey,
};
use store::sqlite::SqliteStore;
use store::{DecidedTracking, NewTracking, NewUser, Owned, Store};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// People; each alert goes to all of them.
const PEOPLE: u64 = 100;
/// Longest time of the whole run.
const PATIENCE: Duration = Duration::from_secs(3_600);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wanted: u64 = std::env::args().nth(1).map_or(Ok(2_000), |text| text.parse()).context("say how many mails")?;
    let folder = tempfile::tempdir()?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("plummet.db")).await?);
    let mails = Arc::new(AtomicU64::new(0));
    let server = serve(mails.clone()).await?;
    let alerts = wanted.div_ceil(PEOPLE);
    fill(&*store, alerts).await?;
    let total = alerts * PEOPLE;
    println!("{total} e-mails wait, resident {} MB", resident_mb());

    let config = JobsConfig {
        role: jobs::Role::Worker,
        redis_url: None,
        workers: 1,
        fetch: FetchConfig::default(),
        limits: LimitsConfig::default(),
        pace: PaceConfig::default(),
        mail: MailConfig {
            smtp_url: Some(server.into()),
            from: "Plummet <plummet@example.org>".into(),
            outbox: folder.path().join("outbox"),
        },
        channels: ChannelsConfig::default(),
        proxies: ProxiesConfig::default(),
        secret_key: SecretKey::new([7; 32]),
        public_url: "https://plummet.example".into(),
        check_lease: Duration::from_secs(120),
        sweep_every: Duration::from_secs(1),
    };
    let began = Instant::now();
    let jobs = Jobs::start(config, store.clone(), Clock::System).await?;
    let mut said = Instant::now();
    while mails.load(Ordering::Relaxed) < total && began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if said.elapsed() > Duration::from_secs(10) {
            said = Instant::now();
            report(&mails, began);
        }
    }
    report(&mails, began);
    jobs.stop(Duration::from_secs(20)).await;
    let left = store.totals(now()).await?.pending_notifications;
    println!("{left} left in the outbox, {} taken by the server", mails.load(Ordering::Relaxed));
    anyhow::ensure!(left == 0, "not all were sent");
    Ok(())
}

fn report(mails: &AtomicU64, began: Instant) {
    let (sent, seconds) = (mails.load(Ordering::Relaxed), began.elapsed().as_secs_f64());
    println!("{sent} in {seconds:.1} s: {:.0} a second, resident {} MB", sent as f64 / seconds, resident_mb());
}

/// Puts alerts into the outbox, one to each of the people.
async fn fill(store: &dyn Store, alerts: u64) -> anyhow::Result<()> {
    let euro = Currency::from_code("EUR").context("EUR is in ISO 4217")?;
    let product = ProductUrl::parse("https://shop.example/p/1")?;
    let mut owned = Vec::new();
    for n in 0..PEOPLE {
        let id = UserId(uuid::Uuid::from_u128(u128::from(n) + 1));
        let user = User {
            id,
            email: format!("person-{n}@example.org"),
            role: Role::User,
            locale: Locale::best("de"),
            time_zone: "Europe/Berlin".into(),
            created_at: now(),
        };
        store.create_user(&NewUser { user, password_hash: None }).await?;
        let rules = Rules { target: Some(TargetPrice::new("90", Some(euro))?), ..Rules::default() };
        let wish = NewTracking { user_id: id, product: product.clone(), rules, channels: vec![Channel::Email] };
        let tracked = store.track(&wish, now()).await?.tracked;
        owned.push(Owned { user_id: id, tracking_id: tracked.tracking.id });
    }
    let mut written = 0;
    while written < alerts {
        let round = (alerts - written).min(200);
        let mut decided = Vec::new();
        for owned in &owned {
            let tracking = store.find_tracking(*owned).await?.context("it is tracked")?.tracking;
            let told = (0..round).map(|n| {
                let event_id =
                    EventId::derive(tracking.product_id, Timestamp::from_micros(i64::try_from(written + n).unwrap_or(0)));
                Notification {
                    id: NotificationId::derive(tracking.id, event_id, Channel::Email),
                    product_id: tracking.product_id,
                    tracking_id: tracking.id,
                    event_id,
                    user_id: tracking.user_id,
                    channel: Channel::Email,
                    alerted: Alerted {
                        product_name: "A kettle of enamelled steel, 1.5 l, “Ünïcode”".into(),
                        shop: "shop.example".into(),
                        product_url: "https://shop.example/p/1".into(),
                        old_price: Some(Money::new(120_00, euro)),
                        new_price: Money::new(80_00, euro),
                        observed_at: now(),
                        reason: Reason::Target { target: Money::new(90_00, euro), already_met: false },
                    },
                    status: Status::Pending,
                    attempts: 0,
                    next_attempt_at: now(),
                    last_error: None,
                    created_at: now(),
                    sent_at: None,
                    read_at: None,
                }
            });
            decided.push(DecidedTracking { keys: keys(&tracking), notifications: told.collect(), tracking });
        }
        store.record_revisits(&decided).await?;
        written += round;
    }
    Ok(())
}

/// A mail server that takes everything.
async fn serve(mails: Arc<AtomicU64>) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("smtp://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, mails.clone()));
        }
    });
    Ok(url)
}

async fn take(stream: TcpStream, mails: Arc<AtomicU64>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let (mut reader, mut line) = (BufReader::new(reader), String::new());
    writer.write_all(b"220 sink\r\n").await?;
    let mut in_data = false;
    loop {
        line.clear();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match (in_data, line.get(..4)) {
            (true, _) if line == ".\r\n" => {
                in_data = false;
                mails.fetch_add(1, Ordering::Relaxed);
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, Some("EHLO")) => b"250-sink\r\n250 8BITMIME\r\n",
            (false, Some("DATA")) => {
                in_data = true;
                b"354 go on\r\n"
            }
            (false, Some("QUIT")) => return writer.write_all(b"221 bye\r\n").await,
            (false, _) => b"250 ok\r\n",
        };
        writer.write_all(answer).await?;
    }
}

fn now() -> Timestamp {
    Clock::System.now()
}

/// Resident memory of this process, from /proc.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1024
}
