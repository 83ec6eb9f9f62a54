//! Which functions of a script are called while its page loads.

use super::flow::{Flow, Reachability};
use super::lexer::ScriptToken;

impl Flow<'_, '_> {
    /// Whether the function from `at` to `to` is called while the page loads.
    pub(super) fn called(&self, at: usize, to: usize, name: Option<&str>) -> Reachability {
        let assigned = match (at.checked_sub(2).map(|n| &self.pieces[n]), self.before(at)) {
            (Some(ScriptToken::Word(word)), Some(ScriptToken::Mark("="))) => Some(*word),
            _ => None,
        };
        if matches!(
            assigned,
            Some("onload" | "onpageshow" | "onreadystatechange")
        ) {
            return Reachability::Always(0.0);
        }
        if let Some(name) = name.or(assigned) {
            let own = if assigned.is_some() { at - 2 } else { at };
            return self.called_by_name(name, own, to);
        }
        match self.before(at) {
            Some(ScriptToken::Mark("!" | "+" | "-" | "~") | ScriptToken::Word("void" | "new")) => {
                Reachability::Always(0.0)
            }
            Some(ScriptToken::Mark("(" | ",")) => self.called_by_caller(at),
            _ => Reachability::Never,
        }
    }

    fn called_by_name(&self, name: &str, at: usize, to: usize) -> Reachability {
        let mut reach = Reachability::Never;
        for (place, piece) in self.pieces.iter().enumerate() {
            let own = (at..to).contains(&place);
            if own || piece.word() != Some(name) {
                continue;
            }
            let as_handler = match self.before(place) {
                Some(ScriptToken::Mark("=")) => place
                    .checked_sub(2)
                    .is_some_and(|n| self.is(n, "onload") || self.is(n, "onpageshow")),
                Some(ScriptToken::Mark("(" | ",")) => true,
                Some(ScriptToken::Mark(".")) => false,
                _ => self.is(place + 1, "("),
            };
            if !as_handler {
                continue;
            }
            let found = if self.is(place + 1, "(")
                || matches!(self.before(place), Some(ScriptToken::Mark("=")))
            {
                Reachability::Always(0.0)
            } else {
                self.called_by_caller(place)
            };
            if found != Reachability::Never {
                reach = found;
                break;
            }
        }
        reach
    }

    /// A function among the arguments of a call: by whom and when it is called.
    fn called_by_caller(&self, at: usize) -> Reachability {
        const AT_ONCE: &[&str] = &[
            "ready",
            "$",
            "jQuery",
            "requestAnimationFrame",
            "load",
            "alert",
            "msg",
            "swal",
            "setInterval",
        ];
        let Some(open) = self.enclosing(at) else {
            return Reachability::Never;
        };
        let caller = self.before(open).and_then(ScriptToken::word);
        match caller {
            Some("setTimeout") => Reachability::Always(self.last_number(open)),
            Some("addEventListener" | "attachEvent" | "on" | "one") => {
                let event = match self.pieces.get(open + 1) {
                    Some(ScriptToken::Text(event)) => event.as_str(),
                    _ => "",
                };
                let loads = ["load", "onload", "DOMContentLoaded", "pageshow", "ready"];
                if loads.contains(&event) {
                    Reachability::Always(0.0)
                } else {
                    Reachability::Never
                }
            }
            Some(name) if AT_ONCE.contains(&name) => Reachability::Always(0.0),
            // `(function () {…})()`
            None | Some("void" | "return") if open + 1 == at => Reachability::Always(0.0),
            _ => Reachability::Never,
        }
    }

    /// The `(` that encloses `at`.
    fn enclosing(&self, at: usize) -> Option<usize> {
        let mut at = at;
        while let Some(before) = at.checked_sub(1) {
            match &self.pieces[before] {
                ScriptToken::Mark("(") => return Some(before),
                ScriptToken::Mark(";" | "{") => return None,
                ScriptToken::Mark(")" | "]" | "}") => at = self.partner(before)?,
                _ => at = before,
            }
        }
        None
    }

    /// The last argument of the call with its `(` at `open`, as a number: milliseconds.
    fn last_number(&self, open: usize) -> f64 {
        let last = self.partner(open).and_then(|end| self.before(end));
        match last {
            Some(ScriptToken::Number(n)) => *n,
            _ => 0.0,
        }
    }
}
