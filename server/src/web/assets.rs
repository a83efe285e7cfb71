//! The site's built files, embedded: one binary is the whole program.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Assets;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What the site's build leaves in `target/site`.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// What a file may load when it is opened by itself: the offline page its inline style, the service worker our pages.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/// The list of built files: from a logical name to the file's name with its hash. Empty while no site is built.
pub fn list() -> Assets {
    let list: BTreeMap<String, String> =
        Site::get("assets.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    Assets(Arc::new(list))
}

/// The answer for the file at `path` (without its leading slash), if there is one: compressed by the twin that was made at build
/// time where the browser takes it, and not at all where it has the file already.
pub fn answer(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    // Twins are an encoding of a file and the list is for us: neither is a file of the site.
    if path.ends_with(".br") || path.ends_with(".gz") || path == "assets.json" {
        return None;
    }
    let plain = Site::get(path)?;
    let mut answer = Response::builder()
        .header(header::CONTENT_TYPE, content_type(path))
        .header(header::CACHE_CONTROL, if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" })
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "accept-encoding");
    let etag = etag(&plain);
    answer = answer.header(header::ETAG, &etag);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return answer.status(StatusCode::NOT_MODIFIED).body(Body::empty()).ok();
    }
    let twin = accepts_brotli(headers).then(|| Site::get(&format!("{path}.br"))).flatten();
    if twin.is_some() {
        answer = answer.header(header::CONTENT_ENCODING, "br");
    }
    answer.body(body(twin.unwrap_or(plain))).ok()
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes).into(),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    }
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{short}\"")
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepts = |value: &HeaderValue| value.to_str().is_ok_and(is_brotli_accepted);
    headers.get_all(header::ACCEPT_ENCODING).iter().any(accepts)
}

fn is_brotli_accepted(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br") && !parts.any(|part| part == "q=0" || part == "q=0.0")
    })
}

/// Whether a name holds a hash of the content: `plummet.0123456789abcdef.js`, `main-0123abcd.css`. Such a file never changes.
fn is_hashed(path: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    path.starts_with("pkg/") && path.rsplit('/').next().is_some_and(|name| name.split(['.', '-', '_']).any(is_hash))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (path, hashed) in [
            ("pkg/plummet.3f2a9c1e.js", true),
            ("pkg/main-8d0c1b2a3f4e.css", true),
            ("pkg/plummet.js", false),
            ("sw.js", false),
            ("icons/icon.svg", false),
        ] {
            assert_eq!(is_hashed(path), hashed, "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (accepted, yes) in [("gzip, deflate, br", true), ("br;q=0, gzip", false), ("gzip", false), ("br;q=0.5", true)] {
            assert_eq!(is_brotli_accepted(accepted), yes, "{accepted}");
        }
    }

    #[test]
    fn web_assembly_has_the_type_that_browsers_compile_while_it_loads() {
        assert_eq!(content_type("pkg/plummet.3f2a9c1e.wasm"), "application/wasm");
        assert_eq!(content_type("manifest.webmanifest"), "application/manifest+json");
    }
}
