//! The words of a notification: one place, so that inbox, e-mail and every other channel say the same.

use crate::decide::Reason;
use crate::locale::Locale;
use crate::notification::Alerted;

/// A message in plain text, for a channel to wrap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line: product and price. Holds no line break.
    pub title: String,
    /// What fell, from what to what, and which rule fired.
    pub text: String,
    /// When it was observed, in the reader's zone.
    pub observed: String,
}

/// Longest product name in a message, in characters.
pub const MAX_NAME: usize = 120;

/// Writes the message about an alert for a reader's language, region and time zone.
pub fn message(alerted: &Alerted, locale: Locale, time_zone: &str) -> Message {
    let name = one_line(&alerted.product_name, MAX_NAME);
    let price = locale.money(alerted.new_price);
    let observed = locale.date_time(alerted.observed_at, time_zone);
    let sentences = [change(alerted, locale), reason(&alerted.reason, locale)];
    let text = sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ");
    Message { title: format!("{name}: {price}"), text, observed }
}

/// `▼ €10.00 (6.7%) at amazon.de, from €149.99 to €139.99.` One comparison decides sign and word.
fn change(alerted: &Alerted, locale: Locale) -> String {
    let now = locale.money(alerted.new_price);
    let moved = alerted
        .old_price
        .and_then(|old| Some((old, alerted.new_price.checked_sub(old)?, alerted.new_price.basis_points_below(old)?)));
    match moved {
        Some((old, change, fall)) if change.minor != 0 => {
            let sign = if change.minor < 0 { "▼" } else { "▲" };
            let size = crate::money::Money::new(change.minor.abs(), change.currency);
            let percent = locale.percent(fall);
            format!("{sign} {} ({percent}) at {}, from {} to {now}.", locale.money(size), alerted.shop, locale.money(old))
        }
        _ => format!("{now} at {}.", alerted.shop),
    }
}

/// Which rule fired, as a sentence.
pub fn reason(reason: &Reason, locale: Locale) -> String {
    match reason {
        Reason::Target { target, already_met: false } => format!("Your target {} is reached.", locale.money(*target)),
        Reason::Target { target, already_met: true } => format!("The price already meets your target {}.", locale.money(*target)),
        Reason::DropFromPrevious { basis_points, previous } => format!(
            "It fell by at least {} from the price before, {}.",
            locale.percent(i64::from(*basis_points)),
            locale.money(*previous)
        ),
        Reason::DropFromReference { basis_points, reference } => format!(
            "It is at least {} below {}, the price when you began to track it or were last told.",
            locale.percent(i64::from(*basis_points)),
            locale.money(*reference)
        ),
    }
}

/// White space and control characters (line breaks would end a mail header) become single spaces; cut on characters.
pub fn one_line(text: &str, most: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    let mut cut: String = words.chars().take(most.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}
