use proptest::prelude::*;

use super::*;

/// `12.99 EUR`, `12.99 ?` without a currency, `10 EUR – 20 EUR`, `free`, `unclear` or `nothing`.
fn read(text: &str, hints: &Hints) -> String {
    let shown = |amount: &Amount| format!("{} {}", amount.decimal, amount.currency.map_or("?", Currency::code));
    match parse_price(text, hints) {
        ParsedPrice::One(amount) => shown(&amount),
        ParsedPrice::Range(low, high) => format!("{} – {}", shown(&low), shown(&high)),
        ParsedPrice::Free => "free".to_owned(),
        ParsedPrice::Unclear => "unclear".to_owned(),
        ParsedPrice::Nothing => "nothing".to_owned(),
    }
}

fn check(rows: &[(&str, &str)], hints: Hints) {
    for (text, expect) in rows {
        assert_eq!(read(text, &hints), *expect, "{text}");
    }
}

fn currency(code: &str) -> Option<Currency> {
    Currency::from_code(code)
}

fn country(code: &str) -> Hints {
    let country = Country::from_code(code);
    Hints { country, decimal_mark: country.and_then(Country::decimal_mark), ..Hints::default() }
}

#[test]
fn every_usual_way_to_write_a_price_is_read() {
    check(
        &[
            ("€12.99", "12.99 EUR"),
            ("12,99 €", "12.99 EUR"),
            ("1.299,95 €", "1299.95 EUR"),
            ("1,299.95 USD", "1299.95 USD"),
            ("CHF 1'234.56", "1234.56 CHF"),
            ("CHF 1’234.–", "1234 CHF"),
            ("₹1,23,456.78", "123456.78 INR"),
            ("1\u{a0}299,00 zł", "1299.00 PLN"),
            ("1\u{202f}299,00 €", "1299.00 EUR"),
            ("1 299 €", "1299 EUR"),
            ("12,- €", "12 EUR"),
            ("499,– €", "499 EUR"),
            ("€ 499,--", "499 EUR"),
            ("１２，３００円", "12300 JPY"),
            ("٤٩٫٩٠ ر.س", "49.90 SAR"),
            ("35€99", "35.99 EUR"),
            ("$.79", "0.79 ?"),
            ("0,79 €", "0.79 EUR"),
            ("249 000 ₫", "249000 VND"),
            ("2.900원", "2900 KRW"),
            ("12 345 678,90 Ft", "12345678.90 HUF"),
            ("Price: EUR 5", "5 EUR"),
        ],
        Hints::default(),
    );
}

#[test]
fn several_amounts_are_never_fused() {
    check(
        &[
            ("was 50 € now 40 €", "unclear"),
            ("€10–€20", "10 EUR – 20 EUR"),
            ("10 – 20 €", "10 EUR – 20 EUR"),
            ("2 for 5 €", "unclear"),
            ("€19 100+ sold", "19 EUR"),
            ("€12 95", "unclear"),
            ("€ 5 10 15", "unclear"),
            ("-20% €8", "8 EUR"),
            ("3x €8", "unclear"),
        ],
        Hints::default(),
    );
}

#[test]
fn a_lone_separator_before_three_digits_is_settled_or_left() {
    check(
        &[
            ("1.299 €", "1299 EUR"),
            ("€1,299", "unclear"),
            ("£1,299", "1299 GBP"),
            ("£1.299", "unclear"),
            ("¥1,299円", "1299 JPY"),
            ("0.790 €", "0.790 EUR"),
            ("1.299", "unclear"),
            ("1299.000 €", "1299.000 EUR"),
        ],
        Hints::default(),
    );
    check(&[("579,000 DT", "579.000 TND"), ("2 999,000 DT", "2999.000 TND")], country("tn"));
    check(&[("$24.990", "24990 CLP"), ("$5.000", "5000 CLP")], country("cl"));
    check(&[("€1,299", "1299 EUR"), ("€1.299", "unclear")], country("ie"));
    check(&[("1.250", "1.250 KWD"), ("1,250", "1250 KWD")], Hints { currency: currency("KWD"), ..Hints::default() });
}

#[test]
fn signs_are_matched_longest_first_and_ambiguous_ones_need_a_country() {
    check(
        &[
            ("US$5", "5 USD"),
            ("R$ 5", "5 BRL"),
            ("HK$5", "5 HKD"),
            ("A$5", "5 AUD"),
            ("AU $5", "5 AUD"),
            ("C $5.00", "5.00 CAD"),
            ("S/ 5", "5 PEN"),
            ("5 Kč", "5 CZK"),
            ("$5", "5 ?"),
            ("5 kr", "5 ?"),
            ("¥5", "5 ?"),
            ("Rs. 499", "499 ?"),
            ("R 499", "499 ZAR"),
            ("5 лв.", "5 BGN"),
            ("502,20 б.р.", "502.20 BYN"),
            ("5 EUR", "5 EUR"),
            ("5 Euro", "5 EUR"),
            ("try 5", "5 ?"),
            ("$5.00 CAD", "5.00 CAD"),
            ("USD $5", "5 USD"),
        ],
        Hints::default(),
    );
    check(&[("$5", "5 AUD"), ("US$5", "5 USD")], country("au"));
    check(&[("5 kr", "5 NOK"), ("5:-", "5 SEK")], country("no"));
    check(&[("¥5", "5 CNY")], country("cn"));
    check(&[("Rs. 499", "499 PKR")], country("pk"));
    check(&[("Fr. 5.50", "5.50 CHF")], country("ch"));
}

#[test]
fn a_sign_is_never_overruled_by_a_hint() {
    let euro = Hints { currency: currency("EUR"), ..Hints::default() };
    check(&[("£5", "5 GBP"), ("5", "5 EUR"), ("$5", "5 ?")], euro);
}

#[test]
fn what_is_no_price_gives_none() {
    check(
        &[
            ("free", "free"),
            ("Gratis", "free"),
            ("on request", "nothing"),
            ("", "nothing"),
            ("-€5", "unclear"),
            ("€-5", "unclear"),
        ],
        Hints::default(),
    );
    let euro = currency("EUR").unwrap();
    for text in ["0", "0.00", "4006381333931", "99999999999999999999"] {
        assert_eq!(read_machine(text, Some(euro), Some(euro), &Hints::default()), None, "{text}");
    }
}

#[test]
fn machine_fields_have_a_dot_whatever_the_language() {
    let german = Hints { decimal_mark: Some(DecimalMark::Comma), ..Hints::default() };
    for (text, code, expect) in [
        ("1299.00", "EUR", Some("1299.00 EUR")),
        ("1299", "EUR", Some("1299.00 EUR")),
        ("12.5", "EUR", Some("12.50 EUR")),
        ("19.99", "EUR", Some("19.99 EUR")),
        ("34.992001", "GBP", Some("34.99 GBP")),
        ("100.0000", "EUR", Some("100.00 EUR")),
        ("999.000", "TND", Some("999.000 TND")),
        ("24.990", "CLP", None),
        ("1.299", "EUR", None),
        ("0.790", "EUR", Some("0.79 EUR")),
        ("1.299,00 €", "EUR", Some("1299.00 EUR")),
        ("19.99", "JPY", None),
        ("NaN", "EUR", None),
        ("1e5", "EUR", None),
        ("£5", "EUR", None),
    ] {
        let money = read_machine(text, currency(code), currency(code), &german);
        assert_eq!(money.map(|money| money.to_string()).as_deref(), expect, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,80}") {
        parse_price(&text, &Hints::default());
    }

    #[test]
    fn what_is_read_is_a_plain_decimal(text in "[0-9., '€$-]{0,20}") {
        if let ParsedPrice::One(amount) = parse_price(&text, &country("de")) {
            prop_assert!(amount.decimal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", amount.decimal);
        }
    }

    #[test]
    fn a_price_written_with_groups_is_read_back(minor in 1_i64..2_000_000_000) {
        let (whole, cents) = (minor / 100, minor % 100);
        let digits = whole.to_string();
        let grouped = |mark: &str| -> String {
            let lead = digits.len() % 3;
            let mut groups: Vec<&str> = Vec::new();
            if lead > 0 {
                groups.push(&digits[..lead]);
            }
            groups.extend((lead..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
            groups.join(mark)
        };
        let expect = Some(Money::new(minor, Currency::from_code("EUR").unwrap()));
        for (group, decimal) in [(".", ","), (",", "."), ("\u{a0}", ","), ("'", "."), ("", ".")] {
            let text = format!("{}{decimal}{cents:02} €", grouped(group));
            match parse_price(&text, &Hints::default()) {
                ParsedPrice::One(amount) => prop_assert_eq!(amount.money(), expect, "{}", text),
                other => prop_assert!(false, "{text}: {other:?}"),
            }
        }
    }
}
