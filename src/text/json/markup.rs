//! JSON that a markup page shows.

use serde_json::Value;

use super::read;
use crate::text::entity;

/// The JSON that a markup page shows and nothing else: in a `pre` as browsers show it, or in the
/// element of a web service's answer.
#[must_use]
pub fn in_markup(text: &str) -> Option<Value> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while rest.starts_with('<') {
        let hidden = ["title", "style", "script", "head"].iter().find(|name| {
            rest[1..]
                .get(..name.len())
                .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
                && !rest[1 + name.len()..].starts_with(|c: char| c.is_alphanumeric())
        });
        rest = match hidden {
            Some(name) => {
                let close = format!("</{name}");
                let at = find_folded(rest, &close)?;
                &rest[at + close.len()..]
            }
            None => rest,
        };
        let end = rest.find('>')?;
        rest = rest[end + 1..].trim_start();
    }
    if !rest.starts_with(['{', '[']) {
        return None;
    }
    let shown = &rest[..rest.rfind("</").unwrap_or(rest.len())];
    let shown = entity::decode(shown, false);
    let value = read(shown.trim_end()).ok()?;
    let is_data = match &value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => list.first().is_some_and(|v| v.is_object() || v.is_array()),
        _ => false,
    };
    is_data.then_some(value)
}

fn find_folded(text: &str, name: &str) -> Option<usize> {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    text.windows(name.len())
        .position(|w| w.eq_ignore_ascii_case(name))
}
