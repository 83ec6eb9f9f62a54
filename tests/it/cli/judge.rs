//! `judge`: the verdict of each record in a file, as JSON lines.

use std::path::Path;

use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, GOOD};

use crate::cli::ingest::{ooni, with_a_past};

#[test]
fn judge_prints_one_line_a_record_with_exactly_these_keys_and_records_nothing() {
    let fixture = CliFixture::new();
    let lines = with_a_past(&fixture);
    let twin = fixture.twin();
    let url = fixture.site.url("/article");
    let mut all = lines.clone();
    all.push(ooni(&url, 1, 200, GOOD));
    twin.write("in.jsonl", &(all.join("\n") + "\nno record\n"));
    let ran = twin
        .run(&["judge", twin.file("in.jsonl").to_str().unwrap()])
        .ends(3);
    assert!(
        ran.err
            .contains("1 line is no measurement record; the others were judged"),
        "{}",
        ran.err
    );
    let printed: Vec<&str> = ran.out.lines().collect();
    assert_eq!(printed.len(), all.len());
    let keys = r#""input":,"measurement_uid":,"source":,"probe":,"vantage":,"code":,"locus":,"rule":,"severity":,"failure":,"signature":,"evidence":,"text":"#;
    let keys: Vec<&str> = keys.split(',').collect();
    for (line, record) in printed.iter().zip(&all) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(value.as_object().unwrap().len(), keys.len(), "{line}");
        let at: Vec<usize> = keys.iter().map(|key| line.find(key).unwrap()).collect();
        assert!(at.is_sorted(), "in this order: {line}");
        let record: Value = serde_json::from_str(record).unwrap();
        assert_eq!(value["input"], record["input"]);
        for evidence in value["evidence"].as_array().unwrap() {
            assert!(
                evidence["fact"].is_string() && evidence["where"].is_string(),
                "{line}"
            );
        }
    }
    let of_ooni: Value = serde_json::from_str(printed.last().unwrap()).unwrap();
    assert_eq!(of_ooni["vantage"], "ooni:DE:AS3320");
    assert_eq!(
        (&of_ooni["source"], &of_ooni["probe"]),
        (&"papers".into(), &"article".into())
    );
    assert_eq!(
        of_ooni["measurement_uid"].as_str().unwrap().len(),
        64,
        "the hash of its bytes"
    );
    let codes: Vec<String> = printed
        .iter()
        .map(|l| {
            serde_json::from_str::<Value>(l).unwrap()["code"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(
        codes.contains(&"content.withdrawn".to_owned())
            && codes.contains(&"http.not_found".to_owned())
    );
    assert!(!Path::new(&twin.file("data")).exists(), "no store is made");
}

#[test]
fn judge_says_where_a_pass_may_find_otherwise() {
    let fixture = CliFixture::new();
    let twin = fixture.twin();
    let lines = with_a_past(&fixture);
    twin.write("in.jsonl", &lines.join("\n"));
    let file = twin.file("in.jsonl");
    let judged = || twin.run(&["judge", file.to_str().unwrap()]).ends(0).err;
    assert!(!judged().contains("siblings"), "a type alone has none");
    let probes = twin.file("probes/academic/papers.toml");
    let text = std::fs::read_to_string(&probes).unwrap();
    let (source, probe) = text.split_once("[[probe]]").unwrap();
    let other = probe.replace(
        "id = \"article\"",
        "id = \"thesis\"\nsibling = \"papers/article\"",
    );
    std::fs::write(
        &probes,
        format!("{source}[[probe]]{probe}\n[[probe]]{other}"),
    )
    .unwrap();
    let told = judged();
    assert!(
        told.contains("content.withdrawn for a document type with siblings")
            && told.contains("may make it content.unproven"),
        "{told}"
    );
}
