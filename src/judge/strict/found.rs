//! A value of a record with its place, and the faults found so far.

use std::cell::RefCell;
use std::fmt;

use data_encoding::BASE64;
use serde_json::Value;

use crate::text::clean;

/// So many faults of one record are told.
const MAX_FAULTS: usize = 50;

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Such as `test_keys.queries[0].t`.
    pub place: String,
    pub why: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.why)
    }
}

/// A value at its place; what is absent is null.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub value: &'a Value,
    place: String,
    faults: &'a RefCell<Vec<Fault>>,
}

impl<'a> At<'a> {
    pub(super) fn new(value: &'a Value, faults: &'a RefCell<Vec<Fault>>) -> Self {
        Self {
            value,
            place: String::new(),
            faults,
        }
    }

    /// Notes a fault of this value.
    pub(super) fn is(&self, why: impl Into<String>) {
        let mut faults = self.faults.borrow_mut();
        if faults.len() < MAX_FAULTS {
            faults.push(Fault {
                place: clean::line(&self.place, 200),
                why: why.into(),
            });
        }
    }

    /// Notes a fault unless `holds`.
    pub(super) fn must(&self, holds: bool, why: &str) {
        if !holds {
            self.is(why);
        }
    }

    /// The value of a key.
    pub(super) fn key(&self, key: &str) -> At<'a> {
        let place = match self.place.as_str() {
            "" => key.to_owned(),
            place => format!("{place}.{key}"),
        };
        At {
            value: self.value.get(key).unwrap_or(&Value::Null),
            place,
            faults: self.faults,
        }
    }

    /// The items of a list; a fault when it is none. Null is the empty list.
    pub(super) fn items(&self) -> Vec<At<'a>> {
        let Some(items) = self.value.as_array() else {
            self.must(self.value.is_null(), "no list");
            return Vec::new();
        };
        let item = |(n, value)| At {
            value,
            place: format!("{}[{n}]", self.place),
            faults: self.faults,
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text; a fault when it is none.
    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        self.must(text.is_some(), "no text");
        text
    }

    /// A text that holds something.
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

    /// No keys beside these, but for those that begin with `x_`.
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
