//! Which product is the page's, which are its variants, and which of its offers count.

use super::names;
use super::node::{Graph, Object, is_type, text};
use super::offers::OfferRead;
use crate::context::Context;
use crate::outline::Outline;
use crate::text::squash;

/// The page's main product, as far as it can be told.
pub(super) enum Main<'a> {
    /// This one.
    Sure(&'a Object),
    /// These: one product whose sizes or colours each stand by themselves.
    Variants(Vec<&'a Object>),
    /// Several, and nothing tells them apart.
    Unsure,
    /// There is no product.
    Nothing,
}

/// By the page's URL, then an id in it, then the heading's name; a single product needs none of them.
pub(super) fn main_product<'a>(products: &[&'a Object], graph: &Graph<'a>, outline: &Outline, context: &Context) -> Main<'a> {
    let groups: Vec<&'a Object> = products.iter().copied().filter(|product| is_type(product, &["productgroup"])).collect();
    let products = match groups.as_slice() {
        [only] => return Main::Sure(only),
        _ => products,
    };
    match products {
        [] => return Main::Nothing,
        [only] if names_page(only, outline) || names::is_at(only, graph, context) => return Main::Sure(only),
        [_] => return Main::Unsure,
        _ => {}
    }
    let heading_names: Vec<String> = outline
        .headings()
        .iter()
        .map(String::as_str)
        .chain(outline.meta("og:title"))
        .map(squash)
        .filter(|name| name.len() > 3)
        .collect();
    let is_named = |product: &&Object| text(product, "name").is_some_and(|name| heading_names.contains(&squash(&name)));
    let rules: [&dyn Fn(&&Object) -> bool; 3] =
        [&|product| names::is_at(product, graph, context), &|product| names::has_id_in_url(product, graph, context), &is_named];
    let mut candidates: Vec<&'a Object> = products.to_vec();
    for rule in rules {
        let holding: Vec<&'a Object> = candidates.iter().copied().filter(|product| rule(product)).collect();
        if let [only] = holding.as_slice() {
            return Main::Sure(only);
        }
        // Several at the page's own URL: later rules choose among these.
        if !holding.is_empty() {
            candidates = holding;
        }
    }
    // The same product twice (a template and a plug-in both wrote it), one of them perhaps without offers.
    let with_offers: Vec<&'a Object> =
        candidates.iter().copied().filter(|product| !graph.objects(product, "offers").is_empty()).collect();
    let name = |product: &Object| text(product, "name").map(|name| squash(&name)).filter(|name| !name.is_empty());
    let all_named_alike = candidates.windows(2).all(|pair| name(pair[0]).is_some() && name(pair[0]) == name(pair[1]));
    match with_offers.as_slice() {
        [only] if all_named_alike => Main::Sure(only),
        [_, _, ..] if all_named_alike => Main::Variants(with_offers),
        _ => Main::Unsure,
    }
}

/// Whether the product's name has a word in common with what the page calls itself; a single product with a wholly other name is
/// a neighbour's. A page without a name of its own contradicts nothing.
fn names_page(product: &Object, outline: &Outline) -> bool {
    let page: String = outline.headings().iter().map(String::as_str).chain(outline.meta("og:title")).collect();
    let page = squash(&page);
    let Some(name) = text(product, "name").filter(|_| !page.is_empty()) else { return true };
    let words: Vec<String> = name.split_whitespace().map(squash).filter(|word| !word.is_empty()).collect();
    let telling = |word: &&String| word.chars().count() > 2 || words.len() == 1;
    let is_known = |word: &String| page.contains(word.as_str());
    let mut telling = words.iter().filter(telling).peekable();
    telling.peek().is_none() || telling.any(is_known)
}

/// The variants of a group: `hasVariant`, or a product model's.
pub(super) fn variants<'a>(main: &'a Object, graph: &Graph<'a>) -> Vec<&'a Object> {
    ["hasVariant", "model"]
        .iter()
        .flat_map(|key| graph.objects(main, key))
        .filter(|variant| !graph.objects(variant, "offers").is_empty())
        .take(super::node::MAX_PRODUCTS)
        .collect()
}

/// The offers that may be the tracked one's: the variant that the URL names; new things rather than used ones.
pub(super) fn offers_that_count(offers: Vec<OfferRead>, context: &Context) -> Vec<OfferRead> {
    let offers: Vec<OfferRead> = offers.into_iter().filter(|offer| !offer.is_of_another_variant(context)).collect();
    if offers.len() < 2 {
        return offers;
    }
    let named: Vec<OfferRead> = offers.iter().filter(|offer| offer.is_named_by(context)).cloned().collect();
    let offers = if named.len() == 1 { named } else { offers };
    // Several currencies: the page shows its visitor one of them. Only the history's or the marketplace's is taken.
    let wanted = context.bare_currency();
    let in_wanted: Vec<OfferRead> =
        offers.iter().filter(|offer| wanted.is_some_and(|wanted| offer.currency() == Some(wanted))).cloned().collect();
    let offers = if in_wanted.is_empty() { offers } else { in_wanted };
    let is_new = |offer: &&OfferRead| offer.condition == Some("new");
    let is_other = |offer: &OfferRead| offer.condition.is_some_and(|condition| condition != "new");
    if offers.iter().any(|offer| is_new(&offer)) && offers.iter().any(is_other) {
        return offers.iter().filter(is_new).cloned().collect();
    }
    offers
}
