//! The line of a record: the output of `export measurements --format jsonl --no-bodies`, and the
//! input of the day chain (evidence.md 4.2).
//!
//! The line is derived from the stored bytes of the record and not from the types of this version:
//! every byte of the stored text is copied, the bodies of answers are emptied, and the certificates
//! are restored. A version with other fields therefore prints an old record unchanged. This file
//! and the stored bytes are never changed; a test checks twenty golden lines.

use std::fmt;

use data_encoding::BASE64;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The line, without its line end. `raw` is the record as JSON without the last body and the
/// certificates; `chains` are the certificates of each handshake.
pub(in crate::store) fn line(
    raw: &[u8],
    chains: Option<&[Vec<&[u8]>]>,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(raw.len() + 256);
    let mut chains = chains.map(|chains| chains.iter());
    let mut json = serde_json::Deserializer::from_slice(raw);
    Copier {
        part: Part::Record,
        out: &mut out,
        chains: &mut chains,
    }
    .deserialize(&mut json)?;
    json.end()?;
    Ok(out)
}

/// Parts that are copied member by member; everything else is copied unchanged.
#[derive(Clone, Copy)]
enum Part {
    Record,
    TestKeys,
    Requests,
    Request,
    Response,
    Handshakes,
    Handshake,
}

/// The treatment of one member of an object.
enum Member {
    Copied,
    Within(Part),
    Emptied,
    Certificates,
}

impl Part {
    /// `key` with its quotation marks, as written.
    fn member(self, key: &str) -> Member {
        match (self, key) {
            (Self::Record, r#""test_keys""#) => Member::Within(Self::TestKeys),
            (Self::TestKeys, r#""requests""#) => Member::Within(Self::Requests),
            (Self::TestKeys, r#""tls_handshakes""#) => Member::Within(Self::Handshakes),
            (Self::Request, r#""response""#) => Member::Within(Self::Response),
            (Self::Response, r#""body""#) => Member::Emptied,
            (Self::Handshake, r#""peer_certificates""#) => Member::Certificates,
            _ => Member::Copied,
        }
    }

    fn element(self) -> Option<Self> {
        match self {
            Self::Requests => Some(Self::Request),
            Self::Handshakes => Some(Self::Handshake),
            _ => None,
        }
    }
}

type Chains<'c> = Option<std::slice::Iter<'c, Vec<&'c [u8]>>>;

struct Copier<'o, 'c> {
    part: Part,
    out: &'o mut Vec<u8>,
    chains: &'o mut Chains<'c>,
}

impl<'c> Copier<'_, 'c> {
    fn within(&mut self, part: Part) -> Copier<'_, 'c> {
        Copier {
            part,
            out: self.out,
            chains: self.chains,
        }
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn put_certificates(&mut self, certificates: &[&[u8]]) {
        for (n, der) in certificates.iter().enumerate() {
            self.put(if n == 0 { "" } else { "," });
            self.put(r#"{"format":"base64","data":""#);
            self.put(&BASE64.encode(der));
            self.put(r#""}"#);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Copier<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Copier<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a measurement record")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.put("{");
        let mut is_first = true;
        while let Some(key) = map.next_key::<&RawValue>()? {
            self.put(if std::mem::take(&mut is_first) {
                ""
            } else {
                ","
            });
            self.put(key.get());
            self.put(":");
            match (self.part.member(key.get()), self.chains.as_mut()) {
                (Member::Within(part), _) => map.next_value_seed(self.within(part))?,
                (Member::Emptied, _) => {
                    map.next_value::<IgnoredAny>()?;
                    self.put(r#""""#);
                }
                (Member::Certificates, Some(chains)) => {
                    map.next_value::<IgnoredAny>()?;
                    let certificates = chains.next().map_or(&[][..], Vec::as_slice);
                    self.put("[");
                    self.put_certificates(certificates);
                    self.put("]");
                }
                (Member::Copied | Member::Certificates, _) => {
                    self.put(map.next_value::<&RawValue>()?.get());
                }
            }
        }
        self.put("}");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        self.put("[");
        let start = self.out.len();
        loop {
            let before = self.out.len();
            if before > start {
                self.put(",");
            }
            let next = if let Some(part) = self.part.element() {
                seq.next_element_seed(self.within(part))?
            } else {
                let next = seq.next_element::<&RawValue>()?;
                next.map(|raw| self.put(raw.get()))
            };
            if next.is_none() {
                self.out.truncate(before);
                break;
            }
        }
        self.put("]");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str, chains: Option<&[Vec<&[u8]>]>) -> String {
        String::from_utf8(line(raw.as_bytes(), chains).unwrap()).unwrap()
    }

    #[test]
    fn every_byte_is_copied_but_bodies_and_certificates() {
        let raw = r#"{"new":{"body":1.50,"x":[1,2]},"input":"a\u00e9\/","test_keys":{"requests":[{"request":{"body":"kept"},"response":{"code":200,"body":"gone","headers_list":[["a","b"]]},"t":1e3},{"response":{"body":{"format":"base64","data":"AA=="}}}],"queries":[],"tls_handshakes":[{"server_name":"a","peer_certificates":[]},{"peer_certificates":[]}],"control":{"response":{"body":"kept"}}}}"#;
        let chains: [Vec<&[u8]>; 1] = [vec![b"leaf", b"ca"]];
        let expected = raw
            .replace(r#""body":"gone""#, r#""body":"""#)
            .replace(r#"{"format":"base64","data":"AA=="}"#, r#""""#)
            .replace(
                r#""a","peer_certificates":[]"#,
                r#""a","peer_certificates":[{"format":"base64","data":"bGVhZg=="},{"format":"base64","data":"Y2E="}]"#,
            );
        assert_eq!(text(raw, Some(&chains)), expected);
        let without = expected.replace(
            r#"[{"format":"base64","data":"bGVhZg=="},{"format":"base64","data":"Y2E="}]"#,
            "[]",
        );
        assert_eq!(text(raw, None), without);
    }

    #[test]
    fn what_is_no_record_is_an_error() {
        for bad in ["", "[", "7", r#"{"test_keys":7}"#, r#"{"a":1}x"#] {
            assert!(line(bad.as_bytes(), None).is_err(), "{bad}");
        }
    }
}
