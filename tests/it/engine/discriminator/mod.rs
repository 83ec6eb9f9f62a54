//! Discriminators that the engine asks of real servers: which, of whom, in what order, once, and
//! what they prove.

mod asked;
mod links;
mod names;

use std::net::Ipv4Addr;
use std::sync::Arc;

use accesswatch::engine::{Engine, PassReport};
use accesswatch::model::discriminator::{
    Discriminator, DiscriminatorStep, NEUTRAL_NAME, NotAsked, Proof, Statement,
};
use accesswatch::model::{Code, Failure, Finding, Locus, ProbeKey, Status, VantageId};
use accesswatch::store::{RowFilter, StoredRecord};

use crate::support::authority::{Authority, Identity};
use crate::support::dns::UdpServer;
use crate::support::engine::{engine, everything as pass};
use crate::support::socks::{self, SocksProxyMode};
use crate::support::tampered_network::{Cut, Names, TamperedNetwork, shared_port};
use crate::support::tcp::Server;
use crate::support::workspace::TestWorkspace;

/// A name of a local network, for which loopback is a plausible address.
const SITE: &str = "cnki.internal";
const CONTROL: &str = "control.internal";
const PAGE: &str = "<title>正常</title><h1>本馆收藏的中文期刊论文与学位论文目录</h1><p>正常。读者可以按照题名、作者、关键词、摘要、出版年份检索\
     本库所收录的期刊、博士论文、会议论文、报纸文章、年鉴与统计资料，并查看每篇文献的摘要、参考文献和引证文献；\
     校外读者请使用图书馆提供的远程访问服务。</p>";
const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const THERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A site, a control, their resolver, and the reference.
struct TamperedSites {
    way: TamperedNetwork,
    names: Names,
    reference: Names,
    authority: Authority,
    site: Server,
    control: Server,
    watch: TestWorkspace,
    _resolvers: Vec<UdpServer>,
}

impl TamperedSites {
    async fn new(scheme: &str) -> Self {
        let (way, names, reference) = (
            TamperedNetwork::default(),
            Names::default(),
            Names::default(),
        );
        let authority = Authority::new();
        let port = shared_port(&[HERE, THERE]).await;
        let (site, control) = if scheme == "https" {
            let good = |name| authority.good(&[name]);
            (
                way.secure((HERE, port), &good(SITE), PAGE).await,
                way.secure((HERE, 0), &good(CONTROL), "control").await,
            )
        } else {
            (
                way.plain((HERE, port), PAGE).await,
                way.plain((HERE, 0), "control").await,
            )
        };
        for known in [&names, &reference] {
            known.lead(SITE, &["127.0.0.1"]);
            known.lead(CONTROL, &["127.0.0.1"]);
        }
        let (resolver, other) = (names.resolver().await, reference.resolver().await);
        let control_url = format!("{scheme}://{CONTROL}:{}/", control.addr.port());
        let watch = TestWorkspace::new(&control_url);
        watch.write("ca.pem", &authority.pem());
        watch.append(
            "config/accesswatch.toml",
            &format!(
                "resolver = \"udp://{}\"\nca = \"ca.pem\"\n\n[dns]\nreference = \"udp://{}\"\n",
                resolver.addr, other.addr
            ),
        );
        watch.source(
            "papers",
            &[format!("{scheme}://{SITE}:{port}/")],
            "contains = [\"正常\"]",
        );
        Self {
            way,
            names,
            reference,
            authority,
            site,
            control,
            watch,
            _resolvers: vec![resolver, other],
        }
    }

    async fn engine(&self) -> Arc<Engine> {
        engine(&self.watch).await
    }

    /// A server at the other address, on the site's port.
    async fn elsewhere(&self, identity: &Identity) -> Server {
        let port = self.site.addr.port();
        self.way.secure((THERE, port), identity, PAGE).await
    }
}

/// The site's records, oldest first.
fn records(engine: &Engine) -> Vec<StoredRecord> {
    let mut found = Vec::new();
    let reader = engine.store.reader().unwrap();
    reader
        .visit_records(&RowFilter::default(), &mut |record: StoredRecord| {
            if !record.place.control {
                found.push(record);
            }
            true
        })
        .unwrap();
    found
}

fn discriminators(record: &StoredRecord) -> &[Discriminator] {
    &record.measurement.extra().unwrap().discriminators
}

fn status(report: &PassReport) -> Status {
    let key = (ProbeKey::new("papers", "page0"), VantageId::from("here"));
    report.tracker.statuses[&key].clone()
}

fn finding(report: &PassReport) -> Option<Finding> {
    report.tracker.incidents.values().next().map(|i| i.finding)
}

fn proof(report: &PassReport) -> Option<Proof> {
    status(report).attribution.unwrap().proof
}

fn step(all: &[Discriminator], step: DiscriminatorStep) -> &Discriminator {
    all.iter().find(|d| d.step == step).unwrap()
}

fn failed(all: &[Discriminator], of: DiscriminatorStep) -> Option<&str> {
    step(all, of).failure.as_ref().map(Failure::as_str)
}

/// The store and the command line reproduce the result.
fn told_again(street: &TamperedSites, engine: Arc<Engine>) {
    drop(engine);
    let told = street.watch.run(&["rejudge"]).ends(0);
    assert!(
        told.err.contains("nothing changes"),
        "{}{}",
        told.out,
        told.err
    );
}
