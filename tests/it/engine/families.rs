//! Document types compared with one control: which of them lost their full text, and whether all
//! did.

use std::sync::Arc;

use accesswatch::config;
use accesswatch::engine::{Engine, PassReport};
use accesswatch::model::{Code, Level, ProbeKey};

use crate::support::engine::{engine, job, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const WITH: &str = "<title>论文</title><h1>论文</h1><p>摘要</p><a id=pdfDown href=/pdf/1>下载</a>";
const WITHOUT: &str = "<title>论文</title><h1>论文</h1><p>摘要</p>";
const TYPES: [&str; 4] = ["journal", "thesis", "proceeding", "newspaper"];

const SOURCE: &str = "[source]\nid = \"cnki\"\nname = \"CNKI\"\nname_zh = \"知网\"\ngroup = \"test\"\naccess = \"public\"\n";
const FAMILY: &str = "\n[[probe]]\nlevel = \"abstract\"\nsibling = \"cnki/journal\"\n\
     [probe.expect]\ncontains = [\"摘要\"]\n[probe.expect.level]\nfulltext = [\"#pdfDown\"]\n";

fn record(id: &str, url: &str, more: &str) -> String {
    format!("\n[[probe.record]]\nid = \"{id}\"\nname = \"Type {id}\"\nurl = \"{url}\"\n{more}\n")
}

/// A site with a record of each type, and the family that watches them; all were seen well once.
struct Library {
    site: Site,
    watch: TestWorkspace,
    engine: Arc<Engine>,
}

impl Library {
    async fn open() -> Self {
        let site = Site::start();
        site.set("/control", Answer::html("works"));
        let watch = TestWorkspace::new(&site.url("/control"));
        let mut text = format!("{SOURCE}{FAMILY}");
        for kind in TYPES {
            site.set(&format!("/{kind}"), Answer::html(WITH));
            text += &record(kind, &site.url(&format!("/{kind}")), "");
        }
        watch.write("probes/test/cnki.toml", &text);
        let engine = engine(&watch).await;
        let library = Self {
            site,
            watch,
            engine,
        };
        let first = library.look(&TYPES).await;
        assert!(Library::codes(&first).iter().all(|c| *c == Code::Ok));
        library
    }

    fn lose(&self, kinds: &[&str]) {
        for kind in kinds {
            self.site.set(&format!("/{kind}"), Answer::html(WITHOUT));
        }
    }

    async fn look(&self, kinds: &[&str]) -> PassReport {
        let jobs = kinds.iter().map(|k| job(&format!("cnki/{k}"))).collect();
        make(&self.engine, jobs).await
    }

    /// The status of each type, in the order of [`TYPES`].
    fn codes(report: &PassReport) -> Vec<Code> {
        let status = |kind: &&str| {
            let key = (ProbeKey::new("cnki", *kind), "here".into());
            report.tracker.statuses[&key].observed.code
        };
        TYPES.iter().map(status).collect()
    }

    /// Checks that `rejudge` finds nothing to change; returns the mails.
    fn close(self) -> Vec<String> {
        drop(self.engine);
        let told = self.watch.run(&["rejudge"]).ends(0);
        let said = format!("{}{}", told.out, told.err);
        assert!(said.contains("nothing changes"), "{said}");
        let _ = self.watch.run(&["run", "--source", "cnki"]);
        self.watch.mails()
    }
}

use Code::{
    ContentChanged as Changed, ContentUnproven as Unproven, ContentWithdrawn as Withdrawn, Ok,
};

#[tokio::test]
async fn several_types_lose_their_full_text_while_the_control_keeps_it() {
    let library = Library::open().await;
    library.lose(&["thesis", "proceeding"]);
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Ok, Withdrawn, Withdrawn, Ok]);
    let open: Vec<_> = report
        .tracker
        .incidents
        .values()
        .filter(|i| i.is_open())
        .collect();
    assert_eq!(open.len(), 2);
    for incident in open {
        assert_eq!(
            incident.still_works,
            ["cnki/journal (abstract)", "cnki/newspaper (abstract)"]
        );
    }
    let mails = library.close();
    // One mail reports both.
    let mails = mails
        .iter()
        .map(|m| crate::support::mime::parse(m.as_bytes()));
    let of_both = |m: &crate::support::mime::Mail| m.text.contains("Type thesis");
    let text = mails.into_iter().find(of_both).unwrap().text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "Type thesis",
        "Type proceeding",
        "Type journal",
        "Type newspaper",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[tokio::test]
async fn all_types_and_the_control_together_leave_the_level_unproven() {
    let library = Library::open().await;
    library.lose(&TYPES);
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Unproven; 4]);
    let open = report.tracker.incidents.values().filter(|i| i.is_open());
    assert_eq!(open.count(), 4, "somebody has to look");
    // An unchanged state needs no second look: each page is fetched once per pass.
    library.site.asked();
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Unproven; 4]);
    let mut pages = library.site.asked();
    pages.retain(|path| path != "/control");
    pages.sort_unstable();
    assert_eq!(pages, ["/journal", "/newspaper", "/proceeding", "/thesis"]);
    // One type shows its button again, so the others' buttons are withdrawn.
    library.site.set("/newspaper", Answer::html(WITH));
    let report = library.look(&TYPES).await;
    assert_eq!(
        Library::codes(&report),
        [Withdrawn, Withdrawn, Withdrawn, Ok]
    );
    library.close();
}

#[tokio::test]
async fn a_button_that_only_changed_its_marker_is_no_loss() {
    let library = Library::open().await;
    let renamed = WITH.replace("id=pdfDown", "class=btn-download");
    library.site.set("/thesis", Answer::html(&renamed));
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Ok, Changed, Ok, Ok]);
    // A button that cannot be used counts as missing.
    let disabled = WITH.replace("id=pdfDown", "id=pdfDown aria-disabled=true");
    library.site.set("/newspaper", Answer::html(&disabled));
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Ok, Changed, Ok, Withdrawn]);
    // The same words without a target are no way to the full text.
    let dead = renamed.replace("href=/pdf/1", "href=#");
    library.site.set("/thesis", Answer::html(&dead));
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Ok, Withdrawn, Ok, Withdrawn]);
    library.close();
}

#[tokio::test]
async fn the_control_alone_is_a_withdrawal_of_its_own_type() {
    let library = Library::open().await;
    library.lose(&["journal"]);
    // The other types were not due. They are fetched because the control lost its button.
    let report = library.look(&["journal"]).await;
    assert_eq!(Library::codes(&report), [Withdrawn, Ok, Ok, Ok]);
    assert_eq!(report.pass.rounds.len(), 4);
    library.close();
}

#[tokio::test]
async fn one_type_that_still_shows_its_button_proves_that_the_page_is_as_it_was() {
    let library = Library::open().await;
    library.lose(&["journal", "thesis", "proceeding"]);
    let report = library.look(&["thesis"]).await;
    assert_eq!(
        Library::codes(&report),
        [Withdrawn, Withdrawn, Withdrawn, Ok]
    );
    library.close();
}

#[tokio::test]
async fn what_was_withdrawn_before_stays_so_when_all_lose_theirs_later() {
    let library = Library::open().await;
    library.lose(&["thesis"]);
    let report = library.look(&TYPES).await;
    assert_eq!(Library::codes(&report), [Ok, Withdrawn, Ok, Ok]);
    library.lose(&TYPES);
    let report = library.look(&TYPES).await;
    assert_eq!(
        Library::codes(&report),
        [Unproven, Withdrawn, Unproven, Unproven]
    );
    let open: Vec<_> = report
        .tracker
        .incidents
        .values()
        .filter(|i| i.is_open())
        .collect();
    assert_eq!(open.len(), 4, "the dissertations' incident goes on");
    library.close();
}

fn loaded(text: &str) -> Result<config::Workspace, config::Diagnostics> {
    let watch = TestWorkspace::new("http://127.0.0.1:9/control");
    watch.write("probes/test/cnki.toml", text);
    config::load(watch.path())
}

#[test]
fn records_share_what_stands_above_them() {
    let mut text = format!("{SOURCE}{FAMILY}");
    text += &record(
        "journal",
        "http://127.0.0.1:9/j",
        "schedule = \"20 9 * * *\"",
    );
    text += &record("thesis", "http://127.0.0.1:9/t", "provisional = true");
    text += &record(
        "map",
        "http://127.0.0.1:9/m",
        "sibling = \"cnki/thesis\"\nexpect = { title = [\"地图\"] }",
    );
    let catalogue = loaded(&text).unwrap_or_else(|e| panic!("{e}")).catalogue;
    let probe = |id: &str| catalogue.probe(&ProbeKey::new("cnki", id)).unwrap();
    let (journal, thesis, map) = (probe("journal"), probe("thesis"), probe("map"));
    assert_eq!(journal.sibling, None, "the control is held against nothing");
    assert_eq!(thesis.sibling, Some(journal.key()));
    assert_eq!(map.sibling, Some(thesis.key()));
    assert_eq!(journal.expect, thesis.expect);
    assert_eq!(thesis.expect.level[&Level::Fulltext], ["#pdfDown"]);
    assert!(map.expect.level.is_empty() && map.expect.contains.is_empty());
    assert_eq!(journal.schedule.as_deref(), Some("20 9 * * *"));
    assert!(thesis.provisional && !journal.provisional);
    assert_eq!(thesis.name, "Type thesis");
}

#[test]
fn faults_of_a_family_have_their_place() {
    let mut text = format!("{SOURCE}\n[[probe]]\nid = \"all\"\nlevel = \"abstract\"\ncolour = 1\n");
    text += "\n[[probe.record]]\nid = \"a\"\nurl = \"http://127.0.0.1:9/a\"\nshape = 2\n";
    text += "\n[[probe.record]]\nid = \"b\"\n";
    let faults = loaded(&text).unwrap_err().to_string();
    for fault in [
        "cnki.toml:9:6: error: `id` is given for records that have their own",
        "cnki.toml:11:1: error: `colour` is not a key of [[probe]]",
        "cnki.toml:16:1: error: `shape` is not a key of [[probe.record]]",
        "cnki.toml:18:1: error: [[probe.record]] needs `url`",
    ] {
        assert!(faults.contains(fault), "{fault}\n{faults}");
    }
}
