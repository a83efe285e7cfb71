//! Previews and checks that a person asks for.

use std::time::Duration;

use domain::{FailureKind, Money, ProductUrl, Reading};

use super::shop::{Reply, Shop};
use super::wait_for;
use super::world::World;
use crate::CheckNow;

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_previewed_is_not_fetched_again_by_the_first_check() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let world = World::new(&shop).await;
    let jobs = world.start().await;
    let kettle = shop.url("/kettle");
    let preview = jobs.preview(&kettle).await;
    let Reading::Offer(offer) = &preview.reading else { panic!("{:?}", preview.reading) };
    assert_eq!(offer.price, Money::new(49_99, domain::Currency::from_code("EUR").unwrap()));
    assert_eq!(world.totals().await.products, 0, "nothing is stored");
    world.track(&kettle, None).await;
    jobs.ring();
    wait_for("the first price", async || world.product(&kettle).await.price).await;
    assert_eq!(shop.asked("/kettle"), 1);
    world.pass_seconds(1);
    let CheckNow::Done(product) = jobs.check_now(kettle.product_id(), PATIENCE).await.unwrap() else { panic!("not done") };
    assert_eq!((shop.asked("/kettle"), product.run_checks), (2, 2), "a preview stands for one check");
    jobs.stop(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_on_demand_keeps_to_the_budget() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let mut world = World::new(&shop).await;
    world.config.limits.unlimited_hosts.clear();
    world.config.limits.per_hour = vec![(shop.address.clone(), 8)];
    let jobs = world.start().await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    jobs.ring();
    wait_for("the first price", async || world.product(&kettle).await.price).await;
    world.pass_seconds(1);
    let refused = jobs.check_now(kettle.product_id(), PATIENCE).await.unwrap();
    let CheckNow::NotBefore(at) = refused else { panic!("{refused:?}") };
    assert!(at > world.clock.now());
    let preview = jobs.preview(&kettle).await;
    assert!(matches!(preview.reading, Reading::Failed { kind: FailureKind::RateLimited, .. }), "{:?}", preview.reading);
    assert_eq!(shop.asked("/kettle"), 1);
    assert_eq!(world.product(&kettle).await.next_check_at, at);
    jobs.stop(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_check_goes_on_when_nobody_waits_any_more() {
    let shop = Shop::open().await;
    shop.set("/kettle", Reply::Silence);
    let mut world = World::new(&shop).await;
    world.config.fetch.deadline = Duration::from_millis(300);
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    // Only the check on demand is to fetch it.
    world.store.defer(&[]).await.unwrap();
    let claimed = world.store.claim_due(world.clock.now(), Duration::ZERO, 10).await.unwrap();
    world.store.defer(&[(claimed[0].id, world.clock.now().plus_micros(domain::time::DAY))]).await.unwrap();
    let jobs = world.start().await;
    let pending = jobs.check_now(kettle.product_id(), Duration::from_millis(1)).await.unwrap();
    assert!(matches!(pending, CheckNow::Pending), "{pending:?}");
    let kind = wait_for("the outcome", async || world.product(&kettle).await.last_outcome).await;
    assert_eq!(kind, "timeout");
    let unknown = ProductUrl::parse("https://shop.example/none").unwrap().product_id();
    assert!(matches!(jobs.check_now(unknown, PATIENCE).await.unwrap(), CheckNow::Unknown));
    jobs.stop(PATIENCE).await;
}
