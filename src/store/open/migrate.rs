//! Schema versions: `PRAGMA user_version` counts the migrations that were applied to a file.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::error::{InnerError, StoreError};
use crate::store::open::migration_progress::MigrationProgress;
use crate::store::rollup;
use crate::store::rows::incidents;
use crate::store::write::{backfill, dictionaries, leaf_migration};

/// Marks our files (`PRAGMA application_id`): "awch".
const APPLICATION_ID: i32 = 0x6177_6368;

/// A change of the schema, with the steps that SQL alone cannot do.
struct Migration {
    sql: &'static str,
    then: fn(&Connection, MigrationProgress) -> Result<(), InnerError>,
}

const fn sql(sql: &'static str) -> Migration {
    Migration {
        sql,
        then: |_, _| Ok(()),
    }
}

/// Every migration, oldest first. A migration that was released is never edited; a new one is
/// added.
const MIGRATIONS: &[Migration] = &[
    sql(include_str!("migrations/001_init.sql")),
    sql(include_str!("migrations/002_rounds.sql")),
    sql(include_str!("migrations/003_refused_mails.sql")),
    Migration {
        sql: include_str!("migrations/004_records.sql"),
        then: |connection, _| {
            incidents::fill_phases(connection)?;
            rollup::derive_kept(connection)
        },
    },
    sql(include_str!("migrations/005_settled_mails.sql")),
    sql(include_str!("migrations/006_underived.sql")),
    sql(include_str!("migrations/007_checkpoint.sql")),
    Migration {
        sql: include_str!("migrations/008_observed.sql"),
        then: |connection, _| backfill::fill(connection),
    },
    Migration {
        sql: include_str!("migrations/009_day_chain.sql"),
        then: leaf_migration::fill,
    },
    sql(include_str!("migrations/010_evidence.sql")),
    sql(include_str!("migrations/011_cited_links.sql")),
    sql(include_str!("migrations/012_copies.sql")),
    sql(include_str!("migrations/013_links_over_time.sql")),
    sql(include_str!("migrations/014_link_references.sql")),
    sql(include_str!("migrations/015_link_evidence.sql")),
    sql(include_str!("migrations/016_link_exchanges.sql")),
    sql(include_str!("migrations/017_archive_rests.sql")),
    sql(include_str!("migrations/018_link_lists.sql")),
    Migration {
        sql: include_str!("migrations/019_dictionaries.sql"),
        then: |connection, _| dictionaries::fill(connection),
    },
    sql(include_str!("migrations/020_agents.sql")),
    sql(include_str!("migrations/021_mail_links.sql")),
    sql(include_str!("migrations/022_document_counts.sql")),
    sql(include_str!("migrations/023_link_discriminators.sql")),
    sql(include_str!("migrations/024_asked_rounds.sql")),
    sql(include_str!("migrations/025_link_tasks.sql")),
    sql(include_str!("migrations/026_stated.sql")),
    sql(include_str!("migrations/027_record_bases.sql")),
    sql(include_str!("migrations/028_note_times.sql")),
    sql(include_str!("migrations/029_last_readings.sql")),
    sql(include_str!("migrations/030_figures.sql")),
];

/// The schema that this program reads and writes.
#[allow(clippy::cast_possible_wrap)] // a handful
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

/// What all migrations make of an empty file, in a tenth of their time: each of their changes to a
/// table reads the whole schema again. The tests below keep it equal to the migrations, and write
/// it anew.
const NEWEST: &str = include_str!("schema.sql");

/// Migrates a file to [`SCHEMA_VERSION`] in one transaction; an empty file becomes a store.
pub(in crate::store) fn migrate(
    connection: &mut Connection,
    path: &Path,
    progress: MigrationProgress,
) -> Result<(), InnerError> {
    if current(connection, path)? == SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated it while this one waited for the lock.
    let found = current(&transaction, path)?;
    if found == 0 {
        transaction.execute_batch(NEWEST)?;
        dictionaries::fill(&transaction)?;
    } else {
        upgrade(&transaction, found, progress)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Applies the migrations after version `found`.
fn upgrade(
    connection: &Connection,
    found: i64,
    progress: MigrationProgress,
) -> Result<(), InnerError> {
    let missing = (1_i64..).zip(MIGRATIONS).filter(|(n, _)| *n > found);
    let missing: Vec<&Migration> = missing.map(|(_, migration)| migration).collect();
    for migration in &missing {
        connection.execute_batch(migration.sql)?;
    }
    // Runs in the newest schema, which all code that writes rows expects.
    for migration in &missing {
        (migration.then)(connection, progress)?;
    }
    Ok(())
}

/// The version of a file; an error when it is newer than ours, or from another program.
pub(in crate::store) fn current(connection: &Connection, path: &Path) -> Result<i64, InnerError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(InnerError::Store(StoreError::NotAStore {
            path: path.to_owned(),
            why: "it is another program's SQLite file".to_owned(),
        }));
    }
    if found > SCHEMA_VERSION {
        return Err(InnerError::Store(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: SCHEMA_VERSION,
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<String> {
        connection
            .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn every_older_version_becomes_the_newest() {
        let path = Path::new("test.db");
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh, path, MigrationProgress::default()).unwrap();
        for old in 0..MIGRATIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            for migration in &MIGRATIONS[..old] {
                connection.execute_batch(migration.sql).unwrap();
            }
            if old > 0 {
                connection
                    .pragma_update(None, "application_id", APPLICATION_ID)
                    .unwrap();
            }
            connection
                .pragma_update(None, "user_version", i64::try_from(old).unwrap())
                .unwrap();
            migrate(&mut connection, path, MigrationProgress::default()).unwrap();
            assert_eq!(schema(&connection), schema(&fresh), "from version {old}");
            assert_eq!(current(&connection, path).unwrap(), SCHEMA_VERSION);
        }
    }

    /// Reads without a store find what a new store holds. With `ACCESSWATCH_WRITE_SCHEMA=1` the
    /// file is written again, after a migration was added.
    #[test]
    fn the_written_schema_is_what_the_migrations_make() {
        let path = Path::new("test.db");
        let migrated = Connection::open_in_memory().unwrap();
        upgrade(&migrated, 0, MigrationProgress::default()).unwrap();
        let sql =
            "SELECT group_concat(sql || ';' || char(10), '') FROM (SELECT sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite|_%' ESCAPE '|' ORDER BY rowid)";
        let newest: String = migrated.query_row(sql, [], |row| row.get(0)).unwrap();
        if std::env::var_os("ACCESSWATCH_WRITE_SCHEMA").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/open/schema.sql");
            std::fs::write(file, &newest).unwrap();
            return;
        }
        let same = NEWEST == newest;
        assert!(
            same,
            "run this test with ACCESSWATCH_WRITE_SCHEMA=1, then build again"
        );
        let mut written = Connection::open_in_memory().unwrap();
        migrate(&mut written, path, MigrationProgress::default()).unwrap();
        assert_eq!(schema(&written), schema(&migrated));
        assert_eq!(current(&written, path).unwrap(), SCHEMA_VERSION);
        for table in schema_names(&migrated) {
            let rows = |c: &Connection| -> i64 {
                let sql = format!("SELECT count(*) FROM {table}");
                c.query_row(&sql, [], |row| row.get(0)).unwrap()
            };
            assert_eq!(rows(&written), rows(&migrated), "{table}");
        }
    }

    fn schema_names(connection: &Connection) -> Vec<String> {
        connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        let path = Path::new("test.db");
        migrate(&mut connection, path, MigrationProgress::default()).unwrap();
        let lax: Vec<String> = connection
            .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(lax, Vec::<String>::new());
    }
}
