//! The architecture's invariants, checked in the text of the repository itself.
//!
//! Each rule is a function from files to problems, and each is tried on a text that breaks it: a rule that cannot fail proves
//! nothing. A problem names the file, the line and the remedy.

mod app;
mod dependencies;
mod layout;
mod names;
mod source;

use source::{Problem, repository};

/// Fails with every problem of a rule.
#[track_caller]
fn assert_tidy(problems: Vec<Problem>) {
    let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "\n{}\n", list.join("\n"));
}

#[test]
fn the_repository_is_found() {
    let files = repository();
    for path in ["Cargo.toml", "domain/src/money.rs", "server/tests/tidy/main.rs", "style/tokens.css", "app/src/lib.rs"] {
        assert!(files.iter().any(|file| file.path == path), "{path} is not among {} files", files.len());
    }
}
