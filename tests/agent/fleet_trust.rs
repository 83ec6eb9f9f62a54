//! What the user of one vantage can have a real nats-server do to another one, and what becomes of
//! records that the hub does not take.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use accesswatch::agent::host_leases::FleetLeases;
use accesswatch::fleet::{Broker, BrokerOptions, UserCreds};
use async_nats::{Client, HeaderMap, Message};

use crate::broker::{Fleet, has_broker};
use crate::harness::{Hub, site, uids, until};

const PATIENCE: Duration = Duration::from_secs(30);

fn broker(fleet: &Fleet, user: &str) -> Broker {
    let creds = UserCreds::read(&fleet.watch.file(&format!("fleet/{user}.creds"))).unwrap();
    let inbox = (user != "hub").then(|| format!("_INBOX_{user}"));
    Broker::new(BrokerOptions {
        address: fleet.broker.url().parse().unwrap(),
        creds,
        roots: Some(fleet.authority.pem().into_bytes()),
        name: user.to_owned(),
        inbox,
    })
    .unwrap()
}

/// The newest value of a key, once there is one.
async fn newest(hub: &Client, bucket: &str, key: &str) -> Message {
    let place = format!("$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}");
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let found = hub.request(place.clone(), "".into()).await.unwrap();
        if found.status.is_none() {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "no value: {place}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_copies_for_one_vantage_is_nothing_of_another_one() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let (hub, seoul) = (broker(&fleet, "hub"), broker(&fleet, "seoul"));
    let (hub, seoul) = (hub.client().await.unwrap(), seoul.client().await.unwrap());
    let streams = async_nats::jetstream::new(seoul.clone());
    let put = async |key: &str, headers: HeaderMap, bytes: Vec<u8>| {
        let kept = streams.publish_with_headers(key.to_owned(), headers, bytes.into());
        kept.await.unwrap().await
    };
    let own = "$KV.aw-hosts.seoul.x";
    put(own, HeaderMap::new(), b"stranger".to_vec())
        .await
        .unwrap();

    // The turn of Osaka, taken with a copy: an agent of Osaka takes it all the same.
    let copy = format!("$JS.API.DIRECT.GET.KV_aw-hosts.{own}");
    let elsewhere = "$KV.aw-hosts.osaka._passes";
    let asked = seoul.publish_with_reply(copy, elsewhere, "".into()).await;
    asked.unwrap();
    let copied = newest(&hub, "aw-hosts", "osaka._passes").await;
    assert_eq!(copied.payload.as_ref(), b"stranger", "the broker copies");
    let osaka = Arc::new(broker(&fleet, "osaka"));
    let leases = FleetLeases::new(osaka, "osaka".into(), "one".to_owned());
    assert!(leases.take_turn().await.unwrap());

    // A rollup would remove it, and a long value would fill the memory of the broker.
    let mut all = HeaderMap::new();
    all.insert("Nats-Rollup", "all");
    assert!(put(own, all, b"x".to_vec()).await.is_err());
    assert!(put(own, HeaderMap::new(), vec![b'x'; 2000]).await.is_err());
    let kept = newest(&hub, "aw-hosts", "osaka._passes").await;
    assert_eq!(kept.payload.as_ref(), b"one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_answered_at_the_inbox_of_its_vantage_only() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let _daemon = Hub::start(&fleet.watch);
    let (hub, seoul) = (broker(&fleet, "hub"), broker(&fleet, "seoul"));
    let (hub, seoul) = (hub.client().await.unwrap(), seoul.client().await.unwrap());
    let before = newest(&hub, "aw-workspace", "osaka").await;
    let report = serde_json::json!({
        "version": "1", "clock": chrono::Utc::now(), "spool": 0, "last_round": null,
    });
    let report = report.to_string();
    let elsewhere = "$KV.aw-workspace.osaka";
    let asked = seoul.publish_with_reply("aw.hello.seoul", elsewhere, report.clone().into());
    asked.await.unwrap();
    // The next report is answered, so that the hub has seen the first one.
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let answer = seoul.request("aw.hello.seoul", report.clone().into()).await;
        if answer.is_ok_and(|answer| answer.payload.starts_with(b"{\"heard\"")) {
            break;
        }
        assert!(tokio::time::Instant::now() < end, "no answer");
    }
    let after = newest(&hub, "aw-workspace", "osaka").await;
    assert_eq!(after.payload, before.payload);
}

#[test]
fn records_of_a_vantage_that_the_configuration_left_out_come_in_when_it_is_back() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let hub = Hub::start(&fleet.watch);
    let folder = fleet.agent("seoul");
    let mut agent = folder.start();
    until("the first records", || {
        (uids(&fleet.watch).len() == 2).then_some(())
    });
    until("an empty spool", || folder.is_sent().then_some(()));
    agent.kill();
    drop(hub);

    // Another pass, which the broker has; the hub begins without the vantage as an agent's.
    let text = std::fs::read_to_string(folder.file("state.json")).unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    state["last_checked"] = serde_json::json!({});
    std::fs::write(folder.file("state.json"), state.to_string()).unwrap();
    let mut agent = folder.start();
    agent.line_with("records are on their way");
    let config = fleet.watch.file("config/accesswatch.toml");
    let whole = std::fs::read_to_string(&config).unwrap();
    let without = whole.replace("via = \"agent\"\ntoken = \"file:seoul\"", "");
    assert_ne!(whole, without);
    std::fs::write(&config, without).unwrap();
    let hub = Hub::start(&fleet.watch);
    let held = fleet.watch.file("data/held-records.jsonl");
    until("the records are held", || held.exists().then_some(()));
    until("an empty spool", || folder.is_sent().then_some(()));
    agent.kill();
    drop(hub);
    let lines = std::fs::read_to_string(&held).unwrap();
    assert!(lines.lines().count() >= 2, "{lines}");
    let before = uids(&fleet.watch);

    std::fs::write(&config, whole).unwrap();
    let hub = Hub::start(&fleet.watch);
    until("nothing is held", || (!held.exists()).then_some(()));
    let after = uids(&fleet.watch);
    assert!(after.len() >= before.len() + 2, "{before:?} {after:?}");
    let different: BTreeSet<&String> = after.iter().collect();
    assert_eq!(different.len(), after.len(), "no record is there twice");
    drop(hub);
}
