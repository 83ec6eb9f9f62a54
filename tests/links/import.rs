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
