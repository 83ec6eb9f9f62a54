//! A page that was healthy and the page that came after it, judged the way the engine judges them.

use accesswatch::config::{self, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::{Code, Measurement, Probe, Verdict};

use super::record::{answer, answered, extra, now, shipped};
use crate::support::workspace::TestWorkspace;

/// The probes of a source `lib`, and a judge for pages that turned into others.
pub struct Turned {
    workspace: Workspace,
    judge: Judge,
}

impl Turned {
    pub fn of_probes(probes: &str) -> Self {
        let watch = TestWorkspace::new("http://127.0.0.1:9/control");
        watch.write("probes/test/lib.toml", probes);
        let workspace = config::load(watch.path()).unwrap_or_else(|faults| panic!("{faults}"));
        let judge = Judge::new(&workspace.catalogue, shipped());
        Self { workspace, judge }
    }

    fn probe(&self, kind: &str) -> &Probe {
        let key = format!("lib/{kind}").parse().unwrap();
        self.workspace.catalogue.probe(&key).unwrap()
    }

    fn measured(&self, kind: &str, (media, body): (&str, &[u8])) -> Measurement {
        let url = self.probe(kind).target.to_string();
        let mut m = answered(&url, answer(&url, 200, &[("Content-Type", media)], body));
        m.test_keys.x_accesswatch = Some(extra());
        m
    }

    /// The verdict on a page when the one before it was healthy.
    pub fn verdict(&self, kind: &str, before: &str, after: &str) -> Verdict {
        let html = "text/html; charset=utf-8";
        self.verdict_on(kind, (html, before.as_bytes()), (html, after.as_bytes()))
    }

    /// The same verdict for answers of any media type: each is its media type and its body.
    pub fn verdict_on(&self, kind: &str, before: (&str, &[u8]), after: (&str, &[u8])) -> Verdict {
        let probe = self.probe(kind);
        let decide = |m: &Measurement| {
            let reading = self.judge.read(m, Some(probe));
            let verdict = self
                .judge
                .decide(&reading, m, Some(probe), &History::new(), now());
            (self.judge.wants_healthy(&reading, &verdict, m), verdict)
        };
        let good = self.measured(kind, before);
        let first = decide(&good).1;
        assert_eq!(first.code, Code::Ok, "{first:#?}");
        let mut m = self.measured(kind, after);
        let (wants, verdict) = decide(&m);
        if !wants {
            return verdict;
        }
        let references = &mut m.test_keys.x_accesswatch.as_mut().unwrap().references;
        references.extend(self.judge.snapshot(&good, probe));
        decide(&m).1
    }
}
