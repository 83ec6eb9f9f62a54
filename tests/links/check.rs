//! `links check`: what becomes of links of every kind.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::pages::{Answer, Site};
use crate::workspace::{Ran, TestWorkspace};

/// A site, and a workspace that may fetch from it.
pub struct Library {
    pub site: Site,
    pub watch: TestWorkspace,
}

impl Library {
    pub fn new() -> Self {
        Self::with("private = true\nper_domain_interval = \"0s\"\n")
    }

    /// With these lines in `[links]`.
    pub fn with(links: &str) -> Self {
        let site = Site::start();
        site.set("/control", Answer::html("<p>works</p>"));
        let watch = TestWorkspace::new(&site.url("/control"));
        watch.append("config/accesswatch.toml", &format!("\n[links]\n{links}"));
        Self { site, watch }
    }

    /// Writes a document; its path.
    pub fn document(&self, name: &str, text: &str) -> String {
        self.watch.write(name, text);
        self.watch.file(name).to_string_lossy().into_owned()
    }

    /// A document with one link a line.
    pub fn listing(&self, paths: &[&str]) -> String {
        let lines: Vec<String> = paths.iter().map(|p| self.site.url(p)).collect();
        self.document("links.txt", &lines.join("\n\n"))
    }

    /// A page that says something of its own.
    pub fn article(&self, path: &str, about: &str) {
        self.site.set(path, Answer::html(&Self::text(about)));
    }

    /// The same article on a page of more than a megabyte.
    pub fn large_article(&self, path: &str, about: &str) {
        let filler = "<!-- nothing -->".repeat(70_000);
        let page = format!("{}{filler}", Self::text(about));
        self.site.set(path, Answer::html(&page));
    }

    fn text(about: &str) -> String {
        format!(
            "<title>{about}</title><h1>{about}</h1><p>The article about {about} says at some length what is known \
             of {about}, who found it, and where else one may read of {about} in the catalogue of this library.</p>"
        )
    }

    #[track_caller]
    pub fn check(&self, document: &str) -> Vec<Value> {
        let ran = self
            .watch
            .run(&["links", "check", document, "--format", "json"]);
        rows(&ran.ends(0))
    }
}

pub fn rows(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.out).unwrap()
}

/// The state and the code of each link, by its path.
pub fn states(rows: &[Value]) -> BTreeMap<String, String> {
    let shown = |row: &Value| {
        let url: url::Url = row["url"].as_str().unwrap().parse().unwrap();
        let code = row["code"].as_str().unwrap_or("-");
        let state = row["state"].as_str().unwrap();
        (url.path().to_owned(), format!("{state} {code}"))
    };
    rows.iter().map(shown).collect()
}

#[test]
fn each_link_has_the_state_that_its_answer_gives() {
    let library = Library::new();
    library.article("/alive", "rivers");
    library.article("/other", "bridges");
    library
        .site
        .set("/gone", Answer::html("<p>gone</p>").with_status(410));
    library
        .site
        .set("/refused", Answer::html("<p>log in</p>").with_status(401));
    library
        .site
        .set("/declined", Answer::html("<p>no</p>").with_status(403));
    library
        .site
        .set("/broken", Answer::html("<p>oops</p>").with_status(500));
    library.site.set(
        "/says",
        Answer::html("<title>页面不存在</title><p>您访问的页面不存在"),
    );
    let document = library.listing(&[
        "/alive",
        "/other",
        "/gone",
        "/missing",
        "/refused",
        "/declined",
        "/broken",
        "/says",
    ]);
    let rows = library.check(&document);
    let states = states(&rows);
    for (path, want) in [
        ("/alive", "alive ok"),
        ("/other", "alive ok"),
        ("/gone", "gone http.gone"),
        ("/missing", "gone http.not_found"),
        ("/refused", "blocked http.unauthorized"),
        ("/declined", "declines http.forbidden"),
        ("/broken", "unreachable http.server_error"),
        ("/says", "gone content.soft_404"),
    ] {
        assert_eq!(states[path], want, "{path}");
    }
    let order: Vec<&str> = rows.iter().map(|r| r["state"].as_str().unwrap()).collect();
    assert_eq!(order[..3], ["gone", "gone", "gone"]);
    assert_eq!(order[6..], ["alive", "alive"]);
    assert!(rows.iter().all(|r| r["confirmed"] == false));
}

#[test]
fn a_page_that_stands_at_any_address_is_gone_though_no_word_says_so() {
    let library = Library::new();
    let nothing = "<title>Portal</title><p>Welcome to the portal of the institute. Use the search field, browse our \
                   subjects, or write to the librarians of the reading room if you are looking for something.</p>";
    library.site.set("*", Answer::html(nothing));
    library.article("/alive", "rivers");
    let rows = library.check(&library.listing(&["/alive", "/old/report-2019"]));
    let states = states(&rows);
    assert_eq!(states["/alive"], "alive ok");
    assert_eq!(states["/old/report-2019"], "gone content.soft_404");
}

#[test]
fn three_links_with_the_same_page_are_gone_and_two_are_not() {
    let library = Library::new();
    let same = "<title>Notice</title><p>The department has been merged into another one, whose pages are found by \
                the directory of departments; the former pages of the department were removed on that occasion.</p>";
    for path in ["/a/1", "/a/2", "/a/3"] {
        library.site.set(path, Answer::html(same));
    }
    let found = states(&library.check(&library.listing(&["/a/1", "/a/2", "/a/3"])));
    assert!(
        found.values().all(|s| s == "gone content.soft_404"),
        "{found:?}"
    );
    let found = states(&library.check(&library.listing(&["/a/1", "/a/2"])));
    assert!(found.values().all(|s| s == "alive ok"), "{found:?}");
}

#[test]
fn a_host_that_asks_for_quiet_is_left_alone() {
    let library = Library::new();
    library
        .site
        .set("*", Answer::html("<p>slow down</p>").with_status(429));
    library.site.asked();
    let rows = library.check(&library.listing(&["/1", "/2", "/3", "/4"]));
    let states = states(&rows);
    assert!(
        states.values().all(|s| s == "declines site.rate_limited"),
        "{states:?}"
    );
    let asked: Vec<String> = library.site.asked();
    let pages = asked.iter().filter(|path| *path != "/control").count();
    assert_eq!(pages, 1, "{asked:?}");
    let backed_off = rows
        .iter()
        .filter(|r| r["remarks"][0] == "back_off")
        .count();
    assert_eq!(backed_off, 3);
}

#[test]
fn links_of_one_domain_are_fetched_at_a_polite_rate() {
    let library = Library::with("private = true\nper_domain_interval = \"300ms\"\n");
    for path in ["/1", "/2", "/3"] {
        library
            .site
            .set(path, Answer::html("gone").with_status(404));
    }
    let began = Instant::now();
    library.check(&library.listing(&["/1", "/2", "/3"]));
    assert!(began.elapsed() >= Duration::from_millis(600));
}

#[test]
fn a_link_that_two_vantages_see_alike_is_confirmed() {
    let library = Library::new();
    let control = library.site.url("/control");
    library.watch.append(
        "config/accesswatch.toml",
        &format!("\n[[vantage]]\nid = \"there\"\nname = \"There\"\ncountry = \"KR\"\nvia = \"direct\"\ncontrols = [\"{control}\"]\n"),
    );
    let rows = library.check(&library.listing(&["/missing"]));
    assert_eq!(rows[0]["state"], "gone");
    assert_eq!(rows[0]["confirmed"], true);
    let vantages = &rows[0]["vantages"];
    assert_eq!(
        *vantages,
        serde_json::json!(["here=http.not_found", "there=http.not_found"])
    );
}

#[test]
fn nothing_is_said_of_links_while_no_vantage_works() {
    let library = Library::new();
    library
        .site
        .set("/control", Answer::html("<p>x</p>").with_status(503));
    let document = library.listing(&["/missing"]);
    let ran = library.watch.run(&["links", "check", &document]).ends(3);
    assert!(ran.err.contains("no vantage works"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn the_shorter_reading_is_the_link_when_the_longer_one_is_not_there() {
    let library = Library::new();
    library.article("/item/", "words");
    let text = format!("参见{}中国知网的说明", library.site.url("/item/"));
    let rows = library.check(&library.document("note.txt", &text));
    assert_eq!(rows[0]["state"], "alive");
    assert_eq!(rows[0]["url"], library.site.url("/item/"));
}

#[test]
fn a_part_of_a_page_that_is_missing_and_another_address_are_remarked() {
    let library = Library::new();
    library.article("/new", "rivers");
    let mut leads = Answer::html("").with_status(302);
    leads
        .headers
        .push(("Location".into(), library.site.url("/new")));
    library.site.set("/old", leads);
    library.site.set(
        "/page",
        Answer::html("<title>T</title><h2 id=\"there\">x</h2><p>text"),
    );
    let rows = library.check(&library.listing(&["/old", "/page#there", "/page#missing"]));
    let remarks = |path: &str| {
        let row = rows
            .iter()
            .find(|r| r["url"] == library.site.url(path))
            .unwrap();
        row["remarks"].to_string()
    };
    assert_eq!(rows.len(), 2, "one link with two parts");
    assert_eq!(remarks("/old"), "[\"redirects\"]");
    assert_eq!(remarks("/page"), "[\"fragment_missing\"]");
}

#[test]
fn tables_have_the_columns_of_links_csv() {
    let library = Library::new();
    library.article("/alive", "rivers");
    let bib = format!(
        "@misc{{k1, title={{=Rivers}}, url={{{0}}}}}\n@misc{{k2, url={{{0}}}}}",
        library.site.url("/alive")
    );
    let document = library.document("refs.bib", &bib);
    let args = ["links", "check", &document, "--format", "csv"];
    let ran = library.watch.run(&args).ends(0);
    let mut lines = ran.out.trim_start_matches('\u{feff}').lines();
    assert_eq!(
        lines.next().unwrap(),
        "link_id,url,identity,state,code,since_utc,last_ok_utc,last_checked_utc,first_gone_utc,vantages,moved_to,\
         archive_url,archive_time,archive_judged,citations,documents,title,suggestion,remarks,confirmed,document,place,\
         url_as_cited"
    );
    let row = lines.next().unwrap();
    assert!(row.contains("entry k1 | entry k2"), "{row}");
    assert!(row.contains(",2,1,rivers,"), "{row}");
    assert!(
        ran.err.contains("1 link of 1 document: 1 alive"),
        "{}",
        ran.err
    );
}

#[test]
fn the_exit_status_says_what_was_found() {
    let library = Library::new();
    library.article("/alive", "rivers");
    let good = library.listing(&["/alive"]);
    library
        .watch
        .run(&["links", "check", &good, "--exit-code"])
        .ends(0);
    let bad = library.document("bad.md", &format!("[x]({})", library.site.url("/missing")));
    library.watch.run(&["links", "check", &bad]).ends(0);
    library
        .watch
        .run(&["links", "check", &bad, "--exit-code"])
        .ends(1);
    let url = library.site.url("/missing");
    library
        .watch
        .run(&["links", "check", &url, "--exit-code"])
        .ends(1);
}
