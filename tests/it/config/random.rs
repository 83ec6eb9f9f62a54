//! Randomly damaged files make loading fail only with a diagnostic.

use accesswatch::config::Severity;
use proptest::prelude::*;

use crate::support::config::{CONFIG, GOOD_PROBE, PROBE, load, workspace};

/// Cuts, duplicates and swaps bytes of a sound file, so that most of its structure stays.
fn mutated(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (0..text.len(), 0..40_usize, any::<u8>(), 0..4_u8);
    proptest::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, len, byte, how) in edits {
            let at = at.min(bytes.len());
            let end = (at + len).min(bytes.len());
            match how {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.extend_from_within(at..end),
                2 => bytes.insert(at, byte),
                _ => bytes[at..end].reverse(),
            }
        }
        bytes
    })
}

const SHIPPED_CONFIG: &str = include_str!("../../../config/accesswatch.toml");
const WHOLE_SIGNATURES: &str = "name,location_found,pattern_type,pattern,code,status\n\
    a,body,regexp,\"(a|b)\",site.challenge,200\nb,header.server,full,x,,\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loading_never_panics(
        config in mutated(SHIPPED_CONFIG),
        probe in mutated(GOOD_PROBE),
        signatures in mutated(WHOLE_SIGNATURES),
    ) {
        let dir = workspace(&[
            (CONFIG, &config),
            (PROBE, &probe),
            ("probes/signatures/x.csv", &signatures),
        ]);
        if let Err(faults) = load(dir.path()) {
            prop_assert!(faults.0.iter().any(|f| f.severity == Severity::Error));
            for fault in &faults.0 {
                let text = fault.render(false);
                prop_assert!(text.contains(": error: ") || text.contains(": warning: "));
                prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
                prop_assert!(fault.render(true).len() > text.len());
            }
        }
    }
}
