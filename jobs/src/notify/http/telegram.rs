//! Telegram: a bot's message, as plain text: no character of a product's name means anything in it.

use serde::Serialize;
use url::Url;

use super::{Call, below};
use crate::links::Links;
use crate::notify::letter::Letter;

/// Where bots are asked.
#[derive(Clone, Debug)]
pub(in crate::notify) struct TelegramApi(Url);

#[derive(Serialize)]
struct SendMessage<'a> {
    chat_id: &'a str,
    text: String,
    link_preview_options: Preview,
}

#[derive(Serialize)]
struct Preview {
    is_disabled: bool,
}

impl TelegramApi {
    pub(in crate::notify) fn new(base: Option<&str>) -> anyhow::Result<Self> {
        let base = base.unwrap_or("https://api.telegram.org");
        let url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        Ok(TelegramApi(
            url.ok_or_else(|| anyhow::anyhow!("`{base}` is no address of a Telegram API; write https://api.telegram.org"))?,
        ))
    }

    pub(in crate::notify) fn url(&self) -> &Url {
        &self.0
    }

    pub(in crate::notify) fn call(&self, bot_token: &str, chat_id: &str, letter: &Letter, links: &Links) -> Call {
        let words = letter.words(links);
        let text = format!("{}\n\n{}\n\n{}", words.title, words.text, words.url);
        let body = SendMessage { chat_id, text, link_preview_options: Preview { is_disabled: true } };
        Call::json(below(&self.0, &format!("bot{bot_token}/sendMessage")), &body)
    }
}
