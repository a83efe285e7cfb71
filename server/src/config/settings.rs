//! The table of settings: what `plummet config` prints, `.env.example` lists and the documentation says.

use super::{channels, checks, data, database, fetch, log, mail, proxies, scale, web};

/// One setting: an environment variable, or the same name in lower case in the TOML file.
#[derive(Debug)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// What it is without being set, as text for people.
    pub default: &'static str,
    /// What it does, in a sentence or two.
    pub about: &'static str,
    /// How much of its value may be shown.
    pub shown: Shown,
}

impl Setting {
    /// Whether the default is a value that could be written, and not a way of deciding one.
    pub fn is_default_a_value(&self) -> bool {
        !self.default.contains(' ') && self.default != "none"
    }
}

/// How much of a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole,
    /// A URL, or several between commas: users and passwords are hidden.
    WithoutPassword,
    /// Nothing of it.
    Never,
}

/// Every setting, in the order of `.env.example`.
pub const SETTINGS: &[&Setting] = &[
    &data::CONFIG,
    &data::DATA,
    &web::LISTEN,
    &web::URL,
    &database::DATABASE_URL,
    &database::DATABASE_REPLICA_URL,
    &database::CONNECTIONS,
    &scale::REDIS_URL,
    &data::SECRET_KEY,
    &scale::DRAIN_SECONDS,
    &mail::SMTP_URL,
    &mail::MAIL_FROM,
    &channels::SMS_URL,
    &channels::SMS_FROM,
    &channels::TELEGRAM_URL,
    &channels::CHANNEL_HOSTS,
    &fetch::ALLOW_HOSTS,
    &fetch::FETCH_SECONDS,
    &fetch::OBEY_ROBOTS,
    &proxies::PROXIES,
    &proxies::FALLBACK,
    &proxies::USER_AGENT,
    &checks::WORKERS,
    &checks::LIMITS,
    &checks::UNLIMITED_HOSTS,
    &checks::CHECK_EVERY,
    &checks::CHECKS_A_DAY,
    &checks::LEASE_SECONDS,
    &log::LOG,
    &log::LOG_FORMAT,
    &web::DEMO_LISTEN,
];

/// The setting of a name in any case.
pub fn find_setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().copied().find(|setting| setting.name.eq_ignore_ascii_case(name))
}

/// The known name that is nearest to a wrong one, if any is near.
pub fn nearest(wrong: &str) -> Option<&'static str> {
    let wrong = wrong.to_ascii_uppercase();
    let by_distance = |setting: &&Setting| distance(&wrong, setting.name);
    let near = SETTINGS.iter().copied().min_by_key(by_distance)?;
    (distance(&wrong, near.name) <= wrong.len().max(near.name.len()) / 3).then_some(near.name)
}

/// Levenshtein's distance: how many letters to add, drop or change.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.bytes().enumerate() {
            let cost = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

/// The text of `.env.example`.
pub fn env_example() -> String {
    let mut text = String::from(
        "# Settings of Plummet, each with its default. All are optional: without any of them `plummet` starts and works.\n\
         # They may also stand in a TOML file, by the same names in lower case: see PLUMMET_CONFIG.\n",
    );
    for setting in SETTINGS {
        text.push('\n');
        for line in setting.about.lines() {
            text.push_str(&format!("# {line}\n"));
        }
        text.push_str(&format!("# Default: {}\n#{}=\n", setting.default, setting.name));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_file_lists_every_setting_as_the_table_does() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example");
        let file = std::fs::read_to_string(path).expect(".env.example is there");
        assert_eq!(file, env_example(), "write it anew: plummet config --example > .env.example");
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_nonsense_finds_none() {
        assert_eq!(nearest("PLUMMET_LISTN"), Some("PLUMMET_LISTEN"));
        assert_eq!(nearest("plummet_allow_host"), Some("PLUMMET_ALLOW_HOSTS"));
        assert_eq!(nearest("PLUMMET_XYZZY_FROBNICATION"), None);
    }

    #[test]
    fn names_are_there_once() {
        for setting in SETTINGS {
            assert_eq!(SETTINGS.iter().filter(|other| other.name == setting.name).count(), 1, "{}", setting.name);
            assert!(!setting.about.is_empty() && !setting.default.is_empty());
        }
    }
}
