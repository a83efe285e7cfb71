//! Requests through proxies, and what becomes of those that fail.

use std::sync::Arc;

use axum::http::header::{PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, USER_AGENT};
use domain::time::{MINUTE, SECOND};
use domain::{ProductId, ProductUrl, ProxyId, Timestamp};
use store::StoredProxy;

use super::proxy::{Speaks, TestProxy};
use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::config::{DirectFallback, ProxiesConfig};
use crate::context::JobContext;
use crate::pipeline::{check_now, check_prices};
use crate::proxies::ProxyUrl;
use crate::{CheckNow, ProxyTest, SecretKey};

/// A Plummet that goes through these proxies to a shop that has a budget.
async fn world(shop: &Shop, proxies: &[String], direct: DirectFallback) -> World {
    let mut world = World::new(shop).await;
    world.config.limits.unlimited_hosts.clear();
    world.config.proxies = ProxiesConfig { proxies: proxies.iter().map(|url| url.clone().into()).collect(), direct };
    world
}

/// Checks whatever is due.
async fn check_due(world: &World, ctx: &JobContext) -> usize {
    let due = world.store.claim_due(world.clock.now(), world.config.check_lease, 100).await.unwrap();
    let ids: Vec<ProductId> = due.into_iter().map(|product| product.id).collect();
    check_prices(ctx, &ids).await;
    ids.len()
}

/// Checks one product now, whether it is due or not.
async fn check_one(world: &World, ctx: &Arc<JobContext>, product: &ProductUrl) -> CheckNow {
    let id = product.product_id();
    assert!(world.store.claim_now(id, world.clock.now(), world.config.check_lease).await.unwrap());
    check_now(ctx.clone(), id).await.unwrap()
}

async fn outcome_of(world: &World, product: &ProductUrl) -> Option<String> {
    world.product(product).await.last_outcome
}

#[tokio::test]
async fn every_kind_of_proxy_brings_the_page_with_its_credentials_and_without() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let kettle = shop.url("/kettle");
    for (speaks, scheme) in [(Speaks::Http, "http"), (Speaks::Socks5, "socks5"), (Speaks::Socks5, "socks5h")] {
        for credentials in ["", "anna:ses%40me@"] {
            let proxy = TestProxy::start(speaks).await;
            if !credentials.is_empty() {
                proxy.require("anna", "ses@me");
            }
            let world = world(&shop, &[proxy.url(scheme, credentials)], DirectFallback::Never).await;
            world.track(&kettle, None).await;
            check_due(&world, &world.context()).await;
            assert_eq!(outcome_of(&world, &kettle).await.as_deref(), Some("offer"), "{scheme} {credentials}");
            assert!(proxy.used() > 0 && proxy.destinations().iter().all(|destination| *destination == shop.address));
            let headers = shop.last_headers("/kettle");
            assert!(!headers.contains_key(PROXY_AUTHORIZATION), "the shop learns nothing of the proxy's credentials");
            assert!(!headers[USER_AGENT].to_str().unwrap().contains("Plummet"), "a browser's set through a proxy");
        }
    }
}

#[tokio::test]
async fn names_are_resolved_by_us_for_socks5_and_by_the_proxy_for_socks5h() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let port = shop.address.rsplit_once(':').unwrap().1;
    let kettle = ProductUrl::parse(&format!("http://shop.localhost:{port}/kettle")).unwrap();
    for (scheme, host) in [("socks5", "127.0.0.1"), ("socks5h", "shop.localhost")] {
        let proxy = TestProxy::start(Speaks::Socks5).await;
        let mut world = world(&shop, &[proxy.url(scheme, "")], DirectFallback::Never).await;
        world.config.fetch.allow_hosts = vec![format!("shop.localhost:{port}")];
        world.track(&kettle, None).await;
        check_due(&world, &world.context()).await;
        assert_eq!(outcome_of(&world, &kettle).await.as_deref(), Some("offer"));
        assert_eq!(proxy.destinations()[0], format!("{host}:{port}"));
    }
}

#[tokio::test]
async fn a_proxy_that_is_down_is_paused_as_a_whole_and_the_check_goes_on_by_another_way() {
    let shop = Shop::open().await;
    for path in ["/a", "/b", "/c", "/d"] {
        shop.sell(path, "5.00");
    }
    let (dead, alive) = (TestProxy::start(Speaks::Http).await, TestProxy::start(Speaks::Socks5).await);
    dead.stop().await;
    let world = world(&shop, &[dead.url("http", ""), alive.url("socks5", "")], DirectFallback::Never).await;
    let ctx = world.context();
    for path in ["/a", "/b"] {
        world.track(&shop.url(path), None).await;
        check_due(&world, &ctx).await;
        assert_eq!(outcome_of(&world, &shop.url(path)).await.as_deref(), Some("offer"), "{path}: nobody waits for a dead proxy");
        world.pass_seconds(5);
    }
    let id = ctx.proxies.all()[0].id;
    let health = ctx.proxies.health_of(id, world.clock.now());
    assert!(health.paused_until.is_some() && health.problem.unwrap().contains("does not answer at its address"));
    assert_eq!(ctx.proxies.ways(world.clock.now(), &[]).open, [Some(ctx.proxies.all()[1].id)]);

    dead.start_again().await;
    world.pass_seconds(31);
    for path in ["/c", "/d"] {
        world.track(&shop.url(path), None).await;
        check_due(&world, &ctx).await;
    }
    assert!(dead.used() > 0, "it is probed by the next request");
    assert_eq!(ctx.proxies.health_of(id, world.clock.now()), Default::default());
}

#[tokio::test]
async fn refused_credentials_pause_the_proxy_and_nobody_learns_the_password() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    let kettle = shop.url("/kettle");
    for (speaks, scheme) in [(Speaks::Http, "http"), (Speaks::Socks5, "socks5")] {
        let proxy = TestProxy::start(speaks).await;
        proxy.require("anna", "another");
        let world = world(&shop, &[proxy.url(scheme, "anna:sesame@")], DirectFallback::Never).await;
        world.track(&kettle, None).await;
        let ctx = world.context();
        check_due(&world, &ctx).await;
        assert!(proxy.refused() > 0 && proxy.used() == 0);
        let product = world.product(&kettle).await;
        let detail = product.last_detail.clone().unwrap();
        assert_eq!((product.last_outcome.as_deref(), product.failures), (Some("unreachable"), 0), "{detail}");
        assert!(product.next_check_at >= world.clock.now().plus_micros(5 * MINUTE), "nothing else is open");
        let pool = format!("{:?} {:?}", ctx.proxies, world.config);
        for secret in ["sesame", "anna", &proxy.port().to_string()] {
            assert!(!detail.contains(secret), "{detail}");
        }
        assert!(!pool.contains("sesame"), "also not in debug output");
        let health = ctx.proxies.health_of(ctx.proxies.all()[0].id, world.clock.now());
        assert!(health.problem.unwrap().contains("does not accept its user and password"));
    }
    assert_eq!(shop.asked("/kettle"), 0);
}

#[tokio::test]
async fn a_shop_that_pretends_to_be_the_proxy_pauses_no_proxy() {
    let shop = Shop::open().await;
    shop.set("/liar", Reply::Answer(407, vec![(PROXY_AUTHENTICATE, "Basic".into())], Vec::new()));
    let proxy = TestProxy::start(Speaks::Http).await;
    let world = world(&shop, &[proxy.url("http", "")], DirectFallback::Never).await;
    let ctx = world.context();
    world.track(&shop.url("/liar"), None).await;
    check_due(&world, &ctx).await;
    assert_eq!(shop.asked("/liar"), 1);
    assert_eq!(ctx.proxies.ways(world.clock.now(), &[]).open.len(), 1);
}

#[tokio::test]
async fn a_block_pauses_one_way_to_one_shop_and_the_next_check_takes_another() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let wall = "<html><head><title>Robot Check</title></head><body><form action=\"/errors/validateCaptcha\">\
                Enter the characters you see below</form></body></html>";
    shop.set("/kettle", Reply::html(wall));
    other.sell("/pot", "7.00");
    let proxies = [TestProxy::start(Speaks::Http).await, TestProxy::start(Speaks::Http).await];
    let urls = [proxies[0].url("http", ""), proxies[1].url("http", "")];
    let mut world = world(&shop, &urls, DirectFallback::Never).await;
    world.config.fetch.allow_hosts.push(other.address.clone());
    let (kettle, pot) = (shop.url("/kettle"), other.url("/pot"));
    world.track(&kettle, None).await;
    let ctx = world.context();
    check_due(&world, &ctx).await;
    let product = world.product(&kettle).await;
    assert_eq!((product.last_outcome.as_deref(), shop.asked("/kettle")), (Some("blocked"), 1), "not asked twice at once");
    assert!(product.next_check_at <= world.clock.now().plus_micros(17 * MINUTE), "another way is open");
    let blocked = usize::from(proxies[1].used() > 0);
    let before = proxies[blocked].destinations().iter().filter(|to| **to == shop.address).count();

    shop.sell("/kettle", "49.99");
    world.pass_seconds(60);
    assert!(matches!(check_one(&world, &ctx, &kettle).await, CheckNow::Done(_)));
    assert_eq!(outcome_of(&world, &kettle).await.as_deref(), Some("offer"));
    let after = proxies[blocked].destinations().iter().filter(|to| **to == shop.address).count();
    assert_eq!(before, after, "the blocked way rests");

    // Another shop is asked by both ways.
    world.track(&pot, None).await;
    for _ in 0..2 {
        assert!(matches!(check_one(&world, &ctx, &pot).await, CheckNow::Done(_)));
        world.pass_seconds(60);
    }
    assert!(proxies.iter().all(|proxy| proxy.destinations().contains(&other.address)));
}

#[tokio::test]
async fn a_suspect_price_is_confirmed_by_another_way() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "100.00");
    let proxies = [TestProxy::start(Speaks::Http).await, TestProxy::start(Speaks::Http).await];
    let urls = [proxies[0].url("http", ""), proxies[1].url("http", "")];
    let world = world(&shop, &urls, DirectFallback::Never).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    check_due(&world, &ctx).await;
    shop.sell("/kettle", "1.00");
    world.pass_hours(30);
    let used = || proxies.each_ref().map(TestProxy::used);
    let before = used();
    check_due(&world, &ctx).await;
    assert!(world.product(&kettle).await.suspect.is_some());
    let first = used();
    world.pass_seconds(90);
    assert_eq!(check_due(&world, &ctx).await, 1);
    let second = used();
    let way = |before: [usize; 2], after: [usize; 2]| (0..2).filter(|n| after[*n] > before[*n]).collect::<Vec<_>>();
    assert_eq!(way(before, first).len(), 1);
    assert_ne!(way(before, first), way(first, second), "the confirmation takes the other way");
}

#[tokio::test]
async fn each_proxy_has_a_budget_of_its_own() {
    let shop = Shop::open().await;
    let paths: Vec<String> = (0..12).map(|n| format!("/p{n}")).collect();
    let proxies = [TestProxy::start(Speaks::Http).await, TestProxy::start(Speaks::Socks5).await];
    let urls = [proxies[0].url("http", ""), proxies[1].url("socks5", "")];
    let world = world(&shop, &urls, DirectFallback::Never).await;
    for path in &paths {
        shop.sell(path, "5.00");
        world.track(&shop.url(path), None).await;
    }
    let ctx = world.context();
    check_due(&world, &ctx).await;
    let asked = |paths: &[String]| paths.iter().filter(|path| shop.asked(path) > 0).count();
    assert_eq!(asked(&paths), 8, "a burst of four through each");
    assert!(proxies.iter().all(|proxy| proxy.used() > 0));
}

#[tokio::test]
async fn requests_go_directly_only_where_the_operator_lets_them() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    let kettle = shop.url("/kettle");
    let dead = TestProxy::start(Speaks::Http).await;
    dead.stop().await;
    for (proxies, direct, expect) in [
        (vec![], DirectFallback::WhenNoneConfigured, 1),
        (vec![], DirectFallback::Never, 0),
        (vec![dead.url("http", "")], DirectFallback::WhenNoneConfigured, 0),
        (vec![dead.url("http", "")], DirectFallback::Never, 0),
        (vec![dead.url("http", "")], DirectFallback::Always, 1),
    ] {
        let before = shop.asked("/kettle");
        let world = world(&shop, &proxies, direct).await;
        world.track(&kettle, None).await;
        check_due(&world, &world.context()).await;
        assert_eq!(shop.asked("/kettle") - before, expect, "{proxies:?} {direct:?}");
        if expect == 1 {
            let agent = shop.last_headers("/kettle")[USER_AGENT].to_str().unwrap().to_owned();
            assert!(agent.contains("compatible; Plummet/"), "honest without a proxy: {agent}");
        }
    }
}

#[tokio::test]
async fn private_addresses_are_not_given_to_a_proxy_at_any_hop() {
    let (shop, inside) = (Shop::open().await, Shop::open().await);
    inside.sell("/secret", "1.00");
    for (speaks, scheme) in [(Speaks::Http, "http"), (Speaks::Socks5, "socks5"), (Speaks::Socks5, "socks5h")] {
        let proxy = TestProxy::start(speaks).await;
        let world = world(&shop, &[proxy.url(scheme, "")], DirectFallback::Never).await;
        let ctx = world.context();
        let port = inside.address.rsplit_once(':').unwrap().1;
        let targets = [
            format!("http://{}/secret", inside.address),
            format!("http://shop.localhost:{port}/secret"),
            format!("http://intranet:{port}/secret"),
            format!("http://metadata.google.internal:{port}/secret"),
            "http://169.254.169.254/latest/meta-data".to_owned(),
            format!("http://[::ffff:127.0.0.1]:{port}/secret"),
        ];
        for (n, target) in targets.iter().enumerate() {
            let path = format!("/hop{n}");
            shop.set(&path, Reply::redirect(target));
            let hop = shop.url(&path);
            world.track(&hop, None).await;
            world.pass_seconds(600);
            check_one(&world, &ctx, &hop).await;
            assert_eq!(outcome_of(&world, &hop).await.as_deref(), Some("refused"), "{scheme} {target}");
        }
        assert!(proxy.destinations().iter().all(|to| *to == shop.address), "{:?}", proxy.destinations());
    }
    assert_eq!(inside.asked("/secret") + inside.asked("/robots.txt"), 0);
}

#[tokio::test]
async fn a_proxy_without_a_way_to_the_shop_is_a_shop_that_does_not_answer() {
    let shop = Shop::open().await;
    let proxy = TestProxy::start(Speaks::Socks5).await;
    proxy.lose_its_way();
    let world = world(&shop, &[proxy.url("socks5", "")], DirectFallback::Never).await;
    let ctx = world.context();
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    check_due(&world, &ctx).await;
    let product = world.product(&kettle).await;
    assert_eq!(product.last_outcome.as_deref(), Some("unreachable"));
    assert!(product.last_detail.unwrap().contains("a proxy could not connect to"));
    assert_eq!(ctx.proxies.ways(world.clock.now(), &[]).open.len(), 1, "for other shops it may work");
}

fn stored(ctx: &JobContext, id: u128, url: &str) -> StoredProxy {
    let url = ProxyUrl::parse(url).unwrap();
    ctx.proxies.to_stored(ProxyId(uuid::Uuid::from_u128(id)), format!("proxy {id}"), &url, true, Timestamp::EPOCH)
}

#[tokio::test]
async fn what_an_admin_stores_is_used_by_every_process_that_reads_it_again() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    let kettle = shop.url("/kettle");
    let proxy = TestProxy::start(Speaks::Http).await;
    proxy.require("anna", "sesame");
    let world = world(&shop, &[], DirectFallback::WhenNoneConfigured).await;
    let (one, other) = (world.context(), world.context());
    let kept = stored(&one, 1, &proxy.url("http", "anna:sesame@"));
    world.store.put_proxy(&kept).await.unwrap();
    for ctx in [&one, &other] {
        ctx.proxies.reload(&*world.store).await.unwrap();
        assert_eq!(ctx.proxies.ways(world.clock.now(), &[]).open, [Some(kept.id)], "and no direct way any more");
    }
    world.track(&kettle, None).await;
    check_due(&world, &other).await;
    assert_eq!((outcome_of(&world, &kettle).await.as_deref(), proxy.refused()), (Some("offer"), 0));

    // Its connections outlive a reading that changes nothing.
    let before = other.proxies.find(kept.id).unwrap();
    other.proxies.reload(&*world.store).await.unwrap();
    assert!(Arc::ptr_eq(&before, &other.proxies.find(kept.id).unwrap()));

    world.store.put_proxy(&StoredProxy { enabled: false, ..kept.clone() }).await.unwrap();
    other.proxies.reload(&*world.store).await.unwrap();
    assert!(other.proxies.ways(world.clock.now(), &[]).open.is_empty(), "switched off, it still hides this machine");
    assert!(world.store.remove_proxy(kept.id).await.unwrap());
    other.proxies.reload(&*world.store).await.unwrap();
    assert_eq!(other.proxies.ways(world.clock.now(), &[]).open, [None]);
}

#[tokio::test]
async fn with_another_key_a_stored_proxy_is_refused_and_nothing_goes_past_it_or_is_overwritten() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    let mut world = world(&shop, &[], DirectFallback::WhenNoneConfigured).await;
    let kept = stored(&world.context(), 1, "http://anna:sesame@127.0.0.1:1");
    world.store.put_proxy(&kept).await.unwrap();
    world.config.secret_key = SecretKey::new([9; 32]);
    let ctx = world.context();
    ctx.proxies.reload(&*world.store).await.unwrap();
    let problem = ctx.proxies.all()[0].problem().unwrap().to_owned();
    assert!(problem.contains("proxy 1") && problem.contains("PLUMMET_SECRET_KEY"), "{problem}");
    world.track(&shop.url("/kettle"), None).await;
    check_due(&world, &ctx).await;
    assert_eq!(shop.asked("/kettle"), 0, "not directly either");
    assert_eq!(world.store.list_proxies().await.unwrap(), [kept], "as it was");
}

#[tokio::test]
async fn a_test_keeps_to_guard_and_budget_and_brings_a_mended_proxy_back() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    let proxy = TestProxy::start(Speaks::Http).await;
    proxy.stop().await;
    let world = world(&shop, &[proxy.url("http", "")], DirectFallback::Never).await;
    let jobs = world.start().await;
    let id = jobs.proxies().all()[0].id;
    let failed = jobs.test_proxy(id, &shop.url("/kettle")).await;
    assert!(
        matches!(&failed, ProxyTest::Failed { detail, .. } if detail.contains("does not answer at its address")),
        "{failed:?}"
    );
    assert!(jobs.proxies().ways(world.clock.now(), &[]).open.is_empty());
    proxy.start_again().await;
    let answered = jobs.test_proxy(id, &shop.url("/kettle")).await;
    assert!(matches!(answered, ProxyTest::Answered { outcome: "offer", .. }), "{answered:?}");
    assert_eq!(jobs.proxies().ways(world.clock.now(), &[]).open.len(), 1, "used again at once");
    let inside = ProductUrl::parse("http://127.0.0.1:9/").unwrap();
    let refused = jobs.test_proxy(id, &inside).await;
    assert!(matches!(&refused, ProxyTest::Failed { detail, .. } if detail.contains("inside a private network")), "{refused:?}");
    for _ in 0..2 {
        jobs.test_proxy(id, &shop.url("/kettle")).await;
    }
    let spent = jobs.test_proxy(id, &shop.url("/kettle")).await;
    assert!(matches!(spent, ProxyTest::NotBefore(at) if at > world.clock.now().plus_micros(SECOND)), "{spent:?}");
    jobs.stop(std::time::Duration::from_secs(5)).await;
}

#[tokio::test]
async fn pages_over_tls_come_through_tunnels_also_through_a_proxy_that_is_itself_spoken_to_by_tls() {
    use super::tls::{acceptor, fetch_by, open_shop, trusted_clients};
    let (shop, settings, url) = open_shop().await;
    for (speaks, scheme, host) in [
        (Speaks::Http, "http", "127.0.0.1"),
        (Speaks::Http, "https", "shop.localhost"),
        (Speaks::Socks5, "socks5", "127.0.0.1"),
        (Speaks::Socks5, "socks5h", "127.0.0.1"),
    ] {
        let proxy = TestProxy::start_with(speaks, (scheme == "https").then(acceptor)).await;
        proxy.require("anna", "sesame");
        let address = format!("{scheme}://anna:sesame@{host}:{}", proxy.port());
        let page = fetch_by(&trusted_clients(&settings), &settings, &address, &url).await;
        assert_eq!(page.unwrap(), product_page("Kettle", "49.99"), "{scheme}");
        assert!(proxy.used() > 0 && proxy.refused() == 0);
        let wrong = format!("{scheme}://anna:wrong@{host}:{}", proxy.port());
        let error = fetch_by(&trusted_clients(&settings), &settings, &wrong, &url).await.unwrap_err();
        assert_eq!(error.proxy_fault, Some(crate::fetch::ProxyFault::Credentials), "{scheme}: {error}");
    }
    assert_eq!(shop.asked("/kettle"), 4);
}

#[tokio::test]
async fn what_answers_at_a_proxys_address_and_is_none_is_said_so() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "5.00");
    // A shop where a proxy was expected, and a proxy of another kind.
    let http = TestProxy::start(Speaks::Http).await;
    let socks = TestProxy::start(Speaks::Socks5).await;
    for url in [format!("socks5://{}", shop.address), http.url("socks5", ""), socks.url("https", "")] {
        let world = world(&shop, std::slice::from_ref(&url), DirectFallback::Never).await;
        let ctx = world.context();
        world.track(&shop.url("/kettle"), None).await;
        check_due(&world, &ctx).await;
        let problem = ctx.proxies.health_of(ctx.proxies.all()[0].id, world.clock.now()).problem;
        assert!(problem.is_some(), "{url}");
    }
    assert_eq!(shop.asked("/kettle"), 0);
}

#[tokio::test]
async fn two_entries_of_one_proxy_stop_the_start() {
    let shop = Shop::open().await;
    let world = world(&shop, &["http://a:b@p.example:1".into(), "http://a:c@p.example:1".into()], DirectFallback::Never).await;
    let error = crate::Jobs::start(world.config.clone(), world.store.clone(), world.clock.clone()).await.err().unwrap();
    let said = format!("{error:#}");
    assert!(said.contains("`http://***@p.example:1` is listed twice; remove one"), "{said}");
}
