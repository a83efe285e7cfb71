//! Dependencies point down only, and each outside crate is named where it belongs.

use crate::source::{Problem, SourceFile, repository, sample};

/// What each crate of ours may depend on.
const DOWNWARDS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("extract", &["domain"]),
    ("store", &["domain"]),
    ("jobs", &["domain", "extract", "store"]),
    ("actions", &["domain", "extract", "jobs", "store"]),
    ("app", &["actions", "domain", "jobs", "store"]),
    ("frontend", &["app"]),
    ("server", &["actions", "app", "domain", "extract", "jobs", "store"]),
    // For tests alone: nobody names it among what a program depends on.
    ("testbed", &[]),
];

/// Outside crates that only some of ours may depend on, even optionally.
const FENCED: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("apalis", &["jobs"]),
    ("reqwest", &["jobs"]),
    ("hyper", &["jobs"]),
    ("lettre", &["jobs"]),
    ("scraper", &["extract"]),
    ("redis", &["store"]),
    ("tokio", &["actions", "app", "jobs", "server", "store", "testbed"]),
    ("leptos", &["app", "frontend", "server"]),
    ("axum", &["app", "server"]),
];

/// The names of the `[dependencies]`, with their lines.
fn dependencies(file: &SourceFile) -> Vec<(usize, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned();
            if let Some(name) = section.strip_prefix("dependencies.") {
                found.push((index + 1, name.to_owned()));
            }
        } else if section == "dependencies" && !line.starts_with('#') && line.contains('=') {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            found.push((index + 1, name.to_owned()));
        }
    }
    found
}

fn manifests(files: &[SourceFile]) -> impl Iterator<Item = (&SourceFile, &'static [&'static str])> {
    files.iter().filter_map(|file| {
        let folder = file.path.strip_suffix("/Cargo.toml")?;
        DOWNWARDS.iter().find(|(name, _)| *name == folder).map(|(_, allowed)| (file, *allowed))
    })
}

fn dependencies_point_down(files: &[SourceFile]) -> Vec<Problem> {
    let ours = |name: &str| DOWNWARDS.iter().any(|(own, _)| *own == name);
    let mut problems = Vec::new();
    for (file, allowed) in manifests(files) {
        for (line, name) in dependencies(file) {
            if ours(&name) && !allowed.contains(&name.as_str()) {
                let remedy =
                    format!("`{}` may not depend on `{name}`; move what it needs down, or the caller up", file.crate_folder());
                problems.push(Problem::new(&file.path, line, remedy));
            }
        }
    }
    problems
}

fn outside_crates_stay_where_they_belong(files: &[SourceFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, _) in manifests(files) {
        for (line, name) in dependencies(file) {
            let fence = FENCED.iter().find(|(fenced, _)| name == *fenced || name.starts_with(&format!("{fenced}-")));
            if let Some((fenced, owners)) = fence
                && !owners.contains(&file.crate_folder())
            {
                let remedy =
                    format!("`{name}` belongs in {} only; ask it through a port of `{fenced}`'s owner", owners.join(", "));
                problems.push(Problem::new(&file.path, line, remedy));
            }
        }
    }
    problems
}

#[test]
fn our_crates_depend_downwards_only() {
    assert_eq!(manifests(&repository()).count(), DOWNWARDS.len());
    crate::assert_tidy(dependencies_point_down(&repository()));
    let bad =
        sample("domain/Cargo.toml", "[package]\nname = \"domain\"\n[dependencies]\nserde = \"1\"\nstore.workspace = true\n");
    assert_eq!(dependencies_point_down(&bad)[0].to_string().split(": ").next(), Some("domain/Cargo.toml:5"));
    let bad = sample("extract/Cargo.toml", "[dependencies.jobs]\npath = \"../jobs\"\n");
    assert_eq!(dependencies_point_down(&bad).len(), 1);
    let fine = sample("domain/Cargo.toml", "[dependencies]\nserde = \"1\"\n[dev-dependencies]\nstore.workspace = true\n");
    assert_eq!(dependencies_point_down(&fine), []);
}

#[test]
fn outside_crates_are_named_by_their_owners_only() {
    crate::assert_tidy(outside_crates_stay_where_they_belong(&repository()));
    for bad in [
        sample("jobs/Cargo.toml", "[dependencies]\nsqlx.workspace = true\n"),
        sample("store/Cargo.toml", "[dependencies]\napalis-redis = \"1\"\n"),
        sample("domain/Cargo.toml", "[dependencies]\ntokio = { version = \"1\", optional = true }\n"),
    ] {
        assert_eq!(outside_crates_stay_where_they_belong(&bad).len(), 1, "{bad:?}");
    }
}
