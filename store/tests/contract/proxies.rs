//! Proxies that admins added.

use domain::ProxyId;
use store::{StoreError, StoredProxy};

use crate::engines::Engine;
use crate::world::*;

fn proxy(n: u128, address: &str) -> StoredProxy {
    StoredProxy {
        id: ProxyId(uuid::Uuid::from_u128(n)),
        name: format!("proxy {n}"),
        scheme: "socks5".into(),
        address: address.into(),
        credentials: n.is_multiple_of(2).then(|| vec![0, 159, 146, 150]),
        enabled: n != 3,
        created_at: t(i64::try_from(10 - n).unwrap()),
    }
}

pub async fn proxies_are_added_replaced_and_removed(engine: &dyn Engine) {
    let store = engine.open().await;
    assert_eq!(store.list_proxies().await.unwrap(), []);
    let mut all = [proxy(3, "c.example:1080"), proxy(2, "b.example:1080"), proxy(1, "a.example:1080")];
    for proxy in &all {
        store.put_proxy(proxy).await.unwrap();
    }
    assert_eq!(store.list_proxies().await.unwrap(), all, "oldest first");
    all[1] = StoredProxy { name: "renamed".into(), scheme: "https".into(), credentials: None, enabled: false, ..all[1].clone() };
    store.put_proxy(&all[1]).await.unwrap();
    assert_eq!(store.list_proxies().await.unwrap(), all);
    assert!(store.remove_proxy(all[0].id).await.unwrap());
    assert!(!store.remove_proxy(all[0].id).await.unwrap(), "it is gone");
    assert_eq!(store.list_proxies().await.unwrap(), all[1..]);
}

pub async fn a_proxys_address_is_taken_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let first = proxy(1, "a.example:1080");
    store.put_proxy(&first).await.unwrap();
    assert!(matches!(store.put_proxy(&proxy(2, "a.example:1080")).await, Err(StoreError::Taken(_))));
    assert_eq!(store.list_proxies().await.unwrap(), [first]);
}
