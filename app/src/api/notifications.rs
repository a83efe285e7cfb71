//! The inbox: what was told, and how it went on each channel.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::TimeText;

#[cfg(feature = "ssr")]
use super::show::Show;
#[cfg(feature = "ssr")]
use crate::context;

/// How many alerts a page has.
pub const PAGE_ALERTS: u32 = 50;

/// The notifications page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxView {
    /// Alerts by day, newest first.
    pub days: Vec<DayView>,
    /// How many are shown.
    pub shown: u64,
    /// How many there are.
    pub total: u64,
    /// How many are unread.
    pub unread: u64,
}

/// The alerts of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// `Today`, `Yesterday`, `3 Nov`.
    pub heading: String,
    /// Newest first.
    pub alerts: Vec<AlertView>,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertView {
    /// Its id.
    pub id: String,
    /// The product.
    pub product_id: String,
    /// Product and price.
    pub title: String,
    /// What fell and which rule fired.
    pub text: String,
    /// Whether the price fell (it may only have met a new target).
    pub is_drop: bool,
    /// When it was decided.
    pub at: TimeText,
    /// Whether it was read.
    pub is_read: bool,
    /// How it went on each channel.
    pub deliveries: Vec<DeliveryView>,
}

/// One channel of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// `E-mail, 14:02`; `E-mail: next try 14:10`; `E-mail: address refused`.
    pub text: String,
    /// `sent`, `pending` or `failed`.
    pub status: String,
}

/// The viewer's alerts, up to page `page`, counted from 1.
#[server]
pub async fn list_alerts(
    /// How many pages, counted from 1.
    page: u32,
) -> Result<InboxView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let window = store::Window { limit: PAGE_ALERTS * page.clamp(1, 20), offset: 0 };
    let inbox = actions::inbox(&plummet, &viewer, window).await.map_err(context::fail)?;
    let unread = actions::unread(&plummet, &viewer).await.map_err(context::fail)?;
    Ok(inbox_view(&inbox, unread, &context::show()))
}

/// Marks all alerts as read, or the one of `id`.
#[server]
pub async fn mark_read(
    /// One alert; all without it.
    id: Option<String>,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let one = id.map(|id| id.parse().map(|id| vec![id])).transpose();
    let one = one.map_err(|_| context::fail(actions::ActionError::NotFound("alert")))?;
    actions::mark_read(&plummet, &viewer, one.as_deref()).await.map_err(context::fail)?;
    if one.is_none() {
        context::set_flash(&plummet, "read");
    }
    Ok(())
}

#[cfg(feature = "ssr")]
fn inbox_view(inbox: &store::Page<store::InboxEntry>, unread: u64, show: &Show) -> InboxView {
    let mut days: Vec<DayView> = Vec::new();
    for entry in &inbox.rows {
        let heading = show.heading(entry.notification.created_at);
        let alert = alert_view(entry, show);
        match days.last_mut().filter(|day| day.heading == heading) {
            Some(day) => day.alerts.push(alert),
            None => days.push(DayView { heading, alerts: vec![alert] }),
        }
    }
    InboxView { days, shown: inbox.rows.len() as u64, total: inbox.total, unread }
}

#[cfg(feature = "ssr")]
fn alert_view(entry: &store::InboxEntry, show: &Show) -> AlertView {
    let notification = &entry.notification;
    let alerted = &notification.alerted;
    let message = domain::message::message(alerted, show.locale, &show.zone_name);
    AlertView {
        id: notification.id.to_string(),
        product_id: notification.product_id.to_string(),
        title: message.title,
        text: message.text,
        is_drop: alerted.old_price.is_some_and(|old| alerted.new_price < old),
        at: show.time(notification.created_at),
        is_read: notification.read_at.is_some(),
        deliveries: entry.deliveries.iter().map(|delivery| delivery_view(delivery, show)).collect(),
    }
}

#[cfg(feature = "ssr")]
fn delivery_view(delivery: &domain::Notification, show: &Show) -> DeliveryView {
    use domain::notification::Status;
    let channel = channel_name(delivery.channel);
    let text = match (delivery.status, &delivery.last_error) {
        (Status::Sent, _) => format!("{channel}, {}", show.clock(delivery.sent_at.unwrap_or(delivery.created_at))),
        (Status::Pending, None) => format!("{channel}: on its way"),
        (Status::Pending, Some(error)) => format!("{channel}: {error}; next try {}", show.clock(delivery.next_attempt_at)),
        (Status::Failed, error) => format!("{channel}: {}", error.as_deref().unwrap_or("not delivered")),
    };
    DeliveryView { text, status: delivery.status.as_str().into() }
}

/// What people call a channel.
#[cfg(feature = "ssr")]
pub(crate) fn channel_name(channel: domain::Channel) -> &'static str {
    match channel {
        domain::Channel::Inbox => "Notifications page",
        domain::Channel::Email => "E-mail",
        domain::Channel::Push => "Push",
        domain::Channel::Sms => "SMS",
        domain::Channel::Webhook => "Webhook",
        domain::Channel::Ntfy => "ntfy",
        domain::Channel::Telegram => "Telegram",
        domain::Channel::Discord => "Discord",
        domain::Channel::Slack => "Slack",
        domain::Channel::Gotify => "Gotify",
    }
}
