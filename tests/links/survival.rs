//! How long kept links last: in the export, and in the report of each language.

use chrono::Utc;
use serde_json::Value;

use crate::check::Library;
use crate::over_time::{block_on, check_on, open};
use crate::pages::Answer;

fn rows(library: &Library) -> Vec<Value> {
    let ran = library
        .watch
        .run(&["export", "survival", "--format", "jsonl"])
        .ends(0);
    ran.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A number of a row, which JSON lines may hold as a number.
fn number(row: &Value, column: &str) -> f64 {
    row[column]
        .as_f64()
        .unwrap_or_else(|| panic!("{column} of {row}"))
}

/// A number of a row, in thousandths.
#[allow(clippy::cast_possible_truncation)] // numbers of tests are small
fn milli(row: &Value, column: &str) -> i64 {
    (number(row, column) * 1000.0).round() as i64
}

#[test]
fn links_that_go_are_in_the_survival_of_their_documents_hosts_and_years() {
    let library = Library::new();
    for (path, about) in [
        ("/stays", "rivers"),
        ("/dies", "bridges"),
        ("/undated", "lakes"),
    ] {
        library.article(path, about);
    }
    let today = Utc::now().date_naive();
    let (stays, dies, already) = (
        library.site.url("/stays"),
        library.site.url("/dies"),
        library.site.url("/already"),
    );
    let dated = format!(
        "See [a]({stays}), accessed {today}.\n\nSee [b]({dies}), accessed {today}.\n\nSee [c]({already}), accessed {today}.\n"
    );
    let dated = library.document("dated.md", &dated);
    let undated = library.document(
        "undated.txt",
        &format!("{}\n", library.site.url("/undated")),
    );
    library
        .watch
        .run(&["links", "import", &dated, &undated])
        .ends(0);
    let store = open(&library);
    block_on(async {
        for day in [0, 1, 3, 10] {
            check_on(&library, &store, day).await;
        }
        library
            .site
            .set("/dies", Answer::html("<p>not here</p>").with_status(404));
        for day in [20, 23, 26, 200, 400] {
            check_on(&library, &store, day).await;
        }
    });
    drop(store);
    let all = rows(&library);
    let of = |by: &str, group: &str| {
        let found = all
            .iter()
            .find(|r| r["by"] == by && r["group"].as_str().unwrap_or("") == group);
        found.unwrap_or_else(|| panic!("{by} {group}: {all:#?}"))
    };
    let total = of("all", "");
    let count = |column: &str| (column.to_owned(), number(total, column));
    let want = [
        ("links", 4.0),
        ("gone", 2.0),
        ("counted", 2.0),
        ("undated", 1.0),
        ("already", 1.0),
        ("unseen", 0.0),
    ];
    for (column, want) in want {
        assert_eq!(count(column), (column.to_owned(), want), "{total}");
    }
    assert_eq!(milli(total, "not_gone_1y"), 500);
    assert!(number(total, "not_gone_1y_low") < 0.5 && number(total, "not_gone_1y_high") > 0.5);
    assert_eq!(milli(total, "lost_gone_1y"), 500);
    assert_eq!(milli(total, "lost_drifted_1y"), 0);
    assert_eq!(
        total["not_gone_3y"],
        Value::Null,
        "nobody looked for so long"
    );
    // It ended in the middle between the last check that saw it and the first that did not: day 15.
    assert!(
        (number(total, "median_years") - 15.0 / 365.25).abs() < 0.01,
        "{total}"
    );
    assert_eq!(milli(of("document", "D1"), "counted"), 2000);
    assert_eq!(milli(of("document", "D2"), "undated"), 1000);
    assert_eq!(milli(of("host", "127.0.0.1"), "links"), 4000);
    let year = today.format("%Y").to_string();
    assert_eq!(milli(of("year", &year), "links"), 3000);
    reports_say_it(&library, &today.to_string());
}

/// The report of a day has the figures in each language.
fn reports_say_it(library: &Library, day: &str) {
    for (language, heading, counted) in [
        (
            "en",
            "How long cited links last",
            "2 links are counted. Left out: 1 without a day of citing, 1 gone before",
        ),
        ("zh", "引用链接的存续时间", "计入 2 个链接"),
        ("ko", "인용된 링크의 유지 기간", "링크는 2개입니다"),
    ] {
        let ran = library
            .watch
            .run(&["report", "--from", day, "--to", day, "--lang", language])
            .ends(0);
        let text: String = ran.out.replace(['\u{2068}', '\u{2069}'], "");
        for part in [heading, counted, "dated.md"] {
            assert!(text.contains(part), "{language}: {part}");
        }
        let section = text
            .split(heading)
            .nth(1)
            .unwrap()
            .split("<h2>")
            .next()
            .unwrap();
        assert!(
            section.contains("50") && section.contains("(0.6") && section.contains("–91"),
            "{language}: {section}"
        );
    }
}
