//! What a page shows, as a digest: two healthy pages with the same one need no comparison.
//!
//! Everything that a comparison with the last healthy page rests on is in it: the title, the visible text, where the
//! answer came from, and the ways to the next level. What changes with every request is not: tokens, hidden fields and
//! scripts, which nobody sees, and numbers, which a comparison counts as one ([`crate::text::shingle::mask`]).

use sha2::{Digest, Sha256};

use super::barred;
use super::page::DecodedPage;
use super::plan::ProbePlan;
use crate::model::reference::ShownDigest;
use crate::text::shingle::is_digit;
use crate::text::way::Way;

/// The digest of what a page shows.
pub(super) fn digest(page: &DecodedPage<'_>, input: &str, plan: Option<&ProbePlan>) -> ShownDigest {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        // Lengths part the texts.
        hasher.update(text.len().to_le_bytes());
        hasher.update(text);
    };
    add(input);
    add(page.final_url);
    add(&without_numbers(
        page.seen.title.as_deref().unwrap_or_default(),
    ));
    add(&without_numbers(page.text()));
    let ways = plan.map_or_else(Vec::new, |plan| barred::ways(page, plan));
    for Way {
        href,
        script,
        data,
        label,
        is_shut,
    } in &ways
    {
        add(href.as_deref().unwrap_or("\0"));
        add(script.as_deref().unwrap_or("\0"));
        add(data);
        add(label);
        add(if *is_shut { "shut" } else { "open" });
    }
    ShownDigest(hasher.finalize().into())
}

/// A text without its white space, each number in it as one character.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if !is_digit(c) {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}
