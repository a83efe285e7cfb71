//! The proxies, for admins.

use actions::{ProxyEdit, ProxyView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{ProxyId, Timestamp};
use jobs::{ProxyTest, ShopHealth};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Fields;
use super::caller::{Caller, Id};
use super::problem::Problem;
use crate::web::WebState;

/// What a proxy is made of, or changed to.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says in the description what `Fields` reads")]
struct ProxyBody {
    /// What it is called; by default its address.
    name: Option<String>,
    /// `http://`, `https://`, `socks5://` (names are resolved here) or `socks5h://` (by the proxy), user and password if it wants any,
    /// host and port. With `***` in place of user and password, as answers have it, they stay.
    #[schema(example = "http://user:password@proxy.example:3128")]
    url: Option<String>,
    /// Whether it may be used.
    enabled: Option<bool>,
}

/// A proxy. User and password are never told.
#[derive(Serialize, ToSchema)]
pub struct ProxyRow {
    #[schema(value_type = Uuid)]
    proxy_id: ProxyId,
    name: String,
    #[schema(example = "http://***@proxy.example:3128")]
    url: String,
    /// `configuration`, or `admin`: only those can be changed here.
    source: &'static str,
    enabled: bool,
    /// `working`, `paused`, `disabled` or `unusable`.
    status: &'static str,
    /// What is or was wrong, and what to do.
    problem: Option<String>,
    /// Until when no request goes through it.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Timestamp>,
    /// Shops that paused it, or do not answer through it.
    shops: Vec<ShopRow>,
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Timestamp>,
}

/// How a shop likes a proxy.
#[derive(Serialize, ToSchema)]
pub struct ShopRow {
    /// The platform, or the host where it has a budget of its own.
    shop: String,
    /// Until when the proxy is not used for it.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Timestamp>,
    /// Pauses in a row, each longer.
    pauses: u32,
    /// Requests in a row without an answer.
    unanswered: u32,
}

/// All proxies.
#[derive(Serialize, ToSchema)]
pub struct ProxyList {
    proxies: Vec<ProxyRow>,
}

/// A proxy that was removed.
#[derive(Serialize, ToSchema)]
pub struct RemovedProxy {
    success: bool,
    #[schema(example = "Proxy removed")]
    message: &'static str,
}

/// Which page is opened.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says in the description what `Fields` reads")]
struct TestBody {
    /// A page of a shop. Private addresses are refused, and the shop's limit counts.
    #[schema(example = "https://shop.example/product")]
    url: String,
}

/// How a page was opened through a proxy.
#[derive(Serialize, ToSchema)]
pub struct TestAnswer {
    /// Whether the shop answered, whatever it said.
    success: bool,
    /// What was read: `offer`, `no_price`, `blocked`, …
    outcome: Option<&'static str>,
    /// What was wrong, and what to do.
    detail: Option<String>,
    took_ms: u128,
}

/// List the proxies
///
/// Health is as this process knows it; blocks by shops as all processes do.
#[utoipa::path(
    get,
    path = "/admin/proxies",
    responses(
        (status = 200, body = ProxyList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(state): State<WebState>, Caller(viewer): Caller) -> Result<Json<ProxyList>, Problem> {
    let proxies = actions::list_proxies(&state.plummet, &viewer).await?;
    Ok(Json(ProxyList { proxies: proxies.into_iter().map(row).collect() }))
}

/// Add a proxy
///
/// Every process uses it within half a minute.
#[utoipa::path(
    post,
    path = "/admin/proxies",
    request_body = ProxyBody,
    responses(
        (status = 201, body = ProxyRow),
        (status = "4XX", description = "Nothing was stored", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn add(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    fields: Fields,
) -> Result<(StatusCode, Json<ProxyRow>), Problem> {
    let added = actions::add_proxy(&state.plummet, &viewer, edit(fields)?).await?;
    Ok((StatusCode::CREATED, Json(row(added))))
}

/// Change a proxy
///
/// What is not given stays.
#[utoipa::path(
    put,
    path = "/admin/proxies/{proxy_id}",
    params(("proxy_id" = Uuid, Path)),
    request_body = ProxyBody,
    responses(
        (status = 200, body = ProxyRow),
        (status = "4XX", description = "Nothing was changed", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Id(id): Id,
    fields: Fields,
) -> Result<Json<ProxyRow>, Problem> {
    Ok(Json(row(actions::change_proxy(&state.plummet, &viewer, ProxyId(id), edit(fields)?).await?)))
}

/// Remove a proxy
#[utoipa::path(
    delete,
    path = "/admin/proxies/{proxy_id}",
    params(("proxy_id" = Uuid, Path)),
    responses(
        (status = 200, body = RemovedProxy),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(State(state): State<WebState>, Caller(viewer): Caller, Id(id): Id) -> Result<Json<RemovedProxy>, Problem> {
    actions::remove_proxy(&state.plummet, &viewer, ProxyId(id)).await?;
    Ok(Json(RemovedProxy { success: true, message: "Proxy removed" }))
}

/// Open a page through a proxy
///
/// Also one that is paused or switched off; one that works is used again at once.
#[utoipa::path(
    post,
    path = "/admin/proxies/{proxy_id}/test",
    params(("proxy_id" = Uuid, Path)),
    request_body = TestBody,
    responses(
        (status = 200, body = TestAnswer),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn test(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Id(id): Id,
    fields: Fields,
) -> Result<Json<TestAnswer>, Problem> {
    let page = fields.only(&["url"])?.text("url")?;
    let answer = match actions::test_proxy(&state.plummet, &viewer, ProxyId(id), page.as_deref()).await? {
        ProxyTest::Answered { outcome, detail, took } => {
            TestAnswer { success: true, outcome: Some(outcome), detail, took_ms: took.as_millis() }
        }
        ProxyTest::Failed { detail, took } => {
            TestAnswer { success: false, outcome: None, detail: Some(detail), took_ms: took.as_millis() }
        }
        ProxyTest::NotBefore(at) => return Err(actions::ActionError::NotBefore(at).into()),
    };
    Ok(Json(answer))
}

fn edit(fields: Fields) -> Result<ProxyEdit, Problem> {
    let fields = fields.only(&["name", "url", "enabled"])?;
    Ok(ProxyEdit { name: fields.text("name")?, url: fields.text("url")?, enabled: fields.yes_or_no("enabled")? })
}

fn row(proxy: ProxyView) -> ProxyRow {
    ProxyRow {
        proxy_id: proxy.id,
        name: proxy.name,
        url: proxy.url,
        source: if proxy.is_configured { "configuration" } else { "admin" },
        enabled: proxy.enabled,
        status: proxy.status.as_str(),
        problem: proxy.problem,
        paused_until: proxy.paused_until,
        shops: proxy.shops.into_iter().map(shop).collect(),
        created_at: proxy.created_at,
    }
}

fn shop(health: ShopHealth) -> ShopRow {
    ShopRow { shop: health.site, paused_until: health.paused_until, pauses: health.pauses, unanswered: health.unanswered }
}
