//! What a person's wish or change makes of a tracking; the engines write it.

use domain::tracking::{Alert, Rules};
use domain::{ProductState, Timestamp, Tracking, TrackingId};

use crate::model::{NewTracking, TrackedProduct, TrackingChange};

/// The tracking of a product that the person did not track.
pub(crate) fn begin(wish: &NewTracking, product: &ProductState, now: Timestamp) -> Tracking {
    let rules = settled(&wish.rules, product);
    let may_be_met = product.price.is_some() && has_any(&rules);
    Tracking {
        id: TrackingId::derive(wish.user_id, product.id),
        user_id: wish.user_id,
        product_id: product.id,
        rules,
        channels: wish.channels.clone(),
        active: true,
        reference: product.price,
        alert: Alert::Armed,
        told_at: None,
        revisit_at: may_be_met.then_some(now),
        revision: 0,
        created_at: now,
        updated_at: now,
    }
}

/// A wish for what is tracked already, as a change.
pub(crate) fn again(wish: &NewTracking) -> TrackingChange {
    TrackingChange { rules: Some(wish.rules.clone()), channels: Some(wish.channels.clone()), active: Some(true) }
}

/// A tracking after a change. Other rules are armed afresh and, as after a pause, looked at at once: they may be met already.
pub(crate) fn changed(existing: &TrackedProduct, change: &TrackingChange, now: Timestamp) -> Tracking {
    let TrackedProduct { tracking: before, product } = existing;
    let mut tracking = before.clone();
    tracking.active = change.active.unwrap_or(before.active);
    if let Some(channels) = &change.channels {
        tracking.channels.clone_from(channels);
    }
    let rules = change.rules.as_ref().map_or_else(|| before.rules.clone(), |rules| settled(rules, product));
    let is_edited = !same(&rules, &settled(&before.rules, product));
    if is_edited {
        tracking.alert = Alert::Armed;
    }
    tracking.rules = rules;
    let resumed = tracking.active && !before.active;
    if product.price.is_some() && has_any(&tracking.rules) && (is_edited || resumed) {
        tracking.revisit_at = Some(now);
    }
    tracking.updated_at = now;
    tracking
}

/// How a change moves the product's count of active trackings.
pub(crate) fn more_trackers(before: &Tracking, after: &Tracking) -> Option<i64> {
    (after.active != before.active).then_some(if after.active { 1 } else { -1 })
}

/// Rules with the product's currency, where the target was given before it was known.
fn settled(rules: &Rules, product: &ProductState) -> Rules {
    let target = rules.target.as_ref().map(|target| match product.price {
        Some(price) => target.in_currency_if_unknown(price.currency),
        None => target.clone(),
    });
    Rules { target, drop: rules.drop }
}

fn has_any(rules: &Rules) -> bool {
    rules.target.is_some() || rules.drop.is_some()
}

/// Whether the rules ask for the same: `99.9 EUR` is `99.90 EUR`.
fn same(a: &Rules, b: &Rules) -> bool {
    let money = |rules: &Rules| rules.target.as_ref().and_then(|target| target.money());
    let same_target = a.target == b.target || (money(a).is_some() && money(a) == money(b));
    same_target && a.drop == b.drop
}
