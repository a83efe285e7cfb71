//! The pure centre of Plummet: its words, its types and its rules.
//!
//! Nothing here does I/O, is async, or reads a clock: time is always an argument. The crate builds for wasm32.

pub mod amount;
pub mod chart;
pub mod check;
pub mod decide;
pub mod discount;
pub mod event;
pub mod fall_rate;
pub mod history;
pub mod ids;
pub mod judge;
pub mod locale;
pub mod message;
pub mod money;
pub mod next_check;
pub mod notification;
pub mod offer;
pub mod plan;
pub mod platform;
pub mod preferences;
pub mod product;
pub mod quiet_hours;
pub mod retraction;
pub mod rules;
pub mod time;
pub mod tracking;
pub mod user;
pub mod verdict;

pub use check::{CheckOutcome, DueProduct, FailureKind, ProductState, Suspect};
pub use event::PriceEvent;
pub use history::{PriceRun, Statistics};
pub use ids::{ChannelId, EventId, NotificationId, ProductId, ProxyId, TrackingId, UserId};
pub use locale::Locale;
pub use money::{Currency, Money};
pub use notification::Notification;
pub use offer::{Availability, Evidence, Offer, Reader, Reading};
pub use platform::Platform;
pub use product::{ProductUrl, ProductUrlError};
pub use time::Timestamp;
pub use tracking::{Channel, Tracking};
