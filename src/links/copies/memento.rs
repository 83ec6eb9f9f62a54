//! Addresses and times of captures (RFC 7089), and which addresses are captures at all.

use chrono::NaiveDateTime;
use url::Url;

use crate::links::wrappers::{CitedCopy, is_archive_today};
use crate::model::Time;
use crate::model::copy::{CopyKind, NewCopy};

/// The first and the last digits of a time stamp that is given in part only.
const FIRST: &str = "00000101000000";

/// A time stamp of 4 to 14 digits, from the year on: 2023, 20230508, 20230508031122.
#[must_use]
pub fn stamp_time(stamp: &str) -> Option<Time> {
    let is_stamp =
        (4..=14).contains(&stamp.len()) && stamp.bytes().all(|byte| byte.is_ascii_digit());
    if !is_stamp {
        return None;
    }
    // An odd number of digits ends within a month or a day.
    let known = &stamp[..stamp.len() & !1];
    let whole = format!("{known}{}", FIRST.get(known.len()..)?);
    let at = NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%S").ok()?;
    Some(at.and_utc())
}

/// The time stamp in the path of a capture, and where it stands: `/web/20230508031122/http…`.
fn stamp_in(address: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    for segment in address.split('/') {
        let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
        let is_stamp = digits == 14 && (digits == segment.len() || segment.ends_with('_'));
        let rest = address.get(from + segment.len() + 1..).unwrap_or_default();
        if is_stamp && rest.starts_with("http") {
            return Some((from, &segment[..digits]));
        }
        from += segment.len() + 1;
    }
    None
}

/// The time of a capture by its address.
#[must_use]
pub fn time_of_address(address: &str) -> Option<Time> {
    stamp_time(stamp_in(address)?.1)
}

/// A copy that a document cites, before anybody looked at it.
#[must_use]
pub fn unjudged(cited: &CitedCopy) -> NewCopy {
    let url = offered(&cited.url, cited.url.as_str()).unwrap_or_else(|| cited.url.clone());
    NewCopy {
        archive: cited.archive.to_owned(),
        url: url.into(),
        time: stamp_time(&cited.time),
        judged: None,
        code: None,
        kind: CopyKind::Cited,
        job: None,
        body_sha256: None,
    }
}

/// The address of the capture as it was received, without the archive's frame around it; the same
/// address where no such form is known.
#[must_use]
pub fn raw(address: &Url) -> Url {
    let text = address.as_str();
    let raw = stamp_in(text).and_then(|(from, stamp)| {
        let rest = &text[from..];
        let rest = &rest[rest.find('/')?..];
        Url::parse(&format!("{}{stamp}id_{rest}", &text[..from])).ok()
    });
    raw.unwrap_or_else(|| address.clone())
}

/// An address that an archive gives for a capture, if it may be fetched and offered: on the open
/// web, and not of an archive that hides behind challenges.
#[must_use]
pub fn offered(base: &Url, written: &str) -> Option<Url> {
    let mut url = base.join(written.trim()).ok()?;
    let fits = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && !is_archive_today(&url);
    url.set_fragment(None);
    fits.then_some(url)
}

/// Whether two addresses are of one host; `http` and `https` are one.
#[must_use]
pub fn is_same_host(one: &Url, other: &Url) -> bool {
    let (ports, usual) = (
        [one, other].map(Url::port_or_known_default),
        [Some(80), Some(443)],
    );
    let same_port = ports[0] == ports[1] || ports.iter().all(|port| usual.contains(port));
    one.host() == other.host() && same_port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_times_in_the_precision_that_they_have() {
        for (stamp, want) in [
            ("20230508031122", Some("2023-05-08T03:11:22+00:00")),
            ("20230508", Some("2023-05-08T00:00:00+00:00")),
            ("202305081", Some("2023-05-08T00:00:00+00:00")),
            ("202305", Some("2023-05-01T00:00:00+00:00")),
            ("2023", Some("2023-01-01T00:00:00+00:00")),
            ("20231301", None),
            ("20230230", None),
            ("202", None),
            ("2023050803112299", None),
            ("2023-05-08", None),
            ("", None),
        ] {
            let at = stamp_time(stamp).map(|at| at.to_rfc3339());
            assert_eq!(at.as_deref(), want, "{stamp}");
        }
    }

    #[test]
    fn captures_have_a_raw_form() {
        for (address, want) in [
            (
                "https://web.archive.org/web/20230508031122/https://a.example/x?y=/20200101000000/http",
                "https://web.archive.org/web/20230508031122id_/https://a.example/x?y=/20200101000000/http",
            ),
            (
                "https://web.archive.org/web/20230508031122if_/https://a.example/x",
                "https://web.archive.org/web/20230508031122id_/https://a.example/x",
            ),
            (
                "https://arquivo.example/wayback/20230508031122/http://a.example/",
                "https://arquivo.example/wayback/20230508031122id_/http://a.example/",
            ),
            ("https://perma.cc/ABCD-1234", "https://perma.cc/ABCD-1234"),
            (
                "https://b.example/20230508031122/page",
                "https://b.example/20230508031122/page",
            ),
        ] {
            assert_eq!(raw(&Url::parse(address).unwrap()).as_str(), want);
        }
        let at = time_of_address("https://web.archive.org/web/20230508031122/http://a.example/");
        assert_eq!(at.unwrap().timestamp(), 1_683_515_482);
        assert_eq!(time_of_address("https://perma.cc/ABCD-1234"), None);
    }

    #[test]
    fn what_may_not_be_fetched_is_not_offered() {
        let base = Url::parse("https://web.archive.org/web/https://a.example/").unwrap();
        for written in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://a.example/x",
            "https://user:secret@web.archive.org/web/2023/x",
            "https://archive.ph/20230508010203/https://a.example/",
            "https://archive.today/AbCdE",
            "http://",
        ] {
            assert_eq!(offered(&base, written), None, "{written}");
        }
        let relative = offered(&base, "/web/20230508031122/https://a.example/#top").unwrap();
        let want = "https://web.archive.org/web/20230508031122/https://a.example/";
        assert_eq!(relative.as_str(), want);
    }
}
