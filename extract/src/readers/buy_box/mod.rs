//! The visible buy box: what stands around the product's heading, read by scored rules.
//!
//! It is asked only where the page's own data do not settle the price or the stock state. It abstains easily: a page without one
//! price near its heading, and a button to buy beside it, is a listing, a wall or an article.

mod buttons;
mod prices;
mod region;
mod stock;
mod words;

use domain::offer::Field;
use domain::{Availability, Money, Reader};

use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::markup::Element;
use buttons::Button;
use region::Region;

/// One uncertain reader: just above weak where a button to buy stands beside the price.
const CONFIDENCE: u8 = 62;

/// What the page shows around its heading; `None` without a heading.
pub(crate) struct BuyBox<'a> {
    region: Region<'a>,
    buttons: Vec<Button<'a>>,
}

impl<'a> BuyBox<'a> {
    pub(crate) fn find(document: &'a Document<'a>, name: Option<&str>) -> Option<Self> {
        let heading = region::heading(document, name)?;
        let buttons = buttons::find(document, heading);
        let region = Region::around(heading, &buttons);
        Some(BuyBox { region, buttons })
    }

    /// The price and the stock state that the page shows.
    pub(crate) fn read(&self, context: &Context) -> Option<Claim> {
        let mut claim = Claim::new(Reader::BuyBox, CONFIDENCE);
        self.read_price(&mut claim, context);
        claim.availability = self.read_stock(&mut claim);
        claim.says_anything().then_some(claim)
    }

    /// The stock state alone, for pages whose data give the price.
    pub(crate) fn stock(&self) -> Option<Claim> {
        let mut claim = Claim::new(Reader::BuyBox, CONFIDENCE);
        claim.availability = self.read_stock(&mut claim);
        claim.says_anything().then_some(claim)
    }

    fn read_price(&self, claim: &mut Claim, context: &Context) {
        let working: Vec<Element<'_>> =
            self.buttons.iter().filter(|button| button.is_working).map(|button| button.element).collect();
        let shown = prices::around(&self.region, &working, context);
        for price in &shown.standing {
            claim.note(Field::Price, price.place.clone(), &price.text, price.money.to_string());
        }
        for price in &shown.struck {
            claim.note(Field::ListPrice, price.place.clone(), &price.text, price.money.to_string());
        }
        let mut values: Vec<Money> = Vec::new();
        for price in &shown.standing {
            if !values.contains(&price.money) {
                values.push(price.money);
            }
        }
        claim.price = match values.as_slice() {
            [] => shown.range.map_or(PriceClaim::None, |(low, high)| PriceClaim::Range(low, high)),
            [one] => PriceClaim::One(*one),
            several => PriceClaim::Several(several.to_vec()),
        };
        if let (PriceClaim::One(price), Some(range)) = (&claim.price, shown.range) {
            // `from 10 to 20` beside one of its ends is a choice of variants.
            if range.0 != *price || range.1 != *price {
                claim.price = PriceClaim::Range(range.0, range.1);
            }
        }
        if let PriceClaim::One(price) = claim.price {
            claim.list_price = shown.struck.iter().map(|struck| struck.money).find(|list| *list > price);
            // Without a way to buy, what stands beside a heading may be anything.
            if working.is_empty() {
                claim.price = PriceClaim::None;
            }
        }
    }

    fn read_stock(&self, claim: &mut Claim) -> Availability {
        let (availability, place, text) = stock::read(&self.region, &self.buttons);
        if availability != Availability::Unknown {
            claim.note(Field::Availability, place, &text, availability.as_str());
        }
        availability
    }
}
