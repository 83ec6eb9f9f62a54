//! L2: SQLite, the only code that speaks SQL.
