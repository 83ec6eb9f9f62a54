//! Patterns: selectors, globs, paths into JSON, formats.

use super::plain::str_of;
use super::quote;
use crate::config::doc::{Problem, problem};
use crate::config::table::TomlValue;
use crate::text::json_path::JsonPath;

/// The longest pattern or selector that is read: patterns by people are shorter, and a longer one
/// costs gigabytes to compile.
const LONGEST: usize = 64 * 1024;

/// How deep brackets may nest in a selector.
const DEEPEST: usize = 32;

pub(super) fn too_long(text: &str, what: &str) -> Result<(), Problem> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    Err(problem(
        format!(
            "this {what} has {} KiB, more than the {} KiB that are read",
            text.len() / 1024,
            LONGEST / 1024
        ),
        "write a shorter one, or several",
    ))
}

/// A CSS selector.
pub(in crate::config) fn selector(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    too_long(text, "selector")?;
    if depth(text) > DEEPEST {
        return Err(problem(
            format!("the brackets of this selector are more than {DEEPEST} deep"),
            "name the element in fewer steps",
        ));
    }
    match scraper::Selector::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(problem(
            format!("{} is not a CSS selector", quote(text)),
            "write one as in a style sheet, such as \".wx-tit > h1\"",
        )),
    }
}

fn depth(selector: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in selector.bytes() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// How many selectors a text has: those of a list, and those in `:is()` and similar ones.
pub(in crate::config) fn selectors_in(text: &str) -> usize {
    1 + text.bytes().filter(|byte| *byte == b',').count()
}

/// RFC 6901: empty, or parts that each begin with `/`; `~` only as `~0` and `~1`.
pub(in crate::config) fn json_pointer(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    let tilde = |part: &str| part.starts_with('0') || part.starts_with('1');
    let sound = text.split('~').skip(1).all(tilde);
    if sound && (text.is_empty() || text.starts_with('/')) {
        return Ok(text.to_owned());
    }
    let help = if text.starts_with('$') {
        "this looks like a JSONPath: use the key `json_path`"
    } else {
        "write a path such as \"/result/data/0/date\""
    };
    Err(problem(
        format!("{} is not a JSON pointer", quote(text)),
        help,
    ))
}

/// RFC 9535.
pub(in crate::config) fn json_path(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    match JsonPath::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(e) => Err(problem(
            format!(
                "{} is not a JSONPath (character {}: {})",
                quote(text),
                e.position,
                e.message
            ),
            "write one such as \"$.data[*].v\"",
        )),
    }
}

pub(in crate::config) fn glob(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    if text.is_empty() {
        return Err(problem(
            "an empty glob matches nothing",
            "write one such as \"*.cnki.net\"",
        ));
    }
    match globset::Glob::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(e) => Err(problem(
            format!("{} is not a glob: {}", quote(text), e.kind()),
            "write `*` for any characters and `?` for one, such as \"*.cnki.net\"",
        )),
    }
}

/// A label of the WHATWG encoding standard.
pub(in crate::config) fn charset(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    match encoding_rs::Encoding::for_label_no_replacement(text.as_bytes()) {
        Some(_) => Ok(text.to_owned()),
        None => Err(problem(
            format!("{} is not a charset that browsers know", quote(text)),
            "write one such as \"utf-8\", \"gb18030\", \"gbk\" or \"big5\"",
        )),
    }
}

/// `type/subtype`, without parameters.
pub(in crate::config) fn media_type(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match text.split_once('/') {
        Some((main, sub)) if token(main) && token(sub) => Ok(text.to_ascii_lowercase()),
        _ => Err(problem(
            format!("{} is not a media type", quote(text)),
            "write one such as \"text/html\", without `; charset`",
        )),
    }
}

/// A date format of strftime.
pub(in crate::config) fn strftime(value: &TomlValue<'_>) -> Result<String, Problem> {
    use chrono::format::{Item, StrftimeItems};
    let text = str_of(value)?;
    let mut fields = 0;
    let bad = StrftimeItems::new(text).any(|item| {
        fields += usize::from(matches!(item, Item::Numeric(..) | Item::Fixed(..)));
        matches!(item, Item::Error)
    });
    if !bad && fields > 0 {
        return Ok(text.to_owned());
    }
    Err(problem(
        format!("{} is not a date format", quote(text)),
        "write one such as \"%Y-%m-%d\" or \"%Y年%m月%d日\"",
    ))
}
