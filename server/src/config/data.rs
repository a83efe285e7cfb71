//! The data folder, and the key of what is sealed.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

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
    about: "The data folder: database, outbox, secret key, set-up link. It is made if it is missing, readable by its owner only.",
    shown: Shown::Whole,
};
pub(super) const SECRET_KEY: Setting = Setting {
    name: "PLUMMET_SECRET_KEY",
    default: "drawn at the first start and kept in secret.key in the data folder",
    about: "What passwords in the database are sealed with: 32 bytes in base64, such as `openssl rand -base64 32` prints.\n\
            Processes on several machines need the same one.",
    shown: Shown::Never,
};

/// The data folder, and the key of what is sealed.
#[derive(Clone)]
pub struct DataConfig {
    /// The data folder: `PLUMMET_DATA`, by default the platform's place for a user's data. Absolute.
    pub folder: PathBuf,
    /// `PLUMMET_SECRET_KEY`; by default the file `secret.key` in the data folder.
    pub secret_key: Option<[u8; 32]>,
}

/// Without the key.
impl std::fmt::Debug for DataConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataConfig").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl DataConfig {
    pub(super) fn read(sources: &Sources, is_demo: bool) -> Result<Self, ConfigError> {
        Ok(DataConfig { folder: folder(sources, is_demo), secret_key: sources.read(&SECRET_KEY, secret_key)? })
    }

    /// Where the database is while no setting says otherwise.
    pub(super) fn usual_database(&self) -> PathBuf {
        self.folder.join("plummet.db")
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

/// Reads a key as it stands in a variable or in its file.
pub fn secret_key(text: &str) -> Result<[u8; 32], String> {
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| "write 32 bytes in base64, such as `openssl rand -base64 32` prints".to_owned())
}

/// A key as it stands in its file.
pub fn secret_key_text(key: &[u8; 32]) -> String {
    STANDARD.encode(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_key_is_thirty_two_bytes() {
        assert_eq!(secret_key(&secret_key_text(&[7; 32])), Ok([7; 32]));
        for wrong in ["", "sesame", "c2VzYW1l", "!!!!"] {
            assert!(secret_key(wrong).unwrap_err().contains("openssl rand -base64 32"), "{wrong}");
        }
    }
}
