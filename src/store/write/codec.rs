//! The encoding of compound values in one column: JSON, and small, fast compression (zstd with
//! reused contexts).
//!
//! Records are alike, so they are compressed with a dictionary that was trained on records
//! (`benches/record_dictionary.py`): a record takes a third of the space, and less time. A frame
//! names its dictionary, so rows with a dictionary and rows without one are read alike.

use std::cell::RefCell;
use std::io;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{get_dict_id_from_frame, get_frame_content_size};

use crate::store::error::InnerError;

/// Level 1 takes about 20 µs for a page of 8 KB; level 3 saves a tenth more space for twice the
/// time.
const LEVEL: i32 = 1;

/// With the dictionary, level 3 takes as long as level 1, and level 6 four times as long for a
/// fiftieth of the space.
const RECORD_LEVEL: i32 = 3;

/// The dictionary of records. It is never changed, because stores hold rows that only this
/// dictionary can read; a new one is added beside it, with a new id.
pub(in crate::store) const RECORD_DICTIONARY: &[u8] =
    include_bytes!("../dictionaries/records_1.zdict");

/// The id that frames name it by.
pub(in crate::store) const RECORD_DICTIONARY_ID: u32 = 40_001;

static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(RECORD_DICTIONARY, RECORD_LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(RECORD_DICTIONARY));

/// The largest size of one row after decompression: a body at its limit in JSON, with some reserve.
/// A row that claims more is damaged.
const MOST: u64 = 256 << 20;

thread_local! {
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static RECORD_COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static BASE_COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static BASE_DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> =
        const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    static RECORD_DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> =
        const { RefCell::new(None) };
}

/// Compresses with this thread's context.
pub(in crate::store) fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = match slot {
            Some(compressor) => compressor,
            None => slot.insert(Compressor::new(LEVEL)?),
        };
        compressor.compress(bytes)
    })
}

/// Compresses a record, or what is like one, with the dictionary of records.
pub(in crate::store) fn pack_record(bytes: &[u8]) -> io::Result<Vec<u8>> {
    RECORD_COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = match slot {
            Some(compressor) => compressor,
            None => slot.insert(Compressor::with_prepared_dictionary(&ENCODER)?),
        };
        compressor.compress(bytes)
    })
}

/// Compresses a record that resembles another one, whose JSON is `base`.
pub(in crate::store) fn pack_against(base: &[u8], bytes: &[u8]) -> io::Result<Vec<u8>> {
    BASE_COMPRESSOR.with_borrow_mut(|slot| {
        let compressor = match slot {
            Some(compressor) => compressor,
            None => slot.insert(Compressor::new(LEVEL)?),
        };
        compressor.set_dictionary(LEVEL, base)?;
        let mut packed = compressor.compress(bytes)?;
        packed.shrink_to_fit();
        Ok(packed)
    })
}

/// Reverses [`pack_against`].
pub(in crate::store) fn unpack_against(base: &[u8], bytes: &[u8]) -> io::Result<Vec<u8>> {
    let size = size_of_content(bytes)?;
    BASE_DECOMPRESSOR.with_borrow_mut(|slot| {
        let decompressor = match slot {
            Some(decompressor) => decompressor,
            None => slot.insert(Decompressor::new()?),
        };
        decompressor.set_dictionary(base)?;
        decompressor.decompress(bytes, size)
    })
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a compressed row is damaged")
}

/// The size that a frame states, if it is a possible one.
fn size_of_content(bytes: &[u8]) -> io::Result<usize> {
    match get_frame_content_size(bytes) {
        Ok(Some(size)) if size <= MOST => usize::try_from(size).map_err(|_| damaged()),
        _ => Err(damaged()),
    }
}

/// Reverses [`pack`] and [`pack_record`]; an error on other bytes.
pub(in crate::store) fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let size = size_of_content(bytes)?;
    match get_dict_id_from_frame(bytes).map(NonZeroU32::get) {
        None => DECOMPRESSOR.with_borrow_mut(|slot| {
            let decompressor = match slot {
                Some(decompressor) => decompressor,
                None => slot.insert(Decompressor::new()?),
            };
            decompressor.decompress(bytes, size)
        }),
        Some(RECORD_DICTIONARY_ID) => RECORD_DECOMPRESSOR.with_borrow_mut(|slot| {
            let decompressor = match slot {
                Some(decompressor) => decompressor,
                None => slot.insert(Decompressor::with_prepared_dictionary(&DECODER)?),
            };
            decompressor.decompress(bytes, size)
        }),
        Some(_) => Err(damaged()),
    }
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
            assert_eq!(unpack(&pack_record(&bytes).unwrap()).unwrap(), bytes);
        }
    }

    /// A frame that needs another record says nothing without it.
    #[test]
    fn a_record_is_read_with_the_record_that_it_resembles() {
        let base = format!(
            r#"{{"input":"https://example.org/","t":{}}}"#,
            "1234567".repeat(30)
        );
        let record = base.replace("example", "example-2");
        let packed = pack_against(base.as_bytes(), record.as_bytes()).unwrap();
        assert!(packed.len() < 50, "{}", packed.len());
        let read = unpack_against(base.as_bytes(), &packed).unwrap();
        assert_eq!(read, record.as_bytes());
        assert!(unpack(&packed).is_err());
        let cut = &packed[..packed.len() - 2];
        assert!(unpack_against(base.as_bytes(), cut).is_err());
    }

    /// A frame names the dictionary that it needs, and an unknown one is not guessed.
    #[test]
    fn a_frame_names_its_dictionary() {
        let record = br#"{"data_format_version":"0.2.0","input":"https://example.org/"}"#;
        let mut packed = pack_record(record).unwrap();
        let id = get_dict_id_from_frame(&packed).map(NonZeroU32::get);
        assert_eq!(id, Some(RECORD_DICTIONARY_ID));
        assert!(packed.len() < pack(record).unwrap().len());
        // The id is in the two bytes after the magic number and the descriptor.
        packed[5] ^= 1;
        assert!(unpack(&packed).is_err());
        assert_eq!(get_dict_id_from_frame(&pack(record).unwrap()), None);
    }

    /// The bytes of the dictionary are those that rows in the field were made with.
    #[test]
    fn the_dictionary_never_changes() {
        use sha2::{Digest as _, Sha256};
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(RECORD_DICTIONARY));
        assert_eq!(
            hash,
            "e41b5a1543d8cdd663f2ef4f494e8ac6fb2b0445e9d2558420a6a99b41823fa3"
        );
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
