//! Merkle trees of RFC 6962, section 2.1: tree hashes and inclusion proofs.
//!
//! A leaf is the SHA-256 of a zero byte and the entry, a node that of a one byte and both children.
//! The prefixes distinguish a leaf from a node.

use sha2::{Digest as _, Sha256};

pub use crate::model::day_chain::{Hash, leaf};

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}

/// The tree hash of the leaves; `SHA-256("")` when there are no leaves.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The hashes that lead from leaf `index` to the root, nearest first; `None` when there is no such
/// leaf.
#[must_use]
pub fn path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let mut way = Vec::new();
    let (mut leaves, mut index) = (leaves, index);
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            way.push(root(right));
            leaves = left;
        } else {
            way.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    way.reverse();
    Some(way)
}

/// The root that the proof `path` of leaf `index` in a tree of `size` leaves leads to (RFC 9162,
/// 2.1.3.2); `None` when the proof has a wrong length.
#[must_use]
pub fn root_by_path(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut index, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return None;
        }
        if index % 2 == 1 || index == last {
            hash = node(sibling, &hash);
            while index.is_multiple_of(2) && index != 0 {
                index /= 2;
                last /= 2;
            }
        } else {
            hash = node(&hash, sibling);
        }
        index /= 2;
        last /= 2;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hex(hash: &Hash) -> String {
        data_encoding::HEXLOWER.encode(hash)
    }

    /// The inputs and roots of certificate-transparency-go's reference tests.
    #[test]
    fn roots_are_those_of_the_reference_implementation() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Hash> = inputs.iter().map(|input| leaf(input)).collect();
        let expected = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (count, want) in expected.iter().enumerate() {
            assert_eq!(hex(&root(&leaves[..=count])), *want, "{} leaves", count + 1);
        }
        assert_eq!(
            hex(&root(&[])),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    proptest! {
        #[test]
        fn every_leaf_is_proven_and_no_other(size in 1_usize..70, index in 0_usize..70, flip in 0_usize..70) {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf(&n.to_be_bytes())).collect();
            let proof = path(&leaves, index);
            prop_assert_eq!(proof.is_some(), index < size);
            if let Some(mut proof) = proof {
                let (index, size) = (index as u64, size as u64);
                let own = &leaves[usize::try_from(index).unwrap()];
                prop_assert_eq!(root_by_path(own, index, size, &proof), Some(root(&leaves)));
                prop_assert_ne!(root_by_path(&leaf(b"another"), index, size, &proof), Some(root(&leaves)));
                if !proof.is_empty() {
                    let place = flip % proof.len();
                    proof[place][0] ^= 1;
                    prop_assert_ne!(root_by_path(own, index, size, &proof), Some(root(&leaves)));
                    proof.pop();
                    prop_assert_eq!(root_by_path(own, index, size, &proof), None);
                }
            }
        }
    }
}
