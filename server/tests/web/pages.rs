//! Pages, files and health: what every answer carries.

use axum::body::Body;
use axum::http::Request;
use domain::user::{Role, Scope};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{PASSWORD, TestApp};

async fn cookie(app: &TestApp) -> String {
    let signed_in = actions::sign_in(&app.plummet, "anna@example.org", PASSWORD.to_owned().into()).await.unwrap();
    format!("plummet_session={}", signed_in.session.expose_secret())
}

#[tokio::test]
async fn every_page_reads_without_scripts_and_carries_its_policy() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let made = app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots"), "target_price": 5})).await.json();
    let cookie = cookie(&app).await;
    let product = format!("/products/{}", made["product_id"].as_str().unwrap());
    for path in ["/", "/add", "/search?q=boots", "/notifications", "/settings", &product] {
        let page = app.open(path, &cookie).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("cache-control"), "private, no-cache");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-request-id").len(), 32);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval' 'unsafe"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        let scripts = page.text.matches("<script").count();
        let allowed = page.text.matches(&format!("nonce=\"{nonce}\"")).count();
        assert!(scripts > 0 && allowed >= scripts, "{path}: {allowed} of {scripts} scripts carry the nonce");
        assert!(page.text.contains("<h1"), "{path}");
    }
    assert!(app.open("/", &cookie).await.text.contains("Fjell Summit"), "the row is there before any script runs");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_404_whatever_it_looks_like() {
    let app = TestApp::start().await;
    app.anna().await;
    let cookie = cookie(&app).await;
    let nobody = "/products/00000000-0000-4000-8000-000000000000";
    for path in ["/no/such/page", nobody, "/products/42", "/pkg/plummet.0123456789.js", "/assets.json"] {
        assert_eq!(app.open(path, &cookie).await.status, 404, "{path}");
    }
    assert_eq!(app.open(&format!("{nobody}/history.csv"), &cookie).await.status, 404);
    assert!(app.open("/pkg/plummet.0123456789.js", "").await.header("content-type").starts_with("text/plain"));
}

#[tokio::test]
async fn a_history_leaves_as_a_table_of_its_owner_only() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    app.set_price("hiking-boots", "160.00");
    let made = app.track(&anna, json!({"product_url": app.url("/p/fjell-hiking-boots")})).await.json();
    let path = format!("/products/{}/history.csv", made["product_id"].as_str().unwrap());
    assert_eq!(app.open(&path, "").await.status, 303, "signed out: to sign-in");
    let cookie = cookie(&app).await;
    for range in ["", "?range=7d", "?range=all"] {
        let table = app.open(&format!("{path}{range}"), &cookie).await;
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        assert!(table.text.lines().nth(1).is_some_and(|line| line.contains(",160.00,")), "{}", table.text);
    }
    app.open(&format!("{path}?range=5w"), &cookie).await.assert_problem(422, "7d");
}

#[tokio::test]
async fn readiness_ends_before_the_program_does() {
    let app = TestApp::start().await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.send(get(path)).await.status, 200, "{path}");
    }
    app.stop.cancel();
    let answer = app.send(get("/readyz")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json(), serde_json::json!({"ready": false, "missing": ["stopping"], "degraded": []}));
    assert_eq!(app.send(get("/healthz")).await.status, 200);
}

#[tokio::test]
async fn what_the_program_did_is_told_to_admins_alone() {
    let app = TestApp::start().await;
    let get =
        |token: &str| Request::get("/metrics").header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    assert_eq!(app.send(Request::get("/metrics").body(Body::empty()).unwrap()).await.status, 401);
    let anna = app.anna().await;
    assert_eq!(app.send(get(&anna.token)).await.status, 403);
    let admin = app.person("root@example.org", Role::Admin, Scope::Admin).await;
    let answer = app.send(get(&admin.token)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("plummet_stage_seconds_count{stage=\"fetch\"} "), "{}", answer.text);
}

#[tokio::test]
async fn a_form_of_megabytes_is_refused() {
    let app = TestApp::start().await;
    app.anna().await;
    let to = crate::support::action(&app.open("/sign-in", "").await, "sign_in");
    let form = format!("email=a&password={}&next=%2F", "x".repeat(1 << 20));
    let length = form.len().to_string();
    assert_eq!(app.post(&to, "", &form, &[("content-length", &length)]).await.status, 413);
}
