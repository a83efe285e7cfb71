//! Buttons that put the product into the cart.

use crate::document::Document;
use crate::markup::{Element, Name};
use crate::text::squash;
use crate::visible::{is_hidden, short_text};

use super::region::is_neighbours;
use super::words::{BUY, BUY_NAMES};

/// A button to buy.
pub(super) struct Button<'a> {
    pub element: Element<'a>,
    /// Not switched off.
    pub is_working: bool,
    pub label: String,
}

/// The buttons to buy that are not a neighbour's, in page order.
pub(super) fn find<'a>(document: &'a Document<'a>, heading: Element<'a>) -> Vec<Button<'a>> {
    let mut found = Vec::new();
    for element in document.elements() {
        if !matches!(element.name(), Name::Button | Name::A | Name::Input | Name::Div | Name::Span) {
            continue;
        }
        let Some(label) = label(element) else { continue };
        let other = |outer: Element<'_>| (is_neighbours(outer) || is_hidden(outer)) && !outer.contains(heading);
        if element.ancestors().take(12).any(other) || is_hidden(element) {
            continue;
        }
        found.push(Button { element, is_working: !is_off(element), label });
        if found.len() >= 20 {
            break;
        }
    }
    found
}

/// The label of a button to buy; `None` for all else.
fn label(element: Element<'_>) -> Option<String> {
    let attributes = element.attribute_text();
    let named = || {
        ["id", "class", "name", "data-testid", "data-action"].iter().any(|name| {
            element.attr(name).is_some_and(|value| {
                let value = squash(&value);
                BUY_NAMES.iter().any(|word| value.contains(word))
            })
        })
    };
    let text = match element.name() {
        Name::Input => {
            let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
            if !matches!(kind.as_str(), "submit" | "button" | "image") {
                return None;
            }
            element.attr("value").or_else(|| element.attr("alt")).unwrap_or_default().into_owned()
        }
        Name::Button | Name::A => short_text(element, 60)?,
        // Frameworks make buttons of anything, and say so.
        _ if attributes.contains("button") && element.attr("role").is_some_and(|role| role == "button") => {
            short_text(element, 60)?
        }
        _ => return None,
    };
    let lower = text.trim().to_lowercase();
    let says = |label: &str| {
        lower.strip_prefix(label).is_some_and(|rest| {
            let is_short = label.chars().count() <= 8;
            rest.is_empty()
                || (!is_short && !rest.starts_with(char::is_alphabetic))
                || (is_short && rest.trim_start().starts_with(|c: char| !c.is_alphabetic()))
        })
    };
    let is_link = element.name() == Name::A;
    let says_buy = BUY.iter().any(|label| says(label));
    let is_product_link = is_link && element.attr("href").is_some_and(|href| href.starts_with("http") && href.len() > 150);
    (says_buy && !is_product_link || (!is_link && lower.chars().count() < 50 && named())).then_some(lower)
}

fn is_off(element: Element<'_>) -> bool {
    element.has_attr("disabled")
        || element.attr("aria-disabled").is_some_and(|value| value == "true")
        || element.any_class(|class| {
            let class = class.to_ascii_lowercase();
            class == "disabled" || class.ends_with("--disabled") || class.ends_with("-disabled") || class == "is-disabled"
        })
}
