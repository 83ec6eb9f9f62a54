//! JSON paths (RFC 9535) with limits on nesting and on the number of visited nodes.
//!
//! `serde_json_path` parses by recursion, and keeps every node of a step: a chain of descendants
//! over an ordinary answer takes all memory. A path is therefore evaluated step by step, and the
//! cost of each step is counted before it is evaluated.

mod syntax;

use serde_json::Value;

use syntax::{bounds, own_queries, plain, segments};

pub use syntax::{MAX_DEPTH, PathError};

/// How many nodes may be visited, beyond one walk over the whole document.
pub const MAX_VISITS: usize = 100_000;

/// A path, compiled.
#[derive(Debug)]
pub struct JsonPath {
    steps: Vec<Step>,
}

/// The result of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryResult<'v> {
    /// In the order of the document, at least one.
    Nodes(Vec<&'v Value>),
    /// No match; `within_empty`: the last place on the path is null, or an empty list or object.
    Nothing { within_empty: bool },
    /// The path would visit too many nodes.
    TooMuch,
}

/// One segment.
#[derive(Debug)]
struct Step {
    /// Starts at a node from the previous steps.
    path: serde_json_path::JsonPath,
    /// All steps from the root up to this one, when a filter names the root.
    whole: Option<serde_json_path::JsonPath>,
    walk: Walk,
    filter: Filter,
}

/// What a step visits from a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    One,
    Children,
    Descendants,
}

/// The queries of a filter on each node.
#[derive(Debug, Clone, Copy, Default)]
struct Filter {
    queries: usize,
    /// The queries may visit all descendants.
    wide: bool,
    descents: u32,
    rooted: bool,
}

impl JsonPath {
    /// Compiles a path.
    ///
    /// # Errors
    /// The text is not a path, or exceeds a limit; with the position.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        bounds(text)?;
        if let Err(e) = serde_json_path::JsonPath::parse(text) {
            return Err(PathError {
                position: e.position(),
                message: e.message().to_owned(),
            });
        }
        let mut steps = Vec::new();
        for (segment, end) in segments(text) {
            let compile = |text: &str| {
                serde_json_path::JsonPath::parse(text).map_err(|e| PathError {
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

    /// The result of the path in a document.
    #[must_use]
    pub fn query<'v>(&self, root: &'v Value) -> QueryResult<'v> {
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
                    return QueryResult::TooMuch;
                }
            }
            let next: Vec<&Value> = match &step.whole {
                // All earlier steps are evaluated again.
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
                return QueryResult::Nothing {
                    within_empty: within_empty && counts,
                };
            }
            nodes = next;
        }
        QueryResult::Nodes(nodes)
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
    /// The largest number of nodes that are visited from this one.
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
            // Each child is queried for its descendants.
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

/// The number of nodes in a value, including itself, counted up to `cap`.
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

#[cfg(test)]
mod tests;
