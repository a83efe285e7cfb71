//! Pages behind the links of messages: they work without signing in, and without scripts.
//!
//! Opening one changes nothing, because programs that scan mails open every link: a button does. A mail program's own button
//! (RFC 8058) posts at once.

use actions::LinkView;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::state::WebState;

/// What stands behind the link, or in the form.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// What a page says.
struct Said {
    title: &'static str,
    text: String,
    /// The button that does it.
    button: Option<&'static str>,
}

/// `GET /unsubscribe/{token}`, `/pause/{token}`, `/confirm/{token}?code=`: asks.
pub async fn ask(State(state): State<WebState>, Path(token): Path<String>, Query(typed): Query<Typed>) -> Response {
    match actions::find_link(&state.plummet, &token).await {
        Ok(view) => page(&state, StatusCode::OK, &question(view), &typed.code),
        Err(error) => failed(&state, &error, &typed.code),
    }
}

/// `POST` to the same: does it.
pub async fn act(State(state): State<WebState>, Path(token): Path<String>, Form(typed): Form<Typed>) -> Response {
    let view = match actions::find_link(&state.plummet, &token).await {
        Ok(view) => view,
        Err(error) => return failed(&state, &error, &typed.code),
    };
    match actions::follow_link(&state.plummet, &token, &typed.code).await {
        Ok(()) => page(&state, StatusCode::OK, &done(view), ""),
        Err(error) => failed(&state, &error, &typed.code),
    }
}

fn question(view: LinkView) -> Said {
    match view {
        LinkView::StopEmail { hint } => Said {
            title: "Stop e-mails",
            text: format!("Plummet will send no more alerts to {hint}. Your trackings stay, and their alerts are in Plummet."),
            button: Some("Stop e-mails"),
        },
        LinkView::Pause { product } => Said {
            title: "Pause this alert",
            text: format!("You will not be told about “{}” until you resume it.", domain::message::one_line(&product, 120)),
            button: Some("Pause"),
        },
        LinkView::Confirm { hint } => {
            Said { title: "Confirm this address", text: format!("Alerts will be sent to {hint}."), button: Some("Confirm") }
        }
    }
}

fn done(view: LinkView) -> Said {
    let (title, text) = match view {
        LinkView::StopEmail { hint } => {
            ("No more e-mails", format!("Nothing more goes to {hint}. You can switch it on again in the settings."))
        }
        LinkView::Pause { .. } => ("Paused", "You are not told about it until you resume it on its page.".to_owned()),
        LinkView::Confirm { hint } => ("Confirmed", format!("Alerts go to {hint} from now on.")),
    };
    Said { title, text, button: None }
}

fn failed(state: &WebState, error: &actions::ActionError, code: &str) -> Response {
    let (status, text) = match error {
        actions::ActionError::NotFound(_) => {
            (StatusCode::NOT_FOUND, "This link does not work any more. Open Plummet and look in the settings.".to_owned())
        }
        actions::ActionError::Invalid { message, .. } => (StatusCode::UNPROCESSABLE_ENTITY, format!("{message}.")),
        error => {
            tracing::warn!(%error, "a link of a message was not followed");
            (StatusCode::SERVICE_UNAVAILABLE, "Something is not working on our side. Try again in a moment.".to_owned())
        }
    };
    page(state, status, &Said { title: "This did not work", text, button: None }, code)
}

fn page(state: &WebState, status: StatusCode, said: &Said, code: &str) -> Response {
    let style = state.assets.path("main.css").map(|href| format!("<link rel=\"stylesheet\" href=\"{}\">", escape(&href)));
    let button = said.button.map(|label| {
        let code = escape(code);
        format!(
            "<form method=\"post\"><input type=\"hidden\" name=\"code\" value=\"{code}\">\
             <button type=\"submit\" class=\"button\" data-kind=\"primary\"><span class=\"button-label\">{label}</span></button></form>"
        )
    });
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title} · Plummet</title>{style}</head>\
         <body><main class=\"alone\"><h1>{title}</h1><p>{text}</p>{button}<p><a href=\"/\">Open Plummet</a></p></main></body></html>\n",
        title = said.title,
        style = style.unwrap_or_default(),
        text = escape(&said.text),
        button = button.unwrap_or_default(),
    );
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // The link is as good as a key: it is not told to other sites.
        (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin")),
    ];
    (status, headers, Html(html)).into_response()
}

/// Text in HTML.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // XML has no place for control characters.
            c if c.is_control() && c != '\n' => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
