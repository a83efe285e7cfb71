//! Settings of the workers. `server` reads them from variables and file, and names them in its documentation.

use std::path::PathBuf;
use std::time::Duration;

use domain::next_check::Pace;
use secrecy::SecretString;

use crate::seal::SecretKey;

/// Settings of the workers.
#[derive(Clone, Debug)]
pub struct JobsConfig {
    /// What this process does of all that there is to do.
    pub role: Role,
    /// The Redis that many processes share: queue, budgets and breakers. `None` for a single process.
    pub redis_url: Option<SecretString>,
    /// How many checks run at once.
    pub workers: usize,
    /// How pages are fetched.
    pub fetch: FetchConfig,
    /// How often shops may be asked.
    pub limits: LimitsConfig,
    /// How often products are checked.
    pub pace: PaceConfig,
    /// How e-mail is sent.
    pub mail: MailConfig,
    /// How people are told elsewhere than by e-mail.
    pub channels: ChannelsConfig,
    /// The ways out.
    pub proxies: ProxiesConfig,
    /// What secrets in the database are sealed with.
    pub secret_key: SecretKey,
    /// Base of the links in messages, without a slash at its end.
    pub public_url: String,
    /// How long a claimed product is left to its worker before another may take it.
    pub check_lease: Duration,
    /// How often the sweeper looks for what is due, leased too long or unsent.
    pub sweep_every: Duration,
}

/// What a process does of all that there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    #[default]
    All,
    /// It answers people: previews and checks on demand. Everything else it rings for, and workers do it.
    Web,
    /// It schedules, checks, fans out, delivers and sweeps.
    Worker,
}

impl Role {
    /// Whether it runs jobs, and looks for what is due.
    pub fn works(self) -> bool {
        matches!(self, Role::All | Role::Worker)
    }
}

/// How pages are fetched.
#[derive(Clone, Debug)]
pub struct FetchConfig {
    /// `host:port` (or `host`) entries exempt from the private-address guard.
    pub allow_hosts: Vec<String>,
    /// From the first byte sent to the last received, redirects included.
    pub deadline: Duration,
    /// Largest body, after decompression, in bytes.
    pub max_body_bytes: usize,
    /// Whether robots.txt is obeyed.
    pub obey_robots: bool,
    /// What requests say about who asks.
    pub user_agent: UserAgent,
}

/// What requests say about who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserAgent {
    /// Direct ones say Plummet; those through a proxy have a browser's headers, a set for each proxy and shop.
    #[default]
    ByRoute,
    /// All say Plummet.
    Honest,
    /// All have a browser's headers.
    Browser,
}

/// The ways out.
#[derive(Clone, Debug, Default)]
pub struct ProxiesConfig {
    /// `http://user:password@host:port`, `https://…`, `socks5://…` or `socks5h://…`. More may be in the database.
    pub proxies: Vec<SecretString>,
    /// When requests go without a proxy.
    pub direct: DirectFallback,
}

/// When requests go without a proxy. The operator's own shops, those without a limit, are always asked directly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectFallback {
    /// Also while there are proxies, when none of them may ask a shop now.
    Always,
    /// While no proxy is set up, whether it works or not.
    #[default]
    WhenNoneConfigured,
    /// Never: without a proxy nothing is checked.
    Never,
}

/// How often shops may be asked.
#[derive(Clone, Debug, Default)]
pub struct LimitsConfig {
    /// Requests an hour by platform word (`amazon`) or host; what is not named has the defaults of the design.
    pub per_hour: Vec<(String, u32)>,
    /// Hosts (`host:port` or `*.suffix:port`) without a limit: the operator's own, the demo shop.
    pub unlimited_hosts: Vec<String>,
}

/// How often products are checked.
#[derive(Clone, Debug, Default)]
pub struct PaceConfig {
    /// Most checks a day in all; `None`: hourly on average for each product, as far as its shop allows.
    pub checks_a_day: Option<u64>,
    /// By host (`host:port` or `*.suffix:port`): the demo shop is checked every few seconds.
    pub by_host: Vec<(String, Pace)>,
}

/// How e-mail is sent.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// `smtp://`, `smtps://`, `starttls://` or `smtp://…?tls=required` URL; `None` writes `.eml` files instead.
    pub smtp_url: Option<SecretString>,
    /// The sender.
    pub from: String,
    /// Folder of the `.eml` files, one a message, named by the notification's id.
    pub outbox: PathBuf,
}

/// How people are told elsewhere than by e-mail.
#[derive(Clone, Debug, Default)]
pub struct ChannelsConfig {
    /// `host:port` (or `host`) entries that people's webhooks and servers may lead to although their address is private.
    pub allow_hosts: Vec<String>,
    /// Who sends text messages; without it there are none.
    pub sms: Option<SmsConfig>,
    /// Where bots of Telegram are asked; `None` is Telegram itself.
    pub telegram_api: Option<String>,
}

/// A service that sends text messages and is spoken to as Twilio is.
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// `https://account:token@api.twilio.com`: the base of its API with account and token.
    pub url: SecretString,
    /// The number or name that messages come from.
    pub from: String,
}

impl Default for FetchConfig {
    fn default() -> Self {
        FetchConfig {
            allow_hosts: Vec::new(),
            deadline: Duration::from_secs(20),
            max_body_bytes: 8 << 20,
            obey_robots: true,
            user_agent: UserAgent::default(),
        }
    }
}
