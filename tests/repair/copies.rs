//! The copies that `links repair` cites: also for links that were never imported, and never a copy
//! without a public address.

use serde_json::Value;

use crate::archives::Mood;
use crate::command::{COPY, Library};

const LINK: &str = "http://dead.example/x";

/// A page about a subject, long enough to be recognised as a page about it.
fn page(about: &str) -> String {
    format!(
        "<title>{about}</title><h1>{about}</h1><p>The report on {about} says at some length what is known of {about}, \
         who measured them and where else one may read of {about} in the catalogue of this library. A table of all \
         stations follows, with the names of those who keep them and the years in which they began.</p>"
    )
}

/// Repairs a document of one line; returns the rows of the report and the repaired line.
fn repaired(library: &Library, line: &str, args: &[&str]) -> (Vec<Value>, String) {
    library.watch.write("one.md", line);
    let path = library.watch.file("one.md").to_string_lossy().into_owned();
    let out = library.watch.file("out.md").to_string_lossy().into_owned();
    let mut all = vec![path.as_str(), "-o", &out, "--force"];
    all.extend(args);
    let rows = library.repair(&all, 0);
    (rows, library.read("out.md"))
}

#[test]
fn a_link_that_was_never_imported_gets_the_copy_that_an_archive_has() {
    let library = Library::new();
    library.archive.forgets();
    let missing = "<title>页面不存在</title><p>您访问的页面不存在";
    library.archive.holds(LINK, "20230508120000", missing);
    library
        .archive
        .holds(LINK, "20230420120000", &page("rivers"));
    library
        .archive
        .holds(LINK, "20200101120000", &page("rivers, long before"));
    let line = format!("See [x]({LINK}), accessed 2023-05-08.\n");
    let (rows, after) = repaired(&library, &line, &[]);
    let copy = library.archive.capture("20230420120000", LINK);
    assert_eq!(rows[0]["action"], "changed", "{rows:?}");
    assert_eq!(rows[0]["archive_url"], copy);
    assert_eq!(rows[0]["archive_time"], "2023-04-20T12:00:00Z");
    assert_eq!(rows[0]["judged"], "good");
    let want =
        format!("See [x]({LINK}) ([archived]({copy}) on 2023-04-20), accessed 2023-05-08.\n");
    assert_eq!(after, want);
    // The only good capture is more than a year from the day of citing.
    let line = format!("See [x]({LINK}), accessed 2025-05-08.\n");
    let (rows, _) = repaired(&library, &line, &[]);
    assert_eq!(rows[0]["judged"], "far", "{rows:?}");
    // Offline, no archive is asked, and nothing is known about the link.
    let before = library.archive.asked().len();
    assert!(repaired(&library, &line, &["--offline"]).0.is_empty());
    assert_eq!(library.archive.asked().len(), before);
}

#[test]
fn an_archive_that_does_not_answer_is_named_as_the_reason() {
    let library = Library::new();
    library.archive.is(Mood::Down);
    let (rows, after) = repaired(&library, &format!("[x]({LINK})\n"), &[]);
    assert_eq!(rows[0]["action"], "left");
    let reason = rows[0]["reason"].as_str().unwrap();
    assert!(reason.contains("an archive did not answer"), "{reason}");
    assert_eq!(after, format!("[x]({LINK})\n"));
}

#[test]
fn a_link_whose_loss_is_not_confirmed_is_left_with_the_reason() {
    let library = Library::new();
    let text = format!("[x]({LINK})\n");
    library.watch.write("kept.md", &text);
    let path = library.watch.file("kept.md").to_string_lossy().into_owned();
    library.watch.run(&["links", "import", &path]).ends(0);
    library.watch.run(&["links", "check", "--all"]).ends(0);
    let (rows, after) = repaired(&library, &text, &[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["state"], "unknown");
    assert_eq!(rows[0]["action"], "left");
    let reason = rows[0]["reason"].as_str().unwrap();
    assert!(reason.contains("not confirmed yet"), "{reason}");
    assert_eq!(after, text);
}

#[test]
fn a_copy_of_our_own_is_shown_and_not_cited() {
    let library = Library::new();
    library.archive.forgets();
    library
        .site
        .set("/own", crate::pages::Answer::html(&page("lakes")));
    let link = "http://ok.example/own";
    let text = format!("[x]({link}) and [y]({COPY})\n");
    library.watch.write("kept.md", &text);
    let path = library.watch.file("kept.md").to_string_lossy().into_owned();
    library.watch.run(&["links", "import", &path]).ends(0);
    library.watch.run(&["links", "copies", "--save", "own"]);
    library
        .watch
        .run(&["links", "observe", "L1", "--browser", "gone"])
        .ends(0);
    for args in [&["--offline"][..], &[]] {
        let (rows, after) = repaired(&library, &text, args);
        let row = rows.iter().find(|row| row["url_as_cited"] == link).unwrap();
        assert_eq!(row["action"], "left", "{row}");
        let reason = row["reason"].as_str().unwrap();
        assert!(reason.contains("the only copies are our own"), "{row}");
        assert!(
            row["archive_url"]
                .as_str()
                .unwrap()
                .starts_with("urn:uuid:"),
            "{row}"
        );
        assert_eq!(row["paste"], Value::Null);
        assert!(!after.contains("urn:uuid"), "{after}");
    }
}
