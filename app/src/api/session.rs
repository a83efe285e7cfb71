//! Who is here: what the frame around every page shows, signing in and out, the theme.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// What the frame shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The account's address, if somebody is signed in.
    pub email: Option<String>,
    /// Whether the account is an admin's.
    pub is_admin: bool,
    /// How many alerts are unread.
    pub unread: u64,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// A sentence about what was just done, once.
    pub flash: Option<String>,
}

/// What the frame shows.
#[server]
pub async fn session() -> Result<SessionView, ApiError> {
    let plummet = context::plummet();
    let theme = context::theme().unwrap_or_default().to_owned();
    let flash = context::take_flash(&plummet).and_then(|word| flash_sentence(&word));
    let Some(viewer) = context::find_viewer() else {
        return Ok(SessionView { theme, flash, ..SessionView::default() });
    };
    let unread = actions::unread(&plummet, &viewer).await.map_err(context::fail)?;
    let is_admin = viewer.is_admin();
    Ok(SessionView { email: Some(viewer.user.email), is_admin, unread, theme, flash })
}

/// Signs in and goes to `next`. A plain form posts here, so that every page afterwards is loaded anew for its owner.
#[server]
pub async fn sign_in(
    /// Address.
    email: String,
    /// Password.
    password: String,
    /// Where to go: a path of this site.
    next: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let signed_in = actions::sign_in(&plummet, &email, password.into()).await;
    let signed_in = signed_in.map_err(|error| context::fail(error).with_typed(&[("email", &email)]))?;
    context::set_session_cookie(&plummet, secrecy::ExposeSecret::expose_secret(&signed_in.session));
    leptos_axum::redirect(context::local_path(&next));
    Ok(())
}

/// Signs out.
#[server]
pub async fn sign_out() -> Result<(), ApiError> {
    let plummet = context::plummet();
    if let Some(secret) = context::current_session() {
        actions::sign_out(&plummet, &secret).await.map_err(context::fail)?;
    }
    context::clear_session_cookie(&plummet);
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// Chooses the colour theme: `light`, `dark`, or anything else for the system's.
#[server]
pub async fn set_theme(
    /// `light`, `dark` or `system`.
    theme: String,
) -> Result<(), ApiError> {
    context::set_theme(&context::plummet(), &theme);
    Ok(())
}

/// Says that there is no such page, with the status that belongs to it.
#[server]
pub async fn find_page() -> Result<(), ApiError> {
    Err(context::fail(actions::ActionError::NotFound("page")))
}

/// The sentence of a word left for the next page. Words, not sentences, travel in the cookie: nobody else can write on our pages.
#[cfg(feature = "ssr")]
fn flash_sentence(word: &str) -> Option<String> {
    use crate::context::{fill, t};
    // Some words bring a number.
    let (word, count) = word.split_once('+').unwrap_or((word, ""));
    let count: u64 = count.parse().unwrap_or(0);
    let many = |text: &'static str| fill(text, &[("count", &count)]);
    let sentence = match word {
        "tracked" => t("Tracked. You will be told when one of your rules is met."),
        "updated" => t("You tracked this already. Your wish was updated."),
        "rules" => t("Saved. Your rules are in force."),
        "paused" => t("Paused. Nothing is told until you resume."),
        "resumed" => t("Resumed."),
        "checked" => t("Checked. This is what the shop shows now."),
        "checking" => t("Being checked. The result appears here when the shop has answered."),
        "removed" => t("Removed from your watchlist."),
        "profile" | "role" => t("Saved."),
        "read" => t("All alerts are marked as read."),
        "shared" => t("Shared. Whoever has the link can see the history, and nothing of you."),
        "unshared" => t("No longer shared. The link is dead."),
        "code-sent" => "A code was sent there. Enter it below.",
        "channel-added" => "Added. Send a test to see that it arrives.",
        "channel-removed" => "Removed.",
        "test-sent" => "The test was handed over. Look whether it arrived.",
        "revoked" => t("Revoked. The token opens nothing any more."),
        "many-pause" => return Some(many("{count} products paused.")),
        "many-resume" => return Some(many("{count} products resumed.")),
        "many-remove" => return Some(many("{count} products removed.")),
        "many-target" => return Some(many("Target set for {count} products.")),
        "many-tracked" => return Some(many("{count} products are tracked now.")),
        "imported" => return Some(many("{count} trackings imported.")),
        _ => return None,
    };
    Some(sentence.into())
}
