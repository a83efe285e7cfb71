//! A Plummet in a temporary folder, with a clock that the test moves.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::time::{HOUR, SECOND};
use domain::tracking::{Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{Channel, Currency, Locale, ProductState, ProductUrl, Tracking, UserId};
use store::sqlite::SqliteStore;
use store::{NewTracking, NewUser, Store, Totals, Window};
use tempfile::TempDir;

use super::shop::Shop;
use crate::config::{FetchConfig, JobsConfig, LimitsConfig, MailConfig, PaceConfig, ProxiesConfig, UserAgent};
use crate::context::JobContext;
use crate::limiter::InProcessLimiter;
use crate::queue::InProcessQueue;
use crate::seal::SecretKey;
use crate::{Clock, Jobs};

pub(super) struct World {
    _folder: TempDir,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) config: JobsConfig,
    pub(super) user: UserId,
}

impl World {
    /// A Plummet that may open this shop, without a budget.
    pub(super) async fn new(shop: &Shop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("plummet.db")).await.unwrap());
        let clock = Clock::fixed("2026-01-05T09:00:00Z".parse().unwrap());
        let user = UserId(uuid::Uuid::from_u128(1));
        let account = User {
            id: user,
            email: "anna@example.org".into(),
            role: Role::User,
            locale: Locale::best("en-IE"),
            time_zone: "Europe/Berlin".into(),
            created_at: clock.now(),
        };
        store.create_user(&NewUser { user: account, password_hash: None }).await.unwrap();
        let config = JobsConfig {
            role: crate::Role::All,
            redis_url: None,
            workers: 8,
            fetch: FetchConfig {
                allow_hosts: vec![shop.address.clone()],
                deadline: Duration::from_secs(5),
                max_body_bytes: 1 << 20,
                obey_robots: true,
                user_agent: UserAgent::default(),
            },
            limits: LimitsConfig { per_hour: Vec::new(), unlimited_hosts: vec![shop.address.clone()] },
            pace: PaceConfig::default(),
            mail: MailConfig {
                smtp_url: None,
                from: "Plummet <plummet@example.org>".into(),
                outbox: folder.path().join("outbox"),
            },
            channels: crate::config::ChannelsConfig::default(),
            proxies: ProxiesConfig::default(),
            secret_key: SecretKey::new([7; 32]),
            public_url: "https://plummet.example".into(),
            check_lease: Duration::from_secs(120),
            sweep_every: Duration::from_millis(100),
        };
        World { _folder: folder, store, clock, config, user }
    }

    /// Everything wired up and nothing running: for one handler at a time.
    pub(super) fn context(&self) -> Arc<JobContext> {
        let queue = Arc::new(InProcessQueue::new());
        let limiter = Arc::new(InProcessLimiter::new(self.clock.clone()));
        Arc::new(JobContext::new(self.config.clone(), self.store.clone(), self.clock.clone(), queue, limiter).unwrap())
    }

    /// Everything running.
    pub(super) async fn start(&self) -> Jobs {
        Jobs::start(self.config.clone(), self.store.clone(), self.clock.clone()).await.unwrap()
    }

    pub(super) async fn track(&self, product: &ProductUrl, target: Option<&str>) -> Tracking {
        let euro = Currency::from_code("EUR");
        let target = target.map(|target| TargetPrice::new(target, euro).unwrap());
        let wish = NewTracking {
            user_id: self.user,
            product: product.clone(),
            rules: Rules { target, drop: None },
            channels: vec![Channel::Email],
        };
        self.store.track(&wish, self.clock.now()).await.unwrap().tracked.tracking
    }

    pub(super) async fn product(&self, product: &ProductUrl) -> ProductState {
        self.store.find_product(product.product_id()).await.unwrap().expect("the product is known")
    }

    pub(super) async fn totals(&self) -> Totals {
        self.store.totals(self.clock.now()).await.unwrap()
    }

    /// The inbox, newest first.
    pub(super) async fn inbox(&self) -> Vec<store::InboxEntry> {
        self.store.list_inbox(self.user, Window { limit: 50, offset: 0 }).await.unwrap().rows
    }

    pub(super) fn outbox(&self) -> PathBuf {
        self.config.mail.outbox.clone()
    }

    /// The mails that were written.
    pub(super) fn mails(&self) -> Vec<(String, String)> {
        let Ok(files) = std::fs::read_dir(self.outbox()) else { return Vec::new() };
        let mut mails: Vec<_> = files
            .map(|file| file.unwrap())
            .map(|file| (file.file_name().into_string().unwrap(), std::fs::read_to_string(file.path()).unwrap_or_default()))
            .filter(|(name, _)| name.ends_with(".eml"))
            .collect();
        mails.sort();
        mails
    }

    pub(super) fn pass_hours(&self, hours: i64) {
        self.clock.advance(hours * HOUR);
    }

    pub(super) fn pass_seconds(&self, seconds: i64) {
        self.clock.advance(seconds * SECOND);
    }
}
