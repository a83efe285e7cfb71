//! One alert of the inbox.

use leptos::prelude::*;

use super::icon::Icon;
use super::time_text::Time;
use crate::api::notifications::AlertView;
use crate::context::t;

/// What was told, why, and how it went on each channel.
#[component]
pub fn AlertRow(
    /// The alert.
    alert: AlertView,
) -> impl IntoView {
    let icon = if alert.is_drop { "trending-down" } else { "flag" };
    let deliveries = alert.deliveries.into_iter().map(|delivery| {
        let icon = match delivery.status.as_str() {
            "sent" => "check",
            "failed" => "x",
            _ => "refresh",
        };
        view! {
            <li data-status=delivery.status>
                <Icon name=icon />
                {delivery.text}
            </li>
        }
    });
    view! {
        <li class="alert-row" data-state=if alert.is_read { "read" } else { "unread" }>
            <span class="alert-icon">
                <Icon name=icon />
            </span>
            <div class="alert-text">
                <h3>
                    {(!alert.is_read).then(|| view! { <span class="visually-hidden">{t("Unread:")}" "</span> })}
                    <a href=format!("/products/{}", alert.product_id)>{alert.title}</a>
                </h3>
                <p>{alert.text}</p>
                <ul class="alert-deliveries" aria-label=t("Delivery")>
                    {deliveries.collect_view()}
                </ul>
            </div>
            <Time time=alert.at />
        </li>
    }
}
