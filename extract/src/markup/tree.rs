//! A flat tree: nodes in page order, each with its parent and one past its last descendant. Text and attributes stay where they
//! are in the page's text, and are decoded when they are asked for.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use super::attributes::{attribute, attributes};
use super::entities::decode_text;
use super::name::Name;

/// A page's tree. The root is a node of no name above `html`.
pub(crate) struct Tree<'t> {
    text: Cow<'t, str>,
    nodes: Vec<Node>,
    ids: OnceCell<HashMap<String, u32>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub parent: u32,
    /// One past the last descendant.
    pub end: u32,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// An element: its name, where that is written, and where its attributes end.
    Element { name: Name, name_start: u32, name_end: u32, attributes_end: u32 },
    /// A text, with character references or (in raw elements) without.
    Text { start: u32, end: u32, is_raw: bool },
}

/// An element of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    tree: &'a Tree<'a>,
    index: u32,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<'t> Tree<'t> {
    pub(super) fn new(text: Cow<'t, str>, mut nodes: Vec<Node>) -> Self {
        for index in (1..nodes.len()).rev() {
            let end = nodes[index].end.max(index as u32 + 1);
            nodes[index].end = end;
            let parent = nodes[index].parent as usize;
            nodes[parent].end = nodes[parent].end.max(end);
        }
        Tree { text, nodes, ids: OnceCell::new() }
    }

    /// Every element, in page order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.elements_in(1, self.nodes.len() as u32)
    }

    fn elements_in(&self, from: u32, to: u32) -> impl Iterator<Item = Element<'_>> {
        (from..to)
            .filter(|index| matches!(self.nodes[*index as usize].kind, Kind::Element { .. }))
            .map(|index| Element { tree: self, index })
    }

    /// Texts with their elements, in page order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (Cow<'_, str>, Element<'_>)> {
        self.nodes.iter().filter_map(|node| match node.kind {
            Kind::Text { start, end, is_raw } => {
                let text = &self.text[start as usize..end as usize];
                let text = if is_raw { Cow::Borrowed(text) } else { decode_text(text) };
                Some((text, Element { tree: self, index: node.parent }))
            }
            Kind::Element { .. } => None,
        })
    }

    /// The first element of an id.
    pub(crate) fn by_id(&self, id: &str) -> Option<Element<'_>> {
        let ids = self.ids.get_or_init(|| {
            let mut ids = HashMap::new();
            for element in self.elements() {
                if let Some(id) = element.id() {
                    ids.entry(id.into_owned()).or_insert(element.index);
                }
            }
            ids
        });
        ids.get(id).map(|index| Element { tree: self, index: *index })
    }

    /// The element at an index that [`Element::index`] gave.
    pub(crate) fn element(&self, index: u32) -> Element<'_> {
        Element { tree: self, index }
    }
}

/// What a walk below an element meets.
pub(crate) enum Part<'a> {
    Element(Element<'a>),
    /// A text, decoded; whether it goes on where the text before it ended, with no tag between.
    Text(Cow<'a, str>, bool),
}

impl<'a> Element<'a> {
    fn node(&self) -> &'a Node {
        &self.tree.nodes[self.index as usize]
    }

    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    /// One past its last descendant.
    pub(crate) fn end(&self) -> u32 {
        self.node().end
    }

    pub(crate) fn name(&self) -> Name {
        match self.node().kind {
            Kind::Element { name, .. } => name,
            Kind::Text { .. } => Name::Other,
        }
    }

    /// The name as it is written.
    pub(crate) fn tag_name(&self) -> &'a str {
        match self.node().kind {
            // Elements that the page leaves out have no tag.
            Kind::Element { name, name_start, name_end, .. } if name_start == name_end => match name {
                Name::Html => "html",
                Name::Body => "body",
                Name::Tbody => "tbody",
                Name::Tr => "tr",
                Name::Colgroup => "colgroup",
                Name::P => "p",
                Name::Br => "br",
                _ => "",
            },
            Kind::Element { name_start, name_end, .. } => &self.tree.text[name_start as usize..name_end as usize],
            Kind::Text { .. } => "",
        }
    }

    /// What stands between its name and the end of its tag.
    pub(crate) fn attribute_text(&self) -> &'a str {
        match self.node().kind {
            Kind::Element { name_end, attributes_end, .. } => &self.tree.text[name_end as usize..attributes_end as usize],
            Kind::Text { .. } => "",
        }
    }

    /// The decoded value of an attribute.
    pub(crate) fn attr(&self, name: &str) -> Option<Cow<'a, str>> {
        attribute(self.attribute_text(), name)
    }

    pub(crate) fn has_attr(&self, name: &str) -> bool {
        attributes(self.attribute_text()).any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Whether the text of its attributes holds a part, as it is written: a cheap question before an exact one.
    pub(crate) fn attributes_hold(&self, part: &str) -> bool {
        self.attribute_text().contains(part)
    }

    pub(crate) fn id(&self) -> Option<Cow<'a, str>> {
        self.attr("id").filter(|id| !id.is_empty())
    }

    /// Whether a class token holds.
    pub(crate) fn any_class(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(holds))
    }

    pub(crate) fn has_class(&self, class: &str) -> bool {
        self.any_class(|known| known == class)
    }

    pub(crate) fn parent(&self) -> Option<Element<'a>> {
        let parent = self.node().parent;
        (self.index != 0 && parent != 0).then_some(Element { tree: self.tree, index: parent })
    }

    /// From its parent up to `html`.
    pub(crate) fn ancestors(self) -> impl Iterator<Item = Element<'a>> {
        std::iter::successors(self.parent(), Element::parent)
    }

    /// The elements below it, in page order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Element<'a>> {
        self.tree.elements_in(self.index + 1, self.node().end)
    }

    /// Whether the other element stands below it.
    pub(crate) fn contains(&self, other: Element<'_>) -> bool {
        (self.index + 1..self.node().end).contains(&other.index)
    }

    /// The elements below it that bear a class token.
    pub(crate) fn with_class(self, class: &'static str) -> impl Iterator<Item = Element<'a>> {
        self.descendants().filter(move |element| element.has_class(class))
    }

    /// Walks what is below it; what `skips` names is left out with all that it holds.
    pub(crate) fn walk(self, skips: impl Fn(Element<'a>) -> bool) -> impl Iterator<Item = Part<'a>> {
        let (tree, end) = (self.tree, self.node().end);
        let mut at = self.index + 1;
        let mut last_text: Option<(u32, u32)> = None;
        std::iter::from_fn(move || {
            while at < end {
                let index = at;
                let node = &tree.nodes[index as usize];
                match node.kind {
                    Kind::Element { .. } if skips(Element { tree, index }) => at = node.end,
                    Kind::Element { .. } => {
                        at += 1;
                        return Some(Part::Element(Element { tree, index }));
                    }
                    Kind::Text { start, end, is_raw } => {
                        at += 1;
                        let text = &tree.text[start as usize..end as usize];
                        let goes_on = last_text == Some((index.wrapping_sub(1), node.parent));
                        last_text = Some((index, node.parent));
                        return Some(Part::Text(if is_raw { Cow::Borrowed(text) } else { decode_text(text) }, goes_on));
                    }
                }
            }
            None
        })
    }

    /// The text of a raw element, which is one node.
    pub(crate) fn raw_text(self) -> Cow<'a, str> {
        match self.tree.nodes.get(self.index as usize + 1).map(|node| node.kind) {
            Some(Kind::Text { start, end, .. }) if self.node().end == self.index + 2 => {
                Cow::Borrowed(&self.tree.text[start as usize..end as usize])
            }
            _ => Cow::Owned(self.text()),
        }
    }

    /// All text below it, also that of scripts.
    pub(crate) fn text(self) -> String {
        self.walk(|_: Element<'a>| false)
            .filter_map(|part| match part {
                Part::Text(text, _) => Some(text),
                Part::Element(_) => None,
            })
            .collect()
    }
}
