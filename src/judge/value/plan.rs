//! `[probe.value.NAME]`, compiled once.

use regex::Regex;
use scraper::Selector;

use crate::model::probe::{ValueFrom, ValueKind, ValueSpec};
use crate::text::json_path::JsonPath;

/// The compiled origin of a value; `Broken` when the text does not compile (`check` reports it).
#[derive(Debug)]
pub(in crate::judge) enum ValueSource {
    Text,
    Select(Selector),
    Pointer(String),
    Path(JsonPath),
    Header(String),
    Broken,
}

/// One value, compiled.
#[derive(Debug)]
pub(in crate::judge) struct ValuePlan {
    pub name: String,
    pub from: ValueSource,
    pub regex: Option<Regex>,
    pub kind: ValueKind,
    pub format: Option<String>,
}

impl ValuePlan {
    pub(in crate::judge) fn new(spec: &ValueSpec) -> Self {
        let (regex, regex_broken) = match spec.regex.as_deref().map(Regex::new) {
            None => (None, false),
            Some(Ok(regex)) => (Some(regex), false),
            Some(Err(_)) => (None, true),
        };
        let from = if regex_broken {
            ValueSource::Broken
        } else {
            source(&spec.from)
        };
        Self {
            name: spec.name.clone(),
            from,
            regex,
            kind: spec.kind,
            format: spec.format.clone(),
        }
    }
}

impl ValuePlan {
    /// Whether it uses a CSS selector.
    pub(in crate::judge) fn selects(&self) -> bool {
        matches!(self.from, ValueSource::Select(_))
    }

    /// Whether what is read depends on the day.
    pub(in crate::judge) fn asks_day(&self) -> bool {
        self.kind == ValueKind::Date
    }

    /// The header that it is taken from.
    pub(in crate::judge) fn header(&self) -> Option<&str> {
        match &self.from {
            ValueSource::Header(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it reads JSON.
    pub(in crate::judge) fn is_of_json(&self) -> bool {
        matches!(self.from, ValueSource::Pointer(_) | ValueSource::Path(_))
    }
}

fn source(from: &ValueFrom) -> ValueSource {
    match from {
        ValueFrom::Text => ValueSource::Text,
        ValueFrom::Select(css) => {
            Selector::parse(css).map_or(ValueSource::Broken, ValueSource::Select)
        }
        ValueFrom::JsonPointer(pointer) => ValueSource::Pointer(pointer.clone()),
        ValueFrom::JsonPath(path) => {
            JsonPath::parse(path).map_or(ValueSource::Broken, ValueSource::Path)
        }
        ValueFrom::Header(name) => ValueSource::Header(name.clone()),
    }
}
