//! What of the list is asked for.

use crate::api::text::query_value;

/// Filter, order, words, shop and page. A changed filter begins at the first page again: its links say no page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The filter's word.
    pub show: String,
    /// The order's word.
    pub sort: String,
    /// Words in name or link.
    pub words: String,
    /// One shop, or nothing for all.
    pub shop: String,
    /// The page, counted from 1.
    pub page: u32,
}

impl Asked {
    /// The link to another filter of the same list.
    pub fn link_with(&self, show: &str) -> String {
        let parts = [("show", show), ("sort", &self.sort), ("q", &self.words), ("shop", &self.shop)];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, value)| !value.is_empty() && *value != "all")
            .map(|(name, value)| format!("{name}={}", query_value(value)))
            .collect();
        if parts.is_empty() { "/".into() } else { format!("/?{}", parts.join("&")) }
    }

    /// The link to another page of the same list.
    pub fn link_to(&self, page: u32) -> String {
        let link = self.link_with(&self.show);
        let sign = if link.contains('?') { '&' } else { '?' };
        if page <= 1 { link } else { format!("{link}{sign}page={page}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_hold_what_is_asked_for_and_nothing_empty() {
        let asked = Asked { sort: "price".into(), words: "a&b c".into(), page: 2, ..Asked::default() };
        assert_eq!(asked.link_with("fell"), "/?show=fell&sort=price&q=a%26b+c");
        assert_eq!(asked.link_to(3), "/?sort=price&q=a%26b+c&page=3");
        assert_eq!(Asked::default().link_to(1), "/");
        assert_eq!(Asked::default().link_to(2), "/?page=2");
    }
}
