//! Slack: a channel's incoming webhook, in blocks of plain text: no markup, no mentions.

use serde_json::json;
use url::Url;

use super::Call;
use crate::links::Links;
use crate::notify::letter::Letter;

pub(in crate::notify) fn call(url: &Url, letter: &Letter, links: &Links) -> Call {
    let words = letter.words(links);
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let body = json!({
        // What notifications of the phone show.
        "text": escape(&words.title),
        "unfurl_links": false,
        "blocks": [
            { "type": "section", "text": plain(&words.title) },
            { "type": "section", "text": plain(&words.text) },
            { "type": "section", "text": { "type": "mrkdwn", "text": format!("<{}|Open>", words.url) } },
        ],
    });
    Call::json(url.clone(), &body)
}

/// The three characters that Slack gives a meaning (<https://docs.slack.dev/messaging/formatting-message-text/#escaping>).
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
