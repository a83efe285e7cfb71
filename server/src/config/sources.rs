//! Where settings come from: environment variables over a TOML file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::data;
use super::error::ConfigError;
use super::settings::{SETTINGS, Setting, find_setting};

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// Nowhere: it is the default.
    Default,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File(PathBuf),
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            From::Default => f.write_str("default"),
            From::Environment => f.write_str("environment"),
            From::File(path) => path.display().fmt(f),
        }
    }
}

/// What was set, and where.
#[derive(Clone, Default)]
pub struct Sources {
    given: BTreeMap<&'static str, (String, From)>,
    /// Variables that are not Plummet's own but say where things are: `HOME`, `XDG_DATA_HOME`.
    pub places: BTreeMap<String, String>,
}

/// Names alone: values may hold passwords.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.given.keys()).finish()
    }
}

impl Sources {
    /// Gathers variables, and the file that they name, or `plummet.toml` in the data folder if it is there.
    pub fn gather(variables: impl Iterator<Item = (String, String)>, is_demo: bool) -> Result<Self, ConfigError> {
        let mut sources = Sources::default();
        for (name, value) in variables {
            match find_setting(&name).filter(|setting| setting.name == name) {
                // A variable that is set to nothing is as good as not set: compose files write such.
                Some(setting) if !value.trim().is_empty() => {
                    sources.given.insert(setting.name, (value.trim().to_owned(), From::Environment));
                }
                Some(_) => {}
                None if name.starts_with("PLUMMET_") => return Err(ConfigError::Unknown { name, from: From::Environment }),
                None => {
                    if matches!(name.as_str(), "HOME" | "XDG_DATA_HOME") {
                        sources.places.insert(name, value);
                    }
                }
            }
        }
        match sources.text(&data::CONFIG).map(PathBuf::from) {
            Some(path) => sources.read_file(&path)?,
            None => {
                let usual = data::folder(&sources, is_demo).join("plummet.toml");
                if usual.is_file() {
                    sources.read_file(&usual)?;
                }
            }
        }
        Ok(sources)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let wrong = |problem: String| ConfigError::File { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        for (key, value) in table {
            let from = From::File(path.to_owned());
            let known = find_setting(&key).filter(|setting| setting.name.to_ascii_lowercase() == key);
            let Some(setting) = known else { return Err(ConfigError::Unknown { name: key, from }) };
            let text = as_text(&value).ok_or_else(|| {
                ConfigError::wrong(
                    setting,
                    from.clone(),
                    &value.to_string(),
                    "write text, a number, true or false, or a list of texts",
                )
            })?;
            if !text.trim().is_empty() {
                self.given.entry(setting.name).or_insert((text, from));
            }
        }
        Ok(())
    }

    /// The text of a setting, if it is set.
    pub fn text(&self, setting: &'static Setting) -> Option<&str> {
        self.given.get(setting.name).map(|(text, _)| text.as_str())
    }

    /// Where a setting's value stands.
    pub fn from(&self, setting: &Setting) -> From {
        self.given.get(setting.name).map_or(From::Default, |(_, from)| from.clone())
    }

    /// The value of a setting, if it is set; what `read` refuses is an error with the setting's name.
    pub fn read<T>(
        &self,
        setting: &'static Setting,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        debug_assert!(SETTINGS.iter().any(|known| known.name == setting.name), "{} is not in the table", setting.name);
        let Some((text, from)) = self.given.get(setting.name) else { return Ok(None) };
        read(text).map(Some).map_err(|problem| ConfigError::wrong(setting, from.clone(), text, problem))
    }
}

/// A TOML value as the text that a variable would have.
fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

/// A list of texts between commas.
pub fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// `name=number` pairs between commas.
pub fn pairs(text: &str) -> Result<Vec<(String, u32)>, String> {
    let pair = |item: String| {
        let read = item.split_once('=').and_then(|(name, number)| {
            let number: u32 = number.trim().parse().ok().filter(|number| *number > 0)?;
            let name = name.trim();
            (!name.is_empty()).then(|| (name.to_ascii_lowercase(), number))
        });
        read.ok_or_else(|| format!("`{item}` is no pair of a name and a number above zero, such as amazon=100"))
    };
    list(text).into_iter().map(pair).collect()
}

/// `true` or `false`.
pub fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

/// A whole number within bounds.
pub fn number(text: &str, bounds: std::ops::RangeInclusive<u32>) -> Result<u32, String> {
    let (least, most) = (*bounds.start(), *bounds.end());
    let number: Option<u32> = text.parse().ok().filter(|number| bounds.contains(number));
    number.ok_or_else(|| format!("write a whole number from {least} to {most}"))
}
