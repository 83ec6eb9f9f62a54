//! `[probe.value.NAME]`, compiled once.

use regex::Regex;
use scraper::Selector;

use crate::model::probe::{ValueFrom, ValueKind, ValueSpec};
use crate::text::json_path::JsonPath;

/// Where a value comes from, compiled; `Broken` when the text compiles to nothing (`check` reports it).
#[derive(Debug)]
pub(in crate::judge) enum From {
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
    pub from: From,
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
            From::Broken
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
    /// Whether it is found by a CSS selector.
    pub(in crate::judge) fn selects(&self) -> bool {
        matches!(self.from, From::Select(_))
    }

    /// Whether it stands in JSON.
    pub(in crate::judge) fn is_of_json(&self) -> bool {
        matches!(self.from, From::Pointer(_) | From::Path(_))
    }
}

fn source(from: &ValueFrom) -> From {
    match from {
        ValueFrom::Text => From::Text,
        ValueFrom::Select(css) => Selector::parse(css).map_or(From::Broken, From::Select),
        ValueFrom::JsonPointer(pointer) => From::Pointer(pointer.clone()),
        ValueFrom::JsonPath(path) => JsonPath::parse(path).map_or(From::Broken, From::Path),
        ValueFrom::Header(name) => From::Header(name.clone()),
    }
}
