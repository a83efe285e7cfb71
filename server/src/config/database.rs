//! Which database, and how it is reached.

use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::{Sources, number};

pub(super) const DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    default: "sqlite: and plummet.db in the data folder",
    about: "The database: `sqlite:` and the path of its file, or postgres://user:password@host:5432/database (15 or later).\n\
            Write special characters of the password in percent-encoding. Several processes need PostgreSQL.",
    shown: Shown::WithoutPassword,
};
pub(super) const DATABASE_REPLICA_URL: Setting = Setting {
    name: "DATABASE_REPLICA_URL",
    default: "none",
    about: "A read-only replica of the PostgreSQL of DATABASE_URL, for histories and search.",
    shown: Shown::WithoutPassword,
};
pub(super) const CONNECTIONS: Setting = Setting {
    name: "PLUMMET_DATABASE_CONNECTIONS",
    default: "16",
    about: "Most connections of each process to PostgreSQL. Of all processes together, stay below PostgreSQL's max_connections.",
    shown: Shown::Whole,
};

/// Which database, and how it is reached.
#[derive(Clone, Debug)]
pub enum DatabaseConfig {
    /// A file, for one process. The default, `plummet.db` in the data folder. Absolute.
    Sqlite(PathBuf),
    /// A server, for any number of processes.
    Postgres {
        /// `DATABASE_URL`.
        url: SecretString,
        /// `DATABASE_REPLICA_URL`, if there is one.
        replica_url: Option<SecretString>,
        /// `PLUMMET_DATABASE_CONNECTIONS`, by default 16.
        max_connections: u32,
    },
}

impl DatabaseConfig {
    pub(super) fn read(sources: &Sources, usual_file: PathBuf) -> Result<Self, ConfigError> {
        let replica_url = sources.read(&DATABASE_REPLICA_URL, postgres_url)?;
        let max_connections = sources.read(&CONNECTIONS, |text| number(text, 2..=1_000))?.unwrap_or(16);
        match sources.read(&DATABASE_URL, database)?.unwrap_or(Database::File(usual_file)) {
            Database::Server(url) => Ok(DatabaseConfig::Postgres { url, replica_url, max_connections }),
            Database::File(path) if replica_url.is_none() => Ok(DatabaseConfig::Sqlite(path)),
            Database::File(_) => Err(ConfigError::Senseless {
                name: DATABASE_REPLICA_URL.name,
                problem: "is set, but the database is a SQLite file, which has no replicas; unset it, or set DATABASE_URL to the \
                          PostgreSQL that it follows",
            }),
        }
    }

    /// The database as it may be shown.
    pub fn shown(&self) -> String {
        match self {
            DatabaseConfig::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseConfig::Postgres { url, .. } => {
                super::error::masked(&DATABASE_URL, secrecy::ExposeSecret::expose_secret(url))
            }
        }
    }
}

enum Database {
    File(PathBuf),
    Server(SecretString),
}

const FORMS: &str = "write sqlite: and the path of a file, or postgres://user:password@host:5432/database";

fn database(url: &str) -> Result<Database, String> {
    let Some((scheme, rest)) = url.split_once(':') else { return Err(FORMS.to_owned()) };
    match scheme {
        "sqlite" => database_file(rest).map(Database::File),
        "postgres" | "postgresql" => postgres_url(url).map(Database::Server),
        _ => Err(format!("`{scheme}:` is no database that Plummet knows; {FORMS}")),
    }
}

fn database_file(rest: &str) -> Result<PathBuf, String> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err(
            "write sqlite: and the path of a file, without parameters; a database in memory would forget everything".into()
        );
    }
    std::path::absolute(path).map_err(|error| error.to_string())
}

fn postgres_url(text: &str) -> Result<SecretString, String> {
    let remedy = "write postgres://user:password@host:5432/database, special characters of the password in percent-encoding";
    let url = Url::parse(text).map_err(|error| format!("{error}; {remedy}"))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(format!("a replica is a PostgreSQL; {remedy}"));
    }
    let has_host = url.host_str().is_some_and(|host| !host.is_empty()) || url.query_pairs().any(|(name, _)| name == "host");
    if !has_host || url.path().trim_matches('/').is_empty() {
        return Err(format!("it names no {}; {remedy}", if has_host { "database" } else { "host" }));
    }
    Ok(text.to_owned().into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn file(url: &str) -> PathBuf {
        match database(url) {
            Ok(Database::File(path)) => path,
            _ => panic!("{url} is a file"),
        }
    }

    #[test]
    fn a_database_is_a_file_or_a_server_and_others_say_what_to_use() {
        for (url, path) in [("sqlite:/a/b.db", "/a/b.db"), ("sqlite:///a/b.db", "/a/b.db")] {
            assert_eq!(file(url), PathBuf::from(path));
        }
        assert!(file("sqlite:b.db").is_absolute());
        for url in ["postgres://u:p%40ss@h/db", "postgresql://h:5433/db?sslmode=require", "postgres:///db?host=/run/postgresql"] {
            let Ok(Database::Server(server)) = database(url) else { panic!("{url} is a server") };
            assert_eq!(server.expose_secret(), url);
        }
        for wrong in ["mysql://h/db", "sqlite::memory:", "sqlite:", "x", "sqlite:a.db?mode=ro"] {
            assert!(database(wrong).is_err_and(|error| error.contains("sqlite:")), "{wrong}");
        }
        for wrong in ["postgres://h", "postgres://", "postgres://h:port/db", "postgres:///db", "postgres://u:p@ss:w@/h"] {
            assert!(database(wrong).is_err_and(|error| error.contains("postgres://user:password@host")), "{wrong}");
        }
    }
}
