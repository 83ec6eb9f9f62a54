//! Finds the value that a fault is about in a line.

use std::ops::Range;

/// The position of `needle` at or after `at`, within reach; otherwise `at` itself.
pub(super) fn find(text: &str, at: usize, needle: &str) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    match rest.find(needle) {
        Some(n) if !needle.is_empty() && n < 4096 => at + n..at + n + needle.len(),
        _ => at..at,
    }
}
