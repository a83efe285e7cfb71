//! Pages for load tests: a million distinct products with JSON-LD, of any size, at the cost of a copy; also packed by gzip, at the
//! cost of packing their heads.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use domain::{Availability, Currency, Money};

use super::super::html::escape;
use super::json_ld;

/// Most pages there are.
pub const MOST_PAGES: u32 = 1_000_000;
/// Largest page, in kB.
pub const MOST_KB: usize = 2_048;
/// Usual page, in kB.
pub const USUAL_KB: usize = 10;

/// What stands below the offer: the words, lists and scripts that make real pages large.
static FILLER: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::with_capacity((MOST_KB + 1) << 10);
    let mut line = 0_u32;
    while text.len() < MOST_KB << 10 {
        line += 1;
        // Words in no order, so that it packs as real pages do: to about a fifth.
        let mut chance = line.wrapping_mul(2_654_435_761);
        let mut word = || {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            WORDS[(chance >> 24) as usize % WORDS.len()]
        };
        let words = [(); 12].map(|()| word()).join(" ");
        text.push_str(&format!(
            "<section class=\"block block-{line}\" data-line=\"{line:x}\"><h3>Detail {line}</h3><p>{words}.</p></section>\n"
        ));
    }
    text
});

const WORDS: &[&str] = &[
    "made", "with", "care", "checked", "by", "hand", "and", "sent", "same", "day", "from", "our", "stock", "in", "town", "every",
    "piece", "is", "one", "of", "its", "kind", "steel", "oak", "wool", "linen", "glass", "light", "heavy", "round", "tall",
    "small", "colour", "blue", "green", "warranty", "years", "return", "within", "weeks", "wash", "cold", "only", "keep", "dry",
    "suits", "kitchen", "garden", "travel", "office", "gift", "wrapped", "free", "paper", "recycled", "battery", "included",
    "charger", "cable", "metre", "weight", "gram", "width", "height",
];

/// Page `page` at `price`, about `kb` kB long.
pub fn page(page: u32, price: Money, url: &str, kb: usize) -> String {
    let length = kb.clamp(1, MOST_KB) << 10;
    let mut html = String::with_capacity(length + 512);
    html.push_str(&head(page, price, url));
    let rest = length.saturating_sub(html.len() + END.len());
    html.push_str(filler(rest));
    html.push_str(END);
    html
}

/// The same page, packed: its head anew, the rest once for all pages of the size.
pub fn packed_page(page: u32, price: Money, url: &str, kb: usize) -> Vec<u8> {
    /// By length: packed, and the checksum of what was packed.
    type Rests = HashMap<usize, Arc<(Vec<u8>, Crc)>>;
    static RESTS: LazyLock<Mutex<Rests>> = LazyLock::new(Mutex::default);
    let head = head(page, price, url);
    // Of the same length for all pages, whatever the length of their heads.
    let length = (kb.clamp(1, MOST_KB) << 10).saturating_sub(1_024);
    let rest = RESTS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(length)
        .or_insert_with(|| {
            let rest = [filler(length), END].concat();
            Arc::new((deflated(rest.as_bytes(), FlushCompress::Finish), crc(rest.as_bytes())))
        })
        .clone();
    // One gzip member (RFC 1952) of two deflate streams: the first ends at a byte and is not the last.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(deflated(head.as_bytes(), FlushCompress::Sync));
    packed.extend_from_slice(&rest.0);
    let mut sum = crc(head.as_bytes());
    sum.combine(&rest.1);
    packed.extend(sum.sum().to_le_bytes());
    packed.extend(sum.amount().to_le_bytes());
    packed
}

/// What stands below the head and the filler.
const END: &str = "</body>\n</html>\n";

/// Whole lines of the filler, at most so many bytes. It is ASCII, so that every index is a character's boundary.
fn filler(most: usize) -> &'static str {
    let cut = FILLER[..most.min(FILLER.len())].rfind('\n').map_or(0, |end| end + 1);
    &FILLER[..cut]
}

fn crc(bytes: &[u8]) -> Crc {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc
}

fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut compress = Compress::new(Compression::default(), false);
    let mut packed = Vec::with_capacity(bytes.len() / 2 + 256);
    loop {
        let read = usize::try_from(compress.total_in()).unwrap_or(bytes.len());
        let status = compress.compress_vec(&bytes[read..], &mut packed, flush).expect("packing what is in memory does not fail");
        let is_done = match flush {
            FlushCompress::Finish => status == Status::StreamEnd,
            _ => compress.total_in() == bytes.len() as u64 && packed.len() < packed.capacity(),
        };
        if is_done {
            return packed;
        }
        packed.reserve(4_096);
    }
}

/// A page up to its filler.
fn head(page: u32, price: Money, url: &str) -> String {
    let name = format!("Load Test Product {page:07}");
    let data = json_ld::product(&name, url, price, Availability::InStock);
    let mut html = String::with_capacity(1_024);
    html.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    html.push_str(&escape(&name));
    html.push_str("</title>\n");
    html.push_str(&json_ld::script(&data));
    html.push_str("</head>\n<body>\n<h1>");
    html.push_str(&escape(&name));
    html.push_str("</h1>\n<p class=\"price\">");
    html.push_str(&super::price_text(price));
    html.push_str("</p>\n<form method=\"post\" action=\"/cart\"><button name=\"add-to-cart\">Add to cart</button></form>\n");
    html
}

/// The currency of all of them.
pub fn currency() -> Currency {
    Currency::from_code("EUR").expect("EUR is in ISO 4217")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_packed_page_is_one_gzip_member_of_the_page_and_packs_as_pages_do() {
        for (page, kb) in [(7, 10), (999_999, 300), (0, 1)] {
            let (price, url) = (Money::new(12_345, currency()), format!("http://shop.localhost:1/bench/{page}"));
            let packed = packed_page(page, price, &url, kb);
            let mut unpacked = String::new();
            // Not the decoder of several members.
            flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
            let whole = super::page(page, price, &url, kb);
            assert!(unpacked.starts_with(&head(page, price, &url)) && unpacked.ends_with(END));
            assert!(unpacked.len().abs_diff(whole.len()) < 2_048, "{} and {}", unpacked.len(), whole.len());
            if kb == 300 {
                let ratio = unpacked.len() as f64 / packed.len() as f64;
                assert!((3.5..7.0).contains(&ratio), "{ratio}");
            }
        }
    }
}
