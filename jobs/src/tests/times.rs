//! When messages go out: quiet hours, digests, and what is not true any more by then. The world's clock begins at 10:00 in Berlin.

use domain::Channel;
use domain::notification::Status;
use domain::preferences::Preferences;
use domain::quiet_hours::QuietHours;

use super::peers::{alert, alerted, delivery};
use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::deliver::deliver;
use crate::pipeline::check_prices;

const MAIL: &[Channel] = &[Channel::Email];

fn quiet() -> Preferences {
    let quiet = QuietHours { from: "09:00".parse().unwrap(), to: "12:30".parse().unwrap() };
    Preferences { quiet: Some(quiet), ..Preferences::default() }
}

#[tokio::test]
async fn quiet_hours_hold_a_message_and_count_no_attempt() {
    let (world, ctx) = alerted("Kettle", MAIL, |_| {}).await;
    world.store.put_preferences(world.user, &quiet()).await.unwrap();
    deliver(&ctx, Channel::Email).await.unwrap();
    let held = delivery(&world, Channel::Email).await;
    assert_eq!((held.status, held.attempts), (Status::Pending, 0));
    assert_eq!(held.last_error.as_deref(), Some("it waits for the end of your quiet hours"));
    assert_eq!(held.next_attempt_at.to_string(), "2026-01-05T11:30:00Z");
    assert!(world.mails().is_empty());
    world.pass_hours(2);
    world.pass_seconds(1_800);
    deliver(&ctx, Channel::Email).await.unwrap();
    let sent = delivery(&world, Channel::Email).await;
    assert_eq!((sent.status, sent.attempts, sent.last_error), (Status::Sent, 1, None));
    assert_eq!(world.mails().len(), 1);
    assert!(world.mails()[0].1.contains("10:00"), "it says when the price was seen");
}

#[tokio::test]
async fn what_is_not_true_any_more_is_not_sent_late() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    let ctx = world.context();
    alert(&world, &ctx, &shop, "/p", "Kettle", MAIL).await;
    world.store.put_preferences(world.user, &quiet()).await.unwrap();
    deliver(&ctx, Channel::Email).await.unwrap();
    world.pass_hours(2);
    shop.set("/p", Reply::html(&product_page("Kettle", "49.00")));
    let product = shop.url("/p").product_id();
    assert!(world.store.claim_now(product, world.clock.now(), world.config.check_lease).await.unwrap());
    check_prices(&ctx, &[product]).await;
    world.pass_seconds(1_800);
    deliver(&ctx, Channel::Email).await.unwrap();
    let told = delivery(&world, Channel::Email).await;
    assert_eq!(told.status, Status::Failed);
    assert_eq!(told.last_error.as_deref(), Some("not sent: the price is €49.00 by now"));
    assert!(world.mails().is_empty());
}

#[tokio::test]
async fn a_days_alerts_come_in_one_mail_and_in_one_only() {
    let shop = Shop::open().await;
    let world = World::new(&shop).await;
    let ctx = world.context();
    let wish = Preferences { digest: "18:00".parse().ok(), ..Preferences::default() };
    world.store.put_preferences(world.user, &wish).await.unwrap();
    for (path, name) in [("/a", "Kettle"), ("/b", "Lamp"), ("/c", "Chair")] {
        alert(&world, &ctx, &shop, path, name, MAIL).await;
        deliver(&ctx, Channel::Email).await.unwrap();
        world.pass_hours(1);
    }
    assert!(world.mails().is_empty());
    assert_eq!(delivery(&world, Channel::Email).await.last_error.as_deref(), Some("it waits for your daily e-mail"));
    // 13:00 in Berlin by now; a digest goes out within the minute of its time.
    world.pass_hours(5);
    world.pass_seconds(60);
    deliver(&ctx, Channel::Email).await.unwrap();
    let mails = world.mails();
    assert_eq!(mails.len(), 1);
    for name in ["Kettle", "Lamp", "Chair", "3 prices to look at"] {
        assert!(mails[0].1.contains(name), "{name}");
    }
    for entry in world.inbox().await {
        assert_eq!(entry.deliveries[0].status, Status::Sent);
    }
    alert(&world, &ctx, &shop, "/d", "Desk", MAIL).await;
    world.pass_hours(24);
    deliver(&ctx, Channel::Email).await.unwrap();
    let mails = world.mails();
    assert_eq!(mails.len(), 2);
    let second = mails.iter().find(|(_, mail)| mail.contains("Desk")).unwrap();
    assert!(!second.1.contains("Kettle"));
}
