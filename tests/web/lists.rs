//! What stands on the lists and around their states: tables to take along, filters, remarks,
//! planned days, cited links, and which answers keep a language.

use std::path::Path;
use std::process::Command;

use accesswatch::web::WebLimits;
use rusqlite::Connection;

use crate::acts::Own;
use crate::client::get;
use crate::site::{SOURCE, TOKEN, demonstration, folder_with, serve};

fn page(path: &str) -> String {
    let answer = get(demonstration(), path, &[]);
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

fn accesswatch(dir: &Path, args: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_accesswatch"));
    let ran = command.arg("--dir").arg(dir).args(args).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

#[test]
fn every_list_leads_to_its_tables() {
    for (path, tables) in [
        ("/", &["sources.csv", "status.csv"][..]),
        ("/sources", &["sources.csv", "status.csv"]),
        (
            "/sources/papers",
            &[
                "status.csv?source=papers",
                "uptime.csv?source=papers",
                "incidents.csv?source=papers",
                "freshness.csv?source=papers",
            ],
        ),
        (
            "/sources/statistics/releases",
            &[
                "uptime.csv?source=statistics&probe=releases",
                "freshness.csv?source=statistics&probe=releases",
            ],
        ),
        ("/matrix", &["status.csv", "uptime.csv"]),
        (
            "/matrix?group=academic&vantage=berlin&state=open",
            &[
                "status.csv?group=academic&vantage=berlin",
                "uptime.csv?group=academic&vantage=berlin",
            ],
        ),
        ("/incidents", &["incidents.csv"]),
        (
            "/incidents?source=papers&open=1",
            &["incidents.csv?source=papers&open=true"],
        ),
        ("/vantages", &["vantages.csv"]),
        ("/vantages/berlin", &["vantages.csv"]),
    ] {
        let text = page(path);
        for table in tables {
            let address = format!("/api/v1/{table}");
            let written = address.replace('&', "&#38;");
            assert!(
                text.contains(&format!("href=\"{written}\"")),
                "{path}: {table}\n{text}"
            );
            let answer = get(demonstration(), &address, &[]);
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
            assert!(
                answer.header("content-type").starts_with("text/csv"),
                "{address}"
            );
        }
    }
}

#[test]
fn only_pages_keep_the_language_that_an_address_asks_for() {
    for (path, keeps) in [
        ("/?lang=zh", true),
        ("/sources/papers?lang=ko", true),
        ("/method?lang=en", true),
        ("/badge/papers.svg?lang=zh", false),
        ("/feed.atom?lang=zh", false),
        ("/calendar.ics?lang=zh", false),
        ("/api/v1/status", false),
        (
            "/reports/report.html?from=2026-03-02&to=2026-03-08&lang=zh",
            false,
        ),
    ] {
        let answer = get(demonstration(), path, &[]);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(answer.cookie("aw_lang").is_some(), keeps, "{path}");
    }
}

#[test]
fn incidents_are_chosen_by_group_state_and_vantage() {
    let rows = |query: &str| {
        let text = page(&format!("/incidents?lang=en{query}"));
        text.matches("<tr><th scope=\"row\">").count()
    };
    let all = rows("");
    assert!(all >= 7, "{all}");
    let states = ["open", "less", "closed", "unknown"];
    let by_state = states.map(|state| rows(&format!("&state={state}")));
    assert_eq!(by_state.iter().sum::<usize>(), all, "{by_state:?}");
    assert!(
        by_state.iter().filter(|n| **n > 0).count() > 1,
        "{by_state:?}"
    );
    assert_eq!(rows("&group=none"), 0);
    assert_eq!(rows("&vantage=none"), 0);
    let berlin = rows("&vantage=berlin");
    assert!((1..=all).contains(&berlin), "{berlin}");
    let ongoing = rows("&open=1");
    assert!((1..all).contains(&ongoing), "{ongoing}");
    // What is chosen stays chosen where the list is paged or shown with ended ones.
    let text = page("/incidents?lang=en&open=1&vantage=berlin");
    assert!(
        text.contains("<option value=\"berlin\" selected>"),
        "{text}"
    );
    assert!(
        text.contains("href=\"/incidents?vantage=berlin\""),
        "{text}"
    );
    assert!(text.contains("name=\"open\" value=\"1\""), "{text}");
}

#[test]
fn a_remark_follows_the_word_of_a_state_that_goes_back_and_forth() {
    let own = Own::new(TOKEN);
    let store = Connection::open(own.served.folder().join("data/accesswatch.db")).unwrap();
    let pages = [
        "/sources",
        "/matrix",
        "/sources/statistics",
        "/sources/statistics/releases",
    ];
    for path in pages {
        let text = own.page(&format!("{path}?lang=en"));
        assert!(!text.contains("goes back and forth"), "{path}\n{text}");
    }
    let set = "UPDATE statuses SET detail = json_set(detail, '$.flapping', json('true'))
               WHERE source = 'statistics'";
    assert!(store.execute(set, []).unwrap() > 0);
    drop(store);
    for (lang, remark) in [
        ("en", "goes back and forth"),
        ("ko", "상태가 반복해서 바뀜"),
        ("zh", "状态反复变化"),
    ] {
        for path in pages {
            let text = own.page(&format!("{path}?lang={lang}"));
            assert!(text.contains(remark), "{path} in {lang}\n{text}");
        }
    }
}

#[test]
fn planned_days_are_marked_in_the_strips_of_their_source() {
    let own = Own::new(TOKEN);
    let mark = "<rect class=\"planned\" x=";
    assert!(!own.page("/sources/papers").contains(mark));
    let dir = own.served.folder().to_path_buf();
    let note = ["note", "add", "--planned", "--source", "papers"];
    let span = [
        "--from",
        "2026-03-08",
        "--to",
        "2026-03-20",
        "--text",
        "maintenance",
    ];
    accesswatch(&dir, &[&note[..], &span[..]].concat());
    for path in ["/sources/papers", "/sources/papers/thesis", "/matrix", "/"] {
        let text = own.page(&format!("{path}?lang=en"));
        assert!(text.contains(mark), "{path}\n{text}");
        // The strip ends today, on 13 March.
        assert!(
            text.contains("planned events from 8 March"),
            "{path}\n{text}"
        );
    }
    assert!(
        !own.page("/sources/statistics").contains(mark),
        "another source"
    );
}

#[test]
fn a_source_names_the_links_that_documents_cite_on_its_hosts() {
    let folder = folder_with("", SOURCE);
    let list = folder.path().join("list.md");
    let text = "[one](https://papers.example/one) [two](https://papers.example/two)\n\n\
                [other](https://other.example/)\n";
    std::fs::write(&list, text).unwrap();
    accesswatch(folder.path(), &["links", "import", list.to_str().unwrap()]);
    let served = serve(folder.path(), WebLimits::default()).with_folder(folder);
    for (lang, words) in [
        ("en", "2 cited links on papers.example"),
        ("ko", "papers.example의 인용된 링크 2개"),
        ("zh", "papers.example 上被引用的链接 2 个"),
    ] {
        let text = get(served.at, &format!("/sources/papers?lang={lang}"), &[]).text();
        assert!(text.contains(words), "{text}");
        assert!(
            text.contains("href=\"/links?host=papers.example\""),
            "{text}"
        );
        assert!(!text.contains("other.example"), "{text}");
        // Where in the document a link is cited is worded too.
        let place = get(served.at, &format!("/links/L1?lang={lang}"), &[]).text();
        let word = ["line 1", "1행", "第 1 行"];
        let word = word[["en", "ko", "zh"].iter().position(|l| *l == lang).unwrap()];
        assert!(place.contains(word), "{place}");
    }
}
