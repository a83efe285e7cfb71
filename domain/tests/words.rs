//! Numbers, dates and messages as people read them.
#![cfg(test)]

use domain::decide::Reason;
use domain::message::{message, one_line};
use domain::notification::Alerted;
use domain::{Currency, Locale, Money, Timestamp};
use proptest::prelude::*;

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::from_code(code).unwrap())
}

#[test]
fn money_is_written_in_the_way_of_the_language() {
    for (tag, minor, code, text) in [
        ("en", 129900, "EUR", "€1,299.00"),
        ("de", 129900, "EUR", "1.299,00\u{a0}€"),
        ("fr", 129900, "EUR", "1\u{202f}299,00\u{a0}€"),
        ("en", 1500, "JPY", "¥1,500"),
        ("en", 1250, "KWD", "KWD\u{a0}1.250"),
        ("de-CH", 129900, "CHF", "CHF\u{a0}1’299.00"),
        ("en", -350, "USD", "\u{2212}$3.50"),
        ("en", 1299000, "USD", "$12,990.00"),
        ("xx-YY", 79, "USD", "$0.79"),
    ] {
        assert_eq!(Locale::best(tag).money(money(minor, code)), text, "{tag}");
    }
}

#[test]
fn percentages_have_at_most_one_decimal() {
    for (points, en, de) in
        [(630, "6.3%", "6,3\u{a0}%"), (1000, "10%", "10\u{a0}%"), (-667, "6.7%", "6,7\u{a0}%"), (4, "0%", "0\u{a0}%")]
    {
        assert_eq!(Locale::best("en").percent(points), en);
        assert_eq!(Locale::best("de").percent(points), de);
    }
}

#[test]
fn dates_are_those_of_the_readers_zone() {
    let at: Timestamp = "2025-11-03T23:05:00Z".parse().unwrap();
    assert_eq!(Locale::best("en").date_time(at, "UTC"), "3\u{a0}Nov\u{a0}2025, 23:05");
    assert_eq!(Locale::best("de").date_time(at, "Europe/Berlin"), "4.\u{a0}Nov.\u{a0}2025, 00:05");
    assert_eq!(Locale::best("en").date_time(at, "No/Where"), "3\u{a0}Nov\u{a0}2025, 23:05");
}

#[test]
fn the_browsers_languages_are_weighed() {
    for (header, tag) in [("de-AT,de;q=0.9,en;q=0.8", "de"), ("en;q=0.5, fr", "fr"), ("zz", "en"), ("", "en"), ("pt-BR", "pt-BR")]
    {
        assert_eq!(Locale::negotiate(header).tag(), tag, "{header}");
    }
}

#[test]
fn a_message_says_what_fell_from_what_to_what_and_why() {
    let alerted = Alerted {
        product_name: "Sony\r\nWH-1000XM5".into(),
        shop: "amazon.de".into(),
        product_url: "https://www.amazon.de/dp/B08XYZ1234".into(),
        old_price: Some(money(14999, "EUR")),
        new_price: money(13999, "EUR"),
        observed_at: "2025-11-13T14:02:00Z".parse().unwrap(),
        reason: Reason::Target { target: money(14000, "EUR"), already_met: false },
    };
    let message = message(&alerted, Locale::default(), "UTC");
    assert_eq!(message.title, "Sony WH-1000XM5: €139.99");
    assert_eq!(message.text, "▼ €10.00 (6.7%) at amazon.de, from €149.99 to €139.99. Your target €140.00 is reached.");
}

proptest! {
    #[test]
    fn formatting_is_total(minor in any::<i64>(), micros in any::<i64>(), index in 0_usize..13, points in any::<i64>()) {
        let locale = Locale::all().nth(index).unwrap();
        prop_assume!(minor != i64::MIN && points.checked_abs().is_some());
        for code in ["EUR", "JPY", "KWD", "CLF", "BTN"] {
            prop_assert!(!locale.money(money(minor, code)).is_empty());
        }
        prop_assert!(!locale.percent(points).is_empty());
        prop_assert!(!locale.date_time(Timestamp::from_micros(micros), "Europe/Berlin").is_empty());
    }

    #[test]
    fn one_line_has_no_line_break_and_fits(text in any::<String>(), most in 1_usize..50) {
        let line = one_line(&text, most);
        prop_assert!(!line.chars().any(char::is_control));
        prop_assert!(line.chars().count() <= most);
    }
}
