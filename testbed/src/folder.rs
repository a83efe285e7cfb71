//! Folders for servers' data.

use std::path::Path;

use tempfile::TempDir;

/// A temporary folder that `owner` may use.
pub(crate) fn temporary(owner: Option<(u32, u32)>) -> TempDir {
    let folder = tempfile::Builder::new().prefix("plummet-testbed-").tempdir().expect("a temporary folder can be made");
    give(folder.path(), owner);
    folder
}

/// Makes a folder the server's.
pub(crate) fn give(folder: &Path, owner: Option<(u32, u32)>) {
    if let Some((uid, gid)) = owner {
        std::os::unix::fs::chown(folder, Some(uid), Some(gid)).expect("root may give a folder away");
    }
}

/// What a server wrote into its log, for the message of a failed start.
pub(crate) fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
