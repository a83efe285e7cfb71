//! Empty answers, and app shells that show nothing before their script has run.

use crate::document::Document;

/// A page with less visible text than this holds no product.
const LITTLE_TEXT: usize = 200;

/// A page with more than this shows something of its own.
const SHORT_TEXT: usize = 1_500;

const SENTENCES: &[&str] =
    &["enable javascript", "javascript to run this app", "javascript aktivieren", "activer javascript", "habilite javascript"];

/// Why the page is a shell. Call it only for pages without product data of their own.
pub(crate) fn find_shell(lower_text: &str, document: &Document<'_>) -> Option<&'static str> {
    if lower_text.trim().is_empty() || lower_text.trim() == "null" {
        return Some("the answer is empty; it is tried again later");
    }
    if document.text_chars < LITTLE_TEXT {
        return Some("the page shows nothing before its script has run; set PLUMMET_BROWSER_URL");
    }
    let roots = ["root", "app", "__next", "__nuxt", "main-app", "react-root"];
    if document.text_chars > SHORT_TEXT {
        return None;
    }
    let hollow = roots
        .iter()
        .filter_map(|id| document.by_id(id))
        .any(|root| crate::visible::visible_text(root).chars().count() < LITTLE_TEXT);
    let asks = SENTENCES.iter().any(|sentence| lower_text.contains(sentence));
    (hollow || (asks && document.headings().is_empty()))
        .then_some("the page shows nothing before its script has run; set PLUMMET_BROWSER_URL")
}
