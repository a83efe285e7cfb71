//! What bad input gets: a problem document that says what to do, and nothing stored.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_page_that_cannot_be_tracked_is_refused_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for (url, says) in [
        ("not a link".to_owned(), "is not a link; paste one that starts with https://"),
        (String::new(), "paste the link of a product page"),
        ("http://10.0.0.1/x".to_owned(), "inside a private network"),
        ("http://[::1]:9/x".to_owned(), "inside a private network"),
        ("http://2130706433/x".to_owned(), "inside a private network"),
        ("ftp://shop.example/x".to_owned(), "http and https pages only"),
        ("https://me:pass@shop.example/x".to_owned(), "without them"),
        ("https://www.amazon.de/gp/help".to_owned(), "does not name a product"),
        (format!("https://shop.example/{}", "x".repeat(3_000)), "longer than"),
        (app.url("/p/gone"), "no such page"),
        (app.url("/no/such/page"), "no such page"),
        (app.url("/p/no-price"), "no price was found"),
        (app.url("/p/huge"), "cannot be read"),
    ] {
        let answer = app.track(&anna, json!({"product_url": url, "target_price": 10})).await;
        answer.assert_problem(422, says);
        assert_eq!(answer.json()["errors"][0]["field"], "product_url");
    }
    let totals = app.plummet.store.totals(app.plummet.clock.now()).await.unwrap();
    assert_eq!((totals.products, totals.trackings), (0, 0));
}

#[tokio::test]
async fn a_wrong_rule_names_its_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let url = app.url("/p/fjell-hiking-boots");
    for (body, field) in [
        (json!({"product_url": url, "target_price": -5}), "target_price"),
        (json!({"product_url": url, "target_price": 0}), "target_price"),
        (json!({"product_url": url, "target_price": 1e30}), "target_price"),
        (json!({"product_url": url, "target_price": "99.99"}), "target_price"),
        (json!({"product_url": url, "percentage_drop": 100}), "percentage_drop"),
        (json!({"product_url": url, "percentage_drop": -1}), "percentage_drop"),
        (json!({"product_url": url, "notification_channels": ["pigeon"]}), "notification_channels"),
        (json!({"product_url": url, "notification_channels": "email"}), "notification_channels"),
        (json!({"product_url": 7}), "product_url"),
        (json!({"product_url": url, "target_prise": 5}), "target_prise"),
        (json!({"product_url": url, "user_id": anna.user.id}), "user_id"),
    ] {
        let answer = app.track(&anna, body).await;
        answer.assert_problem(422, "");
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let totals = app.plummet.store.totals(app.plummet.clock.now()).await.unwrap();
    assert_eq!((totals.products, totals.trackings), (0, 0));

    let made = app.track(&anna, json!({"product_url": url, "target_price": 5})).await.json();
    let path = format!("/api/v1/trackings/{}", made["tracking_id"].as_str().unwrap());
    app.call(&anna, Method::PUT, &path, Some(json!({"target_price": -1}))).await.assert_problem(422, "above zero");
    let list = app.get(&anna, "/api/v1/users/me/trackings").await.json();
    assert_eq!(list["trackings"][0]["target_price"].as_f64(), Some(5.0), "the rule stays armed");
}

#[tokio::test]
async fn what_is_no_call_is_a_problem_too() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.get(&anna, "/api/v1/nope").await.assert_problem(404, "openapi.json");
    app.get(&anna, "/api").await.assert_problem(404, "openapi.json");
    let wrong_method = app.call(&anna, Method::PATCH, "/api/v1/products/track", None).await;
    wrong_method.assert_problem(405, "no such method");
    assert_eq!(wrong_method.header("allow"), "POST");
    app.get(&anna, "/api/v1/products/42/history").await.assert_problem(400, "ids are UUIDs");
    app.get(&anna, "/api/v1/users/42/trackings").await.assert_problem(400, "ids are UUIDs");
    let nobody = "00000000-0000-4000-8000-000000000000";
    app.get(&anna, &format!("/api/v1/products/{nobody}/history")).await.assert_problem(404, "no such product");
    app.get(&anna, "/api/v1/products/search?limit=many").await.assert_problem(400, "limit");
    app.get(&anna, "/api/v1/products/search?offset=-1").await.assert_problem(400, "offset");
}

#[tokio::test]
async fn a_body_that_is_not_ours_to_read_is_refused() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let post = |kind: &str, body: String| {
        let request = Request::post("/api/v1/products/track").header("authorization", format!("Bearer {}", anna.token));
        request.header("content-type", kind).body(Body::from(body)).unwrap()
    };
    app.send(post("application/json", "{\"product_url\":".into())).await.assert_problem(400, "not JSON");
    app.send(post("application/json", "[]".into())).await.assert_problem(400, "must be a JSON object");
    app.send(post("application/json", "[".repeat(50_000))).await.assert_problem(400, "not JSON");
    app.send(post("text/plain", "{}".into())).await.assert_problem(415, "Content-Type: application/json");
    let large = format!("{{\"product_url\":\"{}\"}}", "x".repeat(100_000));
    app.send(post("application/json", large)).await.assert_problem(413, "larger than 64 kB");
}
