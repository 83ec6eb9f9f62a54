//! A store as an older version left it: the old schema, with the rows that it could hold.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use serde_json::Value;

use super::unpacked::unpacked_record;

/// Replaces the store at `path` with one of schema `version` that has the same rows.
pub fn make_older(path: &Path, version: usize) {
    store_whole(path);
    let older = path.with_extension("older");
    let connection = Connection::open(&older).unwrap();
    for file in migrations().into_iter().take(version) {
        let sql = fs::read_to_string(file).unwrap();
        connection.execute_batch(&sql).unwrap();
    }
    let newer = path.to_str().unwrap();
    connection
        .execute("ATTACH DATABASE ?1 AS newer", [newer])
        .unwrap();
    for table in names(
        &connection,
        "SELECT name FROM main.sqlite_schema WHERE type = 'table'",
    ) {
        let columns = names(
            &connection,
            &format!("SELECT '\"' || name || '\"' FROM pragma_table_info('{table}', 'main')"),
        );
        let columns = columns.join(", ");
        let copy =
            format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}");
        connection.execute_batch(&copy).unwrap();
    }
    if version < 4 {
        // Older records have no phases.
        connection
            .execute_batch(
                "UPDATE incidents SET detail = (
                   SELECT json_set(detail, '$.vantages', json((
                     SELECT json_group_object(key, json(json_remove(value, '$.phases')))
                     FROM json_each(detail, '$.vantages')))))",
            )
            .unwrap();
    }
    connection.execute_batch("DETACH DATABASE newer").unwrap();
    connection
        .pragma_update(None, "application_id", 0x6177_6368)
        .unwrap();
    connection
        .pragma_update(None, "user_version", i64::try_from(version).unwrap())
        .unwrap();
    drop(connection);
    for ending in ["-wal", "-shm"] {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        let _ = fs::remove_file(log);
    }
    fs::rename(older, path).unwrap();
}

/// The same, from before facts were typed: details hold only texts.
pub fn make_untyped(path: &Path, version: usize) {
    make_older(path, version);
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "UPDATE statuses SET detail =
               json_remove(detail, '$.rule', '$.failure', '$.saying', '$.limits', '$.missing');
             UPDATE incidents SET detail = json_set(detail, '$.vantages', json((
               SELECT json_group_object(key,
                 json_remove(value, '$.rule', '$.failure', '$.saying', '$.limits', '$.missing', '$.text'))
               FROM json_each(detail, '$.vantages'))));",
        )
        .unwrap();
}

/// Rewrites the records as an older version would have made them: they name no pass.
pub fn forget_passes(path: &Path) {
    let mut connection = Connection::open(path).unwrap();
    let transaction = connection.transaction().unwrap();
    for (id, raw) in records(&transaction) {
        let mut record: Value = serde_json::from_slice(&raw).unwrap();
        let extra = record["test_keys"]["x_accesswatch"].as_object_mut();
        let pass = extra.unwrap().remove("pass");
        assert!(pass.is_some_and(|pass| pass.is_string()), "it names none");
        let raw = zstd::bulk::compress(record.to_string().as_bytes(), 1).unwrap();
        transaction
            .execute(
                "UPDATE records SET raw = ?2, base = NULL WHERE id = ?1",
                params![id, raw],
            )
            .unwrap();
    }
    transaction.commit().unwrap();
}

/// The JSON of each record.
fn records(connection: &Connection) -> Vec<(i64, Vec<u8>)> {
    let sql = "SELECT id, raw, base FROM records";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let json = unpacked_record(connection, &row.get::<_, Vec<u8>>(1)?, row.get(2)?);
        Ok((row.get(0)?, json.unwrap()))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Stores each record whole, as versions without bases of records did.
fn store_whole(path: &Path) {
    let mut connection = Connection::open(path).unwrap();
    let transaction = connection.transaction().unwrap();
    for (id, json) in records(&transaction) {
        let raw = zstd::bulk::compress(&json, 1).unwrap();
        transaction
            .execute(
                "UPDATE records SET raw = ?2, base = NULL WHERE id = ?1 AND base IS NOT NULL",
                params![id, raw],
            )
            .unwrap();
    }
    transaction.commit().unwrap();
}

fn migrations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/open/migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn names(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
