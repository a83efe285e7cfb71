//! Sharing a product: switched on and off here.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::api::sharing::{SetShare, ShareView};
use crate::components::copy_field::CopyField;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::t;

/// The link for others, or the switch that makes one.
pub fn share_card(product_id: String, share: ShareView) -> AnyView {
    let posted = Posted::to(SetShare::url());
    let is_shared = share.link.is_some();
    let (label, next) = if is_shared { (t("Stop sharing"), "false") } else { (t("Share by link"), "true") };
    let link = share.link.map(|link| view! { <CopyField id="share-link" label=t("Link for others") value=link /> });
    let embed = share.embed.map(|embed| {
        view! { <CopyField id="share-embed" label=t("For another site's page") value=embed /> }
    });
    view! {
        <details class="card share-card" open=posted.is_error()>
            <summary>{t("Share")}</summary>
            {posted.notice(&[])}
            <p class="share-note">
                {t("Whoever has the link sees name, price and history. Not your target, and not who you are.")}
            </p>
            {link}
            {embed}
            <form method="post" action=SetShare::url()>
                <input type="hidden" name="id" value=product_id />
                <input type="hidden" name="on" value=next />
                <Submit label=label kind="plain" />
            </form>
        </details>
    }
    .into_any()
}
