//! A check of one product: what is known before it, what came out of it, and what is to be written.

use serde::{Deserialize, Serialize};

use crate::event::PriceEvent;
use crate::ids::ProductId;
use crate::money::Money;
use crate::offer::{Availability, Evidence, ProductFacts, Reading};
use crate::platform::Platform;
use crate::time::Timestamp;

/// Why a check gave nothing that may change a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// A human check or bot wall.
    Blocked,
    /// The shop asks for fewer requests (429).
    RateLimited,
    /// No connection, or a server error.
    Unreachable,
    /// Nothing, or not all, within the deadline.
    Timeout,
    /// An empty body, or an app shell that needs JavaScript.
    Empty,
    /// A product page without a price that we are sure of.
    NoPrice,
    /// Several prices that contradict each other.
    Ambiguous,
    /// Another currency than the one tracked.
    WrongRegion,
    /// The address now leads to another product.
    Moved,
    /// The shop says that there is no such product.
    Gone,
    /// Not a page that can be read: too large, not text, broken.
    Unreadable,
    /// The shop's robots.txt excludes the page.
    NotAllowed,
    /// The address is private, or not one that may be opened.
    Refused,
}

impl FailureKind {
    /// Every kind, for tables and tests.
    pub const ALL: [FailureKind; 13] = [
        FailureKind::Blocked,
        FailureKind::RateLimited,
        FailureKind::Unreachable,
        FailureKind::Timeout,
        FailureKind::Empty,
        FailureKind::NoPrice,
        FailureKind::Ambiguous,
        FailureKind::WrongRegion,
        FailureKind::Moved,
        FailureKind::Gone,
        FailureKind::Unreadable,
        FailureKind::NotAllowed,
        FailureKind::Refused,
    ];

    /// The word in tables and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            FailureKind::Blocked => "blocked",
            FailureKind::RateLimited => "rate_limited",
            FailureKind::Unreachable => "unreachable",
            FailureKind::Timeout => "timeout",
            FailureKind::Empty => "empty",
            FailureKind::NoPrice => "no_price",
            FailureKind::Ambiguous => "ambiguous",
            FailureKind::WrongRegion => "wrong_region",
            FailureKind::Moved => "moved",
            FailureKind::Gone => "gone",
            FailureKind::Unreadable => "unreadable",
            FailureKind::NotAllowed => "not_allowed",
            FailureKind::Refused => "refused",
        }
    }

    /// The kind of a word written by [`FailureKind::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        FailureKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the shop, not this product, is the cause: such failures pause the route and are not charged to the product.
    pub const fn is_of_the_shop(self) -> bool {
        match self {
            FailureKind::Blocked | FailureKind::RateLimited | FailureKind::Unreachable | FailureKind::Timeout => true,
            FailureKind::Empty
            | FailureKind::NoPrice
            | FailureKind::Ambiguous
            | FailureKind::WrongRegion
            | FailureKind::Moved
            | FailureKind::Gone
            | FailureKind::Unreadable
            | FailureKind::NotAllowed
            | FailureKind::Refused => false,
        }
    }
}

/// An implausible reading that waits to be confirmed. It is no part of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// The price read.
    pub price: Money,
    /// When it was first read.
    pub since: Timestamp,
    /// When it was last read.
    pub last_seen_at: Timestamp,
    /// How many times in a row.
    pub sightings: u32,
}

/// An earlier price in force: an entry of [`ProductState::recent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentPrice {
    /// Since when.
    pub from: Timestamp,
    /// In minor units of the product's currency.
    pub minor: i64,
}

/// Everything known about a product: its row. Pages show it; `judge` and `next_check` decide from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductState {
    /// Derived from platform and external id.
    pub id: ProductId,
    /// The shop system.
    pub platform: Platform,
    /// What the platform calls it.
    pub external_id: String,
    /// The canonical URL: what is fetched.
    pub url: String,
    /// Host (and port, if not the scheme's) of the URL: what people call the shop.
    pub host: String,
    /// What the last good page says about it.
    pub facts: ProductFacts,
    /// Grows by one with each recorded check; a record made from an older revision is refused.
    pub revision: i64,
    /// When the product became known.
    pub created_at: Timestamp,
    /// Last good price, whatever its age.
    pub price: Option<Money>,
    /// The price of the run before the current one.
    pub previous_price: Option<Money>,
    /// Struck price of the last good page.
    pub list_price: Option<Money>,
    /// Last known stock state.
    pub availability: Availability,
    /// When the current price run began.
    pub run_from: Option<Timestamp>,
    /// Good checks in the current run.
    pub run_checks: u32,
    /// Start of the last good check.
    pub last_ok_at: Option<Timestamp>,
    /// Start of the last check, good or not.
    pub last_attempt_at: Option<Timestamp>,
    /// `offer`, `out_of_stock`, `suspect`, or a [`FailureKind`]'s word; of the last check.
    pub last_outcome: Option<String>,
    /// One sentence about a last check that failed.
    pub last_detail: Option<String>,
    /// Failed checks in a row that are charged to the product.
    pub failures: u32,
    /// An implausible reading that waits to be confirmed.
    pub suspect: Option<Suspect>,
    /// The last prices in force, newest first, at most 12, all in the currency of `price`.
    pub recent: Vec<RecentPrice>,
    /// How many active trackings it has.
    pub trackers: u32,
    /// The highest price below the present one at which somebody is to be told, in minor units; filled in for workers only.
    pub nearest_target: Option<i64>,
    /// When it is to be checked next (or, while leased, when the lease ends).
    pub next_check_at: Timestamp,
    /// HTTP validators of the last good answer.
    pub etag: Option<String>,
    /// HTTP validators of the last good answer.
    pub last_modified: Option<String>,
    /// The event that set the current price or stock state.
    pub last_event: Option<PriceEvent>,
}

/// A product that was claimed for a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueProduct {
    /// The product.
    pub id: ProductId,
    /// Its platform, for the route.
    pub platform: Platform,
    /// Its host: jobs hold products of one host.
    pub host: String,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOutcome {
    /// The product.
    pub product_id: ProductId,
    /// When the fetch began: observations are ordered by it.
    pub started_at: Timestamp,
    /// What came out; `Unchanged` for an HTTP 304.
    pub found: Found,
    /// The route must rest until then, as the shop asked (`Retry-After`) or its breaker decided.
    pub not_before: Option<Timestamp>,
    /// HTTP validators of the answer.
    pub etag: Option<String>,
    /// HTTP validators of the answer.
    pub last_modified: Option<String>,
}

/// The two ways in which a check may end.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "nearly every check has a reading; a box would cost each of them an allocation")
)]
pub enum Found {
    /// The page was read.
    Reading(Reading),
    /// The shop says that the page is as it was at the last good check.
    Unchanged,
}

/// What is to be written about one check, decided by [`crate::judge::settle`]; the store writes it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRecord {
    /// The product.
    pub product_id: ProductId,
    /// The revision that the decision was made from; another one in the store refuses the record.
    pub revision: i64,
    /// Start of the check.
    pub observed_at: Timestamp,
    /// `offer`, `out_of_stock`, `suspect`, or a [`FailureKind`]'s word.
    pub outcome: &'static str,
    /// One sentence about a check that failed.
    pub detail: Option<String>,
    /// Whether this was a good reading: moves `last_ok_at` and counts in the run.
    pub ok: bool,
    /// Failed checks in a row that are charged to the product.
    pub failures: u32,
    /// The suspect reading after this check.
    pub suspect: Option<Suspect>,
    /// A new price run that begins at `observed_at` and ends the open one.
    pub new_run: Option<NewRun>,
    /// The change that trackings may care about; its id is derived from product and `observed_at`.
    pub event: Option<PriceEvent>,
    /// Facts of the page, where it was read and they differ.
    pub facts: Option<ProductFacts>,
    /// Struck price of the page; written with every good reading.
    pub list_price: Option<Money>,
    /// Evidence, where it is worth keeping: at a new run, or when the kind of outcome changes.
    pub evidence: Option<Vec<Evidence>>,
    /// HTTP validators; kept from the last good answer.
    pub etag: Option<String>,
    /// HTTP validators; kept from the last good answer.
    pub last_modified: Option<String>,
    /// When to check next.
    pub next_check_at: Timestamp,
}

/// The start of a price run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// The price in force; `None` while the product cannot be bought and the page shows none.
    pub price: Option<Money>,
    /// The stock state in force.
    pub availability: Availability,
    /// [`ProductState::recent`] from now on.
    pub recent: Vec<RecentPrice>,
}
