//! What a cluster (Citus) demands of the schema and of every statement, checked by reading them.
//!
//! A table is spread by one column. Its keys contain that column; foreign keys stay with it. A statement names the rows it
//! touches by it, so that it goes to the servers that have them; tables that meet in a statement are spread alike and meet by
//! it; rows are locked on one server only. Statements that ask everywhere are few, say why, and only read or sweep.

mod schema;
mod statement;

use schema::Schema;
use statement::{Reach, Statement};

use super::sql::{self, Route};

const MIGRATIONS: [&str; 5] = [
    include_str!("../../../migrations/postgres/0001_start.sql"),
    include_str!("../../../migrations/postgres/0002_proxies.sql"),
    include_str!("../../../migrations/postgres/0003_search.sql"),
    include_str!("../../../migrations/postgres/0004_channels.sql"),
    include_str!("../../../migrations/postgres/0005_pages.sql"),
];
const DISTRIBUTE: &str = include_str!("../../sql/postgres/distribute.sql");

/// What is wrong with a statement that says it finds its rows this way.
fn wrong(schema: &Schema, route: Route, sql: &str) -> Vec<String> {
    let statement = match Statement::read(schema, sql) {
        Ok(statement) => statement,
        Err(error) => return vec![error],
    };
    let mut wrong = statement.wrong.clone();
    match route {
        Route::ByKey => wrong.extend(statement.reach.iter().filter_map(|(table, reach)| match reach {
            Reach::Everywhere => Some(format!("{table} is not named by the key that it is spread by")),
            Reach::Many if statement.locked.contains(table) => Some(format!("rows of {table} are locked on several servers")),
            Reach::Many | Reach::One => None,
        })),
        Route::Everywhere(_) => {
            if statement.reach.values().all(|reach| *reach != Reach::Everywhere) {
                wrong.push("it is named by its key: it need not ask everywhere".to_owned());
            }
            if !statement.locked.is_empty() {
                wrong.push("it locks what it reads everywhere".to_owned());
            }
            if statement.writes && !statement.is_sweep {
                wrong.push("it writes everywhere".to_owned());
            }
        }
        Route::OneServer(instead) => {
            wrong.clear();
            if statement.wrong.is_empty() && statement.locked.is_empty() {
                wrong.push("it would do on several servers".to_owned());
            }
            if !sql::ALL.iter().any(|(name, ..)| instead.contains(name)) {
                wrong.push(format!("`{instead}` names no statement to use instead"));
            }
        }
    }
    wrong
}

#[test]
fn the_schema_can_be_spread() {
    let schema = Schema::read(&MIGRATIONS, DISTRIBUTE);
    assert_eq!(schema.wrong, [] as [String; 0]);
}

#[test]
fn the_migrations_here_are_all_there_are() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), MIGRATIONS.len());
}

#[test]
fn statements_find_their_rows_as_they_say() {
    let schema = Schema::read(&MIGRATIONS, DISTRIBUTE);
    let all = sql::ALL.iter().map(|(name, route, sql)| (name, wrong(&schema, *route, sql)));
    let wrong: Vec<_> = all.filter(|(_, wrong)| !wrong.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_statement_of_the_engine_is_among_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/postgres");
    let mut elsewhere = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Those make the database itself and hold locks of no table.
        if !name.ends_with(".rs") || ["open.rs", "plans.rs", "presence.rs", "sql.rs"].contains(&name.as_str()) {
            continue;
        }
        elsewhere.extend(statements_in(&std::fs::read_to_string(&path).unwrap()).map(|line| format!("{name}: {line}")));
    }
    assert_eq!(elsewhere, [] as [String; 0]);
}

/// Lines of a source in which SQL is written.
fn statements_in(source: &str) -> impl Iterator<Item = &str> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let is_sql = |line: &&str| {
        let words = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH ", ".sql\")"];
        !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word))
    };
    source.lines().map(str::trim).filter(is_sql)
}

// --- The checks themselves, on what breaks each of them -----------------------------------------------------------------

const SAMPLE: &str = "
    CREATE TABLE shelves (shelf_id uuid NOT NULL PRIMARY KEY, label text NOT NULL);
    CREATE TABLE books (shelf_id uuid NOT NULL REFERENCES shelves (shelf_id), book_id uuid NOT NULL, title text,
        PRIMARY KEY (shelf_id, book_id));
    CREATE TABLE readers (reader_id uuid NOT NULL PRIMARY KEY, name text);
    CREATE TABLE rules (name text PRIMARY KEY);";
const SAMPLE_SPREAD: &str = "
    SELECT create_distributed_table('shelves', 'shelf_id', colocate_with => 'none');
    SELECT create_distributed_table('books', 'shelf_id', colocate_with => 'shelves');
    SELECT create_distributed_table('readers', 'reader_id', colocate_with => 'none');
    SELECT create_reference_table('rules');";

#[test]
fn a_schema_that_breaks_a_rule_is_found() {
    for (ddl, spread, expect) in [
        ("CREATE TABLE pens (pen_id uuid PRIMARY KEY);", "", "pens is neither spread nor copied"),
        (
            "CREATE TABLE pens (pen_id uuid PRIMARY KEY, shelf_id uuid);",
            "SELECT create_distributed_table('pens', 'shelf_id', colocate_with => 'shelves');",
            "a key of pens lacks shelf_id",
        ),
        (
            "CREATE TABLE pens (shelf_id uuid PRIMARY KEY, ink text UNIQUE);",
            "SELECT create_distributed_table('pens', 'shelf_id', colocate_with => 'shelves');",
            "a key of pens lacks shelf_id",
        ),
        (
            "CREATE TABLE pens (shelf_id uuid PRIMARY KEY, ink text); CREATE UNIQUE INDEX inks ON pens (ink);",
            "SELECT create_distributed_table('pens', 'shelf_id', colocate_with => 'shelves');",
            "a key of pens lacks shelf_id",
        ),
        (
            "CREATE TABLE pens (shelf_id uuid PRIMARY KEY, reader_id uuid REFERENCES readers (reader_id));",
            "SELECT create_distributed_table('pens', 'shelf_id', colocate_with => 'shelves');",
            "a foreign key leads from pens to readers, which is spread otherwise",
        ),
        (
            "CREATE TABLE pens (shelf_id uuid, book_id uuid, PRIMARY KEY (shelf_id, book_id),
                FOREIGN KEY (book_id, shelf_id) REFERENCES books (shelf_id, book_id));",
            "SELECT create_distributed_table('pens', 'shelf_id', colocate_with => 'shelves');",
            "a foreign key of pens does not lead from shelf_id to shelf_id",
        ),
        (
            "CREATE TABLE pens (pen_id uuid PRIMARY KEY, shelf_id uuid REFERENCES shelves (shelf_id));",
            "SELECT create_reference_table('pens');",
            "a foreign key leads from pens, which is on every server, to shelves, which is not",
        ),
        ("", "SELECT create_reference_table('pens');", "pens is spread and not made"),
    ] {
        let schema = Schema::read(&[SAMPLE, ddl], &format!("{SAMPLE_SPREAD} {spread}"));
        assert_eq!(schema.wrong, [expect], "{ddl} {spread}");
    }
    assert_eq!(Schema::read(&[SAMPLE], SAMPLE_SPREAD).wrong, [] as [String; 0]);
}

#[test]
fn a_statement_that_breaks_a_rule_is_found() {
    const EVERYWHERE: Route = Route::Everywhere("a test");
    let schema = Schema::read(&[SAMPLE], SAMPLE_SPREAD);
    for (route, sql, expect) in [
        (Route::ByKey, "SELECT title FROM books WHERE book_id = $1", "not named by the key"),
        (Route::ByKey, "SELECT title FROM books WHERE shelf_id > $1", "not named by the key"),
        (Route::ByKey, "SELECT title FROM books WHERE shelf_id = $1 OR book_id = $2", "not named by the key"),
        (Route::ByKey, "SELECT (SELECT count(*) FROM books) FROM shelves WHERE shelf_id = $1", "not named by the key"),
        (Route::ByKey, "UPDATE books SET title = $2 WHERE book_id = $1", "not named by the key"),
        (Route::ByKey, "DELETE FROM books WHERE title = $1", "not named by the key"),
        (Route::ByKey, "INSERT INTO books (book_id, title) VALUES ($1, $2)", "without shelf_id"),
        (Route::ByKey, "UPDATE books SET shelf_id = $2 WHERE shelf_id = $1", "moves rows"),
        (Route::ByKey, "SELECT title FROM books WHERE shelf_id = ANY($1) FOR UPDATE", "locked on several servers"),
        (
            Route::ByKey,
            "SELECT 1 FROM books b JOIN shelves s ON s.label = b.title WHERE s.shelf_id = $1 AND b.shelf_id = $2",
            "do not meet",
        ),
        (
            Route::ByKey,
            "SELECT 1 FROM books b JOIN readers r ON r.reader_id = b.shelf_id WHERE b.shelf_id = $1",
            "spread otherwise",
        ),
        (
            Route::ByKey,
            "WITH gone AS (DELETE FROM books WHERE shelf_id = $1 RETURNING shelf_id) SELECT * FROM gone",
            "writes inside of another statement",
        ),
        (Route::ByKey, "SELECT title FROM booklets WHERE shelf_id = $1", "booklets is no table"),
        (Route::ByKey, "SELEC title", "cannot be read"),
        (EVERYWHERE, "SELECT title FROM books WHERE shelf_id = $1", "need not ask everywhere"),
        (EVERYWHERE, "SELECT title FROM books WHERE title = $1 FOR UPDATE", "locks what it reads everywhere"),
        (EVERYWHERE, "UPDATE books SET title = $1", "writes everywhere"),
        (Route::OneServer("DUE_PRODUCTS"), "SELECT title FROM books WHERE shelf_id = $1", "would do on several"),
        (Route::OneServer("prayer"), "SELECT title FROM books FOR UPDATE", "names no statement"),
    ] {
        let wrong = wrong(&schema, route, sql);
        assert!(wrong.iter().any(|wrong| wrong.contains(expect)), "`{sql}` should be wrong by `{expect}`, not {wrong:?}");
    }
}

#[test]
fn a_statement_that_keeps_the_rules_passes() {
    let schema = Schema::read(&[SAMPLE], SAMPLE_SPREAD);
    for (route, sql) in [
        (Route::ByKey, "SELECT title FROM books WHERE shelf_id = $1 FOR UPDATE"),
        (Route::ByKey, "SELECT name FROM rules"),
        (Route::ByKey, "SELECT b.title FROM shelves s LEFT JOIN books b ON b.shelf_id = s.shelf_id WHERE s.shelf_id = ANY($1)"),
        (
            Route::ByKey,
            "WITH news AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS news (shelf_id, title))
             UPDATE books SET title = news.title FROM news WHERE books.shelf_id = news.shelf_id",
        ),
        (
            Route::ByKey,
            "SELECT 1 FROM shelves s WHERE s.shelf_id = $1 AND NOT EXISTS (SELECT 1 FROM books b WHERE b.shelf_id = s.shelf_id)",
        ),
        (Route::Everywhere("a test"), "SELECT title FROM books WHERE title = $1 ORDER BY title LIMIT $2"),
        (Route::Everywhere("a test"), "DELETE FROM books WHERE title < $1"),
        (Route::OneServer("DUE_PRODUCTS"), "SELECT title FROM books LIMIT $1 FOR UPDATE SKIP LOCKED"),
    ] {
        assert_eq!(wrong(&schema, route, sql), [] as [String; 0], "{sql}");
    }
}
