//! What `links repair` prints: a row for each link in one of the states (records.md 3).

use serde_json::{Map, Value, json};

use crate::cli::args::OutputFormat;
use crate::cli::exit::CliError;
use crate::cli::messages::count;
use crate::cli::{out, table};
use crate::model::repair::{RepairAction, RepairRow};
use crate::report;
use crate::text::clean;

/// Characters shown of a value.
const MAX_SHOWN: usize = 4000;

const COLUMNS: [&str; 10] = [
    "place",
    "url_as_cited",
    "state",
    "action",
    "new_url",
    "archive_url",
    "archive_time",
    "judged",
    "paste",
    "reason",
];

/// The cells of a row, in the order of the columns.
fn cells(row: &RepairRow) -> [Option<String>; 10] {
    let shown = |text: &str| clean::line(text, MAX_SHOWN);
    let copy = row.copy.as_ref();
    let judged = copy.map(|copy| if copy.is_far { "far" } else { "good" });
    [
        Some(shown(&row.place)),
        Some(shown(&row.url_as_cited)),
        Some(row.state.to_string()),
        Some(row.action.to_string()),
        row.new_url.as_deref().map(shown),
        copy.map(|copy| shown(&copy.url)),
        copy.map(|copy| copy.time.clone()),
        judged.map(str::to_owned),
        row.paste.as_deref().map(shown),
        row.reason.map(|reason| reason.to_string()),
    ]
}

/// Prints the rows.
pub(super) fn print(rows: &[RepairRow], format: Option<OutputFormat>) -> Result<(), CliError> {
    match format.unwrap_or(OutputFormat::Table) {
        OutputFormat::Json => {
            let objects: Vec<Map<String, Value>> = rows
                .iter()
                .map(|row| {
                    let named = COLUMNS.into_iter().zip(cells(row));
                    named
                        .map(|(name, cell)| (name.to_owned(), json!(cell)))
                        .collect()
                })
                .collect();
            let text = serde_json::to_string_pretty(&objects)
                .map_err(|why| CliError::Work(why.to_string()))?;
            out::put(&(text + "\n"))
        }
        OutputFormat::Csv => {
            let lines: Vec<Vec<String>> = rows
                .iter()
                .map(|row| cells(row).map(Option::unwrap_or_default).to_vec())
                .collect();
            let mut csv = Vec::new();
            report::write_text_rows(&mut csv, &COLUMNS, &lines)
                .map_err(CliError::io("writing the table"))?;
            out::put(&String::from_utf8_lossy(&csv))
        }
        OutputFormat::Table if rows.is_empty() => Ok(()),
        OutputFormat::Table => {
            let columns = ["action", "state", "place", "link", "now"];
            let lines: Vec<Vec<String>> = rows.iter().map(for_people).collect();
            out::put(&table::wrapped(&columns, &lines, table::terminal_width()))
        }
    }
}

fn for_people(row: &RepairRow) -> Vec<String> {
    let [
        place,
        link,
        state,
        action,
        new_url,
        archive_url,
        _,
        _,
        paste,
        reason,
    ] = cells(row).map(Option::unwrap_or_default);
    let now = match row.action {
        RepairAction::Changed => [new_url, archive_url].concat(),
        RepairAction::Listed => format!("{reason}; paste: {paste}"),
        RepairAction::Left => reason,
    };
    vec![action, state, place, link, now]
}

/// `12 links to repair: 10 changed, 1 listed, 1 left`.
pub(super) fn summary(rows: &[RepairRow]) -> String {
    let links = count(rows.len() as u64, "link");
    let of_action = |action: RepairAction| {
        let number = rows.iter().filter(|row| row.action == action).count();
        (number > 0).then(|| format!("{number} {action}"))
    };
    let parts: Vec<String> = [
        RepairAction::Changed,
        RepairAction::Listed,
        RepairAction::Left,
    ]
    .into_iter()
    .filter_map(of_action)
    .collect();
    if parts.is_empty() {
        return "no links to repair".to_owned();
    }
    format!("{links} to repair: {}", parts.join(", "))
}
