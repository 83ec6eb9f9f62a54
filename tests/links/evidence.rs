//! What is kept of a link whose state changes, and how it is found again.

use serde_json::Value;

use crate::check::Library;
use crate::over_time::{block_on, check_on, import, open};
use crate::pages::Answer;

fn listed(library: &Library, link: &str) -> Vec<Value> {
    let args = ["evidence", "list", "--link", link, "--format", "json"];
    let out = library.watch.run(&args).ends(0).out;
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_link_that_dies_leaves_the_exchange_that_decided_in_a_file_of_links() {
    let library = Library::new();
    library.article("/stays", "rivers");
    library.article("/dies", "bridges");
    import(&library, &["/stays", "/dies"]);
    let store = open(&library);
    let gone = Answer::html("<p>not here</p>").with_status(404);
    block_on(async {
        for day in [0, 1, 3, 10] {
            check_on(&library, &store, day).await;
        }
        library.site.set("/dies", gone);
        for day in [17, 20, 23] {
            check_on(&library, &store, day).await;
        }
    });
    drop(store);
    let dead = listed(&library, "L2");
    let codes: Vec<&Value> = dead.iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, ["ok", "http.not_found"], "{dead:#?}");
    assert!(dead.iter().all(|row| row["probe"] == "L2"));
    let file = dead[1]["file"].as_str().unwrap();
    assert!(file.contains("-links-"), "{file}");
    let uid = dead[1]["measurement_uid"].as_str().unwrap();
    let shown = library.watch.run(&["evidence", "show", uid]).ends(0).out;
    for part in ["L2 from", "HTTP/1.1 404", "text: not here"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let alive = listed(&library, "L1");
    assert_eq!(alive.len(), 1, "first sight: {alive:#?}");
    let unknown = ["evidence", "list", "--link", "L99"];
    library.watch.run(&unknown).ends(2);
    library
        .watch
        .run(&["evidence", "list", "--link", "x"])
        .ends(2);
    library.watch.run(&["verify"]).ends(0);
}
