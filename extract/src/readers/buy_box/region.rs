//! Where the product's own part of the page is: around its heading, without the neighbours' parts.

use crate::document::Document;
use crate::markup::{Element, Name};
use crate::text::squash;
use crate::visible::{is_hidden, is_unseen, visible_text};

use super::buttons::Button;

/// Larger parts are the whole page: only what stands near the heading counts there.
const NEAR: u32 = 1_200;

/// The product's part of the page.
pub(super) struct Region<'a> {
    /// The smallest element around the heading and a button to buy, or a few levels above the heading.
    pub root: Element<'a>,
    pub heading: Element<'a>,
    /// Where the search below the root ends.
    pub end: u32,
}

/// The heading of the product: the first `h1` with a text that is not a part of the site's head or foot.
pub(super) fn heading<'a>(document: &'a Document<'a>, name: Option<&str>) -> Option<Element<'a>> {
    let headings: Vec<Element<'a>> = document
        .elements()
        .filter(|element| element.name() == Name::H1)
        .filter(|heading| !heading.ancestors().any(|outer| is_unseen(outer.name()) || is_hidden(outer)))
        .take(20)
        .collect();
    let text = |heading: &Element<'_>| squash(&visible_text(*heading));
    let titles: Vec<String> = [name, document.meta("og:title"), Some(document.title.as_str())]
        .into_iter()
        .flatten()
        .map(squash)
        .filter(|title| !title.is_empty())
        .collect();
    // Of several headings the one that the product's name or the page's title repeats is the product's; the shop's own name stands
    // at the end of titles.
    let is_named = |heading: &&Element<'_>| {
        let text = text(heading);
        text.chars().count() > 3 && titles.iter().any(|title| title.starts_with(&text) || text.contains(title.as_str()))
    };
    let second = || {
        document
            .elements()
            .filter(|element| matches!(element.name(), Name::H2 | Name::H3))
            .take(60)
            .find(|heading| name.is_some_and(|name| text(heading) == squash(name)))
    };
    let found = headings.iter().find(is_named).copied().or_else(second);
    found.or_else(|| headings.iter().find(|heading| text(heading).chars().count() > 2).copied())
}

impl<'a> Region<'a> {
    /// The smallest element that holds the heading and a button to buy; where there is none, what is around the heading.
    pub(super) fn around(heading: Element<'a>, buttons: &[Button<'a>]) -> Self {
        let with_button = heading
            .ancestors()
            .find(|outer| outer.name() != Name::Html && buttons.iter().any(|button| outer.contains(button.element)));
        let root = with_button
            .or_else(|| heading.ancestors().filter(|outer| !matches!(outer.name(), Name::Html | Name::Body)).nth(3))
            .or_else(|| heading.parent())
            .unwrap_or(heading);
        // Far behind the button the page speaks of other things, even where one element holds it all.
        let last_button = buttons.iter().map(|button| button.element.index()).filter(|at| *at > heading.index()).min();
        let near = last_button.unwrap_or(heading.index()).max(heading.index()) + NEAR / 2;
        Region { root, heading, end: root.end().min(near) }
    }

    /// The elements of the region in page order, without the neighbours' parts.
    pub(super) fn elements(&self) -> Vec<Element<'a>> {
        let start = self.heading.index().saturating_sub(NEAR / 2);
        let mut found = Vec::new();
        let mut skipped_to = 0;
        for element in self.root.descendants() {
            if element.index() < skipped_to || element.index() < start {
                continue;
            }
            if element.index() >= self.end {
                break;
            }
            let is_other = is_unseen(element.name()) || is_hidden(element) || is_neighbours(element);
            if is_other && !element.contains(self.heading) {
                skipped_to = element.end();
                continue;
            }
            found.push(element);
        }
        found
    }

    pub(super) fn holds(&self, element: Element<'_>) -> bool {
        self.root.contains(element) && element.index() < self.end
    }
}

/// Whether an element is of another product, or of the site: by its kind, or by whole words of its names.
pub(super) fn is_neighbours(element: Element<'_>) -> bool {
    if matches!(element.name(), Name::Nav | Name::Footer | Name::Dialog | Name::Select) {
        return true;
    }
    let says = |attribute: &str| element.attr(attribute).is_some_and(|value| names_hold(&value, NEIGHBOUR_NAMES));
    !element.attribute_text().is_empty() && ["class", "id", "data-component", "data-testid"].into_iter().any(says)
}

/// Words that names of other parts of a page begin with; those of two words are told whole.
const NEIGHBOUR_NAMES: &[&str] = &[
    "related",
    "recommend",
    "carousel",
    "similar",
    "upsell",
    "crosssell",
    "cross sell",
    "mini cart",
    "minicart",
    "cart drawer",
    "recently",
    "accessor",
    "sponsor",
    "also bought",
    "alsobought",
    "also like",
    "frequently",
    "newsletter",
    "footer",
    "breadcrumb",
    "reviews",
    "bundle",
    "modal",
    "popup",
    "megamenu",
    "mega menu",
    "complementary",
    "suggest",
    "zubehoer",
    "addon",
    "add on",
    "warranty",
    "protection",
    "financ",
    "installment",
    "instalment",
    "shipping",
    "delivery",
    "swatch",
    "wishlist",
    "toast",
    "tooltip",
    "product card",
    "product tile",
    "product item",
    "other sellers",
    "quick view",
    "quickview",
    "people who",
    "customers who",
    "trade in",
];

/// Whether names (of classes, an id) hold one of the words: as the beginning of a part, parts being split at signs and at capitals.
pub(super) fn names_hold(names: &str, words: &[&str]) -> bool {
    let mut split = String::with_capacity(names.len() + 8);
    let mut before = ' ';
    for c in names.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            split.push(' ');
        }
        split.push(if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
        before = c;
    }
    words.iter().any(|word| split.match_indices(word).any(|(at, _)| at == 0 || split.as_bytes()[at - 1] == b' '))
}
