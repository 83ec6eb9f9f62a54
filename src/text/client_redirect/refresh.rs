//! The value of `Refresh`, as a header or as `<meta http-equiv=refresh content=…>` (WHATWG HTML,
//! the refresh algorithm).

/// The seconds to wait, and the address if the value names one.
pub(super) fn parse(value: &str) -> Option<(f64, Option<&str>)> {
    let value = value.trim_start();
    let length = value
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(value.len());
    let (time, rest) = value.split_at(length);
    // `;url=/x` without a time means at once, as browsers read a lone point.
    if time.is_empty() && !rest.starts_with([';', ',']) {
        return None;
    }
    let whole = time.split('.').next().unwrap_or_default();
    let seconds: f64 = if whole.is_empty() {
        0.0
    } else {
        whole.parse().ok()?
    };
    let ends = rest.starts_with([';', ',']) || rest.starts_with(|c: char| c.is_whitespace());
    if !rest.is_empty() && !ends {
        return None;
    }
    let rest = rest
        .trim_start()
        .trim_start_matches([';', ','])
        .trim_start();
    Some((seconds, address(rest)))
}

/// `url=x`, `URL = 'x'`, or `x` alone.
fn address(rest: &str) -> Option<&str> {
    let named = rest
        .get(..3)
        .filter(|name| name.eq_ignore_ascii_case("url"))
        .and_then(|_| rest[3..].trim_start().strip_prefix('='));
    let rest = named.unwrap_or(rest).trim_start();
    let address = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
        _ => rest,
    };
    let address = address.trim();
    (!address.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_browsers_read_them() {
        for (value, seconds, address) in [
            ("0;url=/login", 0.0, Some("/login")),
            ("0; URL='/login'", 0.0, Some("/login")),
            (" 3 ;  Url = \"/login\" ", 3.0, Some("/login")),
            ("0,url=/a", 0.0, Some("/a")),
            ("0 url=/a;b=c", 0.0, Some("/a;b=c")),
            ("0;/a", 0.0, Some("/a")),
            ("0.5;url=/a", 0.0, Some("/a")),
            ("1", 1.0, None),
            ("300;", 300.0, None),
            (";url=/a", 0.0, Some("/a")),
            ("0;url=urls.html", 0.0, Some("urls.html")),
            ("0;url='/a", 0.0, Some("/a")),
        ] {
            assert_eq!(parse(value), Some((seconds, address)), "{value}");
        }
        for value in ["", "soon", "-1;url=/a", "0x;url=/a", "url=/a"] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
