//! Which statements of a script run while its page loads: those outside conditions, loops and
//! handlers.

use super::lexer::ScriptToken;

/// How many ranges are read.
const MAX_RANGES: usize = 400;
/// A longer countdown is an interstitial.
pub(super) const MAX_DELAY: f64 = 5_000.0;

/// Whether and when a piece is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reachability {
    /// After this many milliseconds.
    Always(f64),
    /// Under an unknown condition: the place of its `if`, and whether this is the `else` branch.
    Sometimes {
        of: usize,
        otherwise: bool,
    },
    Never,
}

struct Range {
    from: usize,
    to: usize,
    reach: Reachability,
}

/// The script's tokens, with the conditions under which they run.
pub(super) struct Flow<'p, 'a> {
    pub pieces: &'p [ScriptToken<'a>],
    /// The closing bracket of each opening one, and the reverse.
    partner: Vec<Option<usize>>,
    ranges: Vec<Range>,
}

impl<'p, 'a> Flow<'p, 'a> {
    pub(super) fn new(pieces: &'p [ScriptToken<'a>]) -> Self {
        let mut flow = Self {
            pieces,
            partner: partners(pieces),
            ranges: Vec::new(),
        };
        for (at, piece) in pieces.iter().enumerate() {
            if flow.ranges.len() >= MAX_RANGES {
                break;
            }
            match piece {
                ScriptToken::Word("if") => flow.branches(at),
                ScriptToken::Word("for" | "while" | "switch" | "catch") => flow.body_of(at),
                ScriptToken::Word("function") => flow.function(at),
                ScriptToken::Mark("=>") => flow.arrow(at),
                _ => {}
            }
        }
        flow
    }

    pub(super) fn is(&self, at: usize, what: &str) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.is(what))
    }

    pub(super) fn before(&self, at: usize) -> Option<&ScriptToken<'a>> {
        at.checked_sub(1).and_then(|at| self.pieces.get(at))
    }

    pub(super) fn partner(&self, at: usize) -> Option<usize> {
        self.partner.get(at).copied().flatten()
    }

    /// Whether and when the piece is reached.
    pub(super) fn reach(&self, at: usize) -> Reachability {
        let mut delay = 0.0;
        let mut sometimes = None;
        for range in &self.ranges {
            if !(range.from..range.to).contains(&at) {
                continue;
            }
            match range.reach {
                Reachability::Always(more) => delay += more,
                Reachability::Never => return Reachability::Never,
                branch @ Reachability::Sometimes { .. } => {
                    sometimes.get_or_insert(branch);
                }
            }
        }
        if let Some(branch) = sometimes {
            return branch;
        }
        if self.is_guarded(at) {
            return Reachability::Never;
        }
        Reachability::Always(delay)
    }

    /// `a && (location = …)`, `a ? location = … : 0`.
    fn is_guarded(&self, at: usize) -> bool {
        let mut at = at;
        while let Some(before) = at.checked_sub(1) {
            // Two adjacent values: a line ended without a semicolon.
            let ended =
                matches!(self.pieces[at], ScriptToken::Word(_)) && is_value(&self.pieces[before]);
            match &self.pieces[before] {
                _ if ended => return false,
                ScriptToken::Mark(";" | "{" | "}") => return false,
                ScriptToken::Mark("&&" | "||" | "??" | "?") => return true,
                ScriptToken::Mark(")" | "]") => at = self.partner(before).unwrap_or(before),
                _ => at = before,
            }
        }
        false
    }

    /// The place after the end of the statement that begins at `at`.
    pub(super) fn statement_end(&self, at: usize) -> usize {
        if self.is(at, "{") {
            return self.partner(at).map_or(self.pieces.len(), |end| end + 1);
        }
        let mut at = at;
        while let Some(piece) = self.pieces.get(at) {
            match piece {
                ScriptToken::Mark(";") => return at + 1,
                ScriptToken::Mark("}" | ")" | "]") | ScriptToken::Word("else") => return at,
                ScriptToken::Mark("(" | "[" | "{") => {
                    at = self.partner(at).map_or(self.pieces.len(), |end| end + 1);
                }
                _ => at += 1,
            }
        }
        at
    }

    fn branches(&mut self, at: usize) {
        let Some(end) = self.partner(at + 1).filter(|_| self.is(at + 1, "(")) else {
            return;
        };
        let holds = self.holds(at + 2, end);
        let reach = |otherwise: bool| match holds {
            Some(holds) if holds == otherwise => Reachability::Never,
            Some(_) => Reachability::Always(0.0),
            None => Reachability::Sometimes { of: at, otherwise },
        };
        let then = self.statement_end(end + 1);
        self.push(end + 1, then, reach(false));
        if self.is(then, "else") {
            let mut to = self.statement_end(then + 1);
            // `else if … else …` is one statement.
            while self.is(to, "else") {
                to = self.statement_end(to + 1);
            }
            self.push(then + 1, to, reach(true));
        }
    }

    /// The outcome of a condition, where it is known: constants; whether the page is in a frame (it
    /// is not); a question to the reader (taken as confirmed); the end of a countdown.
    fn holds(&self, from: usize, to: usize) -> Option<bool> {
        const FRAMES: &[&str] = &[
            "window",
            "self",
            "top",
            "parent",
            "document",
            "location",
            "href",
            "frames",
            "length",
            "frameElement",
        ];
        let condition = self.pieces.get(from..to)?;
        if let [ScriptToken::Word(word)] = condition {
            return match *word {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            };
        }
        if let [ScriptToken::Number(n)] = condition {
            return Some(*n != 0.0);
        }
        if condition.first().is_some_and(|p| p.is("confirm")) {
            return Some(true);
        }
        let of_frames = condition.iter().all(|piece| match piece {
            ScriptToken::Word(word) => FRAMES.contains(word),
            ScriptToken::Mark(_) | ScriptToken::Number(_) => true,
            _ => false,
        });
        let has = |mark: &str| condition.iter().any(|piece| piece.is(mark));
        if of_frames && (has("top") || has("parent") || has("self") || has("frameElement")) {
            return Some(has("==") || has("==="));
        }
        self.countdown(condition)
    }

    /// `if (--left <= 0)` in a function that a timer calls, where `left` starts at no more than the
    /// longest wait.
    fn countdown(&self, condition: &[ScriptToken<'_>]) -> Option<bool> {
        let timed = self
            .pieces
            .iter()
            .any(|p| p.is("setInterval") || p.is("setTimeout"));
        let compares = condition
            .iter()
            .any(|p| p.is("<") || p.is("<=") || p.is("==") || p.is("===") || p.is("--"));
        let plain = |p: &ScriptToken<'_>| {
            matches!(
                p,
                ScriptToken::Word(_) | ScriptToken::Mark(_) | ScriptToken::Number(_)
            )
        };
        if !timed || !compares || !condition.iter().all(plain) {
            return None;
        }
        let names: Vec<&str> = condition.iter().filter_map(ScriptToken::word).collect();
        let [name] = names.as_slice() else {
            return None;
        };
        let begins = self.pieces.windows(3).find_map(|three| match three {
            [
                ScriptToken::Word(word),
                ScriptToken::Mark("="),
                ScriptToken::Number(n),
            ] if word == name => Some(*n),
            _ => None,
        })?;
        Some(begins * 1_000.0 <= MAX_DELAY)
    }

    fn body_of(&mut self, at: usize) {
        let Some(end) = self.partner(at + 1).filter(|_| self.is(at + 1, "(")) else {
            return;
        };
        let to = self.statement_end(end + 1);
        let reach = Reachability::Sometimes {
            of: at,
            otherwise: false,
        };
        self.push(end + 1, to, reach);
    }

    /// `function name(…) {…}` and `function (…) {…}`.
    fn function(&mut self, at: usize) {
        let name = self.pieces.get(at + 1).and_then(ScriptToken::word);
        let open = at + 1 + usize::from(name.is_some());
        let body = self
            .partner(open)
            .filter(|_| self.is(open, "("))
            .map(|end| end + 1);
        let Some(body) = body.filter(|body| self.is(*body, "{")) else {
            return;
        };
        let to = self.statement_end(body);
        let reach = self.called(at, to, name);
        self.push(body, to, reach);
    }

    /// `(…) => …` and `name => …`.
    fn arrow(&mut self, at: usize) {
        let from = match self.before(at) {
            Some(ScriptToken::Mark(")")) => self.partner(at - 1),
            _ => at.checked_sub(1),
        };
        let Some(from) = from else {
            return;
        };
        let to = self.statement_end(at + 1);
        let reach = self.called(from, to, None);
        self.push(at + 1, to, reach);
    }

    fn push(&mut self, from: usize, to: usize, reach: Reachability) {
        self.ranges.push(Range { from, to, reach });
    }
}

fn is_value(piece: &ScriptToken<'_>) -> bool {
    !matches!(piece, ScriptToken::Mark(mark) if !matches!(*mark, ")" | "]"))
}

fn partners(pieces: &[ScriptToken<'_>]) -> Vec<Option<usize>> {
    let mut partner = vec![None; pieces.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            ScriptToken::Mark("(" | "[" | "{") => open.push(at),
            ScriptToken::Mark(")" | "]" | "}") => {
                if let Some(from) = open.pop() {
                    partner[from] = Some(at);
                    partner[at] = Some(from);
                }
            }
            _ => {}
        }
    }
    partner
}
