//! A statement: which tables it touches, and by what it finds their rows.
//!
//! Equal columns and parameters are put into classes. A table is found by its key if the column that it is spread by is in one
//! class with a parameter, or with a list of values.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use sqlparser::ast::{
    AssignmentTarget, BinaryOperator, Expr, FromTable, Insert, JoinConstraint, JoinOperator, Query, Select, SetExpr,
    Statement as Sql, TableFactor, TableObject, TableWithJoins, UpdateTableFromKind, Value, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::schema::{Place, Schema};

/// On which servers the rows of a table are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    One,
    Many,
    Everywhere,
}

#[derive(Debug, Default)]
pub(super) struct Statement {
    /// The farthest reach of each table that is spread.
    pub(super) reach: BTreeMap<String, Reach>,
    /// Tables of which rows are locked for their reader.
    pub(super) locked: BTreeSet<String>,
    pub(super) writes: bool,
    /// A DELETE by itself.
    pub(super) is_sweep: bool,
    pub(super) wrong: Vec<String>,
}

impl Statement {
    pub(super) fn read(schema: &Schema, sql: &str) -> Result<Self, String> {
        // The parser does not know the weaker lock; the rules for both are the same.
        let sql = sql.replace("FOR NO KEY UPDATE", "FOR UPDATE");
        let mut parsed = Parser::parse_sql(&PostgreSqlDialect {}, &sql).map_err(|error| format!("it cannot be read: {error}"))?;
        let [statement] = parsed.as_mut_slice() else { return Err("it is not one statement".to_owned()) };
        let mut reader =
            Reader { schema, statement: Statement::default(), classes: Classes::default(), uses: Vec::new(), blocks: 0 };
        reader.statement.is_sweep = matches!(statement, Sql::Delete(_));
        reader.read(statement, &Scope::default());
        Ok(reader.finish())
    }
}

/// A table in a FROM.
#[derive(Clone)]
struct Source {
    alias: String,
    /// `None`: a function, a list, or a query of its own.
    table: Option<String>,
    block: usize,
}

/// What names mean: the sources of this block, then those around it; and the named queries.
#[derive(Clone, Default)]
struct Scope {
    sources: Vec<Source>,
    outer: Vec<Source>,
    named: BTreeSet<String>,
}

/// A table that is spread, in use.
struct Use {
    table: String,
    node: usize,
    group: String,
    block: usize,
}

struct Reader<'s> {
    schema: &'s Schema,
    statement: Statement,
    classes: Classes,
    uses: Vec<Use>,
    blocks: usize,
}

impl Reader<'_> {
    fn read(&mut self, statement: &Sql, scope: &Scope) {
        match statement {
            Sql::Query(query) => self.query(query, scope),
            Sql::Insert(insert) => self.insert(insert, scope),
            Sql::Update(update) => {
                self.statement.writes = true;
                let mut from = vec![update.table.clone()];
                if let Some(UpdateTableFromKind::AfterSet(more) | UpdateTableFromKind::BeforeSet(more)) = &update.from {
                    from.extend(more.iter().cloned());
                }
                self.block(&from, update.selection.as_ref(), update, scope);
                let name = update.table.relation.to_string();
                let table = name.split_whitespace().next().unwrap_or_default();
                let moves = |target: &AssignmentTarget| match (target, self.schema.places.get(table)) {
                    (AssignmentTarget::ColumnName(name), Some(Place::Spread { column, .. })) => name.to_string() == *column,
                    _ => false,
                };
                if update.assignments.iter().any(|assignment| moves(&assignment.target)) {
                    self.statement.wrong.push(format!("it moves rows of {table} to other servers"));
                }
            }
            Sql::Delete(delete) => {
                self.statement.writes = true;
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                self.block(from, delete.selection.as_ref(), delete, scope);
            }
            other => self.statement.wrong.push(format!("the test of the routes does not know `{other}`")),
        }
    }

    fn insert(&mut self, insert: &Insert, scope: &Scope) {
        self.statement.writes = true;
        let TableObject::TableName(table) = &insert.table else { return };
        if let Some(Place::Spread { column, .. }) = self.schema.places.get(&table.to_string())
            && !insert.columns.iter().any(|name| name.to_string() == *column)
        {
            self.statement.wrong.push(format!("it adds to {table} without {column}"));
        }
        self.is_table(&table.to_string());
        if let Some(source) = &insert.source {
            self.query(source, scope);
        }
    }

    fn query(&mut self, query: &Query, scope: &Scope) {
        let mut scope = scope.clone();
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            if matches!(*cte.query.body, SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_)) {
                self.statement.wrong.push("it writes inside of another statement".to_owned());
            }
            self.query(&cte.query, &scope);
            scope.named.insert(cte.alias.name.value.clone());
        }
        let before = self.uses.len();
        self.body(&query.body, &scope);
        for lock in &query.locks {
            let of = lock.of.as_ref().map(ToString::to_string);
            for used in &self.uses[before..] {
                let alias = self.classes.names[used.node].split(['.', ':']).nth(1).unwrap_or_default();
                if of.as_deref().is_none_or(|of| of == alias) {
                    self.statement.locked.insert(used.table.clone());
                }
            }
        }
    }

    fn body(&mut self, body: &SetExpr, scope: &Scope) {
        match body {
            SetExpr::Select(select) => self.select(select, scope),
            SetExpr::Query(query) => self.query(query, scope),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, scope);
                self.body(right, scope);
            }
            SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => self.read(statement, scope),
            _ => {}
        }
    }

    fn select(&mut self, select: &Select, scope: &Scope) {
        self.block(&select.from, select.selection.as_ref(), select, scope);
    }

    /// One FROM and WHERE, with the queries inside of `whole`.
    fn block(&mut self, from: &[TableWithJoins], selection: Option<&Expr>, whole: &impl Visit, scope: &Scope) {
        self.blocks += 1;
        let block = self.blocks;
        let mut inner =
            Scope { outer: [scope.sources.clone(), scope.outer.clone()].concat(), named: scope.named.clone(), sources: vec![] };
        let mut conditions: Vec<&Expr> = selection.into_iter().collect();
        for table in from {
            self.source(&table.relation, block, &mut inner);
            for join in &table.joins {
                self.source(&join.relation, block, &mut inner);
                conditions.extend(condition_of(&join.join_operator));
            }
        }
        for condition in conditions {
            self.condition(condition, &inner);
        }
        let mut inside = Inside::default();
        let _ = whole.visit(&mut inside);
        for query in inside.queries {
            self.query(&query, &inner);
        }
    }

    fn source(&mut self, factor: &TableFactor, block: usize, scope: &mut Scope) {
        let (alias, table) = match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let table = name.to_string();
                let alias = alias.as_ref().map_or_else(|| table.clone(), |alias| alias.name.value.clone());
                (alias, (!scope.named.contains(&table)).then_some(table))
            }
            TableFactor::Table { alias, .. }
            | TableFactor::Derived { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::TableFunction { alias, .. } => {
                (alias.as_ref().map_or_else(String::new, |alias| alias.name.value.clone()), None)
            }
            other => return self.statement.wrong.push(format!("the test of the routes does not know `{other}`")),
        };
        if let Some(table) = &table
            && self.is_table(table)
            && let Some(Place::Spread { column, group }) = self.schema.places.get(table)
        {
            let node = self.classes.node(&format!("{block}:{alias}.{column}"));
            self.uses.push(Use { table: table.clone(), node, group: group.clone(), block });
        }
        scope.sources.push(Source { alias, table, block });
    }

    fn is_table(&mut self, table: &str) -> bool {
        let is_table = self.schema.columns.contains_key(table) || table.starts_with("pg_");
        if !is_table {
            self.statement.wrong.push(format!("{table} is no table"));
        }
        is_table
    }

    /// Takes in what must hold: only what is joined by AND.
    fn condition(&mut self, condition: &Expr, scope: &Scope) {
        match condition {
            Expr::Nested(inner) => self.condition(inner, scope),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.condition(left, scope);
                self.condition(right, scope);
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                if let (Some(left), Some(right)) = (self.resolve(left, scope), self.resolve(right, scope)) {
                    self.classes.join(left, right);
                }
            }
            Expr::AnyOp { left, compare_op: BinaryOperator::Eq, .. }
            | Expr::InList { expr: left, negated: false, .. }
            | Expr::InSubquery { expr: left, negated: false, .. } => {
                if let Some(left) = self.resolve(left, scope) {
                    let list = self.classes.node(&format!("list {}", self.classes.names.len()));
                    self.classes.known[list] = Some(Reach::Many);
                    self.classes.join(left, list);
                }
            }
            _ => {}
        }
    }

    fn resolve(&mut self, expression: &Expr, scope: &Scope) -> Option<usize> {
        match expression {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => self.resolve(inner, scope),
            Expr::Value(value) => match &value.value {
                Value::Placeholder(name) => {
                    let node = self.classes.node(name);
                    self.classes.known[node] = Some(Reach::One);
                    Some(node)
                }
                _ => None,
            },
            Expr::CompoundIdentifier(path) => {
                let [alias, column] = path.as_slice() else { return None };
                let source = scope.sources.iter().chain(&scope.outer).find(|source| source.alias == alias.value)?.clone();
                Some(self.column(&source, &column.value))
            }
            Expr::Identifier(column) => {
                let has = |source: &&Source| match &source.table {
                    Some(table) => self.schema.columns.get(table).is_some_and(|columns| columns.contains(&column.value)),
                    None => scope.sources.len() == 1,
                };
                let source = scope.sources.iter().find(has)?.clone();
                Some(self.column(&source, &column.value))
            }
            _ => None,
        }
    }

    fn column(&mut self, source: &Source, column: &str) -> usize {
        let node = self.classes.node(&format!("{}:{}.{column}", source.block, source.alias));
        if source.table.is_none() {
            self.classes.known[node] = Some(Reach::Many);
        }
        node
    }

    fn finish(mut self) -> Statement {
        for (at, used) in self.uses.iter().enumerate() {
            let reach = self.classes.reach(used.node);
            let farthest = self.statement.reach.entry(used.table.clone()).or_insert(reach);
            *farthest = reach.max(*farthest);
            for other in self.uses[..at].iter().filter(|other| other.block == used.block) {
                if other.group != used.group {
                    self.statement.wrong.push(format!("{} and {} meet and are spread otherwise", other.table, used.table));
                } else if self.classes.root(other.node) != self.classes.root(used.node) {
                    self.statement
                        .wrong
                        .push(format!("{} and {} do not meet by what they are spread by", other.table, used.table));
                }
            }
        }
        self.statement
    }
}

fn condition_of(operator: &JoinOperator) -> Option<&Expr> {
    let (JoinOperator::Join(constraint)
    | JoinOperator::Inner(constraint)
    | JoinOperator::Left(constraint)
    | JoinOperator::LeftOuter(constraint)
    | JoinOperator::CrossJoin(constraint)) = operator
    else {
        return None;
    };
    match constraint {
        JoinConstraint::On(condition) => Some(condition),
        _ => None,
    }
}

/// The queries inside of something, without those inside of them.
#[derive(Default)]
struct Inside {
    depth: usize,
    queries: Vec<Query>,
}

impl Visitor for Inside {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.queries.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

/// Classes of what is equal.
#[derive(Default)]
struct Classes {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    parents: Vec<usize>,
    known: Vec<Option<Reach>>,
}

impl Classes {
    fn node(&mut self, name: &str) -> usize {
        if let Some(node) = self.numbers.get(name) {
            return *node;
        }
        let node = self.names.len();
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), node);
        self.parents.push(node);
        self.known.push(None);
        node
    }

    fn root(&self, mut node: usize) -> usize {
        while self.parents[node] != node {
            node = self.parents[node];
        }
        node
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a] = b;
    }

    /// The nearest of what is known of its class.
    fn reach(&self, node: usize) -> Reach {
        let class = (0..self.names.len()).filter(|other| self.root(*other) == self.root(node));
        class.filter_map(|other| self.known[other]).min().unwrap_or(Reach::Everywhere)
    }
}
