//! The name in `Host`: which names are allowed, and whether the name is that of this computer.

use std::net::IpAddr;

use url::{Host, Url};

/// The host of an authority, with a name in lower case; `None` where it is not an authority.
#[must_use]
pub fn host_of(authority: &str) -> Option<Host> {
    if authority.is_empty() || authority.contains(['/', '@', '?', '#', '\\', ' ', '%']) {
        return None;
    }
    let url = Url::parse(&format!("http://{authority}/")).ok()?;
    url.host().map(|host| host.to_owned())
}

/// Whether a request for this host is meant for us.
#[must_use]
pub fn is_ours(host: &Host, base_url: Option<&Url>, further: &[String]) -> bool {
    match host {
        Host::Ipv4(_) | Host::Ipv6(_) => true,
        Host::Domain(name) => {
            let base = base_url.and_then(Url::host_str);
            name == "localhost" || base == Some(name) || further.iter().any(|own| own == name)
        }
    }
}

/// Whether the host is the loopback of this computer.
#[must_use]
pub fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).to_canonical().is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_read_as_browsers_do() {
        for (text, host) in [
            ("localhost:8080", Some("localhost")),
            ("LOCALHOST", Some("localhost")),
            ("127.0.0.1:80", Some("127.0.0.1")),
            ("[::1]:8080", Some("[::1]")),
            ("access.example", Some("access.example")),
            ("", None),
            ("a/b", None),
            ("user@host", None),
            ("host:99999", None),
            ("a b", None),
        ] {
            let found = host_of(text).map(|h| h.to_string());
            assert_eq!(found.as_deref(), host, "{text}");
        }
    }

    #[test]
    fn only_known_names_are_ours() {
        let base = Url::parse("https://access.example").ok();
        let further = ["access.lan".to_owned()];
        for (text, ours, loopback) in [
            ("localhost", true, true),
            ("127.0.0.9", true, true),
            ("[::1]", true, true),
            ("[::ffff:127.0.0.1]", true, true),
            ("192.0.2.1", true, false),
            ("access.example", true, false),
            ("access.lan", true, false),
            ("rebind.example", false, false),
            ("localhost.rebind.example", false, false),
        ] {
            let host = host_of(text).unwrap();
            assert_eq!(is_ours(&host, base.as_ref(), &further), ours, "{text}");
            assert_eq!(is_loopback(&host), loopback, "{text}");
        }
    }
}
