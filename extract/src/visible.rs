//! What a visitor may see below an element: its text, and whether it is struck.

use crate::markup::{Element, Name, Part};
use crate::text::collapse;

/// The text that a visitor may see below an element, collapsed: no scripts, styles or templates.
pub(crate) fn visible_text(element: Element<'_>) -> String {
    collapse(&gather(element, 20_000, |inner| is_unseen(inner.name())), 4_000)
}

/// The text below an element without what is struck or hidden in it, if it is no longer than `max` characters.
pub(crate) fn standing_text(element: Element<'_>, max: usize) -> Option<String> {
    let text = gather(element, max * 8, |inner| is_unseen(inner.name()) || strikes(inner) || is_hidden(inner));
    (text.len() < max * 8).then(|| collapse(&text, max + 1)).filter(|text| text.chars().count() <= max)
}

/// Hidden by an attribute of its own. What a stylesheet hides is not known; `aria-hidden` hides nothing from the eye.
pub(crate) fn is_hidden(element: Element<'_>) -> bool {
    let attributes = element.attribute_text();
    (attributes.contains("hidden") && element.has_attr("hidden"))
        || (attributes.contains("none") && {
            let style = element.attr("style").unwrap_or_default().to_ascii_lowercase();
            style.split(';').any(|rule| {
                rule.split_once(':').is_some_and(|(name, value)| {
                    name.trim() == "display" && value.trim().trim_end_matches("!important").trim() == "none"
                })
            })
        })
}

/// The text below an element, if it is no longer than `max` characters.
pub(crate) fn short_text(element: Element<'_>, max: usize) -> Option<String> {
    let text = gather(element, max * 8, |inner| is_unseen(inner.name()));
    (text.len() < max * 8).then(|| collapse(&text, max + 1)).filter(|text| text.chars().count() <= max)
}

/// Visible text in page order, up to about `max` bytes.
fn gather(element: Element<'_>, max: usize, skips: impl Fn(Element<'_>) -> bool) -> String {
    let mut gathered = Gathered::default();
    for (count, part) in element.walk(skips).enumerate() {
        match part {
            Part::Text(text, goes_on) => gathered.text(&text, goes_on),
            Part::Element(inner) => gathered.open(inner.name(), || inner.any_class(says_cents)),
        }
        if gathered.text.len() >= max || count > max {
            break;
        }
    }
    gathered.text
}

/// Text put together from elements. Digits of different elements stay apart: `249` and `99` are not 24999.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub text: String,
}

impl Gathered {
    /// Adds a text; `goes_on` where no tag stands between it and the text before.
    pub(crate) fn text(&mut self, part: &str, goes_on: bool) {
        let joins = self.text.ends_with(|c: char| c.is_ascii_digit()) && part.starts_with(|c: char| c.is_ascii_digit());
        if joins && !goes_on {
            self.text.push(' ');
        }
        self.text.push_str(part);
    }

    /// An element begins.
    pub(crate) fn open(&mut self, name: Name, has_cents_class: impl FnOnce() -> bool) {
        let is_raised = name == Name::Sup || (name == Name::Span && has_cents_class());
        if is_raised && self.text.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
            push_mark(&mut self.text);
        } else if !is_inline(name) {
            self.text.push(' ');
        }
    }
}

/// A class of cents in an element of their own.
pub(crate) fn says_cents(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    ["cent", "fraction", "endprice", "superscript"].iter().any(|word| class.contains(word))
}

/// Parts cents from the whole by whichever mark does not group it, or `173<sup>34</sup>` would be read as 17334.
fn push_mark(text: &mut String) {
    text.truncate(text.trim_end().len());
    let number = text.rsplit(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).next().unwrap_or_default();
    text.push(if number.contains('.') { ',' } else { '.' });
}

/// Struck by an element, by a style, or by a class token that says so.
pub(crate) fn is_struck(element: Element<'_>) -> bool {
    is_inside(element, 4, strikes)
}

/// Whether the element itself strikes what is in it.
pub(crate) fn strikes(element: Element<'_>) -> bool {
    matches!(element.name(), Name::Del | Name::S | Name::Strike)
        || element.attr("style").is_some_and(|style| style.contains("line-through"))
        || element.any_class(says_struck)
}

/// Whole words of a class name, so that `price-now-was-wrapper` is judged by its words and `gold-price` is not old.
pub(crate) fn says_struck(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    let words: Vec<&str> = class.split(['-', '_']).collect();
    let says = |word: &str| words.contains(&word);
    let names_price = says("price") || says("preis") || says("prix") || words.len() == 1;
    matches!(class.as_str(), "oldprice" | "listprice" | "wasprice" | "crossed")
        || ["strike", "striked", "strikethrough", "stroke", "rrp", "msrp", "uvp"].into_iter().any(says)
        || (["old", "was", "list", "before", "original", "compare"].into_iter().any(says)
            && names_price
            && !says("now")
            && !says("new"))
}

/// Elements whose text nobody sees.
pub(crate) fn is_unseen(name: Name) -> bool {
    use Name::*;
    matches!(name, Script | Style | Noscript | Template | Head | Title | Svg | Iframe | Textarea)
}

fn is_inline(name: Name) -> bool {
    use Name::*;
    matches!(name, Span | B | I | Em | Strong | A | Sup | Sub | Small | Font | Bdi | Bdo | U | Abbr | Mark)
}

/// Whether an element, or one around it up to `levels` in all, `matches`.
pub(crate) fn is_inside(element: Element<'_>, levels: usize, matches: impl Fn(Element<'_>) -> bool) -> bool {
    std::iter::once(element).chain(element.ancestors()).take(levels).any(matches)
}
