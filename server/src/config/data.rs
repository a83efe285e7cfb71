//! Where the truth is kept.

use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::Sources;

pub(super) const CONFIG: Setting = Setting {
    name: "PLUMMET_CONFIG",
    default: "plummet.toml in the data folder, if it is there",
    about: "A TOML file with these settings by the same names in lower case. Variables win over it.",
    shown: Shown::Whole,
};
pub(super) const DATA: Setting = Setting {
    name: "PLUMMET_DATA",
    default: "$XDG_DATA_HOME/plummet, else $HOME/.local/share/plummet, else ./plummet-data (`demo`: the same with -demo)",
    about: "The data folder: database, outbox, set-up link. It is made if it is missing, readable by its owner only.",
    shown: Shown::Whole,
};
pub(super) const DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    default: "sqlite: and plummet.db in the data folder",
    about: "The database: `sqlite:` and the path of its file.",
    shown: Shown::WithoutPassword,
};
pub(super) const REDIS_URL: Setting = Setting {
    name: "REDIS_URL",
    default: "none: the queue is in the process",
    about: "A Redis for the queue of many processes. Not built in yet: must be unset.",
    shown: Shown::WithoutPassword,
};

/// Where the truth is kept.
#[derive(Clone, Debug)]
pub struct DataConfig {
    /// The data folder: `PLUMMET_DATA`, by default the platform's place for a user's data. Absolute.
    pub folder: PathBuf,
    /// The database's file: `DATABASE_URL` without its scheme, by default `plummet.db` in the data folder. Absolute.
    pub database: PathBuf,
}

impl DataConfig {
    pub(super) fn read(sources: &Sources, is_demo: bool) -> Result<Self, ConfigError> {
        let folder = folder(sources, is_demo);
        let database = sources.read(&DATABASE_URL, database_file)?.unwrap_or_else(|| folder.join("plummet.db"));
        sources.read(&REDIS_URL, |_| -> Result<(), String> {
            Err("this build keeps its queue in the process and has no Redis built in; unset REDIS_URL".to_owned())
        })?;
        Ok(DataConfig { folder, database })
    }

    /// Where mails are written while no SMTP server is set.
    pub fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }
}

/// The data folder. Absolute, so that a later change of the working directory opens no other, empty database.
pub(super) fn folder(sources: &Sources, is_demo: bool) -> PathBuf {
    let place = |name: &str| sources.places.get(name).filter(|path| Path::new(path).is_absolute()).map(PathBuf::from);
    let name = if is_demo { "plummet-demo" } else { "plummet" };
    let folder = sources.text(&DATA).map(PathBuf::from).unwrap_or_else(|| {
        let home = place("HOME").map(|home| home.join(".local/share"));
        place("XDG_DATA_HOME").or(home).map_or_else(|| PathBuf::from(format!("{name}-data")), |base| base.join(name))
    });
    std::path::absolute(&folder).unwrap_or(folder)
}

fn database_file(url: &str) -> Result<PathBuf, String> {
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err("write sqlite: and the path of the database's file".to_owned());
    };
    match scheme {
        "sqlite" => {}
        "postgres" | "postgresql" => {
            return Err("PostgreSQL is not built in yet; use sqlite: and a path, or unset DATABASE_URL".to_owned());
        }
        _ => return Err(format!("`{scheme}:` is no database that Plummet knows; use sqlite: and a path")),
    }
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err(
            "write sqlite: and the path of a file, without parameters; a database in memory would forget everything".into()
        );
    }
    std::path::absolute(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_is_a_file_and_others_say_what_to_use() {
        for (url, path) in [("sqlite:/a/b.db", "/a/b.db"), ("sqlite:///a/b.db", "/a/b.db")] {
            assert_eq!(database_file(url), Ok(PathBuf::from(path)));
        }
        assert!(database_file("sqlite:b.db").unwrap().is_absolute());
        for url in ["postgres://u:p@h/db", "mysql://h/db", "sqlite::memory:", "sqlite:", "x", "sqlite:a.db?mode=ro"] {
            assert!(database_file(url).unwrap_err().contains("sqlite:"), "{url}");
        }
    }
}
