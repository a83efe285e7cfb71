//! What a person can do: sign in, track, change, remove, check now, read. Each is one function, used by the pages and by the
//! HTTP API alike, so that both obey the same rules and say the same words.

mod accounts;
mod error;
mod products;
mod settings;
mod trackings;

use std::sync::Arc;

use domain::user::{Scope, User};
use jobs::{Clock, Jobs};
use store::Store;

pub use accounts::{
    NewAccount, Secret, SignedIn, add_user, create_first_admin, create_token, find_setup_link, needs_setup, new_setup_link,
    promote, session_viewer, set_password, sign_in, sign_out, token_viewer,
};
pub use error::{ActionError, Result};
pub use products::{History, HistoryWindow, ProductView, check_now, find_product, history, preview, search};
pub use settings::{Profile, change_profile};
pub use trackings::{
    TrackRequest, TrackStatus, TrackedNow, TrackingEdit, WatchlistView, change_tracking, inbox, list_trackings, mark_read,
    remove_tracking, track, unread, watchlist,
};

/// The running program, as actions need it. Cheap to clone.
#[derive(Clone)]
pub struct Plummet {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// The workers.
    pub jobs: Jobs,
    /// The time.
    pub clock: Clock,
    /// What the pages need to know about the instance.
    pub instance: Arc<Instance>,
}

/// Facts about the running instance.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// Base of links, without a slash at its end.
    pub public_url: String,
    /// Base URL of the demo shop, if it runs.
    pub demo_shop: Option<String>,
    /// Whether mails go out by SMTP (true) or into the outbox folder (false).
    pub sends_mail: bool,
}

/// Who asks: a signed-in person, or an API token's holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The account.
    pub user: User,
    /// What this session or token may do. A session may do what its account may.
    pub scope: Scope,
}
