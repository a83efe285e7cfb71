//! From rows to the types of `domain`. A row that cannot be read names itself.

use anyhow::{Context, anyhow};
use domain::check::{RecentPrice, Suspect};
use domain::history::PriceRun;
use domain::notification::Status;
use domain::offer::ProductFacts;
use domain::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{
    Availability, Channel, Currency, EventId, Locale, Money, Notification, NotificationId, Platform, PriceEvent, ProductId,
    ProductState, Timestamp, Tracking, TrackingId, UserId,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};
use uuid::Uuid;

use crate::error::{Result, StoreError};

type Read<T> = anyhow::Result<T>;

/// A product, from `product_columns.sql`.
pub(super) fn product(row: &SqliteRow) -> Result<ProductState> {
    let id = ProductId(uuid(row, "product_id")?);
    read_product(row, id).map_err(|error| unreadable("product", id.0, error))
}

/// An event, from `event_columns.sql`.
pub(super) fn event(row: &SqliteRow) -> Result<PriceEvent> {
    let id = uuid(row, "event_id")?;
    read_event(row).map_err(|error| unreadable("event", id, error))
}

/// A tracking, from `tracking_columns.sql`.
pub(super) fn tracking(row: &SqliteRow) -> Result<Tracking> {
    let id = TrackingId(uuid(row, "tracking_id")?);
    read_tracking(row, id).map_err(|error| unreadable("tracking", id.0, error))
}

/// A notification, from `notification_columns.sql`.
pub(super) fn notification(row: &SqliteRow) -> Result<Notification> {
    let id = NotificationId(uuid(row, "notification_id")?);
    read_notification(row, id).map_err(|error| unreadable("notification", id.0, error))
}

/// An account, from `user_columns.sql`.
pub(super) fn user(row: &SqliteRow) -> Result<User> {
    let id = UserId(uuid(row, "user_id")?);
    read_user(row, id).map_err(|error| unreadable("user", id.0, error))
}

/// Price runs, from the JSON text of `price_runs.sql`.
pub(super) fn price_runs(text: &str) -> Read<Vec<PriceRun>> {
    let runs: Vec<RunTuple<'_>> = serde_json::from_str(text)?;
    runs.into_iter().map(price_run).collect()
}

/// A price run as `run_from, last_seen, checks, price_minor, price_currency, availability`.
type RunTuple<'a> = (i64, i64, u32, Option<i64>, Option<&'a str>, &'a str);

fn price_run((from, last_seen, checks, minor, currency, word): RunTuple<'_>) -> Read<PriceRun> {
    let price = match (minor, currency) {
        (Some(minor), Some(code)) => Some(Money::new(minor, code.parse()?)),
        _ => None,
    };
    let (from, last_seen) = (Timestamp::from_micros(from), Timestamp::from_micros(last_seen));
    Ok(PriceRun { from, last_seen, checks, price, availability: availability(word)? })
}

/// A price run of a row, its columns beginning at `first`.
pub(super) fn price_run_at(row: &SqliteRow, first: usize) -> Result<PriceRun> {
    let tuple = (
        row.try_get(first)?,
        row.try_get(first + 1)?,
        row.try_get(first + 2)?,
        row.try_get(first + 3)?,
        row.try_get(first + 4)?,
        row.try_get(first + 5)?,
    );
    price_run(tuple).map_err(StoreError::Other)
}

/// An id in a column.
pub(super) fn uuid(row: &SqliteRow, column: &str) -> Result<Uuid> {
    read_uuid(row, column).map_err(StoreError::Other)
}

/// A word that an enum's `parse` reads.
pub(super) fn word<T>(row: &SqliteRow, column: &str, parse: impl Fn(&str) -> Option<T>) -> Read<T> {
    let word: &str = get(row, column)?;
    parse(word).ok_or_else(|| anyhow!("`{word}` is not known as {column}"))
}

fn unreadable(what: &str, id: Uuid, error: anyhow::Error) -> StoreError {
    StoreError::Other(error.context(format!("{what} {id} cannot be read from the database")))
}

fn get<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, column: &str) -> Read<T> {
    Ok(row.try_get(column)?)
}

fn read_uuid(row: &SqliteRow, column: &str) -> Read<Uuid> {
    Uuid::from_slice(get(row, column)?).with_context(|| format!("{column} is not an id"))
}

fn at(row: &SqliteRow, column: &str) -> Read<Timestamp> {
    Ok(Timestamp::from_micros(get(row, column)?))
}

fn maybe_at(row: &SqliteRow, column: &str) -> Read<Option<Timestamp>> {
    Ok(get::<Option<i64>>(row, column)?.map(Timestamp::from_micros))
}

fn money(row: &SqliteRow, minor: &str, currency: &str) -> Read<Option<Money>> {
    match (get(row, minor)?, get::<Option<&str>>(row, currency)?) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, code.parse()?))),
        _ => Ok(None),
    }
}

fn availability(word: &str) -> Read<Availability> {
    Availability::parse(word).ok_or_else(|| anyhow!("`{word}` is not known as availability"))
}

fn read_product(row: &SqliteRow, id: ProductId) -> Read<ProductState> {
    let price = money(row, "price_minor", "price_currency")?;
    let has_event = get::<Option<&[u8]>>(row, "event_id")?.is_some();
    Ok(ProductState {
        id,
        platform: word(row, "platform", Platform::parse)?,
        external_id: get(row, "external_id")?,
        url: get(row, "url")?,
        host: get(row, "host")?,
        facts: ProductFacts {
            name: get(row, "name")?,
            image_url: get(row, "image_url")?,
            brand: get(row, "brand")?,
            gtin: get(row, "gtin")?,
            mpn: get(row, "mpn")?,
            seller: get(row, "seller")?,
            condition: get(row, "condition")?,
        },
        revision: get(row, "revision")?,
        created_at: at(row, "created_at")?,
        price,
        previous_price: money(row, "previous_minor", "previous_currency")?,
        list_price: money(row, "list_minor", "list_currency")?,
        availability: availability(get(row, "availability")?)?,
        run_from: maybe_at(row, "run_from")?,
        run_checks: get(row, "run_checks")?,
        last_ok_at: maybe_at(row, "last_ok_at")?,
        last_attempt_at: maybe_at(row, "last_attempt_at")?,
        last_outcome: get(row, "last_outcome")?,
        last_detail: get(row, "last_detail")?,
        failures: get(row, "failures")?,
        suspect: get::<Option<&str>>(row, "suspect")?.map(read_suspect).transpose()?,
        recent: read_recent(get(row, "recent")?)?,
        trackers: get(row, "trackers")?,
        next_check_at: at(row, "next_check_at")?,
        etag: get(row, "etag")?,
        last_modified: get(row, "last_modified")?,
        nearest_target: None,
        last_event: has_event.then(|| read_event(row)).transpose()?,
    })
}

/// A suspect reading as it is stored: `[minor, currency, since, last_seen_at, sightings]`.
pub(super) fn suspect_text(suspect: &Suspect) -> String {
    let (since, last_seen_at) = (suspect.since.as_micros(), suspect.last_seen_at.as_micros());
    super::params::json(&(suspect.price.minor, suspect.price.currency.code(), since, last_seen_at, suspect.sightings))
}

fn read_suspect(text: &str) -> Read<Suspect> {
    let (minor, currency, since, last_seen_at, sightings) = serde_json::from_str::<(i64, Currency, i64, i64, u32)>(text)?;
    let (since, last_seen_at) = (Timestamp::from_micros(since), Timestamp::from_micros(last_seen_at));
    Ok(Suspect { price: Money::new(minor, currency), since, last_seen_at, sightings })
}

/// Recent prices as they are stored: `[[from, minor], …]`.
pub(super) fn recent_text(recent: &[RecentPrice]) -> String {
    super::params::json(&recent.iter().map(|price| (price.from.as_micros(), price.minor)).collect::<Vec<_>>())
}

fn read_recent(text: &str) -> Read<Vec<RecentPrice>> {
    let prices: Vec<(i64, i64)> = serde_json::from_str(text)?;
    Ok(prices.into_iter().map(|(from, minor)| RecentPrice { from: Timestamp::from_micros(from), minor }).collect())
}

fn read_event(row: &SqliteRow) -> Read<PriceEvent> {
    Ok(PriceEvent {
        id: EventId(read_uuid(row, "event_id")?),
        product_id: ProductId(read_uuid(row, "product_id")?),
        at: at(row, "at")?,
        old_price: money(row, "old_minor", "old_currency")?,
        new_price: money(row, "new_minor", "new_currency")?,
        old_availability: availability(get(row, "old_availability")?)?,
        new_availability: availability(get(row, "new_availability")?)?,
    })
}

fn read_tracking(row: &SqliteRow, id: TrackingId) -> Read<Tracking> {
    let currency = get::<Option<&str>>(row, "target_currency")?.map(str::parse::<Currency>).transpose()?;
    let target = get::<Option<&str>>(row, "target_amount")?.map(|text| TargetPrice::new(text, currency)).transpose()?;
    let drop = get::<Option<u32>>(row, "drop_basis_points")?
        .map(|points| DropBasisPoints::new(points).ok_or_else(|| anyhow!("`{points}` is no percentage drop")))
        .transpose()?;
    Ok(Tracking {
        id,
        user_id: UserId(read_uuid(row, "tracking_user_id")?),
        product_id: ProductId(read_uuid(row, "product_id")?),
        rules: Rules { target, drop },
        channels: read_channels(get(row, "channels")?)?,
        active: get(row, "active")?,
        reference: money(row, "reference_minor", "reference_currency")?,
        alert: money(row, "told_minor", "told_currency")?.map_or(Alert::Armed, |price| Alert::Fired { price }),
        told_at: maybe_at(row, "told_at")?,
        revisit_at: maybe_at(row, "revisit_at")?,
        revision: get(row, "tracking_revision")?,
        created_at: at(row, "tracking_created_at")?,
        updated_at: at(row, "updated_at")?,
    })
}

/// Channels as they are stored: their words, with spaces between.
pub(super) fn channels_text(channels: &[Channel]) -> String {
    channels.iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(" ")
}

fn read_channels(text: &str) -> Read<Vec<Channel>> {
    text.split_whitespace().map(|word| Channel::parse(word).ok_or_else(|| anyhow!("`{word}` is no channel"))).collect()
}

fn read_notification(row: &SqliteRow, id: NotificationId) -> Read<Notification> {
    Ok(Notification {
        id,
        product_id: ProductId(read_uuid(row, "product_id")?),
        tracking_id: TrackingId(read_uuid(row, "tracking_id")?),
        event_id: EventId(read_uuid(row, "event_id")?),
        user_id: UserId(read_uuid(row, "user_id")?),
        channel: word(row, "channel", Channel::parse)?,
        alerted: serde_json::from_str(get(row, "alerted")?)?,
        status: word(row, "status", Status::parse)?,
        attempts: get(row, "attempts")?,
        next_attempt_at: at(row, "next_attempt_at")?,
        last_error: get(row, "last_error")?,
        created_at: at(row, "notification_created_at")?,
        sent_at: maybe_at(row, "sent_at")?,
        read_at: maybe_at(row, "read_at")?,
    })
}

fn read_user(row: &SqliteRow, id: UserId) -> Read<User> {
    Ok(User {
        id,
        email: get(row, "email")?,
        role: word(row, "role", Role::parse)?,
        locale: Locale::best(get(row, "locale")?),
        time_zone: get(row, "time_zone")?,
        created_at: at(row, "created_at")?,
    })
}
