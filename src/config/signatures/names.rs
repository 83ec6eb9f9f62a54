//! A signature's name stands for one row.

use std::collections::BTreeMap;

use super::find;
use crate::config::doc::{Doc, wrong};
use crate::config::read;

/// The names seen so far, and where.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Adds the name of the row at `at`. Twice is a fault; a warning in lists of someone else's (not
    /// `own`), which nobody here can mend.
    pub(super) fn add(&mut self, doc: &Doc, at: usize, name: &str, own: bool) {
        let Some(first) = self.0.insert(name.to_owned(), doc.place(at)) else {
            return;
        };
        let span = find(&doc.text, at, name);
        let message = format!("the signature {} is there twice", read::quote(name));
        let mend = format!("give it another name; the first is at {first}");
        if own {
            doc.fault(span, wrong(message, mend));
        } else {
            doc.warn(span, wrong(message, mend));
        }
    }
}
