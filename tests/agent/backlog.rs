//! What an agent measured while its hub was away, sent later: the history is the one that would
//! have been made live, and what the schedule required and nobody measured is a gap.

use std::sync::{Arc, Mutex};

use accesswatch::config::Workspace;
use accesswatch::engine::intake::{IntakeReport, PassPart, take_in};
use accesswatch::model::clock::Clock;
use accesswatch::model::{Code, Time};
use accesswatch::store::{IncidentFilter, Reader, Store};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{SetClock, hub_workspace, site};
use crate::workspace::TestWorkspace;

/// A hub that takes records in.
struct Intake {
    watch: TestWorkspace,
    workspace: Workspace,
    store: Store,
    clock: Arc<SetClock>,
}

/// What a pass saw.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Good,
    Gone,
}

fn day(number: i64) -> Time {
    let first: Time = "2026-03-02T00:05:00Z".parse().unwrap();
    first + TimeDelta::days(number)
}

impl Intake {
    fn new() -> Self {
        let watch = hub_workspace(&site());
        // Every day at 00:00 UTC.
        watch.append(
            "config/accesswatch.toml",
            "[schedule]\ntimezone = \"UTC\"\njitter = \"0s\"\n",
        );
        let yearly = "schedule = \"0 0 1 1 *\"";
        watch.edit(
            "probes/academic/papers.toml",
            yearly,
            "schedule = \"0 0 * * *\"",
        );
        let workspace = accesswatch::config::load(watch.path()).unwrap();
        let store = Store::open(&workspace.settings.store.path).unwrap();
        let clock = Arc::new(SetClock(Mutex::new(day(0))));
        Self {
            watch,
            workspace,
            store,
            clock,
        }
    }

    fn record(&self, pass: &str, at: Time, attempt: u32, seen: Option<Seen>) -> Value {
        let config = std::fs::read_to_string(self.watch.file("config/accesswatch.toml")).unwrap();
        let control = config.split("controls = [\"").nth(1).unwrap();
        let control = control.split('"').next().unwrap();
        let url = match seen {
            None => control.to_owned(),
            Some(_) => control.replace("/control", "/article"),
        };
        let (status, body) = match seen {
            Some(Seen::Gone) => (404, "<title>404</title><p>gone</p>"),
            _ => (200, crate::harness::GOOD),
        };
        let kind = if seen.is_none() { "control" } else { "article" };
        json!({
            "data_format_version": "0.2.0",
            "input": url,
            "measurement_start_time": at.format("%Y-%m-%d %H:%M:%S").to_string(),
            "test_start_time": at.format("%Y-%m-%d %H:%M:%S").to_string(),
            "measurement_uid": format!("{pass}-{kind}-{attempt}"),
            "probe_cc": "KR", "probe_asn": "AS0", "report_id": "",
            "software_name": "accesswatch", "software_version": "0.1.0",
            "test_name": "accesswatch", "test_version": "0.1.0", "test_runtime": 1.0,
            "annotations": {},
            "test_keys": {
                "queries": [], "tcp_connect": [], "tls_handshakes": [],
                "requests": [{
                    "request": { "method": "GET", "url": url, "headers_list": [] },
                    "response": {
                        "code": status,
                        "headers_list": [["Content-Type", "text/html"]],
                        "body": body, "body_is_truncated": false,
                    },
                    "failure": null, "t0": 0.0, "t": 1.0, "transaction_id": 1,
                }],
                "x_accesswatch": {
                    "source": if seen.is_none() { "control" } else { "papers" },
                    "probe": kind, "vantage": "seoul", "pass": pass,
                    "round": format!("{pass}-{kind}"), "attempt": attempt, "via": "direct",
                    "started_us": at.timestamp_micros(), "control": seen.is_none(),
                },
            },
        })
    }

    /// The lines of one pass; what changes is confirmed.
    fn pass(&self, number: i64, seen: Seen) -> String {
        let name = format!("pass{number}");
        let at = day(number);
        let attempts = match seen {
            Seen::Good if number < 3 => 1,
            // A return to normal is confirmed twice.
            Seen::Good => 3,
            Seen::Gone => 4,
        };
        let mut lines = format!("{}\n", self.record(&name, at, 0, None));
        for attempt in 0..attempts {
            let at = at + TimeDelta::seconds(10 + i64::from(attempt));
            lines += &self.record(&name, at, attempt, Some(seen)).to_string();
            lines.push('\n');
        }
        lines
    }

    async fn takes(&self, at: Time, part: PassPart, lines: &str) -> IntakeReport {
        self.takes_from("seoul", at, part, lines).await
    }

    async fn takes_from(
        &self,
        vantage: &str,
        at: Time,
        part: PassPart,
        lines: &str,
    ) -> IntakeReport {
        *self.clock.0.lock().unwrap() = at;
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let vantage = vantage.into();
        let bytes = lines.as_bytes();
        take_in(&self.workspace, &self.store, &clock, &vantage, part, bytes)
            .await
            .unwrap()
    }

    /// What is known in the end, without what only the time of mailing decides.
    async fn history(&self) -> Vec<String> {
        let incidents = self
            .store
            .incidents(IncidentFilter::default())
            .await
            .unwrap();
        let mut known: Vec<String> = incidents
            .iter()
            .map(|i| {
                format!(
                    "{:?} {:?} {} {:?} {:?}",
                    i.kind, i.probe, i.to, i.first_bad, i.ended
                )
            })
            .collect();
        let tracker = self.store.tracker_state().await.unwrap();
        known.extend(tracker.statuses.values().map(|s| {
            format!(
                "{} {} {:?} {:?}",
                s.probe, s.observed.code, s.since, s.last_checked
            )
        }));
        known
    }

    async fn subjects(&self) -> Vec<String> {
        let queue = self.store.queue().await.unwrap();
        queue.into_iter().map(|mail| mail.subject).collect()
    }
}

const WEEK: [Seen; 7] = {
    use Seen::{Gone, Good};
    [Good, Good, Gone, Gone, Gone, Good, Good]
};

#[tokio::test]
async fn a_week_sent_later_is_the_week_that_was_lived() {
    let live = Intake::new();
    for (number, seen) in (0..).zip(WEEK) {
        let lines = live.pass(number, seen);
        let at = day(number) + TimeDelta::minutes(5);
        let report = live.takes(at, PassPart::Ended, &lines).await;
        assert_eq!((report.known, report.refused.len()), (0, 0));
    }
    let late = Intake::new();
    let first = late.pass(0, WEEK[0]);
    late.takes(day(0) + TimeDelta::minutes(5), PassPart::Ended, &first)
        .await;
    let passes: Vec<String> = (1..)
        .zip(&WEEK[1..])
        .map(|(n, seen)| late.pass(n, *seen))
        .collect();
    let (last, before) = passes.split_last().unwrap();
    let now = day(7);
    for lines in before {
        late.takes(now, PassPart::Continues, lines).await;
    }
    late.takes(now, PassPart::Ended, last).await;
    assert_eq!(late.history().await, live.history().await);
    let incidents = live
        .store
        .incidents(IncidentFilter::default())
        .await
        .unwrap();
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    assert_eq!(incidents[0].first_bad, day(2) + TimeDelta::seconds(10));
    assert!(!incidents[0].is_open());
    let mails = live.subjects().await;
    assert!(
        mails.len() >= 3,
        "the initial report, the loss and its end: {mails:?}"
    );
}

#[tokio::test]
async fn the_whole_again_changes_nothing() {
    let hub = Intake::new();
    for (number, seen) in (0..).zip(WEEK) {
        hub.takes(day(number), PassPart::Ended, &hub.pass(number, seen))
            .await;
    }
    let (history, mails) = (hub.history().await, hub.subjects().await);
    for (number, seen) in (0..).zip(WEEK) {
        let report = hub
            .takes(day(7), PassPart::Ended, &hub.pass(number, seen))
            .await;
        assert_eq!(report.taken, 0);
    }
    assert_eq!(hub.history().await, history);
    assert_eq!(hub.subjects().await, mails);
}

#[tokio::test]
async fn a_loss_that_arrives_late_and_lasts_is_mailed() {
    let hub = Intake::new();
    hub.takes(day(0), PassPart::Ended, &hub.pass(0, Seen::Good))
        .await;
    let before = hub.subjects().await.len();
    let lines: String = (1..4).map(|n| hub.pass(n, Seen::Gone)).collect();
    hub.takes(day(4), PassPart::Ended, &lines).await;
    let tracker = hub.store.tracker_state().await.unwrap();
    assert!(
        tracker
            .statuses
            .values()
            .all(|s| s.observed.code != Code::Ok)
    );
    assert_eq!(
        hub.subjects().await.len(),
        before + 1,
        "{:?}",
        hub.subjects().await
    );
}

#[tokio::test]
async fn a_pass_of_another_agent_leaves_what_this_one_sends_to_be_derived() {
    let osaka = |hub: &Intake| {
        let lines = hub.pass(2, Seen::Good);
        let lines = lines.replace("\"seoul\"", "\"osaka\"");
        lines.replace("pass2", "osaka2")
    };
    let hub = Intake::new();
    for (number, seen) in [(0, Seen::Good), (2, Seen::Gone)] {
        hub.takes(day(number), PassPart::Ended, &hub.pass(number, seen))
            .await;
    }
    // The day between comes late, and before its end another agent ends a pass.
    let late = hub.pass(1, Seen::Gone);
    hub.takes(day(2), PassPart::Continues, &late).await;
    hub.takes_from("osaka", day(2), PassPart::Ended, &osaka(&hub))
        .await;
    let left = hub.store.with_reader(Reader::underived).await.unwrap();
    let vantages: Vec<&str> = left.series.keys().map(|key| key.1.as_str()).collect();
    assert!(vantages.contains(&"seoul"), "{left:?}");
    assert!(!vantages.contains(&"osaka"), "{left:?}");
    hub.takes(day(2), PassPart::Ended, "").await;
    let left = hub.store.with_reader(Reader::underived).await.unwrap();
    assert!(left.is_empty(), "{left:?}");

    let live = Intake::new();
    for (number, seen) in [(0, Seen::Good), (1, Seen::Gone), (2, Seen::Gone)] {
        live.takes(day(number), PassPart::Ended, &live.pass(number, seen))
            .await;
    }
    live.takes_from("osaka", day(2), PassPart::Ended, &osaka(&live))
        .await;
    assert_eq!(hub.history().await, live.history().await);
}

#[tokio::test]
async fn days_that_nobody_measured_are_gaps() {
    let hub = Intake::new();
    hub.takes(day(0), PassPart::Ended, &hub.pass(0, Seen::Good))
        .await;
    hub.takes(day(4), PassPart::Ended, &hub.pass(4, Seen::Good))
        .await;
    let gaps = hub
        .store
        .with_reader(|r| r.gaps_since(day(-1)))
        .await
        .unwrap();
    let days: Vec<String> = gaps
        .values()
        .flat_map(|found| found.gaps.iter().map(|at| at.date_naive().to_string()))
        .collect();
    assert_eq!(days, ["2026-03-03", "2026-03-04", "2026-03-05"]);
}
