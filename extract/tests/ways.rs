//! Whatever way answers first, the answer is the same: pages put together at random, read by every way.
#![cfg(test)]

use domain::{ProductUrl, Reading};
use extract::{Page, Pin, Progress, Stream, Way, extract_by};
use proptest::prelude::*;

/// Parts of pages, well-formed and not.
const PARTS: &[&str] = &[
    "<h1>Red lamp</h1>",
    "<h1>Red <b>lamp</b></h1>",
    "<h1>Blue chair",
    "<html lang=de>",
    "<head>",
    "</head><body class=product>",
    "<title>Red lamp</title>",
    "<meta property='og:title' content='Red lamp'>",
    "<meta property='product:price:amount' content='24.90'><meta property='product:price:currency' content='EUR'>",
    "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Red lamp\",\"offers\":{\"price\":\"19.90\",\"priceCurrency\":\"EUR\",\"availability\":\"InStock\"}}</script>",
    "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Red lamp\",\"offers\":{\"price\":\"24.90\",\"priceCurrency\":\"EUR\",\"availability\":\"InStock\"}}</script>",
    "<script type='application/ld+json'>{\"@type\":\"BreadcrumbList\"}</script>",
    "<script>var a = '<h1>x</h1>'; if (a < b) {}</script>",
    "<script>x = '<!--<script>'</script>",
    "<style>h1 > b { color: red }</style>",
    "<noscript><h1>None</h1></noscript>",
    "<template><span class=price>19,90 €</span></template>",
    "<svg><title>s</title><path d='M0'/></svg>",
    "<svg><p>",
    "<!-- <h1>y</h1> -->",
    "<!--",
    "-->",
    "<span class=price>19,90 €</span>",
    "<b>€ 19.90</b>",
    "<span class=price>24,90 €</span>",
    "<div class=price>9,90 €</div>",
    "<del>",
    "</del>",
    "<s>",
    "</s>",
    "<div class='old-price'>",
    "<div itemscope itemtype='https://schema.org/Product'><span itemprop=name>Red lamp</span><div itemprop=offers itemscope><meta itemprop=price content=24.90><meta itemprop=priceCurrency content=EUR></div></div>",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<span>",
    "</span>",
    "<a href=x>",
    "</a>",
    "<b>",
    "</b>",
    "<ul><li>one<li>two",
    "</ul>",
    "<table><tr><td>",
    "</table>",
    "<tr>",
    "<select><option>1<option>2</select>",
    "<form>",
    "</form>",
    "<button>Add to cart</button>",
    "<button disabled>Add to cart</button>",
    "<p class=stock>Sold out</p>",
    "<input type=submit value='Buy now'>",
    "<br>",
    "</br>",
    "&euro; 5 &amp; &notit; &#8364;",
    "text < 5 and > 3",
    "<textarea><b>",
    "</textarea>",
    "<",
    "</",
    "<img alt='a > b' src=x>",
    "<dl><dt>a<dd>b",
    "</dl>",
    "</body></html>",
];

fn ways(body: &str) -> (Reading, Vec<(&'static str, Reading)>) {
    let product = ProductUrl::parse("https://shop.example/red-lamp").unwrap();
    let page = Page { url: &product.url, status: 200, content_type: Some("text/html; charset=utf-8"), body: body.as_bytes() };
    let pin = Pin::new(&product, None);
    let full = extract_by(&page, &pin, Way::Full).unwrap();
    let mut answers = Vec::new();
    answers.extend(extract_by(&page, &pin, Way::Search).map(|reading| ("search", reading)));
    answers.extend(extract_by(&page, &pin, Way::Tree).map(|reading| ("tree", reading)));
    let mut stream = Stream::new(&Page { body: &[], ..page }, &pin);
    if !page.body.chunks(700).any(|chunk| stream.push(chunk) == Progress::Enough) {
        answers.push(("stream", stream.finish()));
    }
    (full, answers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_way_that_answers_gives_the_same_answer(parts in prop::collection::vec(prop::sample::select(PARTS), 0..40)) {
        let body = parts.concat();
        let (full, answers) = ways(&body);
        for (way, reading) in answers {
            prop_assert_eq!(&reading, &full, "{} on {}", way, body);
        }
    }

    #[test]
    fn a_sound_page_with_anything_around_it_is_answered_alike(
        before in prop::collection::vec(prop::sample::select(PARTS), 0..8),
        after in prop::collection::vec(prop::sample::select(PARTS), 0..12),
    ) {
        let body = format!("<html><head>{}</head><body>{}{}{}{}</body>", PARTS[9], before.concat(), PARTS[0], PARTS[22], after.concat());
        let (full, answers) = ways(&body);
        for (way, reading) in answers {
            prop_assert_eq!(&reading, &full, "{} on {}", way, body);
        }
    }
}

#[test]
fn the_search_answers_a_plain_page() {
    let body = format!("<html><head>{}</head><body>{}{}</body></html>", PARTS[9], PARTS[0], PARTS[22]);
    let (full, answers) = ways(&body);
    assert!(answers.iter().any(|(way, _)| *way == "search"));
    assert!(matches!(full, Reading::Offer(_)));
}
