//! The HTML standard's own tree (scraper), turned into a flat one.

use std::borrow::Cow;

use ego_tree::NodeRef;
use scraper::{Html, Node as FullNode};

use super::name::Name;
use super::tree::{Kind, Node, Tree};

/// Flattens a full tree. Pictures are left out below their root, as the other builder leaves them out.
pub(crate) fn build_full(html: &Html) -> Tree<'static> {
    let mut flat = Flat { text: String::new(), nodes: Vec::new() };
    flat.nodes.push(Node {
        parent: 0,
        end: 1,
        kind: Kind::Element { name: Name::Other, name_start: 0, name_end: 0, attributes_end: 0 },
    });
    let mut parents: Vec<u32> = vec![0];
    let mut skipped = 0;
    for edge in html.tree.root().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => {
                let parent = parents.last().copied().unwrap_or(0);
                if skipped > 0 {
                    skipped += 1;
                } else {
                    let index = flat.add(node, parent);
                    let is_picture =
                        matches!(node.value(), FullNode::Element(element) if matches!(element.name(), "svg" | "math"));
                    skipped = usize::from(is_picture);
                    parents.push(index.unwrap_or(parent));
                }
            }
            ego_tree::iter::Edge::Close(_) => {
                skipped = skipped.saturating_sub(1);
                if skipped == 0 {
                    parents.pop();
                }
            }
        }
    }
    Tree::new(Cow::Owned(flat.text), flat.nodes)
}

struct Flat {
    text: String,
    nodes: Vec<Node>,
}

impl Flat {
    fn add(&mut self, node: NodeRef<'_, FullNode>, parent: u32) -> Option<u32> {
        let kind = match node.value() {
            FullNode::Element(element) => {
                let name_start = self.text.len() as u32;
                self.text.push_str(element.name());
                let name_end = self.text.len() as u32;
                for (name, value) in element.attrs() {
                    self.text.push(' ');
                    self.text.push_str(name);
                    self.text.push_str("=\"");
                    push_escaped(&mut self.text, value);
                    self.text.push('"');
                }
                let attributes_end = self.text.len() as u32;
                Kind::Element { name: Name::of(element.name().as_bytes()), name_start, name_end, attributes_end }
            }
            FullNode::Text(text) => {
                let start = self.text.len() as u32;
                self.text.push_str(text);
                // Decoded already: nothing in it is a reference.
                Kind::Text { start, end: self.text.len() as u32, is_raw: true }
            }
            _ => return None,
        };
        let index = self.nodes.len() as u32;
        self.nodes.push(Node { parent, end: index + 1, kind });
        Some(index)
    }
}

fn push_escaped(out: &mut String, value: &str) {
    for part in value.split_inclusive(['&', '"']) {
        match part.as_bytes().last() {
            Some(b'&') => {
                out.push_str(part);
                out.push_str("amp;");
            }
            Some(b'"') => {
                out.push_str(&part[..part.len() - 1]);
                out.push_str("&quot;");
            }
            _ => out.push_str(part),
        }
    }
}
