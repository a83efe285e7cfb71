//! A page's tree with its outline, and an index of what the readers look for, built in one walk.

use std::ops::Deref;

use scraper::Html;

use crate::classify::hostile;
use crate::markup::{Element, Name, Tree, build, build_full};
use crate::outline::{Outline, Script, is_json_ld};
use crate::visible::{is_struck, is_unseen, short_text, visible_text};

/// Elements that are noted per kind; pages with more are not made by people.
const MAX_NOTED: usize = 5_000;

/// Larger pages are read by the quick builder or not at all: the standard's parser takes 15 ms a megabyte.
const MAX_FULL_BYTES: usize = 4 * 1024 * 1024;

/// A page's tree with its outline.
pub(crate) struct Document<'t> {
    tree: Tree<'t>,
    outline: Outline,
    item_scopes: Vec<u32>,
    /// Characters of visible text, counted up to a few thousand.
    pub text_chars: usize,
}

impl Deref for Document<'_> {
    type Target = Outline;

    fn deref(&self) -> &Outline {
        &self.outline
    }
}

/// An element whose class, id or attribute calls it a price, with its own short text.
#[derive(Clone, Debug)]
pub(crate) struct PriceElement {
    pub text: String,
    pub is_struck: bool,
}

/// Longer texts hold more than a price.
const MAX_PRICE_CHARS: usize = 40;

impl<'t> Document<'t> {
    /// Builds the tree of a regular page; `None` where the standard's parser is needed.
    pub(crate) fn parse_quick(text: &'t str) -> Option<Self> {
        build(text).ok().map(Document::of_tree)
    }

    /// Builds the tree by the standard's parser; `None` for pages made to cost it too much.
    pub(crate) fn parse_full(text: &'t str) -> Option<Self> {
        if text.len() > MAX_FULL_BYTES || hostile::is_costly(text) {
            return None;
        }
        Some(Document::of_tree(build_full(&Html::parse_document(text))))
    }

    fn of_tree(tree: Tree<'t>) -> Self {
        let (mut outline, mut item_scopes) = (Outline::default(), Vec::new());
        // Templates hold what the page may show one day: nothing in them speaks for it now.
        let mut template_end = 0;
        for element in tree.elements() {
            if element.index() < template_end {
                continue;
            }
            let name = element.name();
            if name == Name::Template {
                template_end = element.end();
                continue;
            }
            if item_scopes.len() < MAX_NOTED && element.attributes_hold("itemscope") && element.has_attr("itemscope") {
                item_scopes.push(element.index());
            }
            match name {
                Name::Meta => outline.note_meta(element.attribute_text()),
                Name::Script if is_json_ld(element.attribute_text()) => outline.note_json_ld(&element.text()),
                Name::Title => outline.note_title(&element.text()),
                Name::H1 => outline.note_heading(&visible_text(element)),
                Name::Html => outline.note_html(element.attribute_text()),
                Name::Body => outline.note_body(element.attribute_text()),
                Name::Link => outline.note_link(element.attribute_text()),
                _ => {}
            }
        }
        Document { text_chars: text_chars(&tree), tree, outline, item_scopes }
    }

    /// The element of an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Element<'_>> {
        self.tree.by_id(id)
    }

    /// Every element, in page order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.tree.elements()
    }

    /// Elements that bear one of the class tokens, in page order.
    pub(crate) fn with_class<'a>(&'a self, classes: &'a [&'a str]) -> impl Iterator<Item = Element<'a>> {
        let may = |element: &Element<'_>| classes.iter().any(|class| element.attributes_hold(class));
        self.tree.elements().filter(may).filter(|element| element.any_class(|known| classes.contains(&known))).take(MAX_NOTED)
    }

    /// Elements with `itemscope`, in page order.
    pub(crate) fn item_scopes(&self) -> impl Iterator<Item = Element<'_>> {
        self.item_scopes.iter().map(|index| self.tree.element(*index))
    }

    /// The page's scripts, in page order.
    pub(crate) fn scripts(&self) -> Vec<Script<'_>> {
        let scripts = self.tree.elements().filter(|element| element.name() == Name::Script).take(MAX_NOTED);
        scripts.map(|script| Script { attributes: script.attribute_text().into(), text: script.raw_text() }).collect()
    }

    /// The elements that call themselves a price, in page order.
    pub(crate) fn price_elements(&self) -> Vec<PriceElement> {
        let named = |element: &Element<'_>| names_price(element.attribute_text());
        let mut found = Vec::new();
        for element in self.tree.elements().filter(named).take(MAX_NOTED) {
            let text = short_text(element, MAX_PRICE_CHARS);
            if let Some(text) = text.filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())) {
                found.push(PriceElement { text, is_struck: is_struck(element) });
            }
        }
        found
    }

    /// Short texts with a digit and a currency sign, wherever they stand.
    pub(crate) fn signed_texts(&self) -> Vec<PriceElement> {
        let texts = self.tree.texts().filter(|(text, _)| is_signed(text)).map(|(_, parent)| parent);
        let seen = texts.filter(|parent| !is_unseen(parent.name())).take(MAX_NOTED);
        seen.filter_map(|parent| Some(PriceElement { text: short_text(parent, MAX_PRICE_CHARS)?, is_struck: is_struck(parent) }))
            .collect()
    }
}

/// Whether a text may be a price with its sign.
pub(crate) fn is_signed(text: &str) -> bool {
    const SIGNS: &[char] = &['€', '$', '£', '¥', '￥', '₹', '₽', '₩', '₺', '₪', '₫', '฿', '₴', '₸', '円', '元', '원'];
    text.len() < 200 && text.bytes().any(|byte| byte.is_ascii_digit()) && text.contains(SIGNS)
}

/// Whether an element of these attributes calls itself a price.
pub(crate) fn names_price(attribute_text: &str) -> bool {
    if !says_price(attribute_text) {
        return false;
    }
    let says = |name: &str| crate::markup::attribute(attribute_text, name).is_some_and(|value| says_price(&value));
    says("class")
        || says("id")
        || crate::markup::attribute(attribute_text, "itemprop").is_some_and(|prop| prop == "price")
        || match crate::markup::attribute(attribute_text, "data-testid") {
            Some(id) => says_price(&id),
            None => says("data-test"),
        }
}

fn says_price(text: &str) -> bool {
    const WORDS: &[&[u8]] = &[b"price", b"preis", b"prix", b"precio", b"prezzo", b"prijs", b"cena", b"preco", b"amount"];
    let bytes = text.as_bytes();
    bytes.windows(4).enumerate().any(|(at, start)| {
        matches!(start[0] | 0x20, b'p' | b'c' | b'a')
            && WORDS.iter().any(|word| bytes[at..].get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
    })
}

fn text_chars(tree: &Tree<'_>) -> usize {
    let mut chars = 0;
    for (text, parent) in tree.texts() {
        if !is_unseen(parent.name()) {
            chars += text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
            if chars >= 20_000 {
                break;
            }
        }
    }
    chars
}
