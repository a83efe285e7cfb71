//! Rules of the pages: where server and browser code part, and where colours stand.

use crate::source::{Problem, SourceFile, repository, sample};

/// Where code may be the server's only.
const SERVER_PLACES: &[&str] = &["app/src/api/", "app/src/context.rs", "app/src/shell"];

fn pages_are_the_same_on_both_sides(files: &[SourceFile]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("app/src/") && file.path.ends_with(".rs")) {
        let in_server_place = SERVER_PLACES.iter().any(|place| file.path.starts_with(place));
        let in_chart = file.path.starts_with("app/src/components/") && file.path.contains("chart");
        for (index, line) in file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let mut push = |remedy: &str| problems.push(Problem::new(&file.path, index + 1, remedy));
            if line.contains("feature = \"ssr\"") {
                if !in_server_place {
                    push(
                        "`ssr` stands in app/src/api/, context.rs and shell/ only; move the server's half into a server function",
                    );
                } else if !line.starts_with("#") {
                    push("`ssr` stands on whole items only; make two functions of it");
                }
            }
            if line.contains("feature = \"hydrate\"") && !in_chart {
                push("`hydrate` stands in the chart's files only: the browser adds no content elsewhere");
            }
        }
    }
    problems
}

fn colours_are_tokens(files: &[SourceFile]) -> Vec<Problem> {
    let drawn = |file: &&SourceFile| {
        let is_style = file.path.starts_with("style/") && file.path.ends_with(".css") && file.path != "style/tokens.css";
        is_style || (file.path.starts_with("app/src/") && file.path.ends_with(".rs"))
    };
    let mut problems = Vec::new();
    for file in files.iter().filter(drawn) {
        for (index, line) in file.text.lines().enumerate() {
            // A browser reads the colour of its own bars from a <meta>, which knows no custom properties.
            if !line.contains("theme-color") && !line.contains("theme_color") && has_hex_colour(line) {
                problems.push(Problem::new(
                    &file.path,
                    index + 1,
                    "colours stand in style/tokens.css only; use a role such as var(--accent)",
                ));
            }
        }
    }
    problems
}

/// Whether a line has `#abc`, `#a1b2c3` or the like. A word that happens to be of hex letters (`#add`) is none, unless it has a
/// digit or is one letter repeated.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let digits: String = line[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
        let is_hex = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|c| c.is_ascii_hexdigit());
        let first = digits.chars().next();
        // `&#39;` is a character of HTML.
        let is_entity = line[..at].ends_with('&');
        is_hex && !is_entity && (digits.chars().any(|c| c.is_ascii_digit()) || digits.chars().all(|c| Some(c) == first))
    })
}

#[test]
fn server_and_browser_run_the_same_pages() {
    crate::assert_tidy(pages_are_the_same_on_both_sides(&repository()));
    for (path, text) in [
        ("app/src/pages/home.rs", "#[cfg(feature = \"ssr\")]\nfn f() {}"),
        ("app/src/api/products.rs", "fn f() {\n    #[cfg(feature = \"ssr\")]\n    g();\n}"),
        ("app/src/pages/home.rs", "#[cfg(feature = \"hydrate\")]\nfn f() {}"),
    ] {
        assert_eq!(pages_are_the_same_on_both_sides(&sample(path, text)).len(), 1, "{path}: {text}");
    }
    let fine = sample("app/src/context.rs", "#[cfg(feature = \"ssr\")]\npub fn plummet() {}");
    assert_eq!(pages_are_the_same_on_both_sides(&fine), []);
}

#[test]
fn colours_stand_in_the_tokens_only() {
    crate::assert_tidy(colours_are_tokens(&repository()));
    for text in [".a { color: #fff; }", ".a { color:#2b4fc2 }", "background: #2b4fc280"] {
        assert_eq!(colours_are_tokens(&sample("style/components/a.css", text)).len(), 1, "{text}");
    }
    for text in
        ["<a href=\"#add\">", "&#39;", "#[component]", "<meta name=\"theme-color\" content=\"#f5f7f9\">", "#main", "\"#{id}\""]
    {
        assert_eq!(colours_are_tokens(&sample("app/src/shell/document.rs", text)), [], "{text}");
    }
}
