//! Kills of agent and hub: every record arrives, and none counts twice.

use std::collections::BTreeSet;
use std::io::Write as _;

use crate::authority::Authority;
use crate::harness::{
    AgentFolder, Hub, TOKEN, TlsFront, counted, hub_workspace, site, spooled_uids, uids, until,
};

#[test]
fn what_was_measured_while_the_hub_was_away_arrives_once_after_kills() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let mut hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let mut agent = folder.start();
    until("the first records", || {
        Some(uids(&watch)).filter(|u| u.len() == 2)
    });
    agent.kill();
    hub.process.kill();

    // Without a hub the agent goes on by its last workspace, and each time it is killed.
    for number in 0..3 {
        folder.forget_rounds();
        let before = spooled(&folder);
        let mut agent = folder.start();
        until("a pass in the spool", || {
            let is_there = spooled(&folder) >= before + 2;
            (is_there && folder.has_noted_rounds()).then_some(())
        });
        agent.kill();
        assert_eq!(uids(&watch).len(), 2, "the hub is away ({number})");
    }
    let measured = spooled_uids(&folder);
    assert!(measured.len() >= 8, "{measured:?}");
    // The last line was not written whole.
    let segment = folder.segments().pop().unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(segment)
        .unwrap();
    file.write_all(b"{\"key\":\"papers/article\",\"rec")
        .unwrap();
    drop(file);

    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let mut agent = folder.start();
    let line = agent.line_with("was not written whole");
    assert!(line.contains("bytes=28"), "{line}");
    until("every record", || {
        let arrived: BTreeSet<String> = uids(&watch).into_iter().collect();
        measured.is_subset(&arrived).then_some(())
    });
    let once = until("every round is counted", || {
        Some(counted(&watch)).filter(|c| c.checks == c.rounds && c.mails == 1)
    });
    assert_eq!(once.incidents, 0, "{once:?}");
    let place = folder.file("spool/sent.json");
    until("the place of what was sent", || {
        place.exists().then_some(())
    });
    agent.kill();

    // What was sent is sent again, and counts no more.
    std::fs::remove_file(&place).unwrap();
    let mut agent = folder.start();
    until("everything again", || place.exists().then_some(()));
    assert_eq!(counted(&watch), once);
    agent.kill();
    drop(hub);
}

/// Records in the spool, with those that were sent already.
fn spooled(folder: &AgentFolder) -> usize {
    spooled_uids(folder).len()
}
