//! A place in an event's fan-out.
//!
//! Candidates come in three stages, one an index: trackings that watch for a price as low as this one, for one as high, and for
//! a fall as large. Within a stage they are paged by (key, tracking).

use std::fmt;

use anyhow::{Context, anyhow};
use domain::PriceEvent;
use uuid::Uuid;

/// One of the three ways to be a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Below,
    Above,
    Fall,
}

/// After this tracking of this stage. Stored as `stage:key:tracking`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) stage: Stage,
    pub(crate) key: i64,
    /// `None` at the start of a stage: before every tracking.
    pub(crate) after: Option<Uuid>,
}

/// Where an event's fan-out begins; `None` if it tells no price, so that nothing can be decided.
pub(crate) fn first(event: &PriceEvent) -> Option<String> {
    Some(Cursor::start(Stage::Below, event)?.to_string())
}

impl Cursor {
    /// Before the first candidate of a stage; `None` if the stage has none.
    fn start(stage: Stage, event: &PriceEvent) -> Option<Self> {
        let price = event.new_price?;
        let key = match stage {
            Stage::Below => price.minor,
            Stage::Above => i64::MIN,
            Stage::Fall => event.fall_basis_points().filter(|fall| *fall > 0).and(Some(i64::MIN))?,
        };
        Some(Cursor { stage, key, after: None })
    }

    /// Before the first candidate of the next stage that has any.
    pub(crate) fn next_stage(&self, event: &PriceEvent) -> Option<Self> {
        match self.stage {
            Stage::Below => Cursor::start(Stage::Above, event).or_else(|| Cursor::start(Stage::Fall, event)),
            Stage::Above => Cursor::start(Stage::Fall, event),
            Stage::Fall => None,
        }
    }

    /// The same stage, after a row of it.
    pub(crate) fn after(&self, key: i64, tracking: Uuid) -> Self {
        Cursor { stage: self.stage, key, after: Some(tracking) }
    }

    /// The greatest key of the stage that the event touches, where that has an end.
    pub(crate) fn most(&self, event: &PriceEvent) -> Option<i64> {
        match self.stage {
            Stage::Below => None,
            Stage::Above => event.new_price.map(|price| price.minor),
            Stage::Fall => event.fall_basis_points(),
        }
    }

    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut parts = text.split(':');
        let (stage, key, after) = (parts.next(), parts.next(), parts.next());
        let stage = match stage {
            Some("below") => Stage::Below,
            Some("above") => Stage::Above,
            Some("fall") => Stage::Fall,
            _ => return Err(anyhow!("`{text}` is no place in a fan-out")),
        };
        let key = key.unwrap_or_default().parse().with_context(|| format!("`{text}` is no place in a fan-out"))?;
        let after = after.filter(|hex| !hex.is_empty()).map(Uuid::try_parse).transpose()?;
        Ok(Cursor { stage, key, after })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Below => "below",
            Stage::Above => "above",
            Stage::Fall => "fall",
        };
        let after = self.after.map(crate::params::hex).unwrap_or_default();
        write!(f, "{stage}:{}:{after}", self.key)
    }
}
