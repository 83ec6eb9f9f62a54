//! What documents cite, over the API: links, citations, documents, and their filters.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use accesswatch::web::WebLimits;
use serde_json::Value;

use crate::client::get;
use crate::site::{SOURCE, Served, TOKENS, folder_with, serve};

/// A workspace into which two documents were imported.
fn served() -> Served {
    let folder = folder_with(TOKENS, SOURCE);
    let mut first = "# A guide\n\n".to_owned();
    for number in 1..=12 {
        writeln!(first, "- [Work {number}](https://a.example/work/{number})").unwrap();
    }
    let second = "# Another\n\n[Work 1](https://a.example/work/1), [b](https://b.example/b)\n";
    for (name, text) in [("guide.md", first.as_str()), ("other.md", second)] {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let dir = folder.path().to_str().unwrap();
        let imported = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
            .args(["--dir", dir, "links", "import", file.to_str().unwrap()])
            .output()
            .unwrap();
        assert!(imported.status.success(), "{imported:?}");
    }
    let served = serve(folder.path(), WebLimits::default());
    served.with_folder(folder)
}

fn page(served: &Served, path: &str) -> Value {
    let answer = get(served.at, &format!("/api/v1/{path}"), &[]);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn items(served: &Served, path: &str) -> Vec<Value> {
    page(served, path)["items"].as_array().unwrap().clone()
}

fn ids(rows: &[Value], column: &str) -> Vec<String> {
    let ids = rows.iter().map(|row| row[column].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[test]
fn links_are_paged_in_the_order_of_their_numbers() {
    let served = served();
    for (table, column, count) in [
        ("links", "link_id", 13),
        ("citations", "citation_id", 14),
        ("documents", "document_id", 2),
    ] {
        let whole = ids(&items(&served, &format!("{table}?limit=1000")), column);
        let numbers: Vec<u32> = whole.iter().map(|id| id[1..].parse().unwrap()).collect();
        assert_eq!(numbers.len(), count, "{table}: {whole:?}");
        assert!(numbers.is_sorted_by(|a, b| a < b), "{table}: {whole:?}");
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = page(&served, &format!("{table}?limit=5{cursor}"));
            paged.extend(ids(part["items"].as_array().unwrap(), column));
            let Some(next) = part["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, whole, "{table}");
        let csv = get(served.at, &format!("/api/v1/{table}.csv"), &[]).text();
        assert_eq!(csv.lines().count(), count + 1, "{table}: {csv}");
    }
}

#[test]
fn links_are_selected_by_host_document_and_state() {
    let served = served();
    let all = items(&served, "links?limit=1000");
    let of_host = items(&served, "links?host=b.example");
    assert_eq!(of_host.len(), 1);
    assert_eq!(of_host[0]["url"], "https://b.example/b");
    let states: BTreeSet<&str> = all
        .iter()
        .map(|row| row["state"].as_str().unwrap())
        .collect();
    let found: usize = states
        .iter()
        .map(|state| items(&served, &format!("links?limit=1000&state={state}")).len())
        .sum();
    assert_eq!(found, all.len());
    assert!(items(&served, "links?state=gone").is_empty());
    let answer = get(served.at, "/api/v1/links?state=open", &[]);
    assert_eq!(answer.status, 400, "a state of sources");
    for document in items(&served, "documents") {
        let id = document["document_id"].as_str().unwrap();
        let cited = items(&served, &format!("citations?limit=1000&document={id}"));
        assert_eq!(
            cited.len() as u64,
            document["citations"].as_u64().unwrap(),
            "{id}"
        );
        assert!(cited.iter().all(|row| row["document_id"] == id));
    }
    let none = items(&served, "citations?document=D999");
    assert!(none.is_empty());
    let of_document = items(&served, "links?limit=1000&document=D2");
    assert_eq!(of_document.len(), 2, "{of_document:?}");
    let csv = get(served.at, "/api/v1/links.csv?document=D2", &[]).text();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let both = items(&served, "links?document=D2&host=b.example");
    assert_eq!(both.len(), 1);
    assert!(items(&served, "links?document=D999").is_empty());
    assert!(items(&served, "links?document=nonsense").is_empty());
}
