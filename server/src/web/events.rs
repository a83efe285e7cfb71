//! Live pages: what changed is told to every open page that shows it.
//!
//! One task looks at the database once a second for all pages together, and only while a page is open. It reads the newest price
//! events by their index, so it sees what any process recorded: no channel between processes is needed, and none inside of one.
//! What it finds is sent once to a broadcast channel; each connection passes on the products that its page shows, as eight hex
//! digits each. The page fetches the rest itself.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actions::Plummet;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::time::{MINUTE, SECOND};
use domain::{EventId, ProductId};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::state::WebState;
use super::viewer::Asked;
use crate::rest::Problem;

/// How often the database is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// An event carries the time of its check and is seen when it commits, which may be this much later.
const LATEST_COMMIT: i64 = 2 * MINUTE;
/// Changes that one look takes. Beyond that pages learn of the rest when they next look by themselves.
const MOST_CHANGES: u32 = 1_000;
/// Looks that a slow connection may lag behind before it is told to look at everything.
const MOST_BEHIND: usize = 64;
/// Products that one page may ask about.
const MOST_PRODUCTS: usize = 400;
/// A sign of life, so that nothing between us and the browser takes the silence for death.
const SIGN_OF_LIFE: Duration = Duration::from_secs(25);

/// The first eight hex digits of a product's id: enough to tell those of one page apart. A mistaken one costs a look.
type Short = u32;

/// The changes of now, for all open pages.
#[derive(Clone)]
pub struct Live {
    changes: broadcast::Sender<Arc<[Short]>>,
    is_looking: Arc<AtomicBool>,
    stop: CancellationToken,
}

impl Live {
    pub(super) fn new(stop: CancellationToken) -> Self {
        Live { changes: broadcast::Sender::new(MOST_BEHIND), is_looking: Arc::default(), stop }
    }

    /// Begins to listen; the first listener sets the look in motion.
    fn listen(&self, plummet: &Plummet) -> broadcast::Receiver<Arc<[Short]>> {
        let receiver = self.changes.subscribe();
        if !self.is_looking.swap(true, Ordering::AcqRel) {
            tokio::spawn(look(self.clone(), plummet.clone()));
        }
        receiver
    }

    /// Whether nobody listens any more: then the look ends, and the next listener begins a new one.
    fn is_over(&self) -> bool {
        if self.changes.receiver_count() > 0 {
            return false;
        }
        self.is_looking.store(false, Ordering::Release);
        // Somebody may have come between the two lines above, and seen that there was a look.
        self.changes.receiver_count() == 0 || self.is_looking.swap(true, Ordering::AcqRel)
    }
}

/// Looks until nobody listens or the program stops.
async fn look(live: Live, plummet: Plummet) {
    let mut known: Option<HashSet<EventId>> = None;
    while !live.is_over() {
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = live.stop.cancelled() => return,
        }
        let since = plummet.clock.now().plus_micros(-LATEST_COMMIT - SECOND);
        let changes = match plummet.store.recent_changes(since, MOST_CHANGES).await {
            Ok(changes) => changes,
            Err(error) => {
                tracing::debug!(error = %error, "open pages wait: changes could not be read");
                continue;
            }
        };
        // What happened before the first look is on the pages already.
        if let Some(known) = &known {
            let new = changes.iter().filter(|change| !known.contains(&change.event_id));
            let new: Arc<[Short]> = new.map(|change| short(change.product_id)).collect();
            if !new.is_empty() {
                // Without a listener it is nobody's news.
                let _ = live.changes.send(new);
            }
        }
        known = Some(changes.iter().map(|change| change.event_id).collect());
    }
}

fn short(product: ProductId) -> Short {
    (product.0.as_u128() >> 96) as Short
}

/// Which products a page shows.
#[derive(Deserialize)]
pub struct Shown {
    /// Eight hex digits each, with commas between them.
    ids: String,
}

/// `GET /events?ids=0a1b2c3d,…`: server-sent events, each with the products of the page that changed.
pub async fn events(
    State(state): State<WebState>,
    Extension(asked): Extension<Asked>,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    asked.viewer.ok_or(actions::ActionError::SignInFirst)?;
    let shown: HashSet<Short> = parse(&shown.ids);
    let receiver = state.live.listen(&state.plummet);
    let messages = messages(receiver, shown).take_until(state.live.stop.clone().cancelled_owned());
    // A browser that lost us comes back after so long.
    let first = stream::once(async { Ok(Event::default().retry(Duration::from_secs(5)).comment("open")) });
    let keep_alive = KeepAlive::new().interval(SIGN_OF_LIFE);
    Ok(Sse::new(first.chain(messages)).keep_alive(keep_alive).into_response())
}

fn parse(ids: &str) -> HashSet<Short> {
    ids.split(',').take(MOST_PRODUCTS).filter_map(|id| Short::from_str_radix(id, 16).ok()).collect()
}

/// The changes of the products that are shown.
fn messages(
    receiver: broadcast::Receiver<Arc<[Short]>>,
    shown: HashSet<Short>,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold((receiver, shown), async |(mut receiver, shown)| {
        loop {
            let text = match receiver.recv().await {
                Ok(changed) => text(&changed, &shown),
                // Too much happened to tell: everything may have changed.
                Err(RecvError::Lagged(_)) => "all".to_owned(),
                Err(RecvError::Closed) => return None,
            };
            if !text.is_empty() {
                return Some((Ok(Event::default().data(text)), (receiver, shown)));
            }
        }
    })
}

fn text(changed: &[Short], shown: &HashSet<Short>) -> String {
    let ids: Vec<String> = changed.iter().filter(|id| shown.contains(id)).map(|id| format!("{id:08x}")).collect();
    ids.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_hears_of_its_own_products_only() {
        let shown = parse("0000000a,ffffffff,nonsense,");
        assert_eq!(shown.len(), 2);
        assert_eq!(text(&[10, 11, u32::MAX], &shown), "0000000a,ffffffff");
        assert_eq!(text(&[11], &shown), "");
    }

    #[test]
    fn a_product_is_known_by_the_first_digits_of_its_id() {
        let product: ProductId = "0a1b2c3d-0000-5000-8000-000000000000".parse().unwrap();
        assert_eq!(format!("{:08x}", short(product)), "0a1b2c3d");
    }
}
