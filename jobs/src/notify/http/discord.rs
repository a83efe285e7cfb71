//! Discord: a channel's webhook. Names are escaped, and mention nobody.

use serde::Serialize;
use url::Url;

use super::Call;
use crate::links::Links;
use crate::notify::letter::Letter;

#[derive(Serialize)]
struct Execute {
    content: String,
    allowed_mentions: Mentions,
    /// 4: links get no preview.
    flags: u32,
}

#[derive(Serialize)]
struct Mentions {
    parse: [&'static str; 0],
}

pub(in crate::notify) fn call(url: &Url, letter: &Letter, links: &Links) -> Call {
    let words = letter.words(links);
    let content = format!("**{}**\n{}\n<{}>", escape(&words.title), escape(&words.text), words.url);
    Call::json(url.clone(), &Execute { content, allowed_mentions: Mentions { parse: [] }, flags: 4 })
}

/// Characters that mean something in Discord's Markdown, as themselves. A mention loses its shape.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '#' | '[' | ']' | '(' | ')' | '-') {
            safe.push('\\');
        }
        safe.push(c);
        if c == '@' {
            safe.push('\u{200b}');
        }
    }
    safe
}
