//! The plan of checks: made once, kept in the database, followed by all.

use domain::next_check::Pace;
use domain::time::{HOUR, MINUTE};

use super::shop::Shop;
use super::world::World;
use crate::paces::look;

#[tokio::test]
async fn a_plan_is_made_kept_and_followed_by_other_workers() {
    let shop = Shop::open().await;
    let mut world = World::new(&shop).await;
    world.config.pace.checks_a_day = Some(12);
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let one = world.context();
    let product = world.product(&kettle).await;
    assert_eq!(one.paces.of(&product), Pace::default());
    look(&one).await.unwrap();
    let planned = one.paces.of(&product);
    let interval = domain::next_check::interval(&product, planned, world.clock.now());
    assert!((2 * HOUR..2 * HOUR + 10 * MINUTE).contains(&interval), "one product, twelve checks a day: {interval}");
    // The other follows what is written, though it would plan otherwise.
    world.config.pace.checks_a_day = Some(1);
    let other = world.context();
    look(&other).await.unwrap();
    assert_eq!(other.paces.of(&product), planned);
    world.pass_seconds(11 * 60);
    look(&other).await.unwrap();
    assert_ne!(other.paces.of(&product), planned, "an old plan is made afresh");
}

#[tokio::test]
async fn a_clock_set_back_or_a_setting_that_cannot_be_read_makes_a_new_plan() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let product = world.product(&kettle).await;
    let ctx = world.context();
    world.store.put_setting("checks.plan", Some("{\"unit\":")).await.unwrap();
    look(&ctx).await.unwrap();
    let first = ctx.paces.of(&product);
    assert_ne!(first, Pace::default());
    let stored = || async { world.store.find_setting("checks.plan").await.unwrap().unwrap() };
    let before = stored().await;
    world.pass_hours(-24 * 365);
    look(&ctx).await.unwrap();
    assert_ne!(stored().await, before);
}

#[tokio::test]
async fn without_products_there_is_nothing_to_plan() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    look(&world.context()).await.unwrap();
    assert_eq!(world.store.find_setting("checks.plan").await.unwrap(), None);
}
