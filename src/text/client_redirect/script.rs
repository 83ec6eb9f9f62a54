//! What the scripts of a page do while it loads, as far as literals show: where they send the
//! reader, and whether they submit a form.

use std::collections::HashMap;

use url::Url;

use super::coding::{decoded, encoded};
use super::flow::{Flow, Reachability};
use super::lexer::{self, ScriptToken};

/// How many statements are read.
const MAX_MOVES: usize = 64;
/// How deep expressions and scripts within strings are read.
const MAX_DEPTH: usize = 6;

/// What scripts do.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Where they lead, with the delay in milliseconds. `None`: an address that cannot be read.
    pub moves: Vec<(Option<String>, f64)>,
    /// Where each branch of a condition leads.
    branches: Vec<(usize, bool, Option<String>)>,
    pub submits: bool,
    pub clicks: bool,
    /// HTML that they write into the page.
    pub writes: Vec<String>,
    /// They write cookies, or run code that was assembled, as checks for people do.
    pub is_check: bool,
}

impl Script {
    /// Whether they lead anywhere, even to an address that cannot be read.
    pub(super) fn leads(&self) -> bool {
        !self.moves.is_empty() || !self.branches.is_empty()
    }

    /// Where the page leads: by its last unconditional statement, or by both branches of a
    /// condition when they agree.
    pub(super) fn target(&self) -> Option<(String, f64)> {
        if let Some((target, delay)) = self.moves.last() {
            return target.clone().map(|target| (target, *delay));
        }
        let same = |a: &(usize, bool, Option<String>)| {
            self.branches
                .iter()
                .any(|b| b.0 == a.0 && b.1 != a.1 && b.2 == a.2)
        };
        let first = self.branches.first().filter(|first| same(first))?;
        let agree = self.branches.iter().all(|branch| branch.2 == first.2);
        first
            .2
            .clone()
            .filter(|_| agree)
            .map(|target| (target, 0.0))
    }
}

/// Reads scripts, joined in their order. `base`: the page's address.
pub(super) fn read(code: &str, base: Option<&Url>) -> Script {
    let pieces = lexer::pieces(code);
    let mut unfolded = Vec::new();
    let mut rest: &[ScriptToken<'_>] = &pieces;
    // Code in strings: setTimeout("…", 100) is read as setTimeout(function () {…}, 100).
    while let Some((first, after)) = rest.split_first() {
        unfolded.push(first.clone());
        rest = after;
        if let (
            ScriptToken::Word("setTimeout" | "setInterval"),
            [ScriptToken::Mark("("), ScriptToken::Text(inner), ..],
        ) = (first, after)
            && unfolded.len() < lexer::MAX_PIECES
        {
            let marks = ["(", "function", "(", ")", "{"];
            unfolded.extend(marks.map(|mark| match mark {
                "function" => ScriptToken::Word(mark),
                mark => ScriptToken::Mark(mark),
            }));
            unfolded.extend(lexer::pieces(inner));
            unfolded.push(ScriptToken::Mark("}"));
            rest = &after[2..];
        }
    }
    Reader::new(&unfolded, base).read()
}

struct Reader<'p, 'a> {
    flow: Flow<'p, 'a>,
    base: Option<&'p Url>,
    names: HashMap<&'a str, String>,
    out: Script,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(pieces: &'p [ScriptToken<'a>], base: Option<&'p Url>) -> Self {
        let mut reader = Self {
            flow: Flow::new(pieces),
            base,
            names: HashMap::new(),
            out: Script::default(),
        };
        reader.take_names();
        reader
    }

    /// Names with one literal text in the whole script.
    fn take_names(&mut self) {
        let mut given: HashMap<&'a str, Option<String>> = HashMap::new();
        for at in 1..self.flow.pieces.len() {
            let (ScriptToken::Word(name), Some(after)) =
                (&self.flow.pieces[at - 1], self.flow.pieces.get(at))
            else {
                continue;
            };
            if at >= 2 && self.flow.is(at - 2, ".") {
                continue;
            }
            if after.is("+=") {
                given.insert(name, None);
            } else if after.is("=") {
                let value = self.expression(at + 1, 0).map(|(value, _)| value);
                given
                    .entry(name)
                    .and_modify(|known| {
                        *known = known.take().filter(|k| Some(k) == value.as_ref());
                    })
                    .or_insert(value);
                // A later name may be built from this one.
                if let Some(Some(value)) = given.get(name) {
                    self.names.insert(name, value.clone());
                } else {
                    self.names.remove(name);
                }
            }
        }
        for (name, value) in given {
            if value.is_none() {
                self.names.remove(name);
            }
        }
    }

    fn read(mut self) -> Script {
        let mut at = 0;
        while at < self.flow.pieces.len() {
            let inner = at.checked_sub(1).is_some_and(|n| self.flow.is(n, "."));
            if let (ScriptToken::Word(_), false) = (&self.flow.pieces[at], inner) {
                let (chain, end) = self.chain(at);
                self.statement(at, &chain, end);
                at = end.max(at + 1);
            } else {
                at += 1;
            }
        }
        self.out
    }

    /// A name and its members: `window["location"].href` is window, location, href. Returns also
    /// the place after it.
    fn chain(&self, at: usize) -> (Vec<String>, usize) {
        let mut chain = Vec::new();
        let mut at = at;
        if let Some(word) = self.flow.pieces.get(at).and_then(ScriptToken::word) {
            chain.push(word.to_owned());
            at += 1;
        }
        while chain.len() < 12 {
            let member = match (self.flow.pieces.get(at), self.flow.pieces.get(at + 1)) {
                (Some(ScriptToken::Mark(".")), Some(ScriptToken::Word(word))) => {
                    at += 2;
                    (*word).to_owned()
                }
                (Some(ScriptToken::Mark("[")), Some(ScriptToken::Text(text)))
                    if self.flow.is(at + 2, "]") =>
                {
                    at += 3;
                    text.clone()
                }
                (Some(ScriptToken::Mark("[")), _) => {
                    at = self.flow.partner(at).map_or(at + 1, |end| end + 1);
                    "[]".to_owned()
                }
                // Calls inside the chain: document.getElementById("f").submit()
                (Some(ScriptToken::Mark("(")), _) => match self.flow.partner(at) {
                    Some(end) if self.flow.is(end + 1, ".") => {
                        at = end + 1;
                        "()".to_owned()
                    }
                    _ => break,
                },
                _ => break,
            };
            chain.push(member);
        }
        (chain, at)
    }

    fn statement(&mut self, at: usize, chain: &[String], end: usize) {
        const OBJECTS: &[&str] = &[
            "window",
            "self",
            "top",
            "parent",
            "document",
            "this",
            "globalThis",
            "frames",
            "_top",
        ];
        let of = chain
            .iter()
            .take_while(|name| OBJECTS.contains(&name.as_str()));
        let names: Vec<&str> = chain[of.count()..].iter().map(String::as_str).collect();
        let called = self.flow.is(end, "(");
        let given = self.flow.is(end, "=");
        match names.as_slice() {
            ["location"] | ["location", "href" | "pathname"] if given => self.leads(at, end + 1),
            ["location", "replace" | "assign"] | ["navigate"] if called => self.leads(at, end + 1),
            ["location", "reload"] => self.out.moves.push((None, 0.0)),
            ["open"] if called && self.opens_here(end) => self.leads(at, end + 1),
            ["$" | "jQuery", "()", "attr" | "prop"] if called => {
                let is_location = (at..end).any(|n| self.flow.is(n, "location"));
                if is_location && self.flow.is(end + 2, ",") {
                    self.leads(at, end + 3);
                }
            }
            ["cookie"] if given && chain.len() > 1 => self.out.is_check = true,
            ["write" | "writeln"] if called => {
                let written = self.expression(end + 1, 0).map(|(html, _)| html);
                self.out.writes.extend(written);
            }
            ["eval" | "Function"] if called => self.out.is_check = true,
            [.., "submit"] if called && names.len() > 1 => {
                self.out.submits |= matches!(self.flow.reach(at), Reachability::Always(_));
            }
            [.., "click"] if called && self.flow.is(end + 1, ")") => {
                self.out.clicks |= matches!(self.flow.reach(at), Reachability::Always(_));
            }
            _ => {}
        }
    }

    /// Whether a window opened at the `(` replaces this one.
    fn opens_here(&self, open: usize) -> bool {
        let Some(close) = self.flow.partner(open) else {
            return false;
        };
        self.flow.pieces[open..close].iter().any(
            |piece| matches!(piece, ScriptToken::Text(text) if matches!(text.as_str(), "_self" | "_top" | "_parent")),
        )
    }

    /// A statement at `at` leads to the address that begins at `from`.
    fn leads(&mut self, at: usize, from: usize) {
        if self.out.moves.len() + self.out.branches.len() >= MAX_MOVES {
            return;
        }
        let target = self.expression(from, 0).map(|(target, _)| target);
        match self.flow.reach(at) {
            Reachability::Always(delay) => self.out.moves.push((target, delay)),
            Reachability::Sometimes { of, otherwise } => {
                self.out.branches.push((of, otherwise, target));
            }
            Reachability::Never => {}
        }
    }

    /// The text of an expression, and the place after it; `None` when it cannot be read. Unknown
    /// parts of a query or fragment are left out.
    fn expression(&self, at: usize, depth: usize) -> Option<(String, usize)> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut out = String::new();
        let mut at = at;
        loop {
            let (term, next) = self.term(at, depth);
            match term {
                Some(text) => out.push_str(&text),
                None if out.contains(['?', '#']) => {}
                None => return None,
            }
            if !self.flow.is(next, "+") {
                let is_choice = ["?", "||", "&&", "??", "==", "===", "!=", "!=="];
                let chosen = is_choice.iter().any(|mark| self.flow.is(next, mark));
                return (!chosen).then_some((out, next));
            }
            at = next + 1;
        }
    }

    fn term(&self, at: usize, depth: usize) -> (Option<String>, usize) {
        match self.flow.pieces.get(at) {
            Some(ScriptToken::Text(_)) if self.flow.is(at + 1, ".") => {
                (None, self.chain_end(at + 1))
            }
            Some(ScriptToken::Text(text)) => (Some(text.clone()), at + 1),
            Some(ScriptToken::Number(n)) => (Some(n.to_string()), at + 1),
            Some(ScriptToken::Mark("(")) => {
                let end = self.flow.partner(at).map_or(at + 1, |end| end + 1);
                let inner = self.expression(at + 1, depth + 1).map(|(text, _)| text);
                (inner, end)
            }
            Some(ScriptToken::Word(word)) => self.value(at, word, depth),
            _ => (None, at + 1),
        }
    }

    /// The value of a name: this page's address, a known text, or a call that encodes its argument.
    fn value(&self, at: usize, word: &'a str, depth: usize) -> (Option<String>, usize) {
        let (chain, end) = self.chain(at);
        if self.flow.is(end, "(") {
            let after = self.flow.partner(end).map_or(end + 1, |close| close + 1);
            let after = self.chain_end(after);
            let inner = || self.expression(end + 1, depth + 1).map(|(text, _)| text);
            let coded = match word {
                "encodeURIComponent" | "escape" => inner().map(|text| encoded(&text)),
                "encodeURI" | "String" => inner(),
                "decodeURIComponent" | "decodeURI" | "unescape" => {
                    inner().map(|text| decoded(&text))
                }
                _ => None,
            };
            return (coded, after);
        }
        let names: Vec<&str> = chain.iter().map(String::as_str).collect();
        let value = match names.as_slice() {
            [name] => self.names.get(name).cloned().or_else(|| self.own(&names)),
            names => self.own(names),
        };
        (value, end)
    }

    fn chain_end(&self, at: usize) -> usize {
        let mut at = at;
        while self.flow.is(at, ".") || self.flow.is(at, "(") || self.flow.is(at, "[") {
            at = match self.flow.partner(at) {
                Some(end) => end + 1,
                None => at + 2,
            };
        }
        at
    }

    /// A part of this page's own address.
    fn own(&self, names: &[&str]) -> Option<String> {
        let base = self.base?;
        let at = names
            .iter()
            .position(|name| *name == "location" || *name == "URL")?;
        let origin = || base.origin().ascii_serialization();
        Some(match names.get(at + 1..)? {
            [] | ["href" | "toString"] => base.to_string(),
            ["pathname"] => base.path().to_owned(),
            ["search"] => base.query().map_or(String::new(), |q| format!("?{q}")),
            ["hash"] => String::new(),
            ["origin"] => origin(),
            ["protocol"] => format!("{}:", base.scheme()),
            ["host"] => origin().split_once("//")?.1.to_owned(),
            ["hostname"] => base.host_str()?.to_owned(),
            ["port"] => base.port().map_or(String::new(), |port| port.to_string()),
            _ => return None,
        })
    }
}
