//! Any text as a price string: an amount is a plain decimal, whatever stands around it.
#![no_main]

use extract::price_text::{DecimalMark, settle_price};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for mark in [None, Some(DecimalMark::Dot), Some(DecimalMark::Comma)] {
        if let Some(amount) = settle_price(text, None, mark) {
            assert!(amount.decimal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{text}: {}", amount.decimal);
        }
    }
    extract::read_phrase(text);
    extract::read_schema_word(text);
});
