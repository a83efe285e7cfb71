//! The pure centre of Plummet: its words, its types and its rules.
//!
//! Nothing here does I/O, is async, or reads a clock: time is always an argument. The crate builds for wasm32.

pub mod amount;
pub mod chart;
pub mod check;
pub mod decide;
pub mod event;
pub mod history;
pub mod ids;
pub mod judge;
pub mod locale;
pub mod message;
pub mod money;
pub mod next_check;
pub mod notification;
pub mod offer;
pub mod platform;
pub mod product;
pub mod time;
pub mod tracking;
pub mod user;

pub use check::{CheckOutcome, DueProduct, FailureKind, ProductState, Suspect};
pub use event::PriceEvent;
pub use history::{PriceRun, Statistics};
pub use ids::{EventId, NotificationId, ProductId, ProxyId, TrackingId, UserId};
pub use locale::Locale;
pub use money::{Currency, Money};
pub use notification::Notification;
pub use offer::{Availability, Evidence, Offer, Reader, Reading};
pub use platform::Platform;
pub use product::{ProductUrl, ProductUrlError};
pub use time::Timestamp;
pub use tracking::{Channel, Tracking};
