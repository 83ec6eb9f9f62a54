//! A fault for display: place first, then the line, the mark, and the fix.

use std::fmt;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// Whether the workspace can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing runs until it is fixed.
    Error,
    /// The workspace runs; a person should know.
    Warning,
}

/// One problem in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Relative to the workspace.
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub col: usize,
    /// The line with the problem, without secrets and clipped if long; empty when the file cannot
    /// be read.
    pub source: String,
    /// The marked part of `source`, in bytes.
    pub mark: std::ops::Range<usize>,
    pub message: String,
    /// The fix; may be empty when the message says it.
    pub help: String,
    /// How many faults that are not shown it represents; 0: it is a fault itself.
    pub more: usize,
}

impl Diagnostic {
    /// `path:line:col: error: message`, the line with a mark, and the fix.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let (level, word) = match self.severity {
            Severity::Error => (Level::ERROR, "error"),
            Severity::Warning => (Level::WARNING, "warning"),
        };
        let (bold, reset) = if color {
            ("\u{1b}[1m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        let mut text = format!(
            "{bold}{}:{}:{}: {word}: {}{reset}",
            clean(&self.path.to_string_lossy()),
            self.line,
            self.col,
            clean(&self.message)
        );
        let help = clean(&self.help);
        if self.source.is_empty() {
            if !help.is_empty() {
                text.push_str("\n  = help: ");
                text.push_str(&help);
            }
            return text;
        }
        let snippet = Snippet::source(self.source.as_str())
            .line_start(self.line)
            .annotation(AnnotationKind::Primary.span(self.mark.clone()));
        let mut group = Group::with_level(level).element(snippet);
        if !help.is_empty() {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        text.push('\n');
        text.push_str(&renderer.render(&[group]));
        text
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Every fault of every file, and the warnings; never without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// All of them, separated by empty lines, and their number.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let mut text = String::new();
        for fault in &self.0 {
            text.push_str(&fault.render(color));
            text.push_str("\n\n");
        }
        let of = |severity| {
            let faults = self.0.iter().filter(|f| f.severity == severity);
            faults.map(|f| f.more.max(1)).sum::<usize>()
        };
        let s = |n| if n == 1 { "" } else { "s" };
        let faults = of(Severity::Error);
        let faults = format!("{faults} fault{}", s(faults));
        let warnings = match of(Severity::Warning) {
            0 => String::new(),
            n => format!(" and {n} warning{}", s(n)),
        };
        text + &format!("{faults}{warnings} in the workspace")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Control characters become `?`, because a terminal might execute them.
pub(super) fn clean(text: &str) -> String {
    let safe = |c: char| if c.is_control() || is_bidi(c) { '?' } else { c };
    text.chars().map(safe).collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
