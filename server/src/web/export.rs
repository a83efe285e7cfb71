//! A product's history as a file for spreadsheets.

use actions::HistoryWindow;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, extract::rejection::PathRejection};
use domain::{PriceRun, ProductId};
use serde::Deserialize;
use uuid::Uuid;

use super::state::WebState;
use super::viewer::Asked;
use crate::rest::Problem;

/// Which part of the history.
#[derive(Deserialize)]
pub struct Range {
    range: Option<String>,
}

/// `GET /products/{id}/history.csv?range=7d|30d|90d|1y|all`.
pub async fn history(
    State(state): State<WebState>,
    Extension(asked): Extension<Asked>,
    id: Result<Path<Uuid>, PathRejection>,
    Query(range): Query<Range>,
) -> Result<Response, Problem> {
    let viewer = asked.viewer.ok_or(actions::ActionError::SignInFirst)?;
    let Path(id) = id.map_err(|_| actions::ActionError::NotFound("product"))?;
    let word = range.range.as_deref().unwrap_or("all");
    let window = HistoryWindow::parse(word, &viewer.user.time_zone).ok_or_else(|| {
        actions::ActionError::invalid("range", "choose one of 7d, 30d, 90d, 1y, all, or two days such as 2025-01-31..2025-03-01")
    })?;
    let history = actions::history(&state.plummet, &viewer, ProductId(id), window).await?;
    let name = history.product.facts.name.clone().unwrap_or_else(|| history.product.url.clone());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"price-history-{id}.csv\"")),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, csv(&name, &history.runs)).into_response())
}

/// One line a run, oldest first: dots, UTC, CRLF (RFC 4180).
fn csv(name: &str, runs: &[PriceRun]) -> String {
    let mut text = String::from("product,from,to,price,currency,availability,checks\r\n");
    let name = cell(name);
    for run in runs {
        let (price, currency) = run.price.map_or_else(Default::default, |price| (price.to_decimal(), price.currency.code()));
        let (from, to, stock, checks) = (run.from, run.last_seen, run.availability.as_str(), run.checks);
        text.push_str(&format!("{name},{from},{to},{price},{currency},{stock},{checks}\r\n"));
    }
    text
}

/// Text as a cell. What a spreadsheet would run as a formula gets an apostrophe before it: names are written by strangers.
pub(super) fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Availability, Currency, Money, Timestamp};

    #[test]
    fn a_name_cannot_be_a_formula_or_break_out_of_its_cell() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("Lamp, black"), "\"Lamp, black\"");
        assert_eq!(cell("Lamp"), "Lamp");
    }

    #[test]
    fn a_run_is_a_line_with_dots_and_utc() {
        let run = PriceRun {
            from: Timestamp::EPOCH,
            last_seen: Timestamp::from_micros(60_000_000),
            checks: 2,
            price: Some(Money::new(149_90, Currency::from_code("EUR").unwrap())),
            availability: Availability::InStock,
        };
        let text = csv("Lamp", &[run]);
        let line = text.lines().nth(1).unwrap();
        assert_eq!(line, "Lamp,1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,149.90,EUR,in_stock,2");
    }
}
