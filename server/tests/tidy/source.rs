//! Files of the repository, and their code without comments, texts and tests.

use std::fmt;
use std::fs;
use std::path::Path;

/// A text file of the repository.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the repository's root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    path: String,
    line: usize,
    remedy: String,
}

impl Problem {
    /// A problem at a line, counted from 1.
    pub fn new(path: &str, line: usize, remedy: impl Into<String>) -> Self {
        Problem { path: path.to_owned(), line, remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.remedy)
    }
}

/// A file for trying a rule.
pub fn sample(path: &str, text: &str) -> Vec<SourceFile> {
    vec![SourceFile { path: path.to_owned(), text: text.to_owned() }]
}

/// Every text file of the repository that people write.
pub fn repository() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("server/ lies in the repository").to_owned();
    let mut files = Vec::new();
    read_folder(&root, &root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What is generated, fetched or written by a run.
const SKIPPED: &[&str] = &["target", "node_modules", "data", "out", "pages", "corpus"];

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    let entries = fs::read_dir(folder).expect("a folder of the repository can be read");
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = shown_path(root, &path);
        // `pages` is skipped as the folder of saved pages only, not as that of the app's pages.
        let is_skipped = SKIPPED.contains(&name.as_str()) && !shown.contains("/src/") && !shown.starts_with("style/");
        if path.is_dir() {
            if !name.starts_with('.') && !is_skipped {
                read_folder(root, &path, files);
            }
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "toml" | "css"))
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.push(SourceFile { path: shown, text });
        }
    }
}

fn shown_path(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

impl SourceFile {
    /// Whether the file is Rust that ends up in a program: not a test, a bench or an example.
    pub fn is_program(&self) -> bool {
        self.path.ends_with(".rs")
            && self.path.contains("/src/")
            && !self.path.ends_with("/tests.rs")
            && !self.path.contains("/tests/")
    }

    /// The crate's folder: `domain` of `domain/src/money.rs`.
    pub fn crate_folder(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// The lines of code, counted from 1: comments, the insides of texts, and everything from `#[cfg(test)] mod … {` on are blank.
    pub fn code_lines(&self) -> Vec<(usize, String)> {
        let code = without_comments_and_texts(&self.text);
        let mut lines: Vec<(usize, String)> =
            code.lines().map(str::to_owned).enumerate().map(|(i, line)| (i + 1, line)).collect();
        let tests = (1..lines.len()).find(|at| {
            let opens = lines[*at].1.trim_start().starts_with("mod ") && lines[*at].1.contains('{');
            opens && lines[at - 1].1.trim() == "#[cfg(test)]"
        });
        lines.truncate(tests.unwrap_or(usize::MAX));
        lines
    }
}

/// Whether `word` stands in `line` as a whole identifier.
pub fn names(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(is_part) && !line[at + word.len()..].chars().next().is_some_and(is_part)
    })
}

/// Blanks comments and the insides of string literals; every line keeps its number.
pub fn without_comments_and_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = skipped_length(rest, code.chars().next_back());
        if skipped > 0 {
            code.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
            // What a text was is left as `""`, so that code around it still reads as code.
            if !rest.starts_with('/') {
                code.push_str("\"\"");
            }
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// How many bytes of a comment or a literal stand at the start of `rest`.
fn skipped_length(rest: &str, before: Option<char>) -> usize {
    let after_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    let raw = rest.strip_prefix('b').filter(|_| !after_word).unwrap_or(rest);
    if !after_word && raw.starts_with('r') && raw[1..].trim_start_matches('#').starts_with('"') {
        let hashes = raw[1..].chars().take_while(|c| *c == '#').count();
        let end = format!("\"{}", "#".repeat(hashes));
        let start = rest.len() - raw.len() + 1 + hashes + 1;
        return rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len());
    }
    if rest.starts_with('"') {
        return closing(rest, '"');
    }
    // 'x' and '\n' are characters, 'static is a lifetime.
    let mut chars = rest.chars();
    if chars.next() == Some('\'') {
        let (first, second) = (chars.next(), chars.next());
        if first == Some('\\') || second == Some('\'') {
            return closing(rest, '\'');
        }
    }
    0
}

/// The length of a literal that ends with `quote`.
fn closing(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + c.len_utf8();
        }
        escaped = !escaped && c == '\\';
    }
    rest.len()
}

#[test]
fn only_code_is_read() {
    let text = "use a; // sqlx\n/* sqlx\n */ let b = \"sqlx \\\" sqlx\"; let c = r#\"sqlx\"#; let d = '\"'; fn e<'a>() {}\n#[cfg(test)]\nmod tests {\n  sqlx\n}\n";
    let file = &sample("x/src/lib.rs", text)[0];
    assert!(file.code_lines().iter().all(|(_, line)| !line.contains("sqlx")), "{:?}", file.code_lines());
    assert!(file.code_lines().iter().any(|(number, line)| *number == 3 && line.contains("fn e<'a>()")));
}

#[test]
fn names_are_whole_words() {
    assert!(names("use sqlx::Row;", "sqlx") && names("sqlx", "sqlx"));
    assert!(!names("use my_sqlx::Row;", "sqlx") && !names("sqlx_core::x", "sqlx"));
}
