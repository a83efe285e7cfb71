//! What a request brings along: the running program, the viewer, the cookies, the formatter. Read by server functions only.

use std::collections::BTreeMap;
use std::sync::Arc;

use actions::{ActionError, Plummet, Viewer};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HeaderName, HeaderValue, REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use crate::api::error::ApiError;
use crate::api::show::Show;

/// The name of the cookie that holds a session's secret.
pub const SESSION_COOKIE: &str = "plummet_session";
/// The name of the cookie that holds the colour theme: `light` or `dark`; without it the system's is used.
const THEME_COOKIE: &str = "theme";
/// The name of the cookie that holds the browser's time zone, set by the shell's script.
const ZONE_COOKIE: &str = "zone";
/// The name of the cookie that holds a sentence for the next page, once.
const FLASH_COOKIE: &str = "flash";
/// The name of the cookie that holds a secret for the next page, once: it is shown there and nowhere else.
const SECRET_COOKIE: &str = "secret_once";
/// How long a session's cookie lasts in the browser: 30 days. The session itself may end earlier.
const SESSION_SECONDS: u32 = 30 * 24 * 60 * 60;
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Who asks, if anybody is signed in. The server provides it to every page and server function.
#[derive(Clone, Debug, Default)]
pub struct CurrentViewer(pub Option<Viewer>);

/// Where the site's built files are: from a plain name (`plummet.js`) to the path below the site's root, with its hash, as in
/// `assets.json`. Empty while no site is built: pages then work without WASM and without style.
#[derive(Clone, Debug, Default)]
pub struct Assets(pub Arc<BTreeMap<String, String>>);

impl Assets {
    /// The path of a built file, if it was built.
    pub fn path(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|path| format!("/{}", path.trim_start_matches('/')))
    }
}

/// The running program.
pub(crate) fn plummet() -> Plummet {
    expect_context::<Plummet>()
}

/// Who asks, if anybody.
pub(crate) fn find_viewer() -> Option<Viewer> {
    use_context::<CurrentViewer>().and_then(|viewer| viewer.0)
}

/// Who asks; sends everybody else to sign-in, or to the first-run page, and back here afterwards.
pub(crate) async fn viewer(plummet: &Plummet) -> Result<Viewer, ApiError> {
    if let Some(viewer) = find_viewer() {
        return Ok(viewer);
    }
    if actions::needs_setup(plummet).await.map_err(fail)? {
        leptos_axum::redirect("/setup");
    } else {
        let next = current_page().filter(|page| page != "/");
        leptos_axum::redirect(&next.map_or("/sign-in".into(), |next| format!("/sign-in?next={}", encode(&next))));
    }
    Err(ApiError::SignInFirst)
}

/// An action's error as a page shows it. Our own faults are logged here, and only here.
pub(crate) fn fail(error: ActionError) -> ApiError {
    if let ActionError::Other(source) = &error {
        tracing::error!(error = format!("{source:#}"), "a page's action failed");
    }
    let error = ApiError::from(error);
    let Some(parts) = parts() else { return error };
    let is_page = parts.method == Method::GET;
    // A form without scripts is sent back to its page: a status of its own would keep it where it is.
    if !is_page && header(ACCEPT).is_some_and(|accept| accept.contains("text/html")) {
        return error;
    }
    answer(match &error {
        ApiError::NotFound { .. } => StatusCode::NOT_FOUND,
        ApiError::SignInFirst if is_page => return error,
        ApiError::SignInFirst => StatusCode::UNAUTHORIZED,
        ApiError::NotAllowed { .. } => StatusCode::FORBIDDEN,
        ApiError::Later { .. } => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Broken | ApiError::Offline => StatusCode::INTERNAL_SERVER_ERROR,
        // A page shows it at its field, and is a good page.
        ApiError::Invalid { .. } | ApiError::DeadLink if is_page => return error,
        ApiError::Invalid { .. } | ApiError::DeadLink => StatusCode::UNPROCESSABLE_ENTITY,
    });
    error
}

/// Answers the page being rendered with a status.
pub(crate) fn answer(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// The formatter for whoever asks: by their profile, else by the browser's language and zone.
pub(crate) fn show() -> Show {
    let now = plummet().clock.now();
    match find_viewer() {
        Some(viewer) => Show::new(viewer.user.locale, &viewer.user.time_zone, now),
        None => Show::new(browser_locale(), &browser_zone(), now),
    }
}

/// The language and region that the browser asks for.
pub(crate) fn browser_locale() -> domain::Locale {
    domain::Locale::negotiate(&header(ACCEPT_LANGUAGE).unwrap_or_default())
}

/// The browser's time zone, `UTC` while it is not known.
pub(crate) fn browser_zone() -> String {
    let known = |zone: &String| jiff::tz::TimeZone::get(zone).is_ok();
    cookie(ZONE_COOKIE).map(|zone| zone.replace("%2F", "/")).filter(known).unwrap_or_else(|| "UTC".into())
}

/// The session's secret from the request's cookies.
pub fn session_secret(cookies: &str) -> Option<String> {
    find_cookie(cookies, SESSION_COOKIE)
}

/// The session's secret of the current request.
pub(crate) fn current_session() -> Option<String> {
    session_secret(&header(COOKIE)?)
}

/// Gives the browser a session.
pub fn set_session_cookie(plummet: &Plummet, secret: &str) {
    set_cookie(plummet, SESSION_COOKIE, secret, SESSION_SECONDS, "; HttpOnly");
}

/// Takes the session from the browser, with everything that was kept for it.
pub fn clear_session_cookie(plummet: &Plummet) {
    set_cookie(plummet, SESSION_COOKIE, "", 0, "; HttpOnly");
    if let Some(response) = use_context::<ResponseOptions>() {
        let all = HeaderValue::from_static("\"cache\", \"storage\"");
        response.insert_header(HeaderName::from_static("clear-site-data"), all);
    }
}

/// The colour theme that was chosen, if any.
pub(crate) fn theme() -> Option<&'static str> {
    match cookie(THEME_COOKIE)?.as_str() {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// Keeps the choice of a colour theme; anything but `light` and `dark` is the system's.
pub(crate) fn set_theme(plummet: &Plummet, theme: &str) {
    match theme {
        "light" | "dark" => set_cookie(plummet, THEME_COOKIE, theme, YEAR_SECONDS, ""),
        _ => set_cookie(plummet, THEME_COOKIE, "", 0, ""),
    }
}

/// Leaves a word for the next page, if this is a form posted without scripts: there it stands as a notice, once.
pub(crate) fn set_flash(plummet: &Plummet, word: &str) {
    if header(ACCEPT).is_some_and(|accept| accept.contains("text/html")) {
        set_cookie(plummet, FLASH_COOKIE, &word.replace(' ', "+"), 60, "; HttpOnly");
    }
}

/// Takes the word that was left by [`set_flash`].
pub(crate) fn take_flash(plummet: &Plummet) -> Option<String> {
    let word = cookie(FLASH_COOKIE)?;
    set_cookie(plummet, FLASH_COOKIE, "", 0, "; HttpOnly");
    Some(word)
}

/// Leaves a secret for the next page, where it is shown once.
pub(crate) fn leave_secret(plummet: &Plummet, secret: &str) {
    set_cookie(plummet, SECRET_COOKIE, secret, 60, "; HttpOnly");
}

/// Takes the secret that was left by [`leave_secret`].
pub(crate) fn take_secret(plummet: &Plummet) -> Option<String> {
    let secret = cookie(SECRET_COOKIE)?;
    set_cookie(plummet, SECRET_COOKIE, "", 0, "; HttpOnly");
    Some(secret)
}

/// A path within this site to go back to after signing in: never another host's.
pub(crate) fn local_path(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next } else { "/" }
}

/// Percent-encodes a text for use in a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Path and query of the page that is shown: of this request, or of the page that called the server function.
fn current_page() -> Option<String> {
    let parts = parts()?;
    if parts.method == Method::GET {
        return Some(parts.uri.path_and_query()?.to_string());
    }
    let referer = header(REFERER)?;
    let path = referer.splitn(4, '/').nth(3)?;
    Some(format!("/{path}"))
}

/// A value of the query of the page that is shown.
pub(crate) fn query_value(name: &str) -> Option<String> {
    let parts = parts()?;
    let pairs = url::form_urlencoded::parse(parts.uri.query()?.as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).next()
}

fn parts() -> Option<Parts> {
    use_context::<Parts>()
}

fn header(name: HeaderName) -> Option<String> {
    parts()?.headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn cookie(name: &str) -> Option<String> {
    find_cookie(&header(COOKIE)?, name)
}

fn find_cookie(cookies: &str, name: &str) -> Option<String> {
    let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value.to_owned()).next()
}

fn set_cookie(plummet: &Plummet, name: &str, value: &str, seconds: u32, more: &str) {
    let secure = if plummet.instance.public_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}{more}");
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let cookies = "my_plummet_session=x; plummet_session=abc; theme=dark";
        assert_eq!(session_secret(cookies), Some("abc".into()));
        assert_eq!(find_cookie("theme=", "theme"), None);
    }

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for (next, path) in [
            ("/products/1?range=7d", "/products/1?range=7d"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil", "/"),
        ] {
            assert_eq!(local_path(next), path);
        }
    }

    #[test]
    fn a_path_survives_being_a_query_value() {
        assert_eq!(encode("/search?q=a b&c"), "/search%3Fq%3Da%20b%26c");
    }
}
