//! Where to tell.

use leptos::prelude::*;

use super::icon::Icon;
use crate::context::t;

/// The channels that exist here: the notifications page, which is always on, and e-mail.
#[component]
pub fn ChannelPicker(
    /// Whether e-mail is on.
    tells_by_email: bool,
    /// The account's address.
    email: String,
    /// Whether mails go out; otherwise they are written into the outbox folder.
    sends_mail: bool,
) -> impl IntoView {
    let how = if sends_mail { "" } else { t("no mail server is set: written into the outbox folder") };
    view! {
        <fieldset class="channel-picker">
            <legend>{t("Where to tell")}</legend>
            <p class="channel-row">
                <Icon name="bell" />
                <span>
                    {t("Notifications page")}" "
                    <span class="channel-note">{t("always")}</span>
                </span>
            </p>
            <label class="channel-row">
                <input type="checkbox" name="email" value="on" checked=tells_by_email />
                <span>
                    {t("E-mail")}" "
                    <span class="channel-note">{email}</span>
                    {(!how.is_empty()).then(|| view! { <span class="channel-note channel-how">{how}</span> })}
                </span>
            </label>
        </fieldset>
    }
}
