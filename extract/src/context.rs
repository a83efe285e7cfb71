//! What is known about a page before its data is read: where it is, and what its language and country are.

use domain::{Currency, Platform};
use url::Url;

use crate::page::Pin;
use crate::price_text::{Country, Hints, mark_of_language};

/// The surroundings of a page's data.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// Final URL.
    pub url: Option<Url>,
    /// The tracked listing's URL: its query names the variant.
    pub pinned_url: Option<Url>,
    /// The shop system of the final URL's host.
    pub platform: Platform,
    /// The marketplace's only currency.
    pub host_currency: Option<Currency>,
    /// The currency of the history.
    pub pinned_currency: Option<Currency>,
    page_currency: Option<Currency>,
    country: Option<Country>,
    language: Option<String>,
}

impl Context {
    pub(crate) fn new(url: &str, pin: &Pin<'_>) -> Self {
        let url = Url::parse(url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        Context {
            platform: Platform::of_host(host),
            host_currency: domain::platform::currency_of_host(host),
            country: Country::of_host(host),
            pinned_url: Url::parse(&pin.product.url).ok(),
            pinned_currency: pin.currency,
            page_currency: None,
            language: None,
            url,
        }
    }

    /// Adds what the document says about itself: `<html lang>`, `og:locale`.
    pub(crate) fn learn_language(&mut self, tag: &str) {
        if self.country.is_none() {
            self.country = Country::of_language_tag(tag);
        }
        self.language.get_or_insert_with(|| tag.to_owned());
    }

    /// Adds the one currency that the page's scripts name.
    pub(crate) fn learn_currency(&mut self, currency: Option<Currency>) {
        self.page_currency = self.page_currency.or(currency);
    }

    /// The hints for a string whose companion field names `currency`. The marketplace comes next; the user's history comes last,
    /// and only settles what is ambiguous: a page's own sign is never overruled by it.
    pub(crate) fn hints(&self, currency: Option<Currency>) -> Hints {
        let by_country = self.country.and_then(Country::decimal_mark);
        let by_language = self.language.as_deref().and_then(mark_of_language);
        Hints {
            currency: currency.or(self.host_currency).or(self.page_currency).or(self.pinned_currency),
            country: self.country,
            // Country and language disagree on `de` pages of a Swiss shop: then neither settles `1.299`.
            decimal_mark: match (by_country, by_language) {
                (Some(country), Some(language)) if country != language => None,
                (country, language) => country.or(language),
            },
        }
    }

    /// The currency of a bare number without a companion field.
    pub(crate) fn bare_currency(&self) -> Option<Currency> {
        self.host_currency.or(self.page_currency).or(self.pinned_currency)
    }

    /// An absolute http or https URL, as the page's links mean it.
    pub(crate) fn absolute(&self, link: &str) -> Option<String> {
        let link = link.trim();
        if link.is_empty() || link.starts_with("data:") {
            return None;
        }
        let url = match &self.url {
            Some(base) => base.join(link).ok()?,
            None => Url::parse(link).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then(|| url.into())
    }
}
