//! Accounts, sessions, tokens.

use domain::time::MINUTE;
use domain::user::{Role, Scope};
use domain::{Locale, UserId};
use store::{NewSession, NewToken, StoreError, UserChange};

use crate::engines::Engine;
use crate::world::*;

fn session(user_id: UserId, secret: u8, ends: i64) -> NewSession {
    NewSession { secret_hash: [secret; 32], user_id, created_at: t(0), expires_at: t(ends) }
}

pub async fn an_email_address_has_one_account(engine: &dyn Engine) {
    let store = engine.open().await;
    assert!(!store.has_users().await.unwrap());
    let anna = new_user("anna");
    store.create_user(&anna).await.unwrap();
    assert!(matches!(store.create_user(&new_user("anna")).await, Err(StoreError::Taken(_))));
    assert!(store.has_users().await.unwrap());
    assert_eq!(store.find_user(anna.user.id).await.unwrap(), Some(anna.user.clone()));
    let found = store.find_credentials(" Anna@Example.ORG").await.unwrap().unwrap();
    assert_eq!((found.user, found.password_hash), (anna.user, anna.password_hash));
    assert!(store.find_credentials("ben@example.org").await.unwrap().is_none());
    assert_eq!(store.find_user(new_user("ben").user.id).await.unwrap(), None);
}

pub async fn the_first_account_is_made_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let rivals: Vec<_> = (0..8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.create_first_user(&new_user(&format!("rival-{n}"))).await.unwrap() })
        })
        .collect();
    let mut made = 0;
    for rival in rivals {
        made += usize::from(rival.await.unwrap());
    }
    assert_eq!(made, 1);
    assert!(!store.create_first_user(&new_user("late")).await.unwrap());
}

pub async fn sessions_end_at_their_time(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    store.create_session(&session(user, 1, 10)).await.unwrap();
    let just_before = t(10).plus_micros(-1);
    assert_eq!(store.find_session(&[1; 32], just_before).await.unwrap().map(|user| user.id), Some(user));
    assert_eq!(store.find_session(&[1; 32], t(10)).await.unwrap(), None);
    assert_eq!(store.find_session(&[2; 32], t(0)).await.unwrap(), None);
}

pub async fn a_session_can_be_ended(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    for secret in [1, 2] {
        store.create_session(&session(user, secret, 10)).await.unwrap();
    }
    store.end_session(&[1; 32]).await.unwrap();
    store.end_session(&[9; 32]).await.unwrap();
    assert_eq!(store.find_session(&[1; 32], t(0)).await.unwrap(), None);
    assert!(store.find_session(&[2; 32], t(0)).await.unwrap().is_some());
}

pub async fn a_new_password_ends_every_session(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    for (user, secret) in [(anna, 1), (anna, 2), (ben, 3)] {
        store.create_session(&session(user, secret, 10)).await.unwrap();
    }
    let change = UserChange { password_hash: Some("new".into()), ..UserChange::default() };
    assert!(store.update_user(anna, &change).await.unwrap());
    let open = async |secret| store.find_session(&[secret; 32], t(0)).await.unwrap().is_some();
    assert_eq!((open(1).await, open(2).await, open(3).await), (false, false, true));
    let found = store.find_credentials("anna@example.org").await.unwrap().unwrap();
    assert_eq!(found.password_hash.as_deref(), Some("new"));
}

pub async fn a_change_of_an_account_leaves_out_what_it_does_not_name(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let before = store.find_user(user).await.unwrap().unwrap();
    store.create_session(&session(user, 1, 10)).await.unwrap();
    let change = UserChange { role: Some(Role::Admin), ..UserChange::default() };
    assert!(store.update_user(user, &change).await.unwrap());
    let after = store.find_user(user).await.unwrap().unwrap();
    assert_eq!(after, domain::user::User { role: Role::Admin, ..before });
    let change = UserChange { locale: Some(Locale::best("ja")), time_zone: Some("Asia/Tokyo".into()), ..UserChange::default() };
    assert!(store.update_user(user, &change).await.unwrap());
    let after = store.find_user(user).await.unwrap().unwrap();
    assert_eq!((after.locale, after.time_zone.as_str(), after.role), (Locale::best("ja"), "Asia/Tokyo", Role::Admin));
    assert!(store.find_session(&[1; 32], t(0)).await.unwrap().is_some(), "only a new password signs out");
    assert!(!store.update_user(new_user("ben").user.id, &change).await.unwrap());
}

pub async fn tokens_have_a_holder_and_a_scope_until_they_expire(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let token = |secret, scope, expires_at| NewToken {
        secret_hash: [secret; 32],
        user_id: user,
        name: "a script".into(),
        scope,
        created_at: t(0),
        expires_at,
    };
    store.create_token(&token(1, Scope::Track, None)).await.unwrap();
    store.create_token(&token(2, Scope::Read, Some(t(10)))).await.unwrap();
    for minutes in [0, 1, 1_000_000] {
        let holder = store.find_token(&[1; 32], t(minutes)).await.unwrap().unwrap();
        assert_eq!((holder.user.id, holder.scope), (user, Scope::Track));
    }
    assert!(store.find_token(&[2; 32], t(10).plus_micros(-MINUTE)).await.unwrap().is_some());
    assert!(store.find_token(&[2; 32], t(10)).await.unwrap().is_none());
    assert!(store.find_token(&[3; 32], t(0)).await.unwrap().is_none());
}

pub async fn an_email_address_taken_twice_at_once_has_one_account(engine: &dyn Engine) {
    let store = engine.open().await;
    let rivals: Vec<_> = (0..6)
        .map(|_| {
            let (store, user) = (store.clone(), new_user("anna"));
            tokio::spawn(async move { (user.user.id, store.create_user(&user).await) })
        })
        .collect();
    let mut made = Vec::new();
    for rival in rivals {
        match rival.await.unwrap() {
            (user, Ok(())) => made.push(user),
            (_, Err(StoreError::Taken(_))) => {}
            (_, Err(error)) => panic!("{error}"),
        }
    }
    assert_eq!(made.len(), 1);
    let found = store.find_credentials("anna@example.org").await.unwrap().unwrap();
    assert_eq!(found.user.id, made[0]);
}
