//! Reading while the body still arrives: where the beginning of a page is enough, the rest need not be fetched or decompressed.

use domain::{Currency, ProductUrl, Reading};

use crate::extract::extract;
use crate::fast::{self, Scan};
use crate::page::{MAX_BODY_BYTES, Page, Pin};
use crate::selector::Selector;

/// Whether more of the body is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The next chunk may still change the answer.
    NeedMore,
    /// The answer stands: stop reading, drop the connection, and call [`Stream::finish`].
    Enough,
}

/// The least of new text for which the beginning is looked at again.
const STEP: usize = 16 * 1024;

/// A page that arrives in chunks (decompressed). It owns all it needs, so it may be moved to another thread to be finished.
#[derive(Debug)]
pub struct Stream {
    url: String,
    status: u16,
    content_type: Option<String>,
    product: ProductUrl,
    currency: Option<Currency>,
    selector: Option<Selector>,
    /// What has come, as far as it is UTF-8.
    text: String,
    /// What has come behind it.
    rest: Vec<u8>,
    /// `None` where the beginning cannot be enough: the whole page is read.
    scan: Option<Box<Scan>>,
    /// How much text there was when it was last looked at.
    looked_at: usize,
    answer: Option<Reading>,
}

impl Stream {
    /// A page of which the head has come: `head.body` is what is there of the body, usually nothing.
    pub fn new(head: &Page<'_>, pin: &Pin<'_>) -> Self {
        let is_plain = matches!(head.status, 200..=203) && head.content_type.is_none_or(is_html_of_utf8);
        let mut stream = Stream {
            url: head.url.to_owned(),
            status: head.status,
            content_type: head.content_type.map(str::to_owned),
            product: pin.product.clone(),
            currency: pin.currency,
            selector: pin.selector.cloned(),
            text: String::new(),
            rest: Vec::new(),
            scan: (is_plain && fast::may_answer(head, pin)).then(Box::default),
            looked_at: 0,
            answer: None,
        };
        stream.push(head.body);
        stream
    }

    /// Takes the next chunk. Costs microseconds and is linear over the whole page: it may be called on a runtime's thread.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        if self.answer.is_some() || self.body_len() > MAX_BODY_BYTES {
            return Progress::Enough;
        }
        self.take(chunk);
        // Each look costs a part of what has come: looking again after an eighth more keeps the whole linear.
        if self.scan.is_some() && self.text.len() >= self.looked_at + STEP.max(self.looked_at / 8) {
            self.look();
        }
        if self.answer.is_some() || self.body_len() > MAX_BODY_BYTES { Progress::Enough } else { Progress::NeedMore }
    }

    /// Bytes taken so far.
    pub fn body_len(&self) -> usize {
        self.text.len() + self.rest.len()
    }

    /// The reading of what has come. Call it when `push` said [`Progress::Enough`] or the body has ended. May take milliseconds.
    pub fn finish(self) -> Reading {
        if let Some(answer) = self.answer {
            return answer;
        }
        let mut body = self.text.into_bytes();
        body.extend_from_slice(&self.rest);
        let page = Page { url: &self.url, status: self.status, content_type: self.content_type.as_deref(), body: &body };
        extract(&page, &Pin { product: &self.product, currency: self.currency, selector: self.selector.as_ref() })
    }

    fn take(&mut self, chunk: &[u8]) {
        if self.scan.is_none() {
            self.rest.extend_from_slice(chunk);
            return;
        }
        // At most the bytes of one cut character wait in `rest`.
        let joined;
        let new: &[u8] = if self.rest.is_empty() {
            chunk
        } else {
            joined = [std::mem::take(&mut self.rest).as_slice(), chunk].concat();
            &joined
        };
        match std::str::from_utf8(new) {
            Ok(text) => self.text.push_str(text),
            Err(error) => {
                let (good, bad) = new.split_at(error.valid_up_to());
                self.text.push_str(std::str::from_utf8(good).unwrap_or_default());
                self.rest.extend_from_slice(bad);
                if error.error_len().is_some() {
                    // Another charset: the whole page is needed to tell which.
                    self.scan = None;
                }
            }
        }
        if self.text.starts_with('\u{feff}') {
            self.scan = None;
        }
    }

    fn look(&mut self) {
        self.looked_at = self.text.len();
        let Some(mut scan) = self.scan.take() else { return };
        scan.advance(&self.text, self.text.len(), true);
        if scan.is_declined() {
            return;
        }
        let page = Page { url: &self.url, status: self.status, content_type: self.content_type.as_deref(), body: &[] };
        let pin = Pin { product: &self.product, currency: self.currency, selector: self.selector.as_ref() };
        self.answer = fast::read_beginning(&self.text, &scan, &page, &pin);
        self.scan = Some(scan);
    }
}

/// Whether the header names HTML, and no charset but UTF-8. A charset that only a meta tag names is found by the bytes themselves.
fn is_html_of_utf8(content_type: &str) -> bool {
    let lower = content_type.to_ascii_lowercase();
    lower.contains("html") && (!lower.contains("charset") || lower.contains("utf-8") || lower.contains("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"<html><head><title>Lamp</title><script type="application/ld+json">{"@type":"Product","name":"Red lamp",
        "offers":{"price":"19.90","priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script></head><body>"#;
    const BUY: &str = "<h1>Red lamp</h1><b class=price>19,90 €</b><button name=add-to-cart>Buy</button>";

    fn read(body: &str, chunk: usize) -> (usize, Reading) {
        let product = ProductUrl::parse("https://shop.example/red-lamp").unwrap();
        let head = Page { url: &product.url, status: 200, content_type: Some("text/html; charset=utf-8"), body: &[] };
        let mut stream = Stream::new(&head, &Pin::new(&product, None));
        let _ = body.as_bytes().chunks(chunk).any(|chunk| stream.push(chunk) == Progress::Enough);
        (stream.body_len(), stream.finish())
    }

    fn padding() -> String {
        "<p>Words about nothing at all.</p>".repeat(10_000)
    }

    #[test]
    fn a_page_that_has_said_it_all_is_not_read_to_its_end() {
        let body = format!("{HEAD}{BUY}{}", padding());
        let (taken, reading) = read(&body, 1_000);
        assert!(taken < 20_000, "{taken}");
        let Reading::Offer(offer) = reading else { panic!("{reading:?}") };
        assert_eq!(offer.price.to_decimal(), "19.90");
    }

    #[test]
    fn a_page_without_button_price_or_data_is_read_to_its_end() {
        let buttonless = BUY.replace("name=add-to-cart", "disabled name=add-to-cart");
        let priceless = BUY.replace("19,90 €", "");
        let struck = BUY.replace("<b class=price>", "<b class=old-price>");
        for body in [format!("{HEAD}{buttonless}"), format!("{HEAD}{priceless}"), format!("{HEAD}{struck}"), BUY.to_owned()] {
            let body = format!("{body}{}", padding());
            assert_eq!(read(&body, 1_000).0, body.len());
        }
    }

    #[test]
    fn chunks_of_any_size_give_the_answer_of_the_whole() {
        let body = format!("{HEAD}<p>für 日本</p>{BUY}{}", padding());
        let whole = read(&body, body.len()).1;
        for chunk in [1, 7, 333, 50_000] {
            assert_eq!(read(&body, chunk).1, whole, "{chunk}");
        }
    }
}
