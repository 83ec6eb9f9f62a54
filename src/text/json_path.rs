//! JSON paths (RFC 9535) with bounds: on how deep one nests, and on how many nodes it visits.
//!
//! `serde_json_path` parses by recursion, and keeps every node that a step gives: a chain of descendants over an
//! ordinary answer takes all memory. A path is therefore taken step by step, and what a step may visit is counted
//! before it is made.

use serde_json::Value;

/// Brackets, parentheses and negations within one another.
pub const MAX_DEPTH: usize = 64;
/// Filters within one another: the time to parse them doubles with each.
const MAX_FILTERS: usize = 6;
/// Bytes of a path.
const MAX_LENGTH: usize = 4096;
/// Nodes visited, beyond one walk over the whole document.
pub const MAX_VISITS: usize = 100_000;

/// A path, compiled.
#[derive(Debug)]
pub struct JsonPath {
    steps: Vec<Step>,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {position}: {message}")]
pub struct PathFault {
    /// From 0, in characters.
    pub position: usize,
    pub message: String,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'v> {
    /// In the order of the document, at least one.
    Nodes(Vec<&'v Value>),
    /// Nothing; `within_empty`: the last place on the way is null, or an empty list or object.
    Nothing { within_empty: bool },
    /// It would visit more nodes than are looked at.
    TooMuch,
}

/// One segment.
#[derive(Debug)]
struct Step {
    /// From a node that the steps before it led to.
    path: serde_json_path::JsonPath,
    /// From the root, all steps up to this one: where a filter names the root.
    whole: Option<serde_json_path::JsonPath>,
    walk: Walk,
    filter: Filter,
}

/// What a step visits of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    One,
    Children,
    Descendants,
}

/// What a filter asks of each node that it looks at.
#[derive(Debug, Clone, Copy, Default)]
struct Filter {
    queries: usize,
    /// They may visit all that lies below.
    wide: bool,
    descents: u32,
    rooted: bool,
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// It is none, or goes beyond a bound; with the place.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        bounds(text)?;
        if let Err(e) = serde_json_path::JsonPath::parse(text) {
            return Err(PathFault {
                position: e.position(),
                message: e.message().to_owned(),
            });
        }
        let mut steps = Vec::new();
        for (segment, end) in segments(text) {
            let compile = |text: &str| {
                serde_json_path::JsonPath::parse(text).map_err(|e| PathFault {
                    position: e.position(),
                    message: e.message().to_owned(),
                })
            };
            let filter = Filter::of(segment);
            steps.push(Step {
                path: compile(&format!("${segment}"))?,
                whole: filter.rooted.then(|| compile(&text[..end])).transpose()?,
                walk: Walk::of(segment),
                filter,
            });
        }
        Ok(Self { steps })
    }

    /// What the path leads to in a document.
    #[must_use]
    pub fn query<'v>(&self, root: &'v Value) -> Found<'v> {
        let simple = |step: &Step| step.walk == Walk::One && step.filter.queries == 0;
        let whole = if self.steps.iter().all(simple) {
            0
        } else {
            size(root, usize::MAX)
        };
        let budget = MAX_VISITS.saturating_add(whole);
        let mut spent = 0_usize;
        let mut nodes = vec![root];
        for step in &self.steps {
            let before = spent;
            for node in &nodes {
                spent = spent.saturating_add(step.cost(node, whole, budget));
                if spent > budget {
                    return Found::TooMuch;
                }
            }
            let next: Vec<&Value> = match &step.whole {
                // All steps before are made again.
                Some(path) => {
                    spent = spent.saturating_add(before);
                    path.query(root).all()
                }
                None => nodes
                    .iter()
                    .flat_map(|node| step.path.query(node).all())
                    .collect(),
            };
            if next.is_empty() {
                let is_root = std::ptr::eq(nodes[0], root);
                let within_empty = nodes.iter().all(|node| holds_nothing(node));
                let counts = !is_root || root.is_array();
                return Found::Nothing {
                    within_empty: within_empty && counts,
                };
            }
            nodes = next;
        }
        Found::Nodes(nodes)
    }
}

fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

impl Step {
    /// At most so many nodes are visited from this one.
    fn cost(&self, node: &Value, whole: usize, cap: usize) -> usize {
        let looked_at = match self.walk {
            Walk::One => return 1,
            Walk::Children => children(node),
            Walk::Descendants => size(node, cap),
        };
        let filter = &self.filter;
        if filter.queries == 0 {
            return looked_at + 1;
        }
        if !filter.wide {
            return looked_at.saturating_mul(filter.queries + 1);
        }
        let times = filter.descents.max(1);
        let asked = |base: usize| base.saturating_pow(times).saturating_mul(filter.queries);
        if filter.rooted {
            return looked_at.saturating_mul(asked(whole));
        }
        match self.walk {
            // Each child is asked for what lies below it.
            Walk::Children if times == 1 => size(node, cap).saturating_mul(filter.queries),
            _ => looked_at.saturating_mul(asked(size(node, cap))),
        }
    }
}

fn children(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.len(),
        Value::Object(map) => map.len(),
        _ => 0,
    }
}

/// The nodes of a value, itself among them; counted no further than `cap`.
fn size(value: &Value, cap: usize) -> usize {
    let mut waiting = vec![value];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > cap {
            break;
        }
        match value {
            Value::Array(list) => waiting.extend(list),
            Value::Object(map) => waiting.extend(map.values()),
            _ => {}
        }
    }
    seen
}

impl Walk {
    fn of(segment: &str) -> Self {
        if segment.starts_with("..") {
            return Walk::Descendants;
        }
        let inner = segment.trim_start_matches(['.', '[', ' ']);
        let many = inner.starts_with(['*', '?'])
            || plain(segment).any(|(_, c)| matches!(c, ',' | ':' | '?' | '*'));
        if many { Walk::Children } else { Walk::One }
    }
}

impl Filter {
    fn of(segment: &str) -> Self {
        let text: String = plain(segment).map(|(_, c)| c).collect();
        let Some((_, inside)) = text.split_once('?') else {
            return Self::default();
        };
        let descents = inside.matches("..").count();
        Self {
            queries: own_queries(inside).max(1),
            wide: descents > 0 || inside.contains(['*', ':', '?', ',']),
            descents: u32::try_from(descents).unwrap_or(u32::MAX),
            rooted: inside.contains('$'),
        }
    }
}

/// How many queries a filter makes itself; those of filters within it ask about the same nodes.
fn own_queries(inside: &str) -> usize {
    let (mut open, mut within, mut queries) = (0_usize, Vec::new(), 0);
    for c in inside.chars() {
        match c {
            '[' => open += 1,
            ']' => {
                within.retain(|depth| *depth < open);
                open = open.saturating_sub(1);
            }
            '?' => within.push(open),
            '@' | '$' if within.is_empty() => queries += 1,
            _ => {}
        }
    }
    queries
}

/// The characters outside of quotes, with their places in bytes.
fn plain(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| {
        if let Some(open) = quote {
            if escaped {
                escaped = false;
            } else if *c == '\\' {
                escaped = true;
            } else if *c == open {
                quote = None;
            }
            return false;
        }
        if matches!(c, '\'' | '"') {
            quote = Some(*c);
            return false;
        }
        true
    })
}

/// The segments of a sound path, and where each ends.
fn segments(text: &str) -> Vec<(&str, usize)> {
    let mut starts = Vec::new();
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in plain(text) {
        match c {
            '[' => {
                // `..[` is one segment.
                if depth == 0 && before != '.' {
                    starts.push(at);
                }
                depth += 1;
            }
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 && before != '.' => starts.push(at),
            _ => {}
        }
        if depth == 0 && !c.is_whitespace() {
            before = c;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts = starts.iter().zip(ends);
    parts
        .map(|(start, end)| (text[*start..end].trim(), end))
        .collect()
}

/// What is checked before the parser, which goes by recursion, sees the path.
fn bounds(text: &str) -> Result<(), PathFault> {
    let fault = |at: usize, message: String| {
        let position = text[..at].chars().count();
        Err(PathFault { position, message })
    };
    if text.len() > MAX_LENGTH {
        let mut at = MAX_LENGTH;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        return fault(at, format!("a path has at most {MAX_LENGTH} bytes"));
    }
    let mut open = Vec::new();
    let mut negations = 0;
    for (at, c) in plain(text) {
        match c {
            '[' | '(' => open.push((c, false)),
            ']' | ')' => {
                open.pop();
            }
            '?' => {
                if let Some(last) = open.last_mut() {
                    last.1 = true;
                }
            }
            _ => {}
        }
        negations = match c {
            '!' => negations + 1,
            ' ' => negations,
            _ => 0,
        };
        if open.len() + negations > MAX_DEPTH {
            return fault(at, format!("it nests deeper than {MAX_DEPTH}"));
        }
        if open.iter().filter(|(_, filters)| *filters).count() > MAX_FILTERS {
            return fault(
                at,
                format!("more than {MAX_FILTERS} filters stand within one another"),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
}
