//! What a visitor may see below an element: its text, and whether it is struck.

use scraper::{ElementRef, Node};

use crate::text::collapse;

/// The text that a visitor may see below an element, collapsed: no scripts, styles or templates.
pub(crate) fn visible_text(element: ElementRef<'_>) -> String {
    collapse(&gather(element, 20_000), 4_000)
}

/// The text below an element, if it is no longer than `max` characters.
pub(crate) fn short_text(element: ElementRef<'_>, max: usize) -> Option<String> {
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
    let says = |class: &str| ["cent", "fraction", "endprice", "superscript"].iter().any(|word| class.contains(word));
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
        || (["old", "was", "list", "before", "original", "compare"].into_iter().any(says)
            && names_price
            && !says("now")
            && !says("new"))
}

pub(crate) fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "head" | "title" | "svg" | "iframe" | "textarea")
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "span" | "b" | "i" | "em" | "strong" | "a" | "sup" | "sub" | "small" | "font" | "bdi" | "bdo" | "u" | "abbr" | "mark"
    )
}

/// Whether an element, or one around it up to `levels` above, bears a class token that `matches`.
pub(crate) fn is_inside(element: ElementRef<'_>, levels: usize, matches: impl Fn(ElementRef<'_>) -> bool) -> bool {
    std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap)).take(levels).any(matches)
}
