//! The syntax of a path: its segments, and the limits that are checked before it is parsed.

/// How deep brackets, parentheses and negations may nest.
pub const MAX_DEPTH: usize = 64;
/// How deep filters may nest: each level doubles the time to parse them.
const MAX_FILTERS: usize = 6;
/// How many bytes a path may have.
const MAX_LENGTH: usize = 4096;

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {position}: {message}")]
pub struct PathError {
    /// From 0, in characters.
    pub position: usize,
    pub message: String,
}

/// How many queries a filter makes itself; those of nested filters are about the same nodes.
pub(super) fn own_queries(inside: &str) -> usize {
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

/// The characters outside quotes, with their byte positions.
pub(super) fn plain(text: &str) -> impl Iterator<Item = (usize, char)> {
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

/// The segments of a valid path, and the end of each.
pub(super) fn segments(text: &str) -> Vec<(&str, usize)> {
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

/// Checks the limits before the recursive parser reads the path.
pub(super) fn bounds(text: &str) -> Result<(), PathError> {
    let fault = |at: usize, message: String| {
        let position = text[..at].chars().count();
        Err(PathError { position, message })
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
            return fault(at, format!("more than {MAX_FILTERS} filters are nested"));
        }
    }
    Ok(())
}
