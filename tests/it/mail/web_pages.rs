//! Letters lead to the web pages, and keep what the library wrote itself.

use accesswatch::alert::compose::compose_digest;
use accesswatch::alert::{MailContext, remind};
use accesswatch::model::incident::{MailThread, StoryLine, StoryRemark};
use accesswatch::model::mail::Notice;
use accesswatch::model::{Incident, SourceId};

use crate::support::letters::{Setting, ended, thesis};
use crate::support::mail_fixture::time;
use crate::support::mime::{self, Mail};

const PAGE: &str = "https://access.example/incidents/12";

/// The fixture with a page that says something, and with pages of its own for readers.
fn setting(incident: Incident) -> Setting {
    let mut setting = Setting::of(vec![incident]);
    for incident in setting.tracker.incidents.values_mut() {
        for part in incident.vantages.values_mut() {
            part.observed.words = Some("本站暂停境外访问服务".to_owned());
        }
    }
    setting.settings.web.base_url = Some("https://access.example".parse().unwrap());
    setting
}

fn letter(setting: &Setting, notice: Notice) -> Mail {
    mime::parse(&setting.only(&[notice]).eml)
}

#[test]
fn a_letter_leads_to_the_page_of_its_incident() {
    let opening = letter(&setting(thesis()), Notice::Opened { incident: 12 });
    let line = format!("- Web page of report #12: <{PAGE}>");
    let at = |part: &str| opening.text.find(part).unwrap_or_else(|| panic!("{part}"));
    assert!(at(&line) < at("Does it work for you?"), "{}", opening.text);
    assert!(
        opening.html.contains(&format!("<a href=\"{PAGE}\"")),
        "{}",
        opening.html
    );
    assert!(
        opening.text.trim_end().lines().count() <= 40,
        "{}",
        opening.text
    );
    let end = letter(
        &setting(ended(thesis())),
        Notice::Recovered { incident: 12 },
    );
    assert!(end.text.contains(&line), "{}", end.text);

    let mut without = setting(thesis());
    without.settings.web.base_url = None;
    let plain = letter(&without, Notice::Opened { incident: 12 });
    assert!(!plain.text.contains("/incidents/12"), "{}", plain.text);
    assert!(!plain.html.contains("/incidents/12"), "{}", plain.html);
}

#[test]
fn a_quote_leads_to_its_kept_copy_only_where_one_is_kept() {
    let mut kept = setting(thesis());
    let opened = Notice::Opened { incident: 12 };
    let copy = format!("Kept copy: {PAGE}#evidence");
    assert!(!letter(&kept, opened.clone()).text.contains("Kept copy"));
    kept.records = [("0193-a".into(), "urn:uuid:1".to_owned())].into();
    let mail = letter(&kept, opened);
    let quote = mail.text.find("本站暂停境外访问服务").unwrap();
    assert!(quote < mail.text.find(&copy).unwrap(), "{}", mail.text);
    assert!(
        mail.html.contains(&format!("<a href=\"{PAGE}#evidence\"")),
        "{}",
        mail.html
    );
}

#[test]
fn a_digest_leads_to_the_page_of_each_report_that_it_names() {
    let mut setting = setting(thesis());
    setting.settings.alerts.to[0].on.clear();
    let to = &setting.settings.alerts.to[0];
    let digest = compose_digest(&setting.context(), to, &[], time("2026-11-23T01:24:00Z"));
    let mail = mime::parse(&digest.unwrap().unwrap().eml);
    let line = mail.text.lines().find(|line| line.contains("#12 CNKI"));
    assert!(line.unwrap().ends_with(&format!("({PAGE})")), "{line:?}");
    let anchor = format!("<a href=\"{PAGE}\" style=\"color:#0a3d91\">{PAGE}</a>");
    assert!(mail.html.contains(&anchor), "{}", mail.html);
}

#[test]
fn what_the_library_wrote_stays_in_a_long_letter() {
    let mut incident = thesis();
    for minute in 0..30 {
        let at = time(&format!("2026-11-23T02:{minute:02}:00Z"));
        let by = StoryRemark::Acknowledged {
            by: format!("Ana {minute}"),
        };
        incident
            .changes
            .push(StoryLine::note(at, "acknowledged", by));
    }
    let mut setting = setting(incident);
    let cnki = setting
        .catalogue
        .sources
        .get_mut(&SourceId::from("cnki"))
        .unwrap();
    cnki.licence_until = Some("2026-11-22".to_owned());
    cnki.catalogue_note = Some("Ask at the desk.".to_owned());
    let mail = letter(&setting, Notice::Opened { incident: 12 });
    for own in [
        "Licence until: 2026-11-22",
        "Whom to ask: service@cnki.example",
        "Catalogue records: b1234567",
        "Your own wording: Ask at the desk.",
    ] {
        assert!(mail.text.contains(own), "{own}: {}", mail.text);
        assert!(mail.html.contains(own.split_once(": ").unwrap().1), "{own}");
    }
    assert!(!mail.text.contains("What happened so far"), "{}", mail.text);
    assert!(mail.text.trim_end().lines().count() <= 40, "{}", mail.text);
}

#[test]
fn the_pages_of_many_incidents_push_nothing_else_out() {
    let thread = Some(MailThread {
        root: 12,
        begun: thesis().confirmed,
        shared: true,
    });
    let incident = |id| Incident {
        id,
        thread,
        ..thesis()
    };
    let mut setting = Setting::of((12..22).map(incident).collect());
    let letters = |setting: &Setting| {
        let opened: Vec<Notice> = (12..22)
            .map(|incident| Notice::Opened { incident })
            .collect();
        let tomorrow = MailContext {
            now: time("2026-11-24T02:00:00Z"),
            ..setting.context()
        };
        let reminders = remind::due(&tomorrow, |_| Some(time("2026-11-23T01:30:00Z")));
        assert_eq!(reminders.len(), 1);
        [setting.only(&opened), reminders[0].clone()].map(|mail| mime::parse(&mail.eml).text)
    };
    let plain = letters(&setting);
    setting.settings.web.base_url = Some("https://access.example".parse().unwrap());
    for (plain, with_pages) in plain.iter().zip(letters(&setting)) {
        assert!(with_pages.contains(&format!("<{PAGE}>")), "{with_pages}");
        let lost = plain.lines().filter(|line| !with_pages.contains(line));
        let lost: Vec<&str> = lost.collect();
        assert!(lost.len() <= 2, "{lost:#?} of {plain} not in {with_pages}");
    }
}
