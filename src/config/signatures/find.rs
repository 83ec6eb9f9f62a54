//! Where in a line the value stands that a fault is about.

use std::ops::Range;

/// Where `needle` stands at or after `at`, within reach; else `at` itself.
pub(super) fn find(text: &str, at: usize, needle: &str) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    match rest.find(needle) {
        Some(n) if !needle.is_empty() && n < 4096 => at + n..at + n + needle.len(),
        _ => at..at,
    }
}
