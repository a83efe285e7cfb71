//! Accounts on a real database, with a clock that the test moves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actions::{ActionError, Instance, NewAccount, Plummet, Profile};
use domain::Timestamp;
use domain::time::{DAY, HOUR, MINUTE};
use domain::user::{Role, Scope};
use jobs::{
    ChannelsConfig, Clock, FetchConfig, Jobs, JobsConfig, LimitsConfig, MailConfig, PaceConfig, ProxiesConfig, SecretKey,
};
use secrecy::ExposeSecret;
use store::sqlite::SqliteStore;

const PASSWORD: &str = "correct horse battery";

async fn start(folder: &Path) -> Plummet {
    let store = Arc::new(SqliteStore::open(&folder.join("plummet.db")).await.unwrap());
    let clock = Clock::fixed(Timestamp::from_micros(1_763_028_000_000_000));
    let mail = MailConfig { smtp_url: None, from: "Plummet <a@b.example>".into(), outbox: folder.join("outbox") };
    let config = JobsConfig {
        role: jobs::Role::All,
        redis_url: None,
        channels: ChannelsConfig::default(),
        proxies: ProxiesConfig::default(),
        secret_key: SecretKey::new([7; 32]),
        workers: 1,
        fetch: FetchConfig::default(),
        limits: LimitsConfig::default(),
        pace: PaceConfig::default(),
        mail,
        public_url: "http://127.0.0.1:8480".into(),
        check_lease: Duration::from_secs(60),
        sweep_every: Duration::from_secs(3600),
    };
    let jobs = Jobs::start(config, store.clone(), clock.clone()).await.unwrap();
    Plummet::new(store, jobs, clock, Instance::default())
}

fn account(email: &str) -> NewAccount {
    let (locale, time_zone) = (domain::Locale::default(), "UTC".to_owned());
    NewAccount { email: email.into(), password: PASSWORD.to_owned().into(), locale, time_zone }
}

#[tokio::test]
async fn a_set_up_link_is_one_lasts_a_day_and_dies_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    let operator = plummet.operator();
    let is_dead = async |token: &str| matches!(actions::find_setup_link(&plummet, token).await, Err(ActionError::DeadLink));
    assert!(is_dead("").await && is_dead("x").await);
    let old = actions::new_setup_link(&operator).await.unwrap();
    let new = actions::new_setup_link(&operator).await.unwrap();
    assert!(is_dead(old.expose_secret()).await && !is_dead(new.expose_secret()).await);
    plummet.clock.advance(24 * HOUR);
    assert!(is_dead(new.expose_secret()).await);
    assert!(matches!(
        actions::create_first_admin(&plummet, new.expose_secret(), account("a@b.example")).await,
        Err(ActionError::DeadLink)
    ));
    assert!(actions::needs_setup(&plummet).await.unwrap());
}

#[tokio::test]
async fn two_with_the_same_link_make_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    let token = actions::new_setup_link(&plummet.operator()).await.unwrap();
    let make = async |email: &str| actions::create_first_admin(&plummet, token.expose_secret(), account(email)).await.is_ok();
    let (one, other) = tokio::join!(make("a@b.example"), make("c@d.example"));
    assert!(one != other, "exactly one");
}

#[tokio::test]
async fn a_session_lasts_thirty_days_and_ends_with_a_new_password() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    let operator = plummet.operator();
    actions::add_user(&operator, account(" Anna@B.example "), Role::User).await.unwrap();
    let sign_in = async |password: &str| actions::sign_in(&plummet, "anna@b.example", password.to_owned().into()).await;
    let signed_in = sign_in(PASSWORD).await.unwrap();
    let session = signed_in.session.expose_secret();
    let viewer = actions::session_viewer(&plummet, session).await.unwrap().unwrap();
    assert_eq!((viewer.scope, viewer.user.email.as_str()), (Scope::Track, "anna@b.example"));
    plummet.clock.advance(30 * DAY - MINUTE);
    assert!(actions::session_viewer(&plummet, session).await.unwrap().is_some());
    plummet.clock.advance(MINUTE);
    assert!(actions::session_viewer(&plummet, session).await.unwrap().is_none());

    let fresh = sign_in(PASSWORD).await.unwrap();
    actions::set_password(&operator, "anna@b.example", "another long password".to_owned().into()).await.unwrap();
    assert!(actions::session_viewer(&plummet, fresh.session.expose_secret()).await.unwrap().is_none());
    assert!(matches!(sign_in(PASSWORD).await, Err(ActionError::WrongPassword)));
    assert!(sign_in("another long password").await.is_ok());
}

#[tokio::test]
async fn an_address_has_one_account_and_an_unknown_one_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    let operator = plummet.operator();
    actions::add_user(&operator, account("anna@b.example"), Role::User).await.unwrap();
    assert!(matches!(actions::add_user(&operator, account("ANNA@b.example"), Role::User).await, Err(ActionError::Taken(_))));
    assert!(matches!(
        actions::add_user(&operator, account("anna"), Role::User).await,
        Err(ActionError::Invalid { field: "email", .. })
    ));
    let unknown = actions::set_password(&operator, "x@y.example", PASSWORD.to_owned().into()).await;
    assert!(matches!(unknown, Err(ActionError::NotFound("account"))));
    let unknown = actions::sign_in(&plummet, "x@y.example", PASSWORD.to_owned().into()).await;
    assert!(matches!(unknown, Err(ActionError::WrongPassword)));
}

#[tokio::test]
async fn an_admins_token_needs_an_admins_account() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    let operator = plummet.operator();
    actions::add_user(&operator, account("anna@b.example"), Role::User).await.unwrap();
    let create = async |scope| actions::create_token(&operator, "anna@b.example", "cli", scope).await;
    assert!(matches!(create(Scope::Admin).await, Err(ActionError::Invalid { field: "scope", .. })));
    let read = create(Scope::Read).await.unwrap();
    actions::promote(&operator, "anna@b.example").await.unwrap();
    let admin = create(Scope::Admin).await.unwrap();
    let scope = async |token: &str| actions::token_viewer(&plummet, token).await.unwrap().map(|viewer| viewer.scope);
    assert_eq!(scope(read.expose_secret()).await, Some(Scope::Read));
    assert_eq!(scope(admin.expose_secret()).await, Some(Scope::Admin));
    assert_eq!(scope("plm_wrong").await, None);
    assert!(admin.expose_secret().starts_with("plm_"));
}

#[tokio::test]
async fn a_profile_takes_known_time_zones_only() {
    let folder = tempfile::tempdir().unwrap();
    let plummet = start(folder.path()).await;
    actions::add_user(&plummet.operator(), account("anna@b.example"), Role::User).await.unwrap();
    let signed_in = actions::sign_in(&plummet, "anna@b.example", PASSWORD.to_owned().into()).await.unwrap();
    let session = signed_in.session.expose_secret();
    let viewer = actions::session_viewer(&plummet, session).await.unwrap().unwrap();
    let set = async |zone: &str| {
        let profile = Profile { locale: Some("de-AT".into()), time_zone: Some(zone.into()) };
        actions::change_profile(&plummet, &viewer, profile).await
    };
    assert!(matches!(set("Mars/Olympus").await, Err(ActionError::Invalid { field: "time_zone", .. })));
    set("Europe/Vienna").await.unwrap();
    let user = actions::session_viewer(&plummet, session).await.unwrap().unwrap().user;
    assert_eq!((user.locale.tag(), user.time_zone.as_str()), ("de", "Europe/Vienna"));
}
