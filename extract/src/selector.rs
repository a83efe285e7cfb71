//! A person's own words for where the price stands: a CSS selector, or a JSON pointer into the page's embedded data.

use std::fmt;
use std::sync::Arc;

/// Longer selectors are refused.
pub const MAX_SELECTOR_CHARS: usize = 500;

/// Where the price of one product, or of a whole shop, stands. Checked when it is made, so that a wrong one is refused on saving.
///
/// - `.buy-box .price`: the text of the first element that a CSS selector finds;
/// - `meta[name=price]@content`: an attribute of it;
/// - `/props/pageProps/price`: a JSON pointer (RFC 6901) into whichever script of the page has a value there;
/// - `script#__NEXT_DATA__/props/price`: the same, in the script of that id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector(Arc<Place>);

#[derive(Debug, PartialEq, Eq)]
struct Place {
    text: String,
    kind: Kind,
}

/// The parts of a selector.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A CSS selector, and the attribute to read instead of the text.
    Css { css: String, attribute: Option<String> },
    /// A JSON pointer, and the id of the script to look into.
    Json { script: Option<String>, pointer: String },
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// Nothing was given.
    #[error("give a CSS selector such as `.price`, or a JSON pointer such as `/offers/price`")]
    Empty,
    /// Over [`MAX_SELECTOR_CHARS`].
    #[error("this selector is longer than {MAX_SELECTOR_CHARS} characters; name the element by its own class or id")]
    TooLong,
    /// Not valid CSS.
    #[error("`{0}` is no valid CSS selector; copy one from the browser's inspector")]
    Css(String),
}

impl Selector {
    /// Reads what a person wrote.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SelectorError::Empty);
        }
        if text.chars().count() > MAX_SELECTOR_CHARS {
            return Err(SelectorError::TooLong);
        }
        Ok(Selector(Arc::new(Place { text: text.to_owned(), kind: kind(text)? })))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn kind(text: &str) -> Result<Kind, SelectorError> {
    if text.starts_with('/') {
        return Ok(Kind::Json { script: None, pointer: text.to_owned() });
    }
    if let Some((id, pointer)) = text.strip_prefix("script#").and_then(|rest| rest.split_once('/')) {
        return Ok(Kind::Json { script: Some(id.to_owned()), pointer: format!("/{pointer}") });
    }
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte));
    let (css, attribute) = match text.rsplit_once('@') {
        Some((css, attribute)) if is_name(attribute) => (css, Some(attribute.to_ascii_lowercase())),
        _ => (text, None),
    };
    match scraper::Selector::parse(css) {
        Ok(_) => Ok(Kind::Css { css: css.to_owned(), attribute }),
        Err(_) => Err(SelectorError::Css(text.chars().take(80).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_checked_when_they_are_made() {
        for text in [".price", "#a > b", "meta[name=price]@content", "/offers/0/price", "script#__NEXT_DATA__/props/price"] {
            assert_eq!(Selector::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "  ", "div[", "..x", ">>", &"a".repeat(501)] {
            assert!(Selector::parse(text).is_err(), "{text}");
        }
        let kind_of = |text: &str| format!("{:?}", Selector::parse(text).unwrap().kind());
        assert!(kind_of("meta@content").contains("Some(\"content\")"));
        assert!(kind_of("script#state/a/b").contains("pointer: \"/a/b\""));
    }
}
