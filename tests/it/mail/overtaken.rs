//! A mail that waits while its incident changes or ends is never delivered as news: real passes
//! over a real site, a real mail server that refuses one of two readers, both orders.

use accesswatch::alert::overtaken::{PendingMailAction, overtaken};
use accesswatch::model::incident::{StoryLine, StoryRemark};
use accesswatch::model::mail::{Notice, QueuedMail};
use accesswatch::model::settings::Topic;
use accesswatch::model::{Finding, Time};
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, json};
use crate::support::letters::{Setting, ended, thesis};
use crate::support::mime;
use crate::support::smtp::{Mood, PASSWORD, Protection, SmtpServer, USER};

const ANNE: &str = "anne@library.example";
const BO: &str = "bo@library.example";

/// A watched article, and the mails of two readers.
struct Office {
    fixture: CliFixture,
    server: SmtpServer,
}

impl Office {
    async fn open(on: &str) -> Self {
        let server = SmtpServer::start(Protection::None, "PLAIN").await;
        let fixture = CliFixture::new();
        let config = "config/accesswatch.toml";
        let smtp = format!("smtp://{USER}@127.0.0.1:{}?tls=none", server.addr.port());
        fixture.watch.write("secret", PASSWORD);
        fixture.watch.edit(
            config,
            "transport = \"folder:data/outbox\"",
            &format!("transport = \"{smtp}\"\npassword = \"file:secret\"\ngroup_wait = \"0s\""),
        );
        let anne = format!("address = \"{ANNE}\"\nsources = [\"*\"]\non = [{on}]\n");
        let bo = format!("[[alerts.to]]\naddress = \"{BO}\"\non = [{on}]\n");
        fixture.watch.edit(
            config,
            "address = \"Librarian <librarian@example.org>\"\nsources = [\"*\"]\non = [\"regression\", \"recovery\", \"improvement\", \"vantage\"]\n",
            &format!("{anne}\n{bo}"),
        );
        let office = Self { fixture, server };
        office.pass(0).await;
        office
    }

    /// A pass over everything, in a separate thread because the server runs in this one.
    async fn pass(&self, status: i32) {
        self.command(&["run", "--all"], status).await;
    }

    async fn command(&self, args: &'static [&'static str], status: i32) -> String {
        let mut command = self.fixture.watch.command(args);
        let running = tokio::task::spawn_blocking(move || command.output());
        let output = running.await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        said
    }

    /// The mails about incidents that arrived, by their first line.
    fn arrived(&self, reader: &str) -> Vec<String> {
        let accepted = self.server.accepted();
        let letters = accepted.iter().filter(|m| m.to == [reader]);
        let incident = |m: &&crate::support::smtp::Accepted| {
            m.header("Message-ID")
                .is_some_and(|id| id.contains("incident-"))
        };
        letters
            .filter(incident)
            .map(|m| mime::parse(m.data.as_bytes()).text)
            .collect()
    }

    fn states(&self) -> Vec<(String, String)> {
        let queue = json(&self.fixture.watch, &["mail", "queue"]);
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let mut states: Vec<_> = queue
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (text(row, "to"), text(row, "state")))
            .collect();
        states.sort();
        states
    }
}

const ALL: &str = "\"regression\", \"recovery\", \"improvement\", \"vantage\"";

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_does_not_come_after_the_all_clear() {
    let office = Office::open(ALL).await;
    office.server.set(Mood::Refuse("anne".to_owned()));
    office.fixture.breaks();
    office.pass(3).await;
    assert_eq!(
        (office.arrived(ANNE).len(), office.arrived(BO).len()),
        (0, 1)
    );

    office.server.set(Mood::Take);
    office.fixture.mends();
    office.pass(0).await;
    let said = office.command(&["mail", "send"], 0).await;
    assert!(said.contains("no mail waits"), "{said}");
    let (anne, bo) = (office.arrived(ANNE), office.arrived(BO));
    assert_eq!((anne.len(), bo.len()), (1, 2), "{anne:?}");
    assert_eq!(anne[0], bo[1], "the last word is the same for both");
    assert!(
        office
            .states()
            .contains(&(ANNE.to_owned(), "overtaken".to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_all_clear_does_not_come_after_the_next_opening() {
    let office = Office::open(ALL).await;
    office.fixture.breaks();
    office.pass(0).await;
    office.server.set(Mood::Refuse("anne".to_owned()));
    office.fixture.mends();
    office.pass(3).await;
    assert_eq!(
        (office.arrived(ANNE).len(), office.arrived(BO).len()),
        (1, 2)
    );

    office.server.set(Mood::Take);
    office.fixture.breaks();
    office.pass(0).await;
    office.command(&["mail", "send"], 0).await;
    let (anne, bo) = (office.arrived(ANNE), office.arrived(BO));
    assert_eq!((anne.len(), bo.len()), (2, 3));
    assert_eq!(anne[1], bo[2], "the last word is the same for both");
}

/// A reader without recoveries gets no mail about a loss that is over.
#[tokio::test(flavor = "multi_thread")]
async fn an_opening_whose_incident_is_over_is_not_sent_at_all() {
    let office = Office::open("\"regression\"").await;
    office.server.set(Mood::Busy);
    office.fixture.breaks();
    office.pass(3).await;
    office.fixture.mends();
    office.pass(0).await;
    office.server.set(Mood::Take);
    let said = office.command(&["mail", "send"], 0).await;
    assert_eq!(office.arrived(ANNE), Vec::<String>::new(), "{said}");
    let overtaken = |(_, state): &(String, String)| state == "overtaken";
    assert_eq!(office.states().iter().filter(|s| overtaken(s)).count(), 2);
}

/// After the server is repaired, `mail send` sends what waits at once, with a summary line.
#[tokio::test(flavor = "multi_thread")]
async fn mail_send_tries_now_what_waits() {
    let office = Office::open(ALL).await;
    office.server.set(Mood::Busy);
    office.fixture.breaks();
    office.pass(3).await;
    let said = office.command(&["mail", "send"], 3).await;
    assert!(
        said.contains("451 4.3.0 try later") && said.contains("mails: 0 sent; 2 still wait"),
        "{said}"
    );
    let queue = office.command(&["mail", "queue"], 0).await;
    assert!(
        queue.contains("`accesswatch mail send` tries now"),
        "{queue}"
    );
    office.server.set(Mood::Take);
    let said = office.command(&["mail", "send"], 0).await;
    assert!(
        said.contains("sent to anne@library.example") && said.contains("mails: 2 sent; none waits"),
        "{said}"
    );
    let said = office.command(&["mail", "send"], 0).await;
    assert!(said.contains("no mail waits to be sent"), "{said}");
}

/// A mail about the thesis's incident, composed at the setting's time, with one failed attempt.
fn waiting(setting: &mut Setting) -> QueuedMail {
    let mail = setting.only(&[Notice::Opened { incident: 12 }]);
    let mut mail = QueuedMail::fresh(mail, 1, setting.now);
    mail.attempts = 1;
    mail
}

fn fates(setting: &Setting, waiting: &[QueuedMail]) -> Vec<PendingMailAction> {
    overtaken(&setting.context(), waiting)
}

fn later(setting: &mut Setting) -> Time {
    setting.now += TimeDelta::hours(4);
    setting.now
}

#[test]
fn a_change_is_written_anew_and_a_hand_is_no_change() {
    let mut setting = Setting::of(vec![thesis()]);
    let mail = waiting(&mut setting);
    assert_eq!(fates(&setting, std::slice::from_ref(&mail)), []);

    let at = later(&mut setting);
    let incident = setting.tracker.incidents.get_mut(&12).unwrap();
    let by = "Anne".to_owned();
    incident
        .changes
        .push(StoryLine::note(at, "x", StoryRemark::Acknowledged { by }));
    assert_eq!(fates(&setting, std::slice::from_ref(&mail)), []);

    let incident = setting.tracker.incidents.get_mut(&12).unwrap();
    let finding = Finding::Withdrawn;
    incident
        .changes
        .push(StoryLine::note(at, "x", StoryRemark::Finding { finding }));
    let fates = fates(&setting, std::slice::from_ref(&mail));
    let [PendingMailAction::Renew { id: 1, mail: new }] = fates.as_slice() else {
        panic!("{fates:?}")
    };
    assert_eq!(new.message_id, mail.message_id, "later letters refer to it");
    assert_eq!(new.incidents, [12]);
}

#[test]
fn a_reminder_does_not_overtake_the_opening_that_waits() {
    let mut setting = Setting::of(vec![thesis()]);
    let mut opening = waiting(&mut setting);
    opening.later = Some(2);
    let now = later(&mut setting);
    let mut reminder = opening.clone();
    (reminder.id, reminder.created, reminder.later) = (2, now, None);
    let fates = fates(&setting, &[opening.clone(), reminder]);
    assert!(
        matches!(fates.as_slice(), [PendingMailAction::Drop { id: 2, .. }]),
        "{fates:?}"
    );
    // The end was sent already, so the opening is out of date.
    let sent = overtaken(&setting.context(), &[opening]);
    assert!(
        matches!(sent.as_slice(), [PendingMailAction::Drop { id: 1, .. }]),
        "{sent:?}"
    );
}

#[test]
fn an_end_is_news_until_the_same_begins_again() {
    let mut setting = Setting::of(vec![ended(thesis())]);
    let mail = setting.only(&[Notice::Recovered { incident: 12 }]);
    let at = setting
        .now
        .max(setting.tracker.incidents[&12].ended.unwrap());
    let mail = QueuedMail::fresh(mail, 7, at);
    setting.now = at + TimeDelta::hours(4);
    assert_eq!(fates(&setting, std::slice::from_ref(&mail)), []);

    let mut again = thesis();
    (again.id, again.confirmed) = (19, setting.now);
    setting.tracker.incidents.insert(19, again);
    let fates = fates(&setting, &[mail]);
    assert!(
        matches!(fates.as_slice(), [PendingMailAction::Drop { id: 7, .. }]),
        "{fates:?}"
    );
}

#[test]
fn an_improvement_is_no_news_when_the_source_is_worse_since() {
    let mut setting = Setting::of(vec![thesis()]);
    let mut mail = waiting(&mut setting);
    mail.incidents.clear();
    mail.topic = Some(Topic::Improvement);
    mail.source = Some("cnki".into());
    assert_eq!(fates(&setting, std::slice::from_ref(&mail)), []);
    let at = later(&mut setting);
    setting.tracker.incidents.get_mut(&12).unwrap().confirmed = at;
    let fates = fates(&setting, &[mail]);
    assert!(
        matches!(fates.as_slice(), [PendingMailAction::Drop { id: 1, .. }]),
        "{fates:?}"
    );
}
