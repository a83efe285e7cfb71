//! The texts of the pages in the reader's language. English stands in the code, where it is read; the others in a table each.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

use leptos::prelude::use_context;

use super::german::GERMAN;
use super::{browser_locale, find_viewer};

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// What stands in the code.
    #[default]
    English,
    /// The table of `german.rs`.
    German,
}

impl Language {
    /// The language of whoever asks: by their profile, else by their browser.
    pub fn of_reader() -> Self {
        let locale = find_viewer().map_or_else(browser_locale, |viewer| viewer.user.locale);
        Language::of(locale)
    }

    /// The language of a locale, as near as we have it.
    pub fn of(locale: domain::Locale) -> Self {
        if locale.tag().split('-').next() == Some("de") { Language::German } else { Language::English }
    }

    /// The value of `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }
}

/// A text of ours in the reader's language; as it is where the table lacks it.
pub(crate) fn t(english: &'static str) -> &'static str {
    translate(use_context().unwrap_or_default(), english)
}

/// A text of ours with its values, each in place of its name in braces.
pub(crate) fn fill(english: &'static str, values: &[(&str, &dyn Display)]) -> String {
    let text = t(english).to_owned();
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

fn translate(language: Language, english: &'static str) -> &'static str {
    static TABLE: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| GERMAN.iter().copied().collect());
    match language {
        Language::English => english,
        Language::German => TABLE.get(english).copied().unwrap_or(english),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Every text that the code asks for: the literal after `t(` and `fill(`.
    fn asked(folder: &Path, texts: &mut BTreeSet<String>) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                asked(&path, texts);
                continue;
            }
            let code = std::fs::read_to_string(&path).unwrap();
            for start in ["t(\"", "t(\n", "fill(\"", "fill(\n", "many(\""] {
                for (at, _) in code.match_indices(start) {
                    let before = code[..at].chars().next_back().unwrap_or(' ');
                    if before.is_alphanumeric() || before == '_' || before == '.' {
                        continue;
                    }
                    let rest = code[at + start.len() - 1..].trim_start();
                    if let Some(rest) = rest.strip_prefix('"') {
                        texts.insert(literal(rest));
                    }
                }
            }
        }
    }

    fn literal(rest: &str) -> String {
        let mut text = String::new();
        let mut chars = rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => return text,
                '\\' => match chars.next() {
                    Some('u') => {
                        let code: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                        text.extend(char::from_u32(u32::from_str_radix(&code, 16).unwrap()));
                    }
                    Some('\n') => {
                        let rest = chars.as_str().trim_start();
                        chars = rest.chars();
                    }
                    Some(other) => text.push(other),
                    None => return text,
                },
                other => text.push(other),
            }
        }
        text
    }

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn every_text_of_the_pages_is_in_the_german_table_and_none_more() {
        let mut texts = BTreeSet::new();
        asked(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
        let known: BTreeSet<String> = GERMAN.iter().map(|(english, _)| (*english).to_owned()).collect();
        assert_eq!(known.len(), GERMAN.len(), "a text stands twice in the table");
        assert_eq!(texts.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "not translated");
        let dynamic = |text: &&String| !super::super::german::BY_VALUE.contains(&text.as_str());
        assert_eq!(known.difference(&texts).filter(dynamic).collect::<Vec<_>>(), Vec::<&String>::new(), "not asked for");
    }

    #[test]
    fn a_translation_has_the_same_values() {
        for (english, german) in GERMAN {
            assert_eq!(names(english), names(german), "{english}");
        }
    }

    #[test]
    fn a_text_is_given_in_the_language_asked_for() {
        assert_eq!(translate(Language::German, "Watchlist"), "Merkliste");
        assert_eq!(translate(Language::English, "Watchlist"), "Watchlist");
        assert_eq!(Language::of(domain::Locale::best("de-CH")), Language::German);
        assert_eq!(Language::of(domain::Locale::best("sv")), Language::English);
    }
}
