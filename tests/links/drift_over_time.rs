//! Kept links whose pages stay and say something else: through the engine and real fetches.

use accesswatch::model::link::LinkState;

use crate::check::Library;
use crate::over_time::{block_on, check_on, import, link, open};
use crate::pages::Answer;

/// A page with a table of one figure.
fn table(library: &Library, figure: &str) {
    let page = format!(
        "<title>Freight</title><h1>Freight on the canal</h1><p>The port authority counts the freight on the \
         canal by district and year; the figures are those of the annual report of the authority.</p>\
         <table><tr><th>District<th>Tonnes</tr><tr><td>North<td>{figure}</tr></table>"
    );
    library.site.set("/table", Answer::html(&page));
}

#[test]
fn a_page_that_says_something_else_drifts_and_one_that_always_changes_does_not() {
    let library = Library::new();
    library.article("/drifts", "rivers");
    library.article("/stays", "bridges");
    table(&library, "1,200");
    library.article(
        "/living",
        "the weather of the first day, cold and bright over the plain",
    );
    import(&library, &["/drifts", "/stays", "/table", "/living"]);
    let store = open(&library);
    let news = [
        "storms from the sea that closed three ports and a railway for a night",
        "an auction of maps in which a merchant outbid every museum in town",
        "harvest songs collected by students among the terraces in autumn",
    ];
    block_on(async {
        for (day, about) in [(0, ""), (1, news[0]), (3, news[1]), (10, news[2])] {
            if !about.is_empty() {
                let page =
                    format!("<title>Today</title><h1>Today</h1><p>Everyone spoke of {about}.</p>");
                library.site.set("/living", Answer::html(&page));
            }
            check_on(&library, &store, day).await;
        }
        assert_eq!(link(&store, "/living").await.remarks, ["living_page"]);
        table(&library, "1,350");
        let other = "<title>Vacancies</title><h1>Vacancies</h1><p>Three clerks are wanted for the summer. Write \
                     to the office before the end of May, with two letters of recommendation and a photograph.</p>";
        library.site.set("/drifts", Answer::html(other));
        check_on(&library, &store, 17).await;
        assert_eq!(link(&store, "/table").await.state, LinkState::Drifted);
        let doubtful = link(&store, "/drifts").await;
        assert_eq!(doubtful.state, LinkState::Alive);
        assert!(doubtful.remarks.contains(&"doubtful".to_owned()));
        for day in [20, 23, 26] {
            check_on(&library, &store, day).await;
        }
        assert_eq!(link(&store, "/drifts").await.state, LinkState::Drifted);
        assert_eq!(link(&store, "/stays").await.state, LinkState::Alive);
        assert_eq!(link(&store, "/living").await.state, LinkState::Alive);
    });
    let id = block_on(async { link(&store, "/drifts").await.id });
    drop(store);
    let id = format!("L{id}");
    let shown = library.watch.run(&["links", "show", &id]).ends(0);
    assert!(
        shown.out.contains("Three clerks are wanted"),
        "{}",
        shown.out
    );
    library.watch.run(&["links", "accept", &id]).ends(0);
    let store = open(&library);
    block_on(async {
        assert_eq!(link(&store, "/drifts").await.state, LinkState::Alive);
        check_on(&library, &store, 40).await;
        let accepted = link(&store, "/drifts").await;
        assert_eq!(
            (accepted.state, accepted.remarks),
            (LinkState::Alive, vec![])
        );
    });
}
