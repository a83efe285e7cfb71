//! Mail over real SMTP, to a server that takes, refuses, greylists and hangs up.

use domain::Channel;
use domain::notification::Status;
use tokio::net::TcpListener;

use super::peers::{MailServer, Mood, NASTY, alerted, delivery};
use crate::deliver::{deliver, send_unnoted};
use crate::links::LinkTarget;

const MAIL: &[Channel] = &[Channel::Email];

#[tokio::test]
async fn a_mail_reaches_the_server_with_both_texts_and_a_lasting_id() {
    let server = MailServer::default();
    let url = server.start().await;
    let (world, ctx) = alerted(NASTY, MAIL, |world| world.config.mail.smtp_url = Some(url.into())).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let sent = delivery(&world, Channel::Email).await;
    assert_eq!((sent.status, sent.attempts, &sent.last_error), (Status::Sent, 1, &None));
    let mails = server.mails();
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
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
        assert!(mail.contains(part), "{part} is missing in {mail}");
    }
    let head = mail.split_once("\n\n").unwrap().0;
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "a line break in a name makes no header: {head}");
    let html = mail.split_once("Content-Type: text/html").unwrap().1;
    assert!(!html.contains("<b>") && !html.contains("<!channel>"), "{html}");
    let unfolded = head.replace("\n ", "");
    let link = unfolded.lines().find_map(|line| line.strip_prefix("List-Unsubscribe: <")).expect("a link to unsubscribe");
    let token = link.trim().trim_end_matches('>').strip_prefix("https://plummet.example/unsubscribe/").unwrap();
    let account = domain::ChannelId::of_account(world.user);
    assert_eq!(ctx.notifiers.links().read(token), Some(LinkTarget::StopEmail(world.user, account)));
}

#[tokio::test]
async fn a_server_that_greylists_is_tried_again_later() {
    let server = MailServer::default();
    server.next(Mood::Recipient("451 4.7.1 greylisted, come back"));
    let url = server.start().await;
    let (world, ctx) = alerted("Kettle", MAIL, |world| world.config.mail.smtp_url = Some(url.into())).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let waiting = delivery(&world, Channel::Email).await;
    assert_eq!(waiting.status, Status::Pending);
    assert!(waiting.last_error.is_some_and(|error| error.contains("451")));
    deliver(&ctx, Channel::Email).await.unwrap();
    assert!(server.mails().is_empty(), "not before its time");
    world.pass_seconds(60);
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(delivery(&world, Channel::Email).await.status, Status::Sent);
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_middle_gets_the_same_message_again() {
    for (mood, mails) in [(Mood::DropsInData, 1), (Mood::DropsAfterData, 2)] {
        let server = MailServer::default();
        server.next(mood);
        let url = server.start().await;
        let (world, ctx) = alerted("Kettle", MAIL, |world| world.config.mail.smtp_url = Some(url.into())).await;
        deliver(&ctx, Channel::Email).await.unwrap();
        let waiting = delivery(&world, Channel::Email).await;
        assert_eq!(waiting.status, Status::Pending, "{mood:?}");
        assert!(waiting.last_error.is_some_and(|error| error.contains("connection was lost")));
        world.pass_seconds(60);
        deliver(&ctx, Channel::Email).await.unwrap();
        assert_eq!(delivery(&world, Channel::Email).await.status, Status::Sent);
        let all = server.mails();
        assert_eq!(all.len(), mails, "{mood:?}");
        assert!(all.iter().all(|mail| *mail == all[0]), "a repeat is the same to the byte");
    }
}

#[tokio::test]
async fn an_address_that_the_server_refuses_is_given_up_with_a_reason() {
    let server = MailServer::default();
    server.next(Mood::Recipient("550 no such user"));
    let url = server.start().await;
    let (world, ctx) = alerted("Kettle", MAIL, |world| world.config.mail.smtp_url = Some(url.into())).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let failed = delivery(&world, Channel::Email).await;
    assert_eq!(failed.status, Status::Failed);
    let error = failed.last_error.unwrap();
    assert!(error.contains("550") && error.contains("check your address"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_for_a_day_and_then_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://user:secret@{}", listener.local_addr().unwrap());
    drop(listener);
    let (world, ctx) = alerted("Kettle", MAIL, |world| world.config.mail.smtp_url = Some(url.into())).await;
    deliver(&ctx, Channel::Email).await.unwrap();
    let waiting = delivery(&world, Channel::Email).await;
    let error = waiting.last_error.unwrap();
    assert_eq!(waiting.status, Status::Pending);
    assert!(error.contains("127.0.0.1") && !error.contains("secret"), "{error}");
    for _ in 0..25 {
        world.pass_hours(1);
        world.pass_seconds(900);
        deliver(&ctx, Channel::Email).await.unwrap();
    }
    let failed = delivery(&world, Channel::Email).await;
    let error = failed.last_error.unwrap();
    assert_eq!(failed.status, Status::Failed, "{error}");
    assert!(error.starts_with("given up after a day") && error.contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_channel_that_is_not_set_up_fails_at_once_and_stops_no_other() {
    let (world, ctx) = alerted("Kettle", &[Channel::Push, Channel::Email], |_| {}).await;
    deliver(&ctx, Channel::Push).await.unwrap();
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(delivery(&world, Channel::Email).await.status, Status::Sent);
    let push = delivery(&world, Channel::Push).await;
    assert_eq!(push.status, Status::Failed);
    assert_eq!(push.last_error.as_deref(), Some("push is not set up; add it in the settings"));
}

#[tokio::test]
async fn a_mail_that_was_written_but_not_noted_is_the_same_file_again() {
    let (world, ctx) = alerted("Kettle", MAIL, |_| {}).await;
    send_unnoted(&ctx, Channel::Email).await;
    let before = world.mails();
    // Killed here: the lease ends, and it is sent again.
    world.pass_seconds(121);
    deliver(&ctx, Channel::Email).await.unwrap();
    assert_eq!(world.mails(), before);
    assert_eq!(before.len(), 1);
    assert_eq!(delivery(&world, Channel::Email).await.status, Status::Sent);
}
