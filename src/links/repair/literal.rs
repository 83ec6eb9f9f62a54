//! Addresses as they are written in the text of a document.

use std::ops::Range;

use crate::links::read::running_text;
use crate::links::read::script::is_address_char;

/// Where an address is in a stretch of the text, as a whole and not within a longer one.
pub(super) fn occurrences(text: &str, within: Range<usize>, url: &str) -> Vec<Range<usize>> {
    let Some(stretch) = text.get(within.clone()).filter(|_| !url.is_empty()) else {
        return Vec::new();
    };
    let found = stretch.match_indices(url).map(|(at, _)| at..at + url.len());
    found
        .filter(|range| is_whole(stretch, range, url))
        .map(|range| range.start + within.start..range.end + within.start)
        .collect()
}

fn is_whole(text: &str, range: &Range<usize>, url: &str) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    // `https://web.archive.org/web/2020/https://a.example/` holds another address.
    let is_open = before.is_none_or(|c| !is_address_char(c) || "([=,;:'\"".contains(c));
    if !is_open {
        return false;
    }
    match after {
        None => true,
        Some(c) if !is_address_char(c) => true,
        // Punctuation after the address: what reads links in text says whether it belongs to it.
        Some(_) => {
            let rest = &text[range.start..];
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            running_text::find(&rest[..end])
                .first()
                .is_some_and(|link| link.range.start == 0 && link.url == url)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_within_another_is_not_the_address() {
        let text = "http://a.example/x, http://a.example/xy http://b.example/http://a.example/x \
                    (http://a.example/x).";
        let found = occurrences(text, 0..text.len(), "http://a.example/x");
        let places: Vec<usize> = found.iter().map(|range| range.start).collect();
        assert_eq!(places, [0, text.find("(http").unwrap() + 1]);
    }
}
