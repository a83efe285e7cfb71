//! From rows to the types of `domain`. A row that cannot be read names itself.

use anyhow::{Context, anyhow};
use domain::check::{RecentPrice, Suspect};
use domain::history::PriceRun;
use domain::notification::Status;
use domain::offer::ProductFacts;
use domain::preferences::Preferences;
use domain::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{
    Availability, Channel, ChannelId, Currency, DueProduct, EventId, Locale, Money, Notification, NotificationId, Platform,
    PriceEvent, ProductId, ProductState, ProxyId, Timestamp, Tracking, TrackingId, UserId,
};
use sqlx::Row;
use uuid::Uuid;

use crate::channels::{ChannelCode, PartlyDelivered, UserChannel};
use crate::error::{Result, StoreError};
use crate::model::{KeptEvidence, PendingEvent, StoredProxy, TrackedProduct, TrackingCounts};

type Read<T> = anyhow::Result<T>;

/// A row of either engine, read by its columns' names.
pub(crate) trait Columns {
    fn int(&self, column: &str) -> Read<i64>;
    fn maybe_int(&self, column: &str) -> Read<Option<i64>>;
    fn is(&self, column: &str) -> Read<bool>;
    fn text(&self, column: &str) -> Read<&str>;
    fn maybe_text(&self, column: &str) -> Read<Option<&str>>;
    fn maybe_bytes(&self, column: &str) -> Read<Option<Vec<u8>>>;
    fn id(&self, column: &str) -> Read<Uuid>;
    fn maybe_id(&self, column: &str) -> Read<Option<Uuid>>;
}

macro_rules! columns_of {
    ($row:ty; $($name:ident: $type:ty),+) => {
        impl Columns for $row {
            $(fn $name(&self, column: &str) -> Read<$type> {
                Ok(self.try_get(column)?)
            })+
        }
    };
}
columns_of!(sqlx::sqlite::SqliteRow; int: i64, maybe_int: Option<i64>, is: bool, text: &str, maybe_text: Option<&str>,
    maybe_bytes: Option<Vec<u8>>, id: Uuid, maybe_id: Option<Uuid>);
columns_of!(sqlx::postgres::PgRow; int: i64, maybe_int: Option<i64>, is: bool, text: &str, maybe_text: Option<&str>,
    maybe_bytes: Option<Vec<u8>>, id: Uuid, maybe_id: Option<Uuid>);

/// A product for a worker, from `product_columns.sql` and `nearest_target.sql`.
pub(crate) fn leased_product(row: &impl Columns) -> Result<ProductState> {
    let mut product = product(row)?;
    // The least key is that of trackings which watch for no price.
    product.nearest_target = row.maybe_int("nearest_target")?.filter(|target| *target > i64::MIN);
    Ok(product)
}

/// A product that is due.
pub(crate) fn due_product(row: &impl Columns) -> Result<DueProduct> {
    let id = ProductId(uuid(row, "product_id")?);
    let read = || Ok(DueProduct { id, platform: word(row, "platform", Platform::parse)?, host: row.text("host")?.to_owned() });
    read().map_err(|error| unreadable("product", id.0, error))
}

/// A tracking with its product, from `tracking_columns.sql` and `product_columns.sql`.
pub(crate) fn tracked(row: &impl Columns) -> Result<TrackedProduct> {
    Ok(TrackedProduct { tracking: tracking(row)?, product: product(row)? })
}

/// Which event, from a row of `pending_events.sql`.
pub(crate) fn pending_event(row: &impl Columns) -> Result<PendingEvent> {
    Ok(PendingEvent { product_id: ProductId(row.id("product_id")?), event_id: EventId(row.id("event_id")?) })
}

/// A proxy.
pub(crate) fn proxy(row: &impl Columns) -> Result<StoredProxy> {
    Ok(StoredProxy {
        id: ProxyId(row.id("proxy_id")?),
        name: row.text("name")?.to_owned(),
        scheme: row.text("scheme")?.to_owned(),
        address: row.text("address")?.to_owned(),
        credentials: row.maybe_bytes("credentials")?,
        enabled: row.is("enabled")?,
        created_at: at(row, "created_at")?,
    })
}

/// Evidence of a product.
pub(crate) fn evidence(row: &impl Columns, product: ProductId) -> Result<KeptEvidence> {
    let read = || {
        let evidence = serde_json::from_str(row.text("evidence")?)?;
        Ok(KeptEvidence { at: at(row, "at")?, outcome: row.text("outcome")?.to_owned(), evidence })
    };
    read().map_err(|error| unreadable("evidence of product", product.0, error))
}

/// One way to one person, from `channel_columns.sql`.
pub(crate) fn channel(row: &impl Columns) -> Result<UserChannel> {
    let hash = row.maybe_bytes("code_hash")?.and_then(|hash| hash.try_into().ok());
    let code = match (hash, maybe_at(row, "code_expires_at")?) {
        (Some(hash), Some(expires_at)) => {
            let left = row.maybe_int("code_tries_left")?.unwrap_or(0);
            Some(ChannelCode { hash, expires_at, tries_left: u32::try_from(left).unwrap_or(0) })
        }
        _ => None,
    };
    Ok(UserChannel {
        id: ChannelId(row.id("channel_id")?),
        user_id: UserId(row.id("user_id")?),
        channel: word(row, "channel", Channel::parse)?,
        label: row.text("label")?.to_owned(),
        settings: row.maybe_bytes("settings")?.unwrap_or_default(),
        hint: row.text("hint")?.to_owned(),
        enabled: row.is("enabled")?,
        verified_at: maybe_at(row, "verified_at")?,
        last_error: owned(row, "last_error")?,
        created_at: at(row, "created_at")?,
        code,
    })
}

/// What a person prefers.
pub(crate) fn preferences(row: &impl Columns) -> Result<(UserId, Preferences)> {
    let user = UserId(row.id("user_id")?);
    let read = || Ok(serde_json::from_str(row.text("preferences")?)?);
    Ok((user, read().map_err(|error| unreadable("preferences of user", user.0, error))?))
}

/// A way that has its message of a notification.
pub(crate) fn partly_delivered(row: &impl Columns) -> Result<PartlyDelivered> {
    Ok(PartlyDelivered {
        product_id: ProductId(row.id("product_id")?),
        id: NotificationId(row.id("notification_id")?),
        channel_id: ChannelId(row.id("channel_id")?),
    })
}

/// How many trackings each filter shows, from `watchlist_counts.sql`.
pub(crate) fn tracking_counts(row: &impl Columns) -> Result<TrackingCounts> {
    let count = |column| row.int(column).map(i64::unsigned_abs);
    Ok(TrackingCounts {
        all: count("total")?,
        at_target: count("at_target")?,
        fell: count("fell")?,
        out_of_stock: count("out_of_stock")?,
        needs_me: count("needs_me")?,
        paused: count("paused")?,
    })
}

/// A product, from `product_columns.sql`.
pub(crate) fn product(row: &impl Columns) -> Result<ProductState> {
    let id = ProductId(uuid(row, "product_id")?);
    read_product(row, id).map_err(|error| unreadable("product", id.0, error))
}

/// An event, from `event_columns.sql`.
pub(crate) fn event(row: &impl Columns) -> Result<PriceEvent> {
    let id = uuid(row, "event_id")?;
    read_event(row).map_err(|error| unreadable("event", id, error))
}

/// A tracking, from `tracking_columns.sql`.
pub(crate) fn tracking(row: &impl Columns) -> Result<Tracking> {
    let id = TrackingId(uuid(row, "tracking_id")?);
    read_tracking(row, id).map_err(|error| unreadable("tracking", id.0, error))
}

/// A notification, from `notification_columns.sql`.
pub(crate) fn notification(row: &impl Columns) -> Result<Notification> {
    let id = NotificationId(uuid(row, "notification_id")?);
    read_notification(row, id).map_err(|error| unreadable("notification", id.0, error))
}

/// An account, from `user_columns.sql`.
pub(crate) fn user(row: &impl Columns) -> Result<User> {
    let id = UserId(uuid(row, "user_id")?);
    read_user(row, id).map_err(|error| unreadable("user", id.0, error))
}

/// Price runs, from the JSON text of `price_runs.sql`.
pub(crate) fn price_runs(text: &str) -> Read<Vec<PriceRun>> {
    let runs: Vec<RunTuple<'_>> = serde_json::from_str(text)?;
    runs.into_iter().map(price_run).collect()
}

/// A price run as `run_from, last_seen, checks, price_minor, price_currency, availability`.
pub(crate) type RunTuple<'a> = (i64, i64, i64, Option<i64>, Option<&'a str>, &'a str);

pub(crate) fn price_run((from, last_seen, checks, minor, currency, word): RunTuple<'_>) -> Read<PriceRun> {
    let price = match (minor, currency) {
        (Some(minor), Some(code)) => Some(Money::new(minor, code.parse()?)),
        _ => None,
    };
    let (from, last_seen) = (Timestamp::from_micros(from), Timestamp::from_micros(last_seen));
    let checks = u32::try_from(checks).context("checks is no count")?;
    Ok(PriceRun { from, last_seen, checks, price, availability: availability(word)? })
}

/// A price run, from a row of `recent_runs.sql`.
pub(crate) fn recent_run(row: &impl Columns) -> Result<PriceRun> {
    let run = (
        row.int("run_from")?,
        row.int("last_seen")?,
        row.int("checks")?,
        row.maybe_int("price_minor")?,
        row.maybe_text("price_currency")?,
        row.text("availability")?,
    );
    Ok(price_run(run)?)
}

/// An id in a column.
pub(crate) fn uuid(row: &impl Columns, column: &str) -> Result<Uuid> {
    row.id(column).map_err(StoreError::Other)
}

/// A word that an enum's `parse` reads.
pub(crate) fn word<T>(row: &impl Columns, column: &str, parse: impl Fn(&str) -> Option<T>) -> Read<T> {
    let word = row.text(column)?;
    parse(word).ok_or_else(|| anyhow!("`{word}` is not known as {column}"))
}

fn unreadable(what: &str, id: Uuid, error: anyhow::Error) -> StoreError {
    StoreError::Other(error.context(format!("{what} {id} cannot be read from the database")))
}

fn owned(row: &impl Columns, column: &str) -> Read<Option<String>> {
    Ok(row.maybe_text(column)?.map(str::to_owned))
}

fn count(row: &impl Columns, column: &str) -> Read<u32> {
    u32::try_from(row.int(column)?).with_context(|| format!("{column} is no count"))
}

fn at(row: &impl Columns, column: &str) -> Read<Timestamp> {
    Ok(Timestamp::from_micros(row.int(column)?))
}

fn maybe_at(row: &impl Columns, column: &str) -> Read<Option<Timestamp>> {
    Ok(row.maybe_int(column)?.map(Timestamp::from_micros))
}

fn money(row: &impl Columns, minor: &str, currency: &str) -> Read<Option<Money>> {
    match (row.maybe_int(minor)?, row.maybe_text(currency)?) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, code.parse()?))),
        _ => Ok(None),
    }
}

fn availability(word: &str) -> Read<Availability> {
    Availability::parse(word).ok_or_else(|| anyhow!("`{word}` is not known as availability"))
}

fn read_product(row: &impl Columns, id: ProductId) -> Read<ProductState> {
    let price = money(row, "price_minor", "price_currency")?;
    let has_event = row.maybe_id("event_id")?.is_some();
    Ok(ProductState {
        id,
        platform: word(row, "platform", Platform::parse)?,
        external_id: row.text("external_id")?.to_owned(),
        url: row.text("url")?.to_owned(),
        host: row.text("host")?.to_owned(),
        facts: ProductFacts {
            name: owned(row, "name")?,
            image_url: owned(row, "image_url")?,
            brand: owned(row, "brand")?,
            gtin: owned(row, "gtin")?,
            mpn: owned(row, "mpn")?,
            seller: owned(row, "seller")?,
            condition: owned(row, "condition")?,
        },
        revision: row.int("revision")?,
        created_at: at(row, "created_at")?,
        price,
        previous_price: money(row, "previous_minor", "previous_currency")?,
        list_price: money(row, "list_minor", "list_currency")?,
        availability: availability(row.text("availability")?)?,
        run_from: maybe_at(row, "run_from")?,
        run_checks: count(row, "run_checks")?,
        last_ok_at: maybe_at(row, "last_ok_at")?,
        last_attempt_at: maybe_at(row, "last_attempt_at")?,
        last_outcome: owned(row, "last_outcome")?,
        last_detail: owned(row, "last_detail")?,
        failures: count(row, "failures")?,
        suspect: row.maybe_text("suspect")?.map(read_suspect).transpose()?,
        recent: read_recent(row.text("recent")?)?,
        trackers: count(row, "trackers")?,
        next_check_at: at(row, "next_check_at")?,
        etag: owned(row, "etag")?,
        last_modified: owned(row, "last_modified")?,
        nearest_target: None,
        last_event: has_event.then(|| read_event(row)).transpose()?,
    })
}

/// A suspect reading as it is stored: `[minor, currency, since, last_seen_at, sightings]`.
pub(crate) fn suspect_text(suspect: &Suspect) -> String {
    let (since, last_seen_at) = (suspect.since.as_micros(), suspect.last_seen_at.as_micros());
    crate::params::json(&(suspect.price.minor, suspect.price.currency.code(), since, last_seen_at, suspect.sightings))
}

fn read_suspect(text: &str) -> Read<Suspect> {
    let (minor, currency, since, last_seen_at, sightings) = serde_json::from_str::<(i64, Currency, i64, i64, u32)>(text)?;
    let (since, last_seen_at) = (Timestamp::from_micros(since), Timestamp::from_micros(last_seen_at));
    Ok(Suspect { price: Money::new(minor, currency), since, last_seen_at, sightings })
}

/// Recent prices as they are stored: `[[from, minor], …]`.
pub(crate) fn recent_text(recent: &[RecentPrice]) -> String {
    crate::params::json(&recent.iter().map(|price| (price.from.as_micros(), price.minor)).collect::<Vec<_>>())
}

fn read_recent(text: &str) -> Read<Vec<RecentPrice>> {
    let prices: Vec<(i64, i64)> = serde_json::from_str(text)?;
    Ok(prices.into_iter().map(|(from, minor)| RecentPrice { from: Timestamp::from_micros(from), minor }).collect())
}

fn read_event(row: &impl Columns) -> Read<PriceEvent> {
    Ok(PriceEvent {
        id: EventId(row.id("event_id")?),
        product_id: ProductId(row.id("product_id")?),
        at: at(row, "at")?,
        old_price: money(row, "old_minor", "old_currency")?,
        new_price: money(row, "new_minor", "new_currency")?,
        old_availability: availability(row.text("old_availability")?)?,
        new_availability: availability(row.text("new_availability")?)?,
    })
}

fn read_tracking(row: &impl Columns, id: TrackingId) -> Read<Tracking> {
    let currency = row.maybe_text("target_currency")?.map(str::parse::<Currency>).transpose()?;
    let target = row.maybe_text("target_amount")?.map(|text| TargetPrice::new(text, currency)).transpose()?;
    let drop = row
        .maybe_int("drop_basis_points")?
        .map(|points| {
            u32::try_from(points).ok().and_then(DropBasisPoints::new).ok_or_else(|| anyhow!("`{points}` is no percentage drop"))
        })
        .transpose()?;
    Ok(Tracking {
        id,
        user_id: UserId(row.id("tracking_user_id")?),
        product_id: ProductId(row.id("product_id")?),
        rules: Rules { target, drop },
        channels: read_channels(row.text("channels")?)?,
        active: row.is("active")?,
        reference: money(row, "reference_minor", "reference_currency")?,
        alert: money(row, "told_minor", "told_currency")?.map_or(Alert::Armed, |price| Alert::Fired { price }),
        told_at: maybe_at(row, "told_at")?,
        revisit_at: maybe_at(row, "revisit_at")?,
        revision: row.int("tracking_revision")?,
        created_at: at(row, "tracking_created_at")?,
        updated_at: at(row, "updated_at")?,
    })
}

/// Channels as they are stored: their words, with spaces between.
pub(crate) fn channels_text(channels: &[Channel]) -> String {
    channels.iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(" ")
}

fn read_channels(text: &str) -> Read<Vec<Channel>> {
    text.split_whitespace().map(|word| Channel::parse(word).ok_or_else(|| anyhow!("`{word}` is no channel"))).collect()
}

fn read_notification(row: &impl Columns, id: NotificationId) -> Read<Notification> {
    Ok(Notification {
        id,
        product_id: ProductId(row.id("product_id")?),
        tracking_id: TrackingId(row.id("tracking_id")?),
        event_id: EventId(row.id("event_id")?),
        user_id: UserId(row.id("user_id")?),
        channel: word(row, "channel", Channel::parse)?,
        alerted: serde_json::from_str(row.text("alerted")?)?,
        status: word(row, "status", Status::parse)?,
        attempts: count(row, "attempts")?,
        next_attempt_at: at(row, "next_attempt_at")?,
        last_error: owned(row, "last_error")?,
        created_at: at(row, "notification_created_at")?,
        sent_at: maybe_at(row, "sent_at")?,
        read_at: maybe_at(row, "read_at")?,
    })
}

fn read_user(row: &impl Columns, id: UserId) -> Read<User> {
    Ok(User {
        id,
        email: row.text("email")?.to_owned(),
        role: word(row, "role", Role::parse)?,
        locale: Locale::best(row.text("locale")?),
        time_zone: row.text("time_zone")?.to_owned(),
        created_at: at(row, "created_at")?,
    })
}
