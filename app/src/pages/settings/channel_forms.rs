//! What is asked for each channel.

use leptos::prelude::*;

use crate::components::field::Field;
use crate::components::posted::Posted;

/// The fields of a channel: name in the form, field of errors, label, hint.
type Asked = (&'static str, &'static str, &'static str, &'static str);

fn asked(channel: &str) -> &'static [Asked] {
    match channel {
        "email" => &[("fields[address]", "address", "E-mail address", "A code is sent there first.")],
        "sms" => {
            &[("fields[number]", "number", "Telephone number", "With its country: +49 170 1234567. A code is sent there first.")]
        }
        "webhook" => &[
            ("fields[url]", "url", "Address", "It is posted JSON."),
            ("fields[secret]", "secret", "Key of the signature", "At least 8 characters, the same in your program."),
        ],
        "ntfy" => &[
            ("fields[topic]", "topic", "Topic", "Hard to guess: whoever knows it can read along."),
            ("fields[server]", "server", "Server", "Empty: https://ntfy.sh"),
            ("fields[token]", "token", "Access token", "Only if the topic needs one."),
        ],
        "telegram" => &[
            (
                "fields[bot_token]",
                "bot_token",
                "Token of your bot",
                "From BotFather. Write to the bot once, so that it may answer.",
            ),
            ("fields[chat_id]", "chat_id", "Chat", "Its number, or @ and the channel's name."),
        ],
        "discord" => &[("fields[url]", "url", "Webhook", "From the channel's settings: Integrations, Webhooks.")],
        "slack" => &[("fields[url]", "url", "Webhook", "From your Slack app: Incoming Webhooks.")],
        "gotify" => &[
            ("fields[server]", "server", "Server", "Such as https://gotify.example.org"),
            ("fields[token]", "token", "Token of the application", "From Gotify: Apps."),
        ],
        _ => &[],
    }
}

/// The inputs of a channel, with what was typed and what is wrong with it.
pub fn channel_fields(channel: &str, posted: &Posted) -> AnyView {
    let fields = asked(channel).iter().map(|&(name, field, label, hint)| {
        let secret = matches!(field, "secret" | "token" | "bot_token");
        let kind = if secret { "password" } else { "text" };
        let (value, error) = (posted.typed(field, String::new()), posted.about(field));
        view! { <Field name=name label=label kind=kind hint=hint autocomplete="off" value=value error=error /> }
    });
    fields.collect_view().into_any()
}
