//! Real mail servers' behaviour: each refusal has its fix, the EHLO name can be set, a slow answer
//! after the final dot is waited for, and replies are bounded and free of our secrets.

use std::time::Duration;

use accesswatch::alert::drain::{DrainReport, drain_by};
use accesswatch::alert::transport::smtp::Smtp;
use accesswatch::alert::transport::{SendError, Transport};
use accesswatch::model::mail::{NewMail, QueuedMail, SettledMail};
use accesswatch::model::settings::{self, Alerts, SmtpTls, Topic};
use accesswatch::model::vantage::Secret;
use accesswatch::store::Store;
use data_encoding::BASE64;

use crate::support::mail_fixture::{self, time};
use crate::support::smtp::{Protection, SmtpServer};
use crate::support::smtp_script::{Script, ScriptedServer};

const PASSWORD: &str = "s3cret/w=rd+1";

fn alerts(port: u16, user: Option<&str>) -> Alerts {
    let mut alerts = mail_fixture::settings().alerts;
    alerts.transport = settings::MailTransport::Smtp {
        host: "127.0.0.1".to_owned(),
        port,
        user: user.map(str::to_owned),
        tls: SmtpTls::None,
    };
    alerts.password = user.map(|_| Secret(PASSWORD.to_owned()));
    alerts
}

fn letter(name: &str, to: &str, incidents: &[i64]) -> NewMail {
    NewMail {
        recipient: to.to_owned(),
        topic: Some(Topic::Regression),
        message_id: format!("<{name}@library.example>"),
        subject: name.to_owned(),
        source: None,
        incidents: incidents.to_vec(),
        links: Vec::new(),
        eml: format!("Message-ID: <{name}@library.example>\r\n\r\nx\r\n").into_bytes(),
        not_before: time("2026-11-23T09:00:00Z"),
    }
}

async fn send(alerts: &Alerts) -> Result<(), SendError> {
    let mail = letter("one", "reader@library.example", &[]);
    let mail = QueuedMail::fresh(mail, 1, time("2026-11-23T09:00:00Z"));
    let smtp = Smtp::new(alerts, None)?;
    let mut smtp = smtp.with_limit(Duration::from_secs(5));
    let sent = smtp.send(&mail).await;
    smtp.close().await;
    sent
}

type Said = (
    Option<&'static str>,
    (&'static str, &'static str),
    &'static [&'static str],
);

const USER: Option<&str> = Some("watch");
const CRAM: &str = "250-mail.example\r\n250 AUTH CRAM-MD5 DIGEST-MD5";
const XOAUTH: &str = "250-mail.example\r\n250-SIZE 100\r\n250 AUTH XOAUTH2";

/// The user, the server's reply to a command, and words of the fix.
const SAID: &[Said] = &[
    (
        USER,
        ("EHLO", CRAM),
        &["CRAM-MD5, DIGEST-MD5", "PLAIN and LOGIN"],
    ),
    (
        USER,
        ("EHLO", XOAUTH),
        &["it offers XOAUTH2", "app password"],
    ),
    (
        USER,
        ("EHLO", "250 mail.example"),
        &["it offers none", "take ?tls=none out"],
    ),
    (
        USER,
        ("AUTH", "535 5.7.8 bad credentials"),
        &["login of watch", "[alerts] password"],
    ),
    (
        USER,
        ("AUTH", "534 5.7.9 Application-specific password required"),
        &["app password"],
    ),
    (
        USER,
        ("AUTH", "538 5.7.11 Encryption required"),
        &["take ?tls=none out"],
    ),
    (
        None,
        ("MAIL", "530 5.7.0 Authentication required"),
        &["smtp://USER@"],
    ),
    (
        None,
        ("RCPT", "550 5.7.1 Relaying denied"),
        &["smtp://USER@"],
    ),
    (
        USER,
        ("RCPT", "554 5.7.1 Relay access denied"),
        &["may not send to that domain"],
    ),
    (
        None,
        ("MAIL", "530 5.7.0 Must issue a STARTTLS command first"),
        &["take ?tls=none out"],
    ),
    (
        None,
        (
            "RCPT",
            "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname",
        ),
        &["[alerts] hello", "`library.example`"],
    ),
    (
        None,
        (
            "RCPT",
            "450 4.7.1 <vm>: Helo command rejected: Host not found",
        ),
        &["[alerts] hello"],
    ),
    (
        None,
        ("RCPT", "550 5.4.5 Daily user sending quota exceeded"),
        &["limits how much this account may send"],
    ),
    (
        None,
        ("RCPT", "552 5.2.2 mailbox full"),
        &["the reader's mailbox is full"],
    ),
    (
        USER,
        (
            "MAIL",
            "553 5.7.1 Sender address rejected: not owned by user watch",
        ),
        &["set [alerts] from"],
    ),
    (
        None,
        ("RCPT", "550 5.1.1 no such user"),
        &["check that address"],
    ),
    (
        None,
        ("RCPT", "451 4.7.1 Greylisted, come back in 5 minutes"),
        &["tried again later", "do not know yet"],
    ),
    (
        None,
        ("BODY", "550 5.7.26 DMARC policy of the domain"),
        &["SPF and DKIM"],
    ),
    (
        None,
        ("GREETING", "554 no SMTP service here"),
        &["accepts no mail from this computer"],
    ),
    (
        None,
        ("GREETING", "HTTP/1.1 400 Bad Request"),
        &["is not a mail server"],
    ),
];

#[tokio::test]
async fn each_refusal_names_the_fix_that_fits() {
    for (user, says, words) in SAID {
        let server = ScriptedServer::start(Script::of(&[*says])).await;
        let error = send(&alerts(server.addr.port(), *user))
            .await
            .unwrap_err()
            .to_string();
        for word in *words {
            assert!(error.contains(word), "{says:?}: `{word}` is not in {error}");
        }
        assert!(
            !error.contains("check that address") || words.contains(&"check that address"),
            "{error}"
        );
    }
}

/// A refusal of every mail stops the drain; a refusal of one recipient does not.
#[tokio::test]
async fn a_refusal_of_the_server_costs_one_try() {
    for (says, tried) in [
        (("RCPT", "504 5.5.2 <vm>: Helo command rejected"), 1),
        (("MAIL", "530 5.7.0 Authentication required"), 1),
        (("RCPT", "550 5.1.1 no such user"), 3),
    ] {
        let server = ScriptedServer::start(Script::of(&[says])).await;
        let office = Office::open();
        for name in ["a", "b", "c"] {
            office
                .put(letter(name, &format!("{name}@x.example"), &[]))
                .await;
        }
        let report = office.drain(&server, "2026-11-23T09:00:00Z").await;
        assert_eq!(
            (report.failed.len(), report.stopped.is_some()),
            (3, tried == 1),
            "{says:?}"
        );
        let permanent = report.failed.iter().filter(|f| f.permanent).count();
        assert_eq!(permanent, if tried == 3 { 3 } else { 0 });
    }
}

#[tokio::test]
async fn the_old_form_of_auth_and_a_server_without_ehlo_are_served() {
    let old = Script::of(&[("EHLO", "250-mail.example\r\n250 AUTH=PLAIN LOGIN")]);
    let server = ScriptedServer::start(old).await;
    send(&alerts(server.addr.port(), Some("watch")))
        .await
        .unwrap();

    for said in ["502 5.5.2 what?", "500 unknown", "550 no EHLO here"] {
        let server = ScriptedServer::start(Script::of(&[("EHLO", said)])).await;
        send(&alerts(server.addr.port(), None)).await.unwrap();
        assert_eq!(
            server.greeted(),
            ["EHLO library.example", "HELO library.example"]
        );
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn hello_names_us() {
    let server = ScriptedServer::start(Script::default()).await;
    let mut alerts = alerts(server.addr.port(), None);
    send(&alerts).await.unwrap();
    alerts.hello = Some("watch.library.example".to_owned());
    send(&alerts).await.unwrap();
    alerts.hello = None;
    alerts.from = "Wächter <a@bücherei.example>".to_owned();
    send(&alerts).await.unwrap();
    assert_eq!(
        server.greeted(),
        [
            "EHLO library.example",
            "EHLO watch.library.example",
            "EHLO xn--bcherei-n2a.example"
        ]
    );
}

#[tokio::test]
async fn an_authority_of_ones_own_is_named_by_ca() {
    let dir = tempfile::tempdir().unwrap();
    let server = SmtpServer::start(Protection::Offered, "PLAIN").await;
    let mut alerts = alerts(server.addr.port(), Some(crate::support::smtp::USER));
    alerts.transport = mail_fixture::smtp("localhost", server.addr.port(), SmtpTls::StartTls);
    alerts.password = Some(Secret(crate::support::smtp::PASSWORD.to_owned()));
    let error = send(&alerts).await.unwrap_err().to_string();
    assert!(
        error.contains("[alerts] ca") && !error.contains("tls=none"),
        "{error}"
    );

    alerts.ca = Some(dir.path().join("ca.pem"));
    let error = send(&alerts).await.unwrap_err().to_string();
    assert!(
        error.contains("ca.pem") && error.contains("cannot be used"),
        "{error}"
    );
    std::fs::write(dir.path().join("ca.pem"), &server.ca).unwrap();
    send(&alerts).await.unwrap();
    assert!(server.accepted()[0].encrypted);
}

/// The store as an outbox.
struct Office {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db")).unwrap();
        Self {
            _folder: folder,
            store,
        }
    }

    async fn put(&self, mail: NewMail) {
        self.store.enqueue(vec![mail], Vec::new()).await.unwrap();
    }

    async fn drain(&self, server: &ScriptedServer, now: &str) -> DrainReport {
        let alerts = alerts(server.addr.port(), None);
        let smtp = Smtp::new(&alerts, None).unwrap();
        let smtp = smtp
            .with_limit(Duration::from_secs(5))
            .with_patience(Duration::from_millis(300));
        let mut transport = Transport::Smtp(Box::new(smtp));
        drain_by(&self.store, &mut transport, time(now))
            .await
            .unwrap()
    }
}

fn ids(server: &ScriptedServer) -> Vec<String> {
    let id = |mail: &String| mail.lines().next().unwrap_or_default().to_owned();
    server
        .mails()
        .iter()
        .map(id)
        .map(|l| l.replace("Message-ID: ", ""))
        .collect()
}

/// A content filter takes longer than any other stage may.
#[tokio::test]
async fn the_answer_after_the_final_dot_is_waited_for() {
    let thinks = Duration::from_millis(700);
    let server = ScriptedServer::start(Script {
        thinks,
        ..Script::default()
    })
    .await;
    let mail = letter("slow", "reader@library.example", &[]);
    let mail = QueuedMail::fresh(mail, 1, time("2026-11-23T09:00:00Z"));
    let smtp = Smtp::new(&alerts(server.addr.port(), None), None).unwrap();
    smtp.with_limit(Duration::from_millis(200))
        .send(&mail)
        .await
        .unwrap();
    assert_eq!(server.mails().len(), 1);
}

/// The server has the mail each time and never confirms it.
#[tokio::test]
async fn a_letter_that_is_never_answered_is_repeated_a_few_times_and_holds_nothing_back() {
    let hangs = Script {
        hangs_up: true,
        ..Script::default()
    };
    let never = Script {
        thinks: Duration::from_secs(3600),
        ..Script::default()
    };
    for script in [hangs, never] {
        let server = ScriptedServer::start(script).await;
        let office = Office::open();
        office.put(letter("opened", "a@x.example", &[12])).await;
        let mut now = time("2026-11-23T09:00:00Z");
        for left in [3, 2, 1, 0] {
            let report = office.drain(&server, &now.to_rfc3339()).await;
            assert!(
                report.failed[0].error.contains("may have arrived"),
                "{report:?}"
            );
            match report.failed[0].next_attempt {
                Some(at) if left > 0 => now = at,
                none => assert_eq!((none, left), (None, 0)),
            }
        }
        assert_eq!(ids(&server), ["<opened@library.example>"; 4]);
        now += chrono::TimeDelta::days(30);
        assert_eq!(
            office.drain(&server, &now.to_rfc3339()).await,
            DrainReport::default()
        );
        let kept = office.store.with_reader(|r| r.sent(9)).await.unwrap();
        assert_eq!(
            kept[0].settled.map(|(_, why)| why),
            Some(SettledMail::Unanswered)
        );
        assert_eq!(office.store.unsent_mails().await.unwrap(), 0);
    }

    // A later mail does not wait for it, and makes it out of date.
    let server = ScriptedServer::start(Script {
        hangs_up: true,
        ..Script::default()
    })
    .await;
    let office = Office::open();
    office.put(letter("opened", "a@x.example", &[12])).await;
    office.drain(&server, "2026-11-23T09:00:00Z").await;
    server.set(Script::default());
    office.put(letter("ended", "a@x.example", &[12])).await;
    office.drain(&server, "2026-11-23T09:01:00Z").await;
    office.drain(&server, "2026-11-24T09:01:00Z").await;
    assert_eq!(
        ids(&server),
        ["<opened@library.example>", "<ended@library.example>"]
    );
}

#[tokio::test]
async fn what_a_server_says_is_bounded() {
    for (verb, start, again) in [
        ("GREETING", "220 ", "x"),
        ("GREETING", "", "\0"),
        ("EHLO", "250-a\r\n250-", "x"),
        ("EHLO", "", "250-more\r\n"),
        ("RCPT", "550 ", "no "),
        ("BODY", "250 ", "x"),
    ] {
        let mut script = Script::of(&[(verb, start)]);
        script.floods = Some((verb, again));
        let server = ScriptedServer::start(script).await;
        let begun = std::time::Instant::now();
        let error = send(&alerts(server.addr.port(), None)).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("sent a line of") || text.contains("sent a reply of"),
            "{verb} {again:?}: {text}"
        );
        assert_eq!(verb == "BODY", error.may_have_arrived());
        assert!(text.len() < 1000 && begun.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_password_does_not_get_it_kept() {
    let plain = BASE64.encode(format!("\0watch\0{PASSWORD}").as_bytes());
    let login = BASE64.encode(PASSWORD.as_bytes());
    let url = "s3cret%2Fw%3Drd%2B1";
    for verb in ["AUTH", "MAIL", "RCPT", "BODY", "GREETING"] {
        for code in [454, 535] {
            for echo in [PASSWORD, plain.as_str(), login.as_str(), url] {
                let says = format!("{code} <{echo}> is not liked");
                let server = ScriptedServer::start(Script::of(&[(verb, &says)])).await;
                let error = send(&alerts(server.addr.port(), Some("watch")))
                    .await
                    .unwrap_err();
                for shown in [error.to_string(), error.of_test(), format!("{error:?}")] {
                    assert!(!shown.contains(echo), "{verb} {code}: {shown}");
                    assert!(shown.contains("[hidden]"), "{verb} {code}: {shown}");
                }
            }
        }
    }
}
