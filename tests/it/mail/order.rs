//! Mails about one incident arrive in the order in which they were written, whatever the server
//! does to the first; mails about other incidents do not wait.

use std::time::Duration;

use accesswatch::alert::drain::{DrainReport, drain_by};
use accesswatch::alert::transport::Transport;
use accesswatch::alert::transport::smtp::Smtp;
use accesswatch::model::Time;
use accesswatch::model::mail::NewMail;
use accesswatch::model::settings::{SmtpTls, Topic};
use accesswatch::model::vantage::Secret;
use accesswatch::store::Store;
use chrono::TimeDelta;

use crate::support::mail_fixture::{self, smtp, time};
use crate::support::smtp::{Mood, PASSWORD, Protection, SmtpServer};

struct Office {
    _folder: tempfile::TempDir,
    store: Store,
    server: SmtpServer,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).unwrap();
        let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
        Self {
            _folder: folder,
            store,
            server,
        }
    }

    async fn write(&self, name: &str, to: &str, incidents: &[i64], at: Time) {
        let mail = NewMail {
            recipient: to.to_owned(),
            topic: Some(Topic::Regression),
            message_id: format!("<{name}@library.example>"),
            subject: "x".to_owned(),
            source: None,
            incidents: incidents.to_vec(),
            links: Vec::new(),
            eml: format!("Message-ID: <{name}@library.example>\r\nTo: {to}\r\n\r\nx\r\n")
                .into_bytes(),
            not_before: at,
        };
        self.store.enqueue(vec![mail], Vec::new()).await.unwrap();
    }

    async fn drain(&self, now: Time) -> DrainReport {
        let mut alerts = mail_fixture::settings().alerts;
        alerts.transport = smtp("localhost", self.server.addr.port(), SmtpTls::StartTls);
        alerts.password = Some(Secret(PASSWORD.to_owned()));
        let smtp = Smtp::new(&alerts, Some(self.server.ca.as_bytes())).unwrap();
        let mut transport = Transport::Smtp(Box::new(smtp.with_limit(Duration::from_secs(5))));
        drain_by(&self.store, &mut transport, now).await.unwrap()
    }

    fn arrived(&self) -> Vec<String> {
        let name = |id: String| {
            id.trim_matches(['<', '>'])
                .split('@')
                .next()
                .map(str::to_owned)
        };
        self.server
            .accepted()
            .iter()
            .filter_map(|m| name(m.header("Message-ID")?))
            .collect()
    }
}

fn start() -> Time {
    time("2026-11-23T09:00:00Z")
}

const ANNE: &str = "anne@x.example";

#[tokio::test]
async fn a_later_mail_waits_while_the_earlier_is_refused_for_a_while() {
    let office = Office::open().await;
    office.write("opened", ANNE, &[12, 13], start()).await;
    office.write("joined", ANNE, &[13], start()).await;
    office.write("other", ANNE, &[14], start()).await;
    office.server.set(Mood::BusyOnce);
    let report = office.drain(start()).await;
    assert_eq!((report.sent.len(), report.failed.len()), (1, 1));
    assert_eq!(
        office.arrived(),
        ["other"],
        "another incident does not wait"
    );

    // The end is written while the opening still waits for its next attempt.
    let later = start() + TimeDelta::seconds(30);
    office.write("ended", ANNE, &[12, 13], later).await;
    assert_eq!(office.drain(later).await, DrainReport::default());
    let next = office.store.next_mail().await.unwrap();
    assert_eq!(
        next, report.failed[0].next_attempt,
        "nobody wakes for what must wait"
    );
    let waiting = office.store.queue().await.unwrap();
    let behind = |name: &str| {
        let mail = waiting.iter().find(|m| m.message_id.contains(name));
        mail.unwrap().behind
    };
    assert_eq!(
        [behind("opened"), behind("joined"), behind("ended")],
        [None, Some(1), Some(1)]
    );

    office.drain(next.unwrap()).await;
    assert_eq!(office.arrived(), ["other", "opened", "joined", "ended"]);
    assert_eq!(office.store.unsent_mails().await.unwrap(), 0);
}

#[tokio::test]
async fn readers_do_not_wait_for_each_other() {
    let office = Office::open().await;
    office.write("opened-anne", ANNE, &[12], start()).await;
    office
        .write("opened-bo", "bo@x.example", &[12], start())
        .await;
    office.write("ended-anne", ANNE, &[12], start()).await;
    office
        .write("ended-bo", "bo@x.example", &[12], start())
        .await;
    office.server.set(Mood::BusyOnce);
    office.drain(start()).await;
    assert_eq!(office.arrived(), ["opened-bo", "ended-bo"]);
    office.drain(start() + TimeDelta::minutes(1)).await;
    assert_eq!(office.arrived()[2..], ["opened-anne", "ended-anne"]);
}

#[tokio::test]
async fn a_mail_refused_for_good_holds_back_no_later_one() {
    let office = Office::open().await;
    office.write("opened", ANNE, &[12], start()).await;
    office.write("ended", ANNE, &[12], start()).await;
    office.server.set(Mood::Refuse("anne".to_owned()));
    let report = office.drain(start()).await;
    assert!(report.failed[0].permanent);
    office.server.set(Mood::Take);
    office.drain(start()).await;
    assert_eq!(office.arrived(), ["ended"]);
}

#[tokio::test]
async fn a_dead_server_keeps_the_order_too() {
    let office = Office::open().await;
    let mut now = start();
    office.write("1", ANNE, &[12], now).await;
    office.server.set(Mood::Bye);
    for name in ["2", "3", "4"] {
        let report = office.drain(now).await;
        assert!(report.sent.is_empty());
        now = office.store.next_mail().await.unwrap().unwrap();
        office
            .write(name, ANNE, &[12], now - TimeDelta::seconds(1))
            .await;
    }
    office.server.set(Mood::Take);
    office.drain(now).await;
    assert_eq!(office.arrived(), ["1", "2", "3", "4"]);
}
