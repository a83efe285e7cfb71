//! The page's tree, parsed once, and an index of what the readers look for, built in one walk.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node, Selector};

use crate::text::collapse;
use crate::visible::{is_struck, is_unseen, short_text, visible_text};

/// Elements that are noted per kind; pages with more are not made by people.
const MAX_NOTED: usize = 5_000;

/// A page's tree with its index.
pub(crate) struct Document {
    html: Html,
    ids: HashMap<String, ego_tree::NodeId>,
    metas: Vec<(String, String)>,
    json_ld: Vec<String>,
    item_scopes: Vec<ego_tree::NodeId>,
    headings: Vec<String>,
    /// `<title>`, collapsed.
    pub title: String,
    /// `<html lang>`.
    pub language: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
    /// Class tokens of `<html>` and `<body>`, lower-cased.
    pub body_classes: Vec<String>,
    /// Characters of visible text, counted up to a few thousand.
    pub text_chars: usize,
}

/// An element whose class, id or attribute calls it a price, with its own short text.
#[derive(Clone, Debug)]
pub(crate) struct PriceElement {
    pub text: String,
    pub is_struck: bool,
}

/// Longer texts hold more than a price.
const MAX_PRICE_CHARS: usize = 40;

impl Document {
    pub(crate) fn parse(text: &str) -> Self {
        let html = Html::parse_document(text);
        let mut document = Document {
            ids: HashMap::new(),
            metas: Vec::new(),
            json_ld: Vec::new(),
            item_scopes: Vec::new(),
            headings: Vec::new(),
            title: String::new(),
            language: None,
            canonical: None,
            body_classes: Vec::new(),
            text_chars: 0,
            html: Html::new_document(),
        };
        for node in html.tree.nodes() {
            match node.value() {
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(node) {
                        document.note(element);
                    }
                }
                Node::Text(text) if document.text_chars < 20_000 => {
                    let hidden = node.parent().and_then(ElementRef::wrap).is_some_and(|parent| is_unseen(parent.value().name()));
                    if !hidden {
                        document.text_chars += text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
                    }
                }
                _ => {}
            }
        }
        document.html = html;
        document
    }

    fn note(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        if let Some(id) = value.id().filter(|_| self.ids.len() < 50_000) {
            self.ids.entry(id.to_owned()).or_insert(element.id());
        }
        if value.attr("itemscope").is_some() && self.item_scopes.len() < MAX_NOTED {
            self.item_scopes.push(element.id());
        }
        match value.name() {
            "meta" if self.metas.len() < MAX_NOTED => {
                let name = value.attr("property").or_else(|| value.attr("name")).or_else(|| value.attr("itemprop"));
                if let (Some(name), Some(content)) = (name, value.attr("content")) {
                    self.metas.push((name.trim().to_ascii_lowercase(), content.trim().to_owned()));
                }
            }
            "script" if self.json_ld.len() < 200 => {
                let kind = value.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
                if kind.starts_with("application/ld+json") || kind == "ld+json" {
                    self.json_ld.push(element.text().collect());
                }
            }
            // SVG pictures have titles too; the page's comes first.
            "title" if self.title.is_empty() => self.title = collapse(&element.text().collect::<String>(), 500),
            "h1" if self.headings.len() < 20 => self.headings.push(collapse(&visible_text(element), 500)),
            "html" => {
                self.language = value.attr("lang").or_else(|| value.attr("xml:lang")).map(str::to_owned);
                self.body_classes.extend(value.classes().map(str::to_ascii_lowercase));
            }
            "body" => {
                self.body_classes.extend(value.classes().map(str::to_ascii_lowercase));
                self.body_classes.extend(value.id().map(str::to_ascii_lowercase));
            }
            "link" if self.canonical.is_none() && value.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.canonical = value.attr("href").map(|href| href.trim().to_owned());
            }
            _ => {}
        }
    }

    /// The element of an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<ElementRef<'_>> {
        self.html.tree.get(*self.ids.get(id)?).and_then(ElementRef::wrap)
    }

    /// Contents of a meta tag by its property, name or itemprop (lower-cased), in page order.
    pub(crate) fn metas<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.metas
            .iter()
            .filter(move |(known, content)| known == name && !content.is_empty())
            .map(|(_, content)| content.as_str())
    }

    /// The first content of a meta tag.
    pub(crate) fn meta(&self, name: &str) -> Option<&str> {
        self.metas(name).next()
    }

    /// Texts of the JSON-LD scripts.
    pub(crate) fn json_ld(&self) -> &[String] {
        &self.json_ld
    }

    /// Elements with `itemscope`, in page order.
    pub(crate) fn item_scopes(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.item_scopes.iter().filter_map(|id| self.html.tree.get(*id).and_then(ElementRef::wrap))
    }

    /// Texts of the `h1` elements.
    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The innermost elements that call themselves a price, in page order.
    pub(crate) fn price_elements(&self) -> Vec<PriceElement> {
        let named = |element: &ElementRef<'_>| {
            let value = element.value();
            let says = |word: &str| {
                ["price", "preis", "prix", "precio", "prezzo", "prijs", "cena", "preco", "amount"]
                    .iter()
                    .any(|name| word.contains(name))
            };
            value.classes().any(|class| says(&class.to_ascii_lowercase()))
                || value.id().is_some_and(|id| says(&id.to_ascii_lowercase()))
                || value.attr("itemprop") == Some("price")
                || value.attr("data-testid").or(value.attr("data-test")).is_some_and(|id| says(&id.to_ascii_lowercase()))
        };
        let elements = self.html.tree.nodes().filter_map(ElementRef::wrap).filter(named).take(MAX_NOTED);
        let mut found = Vec::new();
        for element in elements {
            let text = short_text(element, MAX_PRICE_CHARS);
            if let Some(text) = text.filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())) {
                found.push(PriceElement { text, is_struck: is_struck(element) });
            }
        }
        found
    }

    /// Short texts with a digit and a currency sign, wherever they stand.
    pub(crate) fn signed_texts(&self) -> Vec<PriceElement> {
        const SIGNS: &[char] = &['€', '$', '£', '¥', '￥', '₹', '₽', '₩', '₺', '₪', '₫', '฿', '₴', '₸', '円', '元', '원'];
        let is_signed = |text: &str| text.len() < 200 && text.contains(SIGNS) && text.bytes().any(|byte| byte.is_ascii_digit());
        let texts = self.html.tree.nodes().filter(|node| node.value().as_text().is_some_and(|text| is_signed(text)));
        let parents = texts.filter_map(|node| node.parent().and_then(ElementRef::wrap));
        let seen = parents.filter(|parent| !is_unseen(parent.value().name())).take(MAX_NOTED);
        seen.filter_map(|parent| Some(PriceElement { text: short_text(parent, MAX_PRICE_CHARS)?, is_struck: is_struck(parent) }))
            .collect()
    }

    /// Elements of a selector, over the whole page.
    pub(crate) fn all(&self, css: &'static str) -> Vec<ElementRef<'_>> {
        self.html.select(&selector(css)).take(MAX_NOTED).collect()
    }
}

/// Elements of a selector below one element.
pub(crate) fn within<'a>(element: ElementRef<'a>, css: &'static str) -> Vec<ElementRef<'a>> {
    element.select(&selector(css)).take(MAX_NOTED).collect()
}

fn selector(css: &'static str) -> Selector {
    Selector::parse(css).expect("selectors are written in this crate and are valid")
}
