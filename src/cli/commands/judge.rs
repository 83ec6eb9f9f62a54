//! `judge`: prints the verdict of each record in a file, and stores nothing.

use std::borrow::Cow;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::out;
use crate::engine::jsonl::{self, ParseMode, RecordLine};
use crate::engine::judgement::Judgement;
use crate::engine::rejudge::history::{self, ValueHistory};
use crate::judge::Judge;
use crate::judge::verdict_json::VerdictJson as VerdictLine;
use crate::model::settings::Language;
use crate::model::{Code, Measurement};
use crate::text::clean;
use crate::track::sibling;

/// Prints one line per record, its facts in `language`; with `strict` also deviations from the
/// format.
pub fn run(
    context: &Context,
    file: &Path,
    strict: bool,
    language: Language,
) -> Result<Done, CliError> {
    let workspace = context.workspace()?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    // The records before a record in the file are the history of its values.
    let mut past = ValueHistory::default();
    let (mut bad, mut faulty, mut of_family) = (0_u64, 0_u64, 0_u64);
    let care = if strict {
        ParseMode::Strict
    } else {
        ParseMode::Lenient
    };
    let lines = jsonl::open(file, care, chrono::Utc::now())
        .map_err(CliError::io(format!("cannot read {}", file.display())))?;
    for line in lines {
        match line.map_err(CliError::io("reading the records"))? {
            RecordLine::Record {
                number,
                measurement,
                faults,
            } => {
                faulty += u64::from(!faults.is_empty());
                for fault in faults {
                    say!("{}:{number}: {fault}", file.display());
                }
                let code = print(&judge, &measurement, &mut past, language)?;
                let probe = judge.probe_for(&measurement);
                let has_family =
                    probe.is_some_and(|p| sibling::has_family(&workspace.catalogue, p));
                of_family += u64::from(code == Code::ContentWithdrawn && has_family);
            }
            RecordLine::Bad { number, why } => {
                bad += 1;
                say!("{}:{number}: {}", file.display(), clean::line(&why, 300));
            }
        }
    }
    tell(faulty, ["record", "not well formed"], "all");
    tell(bad, ["line", "no measurement record"], "the others");
    remark_on_families(of_family);
    Ok(if bad + faulty > 0 {
        Done::Partly
    } else {
        Done::Ok
    })
}

/// A single record does not hold the whole family that a pass compares.
fn remark_on_families(verdicts: u64) {
    let count = match verdicts {
        0 => return,
        1 => "1 verdict is".to_owned(),
        n => format!("{n} verdicts are"),
    };
    say!(
        "{count} content.withdrawn for a document type with siblings: a pass then compares the whole family, which one record does not hold, and may make it content.unproven; `rejudge` and the tables have the outcome"
    );
}

fn print(
    judge: &Judge,
    measurement: &Measurement,
    past: &mut ValueHistory,
    language: Language,
) -> Result<Code, CliError> {
    let probe = judge.probe_for(measurement);
    let place = history::place_of(measurement, probe);
    let history = past.before(&place.probe, &place.vantage, &place.round);
    let judgement = Judgement::begin(judge, probe, history, Cow::Borrowed(measurement));
    let (verdict, values) = judgement.into_verdict();
    let at = measurement.started();
    past.add(&place.probe, &place.vantage, at, verdict.code, values);
    let key = probe.map(crate::model::Probe::key);
    let line = VerdictLine::new(measurement, key.as_ref(), &verdict, language);
    let printed = serde_json::to_string(&line).map_err(|e| CliError::Work(e.to_string()))?;
    out::put(&(printed + "\n"))?;
    Ok(verdict.code)
}

fn tell(count: u64, [what, is]: [&str; 2], judged: &str) {
    match count {
        0 => {}
        1 => say!("1 {what} is {is}; {judged} were judged"),
        _ => say!("{count} {what}s are {is}; {judged} were judged"),
    }
}
