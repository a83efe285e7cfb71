//! From a page to a mail.

use std::time::Duration;

use domain::Money;

use super::shop::{Reply, Shop, product_page};
use super::wait_for;
use super::world::World;
use crate::CheckNow;

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
    for part in ["To: anna@example.org", "Kettle", "44.00", &format!("@plummet.example>")] {
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
        (Reply::html("<html><head><title>Kettle</title></head><body><main><h1>Kettle</h1></main></body></html>"), "no_price"),
        (Reply::Answer(404, Vec::new(), Vec::new()), "gone"),
    ] {
        shop.set("/kettle", reply);
        world.pass_hours(30);
        wait_for(outcome, async || (world.product(&kettle).await.last_outcome.as_deref() == Some(outcome)).then_some(())).await;
        let product = world.product(&kettle).await;
        assert_eq!(product.price, euro(49_99));
        assert!(product.last_detail.is_some_and(|detail| !detail.is_empty()));
    }
    jobs.stop(PATIENCE).await;
}
