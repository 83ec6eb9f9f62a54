use proptest::prelude::*;
use serde_json::Value;

use super::*;

const GOLDEN: &str = include_str!("../../../tests/testdata/survival/lifelines.json");

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn lives(set: &Value) -> Vec<Lifetime<u64>> {
    let life = |row: &Value| Lifetime {
        entry: number(&row[0]),
        until: number(&row[1]),
        event: row[2].as_u64().filter(|event| *event > 0),
    };
    set["lives"].as_array().unwrap().iter().map(life).collect()
}

#[track_caller]
fn assert_near(name: &str, ours: f64, theirs: &Value) {
    let theirs = number(theirs);
    assert!((ours - theirs).abs() < 1e-6, "{name}: {ours} and {theirs}");
}

#[test]
fn survival_agrees_with_lifelines() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let sets = golden.as_object().unwrap();
    assert!(sets.len() >= 8);
    for (name, set) in sets {
        let curve = SurvivalCurve::estimate(&lives(set));
        let theirs = &set["kaplan_meier"];
        let steps = theirs["steps"].as_array().unwrap();
        assert_eq!(curve.steps.len(), steps.len(), "{name}");
        for (ours, theirs) in curve.steps.iter().zip(steps) {
            assert_near(name, ours.at, &theirs["at"]);
            assert_near(name, ours.survival, &theirs["survival"]);
            let band = &theirs["band"];
            assert_eq!(ours.band.is_none(), band.is_null(), "{name} at {}", ours.at);
            if let Some((low, high)) = ours.band {
                assert_near(name, low, &band[0]);
                assert_near(name, high, &band[1]);
            }
        }
        for (time, share) in theirs["horizons"].as_object().unwrap() {
            let (ours, _) = curve.at(time.parse().unwrap()).unwrap();
            assert_near(name, ours, share);
        }
        assert_eq!(curve.median(), theirs["median"].as_f64(), "{name}");
    }
}

#[test]
fn cumulative_incidence_agrees_with_lifelines() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let mut compared = 0;
    for (name, set) in golden.as_object().unwrap() {
        let Some(causes) = set["aalen_johansen"].as_object() else {
            continue;
        };
        for (cause, steps) in causes {
            let found = cumulative_incidence(&lives(set), &cause.parse().unwrap());
            let steps = steps.as_array().unwrap();
            assert_eq!(found.steps.len(), steps.len(), "{name}, cause {cause}");
            for (ours, theirs) in found.steps.iter().zip(steps) {
                assert_near(name, ours.at, &theirs["at"]);
                assert_near(name, ours.incidence, &theirs["incidence"]);
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn nothing_is_said_of_times_that_nobody_was_observed_for() {
    let life = |until: f64, event: Option<()>| Lifetime {
        entry: 0.0,
        until,
        event,
    };
    let curve = SurvivalCurve::estimate(&[life(2.0, Some(())), life(4.0, None), life(4.0, None)]);
    assert_eq!(curve.at(1.0), Some((1.0, Some((1.0, 1.0)))));
    assert!((curve.at(3.0).unwrap().0 - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(curve.at(5.0), None);
    assert_eq!(curve.median(), None);
    let empty = SurvivalCurve::estimate::<()>(&[]);
    assert_eq!((empty.at(0.0), empty.median()), (None, None));
    let unobserved = [f64::NAN, f64::INFINITY, 0.0, -1.0].map(|until| life(until, Some(())));
    assert_eq!(SurvivalCurve::estimate(&unobserved).count, 0);
}

proptest! {
    #[test]
    fn the_ways_to_be_lost_and_what_remains_add_up(
        rows in prop::collection::vec((0_u32..500, 1_u32..500, 0_u8..3), 1..120)
    ) {
        let lives: Vec<Lifetime<u8>> = rows
            .iter()
            .map(|(entry, length, event)| Lifetime {
                entry: f64::from(*entry),
                until: f64::from(entry + length),
                event: (*event > 0).then_some(*event),
            })
            .collect();
        let curve = SurvivalCurve::estimate(&lives);
        let (one, two) = (cumulative_incidence(&lives, &1), cumulative_incidence(&lives, &2));
        for step in &curve.steps {
            let sum = step.survival + one.at(step.at).unwrap() + two.at(step.at).unwrap();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{sum} at {}", step.at);
            prop_assert!(step.events <= step.at_risk);
            if let Some((low, high)) = step.band {
                prop_assert!(0.0 <= low && low <= step.survival + 1e-12);
                prop_assert!(step.survival <= high + 1e-12 && high <= 1.0);
            }
        }
        let falls = curve.steps.windows(2).all(|two| two[1].survival <= two[0].survival);
        prop_assert!(falls);
    }
}
