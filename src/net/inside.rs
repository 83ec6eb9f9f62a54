//! Which addresses belong to the operator's own network, where no external site may lead us.
//!
//! Any page can redirect to `http://169.254.169.254/` or to a router's login page, or have a name
//! that resolves to such an address. If the redirect were followed, the page there would be in the
//! store and in exports. Addresses in the operator's own files are allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// Names that belong to the local network by definition (RFC 6761, RFC 6762, RFC 8375).
const LOCAL: [&str; 5] = ["localhost", "local", "internal", "home.arpa", "localdomain"];

/// Whether a host is inside, by its text alone. (`url` has normalised decimal, octal and
/// hexadecimal spellings.)
#[must_use]
pub fn is_inside_host(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(ip) => is_inside((*ip).into()),
        Host::Ipv6(ip) => is_inside((*ip).into()),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let ends = |end: &&str| {
                name.strip_suffix(*end)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            LOCAL.iter().any(ends)
        }
    }
}

/// Loopback, private, link-local (including metadata services), shared (RFC 6598), unspecified,
/// multicast and reserved addresses, and IPv6 addresses that contain one.
#[must_use]
pub fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_inside_v4(v4),
        IpAddr::V6(v6) => is_inside_v6(v6),
    }
}

fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || [a, b, c] == [192, 0, 0]
}

fn is_inside_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, ..] = ip.segments();
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || (first & 0xfe00) == 0xfc00
        || (first & 0xff80) == 0xfe80
        // Local NAT64 (RFC 8215).
        || [first, second, third] == [0x64, 0xff9b, 1]
        || carried(ip).is_some_and(is_inside_v4)
}

/// The IPv4 address inside an IPv6 address: mapped, compatible, translated (RFC 2765), NAT64 (RFC
/// 6052), 6to4 (RFC 3056), ISATAP (RFC 5214).
fn carried(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [_, _, _, _, 0 | 0x200, 0x5efe, high, low]
        | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn inside(url: &str) -> bool {
        let url: Url = url.parse().unwrap();
        is_inside_host(&url.host().unwrap())
    }

    #[test]
    fn our_own_network_is_known_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://172.16.9.9/",
            "http://172.31.255.255/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://100.64.0.1/",
            "http://100.100.100.200/",
            "http://192.0.0.192/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:a9fe:a9fe]/",
            "http://[::127.0.0.1]/",
            "http://[::ffff:0:10.0.0.1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fec0::1]/",
            "http://[fd00:ec2::254]/",
            "http://[ff02::1]/",
            "http://[fe80::5efe:192.168.1.1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "http://router.home.arpa/",
            "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
        ] {
            assert!(inside(url), "{url}");
        }
    }

    #[test]
    fn the_public_network_is_not_ours() {
        for url in [
            "http://1.1.1.1/",
            "http://100.63.0.1/",
            "http://172.32.0.1/",
            "http://192.0.2.1/",
            "http://198.18.0.1/",
            "http://203.0.113.9/",
            "http://223.255.255.1/",
            "http://[2001:db8::1]/",
            "http://[2400:3200::1]/",
            "http://[64:ff9b::1.1.1.1]/",
            "http://[2002:101:101::]/",
            "http://[::ffff:1.1.1.1]/",
            "http://www.example.org/",
            "http://notlocalhost/",
            "http://local.example/",
        ] {
            assert!(!inside(url), "{url}");
        }
    }
}
