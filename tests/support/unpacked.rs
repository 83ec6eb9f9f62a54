//! Compressed cells of the store.

use std::io::Read as _;

use rusqlite::Connection;

/// A compressed cell of the store, unpacked as by a program that has only the file: the dictionary
/// comes from the table that the cell's frame refers to. `None` for other bytes.
pub fn unpacked(connection: &Connection, cell: &[u8]) -> Option<Vec<u8>> {
    let Some(id) = zstd::zstd_safe::get_dict_id_from_frame(cell) else {
        return zstd::decode_all(cell).ok();
    };
    let sql = "SELECT data FROM dictionaries WHERE id = ?1";
    let data = connection.query_row(sql, [id.get()], |row| row.get::<_, Vec<u8>>(0));
    with_dictionary(cell, &data.ok()?)
}

/// The JSON of a row of `records` with this `raw` and `base`.
#[allow(dead_code)] // not every test binary reads records
pub fn unpacked_record(connection: &Connection, raw: &[u8], base: Option<i64>) -> Option<Vec<u8>> {
    let Some(base) = base else {
        return unpacked(connection, raw);
    };
    let sql = "SELECT raw FROM record_bases WHERE id = ?1";
    let packed = connection.query_row(sql, [base], |row| row.get::<_, Vec<u8>>(0));
    with_dictionary(raw, &unpacked(connection, &packed.ok()?)?)
}

fn with_dictionary(cell: &[u8], dictionary: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::with_dictionary(cell, dictionary)
        .ok()?
        .read_to_end(&mut plain)
        .ok()?;
    Some(plain)
}
