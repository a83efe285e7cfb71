//! The port, each method handed to the module of its topic.

use std::time::Duration;

use domain::check::CheckRecord;
use domain::history::PriceRun;
use domain::user::User;
use domain::{Channel, DueProduct, NotificationId, Platform, ProductId, ProductState, ProxyId, Timestamp, TrackingId, UserId};

use super::{
    SqliteStore, checking, delivery, fan_out, inbox, instance, people, products, proxies, revisits, searching, trackings,
    watchlist,
};
use crate::model::*;

crate::engine::port_of!(SqliteStore);
