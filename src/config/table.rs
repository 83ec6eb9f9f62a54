//! A TOML table that is read key by key. Every problem becomes a fault of the file, and reading
//! continues, so that all faults are reported at once.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::doc::{DiagnosedFile, Problem, problem};
pub(super) use crate::text::nearest::nearest;

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpannedValue<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// One value of a table or list.
#[derive(Clone, Copy)]
pub(super) struct TomlValue<'d> {
    pub doc: &'d DiagnosedFile,
    pub spanned: &'d Spanned<DeValue<'d>>,
}

impl<'d> TomlValue<'d> {
    pub(super) fn span(&self) -> Range<usize> {
        self.spanned.span()
    }

    pub(super) fn get(&self) -> &'d DeValue<'d> {
        self.spanned.get_ref()
    }

    /// Reads the value; reports a fault of the file when it is invalid.
    pub(super) fn read<T>(&self, read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>) -> Option<T> {
        match read(self) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.doc.fault(self.span(), wrong);
                None
            }
        }
    }

    /// The elements of a list; reports a fault when it is not a list.
    pub(super) fn list(&self) -> Vec<TomlValue<'d>> {
        let Some(array) = self.get().as_array() else {
            let what = problem(
                format!("expected a list, found {}", kind(self.get())),
                "put it in square brackets",
            );
            self.doc.fault(self.span(), what);
            return Vec::new();
        };
        let doc = self.doc;
        array
            .iter()
            .map(|spanned| TomlValue { doc, spanned })
            .collect()
    }
}

/// The kind of a value, in words.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A required key that is missing.
struct Missing {
    key: &'static str,
    example: String,
}

/// The table whose values replace the keys that another table leaves out.
#[derive(Clone)]
struct Below<'d> {
    name: String,
    span: Range<usize>,
    entries: Option<&'d DeTable<'d>>,
    /// Keys that it does not replace.
    not: &'static [&'static str],
}

/// A table that is being read. [`close`](TomlTable::close) finds unknown keys and missing ones.
pub(super) struct TomlTable<'d> {
    pub doc: &'d DiagnosedFile,
    /// As in the file, `[probe.expect]`.
    name: String,
    pub span: Range<usize>,
    /// `None`: the table is absent, and so is every key.
    entries: Option<&'d DeTable<'d>>,
    /// Another value is in its place, which is the fault: its keys are not reported as missing.
    broken: bool,
    /// Where keys that are not in `entries` are looked up.
    below: Option<Below<'d>>,
    /// Shared with the table below: a family may state what a record may state.
    known: Rc<RefCell<Vec<&'static str>>>,
    /// Reported when the table closes: a mistyped key is not reported as missing as well.
    missing: RefCell<Vec<Missing>>,
}

impl<'d> TomlTable<'d> {
    pub(super) fn new(
        doc: &'d DiagnosedFile,
        name: impl Into<String>,
        span: Range<usize>,
        entries: Option<&'d DeTable<'d>>,
    ) -> Self {
        Self {
            doc,
            name: name.into(),
            span,
            entries,
            broken: false,
            below: None,
            known: Rc::default(),
            missing: RefCell::default(),
        }
    }

    /// This table, with another's values for the keys that it leaves out, except those in `not`.
    pub(super) fn over(self, below: &TomlTable<'d>, not: &'static [&'static str]) -> Self {
        Self {
            below: Some(Below {
                name: below.name.clone(),
                span: below.span.clone(),
                entries: below.entries,
                not,
            }),
            known: Rc::clone(&below.known),
            ..self
        }
    }

    /// Whether another value is in its place, which is reported.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(super) fn is_there(&self) -> bool {
        self.entries.is_some()
    }

    /// The value of `key`, if present.
    pub(super) fn value(&self, key: &'static str) -> Option<TomlValue<'d>> {
        self.known.borrow_mut().push(key);
        let own = self.entries.and_then(|e| e.get(key));
        let below = || self.below.as_ref()?.entries?.get(key);
        let spanned = own.or_else(below)?;
        let doc = self.doc;
        Some(TomlValue { doc, spanned })
    }

    /// Reads an optional key.
    pub(super) fn read<T>(
        &self,
        key: &'static str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Option<T> {
        self.value(key)?.read(read)
    }

    /// Reads an optional key and keeps its place.
    pub(super) fn read_at<T>(
        &self,
        key: &'static str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Option<SpannedValue<T>> {
        let value = self.value(key)?;
        let span = value.span();
        value.read(read).map(|value| SpannedValue { value, span })
    }

    /// Whether `key` is present but could not be read: its fault is reported, and what depends on
    /// it is unknown.
    pub(super) fn unread<T>(&self, key: &'static str, read: Option<&T>) -> bool {
        read.is_none() && self.value(key).is_some()
    }

    /// Reads a required key.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Option<T> {
        self.need_at(key, example, read).map(|at| at.value)
    }

    /// Reads a required key and keeps its place.
    pub(super) fn need_at<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Option<SpannedValue<T>> {
        if self.value(key).is_none() {
            let example = example.to_owned();
            self.missing.borrow_mut().push(Missing { key, example });
        }
        self.read_at(key, read)
    }

    /// Reads a list, element by element; `None` when the key is absent.
    pub(super) fn list<T>(
        &self,
        key: &'static str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Option<Vec<SpannedValue<T>>> {
        let elements = self.value(key)?.list();
        let read = |v: &TomlValue<'d>| {
            let span = v.span();
            v.read(&read).map(|value| SpannedValue { value, span })
        };
        Some(elements.iter().filter_map(read).collect())
    }

    /// [`list`](TomlTable::list) without places; empty when absent.
    pub(super) fn values<T>(
        &self,
        key: &'static str,
        read: impl Fn(&TomlValue<'d>) -> Result<T, Problem>,
    ) -> Vec<T> {
        let list = self.list(key, read).unwrap_or_default();
        list.into_iter().map(|at| at.value).collect()
    }

    /// A nested table, without entries when it is absent.
    pub(super) fn table(&self, key: &'static str, name: &str) -> TomlTable<'d> {
        let Some(value) = self.value(key) else {
            return TomlTable::new(self.doc, name, self.span.clone(), None);
        };
        value.table(name)
    }

    /// The tables of `[[key]]`; `[key]` is reported as a fault and still read.
    pub(super) fn tables(&self, key: &'static str, name: &str) -> Vec<TomlTable<'d>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        if value.get().is_table() {
            if self.mistyped(key) {
                // Sections of a mistyped table, `[probe.expect]` below `[[prob]]`.
                return Vec::new();
            }
            let message = format!("there may be several {name}, and this is one table");
            let help = format!("write it with two brackets, {name}");
            self.doc.fault(value.span(), problem(message, help));
            return vec![value.table(name)];
        }
        value.list().iter().map(|v| v.table(name)).collect()
    }

    /// All entries of a table whose keys are names chosen by the user.
    pub(super) fn entries(&self) -> Vec<(SpannedValue<&'d str>, TomlValue<'d>)> {
        let doc = self.doc;
        let entry = |(key, spanned): (&'d Spanned<toml::de::DeString<'d>>, _)| {
            let span = key.span();
            let value = key.get_ref().as_ref();
            (SpannedValue { value, span }, TomlValue { doc, spanned })
        };
        self.entries
            .into_iter()
            .flat_map(|e| e.iter())
            .map(entry)
            .collect()
    }

    /// Ends reading: reports unknown keys, with the nearest known one, and missing keys.
    pub(super) fn close(&self) {
        let known = self.known.borrow();
        let unknown = unknown_keys(self.entries, &known);
        let below = self.below.as_ref().and_then(|b| b.entries);
        let below = self::unknown_keys(below, &known);
        for missing in self.missing.borrow().iter().filter(|_| !self.broken) {
            let meant = |(key, _): &(&str, Range<usize>)| {
                nearest(key, known.iter().copied()) == Some(missing.key)
            };
            if !unknown.iter().chain(&below).any(meant) {
                self.miss(missing);
            }
        }
        for (key, span) in unknown {
            let message = format!("`{key}` is not a key of {}", self.name);
            let help = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its keys are {}", sorted(&known)),
            };
            self.doc.fault(span, problem(message, help));
        }
    }

    /// A key that no record has is reported once, as missing from their family.
    fn miss(&self, Missing { key, example }: &Missing) {
        let shared = self.below.as_ref().filter(|b| !b.not.contains(key));
        let (name, span) = match shared {
            Some(below) => (&below.name, &below.span),
            None => (&self.name, &self.span),
        };
        let message = format!("{name} needs `{key}`");
        let help = format!("add `{key} = {example}`");
        self.doc.fault(span.clone(), problem(message, help));
    }

    /// Whether `key` is missing because it is mistyped, once all keys were read.
    pub(super) fn mistyped(&self, key: &str) -> bool {
        let known = self.known.borrow();
        // Most keys are not similar at all, which is cheap to see.
        let may_mean = |typed: &str| nearest(typed, [key]).is_some();
        unknown_keys(self.entries, &known)
            .iter()
            .any(|(typed, _)| may_mean(typed) && nearest(typed, known.iter().copied()) == Some(key))
    }
}

/// The keys of a table that were never read.
fn unknown_keys<'d>(
    entries: Option<&'d DeTable<'d>>,
    known: &[&'static str],
) -> Vec<(&'d str, Range<usize>)> {
    entries
        .into_iter()
        .flat_map(|e| e.keys())
        .map(|key| (key.get_ref().as_ref(), key.span()))
        .filter(|(key, _)| !known.contains(key))
        .collect()
}

impl<'d> TomlValue<'d> {
    /// This value as a table; reports a fault and returns an empty one when it is not a table.
    pub(super) fn table(&self, name: &str) -> TomlTable<'d> {
        let entries = self.get().as_table();
        if entries.is_none() {
            let message = format!("{name} is a table, found {}", kind(self.get()));
            let help = format!("write it as a section, {name}");
            self.doc.fault(self.span(), problem(message, help));
        }
        TomlTable {
            broken: entries.is_none(),
            ..TomlTable::new(self.doc, name, self.span(), entries)
        }
    }
}

fn sorted(known: &[&str]) -> String {
    let mut known = known.to_vec();
    known.sort_unstable();
    known.dedup();
    known.join(", ")
}
