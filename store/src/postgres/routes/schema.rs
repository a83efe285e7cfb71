//! The tables: their columns, keys and foreign keys, and what they are spread by.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{ColumnOption, CreateTable, Expr, ForeignKeyConstraint, IndexColumn, Statement, TableConstraint};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// Where the rows of a table are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Spread by a column, together with others of a group.
    Spread { column: String, group: String },
    /// All of them on every server.
    Copied,
}

#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) columns: BTreeMap<String, BTreeSet<String>>,
    pub(super) places: BTreeMap<String, Place>,
    keys: Vec<(String, Vec<String>)>,
    foreign: Vec<(String, Vec<String>, String, Vec<String>)>,
    pub(super) wrong: Vec<String>,
}

impl Schema {
    pub(super) fn read(migrations: &[&str], distribute: &str) -> Self {
        let mut schema = Schema::default();
        for migration in migrations {
            for statement in Parser::parse_sql(&PostgreSqlDialect {}, migration).expect("a migration is SQL") {
                schema.add(statement);
            }
        }
        schema.spread(distribute);
        schema.check();
        schema
    }

    fn add(&mut self, statement: Statement) {
        match statement {
            Statement::CreateTable(table) => self.add_table(&table),
            Statement::CreateIndex(index) if index.unique => {
                self.keys.push((index.table_name.to_string(), names(&index.columns)));
            }
            Statement::CreateIndex(_) | Statement::CreateExtension(_) => {}
            other => self.wrong.push(format!("the test of the routes does not know `{other}`")),
        }
    }

    fn add_table(&mut self, table: &CreateTable) {
        let name = table.name.to_string();
        for column in &table.columns {
            let column_name = column.name.value.clone();
            for option in &column.options {
                match &option.option {
                    ColumnOption::PrimaryKey(_) | ColumnOption::Unique(_) => {
                        self.keys.push((name.clone(), vec![column_name.clone()]));
                    }
                    ColumnOption::ForeignKey(key) => self.add_foreign(&name, vec![column_name.clone()], key),
                    _ => {}
                }
            }
            self.columns.entry(name.clone()).or_default().insert(column_name);
        }
        for constraint in &table.constraints {
            match constraint {
                TableConstraint::PrimaryKey(key) => self.keys.push((name.clone(), names(&key.columns))),
                TableConstraint::Unique(key) => self.keys.push((name.clone(), names(&key.columns))),
                TableConstraint::ForeignKey(key) => {
                    self.add_foreign(&name, key.columns.iter().map(|column| column.value.clone()).collect(), key);
                }
                _ => {}
            }
        }
    }

    fn add_foreign(&mut self, table: &str, columns: Vec<String>, key: &ForeignKeyConstraint) {
        let others = key.referred_columns.iter().map(|column| column.value.clone()).collect();
        self.foreign.push((table.to_owned(), columns, key.foreign_table.to_string(), others));
    }

    /// Reads the calls of `create_distributed_table` and `create_reference_table`.
    fn spread(&mut self, distribute: &str) {
        for line in distribute.split(';').map(str::trim).filter(|line| line.starts_with("SELECT create_")) {
            let words: Vec<&str> = line.split('\'').collect();
            let table = words[1].to_owned();
            let place = if line.contains("create_reference_table") {
                Place::Copied
            } else {
                let group = if words[5] == "none" { table.clone() } else { words[5].to_owned() };
                Place::Spread { column: words[3].to_owned(), group }
            };
            self.places.insert(table, place);
        }
    }

    fn check(&mut self) {
        let mut wrong = Vec::new();
        wrong.extend(
            self.columns
                .keys()
                .filter(|table| !self.places.contains_key(*table))
                .map(|table| format!("{table} is neither spread nor copied")),
        );
        wrong.extend(
            self.places
                .keys()
                .filter(|table| !self.columns.contains_key(*table))
                .map(|table| format!("{table} is spread and not made")),
        );
        for (table, columns) in &self.keys {
            if let Some(Place::Spread { column, .. }) = self.places.get(table)
                && !columns.contains(column)
            {
                wrong.push(format!("a key of {table} lacks {column}"));
            }
        }
        for (table, columns, other, others) in &self.foreign {
            match (self.places.get(table), self.places.get(other)) {
                (Some(Place::Spread { column, group }), Some(Place::Spread { column: theirs, group: their_group })) => {
                    if group != their_group {
                        wrong.push(format!("a foreign key leads from {table} to {other}, which is spread otherwise"));
                    } else if !columns.iter().zip(others).any(|(a, b)| a == column && b == theirs) {
                        wrong.push(format!("a foreign key of {table} does not lead from {column} to {theirs}"));
                    }
                }
                (Some(Place::Copied), Some(Place::Spread { .. })) => {
                    wrong.push(format!("a foreign key leads from {table}, which is on every server, to {other}, which is not"));
                }
                _ => {}
            }
        }
        self.wrong.extend(wrong);
    }
}

fn names(columns: &[IndexColumn]) -> Vec<String> {
    let name = |column: &IndexColumn| match &column.column.expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        _ => None,
    };
    columns.iter().filter_map(name).collect()
}
