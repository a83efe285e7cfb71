//! Searching products.

use std::collections::HashSet;
use std::sync::Arc;

use domain::offer::ProductFacts;
use domain::tracking::Rules;
use domain::{Availability, Channel, Platform, ProductId, ProductUrl};
use store::{NewTracking, Store, Window};

use crate::engines::Engine;
use crate::world::*;

async fn named(store: &Arc<dyn Store>, n: u32, name: &str) -> ProductId {
    let id = product(store, n).await;
    let mut checked = record(&state(store, id).await, offer(eur(100_00), Availability::InStock), t(1));
    checked.facts = Some(ProductFacts { name: Some(name.into()), ..ProductFacts::default() });
    store.record_checks(&[checked]).await.unwrap();
    id
}

async fn search(store: &Arc<dyn Store>, query: &str) -> Vec<ProductId> {
    let page = store.search_products(query, None, ALL).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.into_iter().map(|product| product.id).collect()
}

pub async fn search_wants_every_word_in_any_case_in_name_or_url(engine: &dyn Engine) {
    let store = engine.open().await;
    let laptop = named(&store, 1, "Lenovo Laptop 15").await;
    let umlaut = named(&store, 2, "ÄRMEL-Schoner").await;
    let nameless = product(&store, 31).await;
    for (query, expect) in [
        ("laptop", vec![laptop]),
        ("  15   lenovo ", vec![laptop]),
        ("laptop lpatop", vec![]),
        ("ärmel", vec![umlaut]),
        ("Ärmel SCHONER", vec![umlaut]),
        ("/p/31", vec![nameless]),
        ("", vec![nameless, laptop, umlaut]),
    ] {
        let (found, expect): (HashSet<_>, HashSet<_>) =
            (search(&store, query).await.into_iter().collect(), expect.into_iter().collect());
        assert_eq!(found, expect, "{query}");
    }
}

pub async fn search_takes_wildcards_as_text(engine: &dyn Engine) {
    let store = engine.open().await;
    let percent = named(&store, 1, "100% wool").await;
    let underscore = named(&store, 2, "snake_case \\ mug").await;
    named(&store, 3, "1000 wools, snakeXcase").await;
    for (query, expect) in
        [("100%", vec![percent]), ("%", vec![percent]), ("snake_", vec![underscore]), ("\\", vec![underscore]), ("'", vec![])]
    {
        assert_eq!(search(&store, query).await, expect, "{query}");
    }
}

pub async fn search_is_narrowed_to_a_platform(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    product(&store, 1).await;
    let wish = NewTracking {
        user_id: user,
        product: ProductUrl::parse("https://www.amazon.de/dp/B08XYZ1234").unwrap(),
        rules: Rules::default(),
        channels: vec![Channel::Email],
    };
    store.track(&wish, t(0)).await.unwrap();
    for (platform, total) in [(None, 2), (Some(Platform::AMAZON), 1), (Some(Platform::GENERIC), 1), (Some(Platform::EBAY), 0)] {
        assert_eq!(store.search_products("", platform, ALL).await.unwrap().total, total, "{platform:?}");
    }
}

pub async fn search_pages_never_overlap_and_miss_nothing(engine: &dyn Engine) {
    let store = engine.open().await;
    for n in 0..23 {
        named(&store, n, if n % 2 == 0 { "Same name" } else { "same NAME" }).await;
    }
    let mut seen = Vec::new();
    for offset in (0..30).step_by(5) {
        let page = store.search_products("name", None, Window { limit: 5, offset }).await.unwrap();
        assert_eq!(page.total, 23);
        seen.extend(page.rows.into_iter().map(|product| product.id));
    }
    assert_eq!((seen.len(), seen.into_iter().collect::<HashSet<_>>().len()), (23, 23));
}

pub async fn better_matches_come_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let inside = named(&store, 1, "Armchair in oak").await;
    let beginning = named(&store, 2, "Chairs, a set of four").await;
    let whole = named(&store, 3, "Desk and chair").await;
    named(&store, 4, "Table").await;
    assert_eq!(search(&store, "chair").await, [whole, beginning, inside]);
    let tv = named(&store, 5, "TV stand").await;
    named(&store, 6, "HDTV aerial").await;
    assert_eq!(search(&store, "tv").await, [tv], "two letters count where a word begins so");
    assert_eq!(search(&store, "dt").await.len(), 1, "unless none does");
}

pub async fn a_word_is_found_inside_of_another(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = named(&store, 1, "Kühlschrankthermometer MX-4000 \"Arktis\"").await;
    named(&store, 2, "Kochlöffel").await;
    for query in ["thermo", "SCHRANK", "mx-4000", "x-40", "\"arktis\"", "kühl arktis 4000", "/p/1"] {
        assert_eq!(search(&store, query).await, [id], "{query}");
    }
}

pub async fn a_wrong_letter_still_finds(engine: &dyn Engine) {
    let store = engine.open().await;
    let laptop = named(&store, 1, "Lenovo Laptop 15").await;
    let mug = named(&store, 2, "Blue Mug").await;
    named(&store, 3, "Garden hose").await;
    for (query, expect) in [
        ("lenvo", vec![laptop]),
        ("lenovp", vec![laptop]),
        ("lennovo laptop", vec![laptop]),
        ("laptpo", vec![laptop]),
        ("lptop 15", vec![laptop]),
        ("kaptop", vec![laptop]),
        ("bule", vec![]),
        ("blu3", vec![mug]),
        ("bleu", vec![mug]),
        ("mig", vec![]),
        ("lenvo 16", vec![]),
    ] {
        assert_eq!(search(&store, query).await, expect, "{query}");
    }
}

pub async fn a_wrong_letter_finds_nothing_more_where_the_word_itself_is_found(engine: &dyn Engine) {
    let store = engine.open().await;
    let sony = named(&store, 1, "Sony radio").await;
    let song = named(&store, 2, "Song book").await;
    assert_eq!(search(&store, "sony").await, [sony]);
    assert_eq!(search(&store, "song").await, [song]);
    assert_eq!(search(&store, "sonj").await, [song, sony]);
}
