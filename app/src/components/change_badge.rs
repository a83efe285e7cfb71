//! How a price changed.

use leptos::prelude::*;

use crate::api::text::{ChangeText, Direction};
use crate::context::t;

/// Sign and amount; colour follows the sign, and says nothing alone.
#[component]
pub fn ChangeBadge(
    /// The change.
    change: ChangeText,
    /// Whether to say since when.
    #[prop(optional)]
    with_since: bool,
) -> impl IntoView {
    let (word, sign, spoken) = match change.direction {
        Direction::Drop => ("drop", "▼", t("down ")),
        Direction::Rise => ("rise", "▲", t("up ")),
        Direction::Same => ("same", "", t("no change")),
    };
    let tone = if change.is_small { "same" } else { word };
    let since = change.since.filter(|_| with_since);
    view! {
        <span class="change-badge" data-direction=tone>
            {(!sign.is_empty()).then(|| view! { <span aria-hidden="true">{sign}" "</span> })}
            <span class="visually-hidden">{spoken}</span>
            <span class="number">{change.amount}</span>
            {since
                .map(|since| {
                    view! {
                        <span class="change-since">
                            " " <time datetime=since.iso.clone() title=since.text.clone()>{since.since()}</time>
                        </span>
                    }
                })}
        </span>
    }
}
