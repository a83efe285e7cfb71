//! What is wrong with a configuration: the setting's name, its value, the remedy.

use std::path::PathBuf;

use super::settings::{Setting, Shown, nearest};
use super::sources::From;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that cannot be.
    #[error("`{name}` ({from}) is `{value}`: {problem}")]
    Wrong {
        /// The setting.
        name: &'static str,
        /// Where the value stands.
        from: From,
        /// The value, without passwords.
        value: String,
        /// What is wrong, and what to write instead.
        problem: String,
    },
    /// A value that cannot be beside the others.
    #[error("`{name}` {problem}")]
    Senseless {
        /// The setting.
        name: &'static str,
        /// Beside what, and what to write instead.
        problem: &'static str,
    },
    /// A name that no setting has.
    #[error("there is no setting `{name}` ({from}){}", hint(.name))]
    Unknown {
        /// The name.
        name: String,
        /// Where it stands.
        from: From,
    },
    /// The configuration file cannot be read.
    #[error("the configuration file `{}` cannot be read: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
}

impl ConfigError {
    /// A value that cannot be.
    pub fn wrong(setting: &'static Setting, from: From, value: &str, problem: impl Into<String>) -> Self {
        let value = masked(setting, value);
        ConfigError::Wrong { name: setting.name, from, value, problem: problem.into() }
    }
}

fn hint(name: &str) -> String {
    match nearest(name) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `plummet config` lists all that there are".to_owned(),
    }
}

/// A value as it may be shown.
pub fn masked(setting: &Setting, value: &str) -> String {
    match setting.shown {
        Shown::Whole => value.to_owned(),
        Shown::WithoutPassword => without_passwords(value),
        Shown::Never => "***".to_owned(),
    }
}

/// URLs between commas, each without its password. A password may have a comma itself: only one before a scheme separates.
fn without_passwords(urls: &str) -> String {
    let mut each: Vec<String> = Vec::new();
    for part in urls.split(',') {
        match each.last_mut() {
            Some(last) if !part.contains("://") => {
                last.push(',');
                last.push_str(part);
            }
            _ => each.push(part.trim().to_owned()),
        }
    }
    let masked = each.iter().map(|url| match without_password(url).split_once(',') {
        // What has no scheme may be anything.
        Some((url, _)) => format!("{url},***"),
        None => without_password(url),
    });
    masked.collect::<Vec<_>>().join(",")
}

/// A URL with user, password and parameters hidden; what is no URL is hidden whole.
fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    let rest = rest.split_once('?').map_or(rest.to_owned(), |(before, _)| format!("{before}?***"));
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://***@{host}"),
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        for (url, shown) in [
            ("smtp://me:pass@word@mail.example:587", "smtp://***@mail.example:587"),
            ("smtp://mail.example:25", "smtp://mail.example:25"),
            ("redis://h/0?password=secret", "redis://h/0?***"),
            ("secret", "***"),
            ("http://a:b@p:1, socks5://c:d@q:2", "http://***@p:1,socks5://***@q:2"),
            ("smtp://me:pass,word@mail.example:587", "smtp://***@mail.example:587"),
            ("http://a:b@p:1,secret", "http://***@p:1,***"),
            ("sqlite:/var/lib/plummet.db", "sqlite:/var/lib/plummet.db"),
        ] {
            assert_eq!(without_passwords(url), shown);
        }
    }
}
