//! One pass over the tags of a page, in as many steps as its text comes in.

use crate::markup::{Lexer, LexerState, Name, Tag, Token, attribute, attributes, decode_text, ends_picture};
use crate::outline::{Outline, is_json_ld};
use crate::visible::{Gathered, is_unseen, says_cents};

/// Texts with digits that are remembered; pages with more are listings.
const MAX_TEXTS: usize = 20_000;

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    lexer: LexerState,
    outline: Outline,
    tags: Vec<(Tag, Side)>,
    texts: Vec<DigitText>,
    /// The raw element whose text comes next.
    raw: Option<Raw>,
    heading: Option<Heading>,
    picture: Option<(Name, u32)>,
    templates: u32,
    selects: u32,
    body: bool,
    heading_at: Option<u32>,
    button_at: Option<u32>,
    declined: bool,
}

/// Which tag of an element it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    End,
}

/// A short text with a digit.
#[derive(Clone, Copy, Debug)]
pub(super) struct DigitText {
    pub start: u32,
    pub end: u32,
    /// How many tags stand before it.
    pub tags: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raw {
    JsonLd,
    Title,
    Other,
}

/// The text of an `h1` as it is put together.
#[derive(Debug, Default)]
struct Heading {
    text: Gathered,
    open: Vec<Name>,
    goes_on: bool,
}

impl Scan {
    /// Scans up to `to`, and to the end of the token there. `is_partial`: more text will come.
    pub(crate) fn advance(&mut self, text: &str, to: usize, is_partial: bool) {
        let mut lexer = Lexer::resume(text, self.lexer);
        lexer.is_partial = is_partial;
        // What has begun is brought to its end: a script's text, a heading.
        while !self.declined && (lexer.at() <= to || self.raw.is_some() || self.heading.is_some()) {
            let Some(token) = lexer.next() else { break };
            if self.picture.is_some() {
                self.pass_picture(token, &mut lexer);
                continue;
            }
            match token {
                Token::Start(tag) => self.start(tag, text, &mut lexer),
                Token::End(tag) => self.end(tag),
                Token::Text(start, end) => self.text(start, end, text),
                Token::Comment => {}
            }
        }
        self.declined |= lexer.has_escaped_script;
        self.lexer = lexer.state();
    }

    pub(crate) fn is_declined(&self) -> bool {
        self.declined
    }

    /// Whether a heading or a raw element has begun and not ended: what it says is not known.
    pub(super) fn is_cut(&self) -> bool {
        self.heading.is_some() || self.raw.is_some()
    }

    pub(crate) fn outline(&self) -> &Outline {
        &self.outline
    }

    pub(super) fn tags(&self) -> &[(Tag, Side)] {
        &self.tags
    }

    pub(super) fn texts(&self) -> &[DigitText] {
        &self.texts
    }

    fn start(&mut self, tag: Tag, text: &str, lexer: &mut Lexer<'_>) {
        let attribute_text = tag.attributes(text);
        let is_first = self.tags.is_empty();
        match tag.name {
            Name::Svg | Name::Math => {
                if !tag.self_closing {
                    self.picture = Some((tag.name, 1));
                    lexer.is_foreign = true;
                }
                if let Some(heading) = &mut self.heading {
                    heading.goes_on = false;
                }
                return;
            }
            Name::Html if is_first => self.outline.note_html(attribute_text),
            Name::Html | Name::Body if self.body || tag.name == Name::Html => {
                self.declined |= !attribute_text.trim().is_empty();
            }
            Name::Body => self.body = true,
            Name::Frameset | Name::Plaintext => self.declined = true,
            Name::Template => self.templates += 1,
            Name::Select => self.selects += 1,
            _ => {}
        }
        if tag.name.is_raw() {
            self.raw = Some(Raw::Other);
        }
        if self.heading.is_some() {
            self.start_in_heading(tag, text);
        } else if self.templates == 0 {
            self.note(tag, attribute_text);
        }
        if self.selects > 0 && (self.heading.is_some() || self.raw.is_some_and(|raw| raw != Raw::Other)) {
            self.declined = true;
        }
        self.tags.push((tag, Side::Start));
    }

    /// Notes a tag that the outline has a place for.
    fn note(&mut self, tag: Tag, attribute_text: &str) {
        match tag.name {
            Name::Meta => self.outline.note_meta(attribute_text),
            Name::Link => self.outline.note_link(attribute_text),
            Name::Title => self.raw = Some(Raw::Title),
            Name::Script if is_json_ld(attribute_text) => self.raw = Some(Raw::JsonLd),
            Name::H1 => self.heading = Some(Heading::default()),
            Name::Button | Name::Input => self.note_button(tag, attribute_text),
            _ => {}
        }
    }

    /// A button that puts the product into the cart, and works.
    fn note_button(&mut self, tag: Tag, attribute_text: &str) {
        let is_off = attributes(attribute_text).any(|(name, _)| name.eq_ignore_ascii_case("disabled"));
        let says = |name: &str| {
            attribute(attribute_text, name).is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                [
                    "add-to-cart",
                    "addtocart",
                    "add_to_cart",
                    "add to cart",
                    "add-to-basket",
                    "addtobasket",
                    "add to basket",
                    "add-to-bag",
                    "buy-now",
                ]
                .iter()
                .any(|word| value.contains(word))
            })
        };
        if !is_off
            && self.button_at.is_none()
            && self.heading_at.is_some()
            && ["id", "name", "class", "value", "data-testid"].iter().any(|name| says(name))
        {
            self.button_at = Some(tag.start);
        }
    }

    fn start_in_heading(&mut self, tag: Tag, text: &str) {
        use Name::*;
        let fits = matches!(
            tag.name,
            Span | B
                | I
                | Em
                | Strong
                | A
                | Br
                | Small
                | Sup
                | Sub
                | Font
                | U
                | Wbr
                | Div
                | Img
                | Mark
                | Bdi
                | Abbr
                | Label
                | Other
        );
        let Some(heading) = &mut self.heading else { return };
        heading.goes_on = false;
        if is_unseen(tag.name) && tag.name != Template {
            heading.open.push(tag.name);
            return;
        }
        if !fits {
            self.declined = true;
            return;
        }
        heading.text.open(tag.name, || {
            attribute(tag.attributes(text), "class").is_some_and(|classes| classes.split_ascii_whitespace().any(says_cents))
        });
        if !tag.name.is_void() {
            heading.open.push(tag.name);
        }
    }

    fn end(&mut self, tag: Tag) {
        self.raw = None;
        match tag.name {
            Name::Template => self.templates = self.templates.saturating_sub(1),
            Name::Select => self.selects = self.selects.saturating_sub(1),
            _ => {}
        }
        if let Some(heading) = &mut self.heading {
            heading.goes_on = false;
            match heading.open.pop() {
                Some(name) if name == tag.name => {}
                None if tag.name == Name::H1 => {
                    let gathered = std::mem::take(&mut heading.text.text);
                    self.heading = None;
                    self.heading_at.get_or_insert(tag.end);
                    self.outline.note_heading(&crate::text::collapse(&gathered, 4_000));
                }
                _ => self.declined = true,
            }
        }
        self.tags.push((tag, Side::End));
    }

    fn text(&mut self, start: u32, end: u32, text: &str) {
        let part = &text[start as usize..end as usize];
        match self.raw {
            Some(Raw::JsonLd) => return self.outline.note_json_ld(part),
            Some(Raw::Title) => return self.outline.note_title(&decode_text(part)),
            Some(Raw::Other) => return,
            None => {}
        }
        if let Some(heading) = &mut self.heading {
            heading.text.text(&decode_text(part), heading.goes_on);
            heading.goes_on = true;
            self.declined |= heading.text.text.len() > 5_000;
        } else if self.templates == 0
            && part.len() < 200
            && self.texts.len() < MAX_TEXTS
            && part.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.texts.push(DigitText { start, end, tags: self.tags.len() as u32 });
        }
    }

    fn pass_picture(&mut self, token: Token, lexer: &mut Lexer<'_>) {
        let Some((root, depth)) = &mut self.picture else { return };
        match token {
            Token::Start(tag) if tag.name == *root => *depth += u32::from(!tag.self_closing),
            Token::End(tag) if tag.name == *root => {
                *depth -= 1;
                if *depth == 0 {
                    lexer.is_foreign = false;
                    self.picture = None;
                }
            }
            Token::Start(tag) => self.declined |= ends_picture(tag.name),
            Token::End(tag) => self.declined |= matches!(tag.name, Name::P | Name::Br | Name::Script),
            Token::Text(..) | Token::Comment => {}
        }
    }

    /// Where a working button for the cart stands.
    pub(super) fn button_at(&self) -> Option<u32> {
        self.button_at
    }

    /// Where the first heading ended.
    pub(super) fn heading_at(&self) -> Option<u32> {
        self.heading_at
    }
}
