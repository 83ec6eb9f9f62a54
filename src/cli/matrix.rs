//! The matrix of `status`: a heading per probe, with a line per vantage below it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::table;

/// A probe and what each vantage sees of it.
pub struct MatrixGroup {
    /// `CNKI 中国知网, Dissertation record (cnki/thesis)`.
    pub title: String,
    /// A remark about the whole group, on its own line.
    pub remark: String,
    pub rows: Vec<MatrixRow>,
}

/// What one vantage sees. Times are as `model::time::iso` writes them, or empty.
pub struct MatrixRow {
    pub vantage: String,
    /// Two to four words.
    pub state: String,
    pub mood: StateColour,
    pub since: String,
    pub verified: String,
    pub checked: String,
    /// A remark about this vantage, on its own line.
    pub note: String,
}

/// The colour of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateColour {
    Well,
    Minor,
    Bad,
    Unknown,
}

impl StateColour {
    fn style(self) -> Style {
        let colour = match self {
            Self::Well => AnsiColor::Green,
            Self::Minor => AnsiColor::Yellow,
            Self::Bad => AnsiColor::Red,
            Self::Unknown => return Style::new().dimmed(),
        };
        colour.on_default()
    }
}

const COLUMNS: [&str; 5] = ["vantage", "state", "since", "last_verified", "last_checked"];

/// The text with colours, which `out::put` removes where they are not wanted. Below 100 columns the
/// last check is left out, so that the rest fits on one line.
#[must_use]
pub fn render(groups: &[MatrixGroup], width: u16) -> String {
    let shown = if width < 100 { 4 } else { COLUMNS.len() };
    let cells: Vec<Vec<String>> = groups
        .iter()
        .flat_map(|group| &group.rows)
        .map(|row| {
            let cells = [
                &row.vantage,
                &row.state,
                &row.since,
                &row.verified,
                &row.checked,
            ];
            cells.into_iter().take(shown).cloned().collect()
        })
        .collect();
    let mut lines = table::lines(&COLUMNS[..shown], &cells).into_iter();
    let mut text = format!(" {}\n", lines.next().unwrap_or_default());
    for group in groups {
        let bold = Style::new().bold();
        let _ = writeln!(text, "{bold}{}{bold:#}", group.title);
        if !group.remark.is_empty() {
            let _ = writeln!(text, "    {}", group.remark);
        }
        for row in &group.rows {
            let line = lines.next().unwrap_or_default();
            let _ = writeln!(text, " {}", coloured(&line, row));
            if !row.note.is_empty() {
                let _ = writeln!(text, "    {}", row.note);
            }
        }
    }
    text
}

/// The state is the last words of its line before the times, which hold no letters.
fn coloured(line: &str, row: &MatrixRow) -> String {
    let Some(at) = line.rfind(&row.state) else {
        return line.to_owned();
    };
    let style = row.mood.style();
    let (before, rest) = line.split_at(at);
    let (state, after) = rest.split_at(row.state.len());
    format!("{before}{style}{state}{style:#}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(vantage: &str, state: &str, mood: StateColour, note: &str) -> MatrixRow {
        let at = |t: &str| format!("2026-03-0{t}:00:13Z");
        MatrixRow {
            vantage: vantage.to_owned(),
            state: state.to_owned(),
            mood,
            since: at("3T20"),
            verified: at("3T14"),
            checked: at("9T20"),
            note: note.to_owned(),
        }
    }

    fn groups() -> Vec<MatrixGroup> {
        vec![
            MatrixGroup {
                title: "CNKI 中国知网, Dissertation record (cnki/thesis), incident #1".to_owned(),
                remark: "mail held until 2026-03-10T01:30:00Z, because it began in the night"
                    .to_owned(),
                rows: vec![
                    row("tokyo", "full-text button not shown", StateColour::Bad, ""),
                    row("北京路分馆", "ok", StateColour::Well, "goes back and forth"),
                ],
            },
            MatrixGroup {
                title: "NBS 国家统计局, List of releases (nbs/releases)".to_owned(),
                remark: String::new(),
                rows: vec![MatrixRow {
                    since: String::new(),
                    verified: String::new(),
                    checked: String::new(),
                    ..row("tokyo", "not observed yet", StateColour::Unknown, "")
                }],
            },
        ]
    }

    fn plain(width: u16) -> String {
        anstream::adapter::strip_str(&render(&groups(), width)).to_string()
    }

    #[test]
    fn narrow() {
        insta::assert_snapshot!(plain(80));
    }

    #[test]
    fn wide() {
        insta::assert_snapshot!(plain(160));
    }

    #[test]
    fn the_state_is_coloured_and_not_the_name_of_the_vantage() {
        let text = render(&groups(), 80);
        assert!(text.contains("\u{1b}[32mok\u{1b}[0m"), "{text:?}");
        assert!(text.contains(" tokyo "), "{text:?}");
    }
}
