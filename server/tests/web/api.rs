//! The six calls, field for field as they are promised.

use axum::http::Method;
use domain::user::{Role, Scope};
use serde_json::{Value, json};

use crate::support::TestApp;

/// Asserts that every field of the promise is there with its type. `null` in an answer passes where `nullable` names the field.
#[track_caller]
fn assert_as_promised(answer: &Value, promise: &Value, nullable: &[&str]) {
    match promise {
        Value::Object(fields) => {
            for (name, promised) in fields {
                let value = answer.get(name).unwrap_or_else(|| panic!("`{name}` is missing in {answer}"));
                if !(value.is_null() && nullable.contains(&name.as_str())) {
                    assert_as_promised(value, promised, nullable);
                }
            }
        }
        Value::Array(items) => {
            let values = answer.as_array().unwrap_or_else(|| panic!("no list: {answer}"));
            for value in values {
                assert_as_promised(value, &items[0], nullable);
            }
        }
        Value::String(text) if text == "uuid" => {
            let parsed: Result<domain::ProductId, _> = answer.as_str().unwrap_or_default().parse();
            assert!(parsed.is_ok(), "{answer} is no id");
        }
        Value::String(text) if text.ends_with('Z') => {
            let at = answer.as_str().unwrap_or_default();
            assert!(at.ends_with('Z') && at.parse::<domain::Timestamp>().is_ok(), "{answer} is no time in UTC");
        }
        Value::String(_) => assert!(answer.is_string(), "{answer} is no text"),
        Value::Number(_) => assert!(answer.is_number(), "{answer} is no number"),
        Value::Bool(_) => assert!(answer.is_boolean(), "{answer} is not true or false"),
        Value::Null => {}
    }
}

#[tokio::test]
async fn a_product_is_tracked_listed_changed_and_removed() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.set_price("hiking-boots", "160.00");

    let body = json!({"product_url": app.url("/p/fjell-hiking-boots"), "target_price": 99.99, "percentage_drop": null,
                      "notification_channels": ["email", "push"]});
    let answer = app.track(&anna, body.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let made = answer.json();
    let promise = json!({"tracking_id": "uuid", "product_id": "uuid", "product_name": "Example Product", "current_price": 149.99,
                         "target_price": 99.99, "status": "tracking"});
    assert_as_promised(&made, &promise, &[]);
    assert_eq!((&made["status"], &made["notification_channels"]), (&json!("tracking"), &json!(["email", "push"])));
    assert!(answer.text.contains("\"current_price\":160.00,"), "all decimals are written: {}", answer.text);

    let again =
        app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots?utm_source=x"), "percentage_drop": 7.5})).await;
    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(again.json()["tracking_id"], made["tracking_id"]);
    assert_eq!(
        (&again.json()["target_price"], &again.json()["percentage_drop"]),
        (&json!(99.99), &json!(7.5)),
        "a rule not given stays"
    );

    app.set_price("hiking-boots", "150.00");
    app.check(&made["product_id"]).await;
    let list = app.get(&anna, &format!("/api/v1/users/{}/trackings?limit=20&offset=0", anna.user.id)).await.json();
    let promise = json!({"trackings": [{"tracking_id": "uuid",
        "product": {"product_id": "uuid", "product_name": "Example Product", "current_price": 149.99, "price_change": -10.00,
                    "percentage_change": -6.25, "last_checked_at": "2025-11-13T10:00:00Z"},
        "target_price": 99.99, "is_active": true}], "total": 50, "limit": 20, "offset": 0});
    assert_as_promised(&list, &promise, &[]);
    let product = &list["trackings"][0]["product"];
    assert_eq!(
        (&list["total"], &product["price_change"], &product["percentage_change"]),
        (&json!(1), &json!(-10.0), &json!(-6.25))
    );

    let path = format!("/api/v1/trackings/{}", made["tracking_id"].as_str().unwrap());
    let edit = json!({"target_price": 89.99, "notification_channels": ["email", "sms"]});
    let changed = app.call(&anna, Method::PUT, &path, Some(edit.clone())).await.json();
    let promise = json!({"tracking_id": "uuid", "target_price": 89.99, "notification_channels": ["email", "sms"], "updated_at": "2025-11-13T10:05:00Z"});
    assert_as_promised(&changed, &promise, &[]);
    assert_eq!(
        (&changed["target_price"], &changed["notification_channels"]),
        (&edit["target_price"], &edit["notification_channels"])
    );
    assert_eq!(changed["percentage_drop"], 7.5, "what is not given stays");
    let cleared = app.call(&anna, Method::PUT, &path, Some(json!({"target_price": null, "is_active": false}))).await.json();
    assert_eq!((&cleared["target_price"], &cleared["is_active"]), (&Value::Null, &json!(false)));

    let removed = app.call(&anna, Method::DELETE, &path, None).await;
    assert_eq!((removed.status.as_u16(), removed.json()), (200, json!({"success": true, "message": "Tracking removed"})));
    app.call(&anna, Method::DELETE, &path, None).await.assert_problem(404, "no such tracking");
    assert_eq!(app.get(&anna, "/api/v1/users/me/trackings").await.json()["total"], 0);
}

#[tokio::test]
async fn a_history_is_newest_first_with_its_extremes() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.set_price("hiking-boots", "160.00");
    let made = app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots")})).await.json();
    for price in ["150.00", "170.50"] {
        app.set_price("hiking-boots", price);
        app.check(&made["product_id"]).await;
    }
    let path = format!("/api/v1/products/{}/history", made["product_id"].as_str().unwrap());
    let history = app.get(&anna, &format!("{path}?days=30")).await.json();
    let promise = json!({"product_id": "uuid", "product_name": "Example Product",
        "price_history": [{"price": 149.99, "checked_at": "2025-11-13T10:00:00Z"}],
        "current_price": 149.99, "lowest_price": 129.99, "highest_price": 179.99, "average_price": 149.50});
    assert_as_promised(&history, &promise, &[]);
    let prices: Vec<&Value> = history["price_history"].as_array().unwrap().iter().map(|entry| &entry["price"]).collect();
    assert_eq!(prices, [&json!(170.5), &json!(150.0), &json!(160.0)]);
    assert_eq!(
        (&history["current_price"], &history["lowest_price"], &history["highest_price"]),
        (&json!(170.5), &json!(150.0), &json!(170.5))
    );
    for query in ["", "?days=1&points=800", "?days=0", "?days=4000000000", "?points=0"] {
        let answer = app.get(&anna, &format!("{path}{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.json()["price_history"].as_array().map(Vec::len)), (200, Some(3)), "{query}");
    }
}

#[tokio::test]
async fn products_are_found_by_words_and_platform_a_page_at_a_time() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for url in app.shop.sample_urls(app.port) {
        let answer = app.track(&anna, json!({"product_url": url})).await;
        assert!(answer.status.is_success(), "{url}: {}", answer.text);
    }
    let all = app.get(&anna, "/api/v1/products/search?limit=3&offset=1").await.json();
    let promise = json!({"products": [{"product_id": "uuid", "product_name": "Laptop Example", "current_price": 999.99,
        "platform": "amazon", "product_url": "https://amazon.com/dp/B08XYZ123"}], "total": 100, "limit": 20, "offset": 0});
    assert_as_promised(&all, &promise, &["current_price"]);
    assert_eq!((all["products"].as_array().unwrap().len(), &all["limit"], &all["offset"]), (3, &json!(3), &json!(1)));
    assert!(all["total"].as_u64().unwrap() >= 12);
    let boots = app.get(&anna, "/api/v1/products/search?q=BOOTS%20fjell&platform=generic").await.json();
    assert_eq!(boots["total"], 1, "{boots}");
    assert_eq!(app.get(&anna, "/api/v1/products/search?q=boots&platform=ebay").await.json()["total"], 0);
    let capped = app.get(&anna, "/api/v1/products/search?limit=100000").await.json();
    assert_eq!(capped["limit"], 100, "the limit is capped");
    app.get(&anna, "/api/v1/products/search?platform=nowhere").await.assert_problem(422, "no platform `nowhere`");
}

#[tokio::test]
async fn what_the_shop_keeps_from_us_is_tracked_and_pending() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let captcha = format!("http://amazon.localhost:{}/dp/B0CAPTCHA1", app.port);
    for (url, problem) in [(captcha, Some("urn:plummet:problem:blocked")), (app.url("/p/slow"), None)] {
        let answer = app.track(&anna, json!({"product_url": url, "target_price": 10})).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        let made = answer.json();
        assert_eq!((&made["status"], &made["current_price"]), (&json!("pending"), &Value::Null));
        assert_eq!(made["problem"]["type"].as_str(), problem, "{made}");
    }
}

#[tokio::test]
async fn an_id_with_its_platform_stands_in_place_of_the_url() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let wrong = app.track(&anna, json!({"product_url": "B08XYZ1234", "platform": "nowhere"})).await;
    wrong.assert_problem(422, "amazon");
    assert_eq!(wrong.json()["errors"][0]["field"], "platform");
    app.track(&anna, json!({"platform": "amazon"})).await.assert_problem(422, "link of a product page");
}

#[tokio::test]
async fn the_description_lists_the_six_calls_to_anybody() {
    let app = TestApp::start().await;
    let reader = app.person("r@example.org", Role::User, Scope::Read).await;
    let description = app.get(&reader, "/api/v1/openapi.json").await.json();
    let mut calls: Vec<String> = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        calls.extend(item.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    calls.sort();
    let (admins, calls): (Vec<String>, Vec<String>) = calls.into_iter().partition(|call| call.contains("/admin/"));
    for call in ["get", "post"].map(|method| format!("{method} /api/v1/admin/proxies")) {
        assert!(admins.contains(&call), "{admins:?}");
    }
    let expect = [
        "delete /api/v1/trackings/{tracking_id}",
        "get /api/v1/products/search",
        "get /api/v1/products/{product_id}/history",
        "get /api/v1/users/{user_id}/trackings",
        "post /api/v1/products/track",
        "put /api/v1/trackings/{tracking_id}",
    ];
    assert_eq!(calls, expect);
    assert!(description["components"]["securitySchemes"]["token"].is_object());
}
