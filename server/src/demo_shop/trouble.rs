//! Pages with troubles: what shops answer when they do not answer with a product.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::{Availability, Currency, Money};
use futures::{StreamExt, stream};

use super::catalogue::Shop;
use super::html::document;
use super::pages::json_ld;

/// How long the slow page thinks.
const SLOW: Duration = Duration::from_secs(5);
/// Size of the huge page, in bytes.
const HUGE: usize = 32 << 20;

/// What is wrong with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A human check instead of the product.
    Captcha,
    /// 404.
    Gone,
    /// A product, after five seconds.
    Slow,
    /// 500.
    ServerError,
    /// The connection ends in the middle of the page.
    Truncated,
    /// The page never ends.
    Endless,
    /// A product without a price.
    NoPrice,
    /// 32 MB.
    Huge,
}

/// A page with a trouble.
#[derive(Debug)]
pub struct TroublePage {
    /// What is wrong.
    pub trouble: Trouble,
    /// Whose page.
    pub shop: Shop,
    /// Its path.
    pub path: &'static str,
    /// One line about it.
    pub about: &'static str,
}

impl TroublePage {
    /// Where it is, with the shop on `port` of this machine.
    pub fn url(&self, port: u16) -> String {
        format!("http://{}:{port}{}", self.shop.host(), self.path)
    }
}

const fn page(trouble: Trouble, shop: Shop, path: &'static str, about: &'static str) -> TroublePage {
    TroublePage { trouble, shop, path, about }
}

/// All of them.
pub const TROUBLES: &[TroublePage] = &[
    page(Trouble::Captcha, Shop::Amazon, "/dp/B0CAPTCHA1", "asks for a human check instead of showing the product"),
    page(Trouble::Gone, Shop::JsonLd, "/p/gone", "answers 404"),
    page(Trouble::Slow, Shop::JsonLd, "/p/slow", "answers after 5 seconds"),
    page(Trouble::ServerError, Shop::JsonLd, "/p/broken", "answers 500"),
    page(Trouble::Truncated, Shop::JsonLd, "/p/truncated", "breaks off in the middle"),
    page(Trouble::Endless, Shop::JsonLd, "/p/endless", "never ends"),
    page(Trouble::NoPrice, Shop::JsonLd, "/p/no-price", "shows a product without a price"),
    page(Trouble::Huge, Shop::JsonLd, "/p/huge", "is 32 MB long"),
];

/// The trouble of a shop's page, if it has one.
pub fn find_trouble(shop: Shop, path: &str) -> Option<&'static TroublePage> {
    TROUBLES.iter().find(|page| page.shop == shop && page.path == path)
}

/// The page.
pub async fn answer(page: &TroublePage, port: u16) -> Response {
    match page.trouble {
        Trouble::Captcha => Html(captcha()).into_response(),
        Trouble::Gone => (StatusCode::NOT_FOUND, Html(not_found(Some(page.shop)))).into_response(),
        Trouble::Slow => {
            tokio::time::sleep(SLOW).await;
            Html(patience(page, port)).into_response()
        }
        Trouble::ServerError => {
            let html = document("500", Some(page.shop), "", "<h1>Something broke in this shop</h1>");
            (StatusCode::INTERNAL_SERVER_ERROR, Html(html)).into_response()
        }
        Trouble::Truncated => truncated(&patience(page, port)),
        Trouble::Endless => endless(),
        Trouble::NoPrice => Html(no_price(page, port)).into_response(),
        Trouble::Huge => {
            Html(patience(page, port) + &"<p>More, and more, and more of the same.</p>\n".repeat(HUGE / 46)).into_response()
        }
    }
}

/// What every shop says about a page that it does not have.
pub fn not_found(shop: Option<Shop>) -> String {
    document(
        "Page not found",
        shop,
        "",
        "<h1>Page not found</h1>\n<p>We could not find this page. <a href=\"/\">All products</a></p>",
    )
}

/// Shaped as Amazon's, which answers 200.
fn captcha() -> String {
    let body = "<h4>Enter the characters you see below</h4>\n<p class=\"a-last\">Sorry, we just need to make sure you're not a robot. \
                For best results, please make sure your browser is accepting cookies.</p>\n\
                <form method=\"get\" action=\"/errors/validateCaptcha\" name=\"\"><input type=\"hidden\" name=\"amzn\" value=\"x\">\
                <label>Type the characters <input type=\"text\" id=\"captchacharacters\" name=\"field-keywords\" autocomplete=\"off\"></label>\
                <button class=\"a-button-text\">Continue shopping</button></form>";
    document("Robot Check", Some(Shop::Amazon), "", body)
}

fn patience(page: &TroublePage, port: u16) -> String {
    let price = Money::new(4_900, Currency::from_code("EUR").expect("EUR is in ISO 4217"));
    let data = json_ld::product("Patience Board Game", &page.url(port), price, Availability::InStock);
    document(
        "Patience Board Game",
        Some(page.shop),
        &json_ld::script(&data),
        "<h1>Patience Board Game</h1>\n<p class=\"price\">49,00 €</p>\n",
    )
}

fn no_price(page: &TroublePage, port: u16) -> String {
    let price = Money::new(1, Currency::from_code("EUR").expect("EUR is in ISO 4217"));
    let mut data = json_ld::product("Handmade Oak Table", &page.url(port), price, Availability::InStock);
    data.as_object_mut().map(|product| product.remove("offers"));
    let body = "<h1>Handmade Oak Table</h1>\n<p>Each table is made to order from oak that was felled within a day's drive of the workshop, \
                oiled by hand, and signed underneath by the one who made it. Lengths from 140 to 280 centimetres.</p>\n\
                <p>Price on request: call us, we are happy to help.</p>";
    document("Handmade Oak Table", Some(page.shop), &json_ld::script(&data), body)
}

/// The first lines, then a broken connection.
fn truncated(page: &str) -> Response {
    let start = page[..page.find("<title>").unwrap_or(0)].to_owned();
    let hang_up = async {
        // Time for the first lines to leave; an error at once would take them along.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(std::io::Error::other("the shop hangs up here on purpose"))
    };
    Html(Body::from_stream(stream::once(async { Ok(start) }).chain(stream::once(hang_up)))).into_response()
}

/// A line every 20 ms for ever: neither size nor silence ends it soon.
fn endless() -> Response {
    let lines = stream::unfold(0_u64, |line| async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let text = if line == 0 { "<!doctype html><html><body>\n".to_owned() } else { format!("<p>{line}</p>\n") };
        Some((Ok::<_, Infallible>(text), line + 1))
    });
    Html(Body::from_stream(lines)).into_response()
}
