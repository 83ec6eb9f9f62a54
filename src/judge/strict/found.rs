//! A value of a record with its place, and the violations so far.

use std::cell::RefCell;
use std::fmt;

use data_encoding::BASE64;
use serde_json::Value;

use crate::text::clean;

/// How many violations of one record are reported.
const MAX_FAULTS: usize = 50;

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatViolation {
    /// For example `test_keys.queries[0].t`.
    pub place: String,
    pub why: String,
}

impl fmt::Display for FormatViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// A value at its place; an absent value is null.
#[derive(Clone)]
pub(super) struct Located<'a> {
    pub value: &'a Value,
    place: String,
    faults: &'a RefCell<Vec<FormatViolation>>,
}

impl<'a> Located<'a> {
    pub(super) fn new(value: &'a Value, faults: &'a RefCell<Vec<FormatViolation>>) -> Self {
        Self {
            value,
            place: String::new(),
            faults,
        }
    }

    /// Reports a violation of this value.
    pub(super) fn is(&self, why: impl Into<String>) {
        let mut faults = self.faults.borrow_mut();
        if faults.len() < MAX_FAULTS {
            faults.push(FormatViolation {
                place: clean::line(&self.place, 200),
                why: why.into(),
            });
        }
    }

    /// Reports a violation unless `holds`.
    pub(super) fn must(&self, holds: bool, why: &str) {
        if !holds {
            self.is(why);
        }
    }

    /// The value of a key.
    pub(super) fn key(&self, key: &str) -> Located<'a> {
        let place = match self.place.as_str() {
            "" => key.to_owned(),
            place => format!("{place}.{key}"),
        };
        Located {
            value: self.value.get(key).unwrap_or(&Value::Null),
            place,
            faults: self.faults,
        }
    }

    /// The items of a list; a violation when it is not a list. Null is the empty list.
    pub(super) fn items(&self) -> Vec<Located<'a>> {
        let Some(items) = self.value.as_array() else {
            self.must(self.value.is_null(), "no list");
            return Vec::new();
        };
        let item = |(n, value)| Located {
            value,
            place: format!("{}[{n}]", self.place),
            faults: self.faults,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text; a violation when it is not a text.
    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        self.must(text.is_some(), "no text");
        text
    }

    /// A text that is not empty.
    pub(super) fn words(&self) -> Option<&'a str> {
        let text = self.text()?;
        self.must(!text.trim().is_empty(), "empty");
        Some(text)
    }

    /// One of these.
    pub(super) fn one_of(&self, known: &[&str]) {
        if let Some(text) = self.text()
            && !known.contains(&text)
        {
            self.is(format!("`{}` is not known", clean::line(text, 60)));
        }
    }

    /// A number that is not negative.
    pub(super) fn amount(&self) -> Option<f64> {
        let number = self.value.as_f64().filter(|n| n.is_finite() && *n >= 0.0);
        self.must(number.is_some(), "no number from 0 on");
        number
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&self) -> Option<u64> {
        let number = self.value.as_u64();
        self.must(number.is_some(), "no whole number from 0 on");
        number
    }

    /// True or false.
    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        self.must(flag.is_some(), "neither true nor false");
        flag
    }

    /// An IP address.
    pub(super) fn address(&self) {
        let ip = self.text().map(str::parse::<std::net::IpAddr>);
        self.must(!matches!(ip, Some(Err(_))), "no IP address");
    }

    /// `{"format":"base64","data":…}`: its bytes.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let known = self.value.get("format").and_then(Value::as_str) == Some("base64");
        let data = self.value.get("data").and_then(Value::as_str);
        let Some(data) = data.filter(|_| known) else {
            self.is("no {\"format\":\"base64\",\"data\":…}");
            return None;
        };
        let bytes = BASE64.decode(data.as_bytes()).ok();
        self.must(bytes.is_some(), "broken base64");
        bytes
    }

    /// A text, or bytes.
    pub(super) fn text_or_bytes(&self) {
        if !self.value.is_string() {
            self.bytes();
        }
    }

    /// Allows only these keys and those that begin with `x_`.
    pub(super) fn knows(&self, keys: &[&str]) {
        let Some(object) = self.value.as_object() else {
            self.is("no object");
            return;
        };
        for key in object.keys() {
            if !keys.contains(&key.as_str()) && !key.starts_with("x_") {
                self.key(&clean::line(key, 60))
                    .is("not a key of the format; additions begin with x_");
            }
        }
    }
}
