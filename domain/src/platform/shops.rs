//! Shops that are told by data alone: adding one is adding a row, and a page with its expectation to the extractor's tests.
//!
//! A URL of such a shop that fits none of its forms is not refused: it stays a generic listing, known by its URL.

use url::Url;

use super::{Listing, Platform};

/// One shop, all its sites. Where ids are a seller's own, as at Rakuten, there are no forms: the URL is the identity.
pub(super) struct Shop {
    pub platform: Platform,
    /// Domains and the only currency of each; an empty text where a site shows several.
    sites: &'static [(&'static str, &'static str)],
    /// Forms of the path of a product's page; see [`matches`].
    forms: &'static [&'static str],
    /// Parameters that choose the listing or its variant; all others are dropped.
    keeps: &'static [&'static str],
    /// The path by the id alone, where the shop takes it.
    by_id: Option<&'static str>,
}

macro_rules! shops {
    ($($word:literal: sites $sites:expr, forms $forms:expr, keeps $keeps:expr, by_id $by_id:expr;)*) => {
        pub(super) const SHOPS: &[Shop] = &[
            $(Shop { platform: Platform($word), sites: &$sites, forms: &$forms, keeps: &$keeps, by_id: $by_id },)*
        ];
    };
}

shops! {
    "target": sites [("target.com", "USD")], forms ["p/*/-/A-{d}", "p/-/A-{d}", "p/*/A-{d}", "p/A-{d}"], keeps ["preselect"], by_id Some("/p/-/A-{id}");
    "bestbuy": sites [("bestbuy.com", "USD")], forms ["site/*/{d}.p", "site/{d}.p", "product/**/sku/{d}"], keeps [], by_id Some("/site/{id}.p");
    "bestbuy_ca": sites [("bestbuy.ca", "CAD")], forms ["*/product/*/{d}"], keeps [], by_id None;
    "newegg": sites [("newegg.com", "USD"), ("newegg.ca", "CAD")], forms ["p/{w}", "*/p/{w}"], keeps ["Item"], by_id Some("/p/{id}");
    "costco": sites [("costco.com", "USD"), ("costco.ca", "CAD"), ("costco.co.uk", "GBP")],
        forms ["**/*.product.{d}.html", "p/-/*/{d}", "**/p/{d}"], keeps [], by_id None;
    "homedepot": sites [("homedepot.com", "USD"), ("homedepot.ca", "CAD")], forms ["p/*/{d}", "p/{d}", "product/*/{d}"], keeps [], by_id None;
    "etsy": sites [("etsy.com", "")], forms ["listing/{d}", "listing/{d}/*", "*/listing/{d}", "*/listing/{d}/*"], keeps ["variation0", "variation1"], by_id Some("/listing/{id}");
    "aliexpress": sites [("aliexpress.com", ""), ("aliexpress.us", "USD")], forms ["item/{d}.html", "item/*/{d}.html"], keeps [], by_id Some("/item/{id}.html");
    "ikea": sites [("ikea.com", "")], forms ["*/*/p/*-{d}", "*/*/p/*-s{d}"], keeps [], by_id None;
    "zalando": sites [
        ("zalando.de", "EUR"), ("zalando.at", "EUR"), ("zalando.ch", "CHF"), ("zalando.fr", "EUR"), ("zalando.it", "EUR"), ("zalando.es", "EUR"),
        ("zalando.nl", "EUR"), ("zalando.be", "EUR"), ("zalando.ie", "EUR"), ("zalando.fi", "EUR"), ("zalando.pl", "PLN"), ("zalando.se", "SEK"),
        ("zalando.dk", "DKK"), ("zalando.no", "NOK"), ("zalando.co.uk", "GBP"), ("zalando.cz", "CZK"), ("zalando.pt", "EUR"), ("zalando.ro", "RON"),
        ("zalando.sk", "EUR"), ("zalando.hu", "HUF"), ("zalando.si", "EUR"), ("zalando.lt", "EUR"), ("zalando.lv", "EUR"), ("zalando.ee", "EUR"),
    ], forms ["*-{z}.html"], keeps [], by_id None;
    "mediamarkt": sites [
        ("mediamarkt.de", "EUR"), ("mediamarkt.at", "EUR"), ("mediamarkt.es", "EUR"), ("mediamarkt.nl", "EUR"), ("mediamarkt.be", "EUR"),
        ("mediamarkt.pl", "PLN"), ("mediamarkt.ch", "CHF"), ("mediamarkt.hu", "HUF"), ("mediamarkt.com.tr", "TRY"),
    ], forms ["*/product/*-{d}.html"], keeps [], by_id None;
    "saturn": sites [("saturn.de", "EUR")], forms ["*/product/*-{d}.html"], keeps [], by_id None;
    "otto": sites [("otto.de", "EUR")], forms ["p/*-{w}"], keeps ["variationId"], by_id None;
    "fnac": sites [("fnac.com", "EUR"), ("fnac.es", "EUR"), ("fnac.pt", "EUR"), ("fnac.be", "EUR"), ("fnac.ch", "CHF")],
        forms ["a{d}/*", "mp{d}/*", "*/a{d}/*"], keeps [], by_id None;
    "cdiscount": sites [("cdiscount.com", "EUR")], forms ["**/f-*-{w}.html"], keeps [], by_id None;
    "bol": sites [("bol.com", "EUR")], forms ["*/*/p/*/{d}"], keeps [], by_id None;
    "coolblue": sites [("coolblue.nl", "EUR"), ("coolblue.be", "EUR"), ("coolblue.de", "EUR")],
        forms ["product/{d}", "product/{d}/*", "*/product/{d}", "*/product/{d}/*", "*/produkt/{d}/*", "produkt/{d}/*"], keeps [], by_id None;
    "argos": sites [("argos.co.uk", "GBP"), ("argos.ie", "EUR")], forms ["product/{d}"], keeps [], by_id Some("/product/{id}");
    "currys": sites [("currys.co.uk", "GBP"), ("currys.ie", "EUR")], forms ["products/*-{d}.html", "**/*-{d}-pdt.html"], keeps [], by_id None;
    "johnlewis": sites [("johnlewis.com", "GBP")], forms ["*/p{d}", "*/*/p{d}"], keeps [], by_id None;
    "flipkart": sites [("flipkart.com", "INR")], forms ["*/p/{w}"], keeps ["pid"], by_id None;
    "mercadolibre": sites [
        ("mercadolivre.com.br", "BRL"), ("mercadolibre.com.ar", "ARS"), ("mercadolibre.com.mx", "MXN"), ("mercadolibre.cl", "CLP"),
        ("mercadolibre.com.co", "COP"), ("mercadolibre.com.uy", "UYU"), ("mercadolibre.com.pe", "PEN"),
    ], forms ["*/p/ML{w}", "p/ML{w}"], keeps ["variation"], by_id None;
    "rakuten": sites [("item.rakuten.co.jp", "JPY")], forms [], keeps [], by_id None;
    "allegro": sites [("allegro.pl", "PLN"), ("allegro.cz", "CZK"), ("allegro.sk", "EUR"), ("allegro.hu", "HUF")],
        forms ["oferta/*-{d}", "oferta/{d}", "nabidka/*-{d}", "ponuka/*-{d}", "ajanlat/*-{d}"], keeps [], by_id None;
    "apple": sites [("apple.com", "")], forms ["shop/product/{w}", "shop/product/{w}/*", "*/shop/product/{w}/**"], keeps [], by_id None;
    "nike": sites [("nike.com", "")], forms ["t/*/{w}", "*/t/*/{w}", "*/*/t/*/{w}"], keeps [], by_id None;
    "steam": sites [("store.steampowered.com", "")], forms ["app/{d}", "app/{d}/*"], keeps [], by_id Some("/app/{id}/");
}

/// The shop that owns a host: its domain, with at most one name such as `www` before it.
pub(super) fn of_host(host: &str) -> Option<(&'static Shop, &'static str, &'static str)> {
    SHOPS.iter().find_map(|shop| {
        let (domain, currency) = shop.sites.iter().find(|(domain, _)| owns(domain, host))?;
        Some((shop, *domain, *currency))
    })
}

fn owns(domain: &str, host: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| {
        before.is_empty() || before.strip_suffix('.').is_some_and(|name| !name.is_empty() && !name.contains('.'))
    })
}

/// The listing that a URL of a shop names; `None` for all other pages.
pub(super) fn listing(url: &Url) -> Option<(Platform, Listing)> {
    let host = url.host_str()?;
    let (shop, domain, _) = of_host(host)?;
    let segments: Vec<&str> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let id = shop.forms.iter().find_map(|form| matches(form, &segments))?;
    let mut kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| shop.keeps.iter().any(|kept| name == kept) && !value.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    kept.sort();
    // Where the country is a part of the path, it is a part of the identity: other country, other prices.
    let country: String = if shop.sites.iter().any(|(_, currency)| currency.is_empty()) {
        let of_country =
            segments.iter().take(2).take_while(|segment| segment.len() == 2 || (segment.len() == 5 && segment.contains('-')));
        of_country.map(|segment| format!("/{}", segment.to_ascii_lowercase())).collect()
    } else {
        String::new()
    };
    let variant: String = kept.iter().map(|(_, value)| format!(":{value}")).collect();
    let external_id = format!("{domain}{country}:{id}{variant}");
    let mut canonical = url.clone();
    canonical.set_scheme("https").ok()?;
    canonical.set_port(None).ok()?;
    canonical.set_fragment(None);
    canonical.set_query(None);
    if let Some(path) = shop.by_id.filter(|_| country.is_empty()) {
        canonical.set_path(&path.replace("{id}", &id));
    }
    if !kept.is_empty() {
        canonical.query_pairs_mut().extend_pairs(&kept);
    }
    Some((shop.platform, Listing { external_id, url: canonical }))
}

/// The URL of a listing by its id, on a site or on the shop's first one.
pub(super) fn url_by_id(shop: &Shop, site: Option<&str>, id: &str) -> Option<String> {
    let domain = match site {
        Some(host) => of_host(host)?.1,
        None => shop.sites.first()?.0,
    };
    let fits = !id.is_empty() && id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let host = if domain.matches('.').count() > 1 && !domain.contains(".co.") && !domain.contains(".com.") {
        domain.to_owned()
    } else {
        format!("www.{domain}")
    };
    fits.then(|| Some(format!("https://{host}{}", shop.by_id?.replace("{id}", id)))).flatten()
}

/// Matches a path against a form, and gives the id in it.
///
/// A form is segments: text as it is (in any case), `*` for anything, `**` for any number of segments; `{d}` is an id of five digits
/// or more, `{w}` one of letters, digits and dashes with a digit in it, `{z}` one of two parts as Zalando has them. What stands
/// around an id in its segment must be there; `*` before it stands for anything.
fn matches(form: &str, segments: &[&str]) -> Option<String> {
    let parts: Vec<&str> = form.split('/').collect();
    match_parts(&parts, segments, None)
}

fn match_parts(parts: &[&str], segments: &[&str], id: Option<String>) -> Option<String> {
    let Some((part, parts_left)) = parts.split_first() else { return id.filter(|_| segments.is_empty()) };
    if *part == "**" {
        return (0..=segments.len()).find_map(|skip| match_parts(parts_left, &segments[skip..], id.clone()));
    }
    let (segment, segments_left) = segments.split_first()?;
    if *part == "*" {
        return match_parts(parts_left, segments_left, id);
    }
    let Some(open) = part.find('{') else {
        return segment.eq_ignore_ascii_case(part).then(|| match_parts(parts_left, segments_left, id)).flatten();
    };
    let found = match_id(&part[..open], part.as_bytes()[open + 1], &part[open + 3..], segment)?;
    match_parts(parts_left, segments_left, Some(found))
}

fn match_id(before: &str, kind: u8, after: &str, segment: &str) -> Option<String> {
    let segment = segment.strip_suffix(after)?;
    let inner = match before.strip_prefix('*') {
        None => segment.strip_prefix(before)?,
        Some(mark) if kind == b'z' => {
            // `name-mu312m00l-c11`: the last two parts.
            let (rest, last) = segment.rsplit_once('-')?;
            let (_, first) = rest.rsplit_once(mark.chars().next()?)?;
            let fits = first.len() == 9 && last.len() == 3;
            return fits.then(|| format!("{first}-{last}").to_ascii_uppercase());
        }
        Some(mark) => segment.rsplit_once(mark)?.1,
    };
    let fits = match kind {
        b'd' => inner.len() >= 3 && inner.len() <= 20 && inner.bytes().all(|byte| byte.is_ascii_digit()),
        _ => {
            inner.len() >= 4
                && inner.len() <= 40
                && inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && inner.bytes().any(|byte| byte.is_ascii_digit())
        }
    };
    fits.then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_of_the_table_are_known_by_their_ids() {
        for (url, platform, id) in [
            ("https://www.target.com/p/red-lamp/-/A-12345678?preselect=1#x", "target", "target.com:12345678:1"),
            ("https://www.bestbuy.com/site/lamp/6644753.p?skuId=6644753", "bestbuy", "bestbuy.com:6644753"),
            ("https://www.bestbuy.ca/en-ca/product/lamp/14928523", "bestbuy_ca", "bestbuy.ca:14928523"),
            ("https://www.newegg.com/lamp/p/N82E16828840014", "newegg", "newegg.com:N82E16828840014"),
            ("https://www.costco.com/red-lamp.product.100432602.html", "costco", "costco.com:100432602"),
            ("https://www.homedepot.com/p/Red-Lamp/312345678", "homedepot", "homedepot.com:312345678"),
            ("https://www.etsy.com/de/listing/230389421/red-lamp?ref=x", "etsy", "etsy.com/de:230389421"),
            ("https://de.aliexpress.com/item/1005010634898912.html", "aliexpress", "aliexpress.com:1005010634898912"),
            ("https://www.ikea.com/gb/en/p/fjantig-hook-black-60347102/", "ikea", "ikea.com/gb/en:60347102"),
            ("https://www.zalando.ie/mustang-winter-boots-mu312m00l-c11.html", "zalando", "zalando.ie:MU312M00L-C11"),
            ("https://www.mediamarkt.de/de/product/_red-lamp-2812345.html", "mediamarkt", "mediamarkt.de:2812345"),
            ("https://www.argos.co.uk/product/4667999?clickSR=x", "argos", "argos.co.uk:4667999"),
            ("https://www.johnlewis.com/red-lamp/p4567890", "johnlewis", "johnlewis.com:4567890"),
            ("https://www.flipkart.com/red-lamp/p/itm123abc456?pid=LMP1", "flipkart", "flipkart.com:itm123abc456:LMP1"),
            ("https://allegro.pl/oferta/red-lamp-12345678901", "allegro", "allegro.pl:12345678901"),
            ("https://store.steampowered.com/app/220/HalfLife_2/", "steam", "store.steampowered.com:220"),
            ("https://www.nike.com/gb/t/air-force-1-07/CT2302-100", "nike", "nike.com/gb:CT2302-100"),
        ] {
            let (found, listing) = listing(&Url::parse(url).unwrap()).unwrap_or_else(|| panic!("{url}"));
            assert_eq!((found.as_str(), listing.external_id.as_str()), (platform, id), "{url}");
            let again = super::listing(&listing.url).map(|(_, again)| again);
            assert_eq!(again, Some(listing), "{url}: the canonical URL names the same listing");
        }
    }

    #[test]
    fn other_pages_and_other_hosts_are_not_of_the_table() {
        for url in [
            "https://www.target.com/c/lamps",
            "https://www.bestbuy.com/site/searchpage.jsp?st=lamp",
            "https://target.com.evil.example/p/x/-/A-12345678",
            "https://nottarget.com/p/x/-/A-12345678",
            "https://www.zalando.de/lampen/",
        ] {
            assert_eq!(listing(&Url::parse(url).unwrap()), None, "{url}");
        }
    }

    #[test]
    fn every_currency_of_the_table_is_one() {
        for (domain, currency) in SHOPS.iter().flat_map(|shop| shop.sites) {
            assert!(currency.is_empty() || crate::money::Currency::from_code(currency).is_some(), "{domain}");
        }
    }
}
