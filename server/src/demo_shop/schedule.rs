//! What things cost at a time: a function of the seed and the time alone, so that every start tells the same story.

use domain::time::MINUTE;
use domain::{Availability, Money, Timestamp};

use super::catalogue::{CATALOGUE, Item, Movement};

/// Share of the usual price, in ten-thousandths, by which a seesaw falls.
const SEESAW_FALL: u32 = 1_200;

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What is on the page.
    pub item: &'static Item,
    /// What it costs.
    pub price: Money,
    /// The struck price, if there is one above it.
    pub list_price: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
}

/// The price by the schedule. It changes at most once in 40 to 80 seconds, by the product.
pub fn scheduled_price(item: &Item, seed: u64, now: Timestamp) -> Money {
    let usual = Money::new(item.usual_minor, item.currency());
    let own = mixed(seed, u64::try_from(index_of(item)).unwrap_or(0));
    let turn = turn_at(now, MINUTE / 3 * 2 + i64::try_from(own % 41).unwrap_or(0) * MINUTE / 60);
    match item.movement {
        Movement::Still => usual,
        Movement::Seesaw if turn.is_multiple_of(2) => usual,
        Movement::Seesaw => usual.less_basis_points(SEESAW_FALL),
        // Down to 15 % below, up to 5 % above; of ten turns four keep what the turn before had.
        Movement::Walk => {
            let chosen = (0..8).map(|back| mixed(own, turn.saturating_sub(back))).find(|chance| chance % 10 >= 4);
            let points = u32::try_from(chosen.unwrap_or(own) / 16 % 2_001).unwrap_or(0);
            let raised = Money::new(usual.minor + usual.minor / 20, usual.currency);
            rounded(raised.less_basis_points(points))
        }
    }
}

/// To 5 cents, so that prices look like prices.
fn rounded(price: Money) -> Money {
    let step = if price.currency.decimals() == 0 { 10 } else { 5 };
    Money::new((price.minor / step * step).max(step), price.currency)
}

/// The price of a page of the load tests: around 50, moved by each epoch, never by so much that it looks like a mistake.
pub fn bench_price(page: u32, epoch: u64, currency: domain::Currency) -> Money {
    let usual = 2_000 + i64::from(page % 6_000);
    let moved = i64::try_from(mixed(epoch, u64::from(page)) % 3_000).unwrap_or(0);
    Money::new(usual - usual * moved / 10_000, currency)
}

fn index_of(item: &Item) -> usize {
    CATALOGUE.iter().position(|other| other.slug == item.slug).unwrap_or(0)
}

fn turn_at(now: Timestamp, every: i64) -> u64 {
    u64::try_from(now.as_micros().div_euclid(every)).unwrap_or(0)
}

/// Two numbers to one that looks like chance (the finisher of SplitMix64).
pub fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::{HOUR, SECOND};

    #[test]
    fn prices_move_every_minute_or_so_and_never_by_so_much_that_they_look_wrong() {
        for item in CATALOGUE.iter().filter(|item| item.movement != Movement::Still) {
            let prices: Vec<Money> =
                (0..3_600).map(|s| scheduled_price(item, 7, Timestamp::from_micros(400_000 * HOUR + s * SECOND))).collect();
            let moves = prices.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert!((10..=90).contains(&moves), "{} moved {moves} times in an hour", item.slug);
            let (low, high) = (prices.iter().map(|p| p.minor).min().unwrap(), prices.iter().map(|p| p.minor).max().unwrap());
            assert!(low * 100 >= item.usual_minor * 80 && high * 100 <= item.usual_minor * 106, "{}: {low} to {high}", item.slug);
        }
    }

    #[test]
    fn the_same_seed_and_time_give_the_same_price() {
        let at = Timestamp::from_micros(1_763_028_000_000_000);
        let of = |seed| CATALOGUE.iter().map(|item| scheduled_price(item, seed, at)).collect::<Vec<_>>();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
    }

    #[test]
    fn an_epoch_moves_the_pages_of_the_load_tests() {
        let euro = domain::Currency::from_code("EUR").unwrap();
        assert_eq!(bench_price(5, 1, euro), bench_price(5, 1, euro));
        assert_ne!(bench_price(5, 1, euro), bench_price(5, 2, euro));
        for (page, epoch) in [(0, 0), (1, 9), (999_999, 3), (1_000_000, 1 << 40)] {
            assert!(bench_price(page, epoch, euro).minor >= 1_300);
        }
    }
}
