//! The price's curve as a small picture in an e-mail.
//!
//! Prices move in steps, so the curve has level and upright strokes only, which need no rasteriser: a few loops over a small
//! palette, and a PNG of about a kilobyte. Words and numbers stand beside it as text, where they can be read aloud.

use std::io::Write;
use std::sync::Arc;

use domain::chart::steps;
use domain::history::PriceRun;
use domain::time::DAY;
use domain::{Money, Timestamp};
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

const WIDTH: usize = 560;
const HEIGHT: usize = 140;
const MARGIN: usize = 10;
const STROKE: usize = 3;
/// How far back the curve reaches.
const DAYS: i64 = 90;

/// Palette: background, area, curve, target. Readable on white and on black.
const COLOURS: [[u8; 3]; 4] = [[255, 255, 255], [222, 240, 234], [15, 118, 94], [180, 83, 9]];

/// A drawn curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The picture, a PNG.
    pub png: Arc<[u8]>,
    /// The lowest and highest price in it.
    pub range: Option<(Money, Money)>,
    /// How many days it shows.
    pub days: i64,
}

/// Draws the last 90 days before `at`; nothing where there is not yet a second price.
pub fn draw(runs: &[PriceRun], target: Option<Money>, at: Timestamp) -> Option<Curve> {
    let first = runs.iter().find(|run| run.price.is_some())?.from;
    let from = at.plus_micros(-DAYS * DAY).max(first);
    let line = steps(runs, from, at, WIDTH);
    let currency = line.currency?;
    let prices = || line.steps.iter().filter_map(|step| step.minor);
    let (low, high) = (prices().min()?, prices().max()?);
    if low == high || at <= from {
        return None;
    }
    let target = target.filter(|target| target.currency == currency).map(|target| target.minor);
    let floor = target.unwrap_or(low).min(low);
    let mut picture = Picture::new(floor, target.unwrap_or(high).max(high));
    let column = |time: Timestamp| {
        let share = i128::from(time.micros_since(from)) * (WIDTH - 1) as i128 / i128::from(at.micros_since(from).max(1));
        usize::try_from(share).unwrap_or(0).min(WIDTH - 1)
    };
    for (index, step) in line.steps.iter().enumerate() {
        let end = line.steps.get(index + 1).map_or_else(|| line.last_seen.unwrap_or(at).max(step.at), |next| next.at);
        let Some(minor) = step.minor else { continue };
        picture.level(column(step.at.max(from)), column(end), minor);
        if let Some(next) = line.steps.get(index + 1).and_then(|next| next.minor) {
            picture.upright(column(end), minor, next);
        }
    }
    if let Some(target) = target {
        picture.dashes(target);
    }
    let days = (at.micros_since(from) + DAY / 2) / DAY;
    let range = Some((Money::new(low, currency), Money::new(high, currency)));
    Some(Curve { png: picture.png().into(), range, days: days.max(1) })
}

struct Picture {
    /// One colour a byte.
    dots: Vec<u8>,
    low: i64,
    high: i64,
}

impl Picture {
    fn new(low: i64, high: i64) -> Self {
        Picture { dots: vec![0; WIDTH * HEIGHT], low, high }
    }

    fn row(&self, minor: i64) -> usize {
        let span = i128::from(self.high) - i128::from(self.low);
        let share = (i128::from(self.high) - i128::from(minor)) * (HEIGHT - 1 - 2 * MARGIN) as i128 / span.max(1);
        MARGIN + usize::try_from(share).unwrap_or(0).min(HEIGHT - 1 - 2 * MARGIN)
    }

    fn fill(&mut self, columns: std::ops::RangeInclusive<usize>, rows: std::ops::Range<usize>, colour: u8) {
        for row in rows.start..rows.end.min(HEIGHT) {
            for column in *columns.start()..=(*columns.end()).min(WIDTH - 1) {
                let dot = &mut self.dots[row * WIDTH + column];
                *dot = (*dot).max(colour);
            }
        }
    }

    fn level(&mut self, from: usize, to: usize, minor: i64) {
        let row = self.row(minor);
        self.fill(from..=to, row..HEIGHT, 1);
        self.fill(from..=to, row.saturating_sub(STROKE / 2)..row + STROKE / 2 + 1, 2);
    }

    fn upright(&mut self, at: usize, one: i64, other: i64) {
        let (one, other) = (self.row(one), self.row(other));
        let rows = one.min(other).saturating_sub(STROKE / 2)..one.max(other) + STROKE / 2 + 1;
        self.fill(at.saturating_sub(STROKE / 2)..=at + STROKE / 2, rows, 2);
    }

    fn dashes(&mut self, minor: i64) {
        let row = self.row(minor);
        for from in (0..WIDTH).step_by(14) {
            self.fill(from..=from + 7, row..row + 2, 3);
        }
    }

    /// PNG with a palette of four colours: two bits a dot (PNG specification, third edition).
    fn png(&self) -> Vec<u8> {
        let mut lines = Vec::with_capacity(HEIGHT * (1 + WIDTH / 4));
        for row in self.dots.chunks(WIDTH) {
            // No filter: with so few colours none makes it smaller.
            lines.push(0);
            lines.extend(
                row.chunks(4).map(|dots| dots.iter().enumerate().fold(0, |byte, (index, dot)| byte | dot << (6 - 2 * index))),
            );
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&lines).expect("a Vec takes everything");
        let data = encoder.finish().expect("a Vec takes everything");
        let size = |value: usize| u32::try_from(value).unwrap_or(0).to_be_bytes();
        let head = [size(WIDTH).as_slice(), &size(HEIGHT), &[2, 3, 0, 0, 0]].concat();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, bytes) in [(b"IHDR", head), (b"PLTE", COLOURS.concat()), (b"IDAT", data), (b"IEND", Vec::new())] {
            png.extend_from_slice(&size(bytes.len()));
            let mut crc = Crc::new();
            crc.update(kind);
            crc.update(&bytes);
            png.extend_from_slice(kind);
            png.extend_from_slice(&bytes);
            png.extend_from_slice(&crc.sum().to_be_bytes());
        }
        png
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Availability, Currency};

    fn run(day: i64, minor: i64) -> PriceRun {
        let from = Timestamp::EPOCH.plus_micros(day * DAY);
        PriceRun {
            from,
            last_seen: from.plus_micros(10 * DAY - 1),
            checks: 100,
            price: Some(Money::new(minor, Currency::from_code("EUR").unwrap())),
            availability: Availability::InStock,
        }
    }

    #[test]
    fn a_curve_falls_from_left_to_right_and_is_small() {
        let runs = [run(0, 100_00), run(10, 60_00)];
        let target = runs[0].price.map(|price| price.less_basis_points(2_000));
        let curve = draw(&runs, target, Timestamp::EPOCH.plus_micros(20 * DAY)).unwrap();
        assert!(curve.png.starts_with(b"\x89PNG\r\n\x1a\n") && curve.png.ends_with(b"IEND\xaeB`\x82"));
        assert!(curve.png.len() < 2_500, "{}", curve.png.len());
        assert_eq!((curve.range, curve.days), (runs[1].price.zip(runs[0].price), 20));
        let mut picture = Picture::new(60_00, 100_00);
        picture.level(0, WIDTH / 2, 100_00);
        picture.level(WIDTH / 2, WIDTH - 1, 60_00);
        let first_of = |column: usize| (0..HEIGHT).find(|row| picture.dots[row * WIDTH + column] == 2).unwrap();
        assert!(first_of(5) < first_of(WIDTH - 5));
    }

    #[test]
    fn a_price_that_never_moved_has_no_curve() {
        assert!(draw(&[run(0, 100_00)], None, Timestamp::EPOCH.plus_micros(5 * DAY)).is_none());
        assert!(draw(&[], None, Timestamp::EPOCH).is_none());
        let extreme = [run(0, i64::MAX), run(10, 0)];
        assert!(draw(&extreme, None, Timestamp::EPOCH.plus_micros(20 * DAY)).is_some(), "no overflow");
    }
}
