//! A running Plummet for one test: its own database, its own demo shop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actions::{Instance, NewAccount, Plummet, add_user, create_token};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::user::{Role, Scope, User};
use jobs::{CheckNow, Clock, Jobs, SecretKey};
use secrecy::ExposeSecret;
use serde_json::Value;
use server::config::Config;
use server::demo_shop::{self, Change, DemoShop};
use server::program::Opened;
use server::web::{self, Health};
use store::Store;
use store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The password of every account.
pub const PASSWORD: &str = "correct horse battery";

/// A running Plummet.
pub struct TestApp {
    pub plummet: Plummet,
    pub shop: DemoShop,
    pub port: u16,
    pub stop: CancellationToken,
    router: Router,
    _folder: TempDir,
}

/// Somebody with an API token.
pub struct Person {
    pub user: User,
    pub token: String,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// A header's text, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a problem document of a status whose detail says something.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, says: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().is_some_and(|kind| kind.starts_with("urn:plummet:problem:")), "{problem}");
        assert!(problem["title"].is_string(), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{says}: {problem}");
    }
}

impl TestApp {
    pub async fn start() -> Self {
        TestApp::start_at("http://127.0.0.1:8480").await
    }

    /// The same, reached by a public URL.
    pub async fn start_at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shop, stop) = (DemoShop::new(7), CancellationToken::new());
        tokio::spawn(demo_shop::serve(listener, shop.clone(), stop.clone()));
        let data = folder.path().to_str().unwrap().to_owned();
        let mut config = Config::of([("PLUMMET_DATA".to_owned(), data)].into_iter()).unwrap();
        config.admit_demo_shop(port);
        // Checked when a test asks for it, not by itself.
        config.checks.pace.by_host.clear();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("plummet.db")).await.unwrap());
        let jobs = config.jobs(jobs::Role::All, SocketAddr::from(([127, 0, 0, 1], 8480)), SecretKey::new([7; 32]));
        let jobs = Jobs::start(jobs, store.clone(), Clock::System).await.unwrap();
        let instance = Instance { public_url: public_url.to_owned(), ..Instance::default() };
        let plummet = Plummet::new(store.clone(), jobs.clone(), Clock::System, instance);
        let stopping = CancellationToken::new();
        let health = Health::new(Opened::alone(store), jobs, stopping.clone());
        let router = web::router(plummet.clone(), health);
        TestApp { plummet, shop, port, stop: stopping, router, _folder: folder }
    }

    /// Makes an account with a token.
    pub async fn person(&self, email: &str, role: Role, scope: Scope) -> Person {
        let operator = self.plummet.operator();
        let account = NewAccount {
            email: email.to_owned(),
            password: PASSWORD.to_owned().into(),
            locale: domain::Locale::default(),
            time_zone: "UTC".to_owned(),
        };
        let user = add_user(&operator, account, role).await.unwrap();
        let token = create_token(&operator, email, "test", scope).await.unwrap();
        Person { user, token: token.expose_secret().to_owned() }
    }

    /// Somebody who tracks for themselves.
    pub async fn anna(&self) -> Person {
        self.person("anna@example.org", Role::User, Scope::Track).await
    }

    /// A page of the JSON-LD shop.
    pub fn url(&self, path: &str) -> String {
        format!("http://shop.localhost:{}{path}", self.port)
    }

    /// Sets a product's price in the shop.
    pub fn set_price(&self, product: &str, price: &str) {
        let change = Change { product: Some(product.to_owned()), price: Some(price.to_owned()), ..Change::default() };
        self.shop.change(&change).unwrap();
    }

    /// Checks a product, by its id in an answer.
    pub async fn check(&self, product_id: &Value) {
        let id = product_id.as_str().unwrap().parse().unwrap();
        let done = self.plummet.jobs.check_now(id, Duration::from_secs(20)).await.unwrap();
        assert!(matches!(done, CheckNow::Done(_)), "{done:?}");
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Calls the API as somebody.
    pub async fn call(&self, person: &Person, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", person.token));
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into()),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.call(person, Method::GET, path, None).await
    }

    pub async fn track(&self, person: &Person, body: Value) -> Answer {
        self.call(person, Method::POST, "/api/v1/products/track", Some(body)).await
    }

    /// Opens a page with cookies, as a browser does.
    pub async fn open(&self, path: &str, cookies: &str) -> Answer {
        let request = Request::builder().uri(path).header("accept", "text/html").header("cookie", cookies);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form as a browser without scripts does.
    pub async fn post(&self, path: &str, cookies: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path).header("accept", "text/html");
        request = request.header("cookie", cookies).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(form.to_owned().into()).unwrap()).await
    }
}

/// Where the form of a page posts to: the action that begins with `/api/` and `name`.
#[track_caller]
pub fn action(page: &Answer, name: &str) -> String {
    let start = format!("action=\"/api/{name}");
    let at = page.text.find(&start).unwrap_or_else(|| panic!("no form for {name} in {}", page.text));
    page.text[at + "action=\"".len()..].split('"').next().unwrap().to_owned()
}
