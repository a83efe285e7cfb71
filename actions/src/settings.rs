//! A person's own settings.

use domain::Locale;
use jiff::tz::TimeZone;
use store::UserChange;

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// Language, region and zone; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// BCP 47 tag.
    pub locale: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
}

/// Changes the viewer's profile. An unknown time zone is `Invalid { field: "time_zone" }`. A language that is not supported
/// becomes the best that is.
pub async fn change_profile(plummet: &Plummet, viewer: &Viewer, profile: Profile) -> Result<()> {
    viewer.require(domain::user::Scope::Track)?;
    if let Some(zone) = profile.time_zone.as_deref().filter(|zone| TimeZone::get(zone).is_err()) {
        let shown: String = zone.chars().take(60).collect();
        return Err(ActionError::invalid("time_zone", format!("`{shown}` is no time zone; choose one such as Europe/Berlin")));
    }
    let locale = profile.locale.as_deref().map(Locale::best);
    let change = UserChange { locale, time_zone: profile.time_zone, ..UserChange::default() };
    if plummet.store.update_user(viewer.user.id, &change).await? { Ok(()) } else { Err(ActionError::NotFound("account")) }
}
