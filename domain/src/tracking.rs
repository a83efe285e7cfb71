//! Trackings: what one person wants to be told about one product.

use serde::{Deserialize, Serialize};

use crate::ids::{ProductId, TrackingId, UserId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// A way of telling a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The notifications page; always on.
    Inbox,
    /// E-mail.
    Email,
    /// Web push.
    Push,
    /// Text message.
    Sms,
    /// A signed HTTP call.
    Webhook,
    /// ntfy.
    Ntfy,
    /// Telegram.
    Telegram,
    /// Discord.
    Discord,
    /// Slack.
    Slack,
    /// Gotify.
    Gotify,
}

impl Channel {
    /// Every channel, for tables and tests.
    pub const ALL: [Channel; 10] = [
        Channel::Inbox,
        Channel::Email,
        Channel::Push,
        Channel::Sms,
        Channel::Webhook,
        Channel::Ntfy,
        Channel::Telegram,
        Channel::Discord,
        Channel::Slack,
        Channel::Gotify,
    ];

    /// The word in tables and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Channel::Inbox => "inbox",
            Channel::Email => "email",
            Channel::Push => "push",
            Channel::Sms => "sms",
            Channel::Webhook => "webhook",
            Channel::Ntfy => "ntfy",
            Channel::Telegram => "telegram",
            Channel::Discord => "discord",
            Channel::Slack => "slack",
            Channel::Gotify => "gotify",
        }
    }

    /// The channel of a word written by [`Channel::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Channel::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// Largest share of a price that a percentage rule may ask for, in ten-thousandths: 99 %.
pub const MAX_DROP_BASIS_POINTS: u32 = 9_900;
/// Largest target, in major units of any currency.
pub const MAX_TARGET_MAJOR: i64 = 1_000_000_000_000;

/// A price to fall to. Its currency is the product's; until the first price is read that may not be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetPrice {
    /// Plain decimal text, positive.
    amount: String,
    /// The product's currency, once known.
    currency: Option<Currency>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not a number.
    #[error("`{0}` is not a price; enter one such as 99.99")]
    NotAPrice(String),
    /// Zero or below.
    #[error("a target price must be above zero; enter one such as 99.99")]
    NotPositive,
    /// Beyond [`MAX_TARGET_MAJOR`].
    #[error("`{0}` is too large for a price; enter one such as 99.99")]
    TooLarge(String),
    /// A percentage outside of 1 to 99.
    #[error("a percentage drop must be between 1 and 99, not `{0}`")]
    NotAPercentage(String),
}

impl TargetPrice {
    /// A target from plain decimal text (`99.99`), in `currency` if the product's is known.
    pub fn new(text: &str, currency: Option<Currency>) -> Result<Self, RuleError> {
        let assumed = currency.or_else(|| Currency::from_code("USD")).expect("USD is in ISO 4217");
        let money = Money::from_decimal(text.trim(), assumed).map_err(|error| match error {
            crate::money::MoneyError::NotDecimal(text) => RuleError::NotAPrice(text),
            crate::money::MoneyError::TooLarge(text) => RuleError::TooLarge(text),
        })?;
        if money.minor <= 0 {
            return Err(RuleError::NotPositive);
        }
        if money.minor / assumed.minor_per_major() >= MAX_TARGET_MAJOR {
            return Err(RuleError::TooLarge(text.to_owned()));
        }
        let amount = if currency.is_some() { money.to_decimal() } else { text.trim().to_owned() };
        Ok(TargetPrice { amount, currency })
    }

    /// The target as an amount of money, or `None` while the product's currency is not known.
    pub fn money(&self) -> Option<Money> {
        Money::from_decimal(&self.amount, self.currency?).ok()
    }

    /// The decimal text, whatever the currency.
    pub fn amount(&self) -> &str {
        &self.amount
    }

    /// The currency, once known.
    pub fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The same target in the currency that the first price turned out to have.
    #[must_use]
    pub fn in_currency_if_unknown(&self, currency: Currency) -> Self {
        TargetPrice { amount: self.amount.clone(), currency: self.currency.or(Some(currency)) }
    }
}

/// A percentage drop, in ten-thousandths: 1 % to 99 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DropBasisPoints(u32);

impl DropBasisPoints {
    /// From a percentage as decimal text: `10`, `7.5`.
    pub fn from_percent(text: &str) -> Result<Self, RuleError> {
        let wrong = || RuleError::NotAPercentage(text.trim().to_owned());
        // A currency with two decimals has the same arithmetic as a percentage with two.
        let hundredths = Currency::from_code("EUR").expect("EUR is in ISO 4217");
        let points = Money::from_decimal(text.trim(), hundredths).map_err(|_| wrong())?.minor;
        DropBasisPoints::new(u32::try_from(points).map_err(|_| wrong())?).ok_or_else(wrong)
    }

    /// From ten-thousandths, if between 1 % and 99 %.
    pub fn new(points: u32) -> Option<Self> {
        (100..=MAX_DROP_BASIS_POINTS).contains(&points).then_some(DropBasisPoints(points))
    }

    /// Ten-thousandths.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The percentage, for the HTTP API and for people.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

/// When to tell: any of these. With none, the product is only watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// At or below a price.
    pub target: Option<TargetPrice>,
    /// This much below the previous price, or below the reference price.
    pub drop: Option<DropBasisPoints>,
}

/// Whether the person was told, and of what. See [`crate::decide`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Alert {
    /// Nothing was told since the price was last above the rules.
    #[default]
    Armed,
    /// The person was told of `price`; silent until it rises clear of the rules or falls clearly lower.
    Fired {
        /// The price that was told.
        price: Money,
    },
}

/// One person's wish about one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// Derived from user and product.
    pub id: TrackingId,
    /// Whose it is.
    pub user_id: UserId,
    /// Of what.
    pub product_id: ProductId,
    /// When to tell.
    pub rules: Rules,
    /// Where to tell, beside the inbox.
    pub channels: Vec<Channel>,
    /// False while paused.
    pub active: bool,
    /// What percentage rules compare with: the price when tracking began, or the one last told.
    pub reference: Option<Money>,
    /// Whether it was told, and of what.
    pub alert: Alert,
    /// When the person was last told, whatever was told.
    pub told_at: Option<Timestamp>,
    /// Look at it again then, event or not: an alert was held back, or the rules were edited.
    pub revisit_at: Option<Timestamp>,
    /// Grows by one with every change by the person or by an alert; a decision made from an older one is refused.
    pub revision: i64,
    /// When tracking began.
    pub created_at: Timestamp,
    /// When the person last changed it.
    pub updated_at: Timestamp,
}

/// A candidate's index keys: the prices at which a tracking must be looked at. See [`crate::decide::keys`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchKeys {
    /// Look when a price is at or below this many minor units. `i64::MAX`: at any price. `i64::MIN`: at none.
    pub below: i64,
    /// Look when a price is at or above this many minor units. `i64::MAX`: at none.
    pub above: i64,
    /// Look when a price fell by at least so many ten-thousandths at once. `u32::MAX`: never.
    pub fall: u32,
}
