//! Peers that messages go to: a mail server and an HTTP service, on loopback ports, each answering as a test wants.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, Uri};
use domain::{Channel, ChannelId, Notification};
use store::{NewTracking, UserChannel};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::context::JobContext;
use crate::fan_out::fan_out;
use crate::notify::{ChannelSettings, Fields};
use crate::pipeline::check_prices;

/// A name that breaks whatever does not escape it: quotes, markup, mentions, line breaks, other alphabets, and very long.
pub(super) const NASTY: &str = "Ünï \"q\" 'a' \\ <b>x</b> & @everyone <!channel> *bold* [l](http://evil.example) `c` \r\nBcc: evil@example.org 値下げ 🔥 \u{202e}rtl {{7*7}} %0a";

/// What the mail server does with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// It answers so to the recipient.
    Recipient(&'static str),
    /// It takes half of the message and hangs up.
    DropsInData,
    /// It takes the message and hangs up before it says so.
    DropsAfterData,
}

/// A mail server that takes messages, or does something else with the next ones.
#[derive(Clone, Default)]
pub(super) struct MailServer {
    moods: Arc<Mutex<Vec<Mood>>>,
    mails: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    pub(super) async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().serve(stream));
            }
        });
        url
    }

    pub(super) fn next(&self, mood: Mood) {
        self.moods.lock().unwrap().push(mood);
    }

    pub(super) fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }

    async fn serve(self, stream: TcpStream) -> std::io::Result<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.test\r\n").await?;
        let mut mood = None;
        while let Some(line) = lines.next_line().await? {
            let answer = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-mail.test\r\n250 8BITMIME",
                "RCPT" => {
                    mood = self.moods.lock().unwrap().pop();
                    match mood {
                        Some(Mood::Recipient(answer)) => answer,
                        _ => "250 ok",
                    }
                }
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        if mood == Some(Mood::DropsInData) && mail.len() > 200 {
                            return Ok(());
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.mails.lock().unwrap().push(mail);
                    if mood == Some(Mood::DropsAfterData) {
                        return Ok(());
                    }
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}

/// A request that a service was sent.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("{name} is missing")).to_str().unwrap()
    }
}

/// How a service answers at a path.
#[derive(Clone, Debug)]
pub(super) enum Says {
    Status(u16),
    With(u16, &'static str, String),
    Nothing,
}

/// An HTTP service that keeps what it is sent.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    answers: Arc<Mutex<HashMap<String, Says>>>,
}

impl Service {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let service = Service { address, asked: Arc::default(), answers: Arc::default() };
        let router = Router::new().fallback(answer).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        service
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn answer(&self, path: &str, says: Says) {
        self.answers.lock().unwrap().insert(path.to_owned(), says);
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(service): State<Service>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let path = uri.path().to_owned();
    let says = service.answers.lock().unwrap().get(&path).cloned().unwrap_or(Says::Status(200));
    service.asked.lock().unwrap().push(Asked { path, headers, body });
    let (status, header) = match says {
        Says::Status(status) => (status, None),
        Says::With(status, name, value) => (status, Some((name, value))),
        Says::Nothing => std::future::pending().await,
    };
    let mut response = Response::builder().status(status);
    if let Some((name, value)) = header {
        response = response.header(name, value);
    }
    response.body(Body::empty()).unwrap()
}

/// A Plummet with one alert about a product of this name that waits on these channels.
pub(super) async fn alerted(name: &str, channels: &[Channel], change: impl FnOnce(&mut World)) -> (World, Arc<JobContext>) {
    let shop = Shop::open().await;
    let mut world = World::new(&shop).await;
    change(&mut world);
    let ctx = world.context();
    alert(&world, &ctx, &shop, "/p", name, channels).await;
    (world, ctx)
}

/// One more alert.
pub(super) async fn alert(world: &World, ctx: &Arc<JobContext>, shop: &Shop, path: &str, name: &str, channels: &[Channel]) {
    // The page holds the name in JSON.
    let name = serde_json::to_string(name).unwrap();
    shop.set(path, Reply::html(&product_page(name.trim_matches('"'), "44.00")));
    let tracking = world.track(&shop.url(path), Some("45")).await;
    let wish =
        NewTracking { user_id: world.user, product: shop.url(path), rules: tracking.rules.clone(), channels: channels.to_vec() };
    world.store.track(&wish, world.clock.now()).await.unwrap();
    let due = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    check_prices(ctx, &due.iter().map(|due| due.id).collect::<Vec<_>>()).await;
    for event in world.store.pending_events(10).await.unwrap() {
        fan_out(ctx, event).await.unwrap();
    }
}

/// Adds a way to tell the person of this world.
pub(super) async fn way(world: &World, channel: Channel, fields: &[(&str, &str)]) -> ChannelId {
    let id = ChannelId(Uuid::new_v4());
    let fields: Fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let settings = ChannelSettings::parse(channel, &fields).unwrap();
    let way = UserChannel {
        id,
        user_id: world.user,
        channel,
        label: "mine".into(),
        hint: settings.hint(),
        settings: settings.seal(&world.config.secret_key, id),
        enabled: true,
        verified_at: Some(world.clock.now()),
        last_error: None,
        created_at: world.clock.now(),
        code: None,
    };
    world.store.put_channel(&way).await.unwrap();
    id
}

/// The way as it is now.
pub(super) async fn found(world: &World, id: ChannelId) -> UserChannel {
    let all = world.store.list_channels(world.user).await.unwrap();
    all.into_iter().find(|way| way.id == id).expect("the way is there")
}

/// How the newest alert went on a channel.
pub(super) async fn delivery(world: &World, channel: Channel) -> Notification {
    let inbox = world.inbox().await;
    inbox[0].deliveries.iter().find(|delivery| delivery.channel == channel).expect("it is told there").clone()
}
