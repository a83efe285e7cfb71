//! The tables: what each scheduler cost, and how long people waited.

use std::fmt::{self, Write as _};
use std::thread;

use domain::time::{HOUR, MINUTE};

use super::model::{Model, Rates};
use super::run::{Scheduler, run};
use super::tally::{Delays, TIERS, Tally};

/// The two schedulers in one world at one budget.
pub struct Pair {
    /// The fixed tiers.
    pub tiers: Tally,
    /// `next_check`.
    pub next_check: Tally,
}

impl Pair {
    /// Runs both side by side, with so many times the checks of the tiers.
    pub fn run(model: &Model, budget: f64) -> Self {
        thread::scope(|scope| {
            let tiers = scope.spawn(|| run(model, Scheduler::Tiers(budget)));
            let next_check = run(model, Scheduler::NextCheck(budget));
            Pair { tiers: tiers.join().expect("the tiers' run does not panic"), next_check }
        })
    }

    /// The mean delay of `next_check` over that of the tiers.
    pub fn ratio(&self) -> f64 {
        self.next_check.falls.mean() / self.tiers.falls.mean()
    }

    /// Checks of `next_check` over those of the tiers.
    pub fn cost(&self) -> f64 {
        self.next_check.checks_a_day() / self.tiers.checks_a_day()
    }
}

/// The tables of one world.
pub fn report(model: &Model, out: &mut dyn fmt::Write) -> fmt::Result {
    let (products, days, seed) = (model.products, model.days, model.seed);
    writeln!(out, "{products} products, {days} days after {} of warming up, seed {seed}", model.warm_up_days)?;
    writeln!(out, "delay: from a fall of at least 1 % to the first check after it, counted for each tracking")?;
    writeln!(out, "missed: the price had risen again before that check\n")?;
    let pair = Pair::run(model, 1.0);
    main_table(&pair, out)?;
    by_tier(&pair, out)
}

/// The same at other budgets and in other worlds, with a tenth of the products: where the goal is missed, it is seen here.
pub fn sensitivity(model: &Model, out: &mut dyn fmt::Write) -> fmt::Result {
    let small = Model { products: (model.products / 10).max(1_000), ..model.clone() };
    budgets(&small, out)?;
    worlds(&small, out)
}

fn main_table(pair: &Pair, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "{:<28}{:>12}{:>12}{:>9}", "at the same budget", "tiers", "next_check", "ratio")?;
    let mut row = |name: &str, of: &dyn Fn(&Tally) -> f64, show: &dyn Fn(f64) -> String| {
        let (before, after) = (of(&pair.tiers), of(&pair.next_check));
        writeln!(out, "{name:<28}{:>12}{:>12}{:>9.3}", show(before), show(after), after / before)
    };
    row("checks a day", &Tally::checks_a_day, &|checks| format!("{checks:.0}"))?;
    row("mean delay", &|tally| tally.falls.mean(), &time)?;
    row("median delay", &|tally| tally.falls.quantile(0.5), &time)?;
    row("95 of 100 within", &|tally| tally.falls.quantile(0.95), &time)?;
    row("falls to a target, mean", &|tally| tally.targets.mean(), &time)?;
    row("missed short falls", &|tally| tally.falls.missed(), &percent)?;
    row("longest wait / promise", &|tally| tally.longest, &|times| format!("{times:.2}"))?;
    writeln!(out, "{:<28}{:>12}\n", "falls in this world", pair.tiers.falls.falls)
}

fn by_tier(pair: &Pair, out: &mut dyn fmt::Write) -> fmt::Result {
    let head = ["trackings", "checks a day", "", "mean delay", "", "95 of 100", "", "missed", ""];
    let mut line = String::new();
    for (index, word) in head.iter().enumerate() {
        let width = if index == 0 { 14 } else { 11 };
        write!(line, "{word:<width$}")?;
    }
    writeln!(out, "{}", line.trim_end())?;
    for (tier, name) in TIERS.iter().enumerate() {
        write!(out, "{name:<14}")?;
        let both = [&pair.tiers, &pair.next_check];
        let mut cells = |of: &dyn Fn(&Tally, &Delays) -> String| {
            both.iter().try_for_each(|tally| write!(out, "{:<11}", of(tally, &tally.by_tier[tier])))
        };
        cells(&|tally, _| format!("{:.0}", tally.checks[tier] as f64 / f64::from(tally.days)))?;
        cells(&|_, delays| time(delays.mean()))?;
        cells(&|_, delays| time(delays.quantile(0.95)))?;
        cells(&|_, delays| percent(delays.missed()))?;
        writeln!(out)?;
    }
    writeln!(out, "(each: tiers, then next_check)")
}

/// What more or fewer checks buy, and what the promise costs.
fn budgets(model: &Model, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "\nother budgets, {} products; the tiers are made so many times as frequent too", model.products)?;
    head(out)?;
    for budget in [0.5, 1.0, 1.5, 2.2, 4.0, 8.0] {
        let name = format!("{budget} times the tiers' checks");
        pair_row(&name, &Pair::run(model, budget), budget, out)?;
    }
    writeln!(out)
}

/// What becomes of it where the world is another.
fn worlds(model: &Model, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "other worlds, {} products, one thing changed in each", model.products)?;
    head(out)?;
    let usual = || model.clone();
    let rates = |median_days, sigma| Model { rates: Rates::LogNormal { median_days, sigma }, ..usual() };
    let worlds = [
        ("as above", usual()),
        ("another seed", Model { seed: model.seed + 1, ..usual() }),
        ("another seed", Model { seed: model.seed + 2, ..usual() }),
        ("rates: sigma 1", rates(30.0, 1.0)),
        ("rates: sigma 1.5", rates(30.0, 1.5)),
        ("rates: sigma 2.5", rates(30.0, 2.5)),
        ("rates: 10 days in the middle", rates(10.0, 2.0)),
        ("rates: 90 days in the middle", rates(90.0, 2.0)),
        ("rates: Pareto, alpha 0.7", Model { rates: Rates::Pareto { median_days: 30.0, alpha: 0.7 }, ..usual() }),
        ("rates: Pareto, alpha 1.1", Model { rates: Rates::Pareto { median_days: 30.0, alpha: 1.1 }, ..usual() }),
        ("trackings: exponent 0.8", Model { zipf: 0.8, ..usual() }),
        ("trackings: exponent 1.2", Model { zipf: 1.2, ..usual() }),
        ("popular prices move more", Model { popular_change_more: 0.2, ..usual() }),
        ("no seasons", Model { season_every_days: 0, ..usual() }),
        ("a season every 15 days", Model { season_every_days: 15, ..usual() }),
        ("habits for ever", Model { habits_last_days: 100_000.0, ..usual() }),
        ("new habits forget the old", Model { habits_alike: 0.0, ..usual() }),
        ("half of all is new", Model { added_share: 0.5, ..usual() }),
    ];
    for (name, world) in worlds {
        pair_row(name, &Pair::run(&world, 1.0), 1.0, out)?;
    }
    Ok(())
}

fn head(out: &mut dyn fmt::Write) -> fmt::Result {
    let words = ["tiers", "next_check", "ratio", "checks", "missed", "", "longest wait"];
    write!(out, "{:<32}", "mean delay")?;
    for word in words {
        write!(out, "{word:>12}")?;
    }
    writeln!(out)
}

fn pair_row(name: &str, pair: &Pair, budget: f64, out: &mut dyn fmt::Write) -> fmt::Result {
    let Pair { tiers, next_check } = pair;
    let cells = [
        time(tiers.falls.mean()),
        time(next_check.falls.mean()),
        format!("{:.3}", pair.ratio()),
        format!("{:.3}", pair.cost() * budget),
        percent(tiers.falls.missed()),
        percent(next_check.falls.missed()),
        format!("{:.2}", next_check.longest),
    ];
    write!(out, "{name:<32}")?;
    for cell in cells {
        write!(out, "{cell:>12}")?;
    }
    writeln!(out)
}

fn time(micros: f64) -> String {
    let minutes = micros / MINUTE as f64;
    if minutes < 100.0 { format!("{minutes:.0} min") } else { format!("{:.1} h", micros / HOUR as f64) }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
