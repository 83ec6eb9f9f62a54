//! A probe of one page that is measured day by day, as a daemon would do.

use std::sync::Arc;

use accesswatch::engine::Engine;
use accesswatch::model::{Code, ProbeKey};

use crate::support::engine::{SetClock, engine_with, job, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

/// One probe of one page, over several days.
pub struct Days {
    pub site: Site,
    pub watch: TestWorkspace,
    clock: Arc<SetClock>,
    engine: Arc<Engine>,
}

impl Days {
    pub async fn begin(probe: &str) -> Self {
        Self::of_level("api", probe).await
    }

    /// A page that stands for this level of access.
    pub async fn of_level(level: &str, probe: &str) -> Self {
        let site = Site::start();
        site.set("/control", Answer::html("works"));
        let watch = TestWorkspace::new(&site.url("/control"));
        let url = site.url("/data");
        watch.write(
            "probes/test/own.toml",
            &format!(
                "[source]\nid = \"own\"\nname = \"Own\"\ngroup = \"test\"\naccess = \"public\"\n\n\
                 [[probe]]\nid = \"data\"\nlevel = \"{level}\"\nurl = \"{url}\"\n{probe}"
            ),
        );
        let clock = SetClock::at("2023-12-01T10:00:00Z");
        let engine = engine_with(&watch, clock.clone()).await;
        Self {
            site,
            watch,
            clock,
            engine,
        }
    }

    /// The status after the page gave this answer at that time.
    pub async fn look(&self, at: &str, answer: Answer) -> Code {
        self.clock.set(at);
        self.site.set("/data", answer);
        let report = make(&self.engine, vec![job("own/data")]).await;
        report.tracker.statuses[&(ProbeKey::new("own", "data"), "here".into())]
            .observed
            .code
    }

    /// A `rejudge` of the same records changes nothing.
    pub fn end(self) {
        drop(self.engine);
        let told = self.watch.run(&["rejudge"]).ends(0);
        let said = format!("{}{}", told.out, told.err);
        assert!(said.contains("nothing changes"), "{said}");
    }
}

/// A JSON answer of an interface.
#[must_use]
pub fn json(body: &str) -> Answer {
    let mut answer = Answer::html(body);
    answer.headers = vec![("Content-Type".into(), "application/json".into())];
    answer
}
