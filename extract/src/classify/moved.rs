//! Whether the final URL still is the listing that is tracked.

use domain::{Platform, ProductUrl};
use url::Url;

/// Where the page went, if it is another listing than the tracked one.
pub(crate) fn find_move(final_url: &str, pinned: &ProductUrl) -> Option<String> {
    if final_url == pinned.url {
        return None;
    }
    let url = Url::parse(final_url).ok()?;
    let parsed = ProductUrl::from_url(url.clone());
    if let Ok(found) = &parsed
        && found.product_id() == pinned.product_id()
    {
        return None;
    }
    let moved = Some(format!("the link now leads to {}; look at it and track that page if it is the same product", shown(&url)));
    if pinned.platform != Platform::GENERIC {
        return moved;
    }
    let before = Url::parse(&pinned.url).ok()?;
    let (from, to) = (segments(&before), segments(&url));
    let is_home = to.is_empty() || (to.len() == 1 && to[0].len() <= 5 && !from.contains(&to[0]) && from.len() > 1);
    let is_parent = to.len() < from.len() && from.starts_with(&to) && url.query().is_none();
    if (is_home && !from.is_empty()) || is_parent || !shares_a_word(&before, &url) {
        return moved;
    }
    None
}

/// Shops put the same product under another path (`/products/x` → `/en/collections/y/x`), so it is enough that the new URL has one
/// telling word or number of the old one's name.
fn shares_a_word(before: &Url, after: &Url) -> bool {
    let words = |url: &Url| -> Vec<String> {
        let text = format!("{}/{}", url.path(), url.query().unwrap_or_default()).to_lowercase();
        let telling =
            |word: &&str| word.chars().count() >= 4 || (word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_digit()));
        let common = |word: &str| {
            [
                "product", "products", "item", "items", "html", "shop", "detail", "index", "catalog", "store", "page", "https",
                "produkt",
            ]
            .contains(&word)
        };
        text.split(|c: char| !c.is_alphanumeric()).filter(telling).filter(|word| !common(word)).map(str::to_owned).collect()
    };
    let (old, new) = (words(before), words(after));
    old.is_empty() || old.iter().any(|word| new.contains(word))
}

fn segments(url: &Url) -> Vec<String> {
    let is_index = |segment: &str| matches!(segment, "" | "index.html" | "index.php" | "home");
    url.path_segments().into_iter().flatten().filter(|segment| !is_index(segment)).map(str::to_lowercase).collect()
}

fn shown(url: &Url) -> String {
    let path: String = url.path().chars().take(80).collect();
    format!("{}{path}", url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(from: &str, to: &str) -> bool {
        find_move(to, &ProductUrl::parse(from).unwrap()).is_some()
    }

    #[test]
    fn a_redirect_to_another_listing_is_a_move() {
        for (from, to) in [
            ("https://www.amazon.de/dp/B08XYZ1234", "https://www.amazon.de/dp/B08XYZ9999"),
            ("https://www.amazon.de/dp/B08XYZ1234", "https://www.amazon.de/"),
            ("https://www.amazon.de/dp/B08XYZ1234", "https://www.amazon.com/dp/B08XYZ1234"),
            ("https://shop.example/products/red-lamp", "https://shop.example/"),
            ("https://shop.example/products/red-lamp", "https://shop.example/en"),
            ("https://shop.example/lamps/red-lamp", "https://shop.example/lamps"),
            ("https://shop.example/products/red-lamp", "https://shop.example/products/blue-chair"),
        ] {
            assert!(moved(from, to), "{from} → {to}");
        }
    }

    #[test]
    fn the_same_listing_under_another_path_is_no_move() {
        for (from, to) in [
            ("https://www.amazon.de/dp/B08XYZ1234", "https://www.amazon.de/Some-Name/dp/B08XYZ1234/ref=x?th=1"),
            (
                "https://shop.example/products/red-lamp",
                "https://www.shop.example/en/collections/all/products/red-lamp?utm_source=x",
            ),
            ("https://shop.example/p/12345", "https://shop.example/lamp-red-12345.html"),
            ("https://shop.example/p?id=77", "https://shop.example/p?id=77&session=1"),
        ] {
            assert!(!moved(from, to), "{from} → {to}");
        }
    }
}
