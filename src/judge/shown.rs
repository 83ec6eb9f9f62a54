//! A digest of what a page shows: two healthy pages with the same digest need no comparison.
//!
//! It covers everything that a comparison with the last healthy page uses: the title, the visible
//! text, the origin of the answer, and the links to the next level. It leaves out what changes with
//! every request: tokens, hidden fields and scripts, which are invisible, and numbers, which a
//! comparison masks ([`crate::text::shingle::mask`]).

use sha2::{Digest, Sha256};

use super::level_link;
use super::page::DecodedPage;
use super::plan::ProbePlan;
use crate::model::reference::ShownDigest;
use crate::text::click_target::ClickTarget;
use crate::text::shingle::is_digit;

/// The digest of what a page shows.
pub(super) fn digest(page: &DecodedPage<'_>, input: &str, plan: Option<&ProbePlan>) -> ShownDigest {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        // Lengths separate the texts.
        hasher.update(text.len().to_le_bytes());
        hasher.update(text);
    };
    add(input);
    add(page.final_url);
    add(&without_numbers(
        page.seen.title.as_deref().unwrap_or_default(),
    ));
    add(&without_numbers(page.text()));
    let ways = plan.map_or_else(Vec::new, |plan| level_link::ways(page, plan));
    for ClickTarget {
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

/// A text without white space, with each number as one character.
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
