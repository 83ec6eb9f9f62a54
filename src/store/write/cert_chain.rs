//! Certificate chains, removed from the record and stored once per content: otherwise every HTTPS
//! measurement would contain the same few kilobytes, which do not compress.
//!
//! The format: for each handshake the number of certificates, and for each certificate its length
//! and bytes (numbers are 4 bytes, little endian).

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::model::measurement::{BinaryData, TlsHandshake};
use crate::model::time::DAY_US;
use crate::store::error::InnerError;

/// The chains of all handshakes and their key; removes them from the handshakes. `None` when no
/// certificate was presented.
pub(in crate::store) fn extract(handshakes: &mut [TlsHandshake]) -> Option<([u8; 32], Vec<u8>)> {
    if handshakes.iter().all(|h| h.peer_certificates.is_empty()) {
        return None;
    }
    let mut bytes = Vec::with_capacity(6_000);
    let number = |bytes: &mut Vec<u8>, n: usize| {
        bytes.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
    };
    for handshake in handshakes {
        let certificates = std::mem::take(&mut handshake.peer_certificates);
        number(&mut bytes, certificates.len());
        for certificate in certificates {
            number(&mut bytes, certificate.0.len());
            bytes.extend_from_slice(&certificate.0);
        }
    }
    Some((Sha256::digest(&bytes).into(), bytes))
}

/// Stores the chains under their key, used at this time.
pub(in crate::store) fn put(
    connection: &Connection,
    (key, bytes): &([u8; 32], Vec<u8>),
    used_us: i64,
) -> Result<(), InnerError> {
    // The age of shared rows is exact to a day: otherwise each use would be a write.
    connection
        .prepare_cached(
            "INSERT INTO chains (sha256, last_used_us, data) VALUES (?1, ?2, ?3)
             ON CONFLICT (sha256) DO UPDATE SET last_used_us = excluded.last_used_us
             WHERE excluded.last_used_us > last_used_us + ?4",
        )?
        .execute(params![key.as_slice(), used_us, bytes, DAY_US])?;
    Ok(())
}

/// Restores the chains. Stops at the first invalid byte: the rest stays empty.
pub(in crate::store) fn put_back(handshakes: &mut [TlsHandshake], bytes: &[u8]) {
    for (handshake, certificates) in handshakes.iter_mut().zip(split(bytes)) {
        let certificates = certificates.iter().map(|der| BinaryData(der.to_vec()));
        handshake.peer_certificates.extend(certificates);
    }
}

/// The certificates of each handshake, up to the first invalid byte.
pub(in crate::store) fn split(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let mut rest = bytes;
    let mut all = Vec::new();
    while let Some(count) = number(&mut rest) {
        let mut certificates = Vec::new();
        for _ in 0..count {
            let Some(certificate) = number(&mut rest).and_then(|n| rest.split_at_checked(n)) else {
                all.push(certificates);
                return all;
            };
            certificates.push(certificate.0);
            rest = certificate.1;
        }
        all.push(certificates);
    }
    all
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (head, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    usize::try_from(u32::from_le_bytes(*head)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake(certificates: &[&[u8]]) -> TlsHandshake {
        TlsHandshake {
            peer_certificates: certificates
                .iter()
                .map(|c| BinaryData(c.to_vec()))
                .collect(),
            ..TlsHandshake::default()
        }
    }

    #[test]
    fn chains_come_back_to_their_handshakes() {
        let before = vec![
            handshake(&[b"leaf", b"ca"]),
            handshake(&[]),
            handshake(&[b"x"]),
        ];
        let mut after = before.clone();
        let (_, bytes) = extract(&mut after).unwrap();
        assert!(after.iter().all(|h| h.peer_certificates.is_empty()));
        put_back(&mut after, &bytes);
        assert_eq!(after, before);
    }

    #[test]
    fn cut_bytes_give_what_is_whole() {
        let mut handshakes = vec![handshake(&[b"leaf", b"ca"])];
        let (_, bytes) = extract(&mut handshakes).unwrap();
        put_back(&mut handshakes, &bytes[..bytes.len() - 1]);
        assert_eq!(handshakes, vec![handshake(&[b"leaf"])]);
        assert!(extract(&mut [handshake(&[])]).is_none());
    }
}
