//! The page's tree, parsed once, and an index of what the readers look for, built in one walk.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node, Selector};

use crate::text::collapse;

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
        self.metas.iter().filter(move |(known, content)| known == name && !content.is_empty()).map(|(_, content)| content.as_str())
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
            let says = |word: &str| ["price", "preis", "prix", "precio", "prezzo", "prijs", "cena", "preco", "amount"].iter().any(|name| word.contains(name));
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

/// The text that a visitor may see below an element, collapsed: no scripts, styles or templates.
pub(crate) fn visible_text(element: ElementRef<'_>) -> String {
    collapse(&gather(element, 20_000), 4_000)
}

/// The text below an element, if it is no longer than `max` characters.
fn short_text(element: ElementRef<'_>, max: usize) -> Option<String> {
    let text = gather(element, max * 8);
    (text.len() < max * 8).then(|| collapse(&text, max + 1)).filter(|text| text.chars().count() <= max)
}

/// Visible text in page order, up to about `max` bytes. Digits of different elements stay apart: `249` and `99` are not 24999.
fn gather(element: ElementRef<'_>, max: usize) -> String {
    let mut text = String::new();
    let mut skip_until = None;
    let mut is_new_element = false;
    let mut nodes = 0;
    for edge in element.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) if skip_until.is_none() => match node.value() {
                Node::Text(part) => {
                    let joins = text.ends_with(|c: char| c.is_ascii_digit()) && part.starts_with(|c: char| c.is_ascii_digit());
                    if joins && is_new_element {
                        text.push(' ');
                    }
                    text.push_str(part);
                    is_new_element = false;
                }
                Node::Element(inner) if is_unseen(inner.name()) => skip_until = Some(node.id()),
                Node::Element(inner) => {
                    is_new_element = true;
                    if is_raised(inner) && text.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
                        push_mark(&mut text);
                    } else if !is_inline(inner.name()) {
                        text.push(' ');
                    }
                }
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                is_new_element = true;
                if skip_until == Some(node.id()) {
                    skip_until = None;
                }
            }
            ego_tree::iter::Edge::Open(_) => {}
        }
        nodes += 1;
        if text.len() >= max || nodes > max {
            break;
        }
    }
    text
}

/// Cents in an element of their own.
fn is_raised(element: &scraper::node::Element) -> bool {
    let says = |class: &str| ["cent", "fraction", "decimal", "endprice", "superscript"].iter().any(|word| class.contains(word));
    element.name() == "sup" || (element.name() == "span" && element.classes().any(|class| says(&class.to_ascii_lowercase())))
}

/// Parts cents from the whole by whichever mark does not group it, or `173<sup>34</sup>` would be read as 17334.
fn push_mark(text: &mut String) {
    text.truncate(text.trim_end().len());
    let number = text.rsplit(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).next().unwrap_or_default();
    text.push(if number.contains('.') { ',' } else { '.' });
}

/// Struck by an element, by a style, or by a class token that says so.
pub(crate) fn is_struck(element: ElementRef<'_>) -> bool {
    is_inside(element, 4, |element| {
        let value = element.value();
        matches!(value.name(), "del" | "s" | "strike")
            || value.attr("style").is_some_and(|style| style.contains("line-through"))
            || value.classes().any(says_struck)
    })
}

/// Whole words of a class name, so that `price-now-was-wrapper` is judged by its words and `gold-price` is not old.
fn says_struck(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    let words: Vec<&str> = class.split(['-', '_']).collect();
    let says = |word: &str| words.contains(&word);
    let names_price = says("price") || says("preis") || says("prix") || words.len() == 1;
    matches!(class.as_str(), "oldprice" | "listprice" | "wasprice" | "crossed")
        || ["strike", "striked", "strikethrough", "stroke", "rrp", "msrp", "uvp"].into_iter().any(says)
        || (["old", "was", "list", "before", "original", "compare"].into_iter().any(says) && names_price && !says("now") && !says("new"))
}

fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "head" | "title" | "svg" | "iframe" | "textarea")
}

fn is_inline(name: &str) -> bool {
    matches!(name, "span" | "b" | "i" | "em" | "strong" | "a" | "sup" | "sub" | "small" | "font" | "bdi" | "bdo" | "u" | "abbr" | "mark")
}

/// Whether an element, or one around it up to `levels` above, bears a class token that `matches`.
pub(crate) fn is_inside(element: ElementRef<'_>, levels: usize, matches: impl Fn(ElementRef<'_>) -> bool) -> bool {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).take(levels).any(matches)
}
