//! Markup: a lexer, a flat tree built from it where the page is regular, and the HTML standard's tree where it is not.

mod attributes;
mod build;
mod entities;
mod full;
mod lexer;
mod name;
mod stack;
mod tree;

pub(crate) use attributes::{attribute, attributes};
pub(crate) use build::{build, ends_picture};
pub(crate) use entities::{decode_attribute, decode_text};
pub(crate) use full::build_full;
pub(crate) use lexer::{Lexer, LexerState, Tag, Token};
pub(crate) use name::Name;
pub(crate) use tree::{Element, Part, Tree};
