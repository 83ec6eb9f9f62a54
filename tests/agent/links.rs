//! Cited links that an agent checks: leased, fetched where it stands, and counted by the hub as
//! part of its own check.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use accesswatch::model::link::{LinkId, LinkState};
use accesswatch::model::link_status::WatchedLink;
use accesswatch::model::{Time, VantageId};
use accesswatch::store::Store;
use chrono::TimeDelta;
use tokio::runtime::Runtime;

use crate::authority::Authority;
use crate::harness::{AgentFolder, Hub, Process, TOKEN, TlsFront, hub_workspace, site, until};
use crate::pages::{Answer, Site};
use crate::workspace::{Ran, TestWorkspace};

const PAPER: &str = "<title>A paper</title><h1>A paper</h1><p>The paper says that the harvest of the \
    third year was larger than that of the second, as the records of the county show.</p>";

/// A hub with a vantage of its own, an agent in Seoul, and a document that cites papers.
struct Cited {
    site: Site,
    watch: TestWorkspace,
    folder: AgentFolder,
    _hub: Hub,
    _front: TlsFront,
}

impl Cited {
    fn new(own: bool) -> Self {
        Self::of_papers(own, "0s", 1)
    }

    /// A document that cites this many papers, `/paper0` and so on.
    fn of_papers(own: bool, interval: &str, papers: usize) -> Self {
        let site = site();
        let mut paragraphs = Vec::new();
        for n in 0..papers {
            let path = format!("/paper{n}");
            let text = PAPER.replace("county", &format!("county of number {n}"));
            site.set(&path, Answer::html(&text));
            let url = site.url(&path);
            paragraphs.push(format!("<p><a href=\"{url}\">A paper</a></p>"));
        }
        let watch = hub_workspace(&site);
        let here = format!(
            "[[vantage]]\nid = \"here\"\ncountry = \"DE\"\nvia = \"direct\"\ncontrols = [\"{}\"]\n",
            site.url("/control")
        );
        watch.append(
            "config/accesswatch.toml",
            &format!(
                "{}[links]\nprivate = true\nrobots = false\nper_domain_interval = \"{interval}\"\n\
                 vantages = [\"here\", \"seoul\"]\n",
                if own { here.as_str() } else { "" }
            ),
        );
        watch.write("thesis.html", &paragraphs.concat());
        let document = watch.file("thesis.html").to_string_lossy().into_owned();
        watch.run(&["links", "import", &document]).ends(0);
        let authority = Authority::new();
        let front = TlsFront::start(&authority);
        let hub = Hub::start(&watch);
        front.lead_to(&hub);
        let folder = AgentFolder::new(&front, &authority, TOKEN);
        std::fs::write(folder.file("agent.toml"), "private_links = true\n").unwrap();
        Self {
            site,
            watch,
            folder,
            _hub: hub,
            _front: front,
        }
    }

    fn store(&self) -> Store {
        Store::open(&self.watch.file("data/accesswatch.db")).unwrap()
    }

    fn link(&self) -> WatchedLink {
        let store = self.store();
        let links = store.watched_links(vec![LinkId(1)]);
        Runtime::new().unwrap().block_on(links).unwrap().remove(0)
    }

    /// Starts the agent, and waits until the hub has taken in its record. The hub may do that
    /// before anyone looks.
    fn agent_looks(&self) -> (Process, WatchedLink) {
        let before = self.seen_at();
        let agent = self.folder.start();
        until("the record of the agent", || {
            // The daemon takes records in once a minute; this command does it at once.
            self.watch.run(&["links", "check"]);
            (self.seen_at() > before).then_some(())
        });
        (agent, self.link())
    }

    /// Checks the link from here, when the hub does not.
    fn check_here(&self) -> Ran {
        until("a check from here", || {
            let ran = self.watch.run(&["links", "check", "--all"]);
            (!ran.err.contains("another accesswatch")).then_some(ran)
        })
    }

    fn seen_at(&self) -> Option<Time> {
        self.link().status.view(&"seoul".into()).map(|view| view.at)
    }
}

#[test]
fn where_only_agents_check_links_the_hub_leaves_them_to_these() {
    let cited = Cited::new(false);
    let all = cited.check_here();
    assert!(all.err.contains("1 link left to agents"), "{}", all.err);
    let (mut agent, link) = cited.agent_looks();
    assert_eq!(link.status.state, LinkState::Alive, "{link:?}");
    assert_eq!(link.status.views.len(), 1, "{link:?}");
    assert_eq!(link.status.title.as_deref(), Some("A paper"));
    let asked = cited.site.asked();
    assert!(asked.iter().any(|path| path == "/paper0"), "{asked:?}");
    agent.kill();
}

#[test]
fn what_two_networks_see_confirms_that_a_link_is_gone() {
    let cited = Cited::new(true);
    cited.check_here();
    let (mut agent, link) = cited.agent_looks();
    assert_eq!(link.status.state, LinkState::Alive);
    assert_eq!(link.status.views.len(), 2, "{link:?}");
    agent.kill();

    let gone = Answer::html("<title>Gone</title><p>gone</p>").with_status(410);
    cited.site.set("/paper0", gone);
    cited.check_here();
    let one = cited.link();
    assert_ne!(
        one.status.state,
        LinkState::Gone,
        "one network proves nothing"
    );
    let (mut agent, two) = cited.agent_looks();
    assert_eq!(two.status.state, LinkState::Gone, "{two:?}");
    assert_eq!(
        two.status.rot.map(|run| run.checks),
        Some(1),
        "one check of both"
    );
    agent.kill();
}

#[test]
fn the_pause_of_a_domain_lasts_from_one_batch_to_the_next() {
    // A batch has eight links of a domain.
    const PAPERS: usize = 10;
    let cited = Cited::of_papers(false, "2s", PAPERS);
    cited.site.asked();
    let mut agent = cited.folder.start();
    let mut asked: Vec<(String, Instant)> = Vec::new();
    until("every paper", || {
        let new = cited.site.asked().into_iter();
        let new = new.filter(|path| path != "/control" && path != "/article");
        asked.extend(new.map(|path| (path, Instant::now())));
        let papers = asked.iter().map(|(path, _)| path);
        let papers: BTreeSet<&String> = papers.filter(|p| p.starts_with("/paper")).collect();
        (papers.len() >= PAPERS).then_some(())
    });
    for pair in asked.windows(2) {
        let gap = pair[1].1 - pair[0].1;
        assert!(gap >= Duration::from_secs(1), "{gap:?} in {asked:?}");
    }
    agent.kill();
}

#[tokio::test]
async fn a_link_that_was_given_in_vain_is_given_again_when_it_is_due_again() {
    let site = site();
    let watch = hub_workspace(&site);
    let page = site.url("/paper");
    watch.write("thesis.html", &format!("<a href=\"{page}\">A paper</a>"));
    let document = watch.file("thesis.html").to_string_lossy().into_owned();
    watch.run(&["links", "import", &document]).ends(0);
    let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
    let seoul = VantageId::from("seoul");
    let first = chrono::Utc::now();
    let at = |minutes: i64| first + TimeDelta::minutes(minutes);
    let queue = async |at: Time| {
        let queued = store.queue_link_tasks(vec![LinkId(1)], vec![seoul.clone()], at);
        queued.await.unwrap();
    };
    let lease = async |at: Time| {
        let mut free = Vec::new();
        let reader = store.reader().unwrap();
        let add = &mut |id: LinkId, _: &str| {
            free.push(id);
            true
        };
        reader.visit_free_links(&seoul, at, add).unwrap();
        let until = at + TimeDelta::minutes(10);
        let leased = store.lease_links(&seoul, free, at, until).await.unwrap();
        !leased.is_empty()
    };
    queue(at(0)).await;
    for given in 0..3 {
        assert!(lease(at(given * 10)).await, "{given}");
    }
    queue(at(29)).await;
    assert!(!lease(at(29)).await, "it is leased");
    assert!(!lease(at(30)).await, "it was given in vain three times");
    queue(at(30)).await;
    assert!(lease(at(30)).await, "it is due again");
}
