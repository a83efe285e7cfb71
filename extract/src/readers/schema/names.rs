//! Which of several nodes the URL names: by the node's own URL, or by an id that stands in the page's.

use domain::ProductUrl;
use url::Url;

use super::node::{Graph, Object, list, text};
use crate::context::Context;
use crate::text::squash;

/// The one node that the page's URL, or the tracked one's, names; `None` if none or several are.
pub(super) fn named<'a>(nodes: &[&'a Object], graph: &Graph<'a>, context: &Context) -> Option<&'a Object> {
    let urls: Vec<&Url> = context.pinned_url.iter().chain(context.url.iter()).collect();
    let by_url =
        |node: &&Object| links(node, graph, context).iter().any(|link| urls.iter().any(|url| is_variant_link(link, url)));
    let by_id = |node: &&Object| urls.iter().any(|url| ids(node, graph).iter().any(|id| stands_in(id, url)));
    only(nodes, by_url).or_else(|| only(nodes, by_id))
}

/// Whether one of the node's URLs is the page's.
pub(super) fn is_at(node: &Object, graph: &Graph<'_>, context: &Context) -> bool {
    let urls: Vec<&Url> = context.pinned_url.iter().chain(context.url.iter()).collect();
    links(node, graph, context).iter().any(|link| urls.iter().any(|url| is_same_page(link, url)))
}

/// Whether one of the node's ids stands in the page's URL.
pub(super) fn has_id_in_url(node: &Object, graph: &Graph<'_>, context: &Context) -> bool {
    let urls: Vec<&Url> = context.pinned_url.iter().chain(context.url.iter()).collect();
    ids(node, graph).iter().any(|id| urls.iter().any(|url| stands_in(id, url)))
}

fn only<'a>(nodes: &[&'a Object], holds: impl Fn(&&Object) -> bool) -> Option<&'a Object> {
    let mut found = nodes.iter().filter(|node| holds(node));
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

fn links(node: &Object, graph: &Graph<'_>, context: &Context) -> Vec<Url> {
    let of_node = ["url", "@id", "mainEntityOfPage"].iter().filter_map(|key| text(node, key));
    let of_offers = graph.objects_of(node, "offers").into_iter().filter_map(|offer| text(offer, "url"));
    of_node.chain(of_offers).take(50).filter_map(|link| Url::parse(&context.absolute(&link)?).ok()).collect()
}

fn ids(node: &Object, graph: &Graph<'_>) -> Vec<String> {
    let of = |node: &Object| -> Vec<String> {
        ["sku", "productID", "mpn", "gtin", "gtin13", "gtin12", "gtin14", "gtin8", "isbn", "identifier"]
            .iter()
            .flat_map(|key| list(node, key))
            .filter_map(|value| value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string)))
            .collect()
    };
    let offers = graph.objects_of(node, "offers");
    of(node)
        .into_iter()
        .chain(offers.into_iter().take(50).flat_map(of))
        .map(|id| squash(&id))
        .filter(|id| id.len() >= 4)
        .collect()
}

/// A variant's link: same path, and each of its query's pairs is in the page's; or the fragment says the same.
fn is_variant_link(link: &Url, page: &Url) -> bool {
    let same_listing = link.host_str().map(bare) == page.host_str().map(bare) && path(link) == path(page);
    let pairs: Vec<(String, String)> = link.query_pairs().into_owned().collect();
    let in_page = |pair: &(String, String)| page.query_pairs().any(|(name, value)| name == pair.0 && value == pair.1);
    let by_query = !pairs.is_empty() && pairs.iter().all(in_page);
    let by_fragment = link.fragment().is_some_and(|fragment| fragment.len() > 2 && page.fragment() == Some(fragment));
    same_listing && (by_query || by_fragment || (pairs.is_empty() && page.query().is_none() && link.fragment().is_none()))
}

fn is_same_page(link: &Url, page: &Url) -> bool {
    if let (Ok(left), Ok(right)) = (ProductUrl::from_url(link.clone()), ProductUrl::from_url(page.clone()))
        && left.product_id() == right.product_id()
    {
        return true;
    }
    link.host_str().map(bare) == page.host_str().map(bare) && path(link) == path(page) && !path(link).is_empty()
}

fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn path(url: &Url) -> String {
    url.path().trim_end_matches('/').to_lowercase()
}

/// Whether the id is a whole word of the URL's path, query or fragment.
fn stands_in(id: &str, url: &Url) -> bool {
    let text =
        format!("{}/{}/{}", url.path(), url.query().unwrap_or_default(), url.fragment().unwrap_or_default()).to_lowercase();
    let coarse = text.split(['/', '&', '=', '?', '.', ';', '|']).any(|part| squash(part) == *id);
    coarse || text.split(|c: char| !c.is_alphanumeric()).any(|part| part == id)
}
