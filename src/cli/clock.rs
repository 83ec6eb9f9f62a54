//! The time that a command counts as now: the clock, or where the clock of a demonstration stands.

use crate::model::Time;
use crate::model::demonstration::DemonstrationSpan;
use crate::store::Reader;

use super::exit::CliError;

/// Now, for what the store shows.
pub fn now(reader: &Reader) -> Result<Time, CliError> {
    let mark = reader.get_meta(DemonstrationSpan::KEY)?;
    let span = mark.as_deref().and_then(DemonstrationSpan::parse);
    Ok(span.map_or_else(chrono::Utc::now, |span| span.until))
}
