//! A regression from end to end, through the binary: seen, confirmed, mailed, ended.

use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;

fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    mail.lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The mails about incident #1, oldest first.
fn about_one(fixture: &CliFixture) -> Vec<String> {
    let mut mails: Vec<String> = fixture
        .watch
        .mails()
        .into_iter()
        .filter(|mail| mail.contains("report #1"))
        .collect();
    mails.sort_by_key(|mail| header(mail, "In-Reply-To").is_some());
    mails
}

/// The attempts of the newest round, in order.
fn attempts(fixture: &CliFixture) -> Vec<i64> {
    let of_article: Vec<Value> = fixture
        .records()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|record| record["test_keys"]["x_accesswatch"].clone())
        .filter(|extra| extra["probe"] == "article")
        .collect();
    let newest = of_article.last().unwrap()["round"].clone();
    of_article
        .iter()
        .filter(|extra| extra["round"] == newest)
        .map(|extra| extra["attempt"].as_i64().unwrap())
        .collect()
}

/// Breaks the article with `answer`, runs once, checks the conclusions, and then repairs it.
fn plays(answer: Answer, code: &str, finding: &str, mailed_at_once: bool) {
    let fixture = CliFixture::observed();
    fixture.serves(answer);
    let ran = fixture.watch.run(&["run", "--all", "--exit-code"]).ends(1);
    assert!(
        ran.err.contains(&format!("1 round: 1 {code}")),
        "{}",
        ran.err
    );
    assert_eq!(
        attempts(&fixture),
        [0, 1, 2, 3],
        "confirmed in the same run"
    );

    let incidents = fixture.json(&["incidents"]);
    assert_eq!(incidents.as_array().unwrap().len(), 1, "{incidents}");
    let incident = &incidents[0];
    assert_eq!(incident["id"], "1");
    assert_eq!(incident["state"], "open");
    assert_eq!(incident["probe"], "papers/article");
    assert_eq!(
        (&incident["from"], &incident["to"]),
        (&"ok".into(), &code.into())
    );
    assert_eq!(incident["finding"], finding);
    assert_eq!(fixture.json(&["status"])[0]["code"], code);
    let note = fixture.json(&["status"])[0]["note"].clone();
    let note = note.as_str().unwrap();
    assert!(note.starts_with("incident #1"), "{note}");
    assert_eq!(
        note.contains("mail left to the digest, because"),
        !mailed_at_once,
        "{note}"
    );
    let mails = about_one(&fixture);
    assert_eq!(mails.len(), usize::from(mailed_at_once), "{mails:#?}");

    fixture.mends();
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
    assert_eq!(
        attempts(&fixture),
        [0, 1, 2],
        "the recovery is confirmed too"
    );
    let incidents = fixture.json(&["incidents"]);
    assert_eq!(incidents[0]["state"], "ended");
    let mails = about_one(&fixture);
    if mailed_at_once {
        assert_eq!(mails.len(), 2, "{mails:#?}");
        let thread = header(&mails[0], "Message-ID").unwrap();
        assert_eq!(header(&mails[1], "In-Reply-To"), Some(thread));
        let subject = |mail: &String| header(mail, "Subject").unwrap_or_default().to_owned();
        assert!(!subject(&mails[0]).contains("open again"), "{mails:#?}");
        assert!(
            subject(&mails[1]).ends_with("open again (report #1)"),
            "{mails:#?}"
        );
    } else {
        assert_eq!(
            mails.len(),
            0,
            "no end is told of what was not told: {mails:#?}"
        );
    }
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
    assert_eq!(fixture.json(&["incidents"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_page_that_is_gone() {
    let answer = Answer::html("<title>404</title><p>gone</p>").with_status(404);
    plays(answer, "http.not_found", "rot", true);
}

#[test]
fn a_full_text_button_that_is_shown_no_more() {
    let page = GOOD.replace(" id=\"pdfDown\"", "");
    plays(Answer::html(&page), "content.withdrawn", "withdrawn", true);
}

#[test]
fn a_list_with_nothing_in_it() {
    let page = GOOD.replace(" class=\"row\"", "");
    plays(Answer::html(&page), "content.empty", "withdrawn", true);
}

#[test]
fn a_refusal_that_states_no_cause_is_kept_for_the_digest() {
    let answer = Answer::html("<p>no</p>").with_status(403);
    plays(answer, "http.forbidden", "program_refused", false);
}

#[test]
fn what_passes_while_it_is_confirmed_is_no_incident() {
    let fixture = CliFixture::observed();
    let good = fixture.site.hits();
    let gone = Answer::html("<p>gone</p>").with_status(404);
    fixture.site.set_all("/article", [gone, Answer::html(GOOD)]);
    let ran = fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
    assert!(fixture.site.hits() > good + 2, "it was asked again");
    assert_eq!(
        fixture.json(&["incidents"]).as_array().unwrap().len(),
        0,
        "{}",
        ran.err
    );
    let status = &fixture.json(&["status"])[0];
    assert_eq!(status["code"], "ok");
}

#[test]
fn a_first_sight_that_is_bad_is_already_restricted_and_no_incident() {
    let fixture = CliFixture::new();
    fixture.serves(Answer::html(&GOOD.replace(" id=\"pdfDown\"", "")));
    fixture.watch.run(&["run", "--exit-code"]).ends(0);
    assert_eq!(fixture.json(&["incidents"]).as_array().unwrap().len(), 0);
    let status = &fixture.json(&["status"])[0];
    assert_eq!(status["code"], "content.withdrawn");
    let note = status["note"].as_str().unwrap();
    assert!(note.contains("already so when first seen"), "{note}");
    let mails = fixture.watch.mails();
    assert_eq!(mails.len(), 1, "the first letter tells it: {mails:#?}");
    // Better than ever before: mailed.
    fixture.mends();
    fixture.run_all();
    assert_eq!(fixture.watch.mails().len(), 2, "the improvement is mailed");
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
}

#[test]
fn a_provisional_probe_mails_nothing_until_it_was_ok_once() {
    let fixture = CliFixture::new();
    fixture.probe("contains = [\"摘要\"]", "provisional = true");
    fixture.serves(Answer::html(&GOOD.replace(" class=\"row\"", "")));
    fixture.run_all();
    let letters = fixture.watch.mails().len();
    fixture.breaks();
    fixture.run_all();
    assert_eq!(fixture.watch.mails().len(), letters, "nothing at once");
    fixture.mends();
    fixture.run_all();
    let before = fixture.watch.mails().len();
    fixture.breaks();
    fixture.run_all();
    assert_eq!(
        fixture
            .json(&["incidents", "--open"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        fixture.watch.mails().len(),
        before + 1,
        "now it is known to be right"
    );
}
