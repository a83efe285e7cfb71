//! A person's alerts for feed readers: Atom (RFC 4287), at a secret address.

use actions::Feed;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::message::message;
use store::InboxEntry;

use super::links::escape;
use super::state::WebState;

/// `GET /feeds/{token}`.
pub async fn feed(State(state): State<WebState>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let feed = match actions::feed(&state.plummet, &token).await {
        Ok(feed) => feed,
        Err(actions::ActionError::NotFound(_)) => {
            return (StatusCode::NOT_FOUND, "this feed's address does not count any more; copy the new one from the settings")
                .into_response();
        }
        Err(error) => {
            tracing::warn!(%error, "a feed was not read");
            return (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment").into_response();
        }
    };
    // Readers ask every few minutes; most often nothing is new.
    let etag = format!("\"{}-{}\"", feed.updated_at.as_micros(), feed.entries.len());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let shared = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)) {
        return (StatusCode::NOT_MODIFIED, shared).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    (shared, kind, atom(&feed, &state.plummet.instance.public_url)).into_response()
}

fn atom(feed: &Feed, public_url: &str) -> String {
    let (link, home) = (escape(&feed.link), escape(public_url));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Price alerts</title>\n\
         <id>urn:uuid:{}</id>\n<link rel=\"self\" href=\"{link}\"/>\n<link href=\"{home}/notifications\"/>\n\
         <updated>{}</updated>\n<author><name>Plummet</name></author>\n",
        feed.user.id, feed.updated_at
    );
    for entry in &feed.entries {
        xml.push_str(&atom_entry(feed, entry, &home));
    }
    xml.push_str("</feed>\n");
    xml
}

fn atom_entry(feed: &Feed, entry: &InboxEntry, home: &str) -> String {
    let told = &entry.notification;
    let words = message(&told.alerted, feed.user.locale, &feed.user.time_zone);
    let text = format!("{} Seen {}.", words.text, words.observed);
    format!(
        "<entry>\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<link href=\"{home}/products/{}\"/>\n\
         <content type=\"text\">{}</content>\n</entry>\n",
        told.id,
        escape(&words.title),
        told.created_at,
        told.product_id,
        escape(&text)
    )
}
