//! Every shipped probe against a stand-in of its site, made from a small record in
//! `tests/sources/`. The healthy page is `ok`. Its known restriction, a check for people and a new
//! design get the codes that the record names. A page that the site is known to show instead never
//! counts as reached.

use std::sync::Arc;
use std::time::Duration;

use accesswatch::config::{self, Workspace};
use accesswatch::engine::Engine;
use accesswatch::engine::due::Job;
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::probe::Target;
use accesswatch::model::settings::{Confirm, Politeness, Settings};
use accesswatch::model::vantage::Control;
use accesswatch::model::{Catalogue, Code, Probe, ProbeKey, RoundId, Vantage};
use accesswatch::probe::Prober;
use accesswatch::store::Store;

use crate::support::authority::Authority;
use crate::support::engine::{job, make};
use crate::support::english::English;
use crate::support::fake_sources::{Answer, FakeSource, Scene, today};
use crate::support::sites::{Record, Shown, common, put, records, root};
use crate::support::socks::{self, SocksProxyMode};
use crate::support::{engine, system_clock, tls, vantage};

/// Chooses the page of a record that is shown.
type Pick<'a> = &'a dyn Fn(&Record) -> Option<Shown>;

/// The code that a page must get when the record names none for it.
#[derive(Clone, Copy)]
enum Otherwise {
    Ok,
    /// The record must name a code.
    Named,
    /// Any code except `ok`.
    NotReached,
}

struct Stage {
    stand_in: FakeSource,
    prober: Prober,
    vantage: Vantage,
    judge: Judge,
    catalogue: Catalogue,
    dir: tempfile::TempDir,
    workspace: Workspace,
}

async fn stage() -> Stage {
    let shipped = config::load_with(root(), &|_| None).unwrap_or_else(|faults| panic!("{faults}"));
    let hosts: Vec<String> = shipped
        .catalogue
        .probes
        .values()
        .filter_map(|p| p.host().map(str::to_owned))
        .chain(records().into_values().filter_map(|r| {
            let to = r.leads_to()?;
            to.host_str().map(str::to_owned)
        }))
        .chain(["kns.cnki.net", "www.wanfangdata.com.cn"].map(str::to_owned))
        .collect();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let authority = Authority::new();
    let acceptor = tls::acceptor(&authority.good(&names), &[b"http/1.1"]);
    let stand_in = FakeSource::start(acceptor).await;
    let proxy = socks::start(SocksProxyMode::Tunnel(stand_in.server.addr)).await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("root.pem"), authority.pem()).unwrap();
    let vantage = Vantage {
        via: proxy.via(None),
        ca: Some("root.pem".into()),
        ..vantage::direct()
    };
    let mut workspace = shipped.clone();
    let settings = Settings {
        // No stand-in is slow on purpose, only a busy machine is.
        politeness: Politeness {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(30),
            ..vantage::politeness()
        },
        vantages: vec![vantage.clone()],
        ..shipped.settings.clone()
    };
    dir.path().clone_into(&mut workspace.dir);
    workspace.settings = at_once(&settings);
    workspace.settings.store.evidence = dir.path().join("evidence");
    // The proxy lives as long as the test.
    std::mem::forget(proxy);
    Stage {
        prober: Prober::new(&settings, dir.path(), system_clock()).unwrap(),
        judge: Judge::new(&shipped.catalogue, &shipped.signatures),
        catalogue: shipped.catalogue,
        stand_in,
        vantage,
        dir,
        workspace,
    }
}

/// Confirms and mails without waiting, and without back-off. The only control always answers.
fn at_once(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.politeness.back_off = Duration::ZERO;
    settings.confirm = Confirm {
        after: vec![Duration::from_millis(1); 3],
        recover_after: vec![Duration::from_millis(1); 2],
        hold: Duration::ZERO,
        night: None,
    };
    settings.vantages[0].controls = vec![Control {
        url: "http://control.test/".parse().unwrap(),
        body: None,
        echo: false,
    }];
    settings
}

impl Stage {
    /// Shows one page of every record, measures every probe, and returns the differences from what
    /// is wanted.
    async fn play(&self, what: &str, pick: Pick<'_>, otherwise: Otherwise) -> Vec<String> {
        let (common, today) = (common(), today());
        let mut scene = Scene::new();
        let mut wanted: Vec<(Arc<Probe>, Option<String>, Answer)> = Vec::new();
        for ((source, id), record) in records() {
            let key = format!("{source}/{id}").parse().unwrap();
            let page = match pick(&record) {
                None => continue,
                Some(Shown::Common(name)) => common
                    .get(&name)
                    .unwrap_or_else(|| panic!("no page {name}"))
                    .clone(),
                Some(Shown::Own(page)) => *page,
            };
            let probe = self
                .catalogue
                .probes
                .get(&key)
                .unwrap_or_else(|| panic!("no probe {key}"));
            let answer = page.answer(today);
            put(&mut scene, probe, &record, &answer);
            wanted.push((Arc::clone(probe), page.code.clone(), answer));
        }
        self.stand_in.play(scene);
        let mut differing = Vec::new();
        for (probe, code, answer) in wanted {
            self.write_file(&probe, &answer);
            let (got, why) = self.verdict(&probe).await;
            let right = match (&code, otherwise) {
                (Some(code), _) => got.as_str() == code,
                (None, Otherwise::Ok) => got == Code::Ok,
                (None, Otherwise::NotReached) => got != Code::Ok,
                (None, Otherwise::Named) => false,
            };
            if !right {
                let key = probe.key();
                differing.push(format!("{key} {what}: {got} instead of {code:?} ({why})"));
            }
        }
        differing
    }

    /// Writes the file of a file probe, as its job would; two probes of a source read the same
    /// file.
    fn write_file(&self, probe: &Probe, answer: &Answer) {
        if let Target::File(path) = &probe.target {
            let path = self.dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &answer.body).unwrap();
        }
    }

    async fn verdict(&self, probe: &Probe) -> (Code, String) {
        let round = RoundId("r".to_owned());
        let m = self.prober.measure(probe, &self.vantage, &round, 0).await;
        let reading = self.judge.read(&m, Some(probe));
        let verdict = self
            .judge
            .decide(&reading, &m, Some(probe), &History::new(), m.started());
        let evidence: Vec<String> = verdict.evidence.iter().map(English::english).collect();
        (
            verdict.code,
            format!("{}; {}", verdict.rule, evidence.join("; ")),
        )
    }
}

#[test]
fn every_shipped_probe_has_a_record() {
    let shipped = config::load_with(root(), &|_| None).unwrap_or_else(|faults| panic!("{faults}"));
    let records = records();
    let without: Vec<String> = shipped
        .catalogue
        .probes
        .keys()
        .filter(|key| !records.contains_key(&(key.source.to_string(), key.probe.to_string())))
        .map(ToString::to_string)
        .collect();
    assert!(without.is_empty(), "no stand-in for {without:?}");
    for (key, record) in &records {
        let file = shipped
            .catalogue
            .probe(&format!("{}/{}", key.0, key.1).parse().unwrap());
        let is_file = matches!(file.map(|p| &p.target), Some(Target::File(_)));
        let whole = record.challenge.is_some() && record.redesign.is_some();
        assert!(whole || is_file, "{key:?} lacks a challenge or a redesign");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stand_ins_get_their_codes() {
    let stage = stage().await;
    let scenes: [(&str, Pick<'_>, Otherwise); 4] = [
        ("healthy", &|r| Some(r.healthy.clone()), Otherwise::Ok),
        (
            "restricted",
            &|r| Some(r.restricted.clone()),
            Otherwise::Named,
        ),
        ("under a check", &|r| r.challenge.clone(), Otherwise::Named),
        ("redesigned", &|r| r.redesign.clone(), Otherwise::Named),
    ];
    let mut differing = Vec::new();
    for (what, pick, otherwise) in scenes {
        differing.extend(stage.play(what, pick, otherwise).await);
    }
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// Refusals under the site's own name, its home page or frame instead of a record, pages of a
/// domain seller.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_site_shows_in_the_page_s_place_is_never_reached() {
    let stage = stage().await;
    let all = records();
    let most = all.values().map(|r| r.refused.len()).max().unwrap_or(0);
    let shown: usize = all.values().map(|r| r.refused.len()).sum();
    assert!(shown >= 60, "{shown} pages");
    let mut differing = Vec::new();
    for n in 0..most {
        let what = format!("page {n} in its place");
        let pick: Pick<'_> = &|r| r.refused.get(n).cloned();
        differing.extend(stage.play(&what, pick, Otherwise::NotReached).await);
    }
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// Not reported yet: `changed`, for the digest. A page that is reported from now on leaves this
/// list.
const QUIET: &[&str] = &[
    // The title is the healthy page's, the rest is different.
    "chinabond/curve 0",
    "nbs/releases 1",
    "nstl/search 1",
    "rmrb/archive 0",
    "tianyancha/home 2",
    "tianyancha/home 3",
    "wanfang/journal 0",
    "wanfang/journal 1",
    "wanfang/thesis 0",
    "wanfang/thesis 1",
    "xzfg/search 0",
    // Another record in the same frame, with its full text.
    "chinaxiv/preprint 1",
    "pkulaw/statute 1",
];

/// The same pages after the healthy one was seen: each opens an incident, except those in
/// [`QUIET`].
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_site_shows_in_the_page_s_place_is_told() {
    let stage = stage().await;
    let store = Store::open(&stage.dir.path().join("watch.db")).unwrap();
    let engine = Engine::new(stage.workspace.clone(), store, engine::hasty()).await;
    let engine = Arc::new(engine.unwrap());
    let (common, all, today) = (common(), records(), today());
    let page = |shown: &Shown| match shown {
        Shown::Common(name) => common[name].clone(),
        Shown::Own(page) => (**page).clone(),
    };
    let most = all.values().map(|r| r.refused.len()).max().unwrap_or(0);
    let (mut sick, mut quiet) = (Vec::new(), Vec::new());
    for n in 0..most {
        for healthy in [true, false] {
            let mut scene = Scene::new();
            let mut jobs = Vec::new();
            for ((source, id), record) in &all {
                let Some(refused) = record.refused.get(n) else {
                    continue;
                };
                let key: ProbeKey = format!("{source}/{id}").parse().unwrap();
                let shown = if healthy { &record.healthy } else { refused };
                let answer = page(shown).answer(today);
                put(&mut scene, &stage.catalogue.probes[&key], record, &answer);
                let vantage = stage.vantage.id.clone();
                jobs.push(Job {
                    vantage,
                    ..job(&key.to_string())
                });
            }
            let keys: Vec<ProbeKey> = jobs.iter().map(|j| j.probe.clone()).collect();
            stage.stand_in.play(scene);
            let report = make(&engine, jobs).await;
            for key in keys {
                let status = &report.tracker.statuses[&(key.clone(), stage.vantage.id.clone())];
                let mut incidents = report.tracker.incidents.values();
                let open = incidents.any(|i| i.is_open() && i.probe.as_ref() == Some(&key));
                if healthy && (open || status.observed.code != Code::Ok) {
                    sick.push(format!("{key}: {}", status.observed.code));
                }
                if !healthy && !open {
                    quiet.push(format!("{key} {n}"));
                }
            }
        }
    }
    assert!(sick.is_empty(), "healthy, and not so judged: {sick:#?}");
    let new: Vec<&String> = quiet
        .iter()
        .filter(|k| !QUIET.contains(&k.as_str()))
        .collect();
    assert!(new.is_empty(), "not told: {new:#?}");
}
