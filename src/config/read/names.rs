//! Ids, keys, codes, countries, header names.

use super::plain::{choice, str_of};
use super::quote;
use crate::config::doc::{Problem, problem};
use crate::config::table::{TomlValue, nearest};
use crate::model::settings::Language;
use crate::model::{Code, ProbeKey};

/// An id of a source, probe, vantage or value: it goes into file names, table columns and mail headers.
pub(in crate::config) fn id(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    if is_id(text) {
        return Ok(text.to_owned());
    }
    Err(problem(
        format!("{} is not an id", quote(text)),
        "write up to 64 letters, digits, `-`, `_` or `.`, a letter or digit first",
    ))
}

/// The rule of [`id`].
pub(in crate::config) fn is_id(text: &str) -> bool {
    let first = text
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric());
    let rest = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    first && text.len() <= 64 && text.bytes().all(rest)
}

/// `source/probe`.
pub(in crate::config) fn key(value: &TomlValue<'_>) -> Result<ProbeKey, Problem> {
    let text = str_of(value)?;
    text.parse().map_err(|_| {
        problem(
            format!("{} names no probe", quote(text)),
            "write SOURCE/PROBE, such as \"cnki/thesis\"",
        )
    })
}

/// A verdict code.
pub(in crate::config) fn code(text: &str) -> Result<Code, Problem> {
    text.parse().map_err(|_| {
        let help = match nearest(text, Code::ALL.iter().map(|c| c.as_str())) {
            Some(near) => format!("did you mean `{near}`? docs/verdicts.md lists them"),
            None => "docs/verdicts.md lists them".to_owned(),
        };
        problem(format!("{} is not a verdict code", quote(text)), help)
    })
}

/// Two capital letters, ISO 3166.
pub(in crate::config) fn country(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = str_of(value)?;
    if text == "UK" {
        return Err(problem("`UK` is not an ISO 3166 code", "write \"GB\""));
    }
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    Err(problem(
        format!("{} is not an ISO 3166 code", quote(text)),
        "write two capital letters, such as \"DE\"",
    ))
}

/// An IANA time zone.
pub(in crate::config) fn zone(value: &TomlValue<'_>) -> Result<chrono_tz::Tz, Problem> {
    let name = str_of(value)?.trim();
    name.parse().map_err(|_| {
        problem(
            format!("{} is not a time zone", quote(name)),
            "write an IANA name such as \"Asia/Shanghai\", \"Europe/Berlin\" or \"UTC\"",
        )
    })
}

pub(in crate::config) fn language(value: &TomlValue<'_>) -> Result<Language, Problem> {
    choice(
        value,
        &[
            ("en", Language::En),
            ("ko", Language::Ko),
            ("zh", Language::Zh),
        ],
    )
}

/// A request header that a probe may set (product rules: honest, and without anyone's credentials).
/// `Referer` and `Origin` are left to the caller, who knows whether the probe is enabled.
pub(in crate::config) fn header_name(name: &str) -> Result<(), Problem> {
    // RFC 9110, section 5.6.2.
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || !name.bytes().all(token) {
        return Err(problem(
            format!("{} is not a header name", quote(name)),
            "write letters, digits and `-`",
        ));
    }
    let lower = name.to_ascii_lowercase();
    let (message, help) = match lower.as_str() {
        "host" | "content-length" | "connection" | "transfer-encoding" | "accept-encoding"
        | "te" | "upgrade" | "expect" | "keep-alive" | "proxy-connection" => {
            ("is set by the program", "take it out")
        }
        "user-agent" => (
            "is always the program's own",
            "take it out; `contact` in [politeness] says who asks",
        ),
        "cookie" => (
            "would replay someone's session",
            "take it out; `before` fetches a session of the probe's own",
        ),
        "authorization" | "proxy-authorization" => (
            "would hold a vendor's credentials",
            "take it out; let the library's own licensed job write a file, and read that with `file:`",
        ),
        "x-forwarded-for" | "x-real-ip" | "client-ip" | "x-client-ip" | "forwarded" | "via" => {
            ("pretends to come from another address", "take it out")
        }
        _ if lower.starts_with("sec-") => ("pretends to be a browser", "take it out"),
        _ => return Ok(()),
    };
    Err(problem(format!("the header `{name}` {message}"), help))
}
