//! Everything out and in: a person's trackings as JSON and CSV, and products brought in from lists of links and from exports.

use domain::{PriceRun, ProductUrl, Timestamp};
use serde::{Deserialize, Serialize};
use store::{TrackedProduct, TrackingFilter, TrackingSort, Window};
use tokio::task::JoinSet;

use crate::error::{ActionError, Result};
use crate::track::{TrackRequest, track};
use crate::{Plummet, Viewer};

/// Products that one import takes: each page is looked at before it is tracked.
pub const MOST_IMPORTED: usize = 100;
/// Pages that an import looks at together.
const TOGETHER: usize = 8;
/// Trackings of one read of an export.
const PAGE: u32 = 500;

/// A product to be tracked, as it stands in an export or a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Its link.
    #[serde(alias = "url", alias = "link", alias = "productUrl")]
    pub product_url: String,
    /// Target price as plain decimal text.
    #[serde(default, deserialize_with = "text_or_number")]
    pub target_price: Option<String>,
    /// Percentage as plain decimal text.
    #[serde(default, deserialize_with = "text_or_number")]
    pub percentage_drop: Option<String>,
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct ImportDone {
    /// How many are tracked now.
    pub tracked: usize,
    /// What was refused, with the reason.
    pub refused: Vec<(String, ActionError)>,
}

/// One tracking of an export, with its history.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    /// What can be imported again.
    #[serde(flatten)]
    pub wish: Imported,
    /// The product's name.
    pub name: Option<String>,
    /// The shop system.
    pub platform: &'static str,
    /// Its id there.
    pub external_id: String,
    /// The currency of the target, if it is known.
    pub target_currency: Option<&'static str>,
    /// False while paused.
    pub active: bool,
    /// When tracking began.
    pub tracked_since: Timestamp,
    /// Its whole history.
    pub history: Vec<PriceRun>,
}

/// A number of an export is as good as its text.
fn text_or_number<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Whole(i64),
        Broken(f64),
    }
    Ok(Option::<Either>::deserialize(from)?.and_then(|value| match value {
        Either::Text(text) => Some(text).filter(|text| !text.is_empty()),
        Either::Whole(number) => Some(number.to_string()),
        Either::Broken(number) => Some(number.to_string()),
    }))
}

/// All of the viewer's trackings, newest first.
pub async fn all_trackings(plummet: &Plummet, viewer: &Viewer) -> Result<Vec<TrackedProduct>> {
    let mut all = Vec::new();
    loop {
        let window = Window { limit: PAGE, offset: all.len() as u32 };
        let page = plummet.store.list_trackings(viewer.user.id, TrackingFilter::All, TrackingSort::Newest, window).await?;
        let is_last = page.rows.len() < PAGE as usize;
        all.extend(page.rows);
        if is_last {
            return Ok(all);
        }
    }
}

/// A tracking as it leaves, with the product's whole history.
pub async fn export(plummet: &Plummet, tracked: &TrackedProduct) -> Result<Exported> {
    let (product, tracking) = (&tracked.product, &tracked.tracking);
    let target = tracking.rules.target.as_ref();
    Ok(Exported {
        wish: Imported {
            product_url: product.url.clone(),
            target_price: target.map(|target| target.amount().to_owned()),
            percentage_drop: tracking.rules.drop.map(|drop| drop.percent().to_string()),
        },
        name: product.facts.name.clone(),
        platform: product.platform.as_str(),
        external_id: product.external_id.clone(),
        target_currency: target.and_then(|target| target.currency()).map(|currency| currency.code()),
        active: tracking.active,
        tracked_since: tracking.created_at,
        history: plummet.store.price_runs(product.id, Timestamp::EPOCH, plummet.clock.now()).await?,
    })
}

/// What a text asks to be tracked: our own export, a table whose head names the columns, or links wherever they stand.
pub fn parse_import(text: &str) -> Vec<Imported> {
    let mut found = from_json(text).or_else(|| from_table(text)).unwrap_or_else(|| from_links(text));
    let mut seen = std::collections::HashSet::new();
    found.retain(|wish| !wish.product_url.is_empty() && seen.insert(wish.product_url.clone()));
    found
}

fn from_json(text: &str) -> Option<Vec<Imported>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum File {
        List(Vec<Imported>),
        Named { trackings: Vec<Imported> },
    }
    match serde_json::from_str(text).ok()? {
        File::List(list) | File::Named { trackings: list } => Some(list),
    }
}

/// A table with commas, semicolons or tabs whose first line names `product_url` (or `url`, `link`) among its columns.
fn from_table(text: &str) -> Option<Vec<Imported>> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let head = lines.next()?;
    let separator = [',', ';', '\t'].into_iter().find(|separator| head.contains(*separator))?;
    let names: Vec<String> = cells(head, separator).iter().map(|name| name.trim().to_lowercase()).collect();
    let column = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
    let url = column(&["product_url", "url", "link"])?;
    let (target, percent) = (column(&["target_price", "target"]), column(&["percentage_drop", "percent"]));
    let wish = |line: &str| {
        let cells = cells(line, separator);
        let text = |at: Option<usize>| {
            at.and_then(|at| cells.get(at)).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
        };
        Imported { product_url: text(Some(url)).unwrap_or_default(), target_price: text(target), percentage_drop: text(percent) }
    };
    Some(lines.map(wish).collect())
}

/// The cells of a line: what stands in quotes may hold the separator (RFC 4180).
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells.last_mut().expect("there is always one");
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    cells
}

/// Links wherever they stand in a text; a line without a scheme that is a link counts, too.
fn from_links(text: &str) -> Vec<Imported> {
    let wish = |link: &str| Imported { product_url: link.to_owned(), ..Imported::default() };
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\'' | '|');
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let links: Vec<_> = line
            .split(is_end)
            .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
            .map(|word| wish(word.trim_end_matches([',', ';', ')', ']', '}'])))
            .collect();
        if links.is_empty() && !line.contains(char::is_whitespace) && ProductUrl::parse(line).is_ok() {
            found.push(wish(line));
        }
        found.extend(links);
    }
    found
}

/// Tracks all of a list, some at a time. What is refused is said, and the others go on.
pub async fn import(plummet: &Plummet, viewer: &Viewer, wishes: Vec<Imported>) -> Result<ImportDone> {
    viewer.require(domain::user::Scope::Track)?;
    if wishes.is_empty() {
        return Err(ActionError::invalid("text", "there is no link in this text; paste links of products, one a line"));
    }
    if wishes.len() > MOST_IMPORTED {
        let found = wishes.len();
        return Err(ActionError::invalid("text", format!("there are {found} links; bring in at most {MOST_IMPORTED} at once")));
    }
    let mut done = ImportDone::default();
    let mut waiting = wishes.into_iter();
    let mut working = JoinSet::new();
    loop {
        while working.len() < TOGETHER
            && let Some(wish) = waiting.next()
        {
            let (plummet, viewer) = (plummet.clone(), viewer.clone());
            working.spawn(async move {
                let request = TrackRequest {
                    product: wish.product_url.clone(),
                    target_price: wish.target_price,
                    percentage_drop: wish.percentage_drop,
                    ..TrackRequest::default()
                };
                (wish.product_url, track(&plummet, &viewer, request).await)
            });
        }
        match working.join_next().await {
            None => return Ok(done),
            Some(Ok((_, Ok(_)))) => done.tracked += 1,
            Some(Ok((link, Err(error)))) => done.refused.push((link, error)),
            Some(Err(error)) => return Err(ActionError::Other(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        parse_import(text).into_iter().map(|wish| wish.product_url).collect()
    }

    #[test]
    fn links_are_found_wherever_they_stand_each_once() {
        let text = "Look: https://a.example/p/1, and\n<a href=\"https://b.example/p/2\">x</a>\nc.example/p/3\nhttps://a.example/p/1\nnot a link";
        assert_eq!(links(text), ["https://a.example/p/1", "https://b.example/p/2", "c.example/p/3"]);
        assert_eq!(links("nothing here"), Vec::<String>::new());
    }

    #[test]
    fn an_export_and_a_table_bring_their_rules_along() {
        let json = r#"{"trackings": [{"product_url": "https://a.example/1", "target_price": "99.90"}, {"url": "https://b.example/2", "target_price": 5, "percentage_drop": 7.5}]}"#;
        let found = parse_import(json);
        assert_eq!(found[0].target_price.as_deref(), Some("99.90"));
        assert_eq!((found[1].target_price.as_deref(), found[1].percentage_drop.as_deref()), (Some("5"), Some("7.5")));
        let table = "name;URL;target\n\"Lamp; black\";https://a.example/1;12.50\nChair;https://b.example/2;\n";
        let found = parse_import(table);
        assert_eq!(found[0].target_price.as_deref(), Some("12.50"));
        assert_eq!((found[1].product_url.as_str(), found[1].target_price.as_deref()), ("https://b.example/2", None));
    }

    #[test]
    fn quotes_hold_separators_and_quotes() {
        assert_eq!(cells(r#"a,"b,""c""",d"#, ','), ["a", "b,\"c\"", "d"]);
    }
}
