//! Whether a file asks for a password: PDF, ZIP with the office formats that are made of it, and
//! office documents in the container of encrypted ones.

use memchr::memmem;

use super::page::{BodyKind, media_type};
use crate::model::Fact;
use crate::model::measurement::Response;
use crate::model::page::{History, LOCKED, Value};

/// So many earlier files must have been open.
const ANSWERS: usize = 3;

/// 1 for a file that is encrypted, 0 for one that is not, as it is kept; `None` for other answers.
pub(super) fn value(kind: BodyKind, response: &Response) -> Option<Value> {
    if kind != BodyKind::Binary {
        return None;
    }
    let media = media_type(response).unwrap_or_default();
    let locked = is_locked(&response.body.0, &media, response.body_is_truncated)?;
    Some(Value::Number(f64::from(u8::from(locked))))
}

fn is_locked(bytes: &[u8], media: &str, is_cut: bool) -> Option<bool> {
    if bytes.starts_with(b"%PDF") {
        let found = names_encryption(bytes);
        // The names may stand at the end, in the part that was not read.
        return (found || !is_cut).then_some(found);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return bytes.get(6).map(|flags| flags & 1 == 1);
    }
    // What should be a ZIP is in the older container when it is encrypted (MS-OFFCRYPTO).
    let is_older = bytes.starts_with(b"\xd0\xcf\x11\xe0");
    (is_older && media.contains("openxmlformats")).then_some(true)
}

/// Whether a trailer of a PDF has the key for encryption.
fn names_encryption(bytes: &[u8]) -> bool {
    const KEY: &[u8] = b"/Encrypt";
    memmem::find_iter(bytes, KEY).any(|at| {
        let next = bytes.get(at + KEY.len());
        next.is_some_and(|next| next.is_ascii_whitespace() || *next == b'<')
    })
}

/// The file is encrypted, and none was before.
pub(super) fn fact(now: &Value, history: &History) -> Option<Fact> {
    let past = history.get(LOCKED).filter(|past| past.len() >= ANSWERS)?;
    let was_open = past.iter().all(|past| past.value == Value::Number(0.0));
    (was_open && *now == Value::Number(1.0)).then_some(Fact::FileLocked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_ask_for_a_password() {
        let openxml = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let locked = |bytes: &[u8]| is_locked(bytes, openxml, false);
        let open: &[u8] = b"%PDF-1.7 trailer << /Size 9 /EncryptMetadata true >>";
        assert_eq!(locked(open), Some(false));
        for encrypted in [
            &b"%PDF-1.4 trailer << /Encrypt 12 0 R /Size 9 >>"[..],
            b"%PDF-1.5 <</Type/XRef/Encrypt<</Filter/Standard>>>>",
            b"PK\x03\x04\x14\x00\x01\x00\x08\x00",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ] {
            assert_eq!(locked(encrypted), Some(true));
        }
        assert_eq!(locked(b"PK\x03\x04\x14\x00\x06\x00\x08\x00"), Some(false));
        assert_eq!(is_locked(open, "application/pdf", true), None, "cut");
        let xls = is_locked(b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel", false);
        assert_eq!(xls, None, "the older format");
        assert_eq!(locked(b"PK\x03\x04"), None, "too short");
    }
}
