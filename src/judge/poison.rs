//! Addresses that forged answers lead to.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use crate::model::signature::{Location, SignatureRow};

/// Addresses that China's DNS injector has long answered with, whatever the name: the list kept by OONI
/// (blocking-fingerprints, `fingerprints_dns.csv`) and in the measurement literature (Anonymous, "Towards a
/// Comprehensive Picture of the Great Firewall's DNS Censorship", FOCI 2014). Newer pools change, and belong
/// to innocent networks: they are not listed.
const LONG_KNOWN: &[[u8; 4]] = &[
    [4, 36, 66, 178],
    [8, 7, 198, 45],
    [37, 61, 54, 158],
    [46, 82, 174, 68],
    [59, 24, 3, 173],
    [64, 33, 88, 161],
    [78, 16, 49, 15],
    [93, 46, 8, 89],
    [128, 121, 126, 139],
    [159, 106, 121, 75],
    [203, 98, 7, 65],
    [243, 185, 187, 39],
    [243, 185, 187, 30],
];

/// Whether an address is one of those that forged answers have long had.
pub(super) fn is_long_known(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(v4) if LONG_KNOWN.contains(&v4.octets()))
}

/// The long-known addresses, and those of the signatures whose place is `dns`.
#[derive(Debug, Default)]
pub(super) struct Poison(HashMap<IpAddr, Option<String>>);

impl Poison {
    /// What is no address was left out when the row was read. Words of an imported scope that mean "vague" or
    /// "no block at all" are not evidence.
    pub(super) fn new(rows: &[SignatureRow]) -> Self {
        let known = LONG_KNOWN
            .iter()
            .map(|octets| (IpAddr::V4(Ipv4Addr::from(*octets)), None));
        let of_rows = rows
            .iter()
            .filter(|row| row.location == Location::Dns && !matches!(&*row.scope, "fp" | "vbw"))
            .filter_map(|row| Some((row.pattern.trim().parse().ok()?, Some(row.name.clone()))));
        // The first row of an address names it.
        let mut all = HashMap::new();
        for (ip, name) in known.chain(of_rows) {
            all.entry(ip).or_insert(name);
        }
        Self(all)
    }

    pub(super) fn holds(&self, ip: IpAddr) -> bool {
        self.0.contains_key(&ip)
    }

    /// The signature that the address is of.
    pub(super) fn signature(&self, ip: IpAddr) -> Option<&str> {
        self.0.get(&ip)?.as_deref()
    }
}
