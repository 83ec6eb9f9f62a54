//! A TOML table that is read key by key. Whatever is wrong becomes a fault of its file and reading goes
//! on, so that all faults come out at once.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::doc::{Doc, Wrong, wrong};

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// One value of a table or list.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    pub doc: &'d Doc,
    pub spanned: &'d Spanned<DeValue<'d>>,
}

impl<'d> Value<'d> {
    pub(super) fn span(&self) -> Range<usize> {
        self.spanned.span()
    }

    pub(super) fn get(&self) -> &'d DeValue<'d> {
        self.spanned.get_ref()
    }

    /// Reads it; a fault of the file when it is wrong.
    pub(super) fn read<T>(&self, read: impl Fn(&Value<'d>) -> Result<T, Wrong>) -> Option<T> {
        match read(self) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.doc.fault(self.span(), wrong);
                None
            }
        }
    }

    /// The elements of a list; a fault when it is none.
    pub(super) fn list(&self) -> Vec<Value<'d>> {
        let Some(array) = self.get().as_array() else {
            let what = wrong(
                format!("expected a list, found {}", kind(self.get())),
                "put it in square brackets",
            );
            self.doc.fault(self.span(), what);
            return Vec::new();
        };
        let doc = self.doc;
        array.iter().map(|spanned| Value { doc, spanned }).collect()
    }
}

/// What a value is, in words.
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

/// A table being read. [`close`](Table::close) finds the keys that nobody asked for.
pub(super) struct Table<'d> {
    pub doc: &'d Doc,
    /// As the file spells it, `[probe.expect]`.
    name: String,
    pub span: Range<usize>,
    /// None: the table is not there, and every key is absent.
    entries: Option<&'d DeTable<'d>>,
    /// Where a key is looked for that is not in `entries`.
    below: Option<&'d DeTable<'d>>,
    /// Shared with the table below: what a record may say its family may say for it.
    known: Rc<RefCell<Vec<&'static str>>>,
}

impl<'d> Table<'d> {
    pub(super) fn new(
        doc: &'d Doc,
        name: impl Into<String>,
        span: Range<usize>,
        entries: Option<&'d DeTable<'d>>,
    ) -> Self {
        Self {
            doc,
            name: name.into(),
            span,
            entries,
            below: None,
            known: Rc::default(),
        }
    }

    /// This table, with another's values for the keys that it leaves out.
    pub(super) fn over(self, below: &Table<'d>) -> Self {
        Self {
            below: below.entries,
            known: Rc::clone(&below.known),
            ..self
        }
    }

    pub(super) fn is_there(&self) -> bool {
        self.entries.is_some()
    }

    /// The value of `key`, if it is there.
    pub(super) fn value(&self, key: &'static str) -> Option<Value<'d>> {
        self.known.borrow_mut().push(key);
        let own = self.entries.and_then(|e| e.get(key));
        let spanned = own.or_else(|| self.below?.get(key))?;
        let doc = self.doc;
        Some(Value { doc, spanned })
    }

    /// Reads an optional key.
    pub(super) fn read<T>(
        &self,
        key: &'static str,
        read: impl Fn(&Value<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.value(key)?.read(read)
    }

    /// Reads an optional key and keeps its place.
    pub(super) fn read_at<T>(
        &self,
        key: &'static str,
        read: impl Fn(&Value<'d>) -> Result<T, Wrong>,
    ) -> Option<At<T>> {
        let value = self.value(key)?;
        let span = value.span();
        value.read(read).map(|value| At { value, span })
    }

    /// Reads a key that must be there.
    pub(super) fn need<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl Fn(&Value<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let Some(value) = self.value(key) else {
            let message = format!("{} needs `{key}`", self.name);
            let mend = format!("add `{key} = {example}`");
            self.doc.fault(self.span.clone(), wrong(message, mend));
            return None;
        };
        value.read(read)
    }

    /// Reads a list, element by element; none when the key is absent.
    pub(super) fn list<T>(
        &self,
        key: &'static str,
        read: impl Fn(&Value<'d>) -> Result<T, Wrong>,
    ) -> Option<Vec<At<T>>> {
        let elements = self.value(key)?.list();
        let read = |v: &Value<'d>| {
            let span = v.span();
            v.read(&read).map(|value| At { value, span })
        };
        Some(elements.iter().filter_map(read).collect())
    }

    /// [`list`](Table::list) without places; empty when absent.
    pub(super) fn values<T>(
        &self,
        key: &'static str,
        read: impl Fn(&Value<'d>) -> Result<T, Wrong>,
    ) -> Vec<T> {
        let list = self.list(key, read).unwrap_or_default();
        list.into_iter().map(|at| at.value).collect()
    }

    /// A table within; one without entries when it is absent.
    pub(super) fn table(&self, key: &'static str, name: &str) -> Table<'d> {
        let Some(value) = self.value(key) else {
            return Table::new(self.doc, name, self.span.clone(), None);
        };
        value.table(name)
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables(&self, key: &'static str, name: &str) -> Vec<Table<'d>> {
        let list = self.value(key).map(|v| v.list()).unwrap_or_default();
        list.iter().map(|v| v.table(name)).collect()
    }

    /// All entries of a table whose keys are names of its user's choice.
    pub(super) fn entries(&self) -> Vec<(At<&'d str>, Value<'d>)> {
        let doc = self.doc;
        let entry = |(key, spanned): (&'d Spanned<toml::de::DeString<'d>>, _)| {
            let span = key.span();
            let value = key.get_ref().as_ref();
            (At { value, span }, Value { doc, spanned })
        };
        self.entries
            .into_iter()
            .flat_map(|e| e.iter())
            .map(entry)
            .collect()
    }

    /// Ends reading: keys that were not asked for are faults, with the nearest known one.
    pub(super) fn close(&self) {
        let known = self.known.borrow();
        for (key, _) in self.entries() {
            if known.contains(&key.value) {
                continue;
            }
            let message = format!("`{}` is not a key of {}", key.value, self.name);
            let mend = match nearest(key.value, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its keys are {}", sorted(&known)),
            };
            self.doc.fault(key.span, wrong(message, mend));
        }
    }
}

impl<'d> Value<'d> {
    /// This value as a table; a fault and an empty one when it is none.
    pub(super) fn table(&self, name: &str) -> Table<'d> {
        let entries = self.get().as_table();
        if entries.is_none() {
            let message = format!("{name} is a table, found {}", kind(self.get()));
            let mend = format!("write it as a section, {name}");
            self.doc.fault(self.span(), wrong(message, mend));
        }
        Table::new(self.doc, name, self.span(), entries)
    }
}

fn sorted(known: &[&str]) -> String {
    let mut known = known.to_vec();
    known.sort_unstable();
    known.dedup();
    known.join(", ")
}

/// The candidate that `text` is most likely meant to be.
pub(super) fn nearest<'c>(
    text: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let lower = text.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::jaro_winkler(&lower, &c.to_lowercase()), c))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, c)| c)
}
