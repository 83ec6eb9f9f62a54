//! An agent measures, and its hub judges, keeps and mails what a pass of its own would.

use accesswatch::model::{Code, ProbeKey};

use crate::authority::Authority;
use crate::harness::{
    AgentFolder, Hub, TlsFront, counted, hub_workspace, open, site, until, workspace,
};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

fn breaks(site: &Site) {
    site.set(
        "/article",
        Answer::html("<title>404</title><p>gone</p>").with_status(404),
    );
}

/// The code of the article, where it is known.
fn code(watch: &TestWorkspace) -> Option<Code> {
    let store = open(&watch.file("data/accesswatch.db"))?;
    let tracker = store.reader().ok()?.tracker_state().ok()?;
    let mut own = tracker.statuses.values();
    let status = own.find(|s| s.probe == ProbeKey::new("papers", "article"))?;
    Some(status.observed.code)
}

/// Subjects and bodies, without what differs between two installations.
fn letters(watch: &TestWorkspace) -> Vec<String> {
    let subject = |mail: &String| {
        let line = mail.lines().find(|l| l.starts_with("Subject: "));
        line.unwrap().to_owned()
    };
    let mut subjects: Vec<String> = watch.mails().iter().map(subject).collect();
    subjects.sort();
    subjects
}

#[test]
fn the_hub_mails_what_a_pass_of_its_own_would() {
    let site = site();
    let local = workspace(&site, "via = \"direct\"", "");
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, crate::harness::TOKEN);

    local.run(&["run", "--all"]).ends(0);
    let mut agent = folder.start();
    until("the first status", || {
        code(&watch).filter(|c| *c == Code::Ok)
    });
    agent.kill();

    breaks(&site);
    local.run(&["run", "--all"]).ends(0);
    folder.forget_rounds();
    let mut agent = folder.start();
    until("the loss", || code(&watch).filter(|c| *c != Code::Ok));
    agent.kill();
    assert_eq!(code(&watch), code(&local));

    let expected = letters(&local);
    assert!(
        expected.len() >= 2,
        "the initial report and the loss: {expected:?}"
    );
    let sent = until("the mails", || {
        Some(letters(&watch)).filter(|l| l.len() >= expected.len())
    });
    assert_eq!(sent, expected);
    let here = counted(&watch);
    assert_eq!(here, counted(&local));
    assert_eq!((here.rounds, here.checks, here.incidents), (2, 2, 1));
    drop(hub);
}

#[test]
fn what_the_hub_sends_holds_no_recipient_no_secret_and_no_other_vantage() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, crate::harness::TOKEN);
    let checked = folder.command(Some("check"), "seoul").output().unwrap();
    let (out, error) = (
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr),
    );
    assert_eq!(checked.status.code(), Some(0), "{out}\n{error}");
    for part in [
        "seoul (Seoul), KR",
        "via        direct",
        "probes     1",
        "bytes wait",
    ] {
        assert!(out.contains(part), "`{part}` is not in\n{out}");
    }
    let sent = std::fs::read_to_string(folder.file("workspace.json")).unwrap();
    assert!(sent.contains("/article"), "{sent}");
    let secrets = [
        "librarian",
        "example.org>",
        "osaka",
        crate::harness::TOKEN,
        "keepers",
        "outbox",
    ];
    for secret in secrets {
        assert!(!sent.contains(secret), "`{secret}` is in\n{sent}");
    }
}
