//! Rows of a batch, said once for both engines: SQLite takes them as one JSON array of arrays, PostgreSQL as one array a column.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Postgres, Sqlite};

/// Binds a batch as PostgreSQL's `unnest` takes it.
pub(crate) trait ByColumn: Sized {
    /// Binds one array a column, in the order of the fields.
    fn bind<'q>(rows: &[Self], query: Query<'q, Postgres, PgArguments>) -> Query<'q, Postgres, PgArguments>;
}

/// A statement whose one parameter is a batch, as SQLite's `json_each` takes it.
pub(crate) fn json_rows<T: serde::Serialize>(
    sql: &'static str,
    rows: &[T],
) -> Query<'static, Sqlite, sqlx::sqlite::SqliteArguments> {
    sqlx::query(sql).bind(crate::params::json(rows))
}

/// A statement whose parameters are the columns of a batch.
pub(crate) fn column_rows<T: ByColumn>(sql: &'static str, rows: &[T]) -> Query<'static, Postgres, PgArguments> {
    T::bind(rows, sqlx::query(sql))
}

/// Declares a row of a batch. The statements know its fields by their position.
macro_rules! batch_row {
    ($(#[$doc:meta])* $name:ident $(<$life:lifetime>)? { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(crate) struct $name $(<$life>)? {
            $(pub(crate) $field: $type),+
        }

        impl $(<$life>)? serde::Serialize for $name $(<$life>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut row = serializer.serialize_seq(None)?;
                $(serde::ser::SerializeSeq::serialize_element(&mut row, &self.$field)?;)+
                serde::ser::SerializeSeq::end(row)
            }
        }

        impl $(<$life>)? $crate::batch::ByColumn for $name $(<$life>)? {
            fn bind<'q>(
                rows: &[Self],
                query: sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>,
            ) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
                query$(.bind(rows.iter().map(|row| row.$field.clone()).collect::<Vec<_>>()))+
            }
        }
    };
}
pub(crate) use batch_row;
