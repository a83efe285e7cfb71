//! Human checks and bot walls of the main vendors.
//!
//! Their scripts are on normal pages too, so a name alone proves nothing: what counts here stands on challenge pages only, and even
//! then the page's own product data outweighs it.

use crate::document::Document;

/// A text of challenge pages, lower-cased, and whose it is.
const MARKS: &[(&str, &str)] = &[
    ("/errors/validatecaptcha", "Amazon"),
    ("api-services-support@amazon.com", "Amazon"),
    ("click the button below to continue shopping", "Amazon"),
    ("opfcaptcha", "Amazon"),
    ("awswafcookiedomainlist", "AWS WAF"),
    ("gokuprops", "AWS WAF"),
    ("awswafintegration.getchallenge", "AWS WAF"),
    ("id=\"px-captcha\"", "PerimeterX"),
    ("id='px-captcha'", "PerimeterX"),
    ("px-captcha-wrapper", "PerimeterX"),
    ("captcha.px-cdn.net", "PerimeterX"),
    ("sec-if-cpt-container", "Akamai"),
    ("sec-cpt-if", "Akamai"),
    ("errors.edgesuite.net", "Akamai"),
    ("cookiefailure", "Akamai"),
    ("triggerinterstitialchallenge", "Akamai"),
    ("bm-verify=", "Akamai"),
    ("_cf_chl_opt", "Cloudflare"),
    ("cf-browser-verification", "Cloudflare"),
    ("id=\"cf-error-details\"", "Cloudflare"),
    ("challenge-error-text", "Cloudflare"),
    ("geo.captcha-delivery.com", "DataDome"),
    ("ct.captcha-delivery.com", "DataDome"),
    ("incapsula incident id", "Imperva"),
    ("pardon our interruption", "Imperva"),
    ("distil_r_captcha", "Imperva"),
    ("kpsdk.v", "Kasada"),
    ("/ips.js?", "Kasada"),
    ("istl-infinite-loop", "Shape"),
    ("istlwashere", "Shape"),
    ("bobcmn", "F5"),
    ("/tspd/", "F5"),
    ("the requested url was rejected. please consult with your administrator", "F5"),
    ("_____tmd_____/punish", "Alibaba"),
    ("x5secdata", "Alibaba"),
    ("punish-component", "Alibaba"),
    ("splashui/challenge", "eBay"),
    ("pardon our interruption...", "eBay"),
    ("sucuri_cloudproxy_js", "Sucuri"),
    ("ddos-guard", "DDoS-Guard"),
    ("challenges.cloudflare.com/turnstile", "Cloudflare"),
    ("queue-it.net/softblock", "Queue-it"),
];

/// Headings of challenge pages, lower-cased: the whole title, or its beginning.
const TITLES: &[&str] = &[
    "access denied",
    "access to this page has been denied",
    "just a moment",
    "attention required",
    "robot check",
    "robot or human",
    "are you a human",
    "are you human",
    "bot verification",
    "human verification",
    "verify you are human",
    "verification required",
    "security check",
    "security challenge",
    "captcha",
    "pardon our interruption",
    "please verify",
    "checking your browser",
    "ddos protection",
    "request blocked",
    "you have been blocked",
    "403 forbidden",
    "forbidden",
    "javascript is disabled",
    "zugriff verweigert",
    "accès refusé",
    "acceso denegado",
    "accesso negato",
    "sicherheitsüberprüfung",
    "验证码",
    "安全验证",
    "ロボット",
];

/// What people read on challenge pages: believed only where little else is on the page.
const SENTENCES: &[&str] = &[
    "enter the characters you see below",
    "to discuss automated access",
    "press & hold",
    "verify you are a human",
    "verify that you are not a robot",
    "verify you're not a robot",
    "confirm you are human",
    "unusual traffic",
    "unusual activity",
    "automated access",
    "please enable js and disable any ad blocker",
    "enable javascript and cookies to continue",
    "slide to verify",
    "slide right to",
    "we need to make sure you're not a robot",
    "you don't have permission to access",
    "acesse sua conta",
    "bitte bestätigen sie, dass sie kein roboter sind",
    "vérifiez que vous êtes un humain",
    "log in to continue",
    "sign in to continue",
];

/// More visible text than this is no challenge page, unless its title says so too.
const SHORT_TEXT: usize = 1_500;

/// The evidence that this is a challenge page: vendor and mark. Call it only for pages without product data of their own.
pub(crate) fn find_challenge(lower_text: &str, document: &Document<'_>) -> Option<(String, String)> {
    let title = document.title.to_lowercase();
    let heading = document.headings().first().map(|heading| heading.to_lowercase()).unwrap_or_default();
    let named = TITLES.iter().find(|known| starts_with_phrase(&title, known) || starts_with_phrase(&heading, known));
    if let Some(named) = named {
        return Some(("a wall".to_owned(), (*named).to_owned()));
    }
    if document.text_chars > SHORT_TEXT {
        return None;
    }
    let mark = MARKS.iter().find(|(mark, _)| memchr::memmem::find(lower_text.as_bytes(), mark.as_bytes()).is_some());
    if let Some((mark, vendor)) = mark {
        return Some(((*vendor).to_owned(), (*mark).to_owned()));
    }
    let sentence = SENTENCES.iter().find(|sentence| lower_text.contains(*sentence));
    sentence.map(|sentence| ("a wall".to_owned(), (*sentence).to_owned()))
}

/// The same for a body that is not parsed, as an error status has it: marks alone, because the status speaks for them.
pub(crate) fn find_mark(lower_text: &str) -> Option<&'static str> {
    let text = lower_text.as_bytes();
    MARKS.iter().find(|(mark, _)| memchr::memmem::find(text, mark.as_bytes()).is_some()).map(|(_, vendor)| *vendor)
}

fn starts_with_phrase(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
}
