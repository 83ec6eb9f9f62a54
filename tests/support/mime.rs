//! Parses a mail: headers unfolded, both parts decoded. It does only what the tests need, and is
//! strict where it matters.

use std::collections::BTreeMap;

use data_encoding::BASE64;

pub struct Mail {
    /// Names in lower case; values unfolded, still encoded.
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub html: String,
}

impl Mail {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The header with its RFC 2047 words decoded.
    pub fn decoded(&self, name: &str) -> String {
        decode_words(self.header(name))
    }
}

/// Panics on a bare CR or LF, a control character in a header, a line over 998, or other parts.
pub fn parse(eml: &[u8]) -> Mail {
    let raw = std::str::from_utf8(eml).unwrap();
    assert!(
        !raw.replace("\r\n", "").contains(['\r', '\n']),
        "a bare CR or LF"
    );
    assert!(raw.split("\r\n").all(|l| l.len() <= 998));
    let (headers, body) = split(raw);
    let boundary = headers["content-type"].split("boundary=").nth(1).unwrap();
    let boundary = boundary.trim_matches('"');
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "two parts between a preamble and the end");
    let [text, html] = [parts[1], parts[2]].map(|part| {
        let (headers, body) = split(part.trim_start_matches("\r\n"));
        let kind = headers["content-type"].clone();
        (
            kind,
            decode(
                headers.get("content-transfer-encoding").map(String::as_str),
                body,
            ),
        )
    });
    assert!(
        text.0.starts_with("text/plain") && html.0.starts_with("text/html"),
        "text first"
    );
    Mail {
        headers,
        text: text.1,
        html: html.1,
    }
}

fn split(raw: &str) -> (BTreeMap<String, String>, &str) {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers = unfolded.split("\r\n").map(|line| {
        assert!(
            !line.contains(char::is_control) && line.is_ascii(),
            "{line:?}"
        );
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_lowercase(), value.to_owned())
    });
    let count = unfolded.split("\r\n").count();
    let headers: BTreeMap<String, String> = headers.collect();
    assert_eq!(headers.len(), count, "no header twice");
    (headers, body)
}

fn decode(encoding: Option<&str>, body: &str) -> String {
    let bytes = match encoding {
        Some("base64") => BASE64.decode(body.replace("\r\n", "").as_bytes()).unwrap(),
        Some("quoted-printable") => quoted(body, false),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn quoted(text: &str, underscore: bool) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'=' => {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            b'_' if underscore => out.push(b' '),
            other => out.push(other),
        }
    }
    out
}

fn decode_words(value: &str) -> String {
    let mut out = String::new();
    let mut last_encoded = false;
    for word in value.split(' ') {
        let decoded = word
            .strip_prefix("=?utf-8?")
            .and_then(|w| w.strip_suffix("?="))
            .map(|w| {
                let (kind, data) = w.split_once('?').unwrap();
                let bytes = if kind == "b" {
                    BASE64.decode(data.as_bytes()).unwrap()
                } else {
                    quoted(data, true)
                };
                String::from_utf8(bytes).unwrap()
            });
        let joined = last_encoded && decoded.is_some();
        if !out.is_empty() && !joined {
            out.push(' ');
        }
        last_encoded = decoded.is_some();
        out.push_str(decoded.as_deref().unwrap_or(word));
    }
    out
}
