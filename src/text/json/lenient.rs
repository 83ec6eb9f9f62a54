//! JSON as the scripts of sites read it: the syntax of JavaScript's object literals, and what
//! servers add to JSON.
//!
//! Used where `serde_json` refuses. It continues only where the meaning is clear: half of an emoji,
//! a raw line break in a text, `NaN`, an extra comma, single quotes, names without quotes. Linear
//! in its input, with limited nesting.

use serde_json::{Map, Number, Value};

/// Deeper nesting is refused. Browsers accept more, but no interface needs it.
const MAX_DEPTH: usize = 512;

/// Reads the value that begins at `at` (in bytes). Returns it with the place after it, or the place
/// of the error.
pub(super) fn value(text: &str, at: usize) -> Result<(Value, usize), usize> {
    let mut reader = Reader { text, at, depth: 0 };
    let value = reader.value()?;
    Ok((value, reader.at))
}

/// The end of the white space and comments that begin at `at`.
pub(super) fn blank(text: &str, at: usize) -> usize {
    let mut reader = Reader { text, at, depth: 0 };
    reader.blank();
    reader.at
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// White space of all kinds, byte order marks, NUL, comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank =
                |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{0}' | '\u{200b}');
            let text = rest.trim_start_matches(blank);
            self.at += rest.len() - text.len();
            let ends = [("//", "\n"), ("/*", "*/"), ("<!--", "-->")];
            let Some((begin, end)) = ends.iter().find(|(begin, _)| text.starts_with(begin)) else {
                return;
            };
            let inner = &text[begin.len()..];
            self.at += match inner.find(end) {
                Some(found) => begin.len() + found + end.len(),
                None => text.len(),
            };
        }
    }

    fn value(&mut self) -> Result<Value, usize> {
        self.blank();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"' | b'\'' | b'`') => Ok(Value::String(self.string()?)),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => self.number(),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, usize>) -> Result<Value, usize> {
        if self.depth == MAX_DEPTH {
            return Err(self.at);
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, usize> {
        let mut map = Map::new();
        loop {
            self.blank();
            if self.eat(b'}') {
                return Ok(Value::Object(map));
            }
            let key = self.key()?;
            self.blank();
            if !self.eat(b':') {
                return Err(self.at);
            }
            let value = self.value()?;
            map.insert(key, value);
            self.blank();
            if !self.eat(b',') && self.peek() != Some(b'}') {
                return Err(self.at);
            }
        }
    }

    fn array(&mut self) -> Result<Value, usize> {
        let mut list = Vec::new();
        loop {
            self.blank();
            if self.eat(b']') {
                return Ok(Value::Array(list));
            }
            // An omitted element.
            if self.eat(b',') {
                list.push(Value::Null);
                continue;
            }
            list.push(self.value()?);
            self.blank();
            if !self.eat(b',') && self.peek() != Some(b']') {
                return Err(self.at);
            }
        }
    }

    fn key(&mut self) -> Result<String, usize> {
        if matches!(self.peek(), Some(b'"' | b'\'' | b'`')) {
            return self.string();
        }
        match self.name() {
            "" => Err(self.at),
            name => Ok(name.to_owned()),
        }
    }

    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.');
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A name instead of a value: a constant, or a call that stands for its argument
    /// (`ISODate("…")`).
    fn word(&mut self) -> Result<Value, usize> {
        let start = self.at;
        let mut name = self.name();
        if name == "new" {
            self.blank();
            name = self.name();
        }
        match name {
            "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
            "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
            "null" | "NULL" | "Null" | "None" | "nil" | "undefined" | "NaN" | "nan" | "NAN"
            | "Infinity" | "inf" => Ok(Value::Null),
            "" => Err(start),
            _ => self.call().ok_or(start),
        }
    }

    fn call(&mut self) -> Option<Value> {
        self.blank();
        if !self.eat(b'(') {
            return None;
        }
        self.blank();
        let value = match self.peek()? {
            b'"' | b'\'' => Value::String(self.string().ok()?),
            _ => self.number().ok()?,
        };
        self.blank();
        self.eat(b')').then_some(value)
    }

    fn number(&mut self) -> Result<Value, usize> {
        let start = self.at;
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['+', '-']));
        let body = &rest[sign..];
        if body.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.at += sign;
            return match self.word() {
                Ok(Value::Null) => Ok(Value::Null),
                _ => Err(start),
            };
        }
        if let Some(hex) = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
            let digits = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
            let number = i64::from_str_radix(&hex[..digits], 16).map_err(|_| start)?;
            self.at += sign + 2 + digits;
            return Ok(Value::from(if rest.starts_with('-') {
                -number
            } else {
                number
            }));
        }
        let end = number_end(body).ok_or(start)?;
        self.at += sign + end;
        // A name, not a number: `12abc`.
        if self
            .rest()
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
        {
            return Err(start);
        }
        Ok(figure(rest.starts_with('-'), &body[..end]))
    }

    fn string(&mut self) -> Result<String, usize> {
        let start = self.at;
        let quote = self.peek().ok_or(start)?;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let stop = rest
                .bytes()
                .position(|b| b == quote || b == b'\\')
                .ok_or(start)?;
            out.push_str(&rest[..stop]);
            self.at += stop + 1;
            if rest.as_bytes()[stop] == quote {
                return Ok(out);
            }
            self.escape(&mut out).ok_or(start)?;
        }
    }

    /// The character of a backslash escape; for an invalid code point, the replacement character.
    fn escape(&mut self, out: &mut String) -> Option<()> {
        let rest = self.rest();
        let c = rest.chars().next()?;
        self.at += c.len_utf8();
        let plain = match c {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '0' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => '\u{0}',
            // A line continuation.
            '\n' | '\u{2028}' | '\u{2029}' => return Some(()),
            '\r' => {
                self.eat(b'\n');
                return Some(());
            }
            'x' => self.coded(2).and_then(char::from_u32).unwrap_or(c),
            'u' => self.unicode().unwrap_or(c),
            other => other,
        };
        out.push(plain);
        Some(())
    }

    /// The value of this many hexadecimal digits.
    fn coded(&mut self, digits: usize) -> Option<u32> {
        let hex = self.rest().get(..digits)?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let code = u32::from_str_radix(hex, 16).ok()?;
        self.at += digits;
        Some(code)
    }

    fn unicode(&mut self) -> Option<char> {
        if let Some(braced) = self.rest().strip_prefix('{') {
            let end = braced.find('}').filter(|end| (1..=6).contains(end))?;
            let code = u32::from_str_radix(&braced[..end], 16).ok()?;
            self.at += end + 2;
            return Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let first = self.coded(4)?;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        let second = if self.rest().starts_with("\\u") {
            self.at += 2;
            self.coded(4)
        } else {
            None
        };
        let low = second.filter(|second| (0xdc00..0xe000).contains(second));
        let Some(low) = low else {
            self.at = before;
            return Some(char::REPLACEMENT_CHARACTER);
        };
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))
    }
}

/// Where digits, a point and an exponent end; `None` without a digit.
fn number_end(text: &str) -> Option<usize> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let mut end = whole;
    let mut fraction = 0;
    if text[end..].starts_with('.') {
        fraction = digits(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    Some(end)
}

/// The number with these digits; null for a number that is too large.
fn figure(negative: bool, digits: &str) -> Value {
    let digits = digits.trim_start_matches('0');
    let mut text = String::with_capacity(digits.len() + 3);
    if negative {
        text.push('-');
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        text.push('0');
    }
    text.push_str(&digits.replace(".e", "e").replace(".E", "E"));
    let text = text.strip_suffix('.').unwrap_or(&text);
    serde_json::from_str::<Number>(text).map_or(Value::Null, Value::Number)
}
