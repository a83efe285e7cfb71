//! What one page says: price, currency, availability, name, and the evidence for each.

use serde::{Deserialize, Serialize};

use crate::check::FailureKind;
use crate::money::Money;

/// Whether the listing can be bought. A closed list: what a page says otherwise is [`Availability::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Nothing on the page says it for sure.
    #[default]
    Unknown,
    /// Can be ordered now.
    InStock,
    /// Can be ordered now, few are left.
    Limited,
    /// Can be ordered before it is released.
    PreOrder,
    /// Can be ordered, is sent later.
    BackOrder,
    /// Sold in the shop's branches only.
    InStoreOnly,
    /// Cannot be ordered now.
    OutOfStock,
    /// Will not come back.
    Discontinued,
}

impl Availability {
    /// Every value, for tables and tests.
    pub const ALL: [Availability; 8] = [
        Availability::Unknown,
        Availability::InStock,
        Availability::Limited,
        Availability::PreOrder,
        Availability::BackOrder,
        Availability::InStoreOnly,
        Availability::OutOfStock,
        Availability::Discontinued,
    ];

    /// The word in tables and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Availability::Unknown => "unknown",
            Availability::InStock => "in_stock",
            Availability::Limited => "limited",
            Availability::PreOrder => "pre_order",
            Availability::BackOrder => "back_order",
            Availability::InStoreOnly => "in_store_only",
            Availability::OutOfStock => "out_of_stock",
            Availability::Discontinued => "discontinued",
        }
    }

    /// The availability of a word written by [`Availability::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Availability::ALL.into_iter().find(|availability| availability.as_str() == word)
    }

    /// Whether somebody at home can order it; `None` where that is not known.
    pub const fn is_buyable(self) -> Option<bool> {
        match self {
            Availability::Unknown => None,
            Availability::InStock | Availability::Limited | Availability::PreOrder | Availability::BackOrder => Some(true),
            Availability::InStoreOnly | Availability::OutOfStock | Availability::Discontinued => Some(false),
        }
    }
}

/// The way by which a value was read from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// A reader written for this platform's pages.
    Platform,
    /// schema.org as JSON-LD.
    JsonLd,
    /// schema.org as microdata.
    Microdata,
    /// schema.org as RDFa.
    Rdfa,
    /// Open Graph and product meta tags.
    OpenGraph,
    /// State that the page's own script reads.
    EmbeddedState,
    /// The visible buy box.
    BuyBox,
    /// A selector that a person gave.
    Selector,
}

impl Reader {
    /// The word in tables, on the command line and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reader::Platform => "platform",
            Reader::JsonLd => "json_ld",
            Reader::Microdata => "microdata",
            Reader::Rdfa => "rdfa",
            Reader::OpenGraph => "open_graph",
            Reader::EmbeddedState => "embedded_state",
            Reader::BuyBox => "buy_box",
            Reader::Selector => "selector",
        }
    }
}

/// What a piece of evidence speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What a visitor pays now.
    Price,
    /// The struck or recommended price.
    ListPrice,
    /// Whether it can be bought.
    Availability,
    /// The product's name.
    Name,
    /// Signs that the page is a human check, an error page or no product page.
    Page,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// This is the value taken.
    Chosen,
    /// Another reader that says the same.
    Agrees,
    /// Says otherwise, and counts.
    Conflicts,
    /// Says otherwise, and is known not to be the price (an instalment, a list price, another product).
    Ignored,
}

/// One candidate for one field, kept so that a person can see why a price was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it speaks about.
    pub field: Field,
    /// How it was read.
    pub reader: Reader,
    /// Where in the page: a path such as `offers.price` or a selector.
    pub place: String,
    /// The text as the page has it, cut to 200 characters.
    pub raw: String,
    /// The value read from it, as text (`149.99 EUR`, `in_stock`).
    pub value: String,
    /// 0 to 100.
    pub confidence: u8,
    /// What became of it.
    pub verdict: Verdict,
}

/// What a page says about the product itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFacts {
    /// The product's name, white space collapsed, at most 500 characters.
    pub name: Option<String>,
    /// Absolute http or https URL of its picture.
    pub image_url: Option<String>,
    /// The maker.
    pub brand: Option<String>,
    /// Global trade item number, 8 to 14 digits.
    pub gtin: Option<String>,
    /// Manufacturer's part number.
    pub mpn: Option<String>,
    /// Who sells it, on a marketplace.
    pub seller: Option<String>,
    /// `new`, `used`, `refurbished`, when sure.
    pub condition: Option<String>,
}

/// A clean reading of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What a visitor who is not signed in pays for the tracked variant, without shipping. Positive.
    pub price: Money,
    /// The struck or recommended price, above `price`.
    pub list_price: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// What the page says about the product.
    pub facts: ProductFacts,
    /// The reader whose price was taken.
    pub reader: Reader,
    /// 0 to 100. Under 60 is weak: one uncertain reader alone.
    pub confidence: u8,
    /// Every candidate seen.
    pub evidence: Vec<Evidence>,
}

/// What was read from one page. Only `Offer` and `OutOfStock` may change what is known about a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Reading {
    /// A price, and perhaps a stock state.
    Offer(Offer),
    /// Surely not for sale now; no price is taken from such a page.
    OutOfStock {
        /// [`Availability::OutOfStock`], `InStoreOnly` or `Discontinued`.
        availability: Availability,
        /// What the page says about the product.
        facts: ProductFacts,
        /// Every candidate seen.
        evidence: Vec<Evidence>,
    },
    /// Nothing that may change a price.
    Failed {
        /// What kind of failure.
        kind: FailureKind,
        /// One sentence that names the thing and the remedy; lowercase, no full stop.
        detail: String,
        /// What the page may be called all the same.
        facts: ProductFacts,
        /// What speaks for it.
        evidence: Vec<Evidence>,
    },
}

impl Reading {
    /// The word of this outcome: `offer`, `out_of_stock`, or the failure's kind.
    pub fn outcome(&self) -> &'static str {
        match self {
            Reading::Offer(_) => "offer",
            Reading::OutOfStock { .. } => "out_of_stock",
            Reading::Failed { kind, .. } => kind.as_str(),
        }
    }

    /// What the page says about the product.
    pub fn facts(&self) -> &ProductFacts {
        match self {
            Reading::Offer(offer) => &offer.facts,
            Reading::OutOfStock { facts, .. } | Reading::Failed { facts, .. } => facts,
        }
    }

    /// Every candidate seen.
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Reading::Offer(offer) => &offer.evidence,
            Reading::OutOfStock { evidence, .. } | Reading::Failed { evidence, .. } => evidence,
        }
    }
}
