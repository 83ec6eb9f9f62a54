//! Sending mails: a real SMTP conversation on loopback, failures and recoveries, the folder.

use std::sync::Mutex;
use std::time::Duration;

use accesswatch::alert::drain::{DrainReport, drain_by};
use accesswatch::alert::transport::smtp::Smtp;
use accesswatch::alert::transport::{SendError, Transport};
use accesswatch::alert::{Outbox, drain};
use accesswatch::model::Time;
use accesswatch::model::mail::{MailFailure, NewMail, QueuedMail, SettledMail};
use accesswatch::model::settings::{Alerts, SmtpTls};
use accesswatch::model::vantage::Secret;

use crate::support::mail_fixture::{self, smtp, time};
use crate::support::smtp::{Mood, PASSWORD, Protection, SmtpServer};

/// An outbox in memory.
#[derive(Default)]
struct Queue(Mutex<Vec<QueuedMail>>);

impl Outbox for Queue {
    type Error = std::convert::Infallible;

    async fn due(&self, now: Time) -> Result<Vec<QueuedMail>, Self::Error> {
        let all = self.0.lock().unwrap();
        Ok(all
            .iter()
            .filter(|m| m.sent.is_none() && m.settled.is_none() && m.next_attempt <= now)
            .cloned()
            .collect())
    }

    async fn mark_sent(&self, id: i64, at: Time) -> Result<(), Self::Error> {
        let mut all = self.0.lock().unwrap();
        all.iter_mut()
            .filter(|m| m.id == id)
            .for_each(|m| m.sent = Some(at));
        Ok(())
    }

    async fn mark_failed(&self, id: i64, failure: MailFailure) -> Result<(), Self::Error> {
        let mut all = self.0.lock().unwrap();
        for mail in all.iter_mut().filter(|m| m.id == id) {
            mail.attempts += 1;
            mail.last_error = Some(failure.error.clone());
            mail.next_attempt = failure.next_attempt;
            mail.handed_over += u32::from(failure.handed_over);
        }
        Ok(())
    }

    async fn settle(
        &self,
        id: i64,
        settled: SettledMail,
        because: String,
        at: Time,
    ) -> Result<(), Self::Error> {
        let mut all = self.0.lock().unwrap();
        for mail in all.iter_mut().filter(|m| m.id == id) {
            mail.last_error = Some(because.clone());
            mail.settled = Some((at, settled));
        }
        Ok(())
    }
}

impl Queue {
    fn of(recipients: &[&str]) -> Self {
        let created = start();
        let mail = |(at, to): (usize, &&str)| {
            let mail = NewMail {
                recipient: (*to).to_owned(),
                topic: None,
                message_id: format!("<m{at}@library.example>"),
                subject: "x".to_owned(),
                source: None,
                incidents: Vec::new(),
                links: Vec::new(),
                eml: format!(
                    "Message-ID: <m{at}@library.example>\r\nTo: {to}\r\nSubject: x\r\n\r\nline\r\n.dot\r\n"
                )
                .into_bytes(),
                not_before: created,
            };
            QueuedMail::fresh(mail, i64::try_from(at).unwrap() + 1, created)
        };
        Self(Mutex::new(
            recipients.iter().enumerate().map(mail).collect(),
        ))
    }

    fn waiting(&self) -> Vec<QueuedMail> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|m| m.sent.is_none() && m.settled.is_none())
            .cloned()
            .collect()
    }
}

fn start() -> Time {
    time("2026-11-23T09:00:00Z")
}

fn alerts(host: &str, port: u16, tls: SmtpTls, password: &str) -> Alerts {
    let mut alerts = mail_fixture::settings().alerts;
    alerts.transport = smtp(host, port, tls);
    alerts.password = Some(Secret(password.to_owned()));
    alerts
}

fn open(server: &SmtpServer, tls: SmtpTls, password: &str) -> Transport {
    let alerts = alerts("localhost", server.addr.port(), tls, password);
    let smtp = Smtp::new(&alerts, Some(server.ca.as_bytes())).unwrap();
    Transport::Smtp(Box::new(smtp.with_limit(Duration::from_secs(2))))
}

async fn once(server: &SmtpServer, queue: &Queue, now: Time) -> DrainReport {
    drain_by(queue, &mut open(server, SmtpTls::StartTls, PASSWORD), now)
        .await
        .unwrap()
}

fn ids(server: &SmtpServer) -> Vec<String> {
    server
        .accepted()
        .iter()
        .map(|m| m.header("Message-ID").unwrap())
        .collect()
}

#[tokio::test]
async fn every_mail_arrives_once_after_the_server_fails_for_a_while() {
    let server = SmtpServer::start(Protection::Offered, "PLAIN LOGIN").await;
    let queue = Queue::of(&["a@x.example", "B <b@x.example>", "c@x.example"]);
    let mut now = start();
    for mood in [Mood::Bye, Mood::Busy, Mood::CloseInData] {
        server.set(mood.clone());
        let report = once(&server, &queue, now).await;
        assert_eq!((report.sent.len(), report.failed.len()), (0, 3), "{mood:?}");
        assert!(
            report
                .failed
                .iter()
                .all(|f| !f.permanent && f.next_attempt > Some(now))
        );
        // Nothing is tried before its time.
        assert_eq!(once(&server, &queue, now).await, DrainReport::default());
        now = report
            .failed
            .iter()
            .filter_map(|f| f.next_attempt)
            .max()
            .unwrap();
    }
    assert_eq!(now - start(), chrono::TimeDelta::minutes(1 + 5 + 15));
    server.set(Mood::Take);
    let report = once(&server, &queue, now).await;
    assert_eq!((report.sent.len(), report.failed.len()), (3, 0));
    once(&server, &queue, now + chrono::TimeDelta::days(1)).await;

    let mut arrived = ids(&server);
    arrived.sort();
    assert_eq!(
        arrived,
        [
            "<m0@library.example>",
            "<m1@library.example>",
            "<m2@library.example>"
        ]
    );
    let first = &server.accepted()[0];
    assert!(first.encrypted && first.mechanism.as_deref() == Some("PLAIN"));
    assert_eq!(first.from, "accesswatch@library.example");
    assert_eq!(server.accepted()[1].to, ["b@x.example"]);
    assert!(
        first.data.contains("\r\n.dot\r\n"),
        "dots at line starts survive"
    );
}

#[tokio::test]
async fn one_connection_carries_all_mails() {
    let server = SmtpServer::start(Protection::Offered, "LOGIN").await;
    let queue = Queue::of(&["a@x.example", "b@x.example", "c@x.example"]);
    once(&server, &queue, start()).await;
    assert_eq!((server.accepted().len(), server.logins()), (3, 1));
    assert_eq!(server.accepted()[0].mechanism.as_deref(), Some("LOGIN"));
}

#[tokio::test]
async fn a_mail_whose_fate_is_unknown_is_repeated_with_the_same_id() {
    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    let queue = Queue::of(&["a@x.example"]);
    server.set(Mood::CloseAfterData);
    let report = once(&server, &queue, start()).await;
    assert!(
        report.failed[0].error.contains("broke while"),
        "{}",
        report.failed[0].error
    );
    server.set(Mood::Take);
    once(&server, &queue, report.failed[0].next_attempt.unwrap()).await;
    assert_eq!(
        ids(&server),
        ["<m0@library.example>", "<m0@library.example>"]
    );
    assert!(queue.waiting().is_empty());
}

#[tokio::test]
async fn a_refused_address_holds_back_nobody_else_and_is_kept() {
    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    let queue = Queue::of(&["gone@x.example", "b@x.example"]);
    server.set(Mood::Refuse("gone".to_owned()));
    let report = once(&server, &queue, start()).await;
    assert_eq!((report.sent.len(), report.failed.len()), (1, 1));
    let failed = &report.failed[0];
    assert!(failed.permanent && failed.next_attempt == Some(start() + chrono::TimeDelta::hours(4)));
    for part in [
        "refused the mail to gone@x.example",
        "550",
        "no such user",
        "check that address",
    ] {
        assert!(
            failed.error.contains(part),
            "{part} is not in {}",
            failed.error
        );
    }
    assert!(
        !failed.error.contains('\u{1b}'),
        "a server's words are cleaned"
    );
    assert_eq!(queue.waiting().len(), 1);
    server.set(Mood::Take);
    once(&server, &queue, failed.next_attempt.unwrap()).await;
    assert!(queue.waiting().is_empty());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_unless_asked_for() {
    let server = SmtpServer::start(Protection::None, "PLAIN").await;
    let queue = Queue::of(&["a@x.example", "b@x.example"]);
    let report = once(&server, &queue, start()).await;
    assert!(report.sent.is_empty() && server.logins() == 0);
    assert!(
        report
            .stopped
            .as_deref()
            .unwrap()
            .contains("offers no STARTTLS"),
        "{report:?}"
    );
    assert!(report.failed[0].error.contains("?tls=none"));

    let later = report.failed[0].next_attempt.unwrap();
    let mut plain = open(&server, SmtpTls::None, PASSWORD);
    let report = drain_by(&queue, &mut plain, later).await.unwrap();
    assert_eq!(report.sent.len(), 2);
    assert!(!server.accepted()[0].encrypted);
}

#[tokio::test]
async fn tls_from_the_start() {
    let server = SmtpServer::start(Protection::FromTheStart, "PLAIN").await;
    let queue = Queue::of(&["a@x.example"]);
    let mut transport = open(&server, SmtpTls::Implicit, PASSWORD);
    transport.check().await.unwrap();
    let report = drain_by(&queue, &mut transport, start()).await.unwrap();
    assert_eq!(report.sent.len(), 1);
    assert!(server.accepted()[0].encrypted);
}

#[tokio::test]
async fn tls_from_the_start_where_none_is_spoken_names_the_port() {
    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    let error = open(&server, SmtpTls::Implicit, PASSWORD)
        .check()
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NotTls { .. }), "{error:?}");
    assert!(error.to_string().contains("587"), "{error}");
}

/// A test mail is sent once: the output promises no other attempt, and each cause has its fix.
#[tokio::test]
async fn a_test_mail_that_fails_is_not_said_to_be_tried_again() {
    let server = SmtpServer::start(Protection::None, "PLAIN").await;
    let send = async |mood: Mood, password: &str| {
        server.set(mood);
        let alerts = alerts("localhost", server.addr.port(), SmtpTls::None, password);
        let smtp = Smtp::new(&alerts, None).unwrap();
        let mut smtp = smtp.with_limit(Duration::from_millis(300));
        let mail = Queue::of(&["reader@library.example"]).waiting().remove(0);
        smtp.send(&mail).await.unwrap_err().of_test()
    };
    for (mood, password, help) in [
        (Mood::Busy, PASSWORD, "again in some minutes"),
        (Mood::Silent, PASSWORD, "check host and port"),
        (Mood::CloseInData, PASSWORD, "look into the server's log"),
        (
            Mood::Take,
            "wrong",
            "the secret that [alerts] password names",
        ),
        (
            Mood::Refuse("reader".to_owned()),
            PASSWORD,
            "check that address",
        ),
    ] {
        let told = send(mood.clone(), password).await;
        assert!(told.contains(help), "{mood:?}: {told}");
        assert!(!told.contains("tried again later"), "{mood:?}: {told}");
    }
    let port = server.addr.port();
    drop(server);
    let alerts = alerts("localhost", port, SmtpTls::StartTls, PASSWORD);
    let told = Smtp::new(&alerts, None).unwrap().check().await.unwrap_err();
    assert!(
        told.of_test().contains("cannot reach the mail server"),
        "{told}"
    );
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_or_for_another_name_is_refused() {
    for (protection, tls) in [
        (Protection::Offered, SmtpTls::StartTls),
        (Protection::FromTheStart, SmtpTls::Implicit),
    ] {
        let server = SmtpServer::start(protection, "PLAIN").await;
        let unknown = alerts("localhost", server.addr.port(), tls, PASSWORD);
        let error = Smtp::new(&unknown, None)
            .unwrap()
            .check()
            .await
            .unwrap_err();
        assert!(matches!(error, SendError::Tls { .. }), "{tls:?} {error}");
        let other = alerts("127.0.0.1", server.addr.port(), tls, PASSWORD);
        let error = Smtp::new(&other, Some(server.ca.as_bytes()))
            .unwrap()
            .check()
            .await
            .unwrap_err();
        assert!(matches!(error, SendError::Tls { .. }), "{tls:?} {error}");
        assert_eq!(server.logins(), 0);
    }
}

#[tokio::test]
async fn a_wrong_password_says_what_to_mend_and_stays_secret() {
    let server = SmtpServer::start(Protection::Offered, "PLAIN LOGIN").await;
    let queue = Queue::of(&["a@x.example", "b@x.example"]);
    let mut transport = open(&server, SmtpTls::StartTls, "hunter2");
    let report = drain_by(&queue, &mut transport, start()).await.unwrap();
    let error = report.stopped.unwrap();
    for part in [
        "did not accept the login of alerts",
        "535",
        "[alerts] password",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert!(!error.contains("hunter2"));
    assert!(
        report.failed.iter().all(|f| !f.permanent),
        "a password is mended soon"
    );
    assert_eq!(
        queue
            .waiting()
            .iter()
            .map(|m| m.attempts)
            .collect::<Vec<_>>(),
        [1, 1]
    );
}

#[tokio::test]
async fn a_missing_password_or_a_dead_server_costs_one_try() {
    let mut nobody = alerts("localhost", 1, SmtpTls::StartTls, PASSWORD);
    nobody.password = None;
    let queue = Queue::of(&["a@x.example", "b@x.example"]);
    let report = drain(&queue, &nobody, start()).await.unwrap();
    assert!(report.stopped.unwrap().contains("wants a password"));
    assert_eq!(report.failed.len(), 2);

    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    server.set(Mood::Silent);
    let alerts = alerts("localhost", server.addr.port(), SmtpTls::StartTls, PASSWORD);
    let smtp = Smtp::new(&alerts, None)
        .unwrap()
        .with_limit(Duration::from_millis(200));
    let begun = std::time::Instant::now();
    let later = start() + chrono::TimeDelta::hours(1);
    let mut transport = Transport::Smtp(Box::new(smtp));
    let report = drain_by(&queue, &mut transport, later).await.unwrap();
    assert!(report.stopped.unwrap().contains("did not answer"));
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "two mails, one time-out"
    );
}

#[tokio::test]
async fn a_folder_takes_everything() {
    let dir = tempfile::tempdir().unwrap();
    let mut alerts = mail_fixture::settings().alerts;
    let outbox = dir.path().join("data/outbox");
    alerts.transport = accesswatch::model::settings::MailTransport::Folder(outbox.clone());
    let queue = Queue::of(&["a@x.example", "b@x.example"]);
    let report = drain(&queue, &alerts, start()).await.unwrap();
    assert_eq!(report.sent.len(), 2);
    assert!(
        report
            .sent
            .iter()
            .all(|s| s.file.as_ref().unwrap().is_file())
    );
    assert_eq!(accesswatch::alert::transport::folder::count(&outbox), 2);
}

#[tokio::test]
async fn the_store_is_an_outbox() {
    let dir = tempfile::tempdir().unwrap();
    let store = accesswatch::store::Store::open(&dir.path().join("a.db")).unwrap();
    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    let mails = Queue::of(&["a@x.example", "b@x.example"])
        .waiting()
        .into_iter()
        .map(|m| NewMail {
            recipient: m.recipient,
            topic: None,
            message_id: m.message_id,
            subject: m.subject,
            source: None,
            incidents: vec![12],
            links: Vec::new(),
            eml: m.eml,
            not_before: start(),
        });
    store.enqueue(mails.collect(), Vec::new()).await.unwrap();
    server.set(Mood::Busy);
    let mut transport = open(&server, SmtpTls::StartTls, PASSWORD);
    let report = drain_by(&store, &mut transport, start()).await.unwrap();
    assert_eq!(report.failed.len(), 2);
    let waiting = store.queue().await.unwrap();
    assert!(
        waiting
            .iter()
            .all(|m| m.attempts == 1 && m.last_error.as_deref().unwrap().contains("busy"))
    );
    server.set(Mood::Take);
    let report = drain_by(&store, &mut transport, waiting[0].next_attempt)
        .await
        .unwrap();
    assert_eq!(
        (report.sent.len(), store.queue().await.unwrap().len()),
        (2, 0)
    );
}
