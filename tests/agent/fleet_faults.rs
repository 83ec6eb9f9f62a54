//! Faults between an agent and its hub at a broker: kills of all three, and a broker that loses its
//! disk. Every record arrives once.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::broker::{Fleet, FleetAgent, has_broker};
use crate::harness::{Hub, counted, site, uids, until};

/// Kills; `ACCESSWATCH_KILLS` sets another number.
const KILLS: u32 = 15;
/// The longest life of a process between two kills, in milliseconds.
const LONGEST_LIFE: u64 = 1500;

fn kills() -> u32 {
    let stated = std::env::var("ACCESSWATCH_KILLS").ok();
    stated.and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

/// The uids of the records that are whole in a spool.
fn spooled(folder: &FleetAgent) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder.file("spool"))
        .into_iter()
        .flatten();
    let paths = entries.flatten().map(|entry| entry.path());
    let texts = paths.filter(|path| path.extension().is_some_and(|e| e == "jsonl"));
    let uid = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(line["record"]["measurement_uid"].as_str()?.to_owned())
    };
    let mut found = BTreeSet::new();
    for path in texts {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        found.extend(text.lines().filter_map(uid));
    }
    found
}

/// Every probe is due again; an agent that was killed at once has no state yet.
fn forget_rounds(folder: &FleetAgent) {
    let path = folder.file("state.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return;
    };
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    state["last_checked"] = serde_json::json!({});
    std::fs::write(path, state.to_string()).unwrap();
}

#[test]
fn kills_of_agent_hub_and_broker_in_turn_lose_nothing_and_double_nothing() {
    if !has_broker() {
        return;
    }
    let site = site();
    let mut fleet = Fleet::new(&site);
    let mut hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    let mut agent = folder.start();
    until("the first records", || {
        (uids(&fleet.watch).len() >= 2).then_some(())
    });
    let mut dice = 20_261_130_u64;
    let mut measured: BTreeSet<String> = uids(&fleet.watch).into_iter().collect();
    for kill in 0..kills() {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis((dice >> 33) % LONGEST_LIFE));
        match kill % 3 {
            0 => {
                agent.kill();
                measured.extend(spooled(&folder));
                forget_rounds(&folder);
                agent = folder.start();
            }
            1 => {
                hub.process.kill();
                measured.extend(uids(&fleet.watch));
                hub = Hub::start(&fleet.watch);
            }
            _ => {
                fleet.broker.kill();
                fleet.broker.start();
            }
        }
    }
    agent.kill();
    measured.extend(spooled(&folder));
    let mut agent = folder.start();
    until("every record", || {
        let arrived: BTreeSet<String> = uids(&fleet.watch).into_iter().collect();
        measured.is_subset(&arrived).then_some(())
    });
    let once = until("every round is counted once", || {
        Some(counted(&fleet.watch)).filter(|c| c.checks == c.rounds)
    });
    let all = uids(&fleet.watch);
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "no record is there twice");
    assert_eq!(once.incidents, 0, "{once:?}");
    assert!(once.mails <= 1, "{once:?}");
    assert!(measured.len() > 2, "{} kills, nothing measured", kills());
    println!("{} kills: {} records, {once:?}", kills(), measured.len());
    agent.kill();
    drop(hub);
}

#[test]
fn a_broker_that_loses_its_disk_loses_no_record() {
    if !has_broker() {
        return;
    }
    let site = site();
    let mut fleet = Fleet::new(&site);
    let hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    let mut agent = folder.start();
    until("the first records", || {
        (uids(&fleet.watch).len() == 2).then_some(())
    });
    until("an empty spool", || folder.is_sent().then_some(()));
    drop(hub);

    // Without the hub, the records of this pass are at the broker.
    agent.kill();
    forget_rounds(&folder);
    let mut agent = folder.start();
    agent.line_with("records are on their way");
    let measured = spooled(&folder);
    assert!(measured.len() >= 4, "{measured:?}");
    assert!(!folder.is_sent(), "the hub has not taken them");

    fleet.broker.lose_disk();
    fleet.broker.start();
    let hub = Hub::start(&fleet.watch);
    // What is missing is said with its fix.
    agent.kill();
    until("the fault and its fix", || {
        let (status, said) = folder.check("seoul");
        assert_eq!(status, Some(3), "{said}");
        said.contains("run `accesswatch fleet init`").then_some(())
    });
    let mut agent = folder.start();
    let (status, said) = fleet.init();
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("made      AW_RECORDS:"), "{said}");
    until("every record", || {
        let arrived: BTreeSet<String> = uids(&fleet.watch).into_iter().collect();
        measured.is_subset(&arrived).then_some(())
    });
    let once = until("every round is counted once", || {
        Some(counted(&fleet.watch)).filter(|c| c.checks == c.rounds && c.rounds >= 2)
    });
    assert_eq!(once.incidents, 0, "{once:?}");
    until("an empty spool", || folder.is_sent().then_some(()));
    agent.kill();
    drop(hub);
}
