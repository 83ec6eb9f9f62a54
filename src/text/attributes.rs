//! The attributes of an HTML tag (WHATWG, 13.2.5.32 and following), written by hand for the same
//! reasons as `token`: in order, as written, without allocation.

/// The attributes of a tag, in order: the name as written, the value raw.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Attributes<'a> {
    /// The attributes in the text after a tag's name.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Skips all of them. Returns the text up to the `>` that ends the tag, or `None` without one.
    pub(super) fn whole(mut self) -> Option<&'a str> {
        while self.next().is_some() {}
        let ended = self.text.as_bytes().get(self.at) == Some(&b'>');
        ended.then(|| &self.text[..self.at])
    }

    fn skip(&mut self, what: impl Fn(u8) -> bool) {
        let bytes = &self.text.as_bytes()[self.at..];
        self.at += bytes.iter().take_while(|b| what(**b)).count();
    }

    fn value(&mut self) -> &'a str {
        self.skip(|b| b.is_ascii_whitespace());
        let rest = &self.text[self.at..];
        if let Some(quote @ (b'"' | b'\'')) = rest.as_bytes().first() {
            let value = &rest[1..];
            let end = memchr::memchr(*quote, value.as_bytes());
            self.at = end.map_or(self.text.len(), |end| self.at + end + 2);
            &value[..end.unwrap_or(value.len())]
        } else {
            let from = self.at;
            self.skip(|b| !b.is_ascii_whitespace() && b != b'>');
            &self.text[from..self.at]
        }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    /// The next attribute; `None` at the `>` (where `at` then is) or at the end.
    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|b| b.is_ascii_whitespace() || b == b'/');
        let bytes = self.text.as_bytes();
        if matches!(bytes.get(self.at), None | Some(b'>')) {
            return None;
        }
        let from = self.at;
        // A name may begin with `=` (WHATWG before attribute name state).
        self.at += self.text[from..].chars().next().map_or(1, char::len_utf8);
        self.skip(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'='));
        let name = &self.text[from..self.at];
        let end = self.at;
        self.skip(|b| b.is_ascii_whitespace());
        if bytes.get(self.at) == Some(&b'=') {
            self.at += 1;
            return Some((name, self.value()));
        }
        self.at = end;
        Some((name, ""))
    }
}
