//! Agents and their hub at a real nats-server behind TLS: what arrives, what is refused, and what
//! each end says about a fault.

use std::collections::BTreeSet;

use accesswatch::model::{Code, ProbeKey};

use crate::authority::Authority;
use crate::broker::{Fleet, has_broker};
use crate::harness::{Hub, Process, counted, open, site, uids, until};
use crate::pages::Answer;
use crate::workspace::TestWorkspace;

fn code(watch: &TestWorkspace) -> Option<Code> {
    let store = open(&watch.file("data/accesswatch.db"))?;
    let tracker = store.reader().ok()?.tracker_state().ok()?;
    let mut own = tracker.statuses.values();
    let status = own.find(|s| s.probe == ProbeKey::new("papers", "article"))?;
    Some(status.observed.code)
}

/// Every probe is due again.
fn forget_rounds(state: &std::path::Path) {
    let text = std::fs::read_to_string(state).unwrap();
    let mut state_json: serde_json::Value = serde_json::from_str(&text).unwrap();
    state_json["last_checked"] = serde_json::json!({});
    std::fs::write(state, state_json.to_string()).unwrap();
}

#[test]
fn a_fleet_is_made_once_and_shown_each_time() {
    if !has_broker() {
        return;
    }
    let site = site();
    let mut fleet = Fleet::without_broker(&site);
    let (status, said) = fleet.init();
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("nats-server must run"), "{said}");
    let users = std::fs::read_to_string(fleet.watch.file("fleet/fleet-users.conf")).unwrap();
    fleet.broker.start();
    let (status, first) = fleet.init();
    assert_eq!(status, Some(0), "{first}");
    for name in [
        "aw-workspace",
        "AW_RECORDS",
        "AW_TASKS",
        "aw-hosts",
        "AW_RECORDS/hub",
        "AW_TASKS/seoul",
        "AW_TASKS/osaka",
    ] {
        assert!(
            first.contains(&format!("made      {name}:")),
            "{name}\n{first}"
        );
    }
    let (status, again) = fleet.init();
    assert_eq!(status, Some(0), "{again}");
    assert!(!again.contains("made      "), "{again}");
    assert!(!again.contains("changed"), "{again}");
    assert_eq!(again.matches("as it was").count(), 7, "{again}");
    let same = std::fs::read_to_string(fleet.watch.file("fleet/fleet-users.conf")).unwrap();
    assert_eq!(same, users, "the keys stay");
}

#[test]
fn what_an_agent_measures_is_judged_and_mailed_as_over_https() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    until("a check that is fine", || {
        let (status, said) = folder.check("seoul");
        // Until the hub listens, the sentence says that it does not.
        let is_early = said.contains("no hub answers") || said.contains("no workspace for this");
        assert!(status == Some(0) || is_early, "{said}");
        (status == Some(0)).then_some(())
    });
    let mut agent = folder.start();
    until("the first status", || {
        code(&fleet.watch).filter(|c| *c == Code::Ok)
    });
    until("an empty spool", || folder.is_sent().then_some(()));
    agent.kill();

    let gone = Answer::html("<title>404</title><p>gone</p>").with_status(404);
    site.set("/article", gone);
    forget_rounds(&folder.file("state.json"));
    let mut agent = folder.start();
    until("the loss", || code(&fleet.watch).filter(|c| *c != Code::Ok));
    let here = until("the mails", || {
        Some(counted(&fleet.watch)).filter(|c| c.mails >= 2)
    });
    assert_eq!((here.rounds, here.checks, here.incidents), (2, 2, 1));
    agent.kill();
    drop(hub);
}

#[test]
fn a_round_that_a_person_asks_for_comes_through_the_queue() {
    if !has_broker() {
        return;
    }
    let site = site();
    let gone = Answer::html("<title>404</title><p>gone</p>").with_status(404);
    let fleet = Fleet::new(&site);
    let _hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    let mut agent = folder.start();
    until("the first status", || {
        code(&fleet.watch).filter(|c| *c == Code::Ok)
    });
    agent.kill();
    site.set("/article", gone);
    forget_rounds(&folder.file("state.json"));
    let mut agent = folder.start();
    until("the loss", || code(&fleet.watch).filter(|c| *c != Code::Ok));
    // What was seen a second or two before the request answers it.
    let store = rusqlite::Connection::open(fleet.watch.file("data/accesswatch.db")).unwrap();
    let a_minute_ago = "UPDATE series SET checked_us = checked_us - 60000000";
    store.execute(a_minute_ago, []).unwrap();
    let before = site.hits();
    fleet.watch.run(&["incidents", "look", "1", "--wait", "1s"]);
    until("the round that was asked for", || {
        (site.hits() > before).then_some(())
    });
    agent.kill();
}

#[test]
fn the_user_of_a_vantage_speaks_for_no_other() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let mut hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    // The creds of Seoul, used as Osaka.
    let (status, said) = folder.check("osaka");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("refuses this user"), "{said}");
    assert!(said.contains("use the creds of this vantage"), "{said}");
    until("the broker's own word", || {
        let log = fleet.broker.log();
        (log.contains("Publish Violation") && log.contains("osaka")).then_some(())
    });
    // The agent of Seoul goes on, and nothing came of Osaka.
    let mut agent = folder.start();
    until("the first records", || {
        Some(uids(&fleet.watch)).filter(|u| u.len() == 2)
    });
    let store = open(&fleet.watch.file("data/accesswatch.db")).unwrap();
    let agents = store.reader().unwrap().agents().unwrap();
    let heard: BTreeSet<&str> = agents.iter().map(|a| a.vantage.as_str()).collect();
    assert_eq!(heard, BTreeSet::from(["seoul"]));
    agent.kill();
    hub.process.kill();
}

#[test]
fn wrong_creds_and_a_wrong_authority_are_each_one_sentence_at_both_ends() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let folder = fleet.agent("seoul");
    let (status, said) = folder.check("seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("no hub answers"), "{said}");

    // Keys that the broker does not know.
    let other = Fleet::without_broker(&site);
    other.init();
    let stranger = other.watch.file("fleet/seoul.creds");
    std::fs::copy(stranger, folder.file("creds")).unwrap();
    let (status, said) = folder.check("seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("does not take the creds"), "{said}");
    std::fs::write(folder.file("creds"), "no key").unwrap();
    let (status, said) = folder.check("seoul");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("holds no key of a user"), "{said}");

    let known = fleet.watch.file("fleet/hub.creds");
    let own = std::fs::read(&known).unwrap();
    std::fs::copy(other.watch.file("fleet/hub.creds"), &known).unwrap();
    let mut hub = Process::start(fleet.watch.command(&["daemon"]));
    hub.line_with("does not take the creds");
    hub.kill();
    std::fs::write(&known, own).unwrap();

    // An authority that nobody knows.
    let stranger = Authority::named("Another").pem();
    std::fs::copy(fleet.watch.file("fleet/seoul.creds"), folder.file("creds")).unwrap();
    std::fs::write(folder.file("ca.pem"), &stranger).unwrap();
    let (status, said) = folder.check("seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(
        said.contains("is not trusted") && said.contains("--ca"),
        "{said}"
    );
    fleet.watch.write("ca.pem", &stranger);
    let mut hub = Process::start(fleet.watch.command(&["daemon"]));
    let line = hub.line_with("is not trusted");
    assert!(line.contains("[fleet] ca"), "{line}");
    hub.kill();
}
