//! The model of the world: how many people wait for what, and how prices move. Every figure with its reason.

use domain::time::{DAY, HOUR};

use super::random::Random;

/// How often prices change, in changes a day, each product for itself.
#[derive(Clone, Copy, Debug)]
pub enum Rates {
    /// Log-normal: half of the products change less often than once in `median_days`.
    LogNormal {
        /// Days between two changes of the product in the middle.
        median_days: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Pareto, with its median at the same place.
    Pareto {
        /// Days between two changes of the product in the middle.
        median_days: f64,
        /// The tail's exponent; the smaller the heavier.
        alpha: f64,
    },
}

impl Rates {
    /// The rate of a product whose liveliness is `z`, standard normal over all products. Nobody changes a price more often than
    /// every quarter of an hour, or less than once in ten years.
    fn of(self, z: f64) -> f64 {
        let rate = match self {
            Rates::LogNormal { median_days, sigma } => (sigma * z).exp() / median_days,
            Rates::Pareto { median_days, alpha } => (0.5 / share_above(z)).powf(1.0 / alpha) / median_days,
        };
        rate.clamp(1.0 / 3_650.0, 96.0)
    }
}

/// A world.
#[derive(Clone, Debug)]
pub struct Model {
    /// Products tracked at the end; some of them are added on the way.
    pub products: usize,
    /// Days that are measured.
    pub days: u32,
    /// Days before, in which each scheduler learns what it can.
    pub warm_up_days: u32,
    /// The seed of everything.
    pub seed: u64,
    /// How often prices change.
    pub rates: Rates,
    /// Trackings of the product of rank `r` fall with `r` to this power (Zipf).
    pub zipf: f64,
    /// Trackings of the first product, as a share of `products`.
    pub top_share: f64,
    /// Rates grow with the number of trackings to this power: what many want, shops price more often.
    pub popular_change_more: f64,
    /// Days between the starts of two sales seasons; 0: none.
    pub season_every_days: u32,
    /// Share of products that take part in a season.
    pub season_share: f64,
    /// After so many days on average a product takes to another rate: the past is no sure guide.
    pub habits_last_days: f64,
    /// How alike the new rate is to the old: the correlation of their logarithms.
    pub habits_alike: f64,
    /// Share of the products that are added while the simulation runs, evenly.
    pub added_share: f64,
}

impl Model {
    /// The world of the table.
    ///
    /// - Rates: log-normal, a month in the middle, sigma 2. Sellers of books and music on Amazon's marketplaces changed a price once
    ///   in 20 to 30 days (Bounie and others, 2012), large shops one in 3.7 months (Cavallo, "More Amazon Effects", 2018), sellers
    ///   who price by algorithm tens of times a day (Chen, Mislove and Wilson, 2016). Sigma 2 holds them all: a fortieth of the
    ///   products changes more than 1.6 times a day, one in seven less than once in eight months.
    /// - Trackings: Zipf with exponent 1, as popularity on the web mostly is. The first of 100,000 products has 50,000 trackings, 49
    ///   have more than 1,000, 95 of 100 at most ten.
    /// - Seasons: every 30 days, three days long, three of ten products are reduced within its first six hours. More often than in a
    ///   year of five or six, so that sixty days hold two.
    /// - Habits last three months on average, and the new rate is akin to the old (correlation 0.7): a seller stays the seller, but
    ///   products age. Three of ten products are added on the way and begin without history.
    pub fn usual(products: usize, days: u32, seed: u64) -> Self {
        Model {
            products,
            days,
            warm_up_days: 30,
            seed,
            rates: Rates::LogNormal { median_days: 30.0, sigma: 2.0 },
            zipf: 1.0,
            top_share: 0.5,
            popular_change_more: 0.0,
            season_every_days: 30,
            season_share: 0.3,
            habits_last_days: 90.0,
            habits_alike: 0.7,
            added_share: 0.3,
        }
    }

    /// Trackings of the product of this rank, from 0.
    pub fn trackers(&self, rank: usize) -> u32 {
        let top = self.top_share * self.products as f64;
        ((top / (rank as f64 + 1.0).powf(self.zipf)) as u32).max(1)
    }
}

/// One product on its shop's shelf: its price as it truly is.
#[derive(Clone, Debug)]
pub struct Shelf {
    random: Random,
    liveliness: f64,
    rate: f64,
    boost: f64,
    base: i64,
    /// Discount of its own, and of the season, in shares.
    own: f64,
    season: f64,
    price: i64,
    next_change: i64,
    next_habit: i64,
    next_season: (i64, SeasonStep),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SeasonStep {
    Begins,
    Ends,
    Never,
}

/// A season lasts three days.
const SEASON: i64 = 3 * DAY;

impl Shelf {
    /// The product of a rank at the start of the simulation.
    pub fn new(model: &Model, rank: usize) -> Self {
        let mut random = Random::new(model.seed, rank as u64 + 1);
        let boost = f64::from(model.trackers(rank)).powf(model.popular_change_more);
        let base = (100_00.0 * random.normal().exp()) as i64 + 5_00;
        let mut shelf = Shelf {
            liveliness: 0.0,
            rate: 0.0,
            boost,
            base,
            own: 0.0,
            season: 0.0,
            price: base,
            next_change: 0,
            next_habit: 0,
            next_season: (i64::MAX, SeasonStep::Never),
            random,
        };
        shelf.liveliness = shelf.random.normal();
        shelf.take_rate(model, 0);
        shelf.next_season = shelf.season_after(model, 0);
        // Half of the products begin somewhere on their way instead of at the regular price.
        shelf.own = shelf.draw_discount();
        shelf.price = shelf.shown();
        shelf
    }

    /// The price now, in cents.
    pub fn price(&self) -> i64 {
        self.price
    }

    /// A price somewhat below the regular one, at which somebody wants to be told.
    pub fn wished(&self, random: &mut Random) -> i64 {
        (self.base as f64 * (1.0 - 0.03 - random.exponential(0.12).min(0.6))) as i64
    }

    /// Lets the world go on until `to`, and tells each change of price: when, and what it is from then on.
    pub fn advance(&mut self, model: &Model, to: i64, mut changed: impl FnMut(i64, i64)) {
        loop {
            let at = self.next_change.min(self.next_habit).min(self.next_season.0);
            if at > to {
                return;
            }
            if at == self.next_season.0 {
                let begins = self.next_season.1 == SeasonStep::Begins;
                self.season = if begins { 0.05 + self.random.exponential(0.12).min(0.5) } else { 0.0 };
                self.next_season = if begins { (at + SEASON, SeasonStep::Ends) } else { self.season_after(model, at) };
            } else if at == self.next_habit {
                self.take_habit(model, at);
                continue;
            } else {
                let before = self.own;
                while (self.own - before).abs() < 0.01 {
                    self.own = self.draw_discount();
                }
                self.next_change = at + self.pause();
            }
            let shown = self.shown();
            if shown != self.price {
                self.price = shown;
                changed(at, shown);
            }
        }
    }

    /// Half of the prices drawn are the regular one, so that about half of the changes are falls; the other half lie a tenth lower
    /// on average, as promotions do.
    fn draw_discount(&mut self) -> f64 {
        if self.random.unit() < 0.5 { 0.0 } else { (0.02 + self.random.exponential(0.10)).min(0.5) }
    }

    fn shown(&self) -> i64 {
        (self.base as f64 * (1.0 - self.own) * (1.0 - self.season)) as i64
    }

    fn take_habit(&mut self, model: &Model, at: i64) {
        let alike = model.habits_alike;
        self.liveliness = alike * self.liveliness + (1.0 - alike * alike).sqrt() * self.random.normal();
        self.take_rate(model, at);
    }

    fn take_rate(&mut self, model: &Model, at: i64) {
        self.rate = (model.rates.of(self.liveliness) * self.boost).min(96.0);
        self.next_habit = at + (self.random.exponential(model.habits_last_days) * DAY as f64) as i64;
        self.next_change = at + self.pause();
    }

    fn pause(&mut self) -> i64 {
        (self.random.exponential(1.0 / self.rate) * DAY as f64) as i64 + 1
    }

    /// The next season in which this product takes part: it is reduced within the first six hours.
    fn season_after(&mut self, model: &Model, at: i64) -> (i64, SeasonStep) {
        if model.season_every_days == 0 || model.season_share <= 0.0 {
            return (i64::MAX, SeasonStep::Never);
        }
        let every = i64::from(model.season_every_days) * DAY;
        let mut start = (at / every + 1) * every;
        while self.random.unit() >= model.season_share {
            start += every;
        }
        (start + (self.random.unit() * 6.0 * HOUR as f64) as i64, SeasonStep::Begins)
    }
}

/// The share of a standard normal above `z`, within 1e-4 (Abramowitz and Stegun, 26.2.16).
fn share_above(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.33267 * z.abs());
    let tail =
        (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * t * (0.436_183_6 + t * (-0.120_167_6 + t * 0.937_298));
    if z > 0.0 { tail } else { 1.0 - tail }
}
