//! What hostile, slow and broken servers get.

use std::io::Write;
use std::time::{Duration, Instant};

use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, IF_NONE_MATCH, RETRY_AFTER, SET_COOKIE, USER_AGENT,
};
use domain::check::{CheckOutcome, FailureKind, Found};
use domain::{ProductUrl, Reading, Timestamp};

use super::proxy::{Speaks, TestProxy};
use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::config::{DirectFallback, FetchConfig, ProxiesConfig};
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
        ..FetchConfig::default()
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
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
    let bomb = gzip(&vec![b' '; 20 << 20]);
    assert!(bomb.len() < 100 << 10);
    shop.set("/bomb", gzipped(bomb));
    let detail = failure(&check(&config, &shop.url("/bomb")).await, FailureKind::Unreadable);
    assert!(detail.contains("larger than 1 MB"), "{detail}");
    shop.set("/endless", Reply::Endless);
    failure(&check(&config, &shop.url("/endless")).await, FailureKind::Unreadable);
    // Empty gzip members decompress to nothing, for ever.
    let nothing = gzip(b"").repeat(80_000);
    assert!(nothing.len() > config.max_body_bytes);
    shop.set("/nothing", gzipped(nothing));
    failure(&check(&config, &shop.url("/nothing")).await, FailureKind::Unreadable);
    let mut broken = gzip(product_page("Kettle", "1.00").as_bytes());
    broken.truncate(broken.len() / 2);
    shop.set("/broken", gzipped(broken));
    failure(&check(&config, &shop.url("/broken")).await, FailureKind::Unreadable);
}

#[tokio::test]
async fn compressed_pages_are_read() {
    let shop = Shop::open().await;
    shop.set("/gzip", gzipped(gzip(product_page("Kettle", "12.00").as_bytes())));
    let outcome = check(&settings(&shop), &shop.url("/gzip")).await;
    assert!(matches!(outcome.found, Found::Reading(Reading::Offer(_))), "{:?}", outcome.found);
}

/// A product's page, and so many bytes below it that do not pack away.
fn long_page(bytes: usize) -> String {
    let mut noise = 1_u32;
    let mut page = product_page("Kettle", "12.00").replace("</body></html>", "");
    while page.len() < bytes {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        page.push_str(&format!("<li>{noise:x}</li>"));
    }
    page + "</body></html>"
}

#[tokio::test]
async fn no_more_of_a_page_is_read_than_its_reader_wants() {
    let shop = Shop::open().await;
    let config = settings(&shop);
    let page = long_page(900_000);
    let mut packed = gzip(page.as_bytes());
    packed.truncate(packed.len() / 2);
    shop.set("/cut", gzipped(packed));
    let outcome = check(&config, &shop.url("/cut")).await;
    assert!(matches!(outcome.found, Found::Reading(Reading::Offer(_))), "the rest is not unpacked: {:?}", outcome.found);
    shop.set("/endless", Reply::EndlessAfter(product_page("Kettle", "12.00").replace("</body></html>", "")));
    let outcome = check(&config, &shop.url("/endless")).await;
    assert!(matches!(outcome.found, Found::Reading(Reading::Offer(_))), "nor is it waited for: {:?}", outcome.found);
}

#[tokio::test]
async fn a_connection_outlives_a_page_that_was_left_early_if_little_was_left() {
    let shop = Shop::open().await;
    let proxy = TestProxy::start(Speaks::Socks5).await;
    let mut world = World::new(&shop).await;
    world.config.limits.unlimited_hosts.clear();
    world.config.proxies = ProxiesConfig { proxies: vec![proxy.url("socks5", "").into()], direct: DirectFallback::Never };
    let ctx = world.context();
    for (bytes, connections) in [(150_000, 1), (900_000, 3)] {
        for path in ["/a", "/b", "/c"].map(|path| format!("{path}{bytes}")) {
            shop.set(&path, Reply::html(&long_page(bytes)));
            world.track(&shop.url(&path), None).await;
            check_prices(&ctx, &claim(&world).await).await;
            assert_eq!(world.product(&shop.url(&path)).await.last_outcome.as_deref(), Some("offer"));
            world.pass_seconds(60);
        }
        assert_eq!(proxy.used(), connections, "{bytes}");
    }
}

#[tokio::test]
async fn empty_answers_are_no_price_and_no_end_of_a_product() {
    let shop = Shop::open().await;
    let html = || vec![(CONTENT_TYPE, "text/html".into())];
    for (n, reply) in [
        Reply::Answer(200, html(), Vec::new()),
        Reply::Answer(200, html(), b"  \n".to_vec()),
        Reply::Answer(200, html(), b"null".to_vec()),
        gzipped(Vec::new()),
        gzipped(gzip(b"")),
        Reply::Answer(204, Vec::new(), Vec::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/{n}");
        shop.set(&path, reply);
        failure(&check(&settings(&shop), &shop.url(&path)).await, FailureKind::Empty);
    }
}

#[tokio::test]
async fn a_missing_page_closes_no_shop_and_an_outage_does_until_a_probe_is_answered() {
    let shop = Shop::open().await;
    let mut world = World::new(&shop).await;
    world.config.limits = crate::LimitsConfig { per_hour: vec![(shop.address.clone(), 3_600)], unlimited_hosts: Vec::new() };
    let ctx = world.context();
    let check_one = async |path: String| {
        world.track(&shop.url(&path), None).await;
        let due = world.store.claim_now(shop.url(&path).product_id(), world.clock.now(), world.config.check_lease).await.unwrap();
        assert!(due);
        check_prices(&ctx, &[shop.url(&path).product_id()]).await;
        world.pass_seconds(2);
        shop.asked(&path)
    };
    for n in 0..6 {
        assert_eq!(check_one(format!("/gone{n}")).await, 1, "a missing listing is its own trouble");
    }
    for n in 0..5 {
        shop.set(&format!("/down{n}"), Reply::Answer(500, Vec::new(), Vec::new()));
        assert_eq!(check_one(format!("/down{n}")).await, 1);
        let product = world.product(&shop.url(&format!("/down{n}"))).await;
        assert_eq!((product.last_outcome.as_deref(), product.failures), (Some("unreachable"), 0), "not charged to the product");
    }
    shop.sell("/kettle", "5.00");
    assert_eq!(check_one("/kettle".into()).await, 0, "the whole shop is left alone");
    world.pass_seconds(31);
    let mug = "/mug".to_owned();
    shop.sell(&mug, "6.00");
    assert_eq!(check_one(mug).await, 1, "the probe");
    shop.sell("/pot", "7.00");
    assert_eq!(check_one("/pot".into()).await, 1, "open again");
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
