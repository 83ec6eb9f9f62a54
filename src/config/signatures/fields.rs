//! Single fields of a signature.

use crate::config::doc::{Problem, problem};
use crate::config::{read, units};
use crate::model::signature::{Location, PatternType, RemovedBy};
use crate::model::{Code, Layer, Locus};

pub(super) fn filled(text: &str) -> Result<String, Problem> {
    if text.is_empty() {
        return Err(problem("this is empty", "fill it in"));
    }
    Ok(text.to_owned())
}

pub(super) fn location(text: &str) -> Result<Location, Problem> {
    match text {
        "body" => return Ok(Location::Body),
        "title" => return Ok(Location::Title),
        "header" => return Ok(Location::Header),
        "cookie" => return Ok(Location::Cookie),
        "url" => return Ok(Location::Url),
        "dns" => return Ok(Location::Dns),
        _ => {}
    }
    match text.strip_prefix("header.") {
        Some(name) if !name.is_empty() => Ok(Location::HeaderNamed(name.to_ascii_lowercase())),
        _ => Err(problem(
            format!("{} is not a place to look in", read::quote(text)),
            "write body, title, header, header.NAME, cookie, url or dns",
        )),
    }
}

pub(super) fn pattern_type(text: &str) -> Result<PatternType, Problem> {
    match text {
        "full" => Ok(PatternType::Full),
        "prefix" => Ok(PatternType::Prefix),
        "contains" => Ok(PatternType::Contains),
        "regexp" => Ok(PatternType::Regexp),
        _ => Err(problem(
            format!("{} is not a pattern type", read::quote(text)),
            "write full, prefix, contains or regexp",
        )),
    }
}

/// An unconfirmed signature does not determine the locus.
pub(super) fn locus(code: Code, confirmed: bool) -> Locus {
    match code.layer() {
        _ if !confirmed => Locus::Unknown,
        Layer::Vantage => Locus::Vantage,
        Layer::Dns => Locus::Network,
        _ => Locus::Site,
    }
}

/// The verdict of one of our own rows; empty: `site.waf_block`.
pub(super) fn code(text: &str) -> Result<Code, Problem> {
    if text.is_empty() {
        return Ok(Code::SiteWafBlock);
    }
    let code = read::code(text)?;
    let of_page = matches!(code.layer(), Layer::Site | Layer::Content | Layer::Vantage);
    if of_page || code == Code::DnsForged {
        return Ok(code);
    }
    Err(problem(
        format!("a page cannot say `{code}`"),
        "write a site., content. or vantage. code, or dns.forged for the place `dns`",
    ))
}

/// Whether a code fits the place: a false address is always `dns.forged`, and only a false address
/// is.
pub(super) fn fits(
    code: Code,
    location: &Location,
    kind: PatternType,
    pattern: &str,
) -> Result<(), Problem> {
    let is_dns = *location == Location::Dns;
    if is_dns != (code == Code::DnsForged) {
        return Err(problem(
            "the place `dns` and the code `dns.forged` belong together",
            "write both, or neither",
        ));
    }
    let is_address = pattern.trim().parse::<std::net::IpAddr>().is_ok();
    if is_dns && !(is_address && kind == PatternType::Full) {
        return Err(problem(
            format!("{} is not a complete address", read::quote(pattern)),
            "write an IP address, with the pattern type `full`",
        ));
    }
    Ok(())
}

/// Statuses, separated by spaces, commas or bars.
pub(super) fn statuses(text: &str) -> Result<Vec<u16>, Problem> {
    let parts = text.split([' ', ',', ';', '|']).filter(|p| !p.is_empty());
    parts
        .map(|part| match part.parse() {
            Ok(status @ 100..=599) => Ok(status),
            _ => Err(problem(
                format!("{} is not an HTTP status", read::quote(part)),
                "write statuses from 100 to 599 with spaces between, or nothing",
            )),
        })
        .collect()
}

pub(super) fn max_bytes(text: &str) -> Result<Option<u64>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let size = text.parse().ok().or_else(|| units::size(text));
    size.map(Some).ok_or_else(|| {
        problem(
            format!("{} is not a number of bytes", read::quote(text)),
            "write a number such as 20000, or nothing",
        )
    })
}

/// Empty means no: unconfirmed.
pub(super) fn confirmation(text: &str) -> Result<bool, Problem> {
    match text {
        "yes" => Ok(true),
        "no" | "" => Ok(false),
        _ => Err(problem(
            format!("{} is neither yes nor no", read::quote(text)),
            "write yes or no",
        )),
    }
}

/// Who removed the page; empty where the notice does not say.
pub(super) fn removed_by(text: &str) -> Result<Option<RemovedBy>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        problem(
            format!("{} removes no page", read::quote(text)),
            "write author, platform, authority, or nothing",
        )
    })
}
