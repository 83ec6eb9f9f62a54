//! Where the members of the objects of a JSON text stand. The text has been parsed before: what is
//! no JSON ends the scan.

use std::ops::Range;

/// Arrays and objects within each other; `serde_json` allows as many.
const MAX_DEPTH: usize = 128;

/// An object as written.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonObject {
    pub(super) members: Vec<JsonMember>,
    /// With its braces.
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct JsonMember {
    pub(super) name: String,
    /// With its quotes.
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

impl JsonObject {
    /// The member that counts: the last of its name.
    pub(super) fn member(&self, name: &str) -> Option<&JsonMember> {
        self.members.iter().rev().find(|m| m.name == name)
    }
}

/// The objects of the list of entries: the outermost array, or the one in `items` or `references`.
pub(super) fn entries(text: &str) -> Option<Vec<JsonObject>> {
    let mut scan = JsonScan { text, at: 0 };
    scan.skip_space();
    if scan.peek() == Some(b'{') {
        let outer = scan.object(0)?;
        let list = outer
            .member("items")
            .or_else(|| outer.member("references"))?;
        scan.at = list.value.start;
    }
    scan.objects()
}

struct JsonScan<'a> {
    text: &'a str,
    at: usize,
}

impl JsonScan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    /// The objects of an array; other values are passed over.
    fn objects(&mut self) -> Option<Vec<JsonObject>> {
        self.eat(b'[')?;
        let mut objects = Vec::new();
        if self.eat(b']').is_some() {
            return Some(objects);
        }
        loop {
            self.skip_space();
            if self.peek() == Some(b'{') {
                objects.push(self.object(0)?);
            } else {
                self.value(0)?;
            }
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(objects);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<JsonObject> {
        let mut object = JsonObject::default();
        self.skip_space();
        let begin = self.at;
        self.eat(b'{')?;
        if self.eat(b'}').is_none() {
            loop {
                self.skip_space();
                let key = self.string()?;
                let name = serde_json::from_str(&self.text[key.clone()]).ok()?;
                self.eat(b':')?;
                let value = self.value(depth)?;
                object.members.push(JsonMember { name, key, value });
                if self.eat(b',').is_none() {
                    self.eat(b'}')?;
                    break;
                }
            }
        }
        object.range = begin..self.at;
        Some(object)
    }

    fn value(&mut self, depth: usize) -> Option<Range<usize>> {
        self.skip_space();
        let begin = self.at;
        match self.peek()? {
            b'"' => return self.string(),
            b'{' | b'[' if depth >= MAX_DEPTH => return None,
            b'{' => {
                self.object(depth + 1)?;
            }
            b'[' => {
                self.eat(b'[')?;
                if self.eat(b']').is_none() {
                    loop {
                        self.value(depth + 1)?;
                        if self.eat(b',').is_none() {
                            self.eat(b']')?;
                            break;
                        }
                    }
                }
            }
            _ => {
                let is_end = |b: u8| b.is_ascii_whitespace() || b",]}".contains(&b);
                while self.peek().is_some_and(|b| !is_end(b)) {
                    self.at += 1;
                }
            }
        }
        (self.at > begin).then_some(begin..self.at)
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let begin = self.at;
        self.eat(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Some(begin..self.at);
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_where_they_are_written() {
        let text = r#" {"config": {"items": 1}, "items": [ {"id" : "a\"}", "n":[{},[1]], "x": -1.5e3}, 7,
            {} ] } "#;
        let found = entries(text).unwrap();
        assert_eq!(found.len(), 2);
        let values: Vec<&str> = found[0]
            .members
            .iter()
            .map(|member| &text[member.value.clone()])
            .collect();
        assert_eq!(values, [r#""a\"}""#, "[{},[1]]", "-1.5e3"]);
        assert_eq!(&text[found[1].range.clone()], "{}");
    }

    #[test]
    fn what_is_no_json_gives_nothing() {
        for text in [
            "",
            "[",
            "[{]",
            "{\"a\"}",
            "[{\"a\":}]",
            "{\"items\":{}}",
            "[\"\\",
        ] {
            assert!(entries(text).is_none(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(entries(&deep).is_none());
    }
}
