//! The pages of one probe, one vantage, an incident's comparison, the matrix and the health of the
//! installation.

use crate::client::get;
use crate::site::{TOKENS, demonstration, small};
use accesswatch::web::WebLimits;

fn page(path: &str) -> String {
    let answer = get(demonstration(), &format!("{path}?lang=en"), &[]);
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

#[test]
fn a_probe_shows_its_days_times_values_and_configuration() {
    let text = page("/sources/statistics/releases");
    for part in [
        // The watch is younger than 400 days.
        "The last 30 days",
        "Time to load",
        "Phases of a check",
        "last good",
        "What the page must hold",
        "As configured",
        "<code>schedule</code>",
        "preserveAspectRatio=\"none\"",
    ] {
        assert!(
            text.to_lowercase().contains(&part.to_lowercase()),
            "{part}\n{text}"
        );
    }
    // A figure is in the drawing and in the table.
    assert!(text.contains("<th class=\"r\" scope=\"col\">Median (ms)</th>"));
    assert!(text.contains("Next expected by"), "a date has a limit");
    assert_eq!(
        get(demonstration(), "/sources/statistics/none", &[]).status,
        404
    );
    assert_eq!(
        get(demonstration(), "/sources/none/releases", &[]).status,
        404
    );
}

#[test]
fn a_probe_that_lost_something_names_the_expectation() {
    let text = page("/sources/papers/thesis");
    let (_, expected) = text.split_once("What the page must hold").unwrap();
    assert!(expected.contains("<strong>missing</strong>"), "{expected}");
    assert!(expected.contains(">there<"));
}

#[test]
fn an_incident_compares_the_last_good_answer_with_the_first_bad_one() {
    let text = page("/incidents/1");
    let (_, compared) = text.split_once("id=\"comparison\"").unwrap();
    let at = |part: &str| {
        compared
            .find(part)
            .unwrap_or_else(|| panic!("{part}\n{compared}"))
    };
    // Expectations come first, then the text, then the facts, then what it does not show.
    let places = [
        at("<strong>missing</strong>"),
        at("The answers"),
        at("It does not show what a reader who is signed in sees"),
        at("The exchange, step by step"),
        at("Evidence"),
        at("Mails"),
    ];
    assert!(places.is_sorted(), "{places:?}");
    assert!(compared.contains("kept as urn:uuid:"), "{compared}");
    assert!(
        compared.contains("sent 1") || compared.contains("sent 2") || compared.contains("sent ")
    );
}

#[test]
fn a_catalogue_note_stands_in_three_languages() {
    let text = page("/incidents/1");
    let (_, notes) = text.split_once("For the catalogue").unwrap();
    for tag in ["lang=\"en\"", "lang=\"ko\"", "lang=\"zh-Hans\""] {
        assert!(notes.contains(tag), "{tag}");
    }
}

#[test]
fn a_vantage_shows_its_controls_and_outages() {
    let text = page("/vantages/berlin");
    assert!(text.contains("Controls") && text.contains("controls passed in the newest round"));
    assert!(text.contains("href=\"/incidents/"), "its outage is listed");
    assert!(text.contains("What is seen from here"));
    assert_eq!(get(demonstration(), "/vantages/nowhere", &[]).status, 404);
}

#[test]
fn the_matrix_leaves_out_what_is_not_asked_for() {
    let all = page("/matrix");
    assert!(all.contains("The last 90 days of each source"));
    let at = demonstration();
    let one = get(at, "/matrix?lang=en&vantage=berlin&state=less", &[]).text();
    let heads = |text: &str| {
        let (_, table) = text.split_once("<table class=\"matrix\">").unwrap();
        let (head, _) = table.split_once("</thead>").unwrap();
        head.matches("scope=\"col\"").count()
    };
    assert_eq!((heads(&all), heads(&one)), (4, 2));
    assert!(one.contains("Demo Papers") && !one.contains("Demo Court Judgments</bdi></a></th>"));
}

#[test]
fn health_says_what_is_stored_and_what_waits() {
    let text = page("/health");
    for part in [
        "Last pass",
        "Mails that wait",
        "Evidence",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn visitors_see_neither_probes_nor_vantages_nor_comparisons() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\npublic = true");
    let served = small(&web, WebLimits::default());
    for path in [
        "/sources/papers/article",
        "/vantages/secret-place",
        "/health",
        "/reports",
    ] {
        let status = get(served.at, path, &[]).status;
        assert_eq!(status, 303, "{path}");
    }
    let text = get(served.at, "/sources/papers", &[]).text();
    assert!(!text.contains("/sources/papers/article"));
    assert!(!text.contains("secret-place"));
}
