//! What a person can do: sign in, track, change, remove, check now, read. Each is one function, used by the pages and by the
//! HTTP API alike, so that both obey the same rules and say the same words.

mod accounts;
mod admin;
mod channels;
mod error;
mod links;
mod lists;
mod operator;
mod passwords;
mod preferences;
mod products;
mod proxies;
mod refusal;
mod rules;
mod secrets;
mod settings;
mod sharing;
mod throttle;
mod track;
mod trackings;
mod transfer;

use std::sync::Arc;

use domain::user::{Role, Scope, User};
use jobs::{Clock, Jobs};
use store::Store;

pub use accounts::{
    NewAccount, Secret, SignedIn, create_first_admin, find_setup_link, needs_setup, session_viewer, sign_in, sign_out,
    token_viewer,
};
pub use admin::{change_role, failing_products, list_accounts, totals};
pub use channels::{
    ChannelView, NewChannel, Switch, add_channel, confirm_channel, list_channels, remove_channel, send_channel_code,
    switch_channel, test_channel,
};
pub use error::{ActionError, Result};
pub use links::{Feed, LinkView, feed, find_link, follow_link};
pub use lists::{
    MOST_AT_ONCE, ManyChange, SearchSort, alerts_of, biggest_falls, change_many, find_watchlist, same_elsewhere, search_sorted,
};
pub use operator::{Operator, add_user, create_token, new_setup_link, promote, set_password};
pub use preferences::{PreferencesEdit, change_preferences, feed_link, preferences, renew_feed_link};
pub use products::{History, HistoryWindow, ProductView, check_now, find_product, history, preview, search};
pub use proxies::{ProxyEdit, ProxyStatus, ProxyView, add_proxy, change_proxy, list_proxies, remove_proxy, test_proxy};
pub use settings::{Profile, change_profile};
pub use sharing::{TokenWish, find_share_of, find_shared, list_tokens, make_token, revoke_token, share, token_name, unshare};
pub use throttle::Throttle;
pub use track::{TrackRequest, TrackStatus, TrackedNow, track};
pub use trackings::{
    TrackingEdit, WatchlistView, change_tracking, inbox, list_trackings, mark_read, remove_tracking, unread, watchlist,
};
pub use transfer::{Exported, ImportDone, Imported, MOST_IMPORTED, all_trackings, export, import, parse_import};

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
    /// Wrong passwords of late.
    pub throttle: Arc<Throttle>,
}

impl Plummet {
    /// The operator of this program.
    pub fn operator(&self) -> Operator {
        Operator { store: self.store.clone(), clock: self.clock.clone() }
    }

    /// The running program.
    pub fn new(store: Arc<dyn Store>, jobs: Jobs, clock: Clock, instance: Instance) -> Self {
        Plummet { store, jobs, clock, instance: Arc::new(instance), throttle: Arc::default() }
    }
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

impl Viewer {
    /// Somebody with a session: they may do what their account may.
    pub fn by_session(user: User) -> Self {
        let scope = most(user.role);
        Viewer { user, scope }
    }

    /// Somebody with a token of a scope; never more than the account itself may by now.
    pub fn by_token(user: User, scope: Scope) -> Self {
        let scope = scope.min(most(user.role));
        Viewer { user, scope }
    }

    /// Whether this may see and change what is other people's.
    pub fn is_admin(&self) -> bool {
        self.scope == Scope::Admin
    }

    /// Refuses what the scope does not hold.
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.scope >= scope { Ok(()) } else { Err(ActionError::Forbidden(scope.as_str())) }
    }
}

/// The widest scope of a role.
fn most(role: Role) -> Scope {
    match role {
        Role::User => Scope::Track,
        Role::Admin => Scope::Admin,
    }
}
