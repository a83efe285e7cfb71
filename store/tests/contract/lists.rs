//! What the pages' lists ask for.

use domain::offer::ProductFacts;
use domain::user::Scope;
use domain::{Availability, Reading, Timestamp};
use store::{NewSession, NewToken, Share, TrackingFilter, TrackingQuery, TrackingSort, Window};

use crate::engines::Engine;
use crate::world::{ALL, eur, failed, fan_out, observe, offer, person, price, product, rules, t, target, track};

fn asked(words: &str, host: Option<&str>) -> TrackingQuery {
    TrackingQuery { words: words.into(), host: host.map(Into::into), sort: TrackingSort::Newest, filter: TrackingFilter::All }
}

pub async fn words_and_a_shop_narrow_a_persons_own_list(engine: &impl Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    for n in 1..=12 {
        track(&store, anna, n, rules(None, None), t(i64::from(n))).await;
    }
    track(&store, ben, 99, rules(None, None), t(0)).await;
    let found = store.find_trackings(anna, &asked("SHOP.example /p/1", None), ALL).await.unwrap();
    // 1, 10, 11 and 12.
    assert_eq!((found.total, found.rows.len()), (4, 4));
    let page = store.find_trackings(anna, &asked("/p/1", Some("shop.example")), Window { limit: 1, offset: 3 }).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (4, 1));
    assert_eq!(page.rows[0].product.url, "https://shop.example/p/1", "the oldest comes last");
    for (words, host) in [("", Some("other.example")), ("nothing", None), ("100%", None), ("/p/99", None)] {
        assert_eq!(store.find_trackings(anna, &asked(words, host), ALL).await.unwrap().total, 0, "{words} {host:?}");
    }
    let everything = store.find_trackings(anna, &asked("", None), ALL).await.unwrap();
    assert_eq!(everything, store.list_trackings(anna, TrackingFilter::All, TrackingSort::Newest, ALL).await.unwrap());
    assert_eq!(store.tracked_hosts(anna, 10).await.unwrap(), [("shop.example".to_owned(), 12)]);
    assert_eq!(store.tracked_hosts(person(&store, "cleo").await, 10).await.unwrap(), []);
}

pub async fn changes_and_falls_of_late_are_found_by_their_time(engine: &impl Engine) {
    let store = engine.open().await;
    let (one, other) = (product(&store, 1).await, product(&store, 2).await);
    price(&store, one, 10_000, t(10)).await;
    price(&store, other, 5_000, t(11)).await;
    price(&store, one, 8_000, t(20)).await;
    price(&store, other, 4_900, t(21)).await;
    // The same again is no change.
    price(&store, one, 8_000, t(30)).await;
    let changes = store.recent_changes(t(15), 10).await.unwrap();
    assert_eq!(changes.iter().map(|change| (change.product_id, change.at)).collect::<Vec<_>>(), [(other, t(21)), (one, t(20))]);
    assert_eq!(store.recent_changes(t(15), 1).await.unwrap().len(), 1);
    let falls = store.recent_falls(t(15), 10).await.unwrap();
    let falls: Vec<_> = falls.iter().map(|fall| (fall.product.id, fall.old_price, fall.at)).collect();
    assert_eq!(falls, [(one, eur(10_000), t(20)), (other, eur(5_000), t(21))], "the largest share first");
    // What rose again is no fall any more.
    price(&store, one, 12_000, t(40)).await;
    assert_eq!(store.recent_falls(t(15), 10).await.unwrap().len(), 1);
    assert_eq!(store.recent_falls(t(50), 10).await.unwrap(), []);
}

pub async fn the_same_thing_is_found_by_its_gtin(engine: &impl Engine) {
    let store = engine.open().await;
    for (n, gtin, minor) in [(1, "4006381333931", 300), (2, "4006381333931", 200), (3, "9780201379624", 100)] {
        let id = product(&store, n).await;
        let Reading::Offer(mut found) = offer(eur(minor), Availability::InStock) else { panic!("an offer") };
        found.facts = ProductFacts { gtin: Some(gtin.into()), ..found.facts };
        observe(&store, id, Reading::Offer(found), t(1)).await;
    }
    let same = store.products_of_gtin("4006381333931", 10).await.unwrap();
    assert_eq!(same.iter().map(|product| product.price.unwrap().minor).collect::<Vec<_>>(), [200, 300]);
    assert_eq!(store.products_of_gtin("", 10).await.unwrap(), []);
}

pub async fn what_fails_is_listed_until_it_is_read_again(engine: &impl Engine) {
    let store = engine.open().await;
    let (one, other) = (product(&store, 1).await, product(&store, 2).await);
    for (id, minute) in [(one, 1), (other, 2)] {
        observe(&store, id, failed(domain::check::FailureKind::NoPrice), t(minute)).await;
    }
    let failing = store.failing_products(Window { limit: 1, offset: 0 }).await.unwrap();
    assert_eq!((failing.total, failing.rows[0].id), (2, other), "the latest first");
    price(&store, other, 100, t(3)).await;
    let failing = store.failing_products(ALL).await.unwrap();
    assert_eq!((failing.total, failing.rows[0].id), (1, one));
}

pub async fn alerts_of_a_product_are_the_owners(engine: &impl Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let tracked = track(&store, anna, 1, target("90"), t(0)).await.product.id;
    track(&store, ben, 1, target("10"), t(0)).await;
    price(&store, tracked, 10_000, t(1)).await;
    price(&store, tracked, 8_000, t(2)).await;
    fan_out(&store, 10, t(3)).await;
    let alerts = store.list_alerts_of(anna, tracked, 10).await.unwrap();
    assert_eq!(alerts.len(), 1, "one alert, not one a channel");
    assert_eq!(alerts[0].alerted.new_price, eur(8_000));
    assert_eq!(store.list_alerts_of(ben, tracked, 10).await.unwrap(), []);
}

pub async fn a_share_is_found_by_its_token_until_it_ends(engine: &impl Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let id = product(&store, 1).await;
    let share = Share { product_id: id, user_id: anna, token: "abc".into(), created_at: t(1) };
    assert_eq!(store.put_share(&share).await.unwrap(), share);
    let again = Share { token: "def".into(), created_at: t(2), ..share.clone() };
    assert_eq!(store.put_share(&again).await.unwrap(), share, "the first stays");
    assert_eq!(store.find_share(id, "abc").await.unwrap(), Some(share.clone()));
    assert_eq!(store.find_share(id, "def").await.unwrap(), None);
    assert_eq!(store.find_share_of(anna, id).await.unwrap(), Some(share));
    assert_eq!(store.find_share_of(ben, id).await.unwrap(), None);
    assert!(!store.remove_share(ben, id).await.unwrap());
    assert!(store.remove_share(anna, id).await.unwrap());
    assert_eq!(store.find_share(id, "abc").await.unwrap(), None);
}

pub async fn a_token_is_listed_and_revoked_by_its_owner(engine: &impl Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let token = |byte: u8, at: Timestamp| NewToken {
        secret_hash: [byte; 32],
        user_id: anna,
        name: format!("token {byte}"),
        scope: Scope::Read,
        created_at: at,
        expires_at: Some(t(100)),
    };
    store.create_token(&token(1, t(1))).await.unwrap();
    store.create_token(&token(2, t(2))).await.unwrap();
    let tokens = store.list_tokens(anna).await.unwrap();
    assert_eq!(tokens.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["token 2", "token 1"]);
    assert_eq!((tokens[0].scope, tokens[0].expires_at, tokens[0].last_used_at), (Scope::Read, Some(t(100)), None));
    assert!(!store.remove_token(ben, &[1; 32]).await.unwrap(), "not theirs");
    assert!(store.remove_token(anna, &[1; 32]).await.unwrap());
    assert!(store.find_token(&[1; 32], t(3)).await.unwrap().is_none());
    assert_eq!(store.list_tokens(anna).await.unwrap().len(), 1);
}

pub async fn accounts_are_listed_with_what_they_track(engine: &impl Engine) {
    let store = engine.open().await;
    let ben = person(&store, "ben").await;
    let anna = person(&store, "anna").await;
    track(&store, ben, 1, rules(None, None), t(0)).await;
    let session = NewSession { secret_hash: [7; 32], user_id: anna, created_at: t(5), expires_at: t(500) };
    store.create_session(&session).await.unwrap();
    let accounts = store.list_accounts(ALL).await.unwrap();
    let seen: Vec<_> = accounts.rows.iter().map(|account| (account.user.id, account.trackings, account.signed_in_at)).collect();
    assert_eq!(seen, [(anna, 0, Some(t(5))), (ben, 1, None)]);
    assert_eq!(store.list_accounts(Window { limit: 1, offset: 1 }).await.unwrap().rows[0].user.id, ben);
}
