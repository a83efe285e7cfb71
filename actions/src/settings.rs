//! A person's own settings.

use crate::error::Result;
use crate::{Plummet, Viewer};

/// Language, region and zone; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// BCP 47 tag.
    pub locale: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
}

/// Changes the viewer's profile. An unknown time zone is `Invalid { field: "time_zone" }`.
pub async fn change_profile(plummet: &Plummet, viewer: &Viewer, profile: Profile) -> Result<()> {
    let _ = (plummet, viewer, profile);
    unimplemented!()
}
