//! Prices that somebody set, over the schedule.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::money::MoneyError;
use domain::{Availability, Money, Timestamp};
use serde::Deserialize;

use super::catalogue::{CATALOGUE, Item, find_slug};
use super::schedule::{Shown, scheduled_price};

/// A change, from the form or as JSON. What is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Change {
    /// The product, as the control page calls it.
    pub product: Option<String>,
    /// A plain decimal, or `auto`.
    pub price: Option<String>,
    /// `in_stock`, `out_of_stock`, or `auto`.
    pub availability: Option<String>,
    /// Another number moves the prices of all pages of the load tests.
    pub epoch: Option<u64>,
}

/// Why a change was refused.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// No such product.
    #[error("there is no product `{0}`; the control page lists them")]
    Product(String),
    /// Not a price.
    #[error("{0}; give a plain decimal such as 89.99, or auto")]
    Price(#[from] MoneyError),
    /// Zero or below.
    #[error("a price must be above zero, or auto")]
    NotPositive,
    /// Not a stock state.
    #[error("`{0}` is no stock state; give in_stock, out_of_stock or auto")]
    Availability(String),
}

#[derive(Clone, Copy, Debug, Default)]
struct Set {
    price: Option<Money>,
    availability: Option<Availability>,
}

/// The schedule, and what was set over it.
#[derive(Debug, Default)]
pub struct Control {
    seed: u64,
    set: Mutex<HashMap<&'static str, Set>>,
    epoch: AtomicU64,
}

impl Control {
    /// The schedule of a seed, with nothing set.
    pub fn new(seed: u64) -> Self {
        Control { seed, ..Control::default() }
    }

    /// What a product's page shows at a time.
    pub fn shown(&self, item: &'static Item, now: Timestamp) -> Shown {
        let set = self.set().get(item.slug).copied().unwrap_or_default();
        let price = set.price.unwrap_or_else(|| scheduled_price(item, self.seed, now));
        let usual = if item.in_stock { Availability::InStock } else { Availability::OutOfStock };
        Shown {
            item,
            price,
            list_price: item.list_price().filter(|list| *list > price),
            availability: set.availability.unwrap_or(usual),
        }
    }

    /// What all pages show at a time.
    pub fn all_shown(&self, now: Timestamp) -> Vec<Shown> {
        CATALOGUE.iter().map(|item| self.shown(item, now)).collect()
    }

    /// Which prices the pages of the load tests show.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// Makes a change, wholly or not at all; gives the product that was changed, if it was about one.
    pub fn change(&self, change: &Change) -> Result<Option<&'static Item>, ChangeError> {
        let Some(slug) = &change.product else {
            self.change_epoch(change.epoch);
            return Ok(None);
        };
        let item = find_slug(slug).ok_or_else(|| ChangeError::Product(slug.clone()))?;
        let price = change.price.as_deref().map(|text| read_price(text, item)).transpose()?;
        let availability = change.availability.as_deref().map(read_availability).transpose()?;
        let mut all = self.set();
        let set = all.entry(item.slug).or_default();
        set.price = price.unwrap_or(set.price);
        set.availability = availability.unwrap_or(set.availability);
        self.change_epoch(change.epoch);
        Ok(Some(item))
    }

    fn change_epoch(&self, epoch: Option<u64>) {
        if let Some(epoch) = epoch {
            self.epoch.store(epoch, Ordering::Relaxed);
        }
    }

    fn set(&self) -> MutexGuard<'_, HashMap<&'static str, Set>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The price to set; `None` is the schedule's.
fn read_price(text: &str, item: &Item) -> Result<Option<Money>, ChangeError> {
    if text.trim() == "auto" {
        return Ok(None);
    }
    let price = Money::from_decimal(text.trim(), item.currency())?;
    if price.minor > 0 { Ok(Some(price)) } else { Err(ChangeError::NotPositive) }
}

/// The stock state to set; `None` is the usual.
fn read_availability(word: &str) -> Result<Option<Availability>, ChangeError> {
    match word.trim() {
        "auto" => Ok(None),
        "in_stock" => Ok(Some(Availability::InStock)),
        "out_of_stock" => Ok(Some(Availability::OutOfStock)),
        other => Err(ChangeError::Availability(other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(price: &str, availability: &str) -> Change {
        Change {
            product: Some("headphones".into()),
            price: Some(price.into()),
            availability: Some(availability.into()),
            epoch: None,
        }
    }

    #[test]
    fn a_price_that_was_set_counts_until_it_is_left_to_the_schedule_again() {
        let (control, item, now) = (Control::new(7), find_slug("headphones").unwrap(), Timestamp::from_micros(1 << 50));
        control.change(&change("89.99", "out_of_stock")).unwrap();
        let shown = control.shown(item, now);
        assert_eq!((shown.price.minor, shown.availability), (8_999, Availability::OutOfStock));
        control.change(&change("auto", "auto")).unwrap();
        assert_eq!(control.shown(item, now).price, scheduled_price(item, 7, now));
    }

    #[test]
    fn a_senseless_change_is_refused_and_changes_nothing() {
        let (control, item, now) = (Control::new(7), find_slug("headphones").unwrap(), Timestamp::from_micros(1 << 50));
        let before = control.shown(item, now);
        for wrong in [change("-3", "auto"), change("0", "auto"), change("cheap", "auto"), change("5", "perhaps")] {
            assert!(control.change(&wrong).is_err(), "{wrong:?}");
        }
        assert!(control.change(&Change { product: Some("nothing".into()), ..Change::default() }).is_err());
        assert_eq!(control.shown(item, now), before);
    }
}
