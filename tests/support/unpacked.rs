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
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::with_dictionary(cell, &data.ok()?)
        .ok()?
        .read_to_end(&mut plain)
        .ok()?;
    Some(plain)
}
