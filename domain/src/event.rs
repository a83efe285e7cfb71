//! Price events: changes that trackings may care about.

use serde::{Deserialize, Serialize};

use crate::ids::{EventId, ProductId};
use crate::money::Money;
use crate::offer::Availability;
use crate::time::Timestamp;

/// A change in price or availability, recorded in the same transaction as the observation that showed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceEvent {
    /// Derived from product and `at`.
    pub id: EventId,
    /// The product.
    pub product_id: ProductId,
    /// Start of the check that showed it.
    pub at: Timestamp,
    /// The last good price before; `None` at the first.
    pub old_price: Option<Money>,
    /// The price from now on; `None` where only the stock state is known.
    pub new_price: Option<Money>,
    /// The stock state before.
    pub old_availability: Availability,
    /// The stock state from now on.
    pub new_availability: Availability,
}

impl PriceEvent {
    /// Whether this is the first price ever seen of the product: such an event sets states, and alerts only a target already met.
    pub fn is_first(&self) -> bool {
        self.old_price.is_none() && self.new_price.is_some()
    }

    /// Whether somebody at home can buy at the new price, as far as the page says.
    pub fn is_buyable(&self) -> bool {
        self.new_price.is_some() && self.new_availability.is_buyable() != Some(false)
    }

    /// By how many ten-thousandths the price fell (negative: rose), if both prices are known and of one currency.
    pub fn fall_basis_points(&self) -> Option<i64> {
        self.new_price?.basis_points_below(self.old_price?)
    }
}
