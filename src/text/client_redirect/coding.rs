//! Encodings of addresses, decoded as scripts decode them.

pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Decodes `%XX` and the old `%uXXXX`.
pub(super) fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let code = |from: usize, to: usize| {
            let hex = rest.get(from..to)?;
            u32::from_str_radix(hex, 16).ok()
        };
        if let Some(byte) = code(0, 2).and_then(|n| u8::try_from(n).ok()) {
            out.push(byte);
            rest = &rest[2..];
        } else if let Some(c) = code(1, 5)
            .and_then(char::from_u32)
            .filter(|_| rest.starts_with('u'))
        {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[5..];
        } else {
            out.push(b'%');
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}
