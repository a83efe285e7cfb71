//! What hostile, slow and broken servers get.

use std::time::{Duration, Instant};

use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, IF_NONE_MATCH, RETRY_AFTER, SET_COOKIE, USER_AGENT,
};
use domain::check::{CheckOutcome, FailureKind, Found};
use domain::{ProductUrl, Reading, Timestamp};
use tokio::io::AsyncWriteExt;

use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::config::FetchConfig;
use crate::pipeline::check_prices;

async fn check(config: &FetchConfig, listing: &ProductUrl) -> CheckOutcome {
    crate::check_url(config, listing, Timestamp::EPOCH).await.unwrap()
}

/// Fails unless the check failed in this way; the detail.
fn failure(outcome: &CheckOutcome, expect: FailureKind) -> String {
    match &outcome.found {
        Found::Reading(Reading::Failed { kind, detail, .. }) if *kind == expect => detail.clone(),
        found => panic!("expected {expect:?}, got {found:?}"),
    }
}

fn settings(shop: &Shop) -> FetchConfig {
    FetchConfig {
        allow_hosts: vec![shop.address.clone()],
        deadline: Duration::from_secs(5),
        max_body_bytes: 1 << 20,
        obey_robots: true,
    }
}

async fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = async_compression::tokio::write::GzipEncoder::new(Vec::new());
    encoder.write_all(body).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

fn gzipped(body: Vec<u8>) -> Reply {
    Reply::Answer(200, vec![(CONTENT_ENCODING, "gzip".into()), (CONTENT_TYPE, "text/html".into())], body)
}

#[tokio::test]
async fn private_addresses_are_refused_directly_and_at_every_redirect() {
    let (shop, inside) = (Shop::open().await, Shop::open().await);
    inside.sell("/secret", "1.00");
    let config = settings(&shop);
    let port = inside.address.rsplit_once(':').unwrap().1;
    for target in [
        format!("http://{}/secret", inside.address),
        format!("http://localhost:{port}/secret"),
        format!("http://shop.localhost:{port}/secret"),
        format!("http://[::ffff:127.0.0.1]:{port}/secret"),
        format!("http://2130706433:{port}/secret"),
    ] {
        shop.set("/hop", Reply::redirect("/hop2"));
        shop.set("/hop2", Reply::redirect(&target));
        let outcome = check(&config, &shop.url("/hop")).await;
        let detail = failure(&outcome, FailureKind::Refused);
        assert!(detail.contains("inside a private network; Plummet opens public shop pages only"), "{detail}");
    }
    let direct = check(&config, &inside.url("/secret")).await;
    failure(&direct, FailureKind::Refused);
    let by_name = ProductUrl::parse(&format!("http://shop.localhost:{port}/secret")).unwrap();
    failure(&check(&config, &by_name).await, FailureKind::Refused);
    assert_eq!(inside.asked("/secret") + inside.asked("/robots.txt"), 0, "nothing was sent there");
}

#[tokio::test]
async fn allowed_names_under_localhost_lead_to_this_machine() {
    let shop = Shop::open().await;
    shop.sell("/p", "7.00");
    let port = shop.address.rsplit_once(':').unwrap().1;
    let config = FetchConfig { allow_hosts: vec![format!("*.localhost:{port}")], ..settings(&shop) };
    let listing = ProductUrl::parse(&format!("http://shop.localhost:{port}/p")).unwrap();
    let outcome = check(&config, &listing).await;
    assert!(matches!(outcome.found, Found::Reading(Reading::Offer(_))), "{:?}", outcome.found);
}

#[tokio::test]
async fn redirects_to_files_and_other_schemes_are_refused() {
    let shop = Shop::open().await;
    for target in ["file:///etc/passwd", "ftp://shop.example/x", "http://user:pw@127.0.0.1/"] {
        shop.set("/hop", Reply::redirect(target));
        failure(&check(&settings(&shop), &shop.url("/hop")).await, FailureKind::Refused);
    }
    shop.set("/circle", Reply::redirect("/circle"));
    failure(&check(&settings(&shop), &shop.url("/circle")).await, FailureKind::Unreachable);
    assert_eq!(shop.asked("/circle"), 6, "one request and five redirects");
}

#[tokio::test]
async fn bombs_and_endless_bodies_are_cut() {
    let shop = Shop::open().await;
    let config = settings(&shop);
    let bomb = gzip(&vec![b' '; 20 << 20]).await;
    assert!(bomb.len() < 100 << 10);
    shop.set("/bomb", gzipped(bomb));
    let detail = failure(&check(&config, &shop.url("/bomb")).await, FailureKind::Unreadable);
    assert!(detail.contains("larger than 1 MB"), "{detail}");
    shop.set("/endless", Reply::Endless);
    failure(&check(&config, &shop.url("/endless")).await, FailureKind::Unreadable);
    // Empty gzip members decompress to nothing, for ever.
    let nothing = gzip(b"").await.repeat(80_000);
    assert!(nothing.len() > config.max_body_bytes);
    shop.set("/nothing", gzipped(nothing));
    failure(&check(&config, &shop.url("/nothing")).await, FailureKind::Unreadable);
    let mut broken = gzip(product_page("Kettle", "1.00").as_bytes()).await;
    broken.truncate(broken.len() / 2);
    shop.set("/broken", gzipped(broken));
    failure(&check(&config, &shop.url("/broken")).await, FailureKind::Unreadable);
}

#[tokio::test]
async fn compressed_pages_are_read() {
    let shop = Shop::open().await;
    shop.set("/gzip", gzipped(gzip(product_page("Kettle", "12.00").as_bytes()).await));
    let outcome = check(&settings(&shop), &shop.url("/gzip")).await;
    assert!(matches!(outcome.found, Found::Reading(Reading::Offer(_))), "{:?}", outcome.found);
}

#[tokio::test]
async fn a_silent_server_costs_the_deadline_and_no_more() {
    let shop = Shop::open().await;
    shop.set("/hop", Reply::redirect("/silence"));
    shop.set("/silence", Reply::Silence);
    let config = FetchConfig { deadline: Duration::from_millis(300), ..settings(&shop) };
    let begun = Instant::now();
    failure(&check(&config, &shop.url("/hop")).await, FailureKind::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(3));
    let nobody = ProductUrl::parse("http://127.0.0.1:1/").unwrap();
    let config = FetchConfig { allow_hosts: vec!["127.0.0.1".into()], ..config };
    failure(&check(&config, &nobody).await, FailureKind::Unreachable);
}

#[tokio::test]
async fn robots_txt_is_obeyed_unless_it_is_broken() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "12.00");
    let rules = "User-agent: *\nDisallow: /\n\nUser-agent: Plummet\nDisallow: /kettle\n";
    shop.set("/robots.txt", Reply::Answer(200, Vec::new(), rules.into()));
    let config = settings(&shop);
    let detail = failure(&check(&config, &shop.url("/kettle")).await, FailureKind::NotAllowed);
    assert!(detail.contains("robots.txt"), "{detail}");
    assert_eq!(shop.asked("/kettle"), 0);
    let careless = FetchConfig { obey_robots: false, ..config.clone() };
    assert!(matches!(check(&careless, &shop.url("/kettle")).await.found, Found::Reading(Reading::Offer(_))));
    shop.set("/robots.txt", Reply::Answer(500, Vec::new(), Vec::new()));
    assert!(matches!(check(&config, &shop.url("/kettle")).await.found, Found::Reading(Reading::Offer(_))));
}

#[tokio::test]
async fn requests_say_who_asks_and_keep_no_cookies() {
    let shop = Shop::open().await;
    shop.set(
        "/hop",
        Reply::Answer(302, vec![(axum::http::header::LOCATION, "/p".into()), (SET_COOKIE, "id=1".into())], Vec::new()),
    );
    shop.sell("/p", "3.00");
    check(&settings(&shop), &shop.url("/hop")).await;
    let headers = shop.last_headers("/p");
    assert!(headers[USER_AGENT].to_str().unwrap().contains("compatible; Plummet/"));
    assert!(headers.contains_key(ACCEPT_LANGUAGE));
    assert!(!headers.contains_key(COOKIE));
}

#[tokio::test]
async fn an_unchanged_page_is_a_fresh_observation() {
    let shop = Shop::open().await;
    shop.set("/kettle", Reply::Tagged("\"a\"".into(), product_page("Kettle", "49.99")));
    let world = World::new(&shop).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    for expect in [1, 2] {
        check_prices(&ctx, &claim(&world).await).await;
        let product = world.product(&kettle).await;
        assert_eq!((product.run_checks, product.last_ok_at), (expect, Some(world.clock.now())));
        world.pass_hours(30);
    }
    assert_eq!(shop.last_headers("/kettle")[IF_NONE_MATCH], "\"a\"");
}

#[tokio::test]
async fn too_many_requests_close_the_route_until_the_shop_says() {
    let shop = Shop::open().await;
    shop.set("/a", Reply::Answer(429, vec![(RETRY_AFTER, "7200".into())], Vec::new()));
    shop.sell("/b", "5.00");
    let (a, b) = (shop.url("/a"), shop.url("/b"));
    let mut world = World::new(&shop).await;
    world.config.limits.unlimited_hosts.clear();
    world.track(&a, None).await;
    let ctx = world.context();
    check_prices(&ctx, &claim(&world).await).await;
    let until = world.clock.now().plus_micros(2 * domain::time::HOUR);
    let product = world.product(&a).await;
    assert_eq!((product.last_outcome.as_deref(), product.failures), (Some("rate_limited"), 0));
    assert!(product.next_check_at >= until);
    world.track(&b, None).await;
    check_prices(&ctx, &claim(&world).await).await;
    assert_eq!(shop.asked("/b"), 0, "the whole shop is left alone");
    assert!(world.product(&b).await.next_check_at >= until);
}

#[tokio::test]
async fn a_human_check_pauses_the_route_and_keeps_the_price() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let mut world = World::new(&shop).await;
    world.config.limits.unlimited_hosts.clear();
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    check_prices(&ctx, &claim(&world).await).await;
    let price = world.product(&kettle).await.price;
    assert!(price.is_some());
    let wall = "<html><head><title>Robot Check</title></head><body><form action=\"/errors/validateCaptcha\">\
                Enter the characters you see below. 19.99</form></body></html>";
    shop.set("/kettle", Reply::html(wall));
    world.pass_hours(30);
    check_prices(&ctx, &claim(&world).await).await;
    let product = world.product(&kettle).await;
    assert_eq!((product.price, product.last_outcome.as_deref(), product.failures), (price, Some("blocked"), 0));
    assert!(product.next_check_at >= world.clock.now().plus_micros(10 * domain::time::MINUTE));
}

/// What is due now, leased to the test.
async fn claim(world: &World) -> Vec<domain::ProductId> {
    let due = world.store.claim_due(world.clock.now(), world.config.check_lease, 100).await.unwrap();
    due.into_iter().map(|product| product.id).collect()
}
