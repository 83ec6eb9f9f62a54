//! Readers of single values: each says what is wrong and how to mend it, and knows nothing of places.

mod names;
mod patterns;
mod plain;
mod regex;
mod times;
mod urls;

pub(super) use names::{code, country, header_name, id, is_id, key, language, zone};
pub(super) use patterns::{
    charset, glob, json_path, json_pointer, media_type, selector, selectors_in, strftime,
};
pub(super) use plain::{choice, count, flag, line, number, share, size, status, text};
pub(super) use regex::{is_small, pattern};
pub(super) use times::{calendar_date, cron, duration, night, positive};
pub(super) use urls::{LoginFault, http_text, http_url, resolver, target, user_and_host};

/// A value as it is quoted in a message: bounded, because it may be a whole document.
pub(super) fn quote(text: &str) -> String {
    const MOST: usize = 60;
    let mut quoted: String = text.chars().take(MOST).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    format!("`{quoted}`")
}
