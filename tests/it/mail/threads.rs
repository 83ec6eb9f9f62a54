//! Which mails form a thread: subjects, Message-IDs, references.

use std::collections::BTreeSet;

use accesswatch::alert::{assign_threads, drain};
use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::{MailState, MailThread};
use accesswatch::model::mail::{Notice, SettledMail};
use accesswatch::model::settings::{MailTransport, Topic};
use accesswatch::model::{Code, Finding};
use accesswatch::store::Store;

use crate::support::letters::{Setting, ended, thesis, together};
use crate::support::mail_fixture::{self, incident, time};
use crate::support::mime;

#[test]
fn later_mails_thread_under_the_first_and_say_their_state() {
    let mut open = together();
    let first = open.only(&[12, 13].map(|incident| Notice::Opened { incident }));
    assert_eq!(
        first.subject,
        "CNKI 中国知网, dissertations and journals: gives less (reports #12, #13)"
    );
    assert_eq!(first.incidents, [12, 13]);

    let journal = ended(open.tracker.incidents[&13].clone());
    open.tracker.incidents.insert(13, journal);
    let recovery = open.only(&[Notice::Recovered { incident: 13 }]);
    // Much later the sibling that gave the thread its number may be deleted.
    let thesis = ended(open.tracker.incidents.remove(&12).unwrap());
    let journal = open.tracker.incidents.remove(&13).unwrap();
    open.tracker.incidents.insert(12, thesis);
    let last = open.only(&[Notice::Recovered { incident: 12 }]);
    open.tracker.incidents = [(13, journal)].into();
    let update = open.only(&[Notice::Updated { incident: 13 }]);
    for (later, subject) in [
        (&recovery, "journals: open again (report #13)"),
        (&last, "dissertations: open again (report #12)"),
        (&update, "journals: open again (report #13)"),
    ] {
        let read = mime::parse(&later.eml);
        assert_eq!(later.subject, format!("CNKI 中国知网, {subject}"));
        assert_eq!(read.header("in-reply-to"), first.message_id);
        assert_eq!(read.header("references"), first.message_id);
        assert_ne!(later.message_id, first.message_id);
    }
    assert_eq!(recovery.topic, Some(Topic::Recovery));
    assert_ne!(recovery.message_id, last.message_id);
}

#[test]
fn threads_begin_where_mail_does() {
    let wind = incident(14, "wind/edb", Code::ContentEmpty, Finding::Withdrawn);
    let mut minor = incident(
        11,
        "cnki/home",
        Code::SiteChallenge,
        Finding::ProgramRefused,
    );
    minor.mail = MailState::Digest;
    let mut setting = Setting::of(vec![minor, thesis(), wind, mail_fixture::offline(15)]);
    let mut outcome = PassOutcome {
        notices: [12, 14, 15]
            .map(|incident| Notice::Opened { incident })
            .into(),
        ..PassOutcome::default()
    };
    assign_threads(&mut outcome, &mut setting.tracker, setting.now);
    let threads: Vec<_> = setting
        .tracker
        .incidents
        .values()
        .map(|i| i.thread)
        .collect();
    assert_eq!((threads[0], threads[3]), (None, None));
    let alone = |root| {
        Some(MailThread {
            root,
            begun: setting.now,
            shared: false,
        })
    };
    assert_eq!((threads[1], threads[2]), (alone(12), alone(14)));
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    assert_eq!(
        mail.subject,
        "CNKI 中国知网, dissertations: gives less (report #12)"
    );
}

#[test]
fn every_update_is_a_mail_of_its_own() {
    let mut setting = Setting::of(vec![thesis()]);
    let first = setting.only(&[Notice::Updated { incident: 12 }]).message_id;
    setting.now += chrono::TimeDelta::hours(6);
    assert_ne!(
        setting.only(&[Notice::Updated { incident: 12 }]).message_id,
        first
    );
}

#[test]
fn another_workspace_or_reader_gets_other_ids() {
    let mut other = thesis();
    other.confirmed = time("2027-01-01T00:00:00Z");
    let notice = [Notice::Opened { incident: 12 }];
    let one = Setting::of(vec![thesis()]).only(&notice).message_id;
    assert_ne!(one, Setting::of(vec![other]).only(&notice).message_id);
    let mut setting = Setting::of(vec![thesis()]);
    setting
        .settings
        .alerts
        .to
        .push(mail_fixture::recipient("b@library.example", &["*"]));
    let ids: BTreeSet<_> = setting
        .mails(&notice)
        .into_iter()
        .map(|m| m.message_id)
        .collect();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn a_mail_answers_the_first_one_that_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    let mut setting = Setting::of(vec![thesis()]);
    let outbox = MailTransport::Folder(folder.path().join("outbox"));
    setting.settings.alerts.transport = outbox;
    let at = |minute: i64| time("2026-11-23T01:30:00Z") + chrono::TimeDelta::minutes(minute);
    let mut sent = Vec::new();
    for (minute, notice, is_dropped) in [
        (0, Notice::Opened { incident: 12 }, true),
        (1, Notice::Updated { incident: 12 }, false),
        (2, Notice::Updated { incident: 12 }, false),
        (3, Notice::Recovered { incident: 12 }, false),
    ] {
        setting.now = at(minute);
        if matches!(notice, Notice::Recovered { .. }) {
            setting.tracker.incidents.insert(12, ended(thesis()));
        }
        let mail = setting.only(&[notice]);
        let id = mail.message_id.clone();
        store.enqueue(vec![mail], Vec::new()).await.unwrap();
        if is_dropped {
            let waiting = store.queue().await.unwrap();
            let because = "another says what is the case".to_owned();
            let dropped =
                store.settle_mail(waiting[0].id, SettledMail::Overtaken, because, at(minute));
            dropped.await.unwrap();
            continue;
        }
        let report = drain(&store, &setting.settings.alerts, at(10 + minute));
        let report = report.await.unwrap();
        assert_eq!(report.sent.len(), 1, "{report:?}");
        let file = report.sent[0].file.clone().unwrap();
        sent.push((id, mime::parse(&std::fs::read(file).unwrap())));
    }
    let first = sent[0].0.as_str();
    let parents: Vec<[&str; 2]> = sent
        .iter()
        .map(|(_, read)| [read.header("in-reply-to"), read.header("references")])
        .collect();
    assert_eq!(parents, [["", ""], [first, first], [first, first]]);
}
