//! From a page to a mail.

use std::time::Duration;

use domain::Money;

use super::shop::{Reply, Shop, product_page};
use super::wait_for;
use super::world::World;
use crate::CheckNow;
use crate::pipeline::Recorded;

const PATIENCE: Duration = Duration::from_secs(10);

fn euro(minor: i64) -> Option<Money> {
    Some(Money::new(minor, domain::Currency::from_code("EUR").unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fall_below_the_target_is_told_once_and_a_lower_one_when_the_hour_is_over() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let world = World::new(&shop).await;
    let jobs = world.start().await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, Some("45")).await;
    jobs.ring();
    wait_for("the first price", async || (world.product(&kettle).await.price == euro(49_99)).then_some(())).await;
    assert_eq!(world.totals().await.notifications, 0, "49.99 is above the target");

    shop.sell("/kettle", "44.00");
    world.pass_hours(30);
    jobs.ring();
    let mails = wait_for("the mail", async || Some(world.mails()).filter(|mails| !mails.is_empty())).await;
    let inbox = world.inbox().await;
    assert_eq!((mails.len(), inbox.len()), (1, 1));
    assert_eq!(mails[0].0, format!("{}.eml", inbox[0].deliveries[0].id));
    for part in ["To: anna@example.org", "Kettle", "44.00", "@plummet.example>"] {
        assert!(mails[0].1.contains(part), "{part} is missing in {}", mails[0].1);
    }

    shop.sell("/kettle", "39.00");
    world.pass_seconds(120);
    let CheckNow::Done(product) = jobs.check_now(kettle.product_id(), PATIENCE).await.unwrap() else { panic!("not done") };
    assert_eq!(product.price, euro(39_00));
    wait_for("the fan-out", async || (world.totals().await.pending_events == 0).then_some(())).await;
    assert_eq!((world.mails().len(), world.inbox().await.len()), (1, 1), "one alert an hour");

    world.pass_hours(1);
    jobs.ring();
    wait_for("the held alert", async || (world.mails().len() == 2).then_some(())).await;
    assert_eq!(world.inbox().await[0].notification.alerted.new_price, euro(39_00).unwrap());
    wait_for("the books", async || (world.totals().await.pending_notifications == 0).then_some(())).await;
    jobs.stop(PATIENCE).await;
    let totals = world.totals().await;
    assert_eq!((totals.events, totals.pending_events, totals.notifications), (3, 0, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_products_are_checked_and_every_one_is_recorded() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    for n in 0..150 {
        shop.set(&format!("/p/{n}"), Reply::html(&product_page("Thing", &format!("{}.50", n + 1))));
        world.track(&shop.url(&format!("/p/{n}")), None).await;
    }
    let jobs = world.start().await;
    wait_for("all checks", async || (world.totals().await.events == 150).then_some(())).await;
    for n in 0..150 {
        assert_eq!(world.product(&shop.url(&format!("/p/{n}"))).await.price, euro((n + 1) * 100 + 50));
    }
    assert_eq!(shop.asked("/robots.txt"), 1);
    wait_for("the bells", async || (world.totals().await.pending_events == 0).then_some(())).await;
    jobs.stop(PATIENCE).await;
    assert_eq!(world.totals().await.due, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_gives_back_what_is_in_flight() {
    let shop = Shop::open().await;
    shop.set("/hung", Reply::Silence);
    let mut world = World::new(&shop).await;
    world.config.fetch.deadline = Duration::from_secs(60);
    let hung = shop.url("/hung");
    world.track(&hung, None).await;
    let jobs = world.start().await;
    wait_for("the request", async || (shop.asked("/hung") == 1).then_some(())).await;
    assert_eq!(world.totals().await.due, 0, "leased");
    jobs.stop(Duration::from_millis(50)).await;
    assert_eq!(world.totals().await.due, 1, "due again at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_check_keeps_the_price_and_says_why() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let world = World::new(&shop).await;
    let jobs = world.start().await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    jobs.ring();
    wait_for("the first price", async || world.product(&kettle).await.price).await;
    for (reply, outcome) in [
        (Reply::Answer(500, Vec::new(), b"oops".to_vec()), "unreachable"),
        (Reply::html("<html><head><title>Kettle</title></head><body></body></html>"), "empty"),
        (Reply::Answer(404, Vec::new(), Vec::new()), "gone"),
    ] {
        shop.set("/kettle", reply);
        world.pass_hours(30);
        let now = Some(world.clock.now());
        wait_for(outcome, async || (world.product(&kettle).await.last_attempt_at == now).then_some(())).await;
        let product = world.product(&kettle).await;
        assert_eq!((product.price, product.last_outcome.as_deref()), (euro(49_99), Some(outcome)));
        assert!(product.last_detail.is_some_and(|detail| !detail.is_empty()));
    }
    jobs.stop(PATIENCE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_shop_delays_no_other() {
    let (slow, quick) = (Shop::open().await, Shop::open().await);
    let mut world = World::new(&quick).await;
    world.config.workers = 5;
    world.config.fetch.deadline = Duration::from_secs(60);
    world.config.fetch.allow_hosts.push(slow.address.clone());
    world.config.limits.per_hour = vec![(slow.address.clone(), 1_000_000)];
    for n in 0..20 {
        slow.set(&format!("/{n}"), Reply::Silence);
        world.track(&slow.url(&format!("/{n}")), None).await;
    }
    let jobs = world.start().await;
    wait_for("the slow shop", async || (0..20).any(|n| slow.asked(&format!("/{n}")) == 1).then_some(())).await;
    quick.sell("/kettle", "9.00");
    let kettle = quick.url("/kettle");
    world.track(&kettle, None).await;
    jobs.ring();
    wait_for("the quick shop", async || world.product(&kettle).await.price).await;
    jobs.stop(Duration::from_millis(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observation_that_meets_a_newer_one_is_settled_against_it() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    let claimed = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    let before = world.product(&kettle).await;
    let permit = |n: usize| {
        shop.sell("/kettle", &format!("{n}.00"));
        crate::limiter::Permit::by_hand(ctx.routes.direct(before.platform, &before.host))
    };
    let first = crate::pipeline::check(&ctx, &before, permit(40)).await;
    world.pass_seconds(60);
    let second = crate::pipeline::check(&ctx, &before, permit(39)).await;
    world.pass_seconds(60);
    let (newer, older) =
        (ctx.recorder.record(before.clone(), second).await, ctx.recorder.record(before.clone(), first.clone()).await);
    assert_eq!((newer, older), (Recorded::Written, Recorded::Older));
    let product = world.product(&kettle).await;
    assert_eq!((product.price, product.revision), (euro(39_00), 1));
    // A later one that was begun from what was known before is settled again, and counts.
    let third = crate::pipeline::check(&ctx, &before, permit(38)).await;
    assert_eq!(ctx.recorder.record(before, third).await, Recorded::Written);
    let product = world.product(&kettle).await;
    assert_eq!((product.price, product.previous_price), (euro(38_00), euro(39_00)));
    assert_eq!(claimed.len(), 1);
}
