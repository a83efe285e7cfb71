//! Pages that say "no such product" with status 200. One sign is too weak: two independent ones are asked for.

use crate::document::Document;

const PHRASES: &[&str] = &[
    "404",
    "page not found",
    "not found",
    "page can't be found",
    "page cannot be found",
    "couldn't find",
    "could not find",
    "can't find",
    "cannot find",
    "doesn't exist",
    "does not exist",
    "no longer exists",
    "page unavailable",
    "product unavailable",
    "unavailable product",
    "whoops, our bad",
    "looking for something",
    "page you're looking for",
    "page you are looking for",
    "page you requested",
    "this page isn't available",
    "seite nicht gefunden",
    "nicht gefunden",
    "existiert nicht",
    "page introuvable",
    "introuvable",
    "n'existe pas",
    "página no encontrada",
    "no encontrada",
    "no encontrado",
    "no existe",
    "pagina non trovata",
    "non trovata",
    "non esiste",
    "pagina niet gevonden",
    "niet gevonden",
    "nie znaleziono",
    "nie istnieje",
    "página não encontrada",
    "não encontrada",
    "não encontrado",
    "não existe",
    "hittades inte",
    "sidan finns inte",
    "見つかりません",
    "存在しません",
];

/// What shop systems write into their scripts on such pages.
const MARKS: &[&str] =
    &["\"page\":\"/404\"", "\"page\":\"/_error\"", "\"pagetype\":\"404\"", "\"page_type\":\"404\"", "\"template\":\"404\""];

/// The signs that the page is a "not found" page.
pub(crate) fn signs(lower_text: &str, document: &Document<'_>) -> Vec<String> {
    let mut signs = Vec::new();
    let phrase_in = |text: &str| {
        let text = text.to_lowercase().replace('’', "'");
        PHRASES.iter().find(|phrase| crate::availability::contains_phrase(&text, phrase)).copied()
    };
    if let Some(phrase) = phrase_in(&document.title) {
        signs.push(format!("the title says `{phrase}`"));
    }
    if let Some(phrase) =
        document.headings().iter().filter(|heading| heading.chars().count() < 120).find_map(|heading| phrase_in(heading))
    {
        signs.push(format!("the heading says `{phrase}`"));
    }
    if let Some(mark) = MARKS.iter().find(|mark| memchr::memmem::find(lower_text.as_bytes(), mark.as_bytes()).is_some()) {
        signs.push(format!("its script says `{mark}`"));
    }
    if document.meta("prerender-status-code").is_some_and(|status| matches!(status, "404" | "410")) {
        signs.push("the page states status 404".to_owned());
    }
    let marked = |class: &String| {
        let tokens = class.split(['-', '_']).any(|part| matches!(part, "404" | "error404" | "notfound" | "noroute"));
        tokens || class.contains("not-found") || class.contains("page-not-found")
    };
    if let Some(class) = document.body_classes.iter().find(|class| marked(class)) {
        signs.push(format!("the page is of class `{class}`"));
    }
    let named = |link: &str| {
        let path = link.to_ascii_lowercase();
        let path = path.split(['?', '#']).next().unwrap_or_default().to_owned();
        path.rsplit('/').take(2).any(|part| {
            matches!(
                part.trim_end_matches(".html"),
                "404" | "not-found" | "notfound" | "page-not-found" | "pagenotfound" | "unavailable-product"
            )
        })
    };
    if document.canonical.as_deref().is_some_and(named) || document.meta("og:url").is_some_and(named) {
        signs.push("the page calls itself 404".to_owned());
    }
    if document.meta("robots").is_some_and(|robots| robots.to_ascii_lowercase().contains("noindex")) {
        signs.push("the page is not to be indexed".to_owned());
    }
    signs
}
