//! `links import`, `status` and `show`: documents come again, move and change.

use serde_json::{Value, json};

use crate::check::Library;

/// What an import prints.
#[track_caller]
fn import(library: &Library, args: &[&str], status: i32) -> Value {
    let all: Vec<&str> = ["links", "import"]
        .iter()
        .chain(args)
        .copied()
        .chain(["--format", "json"])
        .collect();
    serde_json::from_str(&library.watch.run(&all).ends(status).out).unwrap()
}

fn counts(value: &Value) -> [u64; 5] {
    ["documents", "citations", "links", "new", "ended"].map(|name| value[name].as_u64().unwrap())
}

#[track_caller]
fn listed(library: &Library, args: &[&str]) -> Vec<Value> {
    let all: Vec<&str> = ["links"]
        .iter()
        .chain(args)
        .copied()
        .chain(["--format", "json"])
        .collect();
    serde_json::from_str(&library.watch.run(&all).ends(0).out).unwrap()
}

const THREE: &str = "@misc{a, url={https://a.example/x}, urldate={2023-05-08}}\n\
                     @misc{b, url={http://A.example/x?utm_source=y}}\n\
                     @misc{c, url={https://b.example/}, title={T}}\n";

#[test]
fn another_import_updates_and_never_duplicates() {
    let library = Library::new();
    let bib = library.document("docs/refs.bib", THREE);
    assert_eq!(counts(&import(&library, &[&bib], 0)), [1, 3, 2, 3, 0]);
    assert_eq!(counts(&import(&library, &[&bib], 0)), [1, 3, 2, 0, 0]);
    library.document("docs/refs.bib", &THREE.replace("b.example", "c.example"));
    assert_eq!(counts(&import(&library, &[&bib], 0)), [1, 3, 2, 1, 1]);
    let documents = listed(&library, &["status"]);
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["citations"], 3);
    assert_eq!(documents[0]["links"], 2);
    assert_eq!(documents[0]["unknown"], 2);
    // What ended is kept, and comes back as new.
    let ended = listed(&library, &["show", "https://b.example/"]);
    assert!(ended[0]["ended_utc"].is_string());
    library.document("docs/refs.bib", THREE);
    assert_eq!(counts(&import(&library, &[&bib], 0)), [1, 3, 2, 1, 1]);
    assert_eq!(
        listed(&library, &["show", "https://b.example/"])[0]["ended_utc"],
        Value::Null
    );
}

#[test]
fn a_trial_keeps_nothing() {
    let library = Library::new();
    let bib = library.document("refs.bib", THREE);
    assert_eq!(
        counts(&import(&library, &[&bib, "--dry-run"], 0)),
        [1, 3, 2, 3, 0]
    );
    let ran = library.watch.run(&["links", "status"]).ends(0);
    assert!(ran.err.contains("no documents yet"), "{}", ran.err);
}

#[test]
fn a_file_that_moved_keeps_its_history_and_a_copy_is_another_document() {
    let library = Library::new();
    let old = library.document("old.bib", THREE);
    import(&library, &[&old], 0);
    let new = library.watch.file("new.bib");
    std::fs::rename(&old, &new).unwrap();
    let new = new.to_string_lossy().into_owned();
    assert_eq!(counts(&import(&library, &[&new], 0)), [1, 3, 2, 0, 0]);
    let documents = listed(&library, &["status"]);
    assert_eq!(documents.len(), 1);
    assert!(documents[0]["path"].as_str().unwrap().ends_with("new.bib"));
    let copy = library.document("copy.bib", THREE);
    assert_eq!(counts(&import(&library, &[&copy], 0)), [1, 3, 2, 3, 0]);
    assert_eq!(listed(&library, &["status"]).len(), 2);
}

#[test]
fn folders_and_globs_are_imported_and_what_cannot_be_read_is_named() {
    let library = Library::new();
    library.document("all/a.bib", THREE);
    library.document("all/deep/b.md", "[x](https://c.example/)");
    library.document("all/.hidden.md", "[x](https://d.example/)");
    library.document("all/empty.txt", "");
    let folder = library.watch.file("all").to_string_lossy().into_owned();
    let found = import(&library, &[&folder, "--group", "g"], 3);
    assert_eq!(counts(&found), [2, 4, 3, 4, 0]);
    let unreadable = &found["unreadable"];
    assert_eq!(unreadable.as_array().unwrap().len(), 1);
    assert_eq!(unreadable[0]["reason"], "the file is empty");
    let glob = format!("{folder}/**/*.md");
    assert_eq!(counts(&import(&library, &[&glob], 0)), [1, 1, 1, 0, 0]);
    let missing = import(&library, &["missing.bib"], 3);
    assert_eq!(missing["documents"], 0);
    assert!(
        listed(&library, &["status"])
            .iter()
            .all(|d| d["group"] == "g")
    );
}

#[test]
fn a_link_is_shown_with_its_citations_however_it_is_spelled() {
    let library = Library::new();
    let bib = library.document("refs.bib", THREE);
    import(
        &library,
        &[&bib, "--date", "2020-01", "--title", "Report", "--watched"],
        0,
    );
    let shown = listed(&library, &["show", "http://a.example/x?utm_medium=z"]);
    let days: Vec<Value> = shown
        .iter()
        .map(|c| json!([c["place"], c["cited_on"], c["cited_on_from"]]))
        .collect();
    assert_eq!(
        days,
        [
            json!(["entry a", "2023-05-08", "field"]),
            json!(["entry b", "2020-01", "document"]),
        ]
    );
    let links = listed(&library, &["status", "--host", "b.example"]);
    assert_eq!(links.len(), 1);
    let id = links[0]["link_id"].as_str().unwrap().to_owned();
    assert_eq!(listed(&library, &["show", &id]).len(), 1);
    let documents = listed(&library, &["status"]);
    assert_eq!(documents[0]["title"], "Report");
    assert_eq!(documents[0]["watched"], true);
    library
        .watch
        .run(&["links", "show", "https://z.example/"])
        .ends(2);
    library
        .watch
        .run(&["links", "status", "--state", "dead"])
        .ends(2);
}

#[test]
fn credentials_of_a_document_are_not_kept() {
    let library = Library::new();
    let document = library.document(
        "a.txt",
        "https://u:hunter2@a.example/x and ftp://v:hunter2@b.example/",
    );
    import(&library, &[&document], 0);
    let store = std::fs::read(library.watch.file("data/accesswatch.db")).unwrap();
    assert!(!store.windows(7).any(|w| w == b"hunter2"));
    for entry in std::fs::read_dir(library.watch.file("data"))
        .unwrap()
        .flatten()
    {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(
            !bytes.windows(7).any(|w| w == b"hunter2"),
            "{:?}",
            entry.path()
        );
    }
}

/// Title and date of the only document, and place, day and passage of its citations.
fn known(library: &Library) -> Value {
    let documents = listed(library, &["status"]);
    assert_eq!(documents.len(), 1);
    let mut citations = Vec::new();
    for link in listed(library, &["status", "--document", "D1"]) {
        let id = link["link_id"].as_str().unwrap().to_owned();
        let shown = listed(library, &["show", &id]);
        let current = shown.iter().filter(|c| cell(&c["ended_utc"]).is_empty());
        let names = ["place", "cited_on", "cited_on_from", "quote"];
        citations.extend(current.map(|c| names.map(|name| cell(&c[name]).to_owned())));
    }
    let of_document = |name: &str| cell(&documents[0][name]).to_owned();
    json!([of_document("title"), of_document("date"), citations])
}

/// A cell; empty where nothing is known.
fn cell(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn a_stated_title_and_date_stay_when_the_document_comes_again() {
    let library = Library::new();
    let text = |title: &str, date: &str| {
        format!("---\ntitle: {title}\ndate: {date}\n---\n\nhttps://a.example/x\n")
    };
    let md = library.document("a.md", &text("Own", "2019"));
    let by_document = |day: &str| json!([["line 6", day, "document", ""]]);
    import(&library, &[&md], 0);
    assert_eq!(known(&library), json!(["Own", "2019", by_document("2019")]));
    // What nobody stated is what the document says now.
    library.document("a.md", &text("Newer", "2020"));
    import(&library, &[&md], 0);
    assert_eq!(
        known(&library),
        json!(["Newer", "2020", by_document("2020")])
    );
    import(&library, &[&md, "--title", "Mine", "--date", "2021"], 0);
    assert_eq!(
        known(&library),
        json!(["Mine", "2021", by_document("2021")])
    );
    import(&library, &[&md], 0);
    assert_eq!(
        known(&library),
        json!(["Mine", "2021", by_document("2021")])
    );
    let edit = [
        "links", "document", "D1", "--title", "Edited", "--date", "2022-03",
    ];
    library.watch.run(&edit).ends(0);
    let edited = json!(["Edited", "2022-03", by_document("2022-03")]);
    assert_eq!(known(&library), edited);
    import(&library, &[&md], 0);
    assert_eq!(known(&library), edited);
}

#[test]
fn a_stated_day_and_passage_stay_and_the_documents_own_are_renewed() {
    let library = Library::new();
    let link = |passage: &str| format!("https://a.example/x#:~:text={passage}\n");
    let md = library.document("a.md", &link("first"));
    let cited = |place: &str, day: &str, from: &str, quote: &str| {
        json!(["", "", [[place, day, from, quote]]])
    };
    import(&library, &[&md], 0);
    assert_eq!(known(&library), cited("line 1", "", "", "first"));
    library.document("a.md", &link("second"));
    import(&library, &[&md], 0);
    assert_eq!(known(&library), cited("line 1", "", "", "second"));
    library.document("a.md", "https://a.example/x\n");
    import(&library, &[&md], 0);
    assert_eq!(known(&library), cited("line 1", "", "", ""));
    let cite = [
        "links", "cite", "C1", "--date", "2023-05", "--quote", "mine",
    ];
    library.watch.run(&cite).ends(0);
    library.document("a.md", &link("third"));
    import(&library, &[&md], 0);
    let mine = |place: &str| cited(place, "2023-05", "person", "mine");
    assert_eq!(known(&library), mine("line 1"));
    // A line before it gives the citation another place.
    library.document("a.md", &format!("A line.\n\n{}", link("third")));
    import(&library, &[&md], 0);
    assert_eq!(known(&library), mine("line 3"));
}

#[test]
fn a_copy_that_a_document_cites_is_listed_before_an_archive_answers() {
    let library = Library::new();
    let copy = "https://web.archive.org/web/20230509010203/http://a.example/x";
    let text = format!("{copy} and https://web.archive.org/web/2023*/http://a.example/y");
    let document = library.document("a.txt", &text);
    import(&library, &[&document], 0);
    let ran = library
        .watch
        .run(&["export", "copies", "--format", "csv"])
        .ends(0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    for part in [
        "web.archive.org",
        "20230509010203",
        "2023-05-09T01:02:03Z",
        "cited",
    ] {
        assert!(lines[1].contains(part), "{part}: {}", lines[1]);
    }
}
