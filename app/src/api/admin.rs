//! What an admin sees.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::TimeText;

#[cfg(feature = "ssr")]
use super::state;
#[cfg(feature = "ssr")]
use crate::context;

/// How many rows a page of an admin's lists has.
pub const PAGE_ROWS: u32 = 50;

/// A number of the overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountView {
    /// What is counted.
    pub label: String,
    /// How many.
    pub count: u64,
    /// What it means if it is not as it should be; empty if all is well.
    pub note: String,
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyRow {
    /// What it is called.
    pub name: String,
    /// Its address without user and password.
    pub url: String,
    /// How it is, in a word.
    pub status: String,
    /// What is wrong with it, if anything.
    pub problem: String,
}

/// The admin's overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    /// Counts.
    pub counts: Vec<CountView>,
    /// The proxies; none means that requests go out directly.
    pub proxies: Vec<ProxyRow>,
    /// The program's version.
    pub version: String,
}

/// A product that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRow {
    /// The product.
    pub product_id: String,
    /// Its name.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// What failed, in words.
    pub label: String,
    /// The sentence about it.
    pub detail: String,
    /// How often in a row.
    pub failures: u32,
    /// When it was tried last.
    pub tried: Option<TimeText>,
    /// When it is tried next.
    pub next: TimeText,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// The account.
    pub user_id: String,
    /// Its address.
    pub email: String,
    /// `admin` or `user`.
    pub role: String,
    /// How many products it tracks.
    pub trackings: u64,
    /// The day it was made.
    pub since: String,
    /// When it last signed in, in words.
    pub signed_in: String,
    /// Whether this is the viewer.
    pub is_self: bool,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsView<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many come before.
    pub before: u64,
    /// How many there are.
    pub total: u64,
}

#[cfg(feature = "ssr")]
fn window(page: u32) -> store::Window {
    store::Window { limit: PAGE_ROWS, offset: PAGE_ROWS * (page.clamp(1, 10_000) - 1) }
}

/// The overview.
#[server]
pub async fn find_overview() -> Result<OverviewView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let totals = actions::totals(&plummet, &viewer).await.map_err(context::fail)?;
    let failing = store::Window { limit: 0, offset: 0 };
    let failing = actions::failing_products(&plummet, &viewer, failing).await.map_err(context::fail)?.total;
    let accounts = store::Window { limit: 0, offset: 0 };
    let accounts = actions::list_accounts(&plummet, &viewer, accounts).await.map_err(context::fail)?.total;
    let proxies = actions::list_proxies(&plummet, &viewer).await.map_err(context::fail)?;
    let count = |label: &str, count: u64, note: &str| CountView { label: label.into(), count, note: note.into() };
    let t = context::t;
    let counts = vec![
        count(t("Products"), totals.products, ""),
        count(t("Trackings"), totals.trackings, ""),
        count(t("Accounts"), accounts, ""),
        count(t("Price runs"), totals.price_runs, ""),
        count(t("Failing products"), failing, if failing > 0 { t("See failures.") } else { "" }),
        count(t("Due for a check"), totals.due, ""),
        count(t("Changes to be told"), totals.pending_events, ""),
        count(t("Messages to be sent"), totals.pending_notifications, ""),
    ];
    let proxy = |proxy: &actions::ProxyView| ProxyRow {
        name: proxy.name.clone(),
        url: proxy.url.clone(),
        status: proxy.status.as_str().into(),
        problem: proxy.problem.clone().unwrap_or_default(),
    };
    Ok(OverviewView { counts, proxies: proxies.iter().map(proxy).collect(), version: env!("CARGO_PKG_VERSION").into() })
}

/// Products whose last checks failed, the latest first.
#[server]
pub async fn list_failures(
    /// The page, counted from 1.
    page: u32,
) -> Result<RowsView<FailureRow>, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let show = context::show();
    let window = window(page);
    let found = actions::failing_products(&plummet, &viewer, window).await.map_err(context::fail)?;
    let row = |product: &domain::ProductState| {
        let worst = state::worst(product, None, &show);
        FailureRow {
            product_id: product.id.to_string(),
            name: state::name(product),
            shop: product.host.clone(),
            label: worst.map(|state| state.label).unwrap_or_default(),
            detail: product.last_detail.as_deref().map(super::error::sentence).unwrap_or_default(),
            failures: product.failures,
            tried: product.last_attempt_at.map(|at| show.time(at)),
            next: show.time(product.next_check_at),
        }
    };
    Ok(RowsView { rows: found.rows.iter().map(row).collect(), before: window.offset.into(), total: found.total })
}

/// All accounts, by address.
#[server]
pub async fn list_accounts(
    /// The page, counted from 1.
    page: u32,
) -> Result<RowsView<AccountRow>, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let show = context::show();
    let window = window(page);
    let found = actions::list_accounts(&plummet, &viewer, window).await.map_err(context::fail)?;
    let row = |account: &store::Account| AccountRow {
        user_id: account.user.id.to_string(),
        email: account.user.email.clone(),
        role: account.user.role.as_str().into(),
        trackings: account.trackings,
        since: show.day(account.user.created_at),
        signed_in: account.signed_in_at.map_or_else(|| context::t("not signed in").into(), |at| show.time(at).short),
        is_self: account.user.id == viewer.user.id,
    };
    Ok(RowsView { rows: found.rows.iter().map(row).collect(), before: window.offset.into(), total: found.total })
}

/// Makes an account an admin's, or a user's again.
#[server]
pub async fn change_role(
    /// The account.
    user_id: String,
    /// `admin` or `user`.
    role: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let nobody = || context::fail(actions::ActionError::NotFound("account"));
    let (account, role) = (user_id.parse().map_err(|_| nobody())?, domain::user::Role::parse(&role).ok_or_else(nobody)?);
    actions::change_role(&plummet, &viewer, account, role).await.map_err(context::fail)?;
    context::set_flash(&plummet, "role");
    Ok(())
}
