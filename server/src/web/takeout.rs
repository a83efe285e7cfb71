//! Everything that a person tracks, as a file: JSON with whole histories, CSV as a list.

use actions::{Plummet, Viewer};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use store::TrackedProduct;

use super::export::cell;
use super::state::WebState;
use super::viewer::Asked;
use crate::rest::Problem;

/// `GET /settings/export.json`: every tracking with its product's whole history. Written as it is read: it may be long.
pub async fn json(State(state): State<WebState>, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let viewer = asked.viewer.ok_or(actions::ActionError::SignInFirst)?;
    let all = actions::all_trackings(&state.plummet, &viewer).await?;
    let body = Body::from_stream(parts(state.plummet.clone(), viewer, all));
    Ok((headers("application/json", "plummet.json"), body).into_response())
}

fn parts(plummet: Plummet, viewer: Viewer, all: Vec<TrackedProduct>) -> impl Stream<Item = anyhow::Result<Bytes>> {
    let email = serde_json::to_string(&viewer.user.email).unwrap_or_default();
    let head = format!("{{\"plummet\":1,\"account\":{email},\"trackings\":[");
    let rows = stream::iter(all.into_iter().enumerate()).then(move |(index, tracked)| {
        let plummet = plummet.clone();
        async move {
            let row = serde_json::to_string(&actions::export(&plummet, &tracked).await?)?;
            let comma = if index == 0 { "\n" } else { ",\n" };
            Ok(Bytes::from(format!("{comma}{row}")))
        }
    });
    stream::once(async { Ok(Bytes::from(head)) }).chain(rows).chain(stream::once(async { Ok(Bytes::from("\n]}\n")) }))
}

/// `GET /settings/export.csv`: one line a tracking; it can be imported again.
pub async fn csv(State(state): State<WebState>, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let viewer = asked.viewer.ok_or(actions::ActionError::SignInFirst)?;
    let all = actions::all_trackings(&state.plummet, &viewer).await?;
    let mut text = String::from("name,product_url,target_price,percentage_drop,price,currency,active,tracked_since\r\n");
    for tracked in &all {
        text.push_str(&line(tracked));
    }
    Ok((headers("text/csv; charset=utf-8", "plummet.csv"), text).into_response())
}

fn line(tracked: &TrackedProduct) -> String {
    let (product, tracking) = (&tracked.product, &tracked.tracking);
    let (price, currency) = product.price.map_or_else(Default::default, |price| (price.to_decimal(), price.currency.code()));
    let cells = [
        cell(product.facts.name.as_deref().unwrap_or_default()),
        cell(&product.url),
        tracking.rules.target.as_ref().map(|target| target.amount().to_owned()).unwrap_or_default(),
        tracking.rules.drop.map(|drop| drop.percent().to_string()).unwrap_or_default(),
        price,
        currency.to_owned(),
        tracking.active.to_string(),
        tracking.created_at.to_string(),
    ];
    format!("{}\r\n", cells.join(","))
}

fn headers(kind: &'static str, file: &str) -> [(header::HeaderName, String); 3] {
    [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ]
}
