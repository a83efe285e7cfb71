//! Set-up, signing in and out, as a browser without scripts does it.

use domain::user::{Role, Scope};
use secrecy::ExposeSecret;

use crate::support::{Answer, PASSWORD, TestApp, action};

/// The session's cookie of an answer, as a browser sends it back.
#[track_caller]
fn session(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("plummet_session=")).expect("a session's cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_account_is_made_by_the_link_and_the_link_works_once() {
    let app = TestApp::start().await;
    let home = app.open("/", "").await;
    assert_eq!((home.status.as_u16(), home.header("location")), (303, "/setup"));
    assert!(app.open("/setup", "").await.text.contains("plummet setup-link"));

    let token = actions::new_setup_link(&app.plummet.operator()).await.unwrap();
    let token = token.expose_secret();
    let page = app.open(&format!("/setup?token={token}"), "").await;
    let to = action(&page, "create_account");
    let form = |token: &str| format!("token={token}&email=anna%40example.org&password=correct+horse+battery");
    app.post(&to, "", &form("wrong"), &[]).await;
    assert!(actions::needs_setup(&app.plummet).await.unwrap(), "a wrong link makes nothing");
    app.post(&to, "", &format!("token={token}&email=anna%40example.org&password=short"), &[]).await;
    assert!(actions::needs_setup(&app.plummet).await.unwrap(), "a short password makes nothing");

    let made = app.post(&to, "", &form(token), &[]).await;
    assert_eq!(made.status, 302, "{}", made.text);
    let cookie = session(&made);
    assert_eq!(app.open("/", &cookie).await.status, 200);
    let viewer = actions::session_viewer(&app.plummet, cookie.split_once('=').unwrap().1).await.unwrap().unwrap();
    assert_eq!((viewer.user.role, viewer.user.email.as_str()), (Role::Admin, "anna@example.org"));

    let again = app.post(&to, "", &form(token).replace("anna", "eve"), &[]).await;
    assert!(again.headers.get("set-cookie").is_none_or(|cookie| !cookie.to_str().unwrap().contains("plummet_session=")));
    assert!(actions::new_setup_link(&app.plummet.operator()).await.is_err(), "there is an account: no more links");
}

#[tokio::test]
async fn signing_in_leads_back_to_a_page_of_this_site_only() {
    let app = TestApp::start().await;
    app.anna().await;
    let gate = app.open("/notifications?page=2", "").await;
    assert_eq!((gate.status.as_u16(), gate.header("location")), (303, "/sign-in?next=%2Fnotifications%3Fpage%3D2"));
    let page = app.open(gate.header("location"), "").await;
    let to = action(&page, "sign_in");
    for (next, leads_to) in [("/notifications", "/notifications"), ("//evil.example", "/"), ("https://evil.example", "/")] {
        let form = format!("email=anna%40example.org&password=correct+horse+battery&next={next}");
        let answer = app.post(&to, "", &form, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, leads_to));
        let cookie = session(&answer);
        assert!(!cookie.contains("Secure"));
        assert_eq!(app.open("/notifications", &cookie).await.status, 200);
    }
    let wrong = app.post(&to, "", "email=anna%40example.org&password=wrong+horse+battery&next=%2F", &[]).await;
    assert!(!wrong.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn over_https_the_cookie_is_secure() {
    let app = TestApp::start_at("https://plummet.example").await;
    app.anna().await;
    let to = action(&app.open("/sign-in", "").await, "sign_in");
    let form = "email=anna%40example.org&password=correct+horse+battery&next=%2F";
    let answer = app.post(&to, "", form, &[("origin", "https://plummet.example")]).await;
    let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cookies.iter().all(|cookie| cookie.contains("; Secure")) && !cookies.is_empty(), "{cookies:?}");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_every_holder_of_the_cookie() {
    let app = TestApp::start().await;
    app.anna().await;
    let signed_in = actions::sign_in(&app.plummet, "anna@example.org", PASSWORD.to_owned().into()).await.unwrap();
    let cookie = format!("plummet_session={}", signed_in.session.expose_secret());
    let page = app.open("/settings", &cookie).await;
    let out = app.post(&action(&page, "sign_out"), &cookie, "", &[]).await;
    assert_eq!(out.status, 302);
    assert!(out.header("clear-site-data").contains("cache"));
    assert_eq!(app.open("/", &cookie).await.header("location"), "/sign-in");
}

#[tokio::test]
async fn what_another_site_makes_a_browser_send_is_refused() {
    let app = TestApp::start().await;
    let anna = app.person("anna@example.org", Role::User, Scope::Track).await;
    let signed_in = actions::sign_in(&app.plummet, &anna.user.email, PASSWORD.to_owned().into()).await.unwrap();
    let cookie = format!("plummet_session={}", signed_in.session.expose_secret());
    let to = action(&app.open("/settings", &cookie).await, "sign_out");
    for headers in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        app.post(&to, &cookie, "", &[headers]).await.assert_problem(403, "another site");
        app.post("/api/v1/products/track", &cookie, "{}", &[headers]).await.assert_problem(403, "another site");
    }
    assert_eq!(app.open("/settings", &cookie).await.status, 200, "still signed in");
}

#[tokio::test]
async fn guessing_is_slowed() {
    let app = TestApp::start().await;
    app.anna().await;
    for _ in 0..5 {
        let wrong = actions::sign_in(&app.plummet, "anna@example.org", "wrong horse battery".to_owned().into()).await;
        assert!(matches!(wrong, Err(actions::ActionError::WrongPassword)));
    }
    let right = actions::sign_in(&app.plummet, "Anna@Example.org", PASSWORD.to_owned().into()).await;
    assert!(matches!(right, Err(actions::ActionError::TooOften { seconds: 1..=10 })), "{right:?}");
}
