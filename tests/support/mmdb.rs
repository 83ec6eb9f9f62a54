//! Writes small databases in `MaxMind`'s format (version 2.0,
//! <https://maxmind.github.io/MaxMind-DB/>), so that the tests need no foreign data: a tree of
//! 24-bit records over IPv6, with IPv4 below `::/96`.

use std::net::{IpAddr, Ipv6Addr};

/// One row: a network's first address, its prefix length, the AS and its organisation.
pub type Row<'a> = (&'a str, u8, u32, &'a str);

/// A database of networks, built at this time (in seconds since 1970).
pub fn networks(rows: &[Row<'_>], built: u64) -> Vec<u8> {
    database("GeoLite2-ASN", rows, built)
}

/// The same, of another database type.
pub fn database(kind: &str, rows: &[Row<'_>], built: u64) -> Vec<u8> {
    let mut data = Vec::new();
    let mut tree = Tree::default();
    for (first, bits, number, name) in rows {
        let offset = data.len();
        map(&mut data, 2);
        text(&mut data, "autonomous_system_number");
        uint(&mut data, 6, u64::from(*number));
        text(&mut data, "autonomous_system_organization");
        text(&mut data, name);
        let (address, bits) = match first.parse().unwrap() {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)), bits + 96),
            IpAddr::V6(v6) => (u128::from(v6), *bits),
        };
        tree.put(Ipv6Addr::from(address), bits, offset);
    }
    let mut file = tree.bytes();
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    metadata(&mut file, kind, tree.nodes.len(), built);
    file
}

fn metadata(file: &mut Vec<u8>, kind: &str, nodes: usize, built: u64) {
    map(file, 9);
    for (key, type_, value) in [
        ("binary_format_major_version", 5, 2),
        ("binary_format_minor_version", 5, 0),
        ("build_epoch", 9, built),
        ("ip_version", 5, 6),
        ("node_count", 6, nodes as u64),
        ("record_size", 5, 24),
    ] {
        text(file, key);
        uint(file, type_, value);
    }
    text(file, "database_type");
    text(file, kind);
    text(file, "description");
    map(file, 0);
    text(file, "languages");
    file.extend([0, 4]); // an empty array (11)
}

/// A control byte; a type above 7 is written after it, less 7.
fn control(out: &mut Vec<u8>, type_: u8, size: usize) {
    let size = u8::try_from(size).unwrap();
    assert!(size < 29, "larger sizes are written in another way");
    if type_ <= 7 {
        out.push(type_ << 5 | size);
    } else {
        out.extend([size, type_ - 7]);
    }
}

fn map(out: &mut Vec<u8>, pairs: usize) {
    control(out, 7, pairs);
}

fn text(out: &mut Vec<u8>, text: &str) {
    if text.len() < 29 {
        control(out, 2, text.len());
    } else {
        // A text of 29 bytes or more: 2 << 5, and 29.
        out.extend([0x5d, u8::try_from(text.len() - 29).unwrap()]);
    }
    out.extend(text.bytes());
}

fn uint(out: &mut Vec<u8>, type_: u8, value: u64) {
    let bytes = value.to_be_bytes();
    let short = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
    control(out, type_, short.len());
    out.extend(short);
}

#[derive(Clone, Copy)]
enum Side {
    Nothing,
    Node(usize),
    Data(usize),
}

struct Tree {
    nodes: Vec<[Side; 2]>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: vec![[Side::Nothing; 2]],
        }
    }
}

impl Tree {
    fn put(&mut self, address: Ipv6Addr, bits: u8, offset: usize) {
        let address = u128::from(address);
        let side = |depth: u8| usize::from(address >> (127 - depth) & 1 == 1);
        let mut node = 0;
        for depth in 0..bits - 1 {
            node = if let Side::Node(next) = self.nodes[node][side(depth)] {
                next
            } else {
                self.nodes.push([Side::Nothing; 2]);
                let next = self.nodes.len() - 1;
                self.nodes[node][side(depth)] = Side::Node(next);
                next
            };
        }
        self.nodes[node][side(bits - 1)] = Side::Data(offset);
    }

    fn bytes(&self) -> Vec<u8> {
        let count = self.nodes.len();
        let value = |side: Side| match side {
            Side::Nothing => count,
            Side::Node(node) => node,
            Side::Data(offset) => count + 16 + offset,
        };
        let sides = self.nodes.iter().flatten();
        sides
            .flat_map(|side| u32::try_from(value(*side)).unwrap().to_be_bytes()[1..].to_vec())
            .collect()
    }
}
