//! The mails that name a cited link: letters on links, in which the address stands as text.

use data_encoding::BASE64;

use crate::model::mail::QueuedMail;

/// Characters of an address in a letter.
const SHOWN: usize = 500;

/// Whether a mail is a letter on links that names this address.
pub(super) fn names_link(mail: &QueuedMail, url: &str) -> bool {
    // Mails on incidents name addresses of probes.
    if !mail.incidents.is_empty() {
        return false;
    }
    let shown = match url.char_indices().nth(SHOWN - 1) {
        Some((end, _)) => &url[..end],
        None => url,
    };
    let eml = &mail.eml;
    // What a part has is not asked: each is read in every encoding.
    let is_in = |text: &[u8]| holds(text, shown);
    is_in(eml) || is_in(&quoted_printable(eml)) || base64_parts(eml).iter().any(|p| is_in(p))
}

/// Whether an address stands in a text, and is no part of a longer one.
fn holds(text: &[u8], url: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"/?&=#%_-~+".contains(&byte);
    memchr::memmem::find_iter(text, url.as_bytes()).any(|at| {
        let next = text.get(at + url.len());
        url.len() >= SHOWN || next.is_none_or(|byte| !is_part(*byte))
    })
}

/// The text with soft line ends and escapes undone (RFC 2045 6.7).
fn quoted_printable(eml: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(eml.len());
    let mut at = 0;
    while let Some(byte) = eml.get(at) {
        let rest = &eml[at + 1..];
        let hex = |n: usize| char::from(*rest.get(n)?).to_digit(16);
        if *byte != b'=' {
            text.push(*byte);
            at += 1;
        } else if rest.starts_with(b"\r\n") {
            at += 3;
        } else if rest.starts_with(b"\n") {
            at += 2;
        } else if let (Some(high), Some(low)) = (hex(0), hex(1)) {
            text.extend(u8::try_from(high * 16 + low));
            at += 3;
        } else {
            text.push(*byte);
            at += 1;
        }
    }
    text
}

/// What stands in base 64, part by part.
fn base64_parts(eml: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    for line in eml.split(|byte| *byte == b'\n').chain([&b""[..]]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() && line.iter().all(is_base64) {
            part.extend_from_slice(line);
        } else if !part.is_empty() {
            parts.extend(BASE64.decode(&part));
            part.clear();
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_every_encoding_of_a_mail() {
        let url = "https://a.example/record?id=12345678901234567890";
        let plain = format!("On {url}, since Monday");
        let soft = plain
            .replace("123456", "123=\r\n456")
            .replace("?id=", "?id=3D");
        let packed = BASE64.encode(plain.as_bytes());
        let (first, second) = packed.split_at(40);
        let packed = format!("Content-Transfer-Encoding: base64\r\n\r\n{first}\r\n{second}\r\n--x");
        for eml in [&plain, &soft, &packed] {
            let bytes = eml.as_bytes();
            let mut texts = base64_parts(bytes);
            texts.extend([bytes.to_vec(), quoted_printable(bytes)]);
            assert!(texts.iter().any(|text| holds(text, url)), "{eml}");
            let shorter = url.trim_end_matches('0');
            assert!(!texts.iter().any(|text| holds(text, shorter)));
        }
    }
}
