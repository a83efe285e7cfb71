//! Every job may run twice without harm.

use domain::Channel;

use super::shop::Shop;
use super::world::World;
use crate::deliver::deliver;
use crate::fan_out::{fan_out, revisit};
use crate::pipeline::check_prices;

#[tokio::test]
async fn checking_twice_fetches_and_records_once() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "49.99");
    let world = World::new(&shop).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    let claimed = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    let ids: Vec<_> = claimed.iter().map(|due| due.id).collect();
    futures::join!(check_prices(&ctx, &ids), check_prices(&ctx, &ids));
    check_prices(&ctx, &ids).await;
    assert_eq!(shop.asked("/kettle"), 1);
    let product = world.product(&kettle).await;
    assert_eq!((product.revision, product.run_checks), (1, 1));
    assert_eq!(world.totals().await.events, 1);
    assert_eq!(ctx.held.len(), 0);
}

#[tokio::test]
async fn fanning_out_and_delivering_twice_tells_once() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "44.00");
    let world = World::new(&shop).await;
    world.track(&shop.url("/kettle"), Some("45")).await;
    let ctx = world.context();
    let claimed = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    check_prices(&ctx, &claimed.iter().map(|due| due.id).collect::<Vec<_>>()).await;
    let event = world.store.pending_events(10).await.unwrap()[0];
    let (one, two) = futures::join!(fan_out(&ctx, event), fan_out(&ctx, event));
    one.unwrap();
    two.unwrap();
    fan_out(&ctx, event).await.unwrap();
    assert_eq!(world.totals().await.notifications, 2, "inbox and e-mail");
    let (one, two) = futures::join!(deliver(&ctx, Channel::Email), deliver(&ctx, Channel::Email));
    one.unwrap();
    two.unwrap();
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(world.mails().len(), 1);
    assert_eq!(world.totals().await.pending_notifications, 0);
}

#[tokio::test]
async fn revisiting_twice_tells_once() {
    let shop = Shop::open().await;
    shop.sell("/kettle", "44.00");
    let world = World::new(&shop).await;
    let kettle = shop.url("/kettle");
    world.track(&kettle, None).await;
    let ctx = world.context();
    let claimed = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    check_prices(&ctx, &claimed.iter().map(|due| due.id).collect::<Vec<_>>()).await;
    fan_out(&ctx, world.store.pending_events(10).await.unwrap()[0]).await.unwrap();
    world.pass_seconds(60);
    // The target is set when the price meets it already.
    world.track(&kettle, Some("45")).await;
    revisit(&ctx).await.unwrap();
    revisit(&ctx).await.unwrap();
    let inbox = world.inbox().await;
    assert_eq!((inbox.len(), inbox[0].deliveries.len()), (1, 1));
    assert!(world.store.due_revisits(world.clock.now(), 10).await.unwrap().is_empty());
}
