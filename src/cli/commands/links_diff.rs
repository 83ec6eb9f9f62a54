//! `links show`: the page as it was cited, compared with the page as it was last seen.

use crate::cli::args::OutputFormat;
use crate::cli::exit::CliError;
use crate::cli::{out, table};
use crate::judge::drift::{LinkReference, ReferenceSource};
use crate::model::Time;
use crate::model::document::CitationRow;
use crate::store::Store;
use crate::text::sentences;

/// Prints the reference of a link, and the sentences that differ now.
pub(super) async fn print(
    store: &Store,
    link: i64,
    citations: &[CitationRow],
    format: Option<OutputFormat>,
) -> Result<(), CliError> {
    let mut pages = store.cited_pages(vec![link]).await?;
    let Some(reference) = pages.remove(&link).and_then(|page| page.reference) else {
        return Ok(());
    };
    say!("{}", compared_with(&reference, citations));
    let Some((now, at)) = store.differing_page(link).await? else {
        return Ok(());
    };
    say!("it differed on {}:", at.format("%Y-%m-%d"));
    let changes = sentences::changes(&reference.text.main, &now.main);
    if changes.is_empty() || !matches!(format, None | Some(OutputFormat::Table)) {
        return Ok(());
    }
    let lines: Vec<Vec<String>> = changes
        .into_iter()
        .map(|change| {
            vec![
                change.old.unwrap_or_default(),
                change.new.unwrap_or_default(),
            ]
        })
        .collect();
    let columns = ["as cited", "now"];
    out::put(&table::wrapped(&columns, &lines, table::terminal_width()))
}

/// `compared with the page of 2026-11-02, 3 years after citing`.
fn compared_with(reference: &LinkReference, citations: &[CitationRow]) -> String {
    let day = reference.at.format("%Y-%m-%d");
    match reference.source {
        ReferenceSource::Accepted => format!("compared with the page as accepted on {day}"),
        ReferenceSource::Cited => format!("compared with the copy of {day} that is cited"),
        ReferenceSource::Memento => format!("compared with the copy of {day}"),
        ReferenceSource::First => {
            let first = citations.iter().filter(|c| c.ended.is_none());
            let first = first.filter_map(|c| c.cited_on.as_deref()).min();
            let years = first.and_then(|day| years_between(day, reference.at));
            let after = match years {
                Some(0) | None => String::new(),
                Some(1) => ", a year after citing".to_owned(),
                Some(years) => format!(", {years} years after citing"),
            };
            format!("compared with the page of {day}, its first healthy check{after}")
        }
    }
}

/// Whole years from a day of citing (2023, 2023-05 or 2023-05-08) to a time.
fn years_between(cited_on: &str, at: Time) -> Option<u32> {
    let mut parts = cited_on.split('-');
    let year: i32 = parts.next()?.parse().ok()?;
    let rest: String = parts.collect();
    let now: i32 = at.format("%Y").to_string().parse().ok()?;
    let passed = now.checked_sub(year)?;
    let format = match rest.len() {
        0 => "",
        2 => "%m",
        _ => "%m%d",
    };
    let is_before = at.format(format).to_string() < rest;
    u32::try_from(passed - i32::from(is_before)).ok()
}

#[cfg(test)]
mod tests {
    use super::years_between;

    #[test]
    fn whole_years_by_the_precision_of_the_day() {
        let at = "2026-11-30T00:00:00Z".parse().unwrap();
        for (day, want) in [
            ("2023", Some(3)),
            ("2023-11", Some(3)),
            ("2023-12", Some(2)),
            ("2023-12-01", Some(2)),
            ("2023-11-30", Some(3)),
            ("2026-11-30", Some(0)),
            ("2027", None),
            ("soon", None),
        ] {
            assert_eq!(years_between(day, at), want, "{day}");
        }
    }
}
