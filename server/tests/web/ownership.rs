//! Who may do what: sessions and tokens, scopes, and what is another's.

use axum::body::Body;
use axum::http::{Method, Request};
use domain::user::{Role, Scope};
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn anothers_tracking_does_not_exist_for_me_but_does_for_an_admin() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let ben = app.person("ben@example.org", Role::User, Scope::Track).await;
    let admin = app.person("root@example.org", Role::Admin, Scope::Admin).await;
    let narrow = app.person("root2@example.org", Role::Admin, Scope::Track).await;
    let made = app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots"), "target_price": 5})).await.json();
    let tracking = format!("/api/v1/trackings/{}", made["tracking_id"].as_str().unwrap());
    let list = format!("/api/v1/users/{}/trackings", anna.user.id);

    for stranger in [&ben, &narrow] {
        app.get(stranger, &list).await.assert_problem(404, "no such user");
        app.call(stranger, Method::PUT, &tracking, Some(json!({"target_price": 1})))
            .await
            .assert_problem(404, "no such tracking");
        app.call(stranger, Method::DELETE, &tracking, None).await.assert_problem(404, "no such tracking");
    }
    // Products are shared, wishes are not: Ben's answer tells nothing of Anna's.
    let his = app.track(&ben, json!({"product_url": app.url("/p/fjell-hiking-boots")})).await.json();
    assert_eq!(his["product_id"], made["product_id"]);
    assert_eq!((his["tracking_id"] == made["tracking_id"], his["target_price"].is_null()), (false, true));

    assert_eq!(app.get(&admin, &list).await.json()["total"], 1);
    let changed = app.call(&admin, Method::PUT, &tracking, Some(json!({"target_price": 4}))).await;
    assert_eq!(changed.json()["target_price"].as_f64(), Some(4.0));
    assert_eq!(app.call(&admin, Method::DELETE, &tracking, None).await.status, 200);
    assert_eq!(app.get(&anna, &list).await.json()["total"], 0);
    let nobody = "/api/v1/users/00000000-0000-4000-8000-000000000000/trackings";
    app.get(&admin, nobody).await.assert_problem(404, "no such user");
}

#[tokio::test]
async fn a_token_of_scope_read_changes_nothing() {
    let app = TestApp::start().await;
    let reader = app.person("r@example.org", Role::User, Scope::Read).await;
    app.track(&reader, json!({"product_url": app.url("/p/fjell-hiking-boots")})).await.assert_problem(403, "`track` scope");
    assert_eq!(app.get(&reader, "/api/v1/users/me/trackings").await.status, 200);
    let totals = app.plummet.store.totals(app.plummet.clock.now()).await.unwrap();
    assert_eq!(totals.products, 0);
}

#[tokio::test]
async fn nobody_gets_in_without_a_session_or_a_valid_token() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let calls = ["/api/v1/users/me/trackings", "/api/v1/products/search?q=x"];
    for path in calls {
        let answer = app.send(Request::get(path).body(Body::empty()).unwrap()).await;
        answer.assert_problem(401, "sign in, or send an API token");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        for wrong in ["Bearer plm_wrong", "Basic YTpi", "Bearer", &format!("Basic {}", anna.token)] {
            let request = Request::get(path).header("authorization", wrong).body(Body::empty()).unwrap();
            app.send(request).await.assert_problem(401, "not valid");
        }
    }
}
