//! Links with relations: the `Link` header (RFC 8288) and `TimeMaps` (`application/link-format`).
//!
//! Archives write them loosely: relations without quotes, a comma after the last link, line breaks
//! anywhere. What cannot be read is skipped.

use crate::model::Time;

/// The most links of one `TimeMap`.
const MAX_LINKS: usize = 20_000;
/// The longest address.
const MAX_ADDRESS: usize = 8_192;

/// One link with its relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedLink {
    /// As it is written; it may be relative.
    pub address: String,
    /// In lower case.
    pub relations: Vec<String>,
    /// The time of a memento.
    pub datetime: Option<Time>,
}

impl RelatedLink {
    #[must_use]
    pub fn is(&self, relation: &str) -> bool {
        self.relations.iter().any(|own| own == relation)
    }
}

/// Reads all links of a text.
#[must_use]
pub fn parse(text: &str) -> Vec<RelatedLink> {
    let mut links = Vec::new();
    let mut rest = text;
    while links.len() < MAX_LINKS
        && let Some(start) = rest.find('<')
    {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let address = rest[start + 1..start + length].trim();
        let (parameters, next) = parameters(&rest[start + length + 1..]);
        rest = next;
        if !address.is_empty() && address.len() <= MAX_ADDRESS {
            links.push(link(address, &parameters));
        }
    }
    links
}

fn link(address: &str, parameters: &[(String, String)]) -> RelatedLink {
    let value = |name: &str| {
        let found = parameters.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    RelatedLink {
        address: address.to_owned(),
        relations: value("rel")
            .split_ascii_whitespace()
            .map(str::to_ascii_lowercase)
            .collect(),
        datetime: http_date(value("datetime")),
    }
}

/// A date as HTTP writes it.
#[must_use]
pub fn http_date(text: &str) -> Option<Time> {
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    Some(at.into())
}

/// The parameters of a link up to the comma before the next one, and what follows.
fn parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        if rest.is_empty() || rest.starts_with([',', '<']) {
            return (found, rest);
        }
        let end = rest.find(['=', ';', ',', '<']).unwrap_or(rest.len());
        let name = rest[..end].trim().to_ascii_lowercase();
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start();
        let (value, next) = if let Some(quoted) = value.strip_prefix('"') {
            quoted.split_once('"').unwrap_or((quoted, ""))
        } else {
            let end = value.find([';', ',', '<']).unwrap_or(value.len());
            (value[..end].trim(), &value[end..])
        };
        found.push((name, value.to_owned()));
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_archives_are_read_as_they_write_them() {
        let wayback = "<http://a.example/x>; rel=\"original\", \
            <https://web.archive.org/web/timemap/link/http://a.example/x>; rel=\"timemap\"; type=\"application/link-format\", \
            <https://web.archive.org/web/20061007193932/http://a.example/x>; rel=\"first memento\"; datetime=\"Sat, 07 Oct 2006 19:39:32 GMT\"";
        let links = parse(wayback);
        assert_eq!(links.len(), 3);
        assert!(links[1].is("timemap") && links[2].is("memento") && links[2].is("first"));
        let at = links[2].datetime.unwrap();
        assert_eq!(at.to_rfc3339(), "2006-10-07T19:39:32+00:00");

        // Perma: no quotes around relations, and a comma after the last link.
        let perma = "<https://a.example/?a=1,2>; rel=original,\n\
            <https://perma.cc/timegate/https://a.example/?a=1,2>; rel=timegate,\n\
            <https://perma.cc/ABCD-1234>; rel=memento; datetime=\"Mon, 08 May 2023 03:11:22 GMT\",\n";
        let links = parse(perma);
        assert_eq!(links.len(), 3);
        assert_eq!(links[0].address, "https://a.example/?a=1,2");
        assert!(links[0].is("original") && links[2].is("memento"));
        assert!(links[2].datetime.is_some());
    }

    #[test]
    fn broken_links_are_skipped() {
        for text in [
            "",
            "<",
            "<>",
            "rel=memento",
            "<https://a.example",
            ";;;,,,",
            "<> ; rel=\"x",
        ] {
            assert_eq!(parse(text), [], "{text}");
        }
        let links = parse("<a>; rel; datetime=\"soon\"; ; = , <b>;rel=\"memento");
        assert_eq!(links.len(), 2);
        assert_eq!((links[0].datetime, links[1].is("memento")), (None, true));
        let many = "<a>; rel=memento,".repeat(MAX_LINKS + 10);
        assert_eq!(parse(&many).len(), MAX_LINKS);
        // Time grows with the length alone.
        assert_eq!(parse(&"<a;".repeat(500_000)).len(), 0);
    }
}
