//! Reading pages from the command line: saved ones, and one of the demo shop.

use std::fs;

use crate::program::{Running, assert_ended, plummet, printed, run};

#[test]
fn a_saved_page_is_read_with_its_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("lamp.html");
    let offer = r#"{"@context":"https://schema.org","@type":"Product","name":"Lamp","offers":{"@type":"Offer","price":"19.90","priceCurrency":"EUR"}}"#;
    fs::write(&page, format!("<html><body><h1>Lamp</h1><script type=\"application/ld+json\">{offer}</script></body></html>"))
        .unwrap();
    let file = page.to_str().unwrap();
    let read = run(folder.path(), &["extract", "--url", "https://shop.example/lamp", file], "");
    assert_ended(&read, 0, "");
    let reading: serde_json::Value = serde_json::from_str(&printed(&read)).unwrap();
    assert_eq!((reading["outcome"].as_str(), reading["price"]["minor"].as_i64()), (Some("offer"), Some(1990)));
    assert!(!reading["evidence"].as_array().unwrap().is_empty());

    fs::write(&page, "<html><body><h1>Nothing</h1></body></html>").unwrap();
    assert_ended(&run(folder.path(), &["extract", "--url", "https://shop.example/lamp", file], ""), 3, "");
    assert_ended(&run(folder.path(), &["extract", "--url", "https://shop.example/lamp", "/no/such"], ""), 1, "/no/such");
    assert_ended(&run(folder.path(), &["extract"], ""), 2, "--batch");
}

#[test]
fn one_check_prints_the_offer_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Running::start(&folder.path().join("demo"), "demo");
    let product = demo.line("http://amazon.localhost:");
    let host = product.split('/').nth(2).unwrap();
    let data = folder.path().join("mine");
    let checked = plummet(&data, &["check", &product]).env("PLUMMET_ALLOW_HOSTS", host).output().unwrap();
    assert_ended(&checked, 0, "");
    let answer: serde_json::Value = serde_json::from_str(&printed(&checked)).unwrap();
    assert_eq!((answer["reading"]["outcome"].as_str(), answer["product"]["platform"].as_str()), (Some("offer"), Some("amazon")));
    assert!(!answer["reading"]["evidence"].as_array().unwrap().is_empty());
    assert!(!data.exists(), "no data folder was made");

    let refused = run(&data, &["check", &product], "");
    assert_ended(&refused, 3, "");
    assert!(printed(&refused).contains("\"refused\""), "private addresses are not opened: {}", printed(&refused));
    assert_ended(&run(&data, &["check", "not a link"], ""), 1, "is not a link");
    assert_eq!(demo.terminate(), Some(0));
}
