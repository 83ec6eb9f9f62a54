//! Addresses in forged answers.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use super::bogon::is_bogon;
use crate::model::signature::{Location, SignatureRow};

/// Addresses that China's DNS injector has long answered with, for any name: the list kept by OONI
/// (blocking-fingerprints, `fingerprints_dns.csv`) and in the measurement literature (Anonymous,
/// "Towards a Comprehensive Picture of the Great Firewall's DNS Censorship", FOCI 2014). Newer
/// pools change and belong to uninvolved networks, so they are not listed.
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

/// Whether an address is one of the long-known ones.
pub(super) fn is_long_known(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => LONG_KNOWN.contains(&v4.octets()),
        IpAddr::V6(_) => false,
    }
}

/// The long-known addresses, and those of the signatures with the place `dns`.
#[derive(Debug)]
pub(super) struct InjectedAddresses(HashMap<IpAddr, Option<String>>);

impl InjectedAddresses {
    /// Invalid addresses were left out when the row was read. Imported scopes that mean "vague" or
    /// "no block at all" are not evidence; a separate rule handles addresses that no public site
    /// can have.
    pub(super) fn new(rows: &[SignatureRow]) -> Self {
        let of_rows = rows
            .iter()
            .filter(|row| row.location == Location::Dns && !matches!(&*row.scope, "fp" | "vbw"))
            .filter_map(|row| Some((row.pattern.trim().parse().ok()?, Some(row.name.clone()))))
            .filter(|(ip, _)| !is_bogon(*ip));
        // The first row of an address names it.
        let mut all = Self::long_known();
        for (ip, name) in of_rows {
            all.0.entry(ip).or_insert(name);
        }
        all
    }

    /// The addresses that need no signature.
    pub(super) fn long_known() -> Self {
        let address = |octets: &[u8; 4]| (IpAddr::V4(Ipv4Addr::from(*octets)), None);
        Self(LONG_KNOWN.iter().map(address).collect())
    }

    pub(super) fn holds(&self, ip: IpAddr) -> bool {
        self.0.contains_key(&ip)
    }

    /// The signature that lists the address.
    pub(super) fn signature(&self, ip: IpAddr) -> Option<&str> {
        self.0.get(&ip)?.as_deref()
    }
}
