//! The layout of tables on a terminal: aligned columns, East Asian characters two columns wide,
//! times to the minute.

use comfy_table::{ContentArrangement, Table, TableStyle};

use crate::text::clean;

/// The longest cell; the rest is cut.
const CELL: usize = 400;

/// Columns and rows as lines of text no wider than `width`; long cells are wrapped.
#[must_use]
pub fn wrapped(columns: &[&str], rows: &[Vec<String>], width: u16) -> String {
    lay_out(columns, rows, Some(width)).join("\n") + "\n"
}

/// The same with each row on one line, however wide it is; the head comes first.
#[must_use]
pub fn lines(columns: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    lay_out(columns, rows, None)
}

fn lay_out(columns: &[&str], rows: &[Vec<String>], width: Option<u16>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    let timed = |at: usize| rows.iter().any(|r| r.get(at).is_some_and(|c| is_time(c)));
    table.set_header(columns.iter().enumerate().map(|(at, name)| {
        let name = name.replace('_', " ").to_uppercase();
        if timed(at) {
            format!("{name} (UTC)")
        } else {
            name
        }
    }));
    for row in rows {
        table.add_row(row.iter().map(|cell| cell_text(cell)));
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// `2026-03-05T14:00:19Z` as `2026-03-05 14:00`; the head says that it is UTC.
fn cell_text(cell: &str) -> String {
    match (is_time(cell), cell.split_once('T')) {
        (true, Some((day, clock))) => format!("{day} {}", clock.get(..5).unwrap_or(clock)),
        _ => clean::line(cell, CELL),
    }
}

/// The form of `model::time::iso`.
fn is_time(cell: &str) -> bool {
    cell.len() == 20
        && cell.ends_with('Z')
        && chrono::NaiveDateTime::parse_from_str(cell, "%Y-%m-%dT%H:%M:%SZ").is_ok()
}

/// The width of the layout: the terminal's, or else `$COLUMNS`, or else 160.
#[must_use]
pub fn terminal_width() -> u16 {
    let terminal = terminal_size::terminal_size().map(|(terminal_size::Width(w), _)| w);
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.filter(|w| *w > 0).or_else(asked).unwrap_or(160)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_korean_names_keep_the_columns_apart() {
        let rows = [
            ["CNKI 中国知网", "2026-03-05T14:00:19Z", "ok"],
            ["중국 즈왕", "2026-11-23T00:00:00Z", "login\u{1b}[31m asked"],
            ["NBS", "", "ok"],
        ]
        .map(|row| row.map(str::to_owned).to_vec());
        insta::assert_snapshot!(wrapped(&["source", "since", "state"], &rows, 80));
    }

    #[test]
    fn only_what_is_a_time_is_shortened() {
        assert_eq!(cell_text("2026-03-05T14:00:19Z"), "2026-03-05 14:00");
        assert_eq!(cell_text("TTTT-TT-TTTTT:TT:TTZ"), "TTTT-TT-TTTTT:TT:TTZ");
    }
}
