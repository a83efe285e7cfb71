//! Links of messages and the feed: they work for whoever holds them, without signing in.

use actions::{NewChannel, Viewer};
use domain::{Channel, ChannelId};
use jobs::{Fields, LinkTarget};
use serde_json::json;

use crate::support::{Person, TestApp};

fn path(link: &str) -> String {
    link.strip_prefix("http://127.0.0.1:8480").expect("a link of ours").to_owned()
}

async fn add(app: &TestApp, person: &Person, channel: &str, fields: &[(&str, &str)]) -> actions::Result<actions::ChannelView> {
    let fields: Fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let new = NewChannel { channel: channel.to_owned(), label: String::new(), fields };
    actions::add_channel(&app.plummet, &Viewer::by_session(person.user.clone()), new).await
}

#[tokio::test]
async fn one_click_in_a_mail_program_stops_the_mails_and_looking_at_the_link_does_not() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let viewer = Viewer::by_session(anna.user.clone());
    let account = ChannelId::of_account(anna.user.id);
    let link = path(&app.plummet.jobs.links().to(LinkTarget::StopEmail(anna.user.id, account)));
    let is_on = async || actions::list_channels(&app.plummet, &viewer).await.unwrap()[0].enabled;

    let page = app.open(&link, "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("<form method=\"post\">") && page.text.contains("Stop e-mails"));
    assert!(is_on().await, "programs that scan mails open every link");
    // RFC 8058: what a mail program posts, without a cookie.
    let done = app.post(&link, "", "List-Unsubscribe=One-Click", &[]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(!is_on().await);
    assert_eq!(app.post(&link, "", "List-Unsubscribe=One-Click", &[]).await.status, 200, "twice is as good as once");
    actions::switch_channel(&app.plummet, &viewer, account, actions::Switch::On).await.unwrap();
    assert!(is_on().await);

    let mut forged = link.clone();
    forged.replace_range(forged.len() - 4.., "AAAA");
    for wrong in [forged.as_str(), "/unsubscribe/x", "/unsubscribe/%3Cscript%3E"] {
        let answer = app.post(wrong, "", "List-Unsubscribe=One-Click", &[]).await;
        assert_eq!(answer.status, 404, "{wrong}");
        assert!(!answer.text.contains("<script"), "{}", answer.text);
    }
    assert!(is_on().await);
}

#[tokio::test]
async fn an_alert_is_paused_from_its_mail() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let tracked = app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots"), "target_price": 10})).await;
    let trackings = app.plummet.store.find_user(anna.user.id).await.unwrap();
    assert!(trackings.is_some());
    let id = tracked.json()["tracking_id"].as_str().unwrap_or_else(|| panic!("{}", tracked.text)).parse().unwrap();
    let link = path(&app.plummet.jobs.links().to(LinkTarget::Pause(anna.user.id, id)));
    assert!(app.open(&link, "").await.text.contains("Pause"));
    assert_eq!(app.post(&link, "", "", &[]).await.status, 200);
    let owned = store::Owned { user_id: anna.user.id, tracking_id: id };
    assert!(!app.plummet.store.find_tracking(owned).await.unwrap().unwrap().tracking.active);
}

#[tokio::test]
async fn another_address_gets_nothing_before_its_code_is_entered() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let viewer = Viewer::by_session(anna.user.clone());
    let added = add(&app, &anna, "email", &[("address", "other@example.org")]).await.unwrap();
    assert!(added.needs_code && !added.enabled);
    let refused = actions::test_channel(&app.plummet, &viewer, added.id).await.unwrap_err().to_string();
    assert!(refused.contains("enter the code"), "{refused}");
    let refused = actions::switch_channel(&app.plummet, &viewer, added.id, actions::Switch::On).await.unwrap_err();
    assert!(refused.to_string().contains("enter the code"), "{refused}");
    for left in (0..5).rev() {
        let wrong = actions::confirm_channel(&app.plummet, anna.user.id, added.id, "not it").await.unwrap_err().to_string();
        assert!(wrong.contains(&format!("{left} more")), "{wrong}");
    }
    let over = actions::confirm_channel(&app.plummet, anna.user.id, added.id, "000000").await.unwrap_err().to_string();
    assert!(over.contains("have another one sent"), "{over}");
    let soon = actions::send_channel_code(&app.plummet, &viewer, added.id).await.unwrap_err();
    assert!(matches!(soon, actions::ActionError::TooOften { .. }), "{soon}");
}

#[tokio::test]
async fn channels_are_their_owners_and_private_addresses_are_refused_when_typed() {
    let app = TestApp::start().await;
    let (anna, ben) =
        (app.anna().await, app.person("ben@example.org", domain::user::Role::User, domain::user::Scope::Track).await);
    for url in ["http://127.0.0.1/x", "http://169.254.169.254/latest", "http://[::1]/"] {
        let error = add(&app, &anna, "webhook", &[("url", url), ("secret", "12345678")]).await.unwrap_err().to_string();
        assert!(error.contains("private network"), "{error}");
    }
    let sms = add(&app, &anna, "sms", &[("number", "+491701234567")]).await.unwrap_err().to_string();
    assert!(sms.contains("no text messages"), "{sms}");
    let hook = add(&app, &anna, "webhook", &[("url", "https://hooks.example/x"), ("secret", "12345678")]).await.unwrap();
    assert_eq!((hook.channel, hook.hint.as_str()), (Channel::Webhook, "hooks.example/…"));
    let as_ben = Viewer::by_session(ben.user.clone());
    assert!(actions::remove_channel(&app.plummet, &as_ben, hook.id).await.is_err());
    assert!(actions::test_channel(&app.plummet, &as_ben, hook.id).await.is_err());
    let mine = actions::list_channels(&app.plummet, &Viewer::by_session(anna.user.clone())).await.unwrap();
    assert_eq!(mine.iter().map(|channel| channel.is_account).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_feed_is_read_at_its_secret_address_until_it_is_renewed() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let viewer = Viewer::by_session(anna.user.clone());
    let link = path(&actions::feed_link(&app.plummet, &viewer).await.unwrap());
    let feed = app.open(&link, "").await;
    assert_eq!((feed.status.as_u16(), feed.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
    assert!(feed.text.starts_with("<?xml") && feed.text.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\">"));
    let renewed = path(&actions::renew_feed_link(&app.plummet, &viewer).await.unwrap());
    assert_eq!(app.open(&link, "").await.status, 404);
    assert_eq!(app.open(&renewed, "").await.status, 200);
}
