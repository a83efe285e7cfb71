//! What a page says about itself outside its visible text: tags of its head, headings, scripts of data.

use std::borrow::Cow;

use crate::markup::{attribute, attributes, decode_text};
use crate::text::collapse;

/// Tags that are noted per kind; pages with more are not made by people.
const MAX_NOTED: usize = 5_000;

/// Scripts of structured data that are looked at.
const MAX_SCRIPTS: usize = 200;

/// The outline of a page, gathered from its tags in page order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    metas: Vec<(String, String)>,
    json_ld: Vec<String>,
    headings: Vec<String>,
    /// `<title>`, collapsed.
    pub title: String,
    /// `<html lang>`.
    pub language: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
    /// Class tokens of `<html>` and `<body>`, lower-cased.
    pub body_classes: Vec<String>,
}

/// A script as the page has it.
#[derive(Clone, Debug)]
pub(crate) struct Script<'a> {
    /// The text of its attributes.
    pub attributes: Cow<'a, str>,
    pub text: Cow<'a, str>,
}

impl Script<'_> {
    pub(crate) fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        attribute(&self.attributes, name)
    }
}

/// Whether a script of these attributes holds JSON-LD.
pub(crate) fn is_json_ld(attribute_text: &str) -> bool {
    attribute(attribute_text, "type").is_some_and(|kind| {
        let kind = kind.trim().to_ascii_lowercase();
        kind.starts_with("application/ld+json") || kind == "ld+json"
    })
}

impl Outline {
    pub(crate) fn note_meta(&mut self, attribute_text: &str) {
        if self.metas.len() >= MAX_NOTED {
            return;
        }
        let (mut property, mut name, mut item, mut content) = (None, None, None, None);
        for (known, value) in attributes(attribute_text) {
            let slot = match known {
                _ if known.eq_ignore_ascii_case("property") => &mut property,
                _ if known.eq_ignore_ascii_case("name") => &mut name,
                _ if known.eq_ignore_ascii_case("itemprop") => &mut item,
                _ if known.eq_ignore_ascii_case("content") => &mut content,
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        if let (Some(name), Some(content)) = (property.or(name).or(item), content) {
            let name = decode_text(name).trim().to_ascii_lowercase();
            let content = crate::markup::decode_attribute(content).trim().to_owned();
            self.metas.push((name, content));
        }
    }

    pub(crate) fn note_json_ld(&mut self, text: &str) {
        if self.json_ld.len() < MAX_SCRIPTS {
            self.json_ld.push(text.to_owned());
        }
    }

    /// The page's title is the first one: pictures have titles too.
    pub(crate) fn note_title(&mut self, text: &str) {
        if self.title.is_empty() {
            self.title = collapse(text, 500);
        }
    }

    pub(crate) fn note_heading(&mut self, text: &str) {
        if self.headings.len() < 20 {
            self.headings.push(collapse(text, 500));
        }
    }

    pub(crate) fn note_html(&mut self, attribute_text: &str) {
        self.language = attribute(attribute_text, "lang").or_else(|| attribute(attribute_text, "xml:lang")).map(Cow::into_owned);
        self.note_classes(attribute_text);
    }

    pub(crate) fn note_body(&mut self, attribute_text: &str) {
        self.note_classes(attribute_text);
        self.body_classes.extend(attribute(attribute_text, "id").map(|id| id.to_ascii_lowercase()));
    }

    fn note_classes(&mut self, attribute_text: &str) {
        if let Some(classes) = attribute(attribute_text, "class") {
            self.body_classes.extend(classes.split_ascii_whitespace().map(str::to_ascii_lowercase));
        }
    }

    pub(crate) fn note_link(&mut self, attribute_text: &str) {
        if self.canonical.is_none()
            && attribute(attribute_text, "rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical"))
        {
            self.canonical = attribute(attribute_text, "href").map(|href| href.trim().to_owned());
        }
    }

    /// Contents of a meta tag by its property, name or itemprop (lower-cased), in page order.
    pub(crate) fn metas<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.metas
            .iter()
            .filter(move |(known, content)| known == name && !content.is_empty())
            .map(|(_, content)| content.as_str())
    }

    /// The first content of a meta tag.
    pub(crate) fn meta(&self, name: &str) -> Option<&str> {
        self.metas(name).next()
    }

    /// Texts of the JSON-LD scripts.
    pub(crate) fn json_ld(&self) -> &[String] {
        &self.json_ld
    }

    /// Texts of the `h1` elements.
    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }
}
