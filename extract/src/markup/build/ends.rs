//! What ends elements: end tags, and start tags that imply them.

use super::{Builder, Step, irregular, is_table_part};
use crate::markup::lexer::Tag;
use crate::markup::name::Name;
use crate::markup::stack::is_scope;
use crate::markup::tree::Kind;

impl Builder<'_> {
    pub(super) fn end(&mut self, tag: Tag) -> Step {
        use Name::*;
        if let Some(name) = self.raw.take() {
            // Only its own end tag ends a raw element.
            if self.stack.top_name() == name {
                self.stack.pop();
            }
            return Ok(());
        }
        match tag.name {
            // A line break, as browsers have it.
            Br if !self.in_head && !is_table_part(self.stack.top_name()) => {
                self.add(Kind::Element { name: Br, name_start: 0, name_end: 0, attributes_end: 0 });
                Ok(())
            }
            Html | Body | Col => Ok(()),
            Br | P if self.in_head => irregular("an end tag before the body"),
            Head => {
                if self.in_head && self.stack.top_name() == Head {
                    self.stack.pop();
                }
                Ok(())
            }
            Caption | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr | Table => {
                let Some(at) = self.stack.find(|open| open.name == tag.name, |name| matches!(name, Html | Table | Template))
                else {
                    return Ok(());
                };
                while self.stack.len() > at {
                    self.stack.pop();
                }
                Ok(())
            }
            Template => {
                if let Some(at) = self.stack.find(|open| open.name == Template, |name| name == Html) {
                    while self.stack.len() > at {
                        self.stack.pop();
                    }
                }
                Ok(())
            }
            _ if is_table_part(self.stack.top_name()) && tag.name != Form => irregular("an end tag between a table's rows"),
            P => match self.stack.p_in_scope() {
                Some(at) => self.pop_to(at),
                // An empty paragraph, as browsers have it.
                None => {
                    self.push_implied(P);
                    self.stack.pop();
                    Ok(())
                }
            },
            Form => {
                self.is_form_open = false;
                match self.stack.in_scope(Form) {
                    // What is still open inside stays open: only the form itself ends.
                    Some(at) => {
                        self.pop_implied(Other);
                        if at < self.stack.len() {
                            self.stack.remove(at);
                        }
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            Li => match self.stack.has(Li) {
                true => match self.stack.find(|open| open.name == Li, |name| is_scope(name) || matches!(name, Ol | Ul)) {
                    Some(at) => self.pop_to(at),
                    None => Ok(()),
                },
                false => Ok(()),
            },
            H1 | H2 | H3 | H4 | H5 | H6 => match self.stack.find(|open| open.name.is_heading(), is_scope) {
                Some(at) => self.pop_to(at),
                None => Ok(()),
            },
            Select => match self.stack.in_scope(Select) {
                Some(at) => self.pop_to(at),
                None => Ok(()),
            },
            name if name.is_block() || matches!(name, Dd | Dt | Button | Pre | Listing | Applet | Marquee | Object) => {
                match self.stack.in_scope(name) {
                    Some(at) => self.pop_to(at),
                    None => Ok(()),
                }
            }
            name if name.is_formatting() => self.end_formatting(name),
            name => self.end_other(name, tag),
        }
    }

    pub(super) fn end_formatting(&mut self, name: Name) -> Step {
        if self.stack.top_name() == name {
            self.stack.pop();
            return Ok(());
        }
        if !self.stack.has(name) {
            return Ok(());
        }
        let Some(at) = self.stack.find(|open| open.name == name, Name::is_special) else {
            return irregular("an end tag that crosses a block");
        };
        self.pop_to(at)
    }

    pub(super) fn end_other(&mut self, name: Name, tag: Tag) -> Step {
        let written = tag.name_in(self.text).as_bytes();
        let (text, nodes) = (self.text, &self.nodes);
        let is_same = |open: crate::markup::stack::Open| {
            open.name == name
                && (name != Name::Other
                    || matches!(nodes[open.index as usize].kind, Kind::Element { name_start, name_end, .. }
                        if text.as_bytes()[name_start as usize..name_end as usize].eq_ignore_ascii_case(written)))
        };
        if !self.stack.has(name) {
            return Ok(());
        }
        match self.stack.find(is_same, Name::is_special) {
            Some(at) => self.pop_to(at),
            None => Ok(()),
        }
    }

    /// A new list item ends the one before it, unless a block stands between.
    pub(super) fn close_item(&mut self, is_item: impl Fn(Name) -> bool + Copy) -> Step {
        let found = self.stack.find(
            |open| is_item(open.name),
            |name| name.is_special() && !matches!(name, Name::Address | Name::Div | Name::P) && !is_item(name),
        );
        if let Some(at) = found {
            self.pop_to(at)?;
        }
        self.close_p()
    }

    pub(super) fn close_p(&mut self) -> Step {
        match self.stack.p_in_scope() {
            Some(at) => self.pop_to(at),
            None => Ok(()),
        }
    }

    pub(super) fn pop_implied(&mut self, but: Name) {
        while self.stack.top_name().is_implied_end() && self.stack.top_name() != but {
            self.stack.pop();
        }
    }

    /// Ends all from the top down to the element at `at`. A formatting element that ends so would be opened again.
    pub(super) fn pop_to(&mut self, at: usize) -> Step {
        while self.stack.len() > at + 1 {
            let Some(open) = self.stack.pop() else { break };
            if open.name.is_formatting() {
                return irregular("a formatting element that is left open");
            }
            if open.name == Name::Form {
                return irregular("a form that is left open");
            }
        }
        self.stack.pop();
        Ok(())
    }
}
