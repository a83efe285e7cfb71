//! The stock state that the product's part of the page shows.

use domain::Availability;

use crate::availability::read_phrase;
use crate::markup::{Element, Name};
use crate::visible::short_text;

use super::buttons::Button;
use super::region::Region;

/// Longer texts say more than a stock state.
const MAX_CHARS: usize = 90;

/// The state, where it was read, and the text. A line that says "sold out" beside a working button contradicts itself: unknown.
pub(super) fn read(region: &Region<'_>, buttons: &[Button<'_>]) -> (Availability, String, String) {
    let unknown = (Availability::Unknown, String::new(), String::new());
    let button = buttons.iter().find(|button| button.is_working && region.holds(button.element));
    let mut said: Option<(Availability, String, String)> = None;
    for element in region.elements() {
        let names_stock = says_stock(element);
        let is_off_button = matches!(element.name(), Name::Button | Name::Input) && element.has_attr("disabled");
        if !names_stock && !is_off_button {
            continue;
        }
        let Some(text) = short_text(element, MAX_CHARS) else { continue };
        let availability = read_phrase(&text);
        if availability == Availability::Unknown {
            continue;
        }
        let found = (availability, format!("{}.stock", element.tag_name().to_ascii_lowercase()), text);
        match &said {
            None => said = Some(found),
            // Two lines that disagree: of sizes, of branches, or one hidden by a stylesheet.
            Some((known, ..)) if known.is_buyable() != availability.is_buyable() => return unknown,
            Some(_) => {}
        }
    }
    match (said, button) {
        (Some(said), None) => said,
        (Some(said), Some(_)) if said.0.is_buyable() == Some(true) => said,
        (Some(_), Some(_)) => unknown,
        (None, Some(button)) => {
            let is_pre_order = read_phrase(&button.label) == Availability::PreOrder;
            let state = if is_pre_order { Availability::PreOrder } else { Availability::InStock };
            (state, "button".to_owned(), button.label.clone())
        }
        (None, None) => unknown,
    }
}

/// Whether an element calls itself a stock line.
fn says_stock(element: Element<'_>) -> bool {
    const WORDS: &[&str] = &[
        "stock",
        "availab",
        "disponib",
        "lager",
        "verfueg",
        "verfügb",
        "voorraad",
        "beschikbaar",
        "dostupn",
        "dostepn",
        "sklad",
        "soldout",
        "sold-out",
        "sold_out",
        "estoque",
        "skladem",
        "magazyn",
        "nalich",
        "zaloha",
    ];
    ["class", "id", "data-testid", "itemprop"].iter().any(|name| {
        element.attr(name).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            WORDS.iter().any(|word| value.contains(word))
        })
    })
}
