//! Reads saved pages (`{"id","url","path"}` a line, paths relative to the file) and prints one summary a line.
//! Lines with `price_string` are read as price strings instead. With `--both`, reads each page by every way and says where they differ, where each declines, and where a stream would have stopped.

use std::error::Error;
use std::path::Path;

use domain::{ProductUrl, Reading};
use extract::price_text::{DecimalMark, settle_price};
use extract::{Page, Pin, Progress, Stream, Way, extract, extract_by, summary};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let list = arguments.iter().find(|argument| !argument.starts_with("--")).ok_or("usage: score [--both] PAGES.jsonl")?;
    let both = arguments.iter().any(|argument| argument == "--both");
    let folder = Path::new(&list).parent().unwrap_or(Path::new("."));
    let mut counts = Counts::default();
    for line in std::fs::read_to_string(list)?.lines().filter(|line| !line.trim().is_empty()) {
        let entry: Value = serde_json::from_str(line)?;
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        if let Some(string) = entry["price_string"].as_str() {
            let mark = DecimalMark::of_sign(entry["decimal_separator_hint"].as_str().unwrap_or_default());
            let found = settle_price(string, entry["currency_hint"].as_str(), mark);
            let code =
                found.as_ref().and_then(|amount| amount.currency.map(|known| known.code().to_owned()).or(amount.sign.clone()));
            println!("{}", json!({"id": entry["id"], "amount": found.map(|amount| amount.decimal), "currency": code}));
            continue;
        }
        let body = std::fs::read(folder.join(text("path")))?;
        let url = text("url");
        // A wall's URL names no product: any will do.
        let product = ProductUrl::parse(url).unwrap_or(ProductUrl::parse("https://shop.example/")?);
        let page = Page { url, status: 200, content_type: Some("text/html"), body: &body };
        let pin = Pin::new(&product, None);
        if both {
            counts.compare(text("id"), &page, &pin);
            continue;
        }
        let reading = extract(&page, &pin);
        if std::env::var("EVIDENCE").is_ok_and(|wanted| wanted.is_empty() || wanted == text("id")) {
            eprintln!("{} {reading:#?}", text("id"));
        }
        println!("{}", serde_json::to_string(&summary(text("id"), &reading))?);
    }
    if both {
        println!("{counts:?}");
        if counts.differing > 0 {
            return Err(format!("{} readings differ", counts.differing).into());
        }
    }
    Ok(())
}

/// How often each way answered.
#[derive(Debug, Default)]
struct Counts {
    pages: usize,
    by_search: usize,
    by_tree: usize,
    stopped: usize,
    bytes: usize,
    bytes_wanted: usize,
    differing: usize,
}

impl Counts {
    fn compare(&mut self, id: &str, page: &Page<'_>, pin: &Pin<'_>) {
        let full = extract_by(page, pin, Way::Full);
        let (search, tree) = (extract_by(page, pin, Way::Search), extract_by(page, pin, Way::Tree));
        let mut stream = Stream::new(&Page { body: &[], ..*page }, pin);
        let stopped = page.body.chunks(8_192).any(|chunk| stream.push(chunk) == Progress::Enough);
        let wanted = stream.body_len();
        let streamed = Some(stream.finish());
        let kind = page.body.len();
        println!(
            "{id}: search {}, tree {}, stream {wanted} of {kind}",
            if search.is_some() { "answers" } else { "declines" },
            if tree.is_some() { "answers" } else { "declines" },
        );
        for (way, reading) in [("search", &search), ("tree", &tree), ("stream", &streamed)] {
            if let (Some(reading), Some(full)) = (reading, &full)
                && !is_same(reading, full)
            {
                self.differing += 1;
                println!("{id}: {way} differs: {reading:?} and not {full:?}");
            }
        }
        self.pages += 1;
        self.by_search += usize::from(search.is_some());
        self.by_tree += usize::from(search.is_none() && tree.is_some());
        self.stopped += usize::from(stopped);
        self.bytes += kind;
        self.bytes_wanted += wanted;
    }
}

/// What may change a price, or what a person is told.
fn is_same(left: &Reading, right: &Reading) -> bool {
    match (left, right) {
        (Reading::Offer(left), Reading::Offer(right)) => {
            (left.price, left.list_price, left.availability, left.reader, left.confidence, &left.facts)
                == (right.price, right.list_price, right.availability, right.reader, right.confidence, &right.facts)
        }
        _ => left.outcome() == right.outcome() && left.facts() == right.facts(),
    }
}
