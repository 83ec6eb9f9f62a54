//! `rejudge`: the same measurements by today's rules.

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;

fn judged_again(fixture: &CliFixture, args: &[&str]) -> (String, String) {
    let ran = fixture.watch.run(&[&["rejudge"], args].concat()).ends(0);
    (ran.out, ran.err)
}

/// The page was well, refused with another page, and well again.
fn refused() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.serves(
        Answer::html("<title>Zugang</title><p>Region nicht freigegeben 4711</p>").with_status(403),
    );
    fixture.run_all();
    fixture.mends();
    fixture.run_all();
    fixture
}

#[test]
fn right_after_living_through_it_nothing_changes() {
    let fixture = refused();
    fixture.breaks();
    fixture.run_all();
    let before = fixture.watch.run(&["export", "incidents"]).ends(0).out;
    let (out, err) = judged_again(&fixture, &[]);
    assert_eq!(out, "", "{err}");
    assert!(err.contains("nothing changes"), "{err}");
    assert!(
        err.contains("; 0 kept the verdict"),
        "no page is gone: {err}"
    );
    let (out, _) = judged_again(&fixture, &["--apply"]);
    assert_eq!(out, "");
    assert_eq!(
        fixture.watch.run(&["export", "incidents"]).ends(0).out,
        before
    );
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
}

#[test]
fn a_new_signature_changes_what_it_explains_once_it_is_applied() {
    let fixture = refused();
    let mails = fixture.watch.mails().len();
    fixture.watch.write(
        "probes/signatures/own.csv",
        "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes,code,status,max_bytes,unless,confirmed\n\
         own.region,serv,,body,contains,Region nicht freigegeben,10,,seen here,,,site.geo_block,403,,,yes\n",
    );
    let (out, err) = judged_again(&fixture, &[]);
    assert!(out.contains("papers/article from here at 20"), "{out}");
    let records = fixture.json(&["rejudge"]);
    let changes = records.as_array().unwrap();
    assert_eq!(changes.len(), out.lines().count());
    assert_eq!(changes[0]["change"], out.lines().next().unwrap());
    assert!(
        out.contains("site.geo_block instead of http.forbidden"),
        "{out}"
    );
    assert!(out.contains("incident #1"), "{out}");
    assert!(
        err.contains("nothing was written; `accesswatch rejudge --apply` writes it"),
        "{err}"
    );
    assert_eq!(
        fixture.json(&["incidents"])[0]["to"],
        "http.forbidden",
        "nothing was written"
    );

    let (applied, err) = judged_again(&fixture, &["--apply"]);
    assert_eq!(applied, out);
    assert!(err.contains("written; no mail was composed"), "{err}");
    let incident = &fixture.json(&["incidents"])[0];
    assert_eq!(incident["to"], "site.geo_block");
    assert_eq!(incident["finding"], "geo_restricted");
    assert_eq!(incident["id"], "1", "it keeps its number");
    let csv = fixture.watch.run(&["export", "measurements"]).ends(0).out;
    assert!(csv.contains(",own.region,"), "{csv}");
    assert!(!csv.contains("http.forbidden"), "{csv}");
    fixture.watch.run(&["run", "--all"]).ends(0);
    assert_eq!(
        fixture.watch.mails().len(),
        mails,
        "mails nothing, later neither"
    );
    let (_, err) = judged_again(&fixture, &[]);
    assert!(err.contains("nothing changes"), "{err}");
}

#[test]
fn a_changed_expectation_changes_statuses_and_incidents() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace("摘要", "内容提要")));
    fixture.run_all();
    assert_eq!(fixture.json(&["status"])[0]["code"], "content.changed");
    fixture.probe("contains = [\"正文\"]", "");
    let (out, _) = judged_again(&fixture, &["--apply"]);
    assert!(
        out.contains("status of papers/article from here: ok instead of content.changed"),
        "{out}"
    );
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
    // And back: the store holds the measurement, not the verdict.
    fixture.probe("contains = [\"摘要\"]", "");
    judged_again(&fixture, &["--apply"]);
    assert_eq!(fixture.json(&["status"])[0]["code"], "content.changed");
}

#[test]
fn since_leaves_what_is_older_as_it_was() {
    let fixture = CliFixture::observed();
    fixture.probe("contains = [\"摘要\", \"新标记\"]", "");
    let (out, err) = judged_again(&fixture, &["--since", "2100-01-01"]);
    assert_eq!(out, "", "{err}");
    assert!(err.contains("0 measurements judged again"), "{err}");
    let wrong = fixture
        .watch
        .run(&["rejudge", "--since", "last week"])
        .ends(2);
    assert!(wrong.err.contains("2026-01-31"), "{}", wrong.err);
}

#[test]
fn an_incident_that_was_a_mistake_is_taken_back() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace("摘要", "内容提要")));
    fixture.run_all();
    fixture.serves(Answer::html(&GOOD.replace(" class=\"row\"", "")));
    fixture.run_all();
    assert_eq!(
        fixture
            .json(&["incidents", "--open"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // The list was never required.
    let text = std::fs::read_to_string(fixture.watch.file("probes/academic/papers.toml")).unwrap();
    fixture.watch.write(
        "probes/academic/papers.toml",
        &text.replace("min = 1\n", ""),
    );
    let (out, _) = judged_again(&fixture, &["--apply"]);
    assert!(out.contains("incident #1"), "{out}");
    assert_eq!(
        fixture
            .json(&["incidents", "--open"])
            .as_array()
            .unwrap()
            .len(),
        0,
        "{out}"
    );
}
