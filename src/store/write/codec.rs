//! The encoding of compound values in one column: JSON, and small, fast compression (zstd level 1
//! with reused contexts).

use std::cell::RefCell;
use std::io;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

use crate::store::error::InnerError;

/// Level 1 takes about 20 µs for a page of 8 KB; level 3 saves a tenth more space for twice the
/// time.
const LEVEL: i32 = 1;

/// The largest size of one row after decompression: a body at its limit in JSON, with some reserve.
/// A row that claims more is damaged.
const MOST: u64 = 256 << 20;

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses with this thread's context.
pub(in crate::store) fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Compressor::new(LEVEL)?);
        }
        match slot {
            Some(compressor) => compressor.compress(bytes),
            None => zstd::bulk::compress(bytes, LEVEL),
        }
    })
}

/// Reverses [`pack`]; an error on other bytes.
pub(in crate::store) fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a compressed row is damaged");
    let size = match get_frame_content_size(bytes) {
        Ok(Some(size)) if size <= MOST => usize::try_from(size).map_err(|_| damaged())?,
        _ => return Err(damaged()),
    };
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Decompressor::new()?);
        }
        match slot {
            Some(decompressor) => decompressor.decompress(bytes, size),
            None => zstd::bulk::decompress(bytes, size),
        }
    })
}

/// The values in the `detail` column of a query's rows.
pub(in crate::store) fn details<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
) -> Result<Vec<T>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let detail = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        all.push(serde_json::from_str(detail)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for bytes in [
            Vec::new(),
            b"x".to_vec(),
            "中国知网".repeat(5000).into_bytes(),
        ] {
            assert_eq!(unpack(&pack(&bytes).unwrap()).unwrap(), bytes);
        }
    }

    #[test]
    fn damage_is_an_error_and_claims_no_memory() {
        let mut packed = pack(&[7; 10_000]).unwrap();
        packed.truncate(packed.len() - 3);
        assert!(unpack(&packed).is_err());
        assert!(unpack(b"not zstd").is_err());
        // A frame header that claims 2^62 bytes.
        let liar = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x40];
        assert!(unpack(&liar).is_err());
    }
}
