//! The embedded engine: SQLite, one file.
