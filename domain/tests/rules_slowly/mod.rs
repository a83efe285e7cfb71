//! The rules as a slow walk: everything is looked up in the whole history each time, tick by tick.

use domain::rules::MetRule;

/// Ticks in a day and in an hour.
const DAY: i64 = 72;
const HOUR: i64 = 3;

/// What is wished, in plain numbers: cents, ten-thousandths, days.
#[derive(Clone, Debug)]
pub struct Wish {
    pub target: Option<i64>,
    pub fall: Option<u32>,
    pub fall_from_start: Option<u32>,
    pub any_fall: bool,
    pub lowest_ever: bool,
    pub lowest_in_30_days: bool,
    pub average: Option<(i64, u32)>,
    pub back_in_stock: bool,
}

type History<'a> = &'a [(i64, i64, bool)];

/// Whether `price` is at least so many ten-thousandths below `base`.
fn is_below(price: i64, base: i64, points: u32) -> bool {
    i128::from(price) * 10_000 <= i128::from(base) * i128::from(10_000 - points)
}

/// The price that could be had at a tick, before the event at `end`.
fn price_at(history: History<'_>, tick: i64, end: i64) -> Option<i64> {
    let run = history.iter().rev().find(|(from, _, _)| *from <= tick && *from < end)?;
    run.2.then_some(run.1)
}

fn first_price(history: History<'_>, end: i64) -> Option<i64> {
    history.iter().find(|(from, _, buyable)| *from < end && *buyable).map(|(from, _, _)| *from)
}

fn lowest(history: History<'_>, from: i64, end: i64) -> Option<i64> {
    (from.max(history[0].0)..end).filter_map(|tick| price_at(history, tick, end)).min()
}

/// The average over ticks, rounded half up.
fn average(history: History<'_>, days: i64, end: i64) -> Option<i64> {
    if end - first_price(history, end)? < days * DAY / 2 {
        return None;
    }
    let prices: Vec<i64> = ((end - days * DAY).max(history[0].0)..end).filter_map(|tick| price_at(history, tick, end)).collect();
    let (sum, count) = (prices.iter().sum::<i64>(), prices.len() as i64);
    (count > 0).then(|| (2 * sum + count).div_euclid(2 * count))
}

/// A rule that was met and what it was held against: cents, and how far below, or `None` for stock.
type Claim = (MetRule, Option<(i64, u32)>);

fn holds(claim: &Claim, price: i64, buyable: bool) -> bool {
    match claim {
        (MetRule::BackInStock, _) => buyable,
        (MetRule::Target, Some((target, _))) => price <= *target,
        (MetRule::LowestEver | MetRule::LowestIn30Days, Some((low, _))) => price < *low,
        (_, Some((base, points))) => is_below(price, *base, *points),
        (_, None) => false,
    }
}

/// What is told, and when.
pub fn slowly(wish: &Wish, history: History<'_>) -> Vec<(i64, Vec<MetRule>)> {
    let mut told: Vec<(i64, Vec<MetRule>)> = Vec::new();
    // The price last told, unless it has risen past the margin since.
    let mut known: Option<i64> = None;
    let mut start: Option<i64> = None;
    let mut owed: Vec<Claim> = Vec::new();
    let mut look: Vec<(i64, usize, bool)> = Vec::new();
    for index in 0..history.len() {
        look.push((history[index].0, index, true));
        let next = history.get(index + 1).map_or(i64::MIN, |next| next.0);
        // Every tick until the next event is a moment at which something owed may come due.
        look.extend((history[index].0 + 1..=next).take((HOUR + 1) as usize).map(|tick| (tick, index, false)));
    }
    for (tick, index, is_event) in look {
        let (from, price, buyable) = history[index];
        let last_told = told.last().map(|(tick, _)| *tick);
        let hour_is_over = last_told.is_none_or(|last| tick - last >= HOUR);
        if !is_event && (owed.is_empty() || !hour_is_over || !buyable) {
            continue;
        }
        let reference = start.unwrap_or(price);
        start = Some(reference);
        if let Some(last) = known {
            let threshold = wish.target.unwrap_or(last).max(last);
            if price > threshold + threshold / 100 {
                known = None;
                start = Some(price);
            }
        }
        let reference = start.unwrap_or(price);
        let is_news = known.is_none_or(|last| is_below(price, last, 500));
        owed.retain(|claim| holds(claim, price, buyable) && (claim.0 == MetRule::BackInStock || is_news));
        let mut met: Vec<Claim> = Vec::new();
        let previous = index.checked_sub(1).map(|before| history[before]);
        if is_news {
            let fell_at_once = previous.map(|(_, before, _)| before).filter(|before| is_below(price, *before, 100));
            let slid = Some(reference).filter(|base| is_below(price, *base, 100));
            let fell = fell_at_once.is_some() || slid.is_some();
            let mut claim = |is_wished: bool, rule, base: Option<i64>, points| {
                let claim = (rule, base.map(|base| (base, points)));
                if is_wished && base.is_some() && holds(&claim, price, buyable) {
                    met.push(claim);
                }
            };
            claim(true, MetRule::Target, wish.target, 0);
            let known_for = |days: i64| first_price(history, from).is_some_and(|first| from - first >= days * DAY);
            let ever = known_for(14).then(|| lowest(history, 0, from)).flatten();
            claim(wish.lowest_ever && fell, MetRule::LowestEver, ever, 0);
            let month = known_for(30).then(|| lowest(history, from - 30 * DAY, from)).flatten();
            claim(wish.lowest_in_30_days && fell, MetRule::LowestIn30Days, month, 0);
            claim(wish.fall.is_some() && is_event, MetRule::Fall, fell_at_once, wish.fall.unwrap_or(0));
            claim(wish.fall_from_start.is_some(), MetRule::FallFromStart, slid, wish.fall_from_start.unwrap_or(0));
            let mean = wish.average.and_then(|(days, _)| average(history, days, from));
            claim(fell, MetRule::BelowAverage, mean, wish.average.map_or(0, |(_, points)| points));
            let base = if is_event { fell_at_once.or(slid) } else { slid };
            claim(wish.any_fall, MetRule::AnyFall, base, 100);
        }
        if wish.back_in_stock && is_event && buyable && previous.is_some_and(|(_, _, before)| !before) {
            met.push((MetRule::BackInStock, None));
        }
        for earlier in &owed {
            if met.iter().all(|(rule, _)| *rule != earlier.0) {
                met.push(*earlier);
            }
        }
        met.sort_by_key(|(rule, _)| *rule);
        owed.clear();
        if met.is_empty() {
            continue;
        }
        if !buyable || !hour_is_over {
            owed = met;
            continue;
        }
        if met.iter().any(|(rule, _)| *rule != MetRule::BackInStock) {
            known = Some(price);
            start = Some(price);
        }
        told.push((tick, met.into_iter().map(|(rule, _)| rule).collect()));
    }
    told
}
