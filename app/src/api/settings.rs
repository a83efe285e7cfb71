//! A person's own settings.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The account's address.
    pub email: String,
    /// `admin` or `user`.
    pub role: String,
    /// The chosen language and region.
    pub locale: String,
    /// Those to choose from: tag, name with an example.
    pub locales: Vec<(String, String)>,
    /// The chosen zone.
    pub time_zone: String,
    /// The same moment as the viewer reads it, to see that the zone is right.
    pub now: String,
    /// Zones to choose from.
    pub zones: Vec<String>,
    /// The browser's zone, if it is another.
    pub browser_zone: Option<String>,
    /// Whether mails go out; otherwise they are written into the outbox folder.
    pub sends_mail: bool,
}

/// The viewer's settings.
#[server]
pub async fn find_settings() -> Result<SettingsView, ApiError> {
    let plummet = context::plummet();
    let user = context::viewer(&plummet).await?.user;
    let show = context::show();
    let browser_zone = Some(context::browser_zone()).filter(|zone| zone != "UTC" && *zone != user.time_zone);
    Ok(SettingsView {
        role: user.role.as_str().into(),
        locale: user.locale.tag().into(),
        locales: domain::Locale::all().map(|locale| (locale.tag().to_owned(), locale_name(locale))).collect(),
        now: show.time(show.now).text,
        zones: zones(),
        browser_zone,
        sends_mail: plummet.instance.sends_mail,
        email: user.email,
        time_zone: user.time_zone,
    })
}

/// Changes language, region and zone.
#[server]
pub async fn change_profile(
    /// Language and region.
    locale: String,
    /// IANA name.
    time_zone: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let profile = actions::Profile { locale: Some(locale), time_zone: Some(time_zone.trim().to_owned()) };
    let changed = actions::change_profile(&plummet, &viewer, profile).await;
    changed.map_err(|error| context::fail(error).with_typed(&[("time_zone", &time_zone)]))?;
    context::set_flash(&plummet, "profile");
    Ok(())
}

/// `Deutsch: 1.299,00 €`.
#[cfg(feature = "ssr")]
fn locale_name(locale: domain::Locale) -> String {
    let name = match locale.tag() {
        "en" => "English",
        "en-GB" => "English (United Kingdom)",
        "de" => "Deutsch",
        "de-CH" => "Deutsch (Schweiz)",
        "fr" => "Français",
        "es" => "Español",
        "it" => "Italiano",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "pt" => "Português",
        "pt-BR" => "Português (Brasil)",
        "sv" => "Svenska",
        "ja" => "日本語",
        other => other,
    };
    let example = domain::Currency::from_code("EUR").map(|euro| locale.money(domain::Money::new(129_900, euro)));
    format!("{name}: {}", example.unwrap_or_default())
}

/// The zones of the database that people live in: `Area/Place`.
#[cfg(feature = "ssr")]
fn zones() -> Vec<String> {
    let areas = ["Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"];
    let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let mut zones: Vec<String> = names.filter(|name| areas.iter().any(|area| name.starts_with(area))).collect();
    zones.push("UTC".into());
    zones.sort_unstable();
    zones.dedup();
    zones
}
