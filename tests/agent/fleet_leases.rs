//! Agents of one vantage at a real nats-server: one of them connects to a host, and one of them
//! makes the rounds of the schedule.

use std::sync::Arc;
use std::time::Duration;

use accesswatch::agent::host_leases::FleetLeases;
use accesswatch::fleet::{Broker, BrokerOptions, UserCreds};
use accesswatch::net::pace::{HostLease, HostLeases as _};

use crate::broker::{Fleet, has_broker};
use crate::harness::{Hub, site, uids, until};

/// Longer than a lease that is free takes, and shorter than one that is held lasts.
const SHORT: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(60);

fn leases(fleet: &Fleet, name: &str) -> Arc<FleetLeases> {
    let creds = UserCreds::read(&fleet.watch.file("fleet/seoul.creds")).unwrap();
    let broker = Broker::new(BrokerOptions {
        address: fleet.broker.url().parse().unwrap(),
        creds,
        roots: Some(fleet.authority.pem().into_bytes()),
        name: name.to_owned(),
        inbox: Some("_INBOX_seoul".to_owned()),
    });
    FleetLeases::new(Arc::new(broker.unwrap()), "seoul".into(), name.to_owned())
}

async fn lease(
    leases: &Arc<FleetLeases>,
    host: &str,
    limit: Duration,
) -> Option<Box<dyn HostLease>> {
    let answer = tokio::time::timeout(limit, leases.lease(host)).await;
    answer.ok().flatten()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_has_one_connection_over_all_agents_of_a_vantage() {
    if !has_broker() {
        return;
    }
    let site = site();
    let mut fleet = Fleet::new(&site);
    let (one, two) = (leases(&fleet, "one"), leases(&fleet, "two"));
    let held = lease(&one, "www.example.org", PATIENCE).await.unwrap();
    assert!(lease(&two, "www.example.org", SHORT).await.is_none());
    assert!(lease(&two, "other.example.org", PATIENCE).await.is_some());
    held.end(Duration::ZERO);
    let next = lease(&two, "WWW.example.org", PATIENCE).await;
    assert!(next.is_some(), "it was given back");
    // An agent that was killed and started again has its own lease.
    drop(next);
    let again = leases(&fleet, "two");
    assert!(lease(&again, "www.example.org", PATIENCE).await.is_some());

    assert!(one.take_turn().await.unwrap());
    assert!(!two.take_turn().await.unwrap());
    assert!(one.take_turn().await.unwrap(), "it keeps the turn");

    // Without the broker, an agent goes on by its own pace.
    fleet.broker.kill();
    let alone = tokio::time::timeout(PATIENCE, one.lease("www.example.net")).await;
    assert!(alone.unwrap().is_none());
    assert!(one.take_turn().await.is_err());
}

#[test]
fn of_two_agents_one_makes_the_rounds_of_the_schedule() {
    if !has_broker() {
        return;
    }
    let site = site();
    let fleet = Fleet::new(&site);
    let hub = Hub::start(&fleet.watch);
    let (first, second) = (fleet.agent("seoul"), fleet.agent("seoul"));
    let mut one = first.start();
    until("the first records", || {
        (uids(&fleet.watch).len() == 2).then_some(())
    });
    let mut two = second.start();
    two.line_with("another agent of the vantage makes the rounds");
    until("its workspace", || {
        second.file("workspace.json").exists().then_some(())
    });
    until("its report", || {
        second.file("state.json").exists().then_some(())
    });
    assert_eq!(uids(&fleet.watch).len(), 2, "each round is made once");
    one.kill();
    two.kill();
    drop(hub);
}
