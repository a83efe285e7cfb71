//! Where things lie, and how long they are.

use crate::source::{Problem, SourceFile, repository, sample};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];
/// Past this a file is split by responsibility.
const MOST_LINES: usize = 500;

fn names_say_what_is_inside(files: &[SourceFile]) -> Vec<Problem> {
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default());
    let bad = files.iter().filter(|file| file.path.split('/').any(is_empty));
    bad.map(|file| Problem::new(&file.path, 1, "folders and files are named by what they hold; give it the name of the thing")).collect()
}

fn files_are_short(files: &[SourceFile]) -> Vec<Problem> {
    let long = files.iter().filter(|file| file.path.contains("/src/") && file.text.lines().count() > MOST_LINES);
    long.map(|file| {
        let lines = file.text.lines().count();
        Problem::new(&file.path, lines, format!("{lines} lines, more than {MOST_LINES}; split it by responsibility"))
    })
    .collect()
}

/// The component of a file, `price_chart` of `app/src/components/price_chart/mod.rs`; `None` for the list of them.
fn component(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("app/src/components/")?;
    let name = rest.split('/').next()?.trim_end_matches(".rs");
    (rest.ends_with(".rs") && name != "mod").then_some(name)
}

fn components_have_a_style_each(files: &[SourceFile]) -> Vec<Problem> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let mut problems = Vec::new();
    for file in files {
        if let Some(name) = component(&file.path)
            && !has(&format!("style/components/{name}.css"))
        {
            problems.push(Problem::new(&file.path, 1, format!("a component has a style of its own; add style/components/{name}.css")));
        }
        if let Some(name) = file.path.strip_prefix("style/components/").and_then(|rest| rest.strip_suffix(".css"))
            && !files.iter().any(|file| component(&file.path) == Some(name))
        {
            problems.push(Problem::new(&file.path, 1, format!("no component `{name}` in app/src/components; remove its style")));
        }
    }
    problems
}

#[test]
fn folders_and_files_are_named_by_what_they_hold() {
    crate::assert_tidy(names_say_what_is_inside(&repository()));
    for path in ["jobs/src/utils/mod.rs", "app/src/helpers.rs", "store/common/x.rs"] {
        assert_eq!(names_say_what_is_inside(&sample(path, "")).len(), 1, "{path}");
    }
    assert_eq!(names_say_what_is_inside(&sample("domain/src/commonplace.rs", "")), []);
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    crate::assert_tidy(files_are_short(&repository()));
    assert_eq!(files_are_short(&sample("jobs/src/a.rs", &"x\n".repeat(501))).len(), 1);
    assert_eq!(files_are_short(&sample("jobs/src/a.rs", &"x\n".repeat(500))), []);
}

#[test]
fn each_component_has_one_style_and_each_style_a_component() {
    crate::assert_tidy(components_have_a_style_each(&repository()));
    assert_eq!(components_have_a_style_each(&sample("app/src/components/button.rs", "")).len(), 1);
    assert_eq!(components_have_a_style_each(&sample("style/components/button.css", "")).len(), 1);
    let both = [sample("app/src/components/chart/mod.rs", ""), sample("style/components/chart.css", "")].concat();
    assert_eq!(components_have_a_style_each(&both), []);
}
