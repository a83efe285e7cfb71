//! Where things lie, and how long they are.

use crate::source::{Problem, SourceFile, repository, sample};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];
/// Past this a file is split by responsibility.
const MOST_LINES: usize = 500;

fn names_say_what_is_inside(files: &[SourceFile]) -> Vec<Problem> {
    let is_empty = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default());
    let bad = files.iter().filter(|file| file.path.split('/').any(is_empty));
    bad.map(|file| Problem::new(&file.path, 1, "folders and files are named by what they hold; give it the name of the thing"))
        .collect()
}

fn files_are_short(files: &[SourceFile]) -> Vec<Problem> {
    let long = files.iter().filter(|file| file.path.contains("/src/") && file.text.lines().count() > MOST_LINES);
    long.map(|file| {
        let lines = file.text.lines().count();
        Problem::new(&file.path, lines, format!("{lines} lines, more than {MOST_LINES}; split it by responsibility"))
    })
    .collect()
}

/// A component's class is its file's name with hyphens, and is styled; a file in `style/components` is named by its component, or
/// by the class that several share.
fn components_and_styles_belong_together(files: &[SourceFile]) -> Vec<Problem> {
    let text_of = |path: &str| files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
    let styles = |class: &str| files.iter().any(|file| file.path.ends_with(".css") && file.text.contains(&format!(".{class}")));
    let mut problems = Vec::new();
    for file in files {
        let name_in = |folder: &str, ending: &str| file.path.strip_prefix(folder)?.strip_suffix(ending).map(str::to_owned);
        if let Some(class) = name_in("app/src/components/", ".rs").map(|name| name.replace('_', "-"))
            && has_class(file, &class)
            && !styles(&class)
        {
            problems.push(Problem::new(&file.path, 1, format!("`.{class}` has no style; add style/components/{class}.css")));
        }
        if let Some(name) = name_in("style/components/", ".css") {
            let component = format!("app/src/components/{}.rs", name.replace('-', "_"));
            let is_of_component = files.iter().any(|file| file.path == component);
            if !is_of_component && !file.text.contains(&format!(".{name}")) {
                let remedy = format!("neither a component nor a class is called `{name}`; rename or remove it");
                problems.push(Problem::new(&file.path, 1, remedy));
            }
            if !text_of("style/main.css").contains(&format!("components/{name}.css")) {
                problems.push(Problem::new(&file.path, 1, "style/main.css does not import it; add it there"));
            }
        }
    }
    problems
}

/// Whether a view has an element of this class.
fn has_class(file: &SourceFile, class: &str) -> bool {
    file.text.split("class=").skip(1).any(|rest| {
        let value = rest.trim_start_matches(['"', '{', ' ']).split(['"', '>']).next().unwrap_or_default();
        value.split_whitespace().any(|name| name == class)
    })
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
fn each_component_is_styled_in_a_file_that_is_named_by_it() {
    crate::assert_tidy(components_and_styles_belong_together(&repository()));
    let component = sample("app/src/components/tracking_row.rs", "view! { <li class=\"tracking-row wide\"></li> }");
    let style = sample("style/components/tracking-row.css", ".tracking-row { display: grid }");
    let main = sample("style/main.css", "@import \"components/tracking-row.css\" layer(components);");
    assert_eq!(components_and_styles_belong_together(&component).len(), 1, "no style");
    assert_eq!(components_and_styles_belong_together(&style).len(), 1, "not imported");
    assert_eq!(components_and_styles_belong_together(&sample("style/components/x.css", ".row {}")).len(), 2, "nobody's");
    assert_eq!(components_and_styles_belong_together(&[component, style, main].concat()), []);
}
