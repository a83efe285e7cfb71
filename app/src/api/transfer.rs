//! Bringing products in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// What came of the last import, on the page after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// How many are tracked now; none if nothing was just imported.
    pub count: Option<u64>,
    /// What was refused: the link and the reason.
    pub refused: Vec<(String, String)>,
}

/// Tracks every product of a text.
#[server]
pub async fn import(
    /// Links or an export.
    text: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let wishes = actions::parse_import(&text);
    let done = actions::import(&plummet, &viewer, wishes).await;
    let done = done.map_err(|error| context::fail(error).with_typed(&[("text", &text)]))?;
    // The reasons travel in the address of the next page, which nobody else sees.
    let refused: Vec<String> = done
        .refused
        .into_iter()
        .take(20)
        .map(|(link, error)| format!("{} {}", link.chars().take(120).collect::<String>(), context::fail(error).sentence()))
        .collect();
    let refused = context::encode(&refused.join("\n"));
    leptos_axum::redirect(&format!("/settings/data?imported={}&refused={refused}", done.tracked));
    Ok(())
}

/// What came of the import that led to this page.
#[server]
pub async fn last_import() -> Result<ImportView, ApiError> {
    let plummet = context::plummet();
    context::viewer(&plummet).await?;
    let lines = context::query_value("refused").unwrap_or_default();
    let refused = lines.lines().filter_map(|line| line.split_once(' ')).map(|(link, why)| (link.to_owned(), why.to_owned()));
    let count = context::query_value("imported").and_then(|count| count.parse().ok());
    Ok(ImportView { count, refused: refused.collect() })
}
