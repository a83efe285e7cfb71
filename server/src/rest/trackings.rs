//! Adding, listing, changing and removing what a person tracks.

use actions::{TrackRequest, TrackStatus, TrackingEdit};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{Channel, ProductId, ProductState, Timestamp, TrackingId, UserId};
use serde::Serialize;
use store::TrackedProduct;
use utoipa::ToSchema;

use super::body::Fields;
use super::caller::{Account, Caller, Id};
use super::number::Decimal;
use super::problem::Problem;
use super::products::product_name;
use super::query::{Parameters, Rows};
use crate::web::WebState;

/// What `track` is told.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says in the description what `Fields` reads")]
struct TrackBody {
    /// The product's page; or, with `platform`, the platform's own id: an ASIN, an eBay item number.
    #[schema(example = "https://amazon.com/dp/B08XYZ1234")]
    product_url: String,
    /// The platform, if an id stands in place of the URL: `amazon`, `ebay`, `walmart`, or a marketplace such as `amazon.de`.
    platform: Option<String>,
    /// Tell at or below this price, in the product's currency.
    #[schema(value_type = Option<f64>, example = 99.99)]
    target_price: Option<Decimal>,
    /// Tell at a fall by so many percent, 1 to 99.
    percentage_drop: Option<f64>,
    /// Where to tell, beside the inbox; by default by e-mail.
    notification_channels: Option<Vec<String>>,
}

/// A tracking that was made or updated.
#[derive(Serialize, ToSchema)]
pub struct TrackAnswer {
    #[schema(value_type = Uuid)]
    tracking_id: TrackingId,
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    product_name: String,
    /// `null` until the first price is read.
    current_price: Option<Decimal>,
    target_price: Option<Decimal>,
    /// `tracking`, or `pending` until the first price is read.
    status: &'static str,
    currency: Option<&'static str>,
    percentage_drop: Option<f64>,
    notification_channels: Vec<&'static str>,
    availability: &'static str,
    product_url: String,
    /// Why there is no price yet, if the shop was asked and gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// Add a product to track
///
/// The first price is fetched before the answer where that takes under two seconds.
#[utoipa::path(
    post,
    path = "/products/track",
    request_body = TrackBody,
    responses(
        (status = 201, description = "Tracked, with its first price", body = TrackAnswer),
        (status = 202, description = "Tracked; the first price is still being read", body = TrackAnswer),
        (status = 200, description = "It was tracked already; the tracking was updated", body = TrackAnswer),
        (status = "4XX", description = "Nothing was stored", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn track(State(state): State<WebState>, Caller(viewer): Caller, fields: Fields) -> Result<Response, Problem> {
    let known = ["product_url", "product_id", "platform", "target_price", "percentage_drop", "notification_channels"];
    let fields = fields.only(&known)?;
    let (url, id) = (fields.text("product_url")?, fields.text("product_id")?);
    let request = TrackRequest {
        product: url.or(id).ok_or_else(|| Problem::of_field("product_url", "give the link of a product page"))?,
        platform: fields.text("platform")?,
        target_price: fields.number("target_price")?.flatten(),
        percentage_drop: fields.number("percentage_drop")?.flatten(),
        channels: fields.channels("notification_channels")?,
    };
    let done = actions::track(&state.plummet, &viewer, request).await?;
    let status = match done.status {
        TrackStatus::Tracking => StatusCode::CREATED,
        TrackStatus::Pending => StatusCode::ACCEPTED,
        TrackStatus::Updated => StatusCode::OK,
    };
    Ok((status, Json(track_answer(&done.tracked))).into_response())
}

fn track_answer(tracked: &TrackedProduct) -> TrackAnswer {
    let (tracking, product) = (&tracked.tracking, &tracked.product);
    TrackAnswer {
        tracking_id: tracking.id,
        product_id: product.id,
        product_name: product_name(product),
        current_price: product.price.map(Decimal::of),
        target_price: tracking.rules.target.as_ref().map(Decimal::of_target),
        status: if product.price.is_some() { "tracking" } else { "pending" },
        currency: product.price.map(|price| price.currency.code()),
        percentage_drop: tracking.rules.drop.map(|drop| drop.percent()),
        notification_channels: words(&tracking.channels),
        availability: product.availability.as_str(),
        product_url: product.url.clone(),
        problem: first_problem(product),
    }
}

/// What came of a first check that gave no price.
fn first_problem(product: &ProductState) -> Option<Problem> {
    if product.price.is_some() {
        return None;
    }
    let outcome = product.last_outcome.as_deref().filter(|outcome| domain::FailureKind::parse(outcome).is_some())?;
    let (shop, why) = (&product.host, product.last_detail.as_deref().unwrap_or("the shop gave no price"));
    let detail = format!("`{shop}` gave no price yet: {why}; it is tracked, and asked again");
    Some(Problem::new(StatusCode::BAD_GATEWAY, outcome, detail))
}

/// What a person tracks.
#[derive(Serialize, ToSchema)]
pub struct TrackingRow {
    #[schema(value_type = Uuid)]
    tracking_id: TrackingId,
    product: TrackedRow,
    target_price: Option<Decimal>,
    is_active: bool,
    percentage_drop: Option<f64>,
    notification_channels: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A tracked product in a list.
#[derive(Serialize, ToSchema)]
pub struct TrackedRow {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    product_name: String,
    current_price: Option<Decimal>,
    /// The last change of the price; negative if it fell.
    price_change: Option<Decimal>,
    /// The same in percent of the price before, with two decimals.
    percentage_change: Option<Decimal>,
    /// When the price was last read; `null` until the first time.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_checked_at: Option<Timestamp>,
    currency: Option<&'static str>,
    availability: &'static str,
    platform: &'static str,
    product_url: String,
}

/// A page of what a person tracks.
#[derive(Serialize, ToSchema)]
pub struct TrackingList {
    trackings: Vec<TrackingRow>,
    /// How many there are in all.
    total: u64,
    limit: u32,
    offset: u32,
}

/// List a user's trackings
///
/// Newest first. `me` may stand in place of the id. A user sees their own only, an admin anyone's.
#[utoipa::path(
    get,
    path = "/users/{user_id}/trackings",
    params(("user_id" = String, Path, description = "The account's id, or `me`"), Rows),
    responses(
        (status = 200, body = TrackingList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Account(account): Account,
    Parameters(rows): Parameters<Rows>,
) -> Result<Json<TrackingList>, Problem> {
    let (user, window) = (account.map_or(viewer.user.id, UserId), rows.window());
    let page = actions::list_trackings(&state.plummet, &viewer, user, window).await?;
    let trackings = page.rows.iter().map(tracking_row).collect();
    Ok(Json(TrackingList { trackings, total: page.total, limit: window.limit, offset: window.offset }))
}

fn tracking_row(tracked: &TrackedProduct) -> TrackingRow {
    let (tracking, product) = (&tracked.tracking, &tracked.product);
    let change = product.price.zip(product.previous_price);
    TrackingRow {
        tracking_id: tracking.id,
        product: TrackedRow {
            product_id: product.id,
            product_name: product_name(product),
            current_price: product.price.map(Decimal::of),
            price_change: change.and_then(|(now, before)| now.checked_sub(before)).map(Decimal::of),
            percentage_change: change
                .and_then(|(now, before)| now.basis_points_below(before))
                .map(|below| Decimal::of_basis_points(-below)),
            last_checked_at: product.last_ok_at,
            currency: product.price.map(|price| price.currency.code()),
            availability: product.availability.as_str(),
            platform: product.platform.as_str(),
            product_url: product.url.clone(),
        },
        target_price: tracking.rules.target.as_ref().map(Decimal::of_target),
        is_active: tracking.active,
        percentage_drop: tracking.rules.drop.map(|drop| drop.percent()),
        notification_channels: words(&tracking.channels),
        created_at: tracking.created_at,
        updated_at: tracking.updated_at,
    }
}

/// What `change` is told; what is not there stays, `null` removes a rule.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says in the description what `Fields` reads")]
struct ChangeBody {
    /// Tell at or below this price, in the product's currency.
    #[schema(value_type = Option<f64>, example = 89.99)]
    target_price: Option<Decimal>,
    /// Tell at a fall by so many percent, 1 to 99.
    percentage_drop: Option<f64>,
    /// Where to tell, beside the inbox.
    notification_channels: Option<Vec<String>>,
    /// Pause (`false`) or resume (`true`).
    is_active: Option<bool>,
}

/// A tracking that was changed.
#[derive(Serialize, ToSchema)]
pub struct ChangeAnswer {
    #[schema(value_type = Uuid)]
    tracking_id: TrackingId,
    target_price: Option<Decimal>,
    notification_channels: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    percentage_drop: Option<f64>,
    is_active: bool,
}

/// Change a tracking
#[utoipa::path(
    put,
    path = "/trackings/{tracking_id}",
    params(("tracking_id" = Uuid, Path)),
    request_body = ChangeBody,
    responses(
        (status = 200, body = ChangeAnswer),
        (status = "4XX", description = "Nothing was changed", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Id(id): Id,
    fields: Fields,
) -> Result<Json<ChangeAnswer>, Problem> {
    let fields = fields.only(&["target_price", "percentage_drop", "notification_channels", "is_active"])?;
    let edit = TrackingEdit {
        target_price: fields.number("target_price")?,
        percentage_drop: fields.number("percentage_drop")?,
        channels: fields.channels("notification_channels")?,
        active: fields.yes_or_no("is_active")?,
    };
    let tracking = actions::change_tracking(&state.plummet, &viewer, TrackingId(id), edit).await?.tracking;
    Ok(Json(ChangeAnswer {
        tracking_id: tracking.id,
        target_price: tracking.rules.target.as_ref().map(Decimal::of_target),
        notification_channels: words(&tracking.channels),
        updated_at: tracking.updated_at,
        percentage_drop: tracking.rules.drop.map(|drop| drop.percent()),
        is_active: tracking.active,
    }))
}

/// A tracking that was removed.
#[derive(Serialize, ToSchema)]
pub struct RemoveAnswer {
    success: bool,
    #[schema(example = "Tracking removed")]
    message: &'static str,
}

/// Remove a tracking
///
/// The product and its history stay.
#[utoipa::path(
    delete,
    path = "/trackings/{tracking_id}",
    params(("tracking_id" = Uuid, Path)),
    responses(
        (status = 200, body = RemoveAnswer),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(State(state): State<WebState>, Caller(viewer): Caller, Id(id): Id) -> Result<Json<RemoveAnswer>, Problem> {
    actions::remove_tracking(&state.plummet, &viewer, TrackingId(id)).await?;
    Ok(Json(RemoveAnswer { success: true, message: "Tracking removed" }))
}

fn words(channels: &[Channel]) -> Vec<&'static str> {
    channels.iter().map(|channel| channel.as_str()).collect()
}
