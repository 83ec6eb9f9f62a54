//! The labelled set of cited pages (`tests/testdata/link_pages/`): what the judge, the comparison
//! of a host's pages and the comparison with the reference make of them.
//!
//! Signatures and thresholds are tuned on the families of `tuning.jsonl`; the families of
//! `test.jsonl` are only measured.
#![allow(clippy::unwrap_used)]

mod labelled;
mod measure;
mod noise;

use measure::{Measured, Score};

fn measured(split: &str) -> Measured {
    let measured = Measured::of(&labelled::pages(split));
    println!("{split}: {measured}");
    measured
}

#[test]
fn the_set_is_large_and_the_splits_share_no_family() {
    let (tuning, test) = (labelled::pages("tuning"), labelled::pages("test"));
    assert!(tuning.len() + test.len() >= 600);
    let soft = |pages: &[labelled::Page]| -> std::collections::BTreeSet<String> {
        let soft = pages.iter().filter(|page| page.kind == "soft_404");
        soft.map(|page| page.family.clone()).collect()
    };
    let (ours, theirs) = (soft(&tuning), soft(&test));
    assert!(ours.len() + theirs.len() >= 40);
    assert!(ours.is_disjoint(&theirs));
}

#[test]
fn soft_404s_are_found_and_good_pages_stay() {
    for split in ["tuning", "test"] {
        let measured = measured(split);
        assert!(measured.soft_404.f1() >= 0.97, "{split}: {measured}");
        // The list of notices only gives better names: structure alone decides too.
        assert!(measured.by_structure.f1() >= 0.97, "{split}: {measured}");
        assert_eq!(measured.false_gone, 0, "{split}: {measured}");
    }
}

#[test]
fn drift_is_found_and_living_pages_stay() {
    for split in ["tuning", "test"] {
        let Measured { drift, .. } = measured(split);
        assert!(
            drift.precision() >= 0.95 && drift.recall() >= 0.9,
            "{split}: {drift}"
        );
    }
}

#[test]
fn pages_of_every_kind_are_observed_as_what_they_are() {
    for split in ["tuning", "test"] {
        let measured = measured(split);
        let Score {
            hits,
            wrong,
            missed,
        } = measured.observed;
        let share = f64::from(hits) / f64::from(hits + wrong + missed);
        assert!(share >= 0.97, "{split}: {measured}");
    }
}
