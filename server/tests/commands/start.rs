//! Starting, refusing to start, stopping; accounts and tokens beside a running program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::{Running, assert_ended, plummet, printed, run};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn it_starts_says_where_it_is_keeps_its_secrets_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut running = Running::start(&data, "serve");
    assert!(running.line("Plummet is at ").starts_with("Plummet is at http://127.0.0.1:"));
    let link = running.line("http://127.0.0.1:");
    assert!(link.contains("/setup?token="));
    assert_eq!(fs::read_to_string(data.join("setup-link")).unwrap().trim(), link);
    assert_eq!(mode(&data), 0o700);
    for secret in ["setup-link", "plummet.db", "plummet.db-wal"] {
        assert_eq!(mode(&data.join(secret)), 0o600, "{secret}");
    }

    // Beside it, the operator makes an account, so that the link is of no more use.
    let added = run(&data, &["user", "add", "--email", "a@b.example", "--admin", "--password-stdin"], "correct horse battery\n");
    assert_ended(&added, 0, "");
    let token = run(&data, &["token", "create", "--email", "a@b.example", "--scope", "admin"], "");
    assert!(printed(&token).starts_with("plm_") && printed(&token).lines().count() == 1);
    assert_ended(&run(&data, &["setup-link"], ""), 1, "there is an account already");
    let second = plummet(&data, &["serve"]).output().unwrap();
    assert_ended(&second, 1, "in use by another running Plummet");

    assert_eq!(running.terminate(), Some(0));
    assert!(!data.join("setup-link").exists());
}

#[test]
fn accounts_refuse_what_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let add = |email: &str, password: &str| run(folder.path(), &["user", "add", "--email", email, "--password-stdin"], password);
    assert_ended(&add("a@b.example", "short\n"), 1, "at least 12 characters");
    assert_ended(&add("a@b.example", ""), 1, "standard input holds no password");
    assert_ended(&add("nobody", "correct horse battery\n"), 1, "no e-mail address");
    assert_ended(&add("a@b.example", "correct horse battery\n"), 0, "");
    assert_ended(&add("a@b.example", "correct horse battery\n"), 1, "already taken");
    let token = ["token", "create", "--email", "a@b.example", "--scope", "admin"];
    assert_ended(&run(folder.path(), &token, ""), 1, "plummet user promote");
    assert_ended(&run(folder.path(), &["user", "promote", "--email", "a@b.example"], ""), 0, "");
    assert_ended(&run(folder.path(), &token, ""), 0, "");
    assert_ended(&run(folder.path(), &["user", "promote", "--email", "x@y.example"], ""), 1, "no such account");
    let set = ["user", "set-password", "--email", "a@b.example", "--password-stdin"];
    assert_ended(&run(folder.path(), &set, "another long password\n"), 0, "");
}

#[test]
fn a_wrong_setting_or_command_line_stops_with_status_2() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &str| plummet(folder.path(), &["serve"]).env(name, value).output().unwrap();
    assert_ended(&with("DATABASE_URL", "mysql://u:sesame@h/db"), 2, "write sqlite:");
    assert_ended(&with("REDIS_URL", "http://h"), 2, "write redis://");
    assert_ended(&with("PLUMMET_LISTN", "x"), 2, "did you mean `PLUMMET_LISTEN`?");
    assert_ended(&with("PLUMMET_CONFIG", "/no/such/file.toml"), 2, "/no/such/file.toml");
    assert_ended(&run(folder.path(), &["bogus"], ""), 2, "bogus");
    assert!(!folder.path().join("plummet.db").exists(), "nothing was opened");
}

#[test]
fn a_database_that_is_none_or_damaged_stops_the_start_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plummet.db");
    fs::write(&file, "this is no database, it is a diary of some length".repeat(100)).unwrap();
    assert_ended(&run(folder.path(), &["serve"], ""), 1, "is not a database");
    fs::remove_file(&file).unwrap();
    let migrated = run(folder.path(), &["migrate"], "");
    assert_ended(&migrated, 0, "");
    assert!(printed(&migrated).contains("is up to date"));
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[100..middle].fill(0xff);
    fs::write(&file, bytes).unwrap();
    assert_ended(&run(folder.path(), &["serve"], ""), 1, "plummet.db");
}

#[test]
fn a_port_in_use_names_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve = plummet(folder.path(), &["serve"]).env("PLUMMET_LISTEN", &address).output().unwrap();
    assert_ended(&serve, 1, "set PLUMMET_LISTEN to another");
    let demo = plummet(folder.path(), &["demo"]).env("PLUMMET_DEMO_LISTEN", &address).output().unwrap();
    assert_ended(&demo, 1, "set PLUMMET_DEMO_LISTEN to another");
}

#[test]
fn the_configuration_is_shown_with_its_sources_and_without_passwords() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plummet.toml"), "smtp_url = 'smtp://me:sesame@mail.example:587'\nplummet_workers = 3\n")
        .unwrap();
    let shown = printed(&run(folder.path(), &["config"], ""));
    for line in [
        "SMTP_URL=smtp://***@mail.example:587  # ",
        "PLUMMET_WORKERS=3  # ",
        "PLUMMET_LISTEN=127.0.0.1:0  # environment",
        "PLUMMET_LOG=info  # default",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("sesame"));
}
