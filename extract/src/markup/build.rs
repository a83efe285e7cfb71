//! The tree of a regular page, as the HTML standard would build it, without what irregular pages need: re-opened formatting
//! elements, misnested ones, text between a table's rows. Where a page needs that, it is left to the standard's own parser.

mod ends;

use std::borrow::Cow;

use super::lexer::{Lexer, Tag, Token};
use super::name::Name;
use super::stack::Stack;
use super::tree::{Kind, Node, Tree};

/// Why a tree was not built here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Irregular {
    /// The standard's parser is needed.
    Markup(&'static str),
    /// Nests that would cost any parser too much.
    Costly,
}

/// Builds the tree.
pub(crate) fn build(text: &str) -> Result<Tree<'_>, Irregular> {
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(Irregular::Markup("a NUL byte"));
    }
    let mut builder = Builder {
        text,
        nodes: Vec::with_capacity(text.len() / 48 + 16),
        stack: Stack::new(),
        is_form_open: false,
        in_head: true,
        raw: None,
    };
    builder.nodes.push(Node {
        parent: 0,
        end: 1,
        kind: Kind::Element { name: Name::Other, name_start: 0, name_end: 0, attributes_end: 0 },
    });
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next().or_else(|| lexer.rest()) {
        match token {
            Token::Start(tag) if matches!(tag.name, Name::Svg | Name::Math) => {
                builder.start(tag)?;
                if !tag.self_closing {
                    skip_foreign(&mut lexer, tag.name)?;
                    builder.stack.pop();
                } else {
                    builder.stack.pop();
                }
            }
            Token::Start(tag) => builder.start(tag)?,
            Token::End(tag) => builder.end(tag)?,
            Token::Text(start, end) => builder.text(start, end)?,
            Token::Comment => {}
        }
        if builder.stack.is_costly() {
            return Err(Irregular::Costly);
        }
    }
    if lexer.has_escaped_script {
        return Err(Irregular::Markup("an escaped script"));
    }
    Ok(Tree::new(Cow::Borrowed(text), builder.nodes))
}

/// Passes over a picture: nothing in it is read.
fn skip_foreign(lexer: &mut Lexer<'_>, root: Name) -> Result<(), Irregular> {
    lexer.is_foreign = true;
    let mut depth = 1;
    while let Some(token) = lexer.next() {
        match token {
            Token::Start(tag) if tag.name == root => depth += usize::from(!tag.self_closing),
            Token::End(tag) if tag.name == root => {
                depth -= 1;
                if depth == 0 {
                    lexer.is_foreign = false;
                    return Ok(());
                }
            }
            Token::Start(tag) => {
                let breaks_out = ends_picture(tag.name);
                if breaks_out {
                    return Err(Irregular::Markup("a tag that ends a picture"));
                }
            }
            Token::End(tag) if matches!(tag.name, Name::P | Name::Br | Name::Script) => {
                return Err(Irregular::Markup("a tag that ends a picture"));
            }
            Token::End(_) | Token::Text(..) | Token::Comment => {}
        }
    }
    lexer.is_foreign = false;
    Ok(())
}

/// Whether a start tag ends the picture around it, or is read otherwise there.
pub(crate) fn ends_picture(name: Name) -> bool {
    use Name::*;
    name.is_block()
        || name.is_heading()
        || matches!(
            name,
            B | Big
                | Body
                | Br
                | Code
                | Dd
                | Dt
                | Em
                | Embed
                | Font
                | Head
                | Hr
                | I
                | Img
                | Li
                | Listing
                | Math
                | Meta
                | Nobr
                | P
                | Pre
                | S
                | Script
                | Small
                | Span
                | Strike
                | Strong
                | Sub
                | Sup
                | Svg
                | Table
                | Tt
                | U
        )
}

struct Builder<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    stack: Stack,
    is_form_open: bool,
    /// Before the body.
    in_head: bool,
    /// The raw element that is open.
    raw: Option<Name>,
}

type Step = Result<(), Irregular>;

fn irregular(why: &'static str) -> Step {
    Err(Irregular::Markup(why))
}

impl Builder<'_> {
    fn add(&mut self, kind: Kind) -> u32 {
        let index = self.nodes.len() as u32;
        let parent = self.stack.top().map_or(0, |open| open.index);
        self.nodes.push(Node { parent, end: index + 1, kind });
        index
    }

    fn add_element(&mut self, tag: Tag) -> u32 {
        let kind =
            Kind::Element { name: tag.name, name_start: tag.start + 1, name_end: tag.name_end, attributes_end: tag.end - 1 };
        self.add(kind)
    }

    fn push(&mut self, tag: Tag) {
        let index = self.add_element(tag);
        self.stack.push(tag.name, index);
    }

    /// An element without a tag of its own.
    fn push_implied(&mut self, name: Name) {
        let index = self.add(Kind::Element { name, name_start: 0, name_end: 0, attributes_end: 0 });
        self.stack.push(name, index);
    }

    fn open_html(&mut self) {
        if self.stack.len() == 0 {
            self.push_implied(Name::Html);
        }
    }

    fn open_body(&mut self) {
        self.open_html();
        if self.in_head {
            self.in_head = false;
            while self.stack.len() > 1 {
                self.stack.pop();
            }
            self.push_implied(Name::Body);
        }
    }

    fn text(&mut self, start: u32, end: u32) -> Step {
        let bytes = &self.text.as_bytes()[start as usize..end as usize];
        let raw = self.raw;
        let is_raw = raw.is_some_and(|name| !matches!(name, Name::Title | Name::Textarea));
        if raw.is_none() {
            let is_blank = bytes.iter().all(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c));
            if is_blank {
                // Blank text separates words; before the body there are none.
                if self.in_head {
                    return Ok(());
                }
            } else {
                if self.in_head && !self.stack.has(Name::Template) {
                    self.open_body();
                }
                if is_table_part(self.stack.top_name()) {
                    return irregular("text between a table's rows");
                }
            }
        }
        self.add(Kind::Text { start, end, is_raw });
        Ok(())
    }

    fn start(&mut self, tag: Tag) -> Step {
        use Name::*;
        match tag.name {
            Html => {
                if self.stack.len() == 0 {
                    self.push(tag);
                    return Ok(());
                }
                return if tag.attributes(self.text).trim().is_empty() { Ok(()) } else { irregular("a second html element") };
            }
            Head if self.stack.len() <= 1 && self.in_head => {
                self.open_html();
                self.push(tag);
                return Ok(());
            }
            Head => return Ok(()),
            Body => {
                if !self.in_head {
                    return if tag.attributes(self.text).trim().is_empty() { Ok(()) } else { irregular("a second body") };
                }
                self.open_html();
                while self.stack.len() > 1 {
                    self.stack.pop();
                }
                self.in_head = false;
                self.push(tag);
                return Ok(());
            }
            Frameset | Plaintext => return irregular("frames or plain text"),
            Frame => return Ok(()),
            _ => {}
        }
        if self.in_head && !self.stack.has(Template) {
            let of_head = matches!(
                tag.name,
                Base | Basefont | Bgsound | Link | Meta | Title | Noscript | Noframes | Style | Script | Template
            );
            if of_head {
                self.open_html();
            } else {
                self.open_body();
            }
        }
        self.start_in_body(tag)
    }

    fn start_in_body(&mut self, tag: Tag) -> Step {
        use Name::*;
        if self.stack.has(Select) {
            return self.start_in_select(tag);
        }
        match tag.name {
            Caption | Col | Colgroup | Tbody | Td | Tfoot | Th | Thead | Tr => return self.start_table_part(tag),
            _ => {}
        }
        if is_table_part(self.stack.top_name()) {
            let fits = match tag.name {
                Script | Style | Template => true,
                Input => tag.attributes(self.text).to_ascii_lowercase().contains("hidden"),
                Form => false,
                _ => false,
            };
            if !fits {
                return irregular("an element between a table's rows");
            }
        }
        if tag.name.closes_p() {
            self.close_p()?;
        }
        match tag.name {
            H1 | H2 | H3 | H4 | H5 | H6 if self.stack.top_name().is_heading() => {
                self.stack.pop();
            }
            Li => self.close_item(|name| name == Li)?,
            Dd | Dt => self.close_item(|name| matches!(name, Dd | Dt))?,
            Button => {
                if let Some(at) = self.stack.in_scope(Button) {
                    self.pop_to(at)?;
                }
            }
            A | Nobr if self.stack.has(tag.name) => return irregular("a link inside a link"),
            Option if self.stack.top_name() == Option => {
                self.stack.pop();
            }
            Optgroup if self.stack.top_name() == Option => {
                self.stack.pop();
            }
            // It depends on the document's mode whether the paragraph ends.
            Table if self.stack.p_in_scope().is_some() => return irregular("a table inside a paragraph"),
            Form => {
                if self.is_form_open && !self.stack.has(Template) {
                    return Ok(());
                }
                self.is_form_open = true;
            }
            _ => {}
        }
        if tag.name.is_void() {
            self.add_element(tag);
            return Ok(());
        }
        if tag.name.is_raw() {
            self.raw = Some(tag.name);
        }
        self.push(tag);
        Ok(())
    }

    fn start_in_select(&mut self, tag: Tag) -> Step {
        use Name::*;
        match tag.name {
            Option => {
                if self.stack.top_name() == Option {
                    self.stack.pop();
                }
                self.push(tag);
            }
            Optgroup => {
                if self.stack.top_name() == Option {
                    self.stack.pop();
                }
                if self.stack.top_name() == Optgroup {
                    self.stack.pop();
                }
                self.push(tag);
            }
            Script | Template if self.stack.top_name() == Select => {
                if tag.name.is_raw() {
                    self.raw = Some(tag.name);
                }
                self.push(tag);
            }
            _ => return irregular("an element inside a list of options"),
        }
        Ok(())
    }

    fn start_table_part(&mut self, tag: Tag) -> Step {
        use Name::*;
        let Some(table) = self.stack.find(|open| matches!(open.name, Table | Template), |name| name == Html) else {
            // Outside a table such tags are dropped.
            return Ok(());
        };
        if self.stack.get(table).is_some_and(|open| open.name == Template) {
            return irregular("a table's part in a template");
        }
        let wanted: fn(Name) -> bool = match tag.name {
            Td | Th => |name| matches!(name, Tr | Tbody | Thead | Tfoot | Table),
            Tr => |name| matches!(name, Tbody | Thead | Tfoot | Table),
            Col => |name| matches!(name, Colgroup | Table),
            _ => |name| name == Table,
        };
        // What was left open in a cell ends with it.
        while !wanted(self.stack.top_name()) {
            self.stack.pop();
        }
        match tag.name {
            Td | Th => {
                if self.stack.top_name() == Table {
                    self.push_implied(Tbody);
                }
                if self.stack.top_name() != Tr {
                    self.push_implied(Tr);
                }
            }
            Tr if self.stack.top_name() == Table => self.push_implied(Tbody),
            Col => {
                if self.stack.top_name() == Table {
                    self.push_implied(Colgroup);
                }
                self.add_element(tag);
                return Ok(());
            }
            _ => {}
        }
        self.push(tag);
        Ok(())
    }
}

fn is_table_part(name: Name) -> bool {
    use Name::*;
    matches!(name, Table | Tbody | Thead | Tfoot | Tr | Colgroup)
}
