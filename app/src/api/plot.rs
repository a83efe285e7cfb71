//! A part of a history as a chart: axes, ticks, bands, levels, and the words for every step. All arithmetic is on integers, so
//! that server and browser draw the same.

use domain::chart::{Band, BandKind, Steps, steps};
use domain::time::DAY;
use domain::{Money, Timestamp};

use super::history::{BandView, PlotView, StepView, TargetView, TickView};
use super::show::Show;
use super::ticks::time_ticks;
use crate::context::{fill, t};

/// Steps enough for the widest screen.
const POINTS: usize = 600;
/// A last reading older than this does not say what the price is now.
const FRESH_FOR: i64 = 2 * DAY;
/// Shortest window: the axis of a history that has just begun.
const SHORTEST: i64 = 10 * domain::time::MINUTE;

/// The chart of a window that begins at `from`. `None` while there is no price in it.
pub fn plot(
    part: &actions::History,
    from: Timestamp,
    target: Option<Money>,
    told: &[(Timestamp, Money)],
    show: &Show,
) -> Option<PlotView> {
    let to = part.to;
    let from = if to.micros_since(from) < SHORTEST { to.plus_micros(-SHORTEST) } else { from };
    let line = steps(&part.runs, from, to, POINTS);
    let currency = line.currency?;
    let prices = || line.steps.iter().filter_map(|step| step.minor);
    let statistics = &part.statistics;
    // The levels count what could not be bought, too: they must lie on the axis.
    let lowest = prices().chain(statistics.lowest.map(|low| low.price.minor)).min()?;
    let highest = prices().chain(statistics.highest.map(|high| high.price.minor)).max()?;
    let target = target.filter(|target| target.currency == currency);
    let (low, high) = span(lowest, highest, target.map(|target| target.minor));
    let price = |minor| show.locale.money(Money::new(minor, currency));
    let seen = line.last_seen.unwrap_or(to);
    let level = |label: &str, money: Option<Money>| {
        money.map(|money| TickView { at: money.minor, text: format!("{label} {}", show.locale.money(money)) })
    };
    // One price throughout: three lines over each other would say nothing.
    let levels = if lowest == highest {
        Vec::new()
    } else {
        let lowest = level(t("low"), statistics.lowest.map(|at| at.price));
        let highest = level(t("high"), statistics.highest.map(|at| at.price));
        [highest, level(t("average"), statistics.average), lowest].into_iter().flatten().collect()
    };
    let product = &part.product;
    let suspect = product.suspect.filter(|suspect| suspect.price.currency == currency);
    Some(PlotView {
        from: ms(from),
        to: ms(to),
        low,
        high,
        currency: currency.code().into(),
        per_major: currency.minor_per_major(),
        // Day before month, as in our own texts.
        locale: if show.locale.tag() == "en" { "en-GB".into() } else { show.locale.tag().into() },
        zone: show.zone_name.clone(),
        steps: step_views(&line, to, show),
        seen: ms(seen),
        is_fresh: to.micros_since(seen) < FRESH_FOR,
        bands: line.bands.iter().filter(|band| band.to > band.from).map(band_view).collect(),
        time_ticks: time_ticks(from, to, show),
        price_ticks: price_ticks(low, high, currency.minor_per_major(), price, show),
        levels,
        target: target.map(|target| TargetView {
            minor: target.minor,
            text: price(target.minor),
            is_below: target.minor < low,
            is_above: target.minor > high,
        }),
        suspect: suspect
            .map(|suspect| (ms(suspect.last_seen_at), suspect.price.minor))
            .filter(|(_, at)| (low..=high).contains(at)),
        told: told
            .iter()
            .filter(|(at, price)| *at >= from && *at <= to && price.currency == currency && (low..=high).contains(&price.minor))
            .map(|(at, price)| (ms(*at), price.minor))
            .collect(),
        money: money_pattern(currency, show),
    })
}

/// How an amount is written: what stands before it, the decimal separator, what stands after it.
fn money_pattern(currency: domain::Currency, show: &Show) -> (String, char, String) {
    let text = show.locale.money(Money::new(0, currency));
    let digits = |c: char| c.is_ascii_digit();
    let (first, last) = (text.find(digits).unwrap_or(0), text.rfind(digits).map_or(text.len(), |at| at + 1));
    (text[..first].to_owned(), show.locale.decimal_separator(), text[last..].to_owned())
}

/// The price axis: what is seen, widened by 8 %, at least 2 % of the price, and down to the target if that is not far.
pub(super) fn span(lowest: i64, highest: i64, target: Option<i64>) -> (i64, i64) {
    let seen = (highest - lowest).max(highest / 50).max(2);
    let near = target.filter(|target| *target > lowest - seen * 35 / 100 - highest / 20 && *target < highest + seen * 35 / 100);
    let lowest = near.map_or(lowest, |target| target.min(lowest));
    let highest = near.map_or(highest, |target| target.max(highest));
    let seen = (highest - lowest).max(highest / 50).max(2);
    let middle = lowest + (highest - lowest) / 2;
    let half = (seen / 2 + seen * 8 / 100).max(1);
    ((middle - half).max(0), middle + half)
}

/// Four or five round prices. Their text has no decimals if none of them needs any.
pub(super) fn price_ticks(low: i64, high: i64, per_major: i64, text: impl Fn(i64) -> String, show: &Show) -> Vec<TickView> {
    let step = round_step((high - low) / 4);
    let first = low.div_euclid(step) + i64::from(low.rem_euclid(step) != 0);
    let values: Vec<i64> = (first..).map(|n| n * step).take_while(|value| *value <= high).collect();
    let are_whole = per_major > 1 && values.iter().all(|value| value % per_major == 0);
    let decimals = format!("{}{}", show.locale.decimal_separator(), "0".repeat(per_major.ilog10() as usize));
    let label = |value: i64| if are_whole { text(value).replacen(&decimals, "", 1) } else { text(value) };
    values.into_iter().map(|value| TickView { at: value, text: label(value) }).collect()
}

/// The nearest of 1, 2, 5, 10, 20, 50, … that is not below `wish`.
fn round_step(wish: i64) -> i64 {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if step >= wish {
                return step;
            }
        }
        power *= 10;
    }
}

fn step_views(line: &Steps, to: Timestamp, show: &Show) -> Vec<StepView> {
    let view = |(index, step): (usize, &domain::chart::Step)| {
        let until = line.steps.get(index + 1).map_or(to, |next| next.at);
        let held = show.lasting(until.micros_since(step.at));
        let what = match step.minor.zip(line.currency) {
            Some((minor, currency)) => show.locale.money(Money::new(minor, currency)),
            None => band_at(&line.bands, step.at).map_or(t("no price"), label).to_owned(),
        };
        let (day, clock) = (show.day(step.at), show.clock(step.at));
        let values: [(&str, &dyn std::fmt::Display); 4] = [("day", &day), ("clock", &clock), ("what", &what), ("held", &held)];
        let text = fill("{day}, {clock}: {what} for {held}", &values);
        StepView { at: ms(step.at), minor: step.minor, text }
    };
    line.steps.iter().enumerate().map(view).collect()
}

fn band_at(bands: &[Band], at: Timestamp) -> Option<BandKind> {
    bands.iter().find(|band| band.from <= at && at < band.to).map(|band| band.kind)
}

fn band_view(band: &Band) -> BandView {
    let is_sold_out = band.kind == BandKind::SoldOut;
    BandView { label: label(band.kind).into(), is_sold_out, from: ms(band.from), to: ms(band.to) }
}

fn label(kind: BandKind) -> &'static str {
    match kind {
        BandKind::SoldOut => t("sold out"),
        BandKind::NotChecked => t("not checked"),
    }
}

pub(super) fn ms(at: Timestamp) -> i64 {
    at.as_micros() / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_holds_the_line_with_room_and_a_near_target() {
        assert_eq!(span(10_000, 12_000, None), (9_840, 12_160));
        let (low, _) = span(10_000, 12_000, Some(9_500));
        assert!(low < 9_500);
        // A far target would press the line flat: it becomes a tag at the edge.
        assert_eq!(span(10_000, 12_000, Some(2_000)), (9_840, 12_160));
        let (low, high) = span(10_000, 10_000, None);
        assert!(low < 10_000 && high > 10_000);
        assert_eq!(span(1, 1, None).0, 0);
    }

    #[test]
    fn an_amount_is_written_as_the_reader_writes_it() {
        let euro = domain::Currency::from_code("EUR").unwrap();
        let pattern = |tag| money_pattern(euro, &Show::new(domain::Locale::best(tag), "UTC", Timestamp::EPOCH));
        assert_eq!(pattern("en"), ("€".into(), '.', String::new()));
        assert_eq!(pattern("de"), (String::new(), ',', "\u{a0}€".into()));
    }

    #[test]
    fn steps_of_the_price_axis_are_round() {
        for (wish, step) in [(0, 1), (3, 5), (130, 200), (580, 1_000), (1_000, 1_000)] {
            assert_eq!(round_step(wish), step, "{wish}");
        }
    }

    #[test]
    fn whole_prices_are_labelled_without_decimals() {
        let show = Show::new(domain::Locale::best("de"), "UTC", Timestamp::EPOCH);
        let euro = domain::Currency::from_code("EUR").unwrap();
        let text = |minor| show.locale.money(Money::new(minor, euro));
        let labels = |low, high| price_ticks(low, high, 100, text, &show).into_iter().map(|tick| tick.text).collect::<Vec<_>>();
        assert_eq!(labels(9_840, 12_160), ["100\u{a0}€", "110\u{a0}€", "120\u{a0}€"]);
        assert_eq!(labels(95, 130), ["1,00\u{a0}€", "1,10\u{a0}€", "1,20\u{a0}€", "1,30\u{a0}€"]);
    }
}
