//! What a person asks of an agent: a round at once, given to one agent for as long as its lease
//! lasts.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use accesswatch::model::asked_round::AskedRound;
use accesswatch::model::{Code, ProbeKey, Time};
use accesswatch::store::Store;
use chrono::TimeDelta;

use crate::authority::Authority;
use crate::harness::{
    AgentFolder, GOOD, Hub, TOKEN, TlsFront, hub_workspace, open, site, until, workspace,
};
use crate::pages::{Answer, Site};
use crate::workspace::{Ran, TestWorkspace};

const WRITER: &str = "a-token-of-whoever-may-write";

/// A hub, its agent, and an incident at the agent's vantage.
struct Loss {
    site: Site,
    watch: TestWorkspace,
    hub: Hub,
    folder: AgentFolder,
    _front: TlsFront,
}

impl Loss {
    fn new() -> Self {
        let site = site();
        let watch = hub_workspace(&site);
        watch.append(
            "config/accesswatch.toml",
            "[web]\ntoken = \"file:writer\"\n",
        );
        watch.write("writer", WRITER);
        let authority = Authority::new();
        let front = TlsFront::start(&authority);
        let hub = Hub::start(&watch);
        front.lead_to(&hub);
        let folder = AgentFolder::new(&front, &authority, TOKEN);
        let loss = Self {
            site,
            watch,
            hub,
            folder,
            _front: front,
        };
        let mut agent = loss.folder.start();
        until("the first status", || {
            loss.code().filter(|code| *code == Code::Ok)
        });
        agent.kill();
        let gone = Answer::html("<title>404</title><p>gone</p>").with_status(404);
        loss.site.set("/article", gone);
        loss.folder.forget_rounds();
        let mut agent = loss.folder.start();
        until("the loss", || loss.code().filter(|code| *code != Code::Ok));
        agent.kill();
        loss
    }

    fn code(&self) -> Option<Code> {
        let store = open(&self.watch.file("data/accesswatch.db"))?;
        let tracker = store.reader().ok()?.tracker_state().ok()?;
        let mut own = tracker.statuses.values();
        let status = own.find(|s| s.probe == ProbeKey::new("papers", "article"))?;
        Some(status.observed.code)
    }
}

/// What a program gets that acts on the incident.
fn act(hub: &Hub, token: &str) -> String {
    let at = hub.address();
    let mut stream = TcpStream::connect(at).unwrap();
    let body = "{\"by\": \"Ana\"}";
    write!(
        stream,
        "POST /api/v1/incidents/1/look HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_person_asks_and_the_agent_measures_at_once() {
    let loss = Loss::new();
    // What was seen a second or two before the request answers it.
    let store = rusqlite::Connection::open(loss.watch.file("data/accesswatch.db")).unwrap();
    let a_minute_ago = "UPDATE series SET checked_us = checked_us - 60000000";
    store.execute(a_minute_ago, []).unwrap();
    // Nobody is there to measure: what is known is said, and the request waits.
    let waits = loss.watch.run(&["incidents", "look", "1", "--wait", "1s"]);
    let waits: Ran = waits.ends(3);
    assert!(
        waits.out.contains("seoul: nothing has come yet"),
        "{waits:?}"
    );
    assert!(waits.err.contains("incident #1 is still open"), "{waits:?}");

    let before = loss.site.hits();
    let mut agent = loss.folder.start();
    until("the round that waited", || {
        (loss.site.hits() > before).then_some(())
    });
    until("its end", || {
        let store = open(&loss.watch.file("data/accesswatch.db"))?;
        let waiting = store.reader().unwrap().waiting_rounds(chrono::Utc::now());
        waiting.unwrap().is_empty().then_some(())
    });
    assert_ne!(loss.code(), Some(Code::Ok));

    // A program asks for the next one. Whoever may not write is refused.
    assert!(act(&loss.hub, "wrong").starts_with("HTTP/1.1 401"));
    loss.site.set("/article", Answer::html(GOOD));
    // Within a minute of the first request it would be the same one.
    let minutes_ago = "UPDATE asked_rounds SET asked_us = asked_us - 120000000";
    store.execute(minutes_ago, []).unwrap();
    // The round that has just ended would answer this request too.
    store.execute(a_minute_ago, []).unwrap();
    let answer = act(&loss.hub, WRITER);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("Ana asked to measure again"), "{answer}");
    until("the end of the incident", || {
        let store = open(&loss.watch.file("data/accesswatch.db"))?;
        let incident = store.reader().unwrap().incident(1).unwrap().unwrap();
        (!incident.is_open()).then_some(())
    });
    assert_eq!(loss.code(), Some(Code::Ok));
    agent.kill();
}

#[test]
fn the_round_of_a_daemon_here_is_waited_for_without_a_wait_for_vantages_elsewhere() {
    let site = site();
    let watch = workspace(&site, "via = \"direct\"", "");
    watch.run(&["run", "--all"]).ends(0);
    let gone = Answer::html("<title>404</title><p>gone</p>").with_status(404);
    site.set("/article", gone);
    watch.run(&["run", "--all"]).ends(0);
    let _daemon = Hub::start(&watch);
    let looked = watch.run(&["incidents", "look", "1", "--wait", "0s"]);
    let looked = looked.ends(0);
    assert!(looked.out.contains("seoul: not found (404)"), "{looked:?}");
}

fn time(minutes: i64) -> Time {
    let first: Time = "2026-03-02T08:00:00Z".parse().unwrap();
    first + TimeDelta::minutes(minutes)
}

fn asked(minutes: i64) -> AskedRound {
    AskedRound {
        probe: ProbeKey::new("papers", "article"),
        vantage: "seoul".into(),
        incident: 1,
        asked: time(minutes),
        by: "Ana".to_owned(),
        leased: None,
    }
}

#[tokio::test]
async fn a_task_is_leased_to_one_agent_and_given_again_when_nothing_comes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    store.ask_rounds(vec![asked(0)]).await.unwrap();
    let lease = async |vantage: &str, at: i64| {
        let probes = vec![ProbeKey::new("papers", "article")];
        let until = time(at + 10);
        let vantage = vantage.into();
        let leased = store.lease_rounds(&vantage, probes, time(at), until);
        leased.await.unwrap().len()
    };
    assert_eq!(lease("osaka", 0).await, 0, "it is of another vantage");
    assert_eq!(lease("seoul", 0).await, 1);
    assert_eq!(lease("seoul", 9).await, 0, "it is leased");
    assert_eq!(lease("seoul", 10).await, 1, "the lease ended");
    let none = store
        .lease_rounds(&"seoul".into(), Vec::new(), time(30), time(40))
        .await
        .unwrap();
    assert!(none.is_empty(), "the vantage may not probe it");
    assert_eq!(lease("seoul", 359).await, 1);
    assert_eq!(lease("seoul", 361).await, 0, "nobody waits for it any more");
}

#[tokio::test]
async fn who_asks_twice_within_a_minute_asked_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    store.ask_rounds(vec![asked(0)]).await.unwrap();
    let again = AskedRound {
        asked: time(0) + TimeDelta::seconds(59),
        ..asked(0)
    };
    store.ask_rounds(vec![again]).await.unwrap();
    let waiting = || store.reader().unwrap().waiting_rounds(time(2)).unwrap();
    assert_eq!(waiting(), [asked(0)]);
    store.ask_rounds(vec![asked(1)]).await.unwrap();
    assert_eq!(waiting(), [asked(1)]);
}
