//! The pages of documents and of the links that they cite, and what people do there.

use std::process::Command;

use accesswatch::store::Store;
use accesswatch::web::WebLimits;

use crate::client::{Answer, get, post};
use crate::site::{
    READ_TOKEN, SOURCE, Served, TOKEN, TOKENS, demonstration, demonstration_with, folder_with,
    serve, small,
};

fn page(path: &str) -> String {
    let answer = get(demonstration(), path, &[]);
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

#[test]
fn the_report_of_the_demonstration_is_listed_with_its_links_by_state() {
    let text = page("/documents?lang=en");
    for part in [
        "Land, rail and water: a reading list",
        "watched: changes are mailed at once",
        "href=\"/links?document=D1&#38;state=gone\"",
        "href=\"/api/v1/documents.csv\"",
        "aria-current=\"page\">Documents</a>",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(
        page("/?lang=en").contains("href=\"/documents\""),
        "in the navigation"
    );
    let document = page("/documents/D1?lang=en");
    let at = |part: &str| {
        let found = document.find(part);
        found.unwrap_or_else(|| panic!("{part}\n{document}"))
    };
    // The worst state first.
    assert!(at("土地改革研究综述") < at("全国用水情况说明"));
    assert!(at("全国用水情况说明") < at("铁路与区域贸易"));
    assert!(at("铁路与区域贸易") < at("地方档案的整理与利用"));
    assert!(
        at("/archive/2026/railways") > at("铁路与区域贸易"),
        "what to cite instead"
    );
    for path in [
        "/documents/D9",
        "/documents/1",
        "/links/L99",
        "/links/5",
        "/links/L05",
    ] {
        assert_eq!(get(demonstration(), path, &[]).status, 404, "{path}");
    }
}

#[test]
fn links_are_listed_by_state_host_and_document() {
    let all = page("/links?lang=en");
    assert_eq!(all.matches("<th scope=\"row\">").count(), 6, "{all}");
    let gone = page("/links?lang=en&state=gone");
    assert_eq!(gone.matches("<th scope=\"row\">").count(), 1, "{gone}");
    assert!(
        gone.contains("href=\"/api/v1/links.csv?state=gone\""),
        "{gone}"
    );
    let review = page("/links?lang=en&host=127.0.1.20");
    assert_eq!(review.matches("<th scope=\"row\">").count(), 5, "{review}");
    let none = page("/links?lang=en&host=nowhere.example");
    assert!(none.contains("There is no such link."), "{none}");
    assert_eq!(get(demonstration(), "/links?document=D9", &[]).status, 404);
}

#[test]
fn a_link_shows_what_became_of_it_and_what_to_cite_instead() {
    let drifted = page("/links/L5?lang=en");
    for part in [
        "The passage that is cited",
        "全国用水总量为5906.5亿立方米",
        "<del>",
        "5810.2",
        "the page says something else than what is cited",
        "As cited, and now",
        "accesswatch links accept L5",
    ] {
        assert!(drifted.contains(part), "{part}\n{drifted}");
    }
    let moved = page("/links/L4?lang=en");
    assert!(moved.contains("Reference to paste"), "{moved}");
    let back = page("/links/L3?lang=en");
    assert!(back.contains("It is there again."), "{back}");
    for (language, word) in [("ko", "사라짐"), ("zh", "已消失")] {
        let text = page(&format!("/links/L2?lang={language}"));
        assert!(text.contains(word), "{text}");
    }
}

/// A demonstration of one's own, with tokens, and a session.
struct Own {
    served: Served,
    session: String,
    word: String,
}

impl Own {
    fn new(token: &str) -> Self {
        let served = demonstration_with(TOKENS);
        let signed = post(served.at, "/sign-in", &[], &format!("token={token}"));
        let session = format!("Cookie: aw={}", signed.cookie("aw").unwrap());
        let text = get(served.at, "/method", &[&session]).text();
        let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap();
        let word = rest.split_once('"').unwrap().0.to_owned();
        Self {
            served,
            session,
            word,
        }
    }

    fn act(&self, path: &str, fields: &str) -> Answer {
        let form = format!("csrf={}&{fields}", self.word);
        post(self.served.at, path, &[&self.session], &form)
    }

    fn page(&self, path: &str) -> String {
        let path = format!("{path}?lang=en");
        get(self.served.at, &path, &[&self.session]).text()
    }
}

#[test]
fn acts_on_links_are_written_with_a_name() {
    let own = Own::new(TOKEN);
    let done = own.act("/links/L5/accept", "by=Ana+Weber");
    assert_eq!((done.status, done.header("location")), (303, "/links/L5"));
    let text = own.page("/links/L5");
    assert!(
        text.contains("Ana Weber accepted the page as it is now as what is cited."),
        "{text}"
    );
    assert!(
        !text.contains("class=\"lead\"><span class=\"state less-state\""),
        "{text}"
    );
    let done = own.act("/links/L2/ignore", "by=Ben&why=%3Cb%3Ewithdrawn");
    assert_eq!(done.status, 303);
    let text = own.page("/links/L2");
    assert!(text.contains("&#60;b&#62;withdrawn (Ben)"), "{text}");
    assert!(text.contains("action=\"/links/L2/ignore/undo\""));
    assert!(
        !own.page("/links").contains("土地改革研究综述"),
        "no longer counted"
    );
    assert_eq!(own.act("/links/L2/ignore/undo", "by=Ben").status, 303);
    assert_eq!(own.act("/links/L2/ignore/undo", "by=Ben").status, 409);
    assert_eq!(
        own.act("/links/L1/observe", "by=Cho&browser=gone").status,
        303
    );
    let text = own.page("/links/L1");
    assert!(text.contains("Cho opened it in a browser"), "{text}");
    let store = Store::open_read_only(&own.served.folder().join("data/accesswatch.db")).unwrap();
    let found = store.reader().unwrap().link_detail(5).unwrap().unwrap();
    assert_eq!(found.events[0].by.as_deref(), Some("Ana Weber"));
}

#[test]
fn a_link_of_an_ignored_host_names_the_command_that_ends_it() {
    let own = Own::new(TOKEN);
    let host = "127.0.1.20";
    let binary = env!("CARGO_BIN_EXE_accesswatch");
    let folder = own.served.folder().to_path_buf();
    let ignored = std::process::Command::new(binary)
        .arg("--dir")
        .arg(&folder)
        .args([
            "links",
            "ignore",
            "--host",
            host,
            "--why",
            "the library asked",
        ])
        .output()
        .unwrap();
    assert!(ignored.status.success(), "{ignored:?}");
    let text = own.page("/links/L2");
    assert!(text.contains("the library asked"), "{text}");
    assert!(
        text.contains("links ignore --host &#39;127.0.1.20&#39; --undo"),
        "{text}"
    );
    assert!(
        !text.contains("/links/L2/ignore"),
        "no form that cannot work"
    );
}

#[test]
fn the_newest_events_of_a_link_are_shown() {
    let own = Own::new(TOKEN);
    for n in 0..104 {
        let by = format!("by=Ana+{n}&browser={}", ["gone", "ok"][n % 2]);
        assert_eq!(own.act("/links/L1/observe", &by).status, 303);
    }
    let text = own.page("/links/L1");
    assert!(text.contains("Ana 103 "), "{text}");
    assert!(!text.contains("Ana 0 "), "{text}");
}

#[test]
fn acts_on_links_without_the_right_are_refused() {
    let own = Own::new(TOKEN);
    for (path, fields, status) in [
        ("/links/L1/accept", "by=", 403),
        ("/links/L1/observe", "by=Ana&browser=maybe", 403),
        ("/links/L1/destroy", "by=Ana", 404),
        ("/links/L99/accept", "by=Ana", 404),
        ("/links/1/accept", "by=Ana", 404),
        ("/links/L01/accept", "by=Ana", 404),
        ("/links/L1/accept/undo", "by=Ana", 404),
    ] {
        assert_eq!(own.act(path, fields).status, status, "{path} {fields}");
    }
    let at = own.served.at;
    let forged = post(at, "/links/L1/accept", &[&own.session], "csrf=x&by=Ana");
    assert_eq!(forged.status, 403);
    let reader = Own::new(READ_TOKEN);
    assert_eq!(reader.act("/links/L1/accept", "by=Ana").status, 403);
    assert!(
        !reader
            .page("/links/L1")
            .contains("action=\"/links/L1/accept\"")
    );
}

#[test]
fn hostile_documents_are_shown_as_text() {
    let folder = folder_with("", SOURCE);
    let file = folder.path().join("bad.md");
    let text = "---\ntitle: \"<script>alert(1)</script>\"\n---\n\n\
                [<img src=x onerror=alert(2)>](https://a.example/%3Cscript%3E?q=\"'onload=1)\n\n\
                [x](javascript:alert(3))\n";
    std::fs::write(&file, text).unwrap();
    let imported = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .args(["--dir", folder.path().to_str().unwrap(), "links", "import"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(imported.status.success(), "{imported:?}");
    let served = serve(folder.path(), WebLimits::default()).with_folder(folder);
    for path in [
        "/documents",
        "/documents/D1",
        "/links",
        "/links/L1",
        "/links/L2",
    ] {
        let answer = get(served.at, path, &[]);
        let text = answer.text();
        assert_eq!(answer.status, 200, "{path}: {text}");
        for part in ["<script>alert", "<img src=x", "href=\"javascript:"] {
            assert!(!text.contains(part), "{path}: {part}\n{text}");
        }
    }
}

#[test]
fn without_documents_the_navigation_has_no_place_for_them() {
    let served = small("", WebLimits::default());
    let text = get(served.at, "/", &[]).text();
    assert!(!text.contains("href=\"/documents\""), "{text}");
    let text = get(served.at, "/documents?lang=en", &[]).text();
    assert!(text.contains("No document is imported yet."), "{text}");
}

#[test]
fn visitors_see_neither_documents_nor_links() {
    let served = small("public = true", WebLimits::default());
    let proxied = "X-Forwarded-For: 192.0.2.1";
    for path in ["/documents", "/documents/D1", "/links", "/links/L1"] {
        let answer = get(served.at, path, &[proxied]);
        assert_eq!(answer.status, 303, "{path}");
    }
}
