use super::*;
use serde_json::json;

fn document() -> Value {
    json!({"a": {"b": [1, 2, {"c": "x", "d": null}]}, "e": [], "f": {"k'y": [[1], [2, 3]]}, "min": 2,
           "rows": [{"id": "p", "v": 1, "t": [{"n": 1}]}, {"id": "q", "v": 2, "t": [{"n": 5}]}, {"id": "r", "v": 3, "t": []}]})
}

const PATHS: &[&str] = &[
    "$",
    "$.a",
    "$.a.b[0]",
    "$.a.b[-1].c",
    "$.a['b'][*]",
    "$..c",
    "$..*",
    "$..[0]",
    "$.rows[*].v",
    "$.rows[?@.v > 1].id",
    "$.rows[?@.v >= $.min].id",
    "$.rows[?@.t[?@.n > 2]].id",
    "$.rows[:2].v",
    "$.rows[0,2].id",
    "$.f[\"k'y\"][*][0]",
    "$.rows[?@..n].id",
    "$..rows[*]..n",
    "$ .rows [0] .v",
    "$.*.*",
    "$.rows[?!(@.v == 1 || @.v == 2)].id",
    "$.rows[?@.id == '$..*[?'].v",
    "$.x",
    "$.e[*].v",
    "$.a.b.x",
    "$['rows'][1]['id']",
];

#[test]
fn step_by_step_it_leads_to_the_same() {
    let document = document();
    for text in PATHS {
        let whole = serde_json_path::JsonPath::parse(text).unwrap();
        let want = whole.query(&document).all();
        let found = JsonPath::parse(text).unwrap();
        match found.query(&document) {
            Found::Nodes(nodes) => assert_eq!(nodes, want, "{text}"),
            Found::Nothing { .. } => assert!(want.is_empty(), "{text}"),
            Found::TooMuch => panic!("{text}"),
        }
    }
}

#[test]
fn empty_places_on_the_way() {
    for (text, json, want) in [
        ("$.e[*].v", json!({"e": []}), true),
        ("$.e.v", json!({"e": null}), true),
        (
            "$.a[*].list[*].v",
            json!({"a": [{"list": []}, {"list": []}]}),
            true,
        ),
        ("$.a.v", json!({"a": {"w": 1}}), false),
        ("$.v", json!({}), false),
        ("$[*].v", json!([]), true),
        ("$.v", json!({"w": 1}), false),
    ] {
        let path = JsonPath::parse(text).unwrap();
        assert_eq!(
            path.query(&json),
            Found::Nothing { within_empty: want },
            "{text}"
        );
    }
}

#[test]
fn what_nests_too_deep_tells_where() {
    for (text, position) in [
        (format!("${}", "[".repeat(20_000)), 4096),
        (format!("${}", "[".repeat(200)), 65),
        (format!("$[?{}@.a{}]", "(".repeat(100), ")".repeat(100)), 66),
        (format!("$[?{}@.a]", "!".repeat(100)), 66),
        (format!("$[?{}@.a]", "! ".repeat(100)), 129),
        (format!("$.数{}", "[?@".repeat(20)), 22),
    ] {
        let fault = JsonPath::parse(&text).unwrap_err();
        assert_eq!(fault.position, position, "{fault} in {}", &text[..40]);
    }
    assert!(JsonPath::parse("$.rows[?@.v == '[[[[[[[']").is_ok());
    assert_eq!(
        JsonPath::parse("$.a[")
            .unwrap_err()
            .to_string()
            .matches("character")
            .count(),
        1
    );
}

#[test]
fn chains_of_descendants_end_and_ordinary_paths_do_not() {
    let rows: Vec<Value> = (0..12_000)
        .map(|n| json!({"day": "2026-11-29", "a": n, "b": n, "c": n, "d": {"x": [n, n]}}))
        .collect();
    let document = json!({"data": {"list": rows}});
    let started = std::time::Instant::now();
    for chain in [
        "..*",
        "..[*]",
        "..['data','list','a']",
        "..[?@]",
        "..[?@..*]",
    ] {
        let path = JsonPath::parse(&format!("${}", chain.repeat(6))).unwrap();
        assert_eq!(path.query(&document), Found::TooMuch, "{chain}");
    }
    for text in [
        "$[?@..*..*..*]",
        "$.data.list[?$..*]",
        "$.data.list[?$..b && @.a == 1]",
    ] {
        assert_eq!(
            JsonPath::parse(text).unwrap().query(&document),
            Found::TooMuch,
            "{text}"
        );
    }
    for (text, many) in [
        ("$..day", 12_000),
        ("$.data.list[*].d.x[0]", 12_000),
        ("$.data.list[?@.a > 5 && @.b < 10].c", 4),
        ("$.data.list[?@.d.x[?@ == 7]].a", 1),
        ("$.data.list[?@.a == $.data.list[3].a].a", 1),
        ("$..list[*].a", 12_000),
    ] {
        match JsonPath::parse(text).unwrap().query(&document) {
            Found::Nodes(nodes) => assert_eq!(nodes.len(), many, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest::proptest! {
    #[test]
    fn any_text(text in "\\$?(\\.|\\.\\.|\\[|\\]|\\?|@|\\$|\\(|\\)|!|'|\"|\\*|a|rows|0|:|,| |==|&&|\\PC){0,30}") {
        let _ = JsonPath::parse(&text).map(|path| path.query(&document()) == Found::TooMuch);
    }
}
