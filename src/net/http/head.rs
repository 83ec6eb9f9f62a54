//! The head of an HTTP/1 answer as it stood on the wire: order, spelling and bytes that hyper does not keep.

use crate::model::measurement::HeaderText;

/// Bytes of a head that are kept.
pub(super) const MAX_HEAD: usize = 64 * 1024;

/// Header lines that are kept.
pub(super) const MAX_HEADERS: usize = 100;

/// Collects the head of the final answer while it passes; interim answers (1xx) are dropped.
#[derive(Debug, Default)]
pub(super) struct Head {
    bytes: Vec<u8>,
    /// Where the present line began.
    line: usize,
    whole: bool,
}

impl Head {
    /// Takes what passes; tells whether more is wanted.
    pub(super) fn push(&mut self, passing: &[u8]) -> bool {
        for &byte in passing {
            if self.whole || self.bytes.len() >= MAX_HEAD {
                return false;
            }
            self.bytes.push(byte);
            if byte != b'\n' {
                continue;
            }
            let line = self.bytes[self.line..].trim_ascii();
            let started = self.line > 0 || !line.is_empty();
            if started && line.is_empty() {
                self.finish();
            } else {
                self.line = if started { self.bytes.len() } else { 0 };
            }
        }
        !self.whole
    }

    fn finish(&mut self) {
        let interim = self
            .bytes
            .trim_ascii_start()
            .split(|b| *b == b' ')
            .nth(1)
            .is_some_and(|code| code.starts_with(b"1"));
        if interim {
            self.bytes.clear();
            self.line = 0;
        } else {
            self.whole = true;
        }
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
            if !head.push(chunk) {
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
