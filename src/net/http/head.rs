//! The head of an HTTP/1 answer as it stood on the wire: order, spelling and bytes that hyper does not keep.

use crate::model::measurement::HeaderText;

/// Bytes of a head that are kept.
pub(super) const MAX_HEAD: usize = 64 * 1024;

/// Header lines that are kept.
pub(super) const MAX_HEADERS: usize = 100;

/// Interim answers (1xx) that may come before the final one, and the bytes of all their heads.
const MAX_INTERIMS: u32 = 32;
const MAX_INTERIM_BYTES: usize = 64 * 1024;

/// Collects the head of the final answer while it passes; interim answers (1xx) are dropped.
#[derive(Debug, Default)]
pub(super) struct Head {
    bytes: Vec<u8>,
    /// Where the present line began.
    line: usize,
    whole: bool,
    interims: u32,
    interim_bytes: usize,
}

impl Head {
    /// Takes what passes; tells where in it the head ended, if it did.
    pub(super) fn push(&mut self, passing: &[u8]) -> Option<usize> {
        for (place, &byte) in passing.iter().enumerate() {
            if !self.is_wanted() {
                return None;
            }
            self.bytes.push(byte);
            if byte != b'\n' {
                continue;
            }
            let line = self.bytes[self.line..].trim_ascii();
            let started = self.line > 0 || !line.is_empty();
            if started && line.is_empty() {
                self.finish();
                if self.whole {
                    return Some(place + 1);
                }
            } else {
                self.line = if started { self.bytes.len() } else { 0 };
            }
        }
        None
    }

    /// Whether more of it is to come.
    pub(super) fn is_wanted(&self) -> bool {
        !self.whole && self.bytes.len() < MAX_HEAD && !self.keeps_waiting()
    }

    /// Interim answers come without end.
    pub(super) fn keeps_waiting(&self) -> bool {
        let under_way = if self.is_interim() {
            self.bytes.len()
        } else {
            0
        };
        self.interims > MAX_INTERIMS || self.interim_bytes + under_way >= MAX_INTERIM_BYTES
    }

    fn finish(&mut self) {
        if self.is_interim() {
            self.interims += 1;
            self.interim_bytes += self.bytes.len();
            self.bytes.clear();
            self.line = 0;
        } else {
            self.whole = true;
        }
    }

    fn status(&self) -> Option<&[u8]> {
        self.bytes
            .trim_ascii_start()
            .split(u8::is_ascii_whitespace)
            .nth(1)
    }

    /// The reason phrase, such as `Not Found`.
    pub(super) fn reason(&self) -> String {
        let start = self.bytes.trim_ascii_start();
        let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
        let reason = line.splitn(3, |b| *b == b' ').nth(2).unwrap_or_default();
        text(reason)
    }

    fn is_interim(&self) -> bool {
        self.status().is_some_and(|code| code.starts_with(b"1"))
    }

    /// Whether the body is in chunks, as hyper will read it.
    pub(super) fn is_chunked(&self) -> bool {
        let bodyless = matches!(self.status(), Some(b"204" | b"304"));
        !bodyless
            && self.last("transfer-encoding").is_some_and(|codings| {
                let last = codings.rsplit(',').next().unwrap_or_default();
                last.trim().eq_ignore_ascii_case("chunked")
            })
    }

    /// The announced length of a body that is not in chunks.
    pub(super) fn length(&self) -> Option<u64> {
        let framed = self.last("transfer-encoding").is_none();
        self.last("content-length").filter(|_| framed)?.parse().ok()
    }

    fn last(&self, wanted: &str) -> Option<String> {
        let headers = self.headers();
        let found = headers
            .into_iter()
            .rev()
            .find(|(name, _)| name.0.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.0)
    }

    /// The header lines in their order, as text. Folded lines are joined; what has no colon is left out.
    pub(super) fn headers(&self) -> Vec<(HeaderText, HeaderText)> {
        let mut headers: Vec<(HeaderText, HeaderText)> = Vec::new();
        for line in self.bytes.split(|b| *b == b'\n').skip(1) {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = headers.last_mut() {
                    value.0.push(' ');
                    value.0.push_str(&text(line));
                }
                continue;
            }
            let Some(colon) = line.iter().position(|b| *b == b':') else {
                continue;
            };
            if headers.len() == MAX_HEADERS {
                break;
            }
            headers.push((
                HeaderText(text(&line[..colon])),
                HeaderText(text(&line[colon + 1..])),
            ));
        }
        headers
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.trim_ascii()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(chunks: &[&[u8]]) -> Head {
        let mut head = Head::default();
        for chunk in chunks {
            if head.push(chunk).is_some() {
                break;
            }
        }
        head
    }

    fn lines(head: &Head) -> Vec<(String, String)> {
        head.headers()
            .into_iter()
            .map(|(n, v)| (n.0, v.0))
            .collect()
    }

    #[test]
    fn spelling_order_and_repeats_stay() {
        let head = head(&[
            b"HTTP/1.1 200 OK\r\nX-Odd-CASE: a\r\nSet-",
            b"Cookie: b=1\r\nserver : x\r\nSet-Cookie: c=2\r\n folded\r\n\r\n<html>: body\r\n",
        ]);
        let expected = [
            ("X-Odd-CASE", "a"),
            ("Set-Cookie", "b=1"),
            ("server", "x"),
            ("Set-Cookie", "c=2 folded"),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(lines(&head), expected);
    }

    #[test]
    fn interim_answers_are_dropped() {
        let head =
            head(&[b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200\nA:b\n\nC: d\n"]);
        assert_eq!(lines(&head), [("A".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn the_reason_phrase_is_that_of_the_final_answer() {
        for (wire, reason) in [
            (&b"HTTP/1.1 200 OK\r\n\r\n"[..], "OK"),
            (b"HTTP/1.1 521 \r\n\r\n", ""),
            (b"HTTP/1.1 403\r\n\r\n", ""),
            (
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\n\n",
                "Not Found",
            ),
        ] {
            assert_eq!(head(&[wire]).reason(), reason);
        }
    }

    #[test]
    fn interim_answers_have_an_end() {
        let interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
        let few = head(&[&interim.repeat(32), b"HTTP/1.1 200 OK\r\n\r\n"]);
        assert!(few.whole && !few.keeps_waiting());
        assert!(head(&[&interim.repeat(33)]).keeps_waiting());
        let long = format!("HTTP/1.1 103 Early\r\nLink: {}\r\n\r\n", "x".repeat(40_000));
        assert!(head(&[long.repeat(2).as_bytes()]).keeps_waiting());
        let one = format!("HTTP/1.1 103 Early\r\nLink: {}", "x".repeat(70_000));
        assert!(head(&[one.as_bytes()]).keeps_waiting());
        let whole = format!("HTTP/1.1 200 OK\r\nLink: {}", "x".repeat(70_000));
        assert!(!head(&[whole.as_bytes()]).keeps_waiting());
    }

    #[test]
    fn the_framing_is_read() {
        for (lines, chunked, length) in [
            ("Transfer-Encoding: chunked", true, None),
            (
                "transfer-encoding : gzip, Chunked\r\nContent-Length: 4",
                true,
                None,
            ),
            ("Transfer-Encoding: chunked, gzip", false, None),
            ("Content-Length: 4", false, Some(4)),
            ("Content-Length: 4, 4", false, None),
            ("X: y", false, None),
        ] {
            let head = head(&[format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n").as_bytes()]);
            assert_eq!(
                (head.is_chunked(), head.length()),
                (chunked, length),
                "{lines}"
            );
        }
        let none = head(&[b"HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n"]);
        assert!(!none.is_chunked());
    }

    #[test]
    fn hostile_heads_are_bounded_text() {
        let mut wire =
            b"HTTP/1.1 200 \xd6\xd0\r\nX-Nul: a\0b\r\nX-Gbk: \xd6\xd0\r\nno colon\r\n".to_vec();
        for n in 0..100_000 {
            wire.extend(format!("H{n}: {n}\r\n").bytes());
        }
        let head = head(&[&wire]);
        let lines = lines(&head);
        assert_eq!(lines.len(), MAX_HEADERS);
        assert_eq!(lines[0], ("X-Nul".to_owned(), "a\0b".to_owned()));
        assert_eq!(lines[1].1, "\u{fffd}\u{fffd}");
        assert!(head.bytes.len() <= MAX_HEAD);
    }
}
