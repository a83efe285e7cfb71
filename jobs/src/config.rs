//! Settings of the workers. `server` reads them from variables and file, and names them in its documentation.

use std::path::PathBuf;
use std::time::Duration;

use domain::next_check::Pace;
use secrecy::SecretString;

/// Settings of the workers.
#[derive(Clone, Debug)]
pub struct JobsConfig {
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
    /// Base of the links in messages, without a slash at its end.
    pub public_url: String,
    /// How long a claimed product is left to its worker before another may take it.
    pub check_lease: Duration,
    /// How often the sweeper looks for what is due, leased too long or unsent.
    pub sweep_every: Duration,
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
    /// For every host without an entry of its own.
    pub usual: Pace,
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

impl Default for FetchConfig {
    fn default() -> Self {
        FetchConfig { allow_hosts: Vec::new(), deadline: Duration::from_secs(20), max_body_bytes: 8 << 20, obey_robots: true }
    }
}
