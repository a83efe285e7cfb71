//! Where the servers' programs are, and as whom they run.

use std::path::{Path, PathBuf};

/// A program of PostgreSQL: on the PATH, in Debian's folder, or unpacked by `make setup-test`.
pub(crate) fn postgres(name: &str) -> PathBuf {
    let mut versions: Vec<PathBuf> = ["/usr/lib/postgresql".into(), unpacked().join("lib/postgresql")]
        .into_iter()
        .filter_map(|folder: PathBuf| std::fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    // The newest first; `psql` on Debian's PATH is a script that looks for a cluster of the system's.
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let places = versions.into_iter().chain(on_path());
    find(places, name).unwrap_or_else(|| panic!("PostgreSQL's `{name}` is missing on this machine; run `make setup-test`"))
}

/// Redis' server.
pub(crate) fn redis() -> PathBuf {
    let places = on_path().chain([unpacked().join("bin")]);
    find(places, "redis-server").unwrap_or_else(|| panic!("`redis-server` is missing on this machine; run `make setup-test`"))
}

fn find(mut places: impl Iterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    places.find_map(|place| Some(place.join(name)).filter(|path| path.is_file()))
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn version(bin: &Path) -> u32 {
    bin.iter().rev().nth(1).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}

fn on_path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// Where packages are unpacked for those who may not install any.
fn unpacked() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/databases/usr")
}

/// Words before a command, so that it runs as somebody who may run a server: PostgreSQL refuses to be root.
pub(crate) fn prefix(program: &Path, user: Option<(u32, u32)>) -> Vec<String> {
    let mut words = vec!["env".to_owned(), "LC_ALL=C.UTF-8".to_owned()];
    if program.starts_with(unpacked()) {
        let libraries = unpacked().join("lib");
        let folders = std::fs::read_dir(&libraries).into_iter().flatten().flatten().map(|entry| entry.path());
        let folders: Vec<String> = folders.filter(|path| path.is_dir()).map(|path| path.display().to_string()).collect();
        words.push(format!("LD_LIBRARY_PATH={}", folders.join(":")));
    }
    if let Some((uid, gid)) = user {
        words.extend(["setpriv".into(), format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into()]);
    }
    words
}

/// Who runs PostgreSQL where we are root: its own account, which its package makes, or nobody.
pub(crate) fn server_user() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    if ids.split_whitespace().nth(1) != Some("0") {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let mut fields = accounts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(find("postgres").or_else(|| find("nobody")).unwrap_or((65_534, 65_534)))
}
