//! The proxies: for admins alone, and what goes in of user and password never comes out.

use axum::http::Method;
use domain::user::{Role, Scope};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Person, TestApp};

const PATH: &str = "/api/v1/admin/proxies";

/// A proxy for plain HTTP that wants `anna:sesame`; its port. It ends with the test.
async fn start_proxy() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client));
        }
    });
    port
}

async fn pass_on(mut client: TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    // `anna:sesame` in base64.
    if !head.contains("Basic YW5uYTpzZXNhbWU=") {
        client.write_all(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n").await.ok()?;
        return None;
    }
    let target = head.split(' ').nth(1)?.strip_prefix("http://")?;
    let (authority, path) = target.split_once('/')?;
    let port: u16 = authority.rsplit_once(':')?.1.parse().ok()?;
    let mut shop = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    shop.write_all(request.as_bytes()).await.ok()?;
    tokio::io::copy(&mut shop, &mut client).await.ok().map(|_| ())
}

async fn admin(app: &TestApp) -> Person {
    app.person("root@example.org", Role::Admin, Scope::Admin).await
}

async fn add(app: &TestApp, admin: &Person, body: Value) -> Value {
    let answer = app.call(admin, Method::POST, PATH, Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn only_admins_see_or_touch_proxies() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let anna = app.anna().await;
    let narrow = app.person("root2@example.org", Role::Admin, Scope::Track).await;
    let made = add(&app, &admin, json!({"url": "http://anna:sesame@127.0.0.1:1"})).await;
    let one = format!("{PATH}/{}", made["proxy_id"].as_str().unwrap());
    for stranger in [&anna, &narrow] {
        for (method, path, body) in [
            (Method::GET, PATH, None),
            (Method::POST, PATH, Some(json!({"url": "http://127.0.0.1:2"}))),
            (Method::PUT, one.as_str(), Some(json!({"enabled": false}))),
            (Method::DELETE, one.as_str(), None),
            (Method::POST, &format!("{one}/test"), Some(json!({"url": "https://shop.example/"}))),
        ] {
            app.call(stranger, method, path, body).await.assert_problem(403, "`admin` scope");
        }
    }
    let list = app.get(&admin, PATH).await.json();
    assert_eq!((list["proxies"].as_array().unwrap().len(), &list["proxies"][0]["enabled"]), (1, &json!(true)));
}

#[tokio::test]
async fn a_proxy_is_added_tested_changed_and_removed_and_its_password_never_comes_back() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let port = start_proxy().await;
    let made = add(&app, &admin, json!({"name": "exit 1", "url": format!("http://anna:sesame@127.0.0.1:{port}")})).await;
    let masked = format!("http://***@127.0.0.1:{port}");
    assert_eq!(
        (&made["name"], &made["url"], &made["source"], &made["status"]),
        (&json!("exit 1"), &json!(masked), &json!("admin"), &json!("working"))
    );
    let one = format!("{PATH}/{}", made["proxy_id"].as_str().unwrap());
    let page = json!({"url": app.url("/p/fjell-hiking-boots")});
    let test = async || app.call(&admin, Method::POST, &format!("{one}/test"), Some(page.clone())).await.json();
    let tested = test().await;
    assert_eq!((&tested["success"], &tested["outcome"]), (&json!(true), &json!("offer")), "{tested}");

    // What was shown is saved back.
    let answer = app.call(&admin, Method::PUT, &one, Some(json!({"url": masked, "name": "exit 2"}))).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (200, &json!("exit 2")));
    assert_eq!(test().await["success"], true, "user and password are what they were");
    let moved = json!({"url": "http://***@thief.example:1"});
    app.call(&admin, Method::PUT, &one, Some(moved)).await.assert_problem(422, "write user and password again");
    let off = app.call(&admin, Method::PUT, &one, Some(json!({"enabled": false}))).await.json();
    assert_eq!((&off["status"], &off["url"]), (&json!("disabled"), &json!(masked)));

    let wrong = format!("http://anna:wrong@127.0.0.1:{port}");
    app.call(&admin, Method::PUT, &one, Some(json!({"url": wrong, "enabled": true}))).await;
    let failed = test().await;
    assert_eq!(failed["success"], false);
    assert!(failed["detail"].as_str().unwrap().contains("does not accept its user and password"), "{failed}");
    let list = app.get(&admin, PATH).await;
    let row = &list.json()["proxies"][0];
    assert_eq!(row["status"], "paused");
    assert!(row["paused_until"].is_string() && row["problem"].as_str().unwrap().contains("save the right ones"), "{row}");
    for secret in ["sesame", "wrong", "anna"] {
        assert!(!list.text.contains(secret), "{}", list.text);
    }
    let stored = app.plummet.store.list_proxies().await.unwrap();
    assert!(!format!("{stored:?}").contains("wrong"));

    assert_eq!(app.call(&admin, Method::DELETE, &one, None).await.status, 200);
    app.call(&admin, Method::DELETE, &one, None).await.assert_problem(404, "no such proxy");
}

#[tokio::test]
async fn what_is_no_proxy_is_refused_by_name_and_without_its_password() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    for (body, says) in [
        (json!({}), "give its address"),
        (json!({"url": "ftp://anna:sesame@proxy.example:21"}), "`ftp://***@proxy.example:21` is of no kind that Plummet knows"),
        (json!({"url": "sesame"}), "is no URL"),
        (json!({"url": "http://***@proxy.example:1"}), "a new proxy needs its own"),
        (json!({"url": "http://proxy.example:1", "name": "x".repeat(101)}), "1 to 100 characters"),
        (json!({"url": 5}), "`url` must be a text"),
        (json!({"address": "x"}), "no field `address`"),
    ] {
        let answer = app.call(&admin, Method::POST, PATH, Some(body)).await;
        answer.assert_problem(422, says);
        assert!(!answer.text.contains("sesame"), "{}", answer.text);
    }
    add(&app, &admin, json!({"url": "http://proxy.example:1"})).await;
    let again = app.call(&admin, Method::POST, PATH, Some(json!({"url": "http://a:b@proxy.example:1"}))).await;
    again.assert_problem(409, "already taken");
    let nobody = format!("{PATH}/00000000-0000-4000-8000-000000000000");
    app.call(&admin, Method::PUT, &nobody, Some(json!({"enabled": true}))).await.assert_problem(404, "no such proxy");
    app.call(&admin, Method::POST, &format!("{nobody}/test"), Some(json!({"url": "https://a.example/"})))
        .await
        .assert_problem(404, "no such proxy");
}

#[tokio::test]
async fn a_test_opens_no_private_address() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let port = start_proxy().await;
    let made = add(&app, &admin, json!({"url": format!("http://anna:sesame@127.0.0.1:{port}")})).await;
    let test = format!("{PATH}/{}/test", made["proxy_id"].as_str().unwrap());
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let private = format!("http://127.0.0.1:{}/", inside.local_addr().unwrap().port());
    for url in [private.as_str(), "http://169.254.169.254/latest/meta-data", "http://metadata.google.internal/"] {
        let answer = app.call(&admin, Method::POST, &test, Some(json!({"url": url}))).await;
        assert_ne!(answer.status, 500);
        assert!(answer.status != 200 || answer.json()["success"] == false, "{url}: {}", answer.text);
    }
    assert!(futures::FutureExt::now_or_never(inside.accept()).is_none(), "nothing was sent there");
    app.call(&admin, Method::POST, &test, Some(json!({}))).await.assert_problem(422, "give the link of a page");
}
