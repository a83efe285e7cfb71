//! Every page gives the reading that its shop means it to give: the price that is set, and no other that stands on the page.

use domain::{Availability, FailureKind, Money, ProductUrl, Reading};
use extract::{Page, Pin};

use super::super::catalogue::{CATALOGUE, Item, find_slug};
use super::super::control::{Change, Control};
use super::super::schedule::{bench_price, scheduled_price};
use super::super::{now, pages, trouble};

const PORT: u16 = 8481;

fn read(url: &str, status: u16, body: &str) -> Reading {
    let product = ProductUrl::parse(url).unwrap();
    let page = Page { url, status, content_type: Some("text/html; charset=utf-8"), body: body.as_bytes() };
    extract::extract(&page, &Pin::new(&product, None))
}

fn read_product(control: &Control, item: &'static Item) -> Reading {
    let shown = control.shown(item, now());
    read(&item.url(PORT), 200, &pages::product_page(&shown, PORT))
}

fn set(control: &Control, slug: &str, price: &str, availability: &str) {
    let change =
        Change { product: Some(slug.into()), price: Some(price.into()), availability: Some(availability.into()), epoch: None };
    control.change(&change).unwrap();
}

#[test]
fn every_product_in_stock_is_read_with_its_price_its_name_and_its_struck_price() {
    let control = Control::new(7);
    for item in CATALOGUE {
        let price = scheduled_price(item, 7, now());
        set(&control, item.slug, &price.to_decimal(), "in_stock");
        let shown = control.shown(item, now());
        let reading = read_product(&control, item);
        let Reading::Offer(offer) = &reading else { panic!("{}: {reading:#?}", item.slug) };
        assert_eq!(offer.price, price, "{}: {reading:#?}", item.slug);
        assert_eq!(offer.availability, Availability::InStock, "{}: {reading:#?}", item.slug);
        assert_eq!(offer.list_price, shown.list_price, "{}: {reading:#?}", item.slug);
        assert_eq!(offer.facts.name.as_deref(), Some(item.name), "{}", item.slug);
        assert!(offer.confidence >= domain::judge::WEAK_CONFIDENCE, "{}: {}", item.slug, offer.confidence);
    }
}

#[test]
fn a_product_out_of_stock_is_read_as_such_and_never_with_a_neighbours_price() {
    let control = Control::new(7);
    for item in CATALOGUE {
        set(&control, item.slug, "77.70", "out_of_stock");
        let own = Money::from_decimal("77.70", item.currency()).unwrap();
        match read_product(&control, item) {
            Reading::OutOfStock { availability, .. } => assert_eq!(availability, Availability::OutOfStock, "{}", item.slug),
            Reading::Offer(offer) => {
                assert_eq!((offer.price, offer.availability), (own, Availability::OutOfStock), "{}", item.slug);
            }
            failed @ Reading::Failed { .. } => panic!("{}: {failed:#?}", item.slug),
        }
    }
}

#[test]
fn a_page_of_the_load_tests_is_read_with_its_price() {
    for (page, epoch, kb) in [(0, 0, 10), (123_456, 5, 10), (999_999, 9, 300)] {
        let url = format!("http://shop.localhost:{PORT}/bench/{page}");
        let price = bench_price(page, epoch, pages::bench::currency());
        let reading = read(&url, 200, &pages::bench::page(page, price, &url, kb));
        let Reading::Offer(offer) = &reading else { panic!("{reading:#?}") };
        assert_eq!(offer.price, price);
    }
}

#[tokio::test]
async fn pages_with_troubles_change_no_price() {
    let expected = [
        (trouble::Trouble::Captcha, FailureKind::Blocked),
        (trouble::Trouble::Gone, FailureKind::Gone),
        (trouble::Trouble::ServerError, FailureKind::Unreachable),
        (trouble::Trouble::NoPrice, FailureKind::NoPrice),
    ];
    for (trouble, expected) in expected {
        let page = trouble::TROUBLES.iter().find(|page| page.trouble == trouble).unwrap();
        let answer = trouble::answer(page, PORT).await;
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let reading = read(&page.url(PORT), status, std::str::from_utf8(&body).unwrap());
        let Reading::Failed { kind, .. } = &reading else { panic!("{trouble:?}: {reading:#?}") };
        assert_eq!(*kind, expected, "{trouble:?}: {reading:#?}");
    }
}

#[test]
fn the_shop_that_the_alerts_are_shown_with_falls_by_more_than_noise() {
    let item = find_slug("headphones").unwrap();
    let prices: Vec<Money> = (0..300).map(|s| scheduled_price(item, 7, now().plus_micros(s * domain::time::SECOND))).collect();
    let (low, high) = (prices.iter().map(|p| p.minor).min().unwrap(), prices.iter().map(|p| p.minor).max().unwrap());
    assert!(high - low > high / 10, "{low} to {high}");
}
