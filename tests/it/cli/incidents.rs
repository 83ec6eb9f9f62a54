//! `incidents` and its verbs.

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::Answer;

/// A library with incident #1 open.
pub fn broken() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    fixture
}

#[test]
fn incidents_are_chosen_by_state_source_and_day() {
    let fixture = broken();
    let count = |args: &[&str]| fixture.json(args).as_array().unwrap().len();
    assert_eq!(count(&["incidents", "--open", "--source", "papers"]), 1);
    assert_eq!(count(&["incidents", "--since", "2026-01-01"]), 1);
    assert_eq!(
        count(&["incidents", "--since", "2100-01-01"]),
        1,
        "it is open still"
    );
    fixture.mends();
    fixture.run_all();
    assert_eq!(count(&["incidents", "--open"]), 0);
    assert_eq!(count(&["incidents", "--since", "2100-01-01"]), 0);
    assert_eq!(count(&["incidents"]), 1);
    let nobody = fixture
        .watch
        .run(&["incidents", "--source", "paper"])
        .ends(2);
    assert!(
        nobody.err.contains("did you mean `papers`?"),
        "{}",
        nobody.err
    );
    let day = fixture
        .watch
        .run(&["incidents", "--since", "yesterday"])
        .ends(2);
    assert!(day.err.contains("write it as 2026-01-31"), "{}", day.err);
}

#[test]
fn show_tells_the_whole_incident() {
    let fixture = broken();
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    for part in [
        "Papers 论文, Article: closed (report #1)",
        "the server says that the page is not found",
        "Verdict: http.not_found",
        "Seen from each place (Beijing time):",
        "controls: 1 of 1 passed",
        "Beijing",
        "Phases:",
        "  here: not found (404) (http.not_found), from 2",
        "Story:",
        "ok -> http.not_found",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    let none = fixture.watch.run(&["incidents", "show", "7"]).ends(2);
    assert!(none.err.contains("no incident #7"), "{}", none.err);
    assert!(
        none.err.contains("`accesswatch incidents` lists them"),
        "{}",
        none.err
    );
}

#[test]
fn look_measures_again_now_and_says_what_is_found() {
    let fixture = broken();
    let look = |status| {
        fixture
            .watch
            .run(&["incidents", "look", "#1", "--by", "Ana"])
            .ends(status)
    };
    let still = look(0);
    assert!(
        still
            .out
            .contains("papers/article  here: not found (404) (http.not_found)"),
        "{still:?}"
    );
    assert!(still.err.contains("incident #1 is still open"), "{still:?}");
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    assert!(
        shown.contains("Ana asked to measure again at once"),
        "{shown}"
    );
    fixture.mends();
    let good = look(0);
    assert!(good.out.contains("here: ok (ok)"), "{good:?}");
    assert!(good.err.contains("incident #1 has ended"), "{good:?}");
    let over = look(2);
    assert!(over.err.contains("incident #1 has ended"), "{over:?}");
    let none = fixture.watch.run(&["incidents", "look", "7"]).ends(2);
    assert!(none.err.contains("no incident #7"), "{none:?}");
    let long = fixture
        .watch
        .run(&["incidents", "look", "1", "--wait", "2h"])
        .ends(2);
    assert!(long.err.contains("up to 1h"), "{long:?}");
}

#[test]
fn since_is_said_of_the_verdict_that_is_shown_and_each_phase_has_its_own_time() {
    let fixture = broken();
    fixture.serves(Answer::html("<p>who are you</p>").with_status(401));
    fixture.run_all();
    let incident = fixture.json(&["incidents"])[0].clone();
    assert_eq!(incident["to"], "http.unauthorized");
    let (first, since) = (&incident["first_bad"], &incident["since"]);
    assert!(since.as_str() >= first.as_str(), "{incident}");
    let status = &fixture.json(&["status"])[0];
    assert_eq!(
        (&status["since"], &status["access"]),
        (since, &"closed".into())
    );
    let table = fixture.watch.run(&["incidents"]).ends(0).out;
    let minute = since.as_str().unwrap()[..16].replace('T', " ");
    assert!(
        table.contains("SINCE") && table.contains(&minute),
        "{table}"
    );

    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    let (_, phases) = shown.split_once("\nPhases:\n").unwrap();
    let phases: Vec<&str> = phases.lines().take(2).collect();
    let (then, now) = (phases[0], phases[1]);
    assert!(
        then.contains("(http.not_found)") && then.contains("1 of 1 check"),
        "{then}"
    );
    assert!(
        now.contains("(http.unauthorized)") && now.contains(" so far"),
        "{now}"
    );
    let rows = fixture
        .watch
        .run(&["export", "incident_phases"])
        .ends(0)
        .out;
    assert_eq!(rows.lines().count(), 3, "{rows}");
    let summary = fixture.watch.run(&["export", "incidents"]).ends(0).out;
    let (before, after) = summary.split_once("; then ").unwrap();
    assert!(
        before.contains("the page was not found") && after.contains("asked for a login"),
        "{summary}"
    );
}

#[test]
fn status_says_what_readers_get() {
    let fixture = CliFixture::observed();
    let well = fixture.watch.run(&["status"]).ends(0);
    let says = "sources for readers: 1 open, 0 give less, 0 closed, 0 not known";
    assert!(well.err.contains(says), "{}", well.err);
    let row = &fixture.json(&["status"])[0];
    assert_eq!(
        (&row["access"], &row["reason"]),
        (&"open".into(), &"".into())
    );
    // One vantage cannot show whether a refusal without a reason is meant for readers.
    fixture.serves(Answer::html("<p>no</p>").with_status(403));
    fixture.run_all();
    let row = &fixture.json(&["status"])[0];
    let declined = (&"unknown".into(), &"declined".into());
    assert_eq!((&row["access"], &row["reason"]), declined, "{row}");
    let refused = fixture.watch.run(&["status"]).ends(0);
    assert!(refused.err.contains("1 not known"), "{}", refused.err);
    let csv = fixture.watch.run(&["export", "status"]).ends(0).out;
    assert!(
        csv.contains(",http.forbidden,unknown,no,") && csv.contains(",declined"),
        "{csv}"
    );
    let sources = fixture.watch.run(&["export", "sources"]).ends(0).out;
    assert!(
        sources
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("papers,Papers,论文,"),
        "{sources}"
    );
    let vantages = fixture.watch.run(&["export", "vantages"]).ends(0).out;
    let row = vantages.lines().nth(1).unwrap();
    assert!(
        row.starts_with("here,") && row.contains(",yes,,"),
        "{vantages}"
    );
    let uptime = fixture.watch.run(&["export", "uptime"]).ends(0).out;
    let row: Vec<&str> = uptime
        .lines()
        .nth(1)
        .unwrap()
        .trim_end()
        .split(',')
        .collect();
    // One check was refused, and for one check nothing is known of what readers get.
    assert_eq!(row[5..9], ["2", "1", "0", "1"], "{uptime}");
    assert_eq!(row[22..], ["1", "0", "0", "1"], "{uptime}");
}

#[test]
fn acknowledged_and_silenced_it_is_said_and_no_mail_goes_out_until_it_ends() {
    let fixture = broken();
    let before = fixture.watch.mails().len();
    let ack = fixture
        .watch
        .run(&["incidents", "ack", "1", "--by", "Ana\u{1b}[31m"])
        .ends(0);
    assert!(!ack.err.contains('\u{1b}'), "{}", ack.err);
    let who = fixture.json(&["incidents"])[0]["acknowledged_by"].clone();
    assert!(who.as_str().unwrap().starts_with("Ana"), "{who}");
    let again = ["incidents", "ack", "1", "--by", "Kim"];
    let again = fixture.watch.run(&again).ends(0).err;
    let at = again.split_once("looked after by Kim; Ana had acknowledged it at 2");
    let at = at.unwrap_or_else(|| panic!("{again}")).1;
    assert!(at.trim_end().ends_with("Z, and is replaced"), "{again}");
    assert_eq!(fixture.json(&["incidents"])[0]["acknowledged_by"], "Kim");
    // Without a name, the earlier name stays.
    for unnamed in [["ack", "1"].as_slice(), &["ack", "--source", "papers"]] {
        let args = [&["incidents"], unnamed].concat();
        fixture.watch.run(&args).ends(0);
        assert_eq!(fixture.json(&["incidents"])[0]["acknowledged_by"], "Kim");
    }
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    assert!(
        shown.contains("acknowledged by Ana") && shown.contains("acknowledged by Kim"),
        "{shown}"
    );
    let silence = ["incidents", "silence", "1", "--until", "2100-01-01"];
    let silenced = fixture.watch.run(&silence).ends(0);
    assert!(
        silenced.err.contains("no mails until 2100-01-02T00:00:00Z"),
        "{}",
        silenced.err
    );
    fixture.serves(Answer::html("<p>who are you</p>").with_status(401));
    fixture.run_all();
    let during = fixture.watch.mails();
    assert!(
        during.len() <= before + 1,
        "at most the acknowledgement is told: {during:#?}"
    );
    fixture.mends();
    fixture.run_all();
    assert!(
        fixture.watch.mails().len() > during.len(),
        "its end is still mailed"
    );
    for args in [
        &["ack", "1"][..],
        &["silence", "1", "--until", "2100-01-01"],
    ] {
        let ended = fixture.watch.run(&[&["incidents"], args].concat()).ends(2);
        assert!(ended.err.contains("has ended"), "{}", ended.err);
    }
    fixture.watch.run(&["incidents", "ack", "9"]).ends(2);
    fixture
        .watch
        .run(&["incidents", "silence", "1", "--until", "soon"])
        .ends(2);
}

#[test]
fn what_a_person_saw_is_kept_with_the_incident() {
    let fixture = broken();
    let seen = [
        "incidents",
        "observe",
        "1",
        "--browser",
        "ok",
        "--network",
        "campus wifi",
    ];
    fixture.watch.run(&seen).ends(0);
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    assert!(shown.contains("campus wifi"), "{shown}");
    let csv = fixture.watch.run(&["export", "incidents"]).ends(0).out;
    assert!(csv.contains("campus wifi"), "{csv}");
    let wrong = fixture.watch.run(&[
        "incidents",
        "observe",
        "1",
        "--browser",
        "fine",
        "--network",
        "x",
    ]);
    assert!(
        wrong.ends(2).err.contains("refused"),
        "the choices are named"
    );
    // An observation survives `rejudge`.
    fixture.watch.run(&["rejudge", "--apply"]).ends(0);
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    assert!(shown.contains("campus wifi"), "{shown}");
}

#[test]
fn what_a_person_saw_keeps_its_words_and_its_name() {
    let fixture = broken();
    let words = "本站暂停境外访问服务";
    let see = |about: &str, browser: &str| {
        let args = [
            "incidents",
            "observe",
            about,
            "--browser",
            browser,
            "--network",
            "home, Berlin",
            "--saw",
            words,
            "--by",
            "Ana",
        ];
        fixture.watch.run(&args).ends(0).err
    };
    // An id as mails write it, and a probe with an incident.
    assert!(see("#1", "refused").contains("incident #1: noted"));
    assert!(see("papers/article", "partial").contains("incident #1: noted"));
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    for said in [
        "Ana, home, Berlin: refused: “本站暂停境外访问服务”",
        "Ana, home, Berlin: works in part",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let mail = fixture.watch.run(&["mail", "preview", "1"]).ends(0).out;
    assert!(mail.contains(words), "{mail}");

    // A probe without an incident: the observation becomes an event, which the digest reports.
    fixture.mends();
    fixture.run_all();
    let told = see("papers/article", "ok");
    assert!(
        told.contains("papers/article: no incident is open: noted"),
        "{told}"
    );
    for (about, says) in [
        ("papers/articel", "there is no probe papers/articel"),
        (
            "papers",
            "write the number of an incident, such as 12, or a probe",
        ),
    ] {
        let args = [
            "incidents",
            "observe",
            about,
            "--browser",
            "ok",
            "--network",
            "x",
        ];
        let refused = fixture.watch.run(&args).ends(2);
        assert!(refused.err.contains(says), "{says}: {}", refused.err);
    }
}

#[test]
fn one_acknowledgement_serves_all_of_a_source() {
    let fixture = broken();
    let ack = |args: &[&str]| {
        let mut all = vec!["incidents", "ack"];
        all.extend(args);
        fixture.watch.run(&all)
    };
    let told = ack(&["--source", "papers", "--by", "Ana"]).ends(0).err;
    assert!(
        told.contains("incident #1 is looked after by Ana"),
        "{told}"
    );
    assert_eq!(fixture.json(&["incidents"])[0]["acknowledged_by"], "Ana");
    let near = ack(&["--source", "paper"]).ends(2).err;
    assert!(near.contains("did you mean `papers`?"), "{near}");
    ack(&["1", "--source", "papers"]).ends(2);
    ack(&[]).ends(2);
    fixture.mends();
    fixture.run_all();
    let none = ack(&["--source", "papers"]).ends(0).err;
    assert!(none.contains("no incident of papers"), "{none}");
}

/// A person who has looked is not asked to look: the observation replaces the request in the first
/// lines.
#[test]
fn what_a_person_saw_stands_in_the_first_lines_of_the_letter() {
    let fixture = broken();
    let lead = |fixture: &crate::support::cli_fixture::CliFixture| {
        let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
        let lines = shown.lines().skip(2).take(3).map(str::to_owned);
        lines.collect::<Vec<_>>().join("\n")
    };
    let before = lead(&fixture);
    let args = [
        "incidents",
        "observe",
        "1",
        "--browser",
        "refused",
        "--network",
        "reading room",
    ];
    fixture.watch.run(&args).ends(0);
    let after = lead(&fixture);
    assert_ne!(before, after);
    assert!(after.contains("reading room"), "{before}\n\n{after}");
}
