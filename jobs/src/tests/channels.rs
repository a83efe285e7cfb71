//! Every channel against a peer that looks at what it is sent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Channel;
use domain::notification::Status;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use super::peers::{NASTY, Says, Service, alerted, delivery, found, way};
use super::wait_for;
use super::world::World;
use crate::config::SmsConfig;
use crate::deliver::{deliver, send_unnoted};
use crate::notify::Browser;

const SECRET: &str = "sesame-sesame";

fn allow(service: &Service) -> impl FnOnce(&mut World) {
    let address = service.address.clone();
    move |world| world.config.channels.allow_hosts.push(address)
}

/// Delivers one alert by a webhook at `path`, answered as the service says.
async fn by_webhook(service: &Service, path: &str) -> (World, std::sync::Arc<crate::context::JobContext>, domain::ChannelId) {
    let (world, ctx) = alerted("Kettle", &[Channel::Webhook], allow(service)).await;
    let id = way(&world, Channel::Webhook, &[("url", &service.url(path)), ("secret", SECRET)]).await;
    deliver(&ctx, Channel::Webhook).await.unwrap();
    (world, ctx, id)
}

#[tokio::test]
async fn a_nasty_name_reaches_every_service_whole_and_harmless() {
    let service = Service::start().await;
    let url = service.url("");
    let sms = SmsConfig { url: format!("http://AC1:token@{}", service.address).into(), from: "+15550100".into() };
    let channels =
        [Channel::Webhook, Channel::Ntfy, Channel::Telegram, Channel::Discord, Channel::Slack, Channel::Gotify, Channel::Sms];
    let (world, ctx) = alerted(NASTY, &channels, |world| {
        world.config.channels.allow_hosts.push(service.address.clone());
        world.config.channels.sms = Some(sms);
        world.config.channels.telegram_api = Some(url.clone());
    })
    .await;
    way(&world, Channel::Webhook, &[("url", &service.url("/hook")), ("secret", SECRET)]).await;
    way(&world, Channel::Ntfy, &[("server", &url), ("topic", "prices"), ("token", "tk_1")]).await;
    way(&world, Channel::Telegram, &[("bot_token", "12345:abcdefghijabcdefghij"), ("chat_id", "-100")]).await;
    way(&world, Channel::Discord, &[("url", &service.url("/discord"))]).await;
    way(&world, Channel::Slack, &[("url", &service.url("/slack"))]).await;
    way(&world, Channel::Gotify, &[("server", &service.url("/gotify/")), ("token", "AbC")]).await;
    way(&world, Channel::Sms, &[("number", "+491701234567")]).await;
    for channel in channels {
        deliver(&ctx, channel).await.unwrap();
        let told = delivery(&world, channel).await;
        assert_eq!((told.status, told.last_error), (Status::Sent, None), "{channel:?}");
    }
    let asked = service.asked();
    let at = |path: &str| asked.iter().find(|asked| asked.path == path).unwrap_or_else(|| panic!("{path} was not asked"));
    let link = format!("https://plummet.example/products/{}", delivery(&world, Channel::Sms).await.product_id);

    let hook = at("/hook");
    let body = hook.json();
    assert_eq!(body["alert"]["new_price"], "44.00");
    assert_eq!((body["url"].as_str(), body["kind"].as_str()), (Some(link.as_str()), Some("price_alert")));
    assert_eq!(hook.header("idempotency-key"), body["id"]);
    let (t, v1) = hook.header("plummet-signature").strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
    let signed = [t.as_bytes(), b".", &hook.body].concat();
    let tag: Vec<u8> = (0..v1.len()).step_by(2).map(|at| u8::from_str_radix(&v1[at..at + 2], 16).unwrap()).collect();
    ring::hmac::verify(&key, &signed, &tag).expect("signed as documented");

    let ntfy = at("/").json();
    assert_eq!((ntfy["topic"].as_str(), ntfy["click"].as_str()), (Some("prices"), Some(link.as_str())));
    assert_eq!(at("/").header("authorization"), "Bearer tk_1");
    let title = ntfy["title"].as_str().unwrap();
    assert!(title.contains("値下げ") && title.ends_with("€44.00") && !title.contains('\n'), "{title}");

    let telegram = at("/bot12345:abcdefghijabcdefghij/sendMessage").json();
    assert!(telegram.get("parse_mode").is_none() && telegram["text"].as_str().unwrap().contains("<b>x</b>"), "as it is");

    let discord = at("/discord").json();
    assert_eq!(discord["allowed_mentions"]["parse"], serde_json::json!([]));
    let content = discord["content"].as_str().unwrap();
    assert!(!content.contains("@everyone") && content.contains("\\*bold\\*") && content.contains("\\[l\\]"), "{content}");
    assert!(content.chars().count() <= 2_000 && content.contains(&link));

    let slack = at("/slack").json();
    assert_eq!(slack["blocks"][0]["text"]["type"], "plain_text");
    assert!(!slack["text"].as_str().unwrap().contains("<!channel>"));

    let gotify = at("/gotify/message");
    assert_eq!(gotify.header("x-gotify-key"), "AbC");
    assert_eq!(gotify.json()["extras"]["client::display"]["contentType"], "text/plain");

    let sms = at("/2010-04-01/Accounts/AC1/Messages.json");
    let form: std::collections::HashMap<String, String> = url::form_urlencoded::parse(&sms.body).into_owned().collect();
    assert_eq!((form["To"].as_str(), form["From"].as_str()), ("+491701234567", "+15550100"));
    let text = &form["Body"];
    assert!(text.ends_with(&format!(": €44.00 {link}")) && text.chars().count() <= 268, "{text}");
    assert!(sms.header("authorization").starts_with("Basic "));
}

#[tokio::test]
async fn a_browser_opens_what_it_is_pushed_and_knows_who_sent_it() {
    let service = Service::start().await;
    let (world, ctx) = alerted(NASTY, &[Channel::Push], allow(&service)).await;
    let browser = Browser::new();
    let (p256dh, auth) = (URL_SAFE_NO_PAD.encode(&browser.p256dh), URL_SAFE_NO_PAD.encode(&browser.auth));
    let endpoint = service.url("/push/abc");
    service.answer("/push/abc", Says::Status(201));
    way(&world, Channel::Push, &[("endpoint", &endpoint), ("p256dh", &p256dh), ("auth", &auth)]).await;
    deliver(&ctx, Channel::Push).await.unwrap();
    assert_eq!(delivery(&world, Channel::Push).await.status, Status::Sent);
    let asked = service.asked();
    let push = &asked[0];
    assert_eq!((push.header("content-encoding"), push.header("ttl"), push.header("urgency")), ("aes128gcm", "86400", "high"));
    let topic = push.header("topic");
    assert!(topic.len() <= 32 && topic.bytes().all(|c| c.is_ascii_alphanumeric()), "{topic}");

    let (token, key) = push.header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, ctx.notifiers.push_key().await.unwrap());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).unwrap());
    public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).expect("signed by the key of subscriptions");
    let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(
        (claims["aud"].as_str(), claims["sub"].as_str()),
        (Some(service.url("").as_str()), Some("mailto:plummet@example.org"))
    );
    let lasts = claims["exp"].as_i64().unwrap() - world.clock.now().as_micros() / 1_000_000;
    assert!((1..=86_400).contains(&lasts), "{lasts}");

    let said: serde_json::Value = serde_json::from_slice(&browser.open(&push.body)).unwrap();
    assert!(said["title"].as_str().unwrap().ends_with("€44.00"), "{said}");
    assert!(said["url"].as_str().unwrap().starts_with("https://plummet.example/products/"));
    // The key is the same after a restart: subscriptions are bound to it.
    assert_eq!(world.context().notifiers.push_key().await.unwrap(), key);
}

#[tokio::test]
async fn a_browser_that_is_gone_is_switched_off_with_a_notice() {
    let service = Service::start().await;
    let (world, ctx) = alerted("Kettle", &[Channel::Push], allow(&service)).await;
    let browser = Browser::new();
    let (p256dh, auth) = (URL_SAFE_NO_PAD.encode(&browser.p256dh), URL_SAFE_NO_PAD.encode(&browser.auth));
    service.answer("/gone", Says::Status(410));
    let fields = [("endpoint", service.url("/gone")), ("p256dh", p256dh), ("auth", auth)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let id = way(&world, Channel::Push, &fields).await;
    deliver(&ctx, Channel::Push).await.unwrap();
    assert_eq!(delivery(&world, Channel::Push).await.status, Status::Failed);
    let gone = found(&world, id).await;
    assert!(!gone.enabled && gone.last_error.is_some_and(|error| error.contains("switch push on again")));
}

#[tokio::test]
async fn a_webhook_is_never_followed_elsewhere() {
    let (service, inside) = (Service::start().await, Service::start().await);
    for (status, path) in [(302, "/found"), (307, "/kept"), (308, "/moved")] {
        service.answer(path, Says::With(status, "location", inside.url("/admin")));
        let (world, _, id) = by_webhook(&service, path).await;
        let told = delivery(&world, Channel::Webhook).await;
        assert_eq!(told.status, Status::Failed);
        assert!(told.last_error.unwrap().contains("enter the final one"));
        assert!(found(&world, id).await.last_error.is_some(), "its owner sees it at the channel");
    }
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn a_private_address_is_refused_without_a_connection() {
    let inside = Service::start().await;
    let (world, ctx) = alerted("Kettle", &[Channel::Webhook], |_| {}).await;
    let port = inside.address.rsplit_once(':').unwrap().1;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        way(&world, Channel::Webhook, &[("url", &format!("http://{host}:{port}/")), ("secret", SECRET)]).await;
    }
    deliver(&ctx, Channel::Webhook).await.unwrap();
    let told = delivery(&world, Channel::Webhook).await;
    assert_eq!(told.status, Status::Failed);
    assert!(told.last_error.unwrap().contains("private network"));
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn a_webhook_with_trouble_for_a_day_is_given_up_and_nothing_is_doubled() {
    let service = Service::start().await;
    service.answer("/broken", Says::Status(500));
    let (world, ctx) = alerted("Kettle", &[Channel::Webhook], allow(&service)).await;
    way(&world, Channel::Webhook, &[("url", &service.url("/broken")), ("secret", SECRET)]).await;
    way(&world, Channel::Webhook, &[("url", &service.url("/fine")), ("secret", SECRET)]).await;
    for _ in 0..26 {
        deliver(&ctx, Channel::Webhook).await.unwrap();
        world.pass_hours(1);
        world.pass_seconds(900);
    }
    let told = delivery(&world, Channel::Webhook).await;
    assert_eq!(told.status, Status::Sent, "one of its two ways has it");
    let asked = service.asked();
    let count = |path: &str| asked.iter().filter(|asked| asked.path == path).count();
    assert_eq!(count("/fine"), 1, "the one that has it is not told again");
    assert!(count("/broken") > 5);
    let keys: std::collections::HashSet<_> = asked.iter().map(|asked| asked.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 1, "every repeat is recognisable");
}

#[tokio::test]
async fn a_service_that_names_a_time_is_asked_then() {
    let service = Service::start().await;
    service.answer("/busy", Says::With(429, "retry-after", "7200".into()));
    let (world, ctx, _) = by_webhook(&service, "/busy").await;
    world.pass_hours(1);
    deliver(&ctx, Channel::Webhook).await.unwrap();
    assert_eq!(service.asked().len(), 1);
    service.answer("/busy", Says::Status(200));
    world.pass_hours(1);
    world.pass_seconds(5);
    deliver(&ctx, Channel::Webhook).await.unwrap();
    assert_eq!(delivery(&world, Channel::Webhook).await.status, Status::Sent);
}

#[tokio::test]
async fn what_a_service_refuses_for_good_is_given_up_at_once() {
    let service = Service::start().await;
    for (status, says) in [(401, "check the token"), (404, "does not know this address"), (422, "did not take the message")] {
        let path = format!("/{status}");
        service.answer(&path, Says::Status(status));
        let (world, _, id) = by_webhook(&service, &path).await;
        let told = delivery(&world, Channel::Webhook).await;
        assert_eq!((told.status, told.attempts), (Status::Failed, 1));
        assert!(told.last_error.as_deref().is_some_and(|error| error.contains(says)), "{told:?}");
        assert_eq!(found(&world, id).await.last_error, told.last_error);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_delays_no_other() {
    let (hung, quick) = (Service::start().await, Service::start().await);
    hung.answer("/", Says::Nothing);
    let (world, ctx) = alerted("Kettle", &[Channel::Webhook, Channel::Gotify], |world| {
        world.config.channels.allow_hosts.extend([hung.address.clone(), quick.address.clone()]);
    })
    .await;
    way(&world, Channel::Webhook, &[("url", &hung.url("/")), ("secret", SECRET)]).await;
    way(&world, Channel::Webhook, &[("url", &quick.url("/")), ("secret", SECRET)]).await;
    way(&world, Channel::Gotify, &[("server", &quick.url("/gotify")), ("token", "AbC")]).await;
    let delivering = [Channel::Webhook, Channel::Gotify].map(|channel| {
        let ctx = ctx.clone();
        tokio::spawn(async move { deliver(&ctx, channel).await })
    });
    wait_for("both that answer", async || (quick.asked().len() == 2).then_some(())).await;
    assert_eq!(hung.asked().len(), 1, "it is still being waited for");
    for delivering in delivering {
        delivering.abort();
    }
}

#[tokio::test]
async fn a_request_that_was_made_but_not_noted_carries_the_same_key_again() {
    let service = Service::start().await;
    let (world, ctx) = alerted("Kettle", &[Channel::Webhook], allow(&service)).await;
    way(&world, Channel::Webhook, &[("url", &service.url("/hook")), ("secret", SECRET)]).await;
    send_unnoted(&ctx, Channel::Webhook).await;
    world.pass_seconds(121);
    deliver(&ctx, Channel::Webhook).await.unwrap();
    let asked = service.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].header("idempotency-key"), asked[1].header("idempotency-key"));
    assert_eq!(asked[0].body, asked[1].body);
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_gets_nothing() {
    let service = Service::start().await;
    let sms = SmsConfig { url: format!("http://AC1:token@{}", service.address).into(), from: "+15550100".into() };
    let (world, ctx) = alerted("Kettle", &[Channel::Sms], |world| world.config.channels.sms = Some(sms)).await;
    let id = way(&world, Channel::Sms, &[("number", "+491701234567")]).await;
    let unconfirmed = store::UserChannel { verified_at: None, ..found(&world, id).await };
    world.store.put_channel(&unconfirmed).await.unwrap();
    deliver(&ctx, Channel::Sms).await.unwrap();
    let told = delivery(&world, Channel::Sms).await;
    assert_eq!(told.status, Status::Failed);
    assert!(told.last_error.unwrap().contains("enter the code"));
    assert!(service.asked().is_empty());
}
