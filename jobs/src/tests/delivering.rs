//! Mail over real SMTP, and channels that are not there yet.

use std::sync::{Arc, Mutex};

use domain::notification::Status;
use domain::{Channel, Notification};
use store::NewTracking;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::shop::{Reply, Shop, product_page};
use super::world::World;
use crate::context::JobContext;
use crate::deliver::deliver;
use crate::fan_out::fan_out;
use crate::pipeline::check_prices;

/// A mail server that takes messages, or says something else to the next ones.
#[derive(Clone, Default)]
struct MailServer {
    answers: Arc<Mutex<Vec<&'static str>>>,
    mails: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    async fn start(&self) -> String {
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

    async fn serve(self, stream: TcpStream) -> std::io::Result<()> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.test\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let answer = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "RCPT" => self.answers.lock().unwrap().pop().unwrap_or("250 ok"),
                "DATA" => {
                    writer.write_all(b"354 go on\r\n").await?;
                    let mut mail = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    self.mails.lock().unwrap().push(mail);
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

/// A Plummet with one alert that waits on these channels.
async fn alerted(name: &str, mail: Option<String>, channels: &[Channel]) -> (World, Arc<JobContext>) {
    let shop = Shop::open().await;
    shop.set("/p", Reply::html(&product_page(name, "44.00")));
    let mut world = World::new(&shop).await;
    world.config.mail.smtp_url = mail.map(Into::into);
    let tracking = world.track(&shop.url("/p"), Some("45")).await;
    let wish =
        NewTracking { user_id: world.user, product: shop.url("/p"), rules: tracking.rules.clone(), channels: channels.to_vec() };
    world.store.track(&wish, world.clock.now()).await.unwrap();
    let ctx = world.context();
    let due = world.store.claim_due(world.clock.now(), world.config.check_lease, 10).await.unwrap();
    check_prices(&ctx, &due.iter().map(|due| due.id).collect::<Vec<_>>()).await;
    fan_out(&ctx, world.store.pending_events(10).await.unwrap()[0]).await.unwrap();
    (world, ctx)
}

async fn delivery(world: &World) -> Notification {
    world.inbox().await[0].deliveries[0].clone()
}

#[tokio::test]
async fn a_mail_reaches_the_server_with_both_texts_and_a_lasting_id() {
    let server = MailServer::default();
    let (world, ctx) = alerted("Kettle <b>Ünï</b> & \\\"Co\\\"", Some(server.start().await), &[Channel::Email]).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let sent = delivery(&world).await;
    assert_eq!((sent.status, sent.attempts), (Status::Sent, 1));
    let mails = server.mails.lock().unwrap().clone();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    for part in [
        &format!("Message-ID: <{}@plummet.example>", sent.id),
        "To: anna@example.org",
        "From: Plummet <plummet@example.org>",
        "Content-Type: multipart/alternative",
        "Content-Type: text/plain",
        "Content-Type: text/html",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(mail.contains(part), "{part} is missing in {mail}");
    }
    let html = mail.split_once("Content-Type: text/html").unwrap().1;
    assert!(html.contains("Kettle &lt;b&gt;") && !html.contains("<b>"), "{html}");
}

#[tokio::test]
async fn a_server_that_is_busy_is_tried_again_later() {
    let server = MailServer::default();
    server.answers.lock().unwrap().push("451 come back");
    let (world, ctx) = alerted("Kettle", Some(server.start().await), &[Channel::Email]).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let waiting = delivery(&world).await;
    assert_eq!(waiting.status, Status::Pending);
    assert!(waiting.last_error.is_some_and(|error| error.contains("451")));
    deliver(&ctx, Channel::Email).await.unwrap();
    assert!(server.mails.lock().unwrap().is_empty(), "not before its time");
    world.pass_seconds(60);
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(delivery(&world).await.status, Status::Sent);
    assert_eq!(server.mails.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_the_server_refuses_is_given_up_with_a_reason() {
    let server = MailServer::default();
    server.answers.lock().unwrap().push("550 no such user");
    let (world, ctx) = alerted("Kettle", Some(server.start().await), &[Channel::Email]).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let failed = delivery(&world).await;
    assert_eq!(failed.status, Status::Failed);
    let error = failed.last_error.unwrap();
    assert!(error.contains("550") && error.contains("check your address"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://user:secret@{}", listener.local_addr().unwrap());
    drop(listener);
    let (world, ctx) = alerted("Kettle", Some(url), &[Channel::Email]).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let waiting = delivery(&world).await;
    let error = waiting.last_error.unwrap();
    assert_eq!(waiting.status, Status::Pending);
    assert!(error.contains("127.0.0.1") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_channel_that_is_not_set_up_fails_at_once_and_stops_no_other() {
    let (world, ctx) = alerted("Kettle", None, &[Channel::Push, Channel::Email]).await;
    deliver(&ctx, Channel::Push).await.unwrap();
    deliver(&ctx, Channel::Email).await.unwrap();
    let deliveries = &world.inbox().await[0].deliveries;
    let of = |channel| deliveries.iter().find(|delivery| delivery.channel == channel).unwrap();
    assert_eq!(of(Channel::Email).status, Status::Sent);
    assert_eq!(of(Channel::Push).status, Status::Failed);
    let error = of(Channel::Push).last_error.as_deref();
    assert_eq!(error, Some("push is not set up on this Plummet yet; choose e-mail"));
}

#[tokio::test]
async fn a_mail_that_was_written_but_not_noted_is_the_same_file_again() {
    let (world, ctx) = alerted("Kettle", None, &[Channel::Email]).await;
    let due =
        world.store.claim_notifications(Channel::Email, world.clock.now(), std::time::Duration::from_secs(60), 1).await.unwrap();
    ctx.notifiers.send(&due[0]).await.unwrap();
    let before = world.mails();
    // Killed here: the lease ends, and it is sent again.
    world.pass_seconds(61);
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(world.mails(), before);
    assert_eq!(before.len(), 1);
    assert_eq!(delivery(&world).await.status, Status::Sent);
}
