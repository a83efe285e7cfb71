//! Where a person is told, when, and by which feed.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::channel_forms::channel_fields;
use super::nav::settings_nav;
use crate::api::channels::{
    AddChannel, ChangePreferences, ChannelRow, ChannelsView, ConfirmChannel, PreferencesView, RemoveChannel, RenewFeed,
    SendChannelCode, SwitchChannel, TestChannel, list_channels,
};
use crate::components::copy_field::CopyField;
use crate::components::field::Field;
use crate::components::loaded::loaded;
use crate::components::notice::Notice;
use crate::components::posted::Posted;
use crate::components::submit::Submit;

/// Where a person is told. Works without scripts, but for push, which is a browser's own.
#[component]
pub fn ChannelsPage() -> impl IntoView {
    let chosen = use_query_map().with_untracked(|query| query.get("add").unwrap_or_default());
    view! {
        <Title text="Channels" />
        <header class="page-head">
            <h1>"Channels"</h1>
        </header>
        {settings_nav("/settings/channels")}
        {loaded(list_channels, false, move |view| content(view, &chosen))}
    }
}

fn content(view: ChannelsView, chosen: &str) -> AnyView {
    let rows = view.channels.into_iter().map(row).collect_view();
    let notices = [TestChannel::url(), SwitchChannel::url(), RemoveChannel::url(), ConfirmChannel::url(), SendChannelCode::url()]
        .map(|path| Posted::to(path).notice(&[]));
    let add = add(view.offered, chosen);
    view! {
        <div class="settings">
            {notices.collect_view()}
            <section class="channel-list" aria-labelledby="channels-title">
                <h2 id="channels-title">"Where you are told"</h2>
                <ul>{rows}</ul>
            </section>
            {push(view.push_key)}
            {add}
            {preferences(view.preferences)}
            {feed(view.feed)}
        </div>
    }
    .into_any()
}

fn row(channel: ChannelRow) -> AnyView {
    let id = channel.id;
    let name = format!("{} {}", channel.channel, channel.hint);
    let state = match (channel.needs_code, channel.enabled) {
        (true, _) => "waits for its code",
        (false, true) => "on",
        (false, false) => "off",
    };
    let (to, switch) = if channel.enabled { ("off", "Switch off") } else { ("on", "Switch on") };
    let problem = channel.problem.map(|problem| view! { <Notice tone="warning" text=problem /> });
    let button = |path: &'static str, label: &'static str, id: String| {
        let name = name.clone();
        view! {
            <form method="post" action=path>
                <input type="hidden" name="id" value=id />
                <button type="submit" class="button" data-kind="plain" aria-label=format!("{label}: {name}")>
                    <span class="button-label">{label}</span>
                </button>
            </form>
        }
    };
    let code = channel.needs_code.then(|| {
        view! {
            <form method="post" action=ConfirmChannel::url()>
                <input type="hidden" name="id" value=id.clone() />
                <label>
                    "Code " <input name="code" class="field-input" inputmode="numeric" autocomplete="one-time-code" required maxlength="20" />
                </label>
                <Submit label="Confirm" />
            </form>
            {button(SendChannelCode::url(), "Send another code", id.clone())}
        }
    });
    let use_it = (!channel.needs_code).then(|| {
        let (test, switched) = (id.clone(), id.clone());
        view! {
            {button(TestChannel::url(), "Send a test", test)}
            <form method="post" action=SwitchChannel::url()>
                <input type="hidden" name="id" value=switched />
                <input type="hidden" name="to" value=to />
                <button type="submit" class="button" data-kind="plain" aria-label=format!("{switch}: {name}")>
                    <span class="button-label">{switch}</span>
                </button>
            </form>
        }
    });
    let remove = channel.is_removable.then(|| button(RemoveChannel::url(), "Remove", id.clone()));
    view! {
        <li class="card channel-row-card">
            <p>
                <strong>{channel.channel}</strong>
                " "
                {channel.label}
                " "
                <span class="channel-note">{format!("{}, {state}", channel.hint)}</span>
            </p>
            {problem}
            <div class="channel-actions">{code} {use_it} {remove}</div>
        </li>
    }
    .into_any()
}

/// Push is switched on by the browser itself: its script fills in the form.
fn push(key: String) -> Option<AnyView> {
    let shown = !key.is_empty();
    shown.then(|| {
        view! {
            <section class="card" aria-labelledby="push-title">
                <h2 id="push-title">"Push to this browser"</h2>
                <form method="post" action=AddChannel::url() data-push-key=key>
                    <input type="hidden" name="channel" value="push" />
                    <input type="hidden" name="label" value="" />
                    <input type="hidden" name="fields[endpoint]" />
                    <input type="hidden" name="fields[p256dh]" />
                    <input type="hidden" name="fields[auth]" />
                    <p class="settings-note" data-push-state role="status">
                        "Your browser needs scripts for this."
                    </p>
                    <Submit label="Switch push on here" kind="plain" />
                </form>
                <script src="/push.js" defer></script>
            </section>
        }
        .into_any()
    })
}

fn add(offered: Vec<(String, String)>, chosen: &str) -> AnyView {
    let posted = Posted::to(AddChannel::url());
    let name = offered.iter().find(|(word, _)| word == chosen).map(|(_, name)| name.clone());
    let form = name.map(|name| {
        let word = chosen.to_owned();
        view! {
            {posted.notice(&["address", "number", "url", "secret", "server", "topic", "token", "bot_token", "chat_id"])}
            <form method="post" action=AddChannel::url()>
                <h3>{name}</h3>
                <input type="hidden" name="channel" value=word.clone() />
                {channel_fields(&word, &posted)}
                <Field name="label" label="What to call it" autocomplete="off" hint="Empty: the beginning of its address." />
                <Submit label="Add" />
            </form>
        }
    });
    let links = offered.into_iter().map(|(word, name)| {
        let current = (word == chosen).then_some("true");
        view! {
            <li>
                <a href=format!("/settings/channels?add={word}#add") aria-current=current>
                    {name}
                </a>
            </li>
        }
    });
    view! {
        <section class="card" id="add" aria-labelledby="add-title">
            <h2 id="add-title">"Add a channel"</h2>
            <ul class="channel-choice">{links.collect_view()}</ul>
            {form}
        </section>
    }
    .into_any()
}

fn preferences(view: PreferencesView) -> AnyView {
    let posted = Posted::to(ChangePreferences::url());
    let field = |name: &'static str, label: &'static str, kind: &'static str, hint: &'static str, value: String| {
        view! { <Field name=name label=label kind=kind hint=hint value=posted.typed(name, value) error=posted.about(name) /> }
    };
    // Kept as they are, and not offered: new trackings and the daily number do not heed them yet.
    let channels = view.channels.into_iter().filter(|(_, _, is_on)| *is_on);
    let channels = channels.map(|(word, _, _)| view! { <input type="hidden" name="channels[]" value=word /> });
    view! {
        <section class="card" aria-labelledby="preferences-title">
            <h2 id="preferences-title">"When and how often"</h2>
            {posted.notice(&["quiet_from", "quiet_to", "digest", "daily_cap", "drop"])}
            <form method="post" action=ChangePreferences::url()>
                {field("quiet_from", "Quiet from", "time", "Nothing is sent from then on; it waits.", view.quiet_from)}
                {field("quiet_to", "Quiet until", "time", "", view.quiet_to)}
                {field("digest", "One e-mail a day, at", "time", "Empty: an e-mail for each alert, at once.", view.digest)}
                <input type="hidden" name="daily_cap" value=view.daily_cap />
                <input type="hidden" name="drop" value=view.drop />
                {channels.collect_view()}
                <Submit label="Save" />
            </form>
        </section>
    }
    .into_any()
}

fn feed(link: String) -> AnyView {
    view! {
        <section class="card" aria-labelledby="feed-title">
            <h2 id="feed-title">"Feed"</h2>
            <p class="settings-note">"Your alerts in a feed reader. Whoever has this address can read them."</p>
            <CopyField id="feed-link" label="Address" value=link />
            <form method="post" action=RenewFeed::url()>
                <Submit label="Make a new address" kind="plain" />
            </form>
        </section>
    }
    .into_any()
}
