//! The stack of open elements, with counts that answer most questions without a search.

use super::name::Name;

/// Deeper pages are not built here.
pub(super) const MAX_DEPTH: usize = 600;

/// Steps of searches through the stack, over the whole page.
const MAX_STEPS: usize = 4_000_000;

#[derive(Clone, Copy)]
pub(super) struct Open {
    pub name: Name,
    pub index: u32,
}

#[derive(Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    counts: Vec<u32>,
    steps: usize,
}

impl Stack {
    pub(super) fn new() -> Self {
        Stack { open: Vec::with_capacity(64), counts: vec![0; Name::Other as usize + 1], steps: 0 }
    }

    pub(super) fn push(&mut self, name: Name, index: u32) {
        self.counts[name as usize] += 1;
        self.open.push(Open { name, index });
    }

    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.counts[open.name as usize] -= 1;
        Some(open)
    }

    pub(super) fn remove(&mut self, at: usize) {
        let open = self.open.remove(at);
        self.counts[open.name as usize] -= 1;
    }

    pub(super) fn top(&self) -> Option<Open> {
        self.open.last().copied()
    }

    pub(super) fn top_name(&self) -> Name {
        self.open.last().map_or(Name::Other, |open| open.name)
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<Open> {
        self.open.get(at).copied()
    }

    pub(super) fn has(&self, name: Name) -> bool {
        self.counts[name as usize] > 0
    }

    /// Where the innermost element is that `is_wanted`, if nothing that `is_wall` stands before it.
    pub(super) fn find(&mut self, is_wanted: impl Fn(Open) -> bool, is_wall: impl Fn(Name) -> bool) -> Option<usize> {
        for at in (0..self.open.len()).rev() {
            self.steps += 1;
            let open = self.open[at];
            if is_wanted(open) {
                return Some(at);
            }
            if is_wall(open.name) {
                return None;
            }
        }
        None
    }

    /// The innermost element of a name, in the usual scope.
    pub(super) fn in_scope(&mut self, name: Name) -> Option<usize> {
        if !self.has(name) {
            return None;
        }
        self.find(|open| open.name == name, is_scope)
    }

    /// The same with buttons as walls, as paragraphs are looked for.
    pub(super) fn p_in_scope(&mut self) -> Option<usize> {
        if !self.has(Name::P) {
            return None;
        }
        self.find(|open| open.name == Name::P, |name| is_scope(name) || name == Name::Button)
    }

    /// Whether more was searched than any real page needs.
    pub(super) fn is_costly(&self) -> bool {
        self.steps > MAX_STEPS || self.open.len() > MAX_DEPTH
    }
}

/// What an end tag does not reach beyond.
pub(super) fn is_scope(name: Name) -> bool {
    use Name::*;
    matches!(name, Applet | Caption | Html | Table | Td | Th | Marquee | Object | Template)
}
