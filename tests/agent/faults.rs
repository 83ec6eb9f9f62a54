//! Faults at both ends: processes that are killed at any point, and a disk that is full.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use crate::authority::Authority;
use crate::harness::{
    AgentFolder, Hub, Process, TOKEN, TlsFront, counted, hub_workspace, open, site, spooled_uids,
    uids, until,
};

/// Kills; `ACCESSWATCH_KILLS` sets another number.
const KILLS: u32 = 16;
/// The longest life of a process between two kills, in milliseconds.
const LONGEST_LIFE: u64 = 900;

fn kills() -> u32 {
    let stated = std::env::var("ACCESSWATCH_KILLS").ok();
    stated.and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

#[test]
fn kills_of_agent_and_hub_in_turn_lose_nothing_and_double_nothing() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let mut hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let mut agent = folder.start();
    until("the first records", || {
        (uids(&watch).len() >= 2).then_some(())
    });
    let mut dice = 20_261_130_u64;
    let mut measured: BTreeSet<String> = uids(&watch).into_iter().collect();
    for kill in 0..kills() {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis((dice >> 33) % LONGEST_LIFE));
        if kill % 2 == 0 {
            agent.kill();
            // What is whole in the spool was measured.
            measured.extend(spooled_uids(&folder));
            folder.forget_rounds();
            agent = folder.start();
        } else {
            hub.process.kill();
            measured.extend(uids(&watch));
            hub = Hub::start(&watch);
            front.lead_to(&hub);
        }
    }
    agent.kill();
    measured.extend(spooled_uids(&folder));
    let mut agent = folder.start();
    until("every record", || {
        let arrived: BTreeSet<String> = uids(&watch).into_iter().collect();
        measured.is_subset(&arrived).then_some(())
    });
    let once = until("every round is counted once", || {
        Some(counted(&watch)).filter(|c| c.checks == c.rounds)
    });
    assert_eq!(once.incidents, 0, "{once:?}");
    assert!(once.mails <= 1, "{once:?}");
    assert!(measured.len() > 2, "{} kills, nothing measured", kills());
    println!("{} kills: {} records, {once:?}", kills(), measured.len());
    agent.kill();
}

/// Runs in a namespace of its own: a small disk is mounted over the folder of the agent, filled,
/// and freed again when the agent has said what is wrong, whether it goes on or ends.
const ON_A_FULL_DISK: &str = r#"
set -e
mount -t tmpfs -o size=600k tmpfs "$1"
cp "$2"/token "$2"/ca.pem "$1"/
shift_dir=$1; log=$3; shift 3
"$@" check --vantage seoul --hub "$HUB" --token-file "$shift_dir/token" --ca "$shift_dir/ca.pem" >/dev/null
dd if=/dev/zero of="$shift_dir/filler" bs=1k 2>/dev/null || true
"$@" --vantage seoul --hub "$HUB" --token-file "$shift_dir/token" --ca "$shift_dir/ca.pem" 2>"$log" &
agent=$!
for _ in $(seq 600); do grep -q "no room to write" "$log" && break; sleep 0.1; done
kill -9 $agent 2>/dev/null || true; wait $agent || true
rm "$shift_dir/filler"
exec "$@" --vantage seoul --hub "$HUB" --token-file "$shift_dir/token" --ca "$shift_dir/ca.pem"
"#;

#[test]
fn a_full_disk_measures_nothing_says_so_and_goes_on_when_there_is_room() {
    let can_mount = Command::new("unshare")
        .args(["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .status();
    if !can_mount.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: no namespaces here, so that no disk can be filled");
        return;
    }
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let disk = tempfile::tempdir().unwrap();
    let log = folder.file("log");
    let mut command = Command::new("unshare");
    command
        .args(["-Urm", "sh", "-c", ON_A_FULL_DISK, "sh"])
        .arg(disk.path())
        .arg(folder.file(""))
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_accesswatch"))
        .arg("--dir")
        .arg(disk.path())
        .arg("agent")
        .env("HUB", folder.hub())
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG");
    let mut agent = Process::start(command);
    let arrived = until("the record that was measured with room", || {
        Some(uids(&watch)).filter(|uids| uids.len() >= 2)
    });
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("no room to write"), "{said}");
    assert!(said.contains("free space on that disk"), "{said}");
    assert_eq!(arrived.len(), 2, "a control and a page: {said}");
    let store = open(&watch.file("data/accesswatch.db")).unwrap();
    let tracker = store.reader().unwrap().tracker_state().unwrap();
    assert!(tracker.incidents.is_empty(), "{tracker:?}");
    agent.kill();
    drop(hub);
}
