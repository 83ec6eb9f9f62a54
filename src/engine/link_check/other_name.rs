//! Another address of a link, as its check shows it: the host without `www.`, or the original of a
//! copy of Perma.

use url::Url;

use crate::links::copies::link_format::{self, http_date};
use crate::links::identity::{self, same_place};
use crate::links::rules::LinkRules;
use crate::model::copy::{CopyKind, NewCopy};
use crate::model::joined_link::JoinedLink;
use crate::model::link::LinkId;
use crate::model::{Measurement, Time};

/// The archive whose addresses do not hold the original one. It names the original in its answer
/// (RFC 7089); from any other host such a header is not believed.
const PERMA: &str = "perma.cc";

/// The other address of a link that was served.
pub(super) fn joined(
    link: LinkId,
    at: Time,
    url: &Url,
    measurement: &Measurement,
) -> Option<JoinedLink> {
    let (other, copy) = if is_perma(url) {
        original(url, measurement).map(|(other, copy)| (other, Some(copy)))?
    } else {
        (without_www(url, measurement)?, None)
    };
    let target = identity::resolve(other.as_str(), LinkRules::shipped(), &[]).ok()?;
    Some(JoinedLink {
        link,
        at,
        identity: target.identity,
        host: target.url.host_str().unwrap_or_default().to_owned(),
        url: target.url.into(),
        copy,
    })
}

fn is_perma(url: &Url) -> bool {
    matches!(url.host_str(), Some(host) if host.trim_start_matches("www.") == PERMA)
}

/// The original that Perma names, and the link as a copy of it.
fn original(url: &Url, measurement: &Measurement) -> Option<(Url, NewCopy)> {
    let requests = measurement.test_keys.requests.iter();
    let of_perma = requests.filter(|r| Url::parse(&r.request.url).is_ok_and(|u| is_perma(&u)));
    for response in of_perma.map(|r| &r.response) {
        let related = response.headers("link").flat_map(link_format::parse);
        let mut originals = related.filter(|link| link.is("original"));
        let original = originals.find_map(|link| Url::parse(&link.address).ok());
        let is_page = |url: &Url| matches!(url.scheme(), "http" | "https") && !is_perma(url);
        if let Some(original) = original.filter(is_page) {
            let copy = NewCopy {
                archive: PERMA.to_owned(),
                url: url.to_string(),
                time: response.header("memento-datetime").and_then(http_date),
                judged: None,
                code: None,
                kind: CopyKind::Cited,
                job: None,
                body_sha256: None,
            };
            return Some((original, copy));
        }
    }
    None
}

/// The address to which a link redirects, when the hosts differ by `www.` alone.
fn without_www(from: &Url, measurement: &Measurement) -> Option<Url> {
    let last = measurement.test_keys.requests.first()?;
    let to = Url::parse(&last.request.url).ok()?;
    let (one, other) = (from.host_str()?, to.host_str()?);
    let is_www = one != other && one.trim_start_matches("www.") == other.trim_start_matches("www.");
    (is_www && same_place(from, &to)).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::measurement::{HeaderText, Request, RequestSent, Response};
    use crate::model::time::from_micros;

    /// An answer that came after redirects from the first to the last of these addresses.
    fn answer(addresses: &[&str], headers: &[(&str, &str)]) -> Measurement {
        let line = r#"{"input":"","measurement_start_time":"2026-11-29 14:04:26","test_name":"accesswatch","test_keys":{}}"#;
        let mut measurement: Measurement = serde_json::from_str(line).unwrap();
        let text = |text: &str| HeaderText(text.to_owned());
        let request = |url: &&str| Request {
            request: RequestSent {
                url: (*url).to_owned(),
                ..RequestSent::default()
            },
            response: Response {
                code: 200,
                headers_list: headers.iter().map(|(n, v)| (text(n), text(v))).collect(),
                ..Response::default()
            },
            ..Request::default()
        };
        // The last answer stands first in a record.
        measurement.test_keys.requests = addresses.iter().rev().map(request).collect();
        measurement
    }

    fn found(addresses: &[&str], headers: &[(&str, &str)]) -> Option<JoinedLink> {
        let url = Url::parse(addresses[0]).unwrap();
        let at = from_micros(1_790_000_000_000_000);
        joined(LinkId(7), at, &url, &answer(addresses, headers))
    }

    #[test]
    fn a_host_with_and_without_www_is_one_when_one_redirects_to_the_other() {
        let joined = found(&["https://www.a.example/b", "https://a.example/b"], &[]).unwrap();
        assert_eq!(joined.identity, "a.example/b");
        assert_eq!((joined.host.as_str(), joined.copy), ("a.example", None));
        for addresses in [
            ["http://a.example/b", "https://a.example/b"],
            ["https://www.a.example/b", "https://a.example/c"],
            ["https://www.a.example/b", "https://b.example/b"],
        ] {
            assert_eq!(found(&addresses, &[]), None, "{addresses:?}");
        }
    }

    #[test]
    fn perma_alone_names_the_original_of_a_copy() {
        let headers = [
            (
                "Link",
                "<http://b.example/x>; rel=original, <https://perma.cc/t>; rel=timemap",
            ),
            ("Memento-Datetime", "Mon, 08 May 2023 03:11:22 GMT"),
        ];
        let joined = found(&["https://perma.cc/AB12-CD34"], &headers).unwrap();
        assert_eq!(joined.identity, "b.example/x");
        let copy = joined.copy.unwrap();
        assert_eq!(copy.url, "https://perma.cc/AB12-CD34");
        assert_eq!(copy.kind, CopyKind::Cited);
        assert_eq!(copy.time.unwrap().to_rfc3339(), "2023-05-08T03:11:22+00:00");
        assert_eq!(found(&["https://hostile.example/AB12"], &headers), None);
        assert_eq!(found(&["https://perma.cc/AB12-CD34"], &[]), None);
        let own = [("Link", "<https://perma.cc/other>; rel=\"original\"")];
        assert_eq!(found(&["https://perma.cc/AB12-CD34"], &own), None);
    }
}
