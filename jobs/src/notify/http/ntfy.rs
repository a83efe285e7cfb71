//! ntfy: published as JSON to the server's root, because headers hold no product names (<https://docs.ntfy.sh/publish/#publish-as-json>).

use hyper::header::AUTHORIZATION;
use serde::Serialize;
use url::Url;

use super::Call;
use crate::links::Links;
use crate::notify::DeliveryError;
use crate::notify::letter::Letter;

#[derive(Serialize)]
struct Publish<'a> {
    topic: &'a str,
    title: &'a str,
    message: &'a str,
    click: &'a str,
    tags: [&'static str; 1],
    /// The same id replaces the message before it.
    sequence_id: &'a str,
}

pub(in crate::notify) fn call(
    server: &Url,
    topic: &str,
    token: Option<&str>,
    letter: &Letter,
    links: &Links,
) -> Result<Call, DeliveryError> {
    let words = letter.words(links);
    let body = Publish {
        topic,
        title: &words.title,
        message: &words.text,
        click: &words.url,
        tags: ["chart_with_downwards_trend"],
        sequence_id: &letter.id,
    };
    let call = Call::json(server.clone(), &body);
    match token {
        Some(token) => call.with(AUTHORIZATION, &format!("Bearer {token}")),
        None => Ok(call),
    }
}
