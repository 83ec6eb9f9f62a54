//! `probe URL`: one layered measurement, explained step by step; records nothing. A page that fails so that it matters
//! who is in the way gets discriminators too.

use std::sync::Arc;

use crate::cli::context::{Context, local_vantage, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::{explain, out};
use crate::config::Workspace;
use crate::engine::SystemClock;
use crate::judge::{Judge, Reading, beside};
use crate::model::page::History;
use crate::model::probe::Target;
use crate::model::{Measurement, Probe, Verdict};
use crate::probe::Prober;

/// Measures and explains.
pub fn run(
    context: &Context,
    url: &str,
    vantage: Option<&str>,
    json: bool,
) -> Result<Done, CliError> {
    let target = parse(url)?;
    let (workspace, id) = context.workspace_from(vantage)?;
    let vantage = local_vantage(&workspace, Some(id.as_str()))?;
    let prober = Prober::new(&workspace.settings, &workspace.dir, Arc::new(SystemClock))
        .map_err(|e| CliError::Work(e.to_string()))?;
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures)
        .with_calendars(&workspace.calendars);
    let (measurement, reading, verdict) = runtime()?.block_on(async {
        let mut measurement = prober.fetch_url(&target, vantage).await;
        let (reading, verdict) = judged(&judge, &mut measurement);
        if !beside::concerns(&measurement, &verdict) {
            return (measurement, reading, verdict);
        }
        let code = |m: &mut Measurement| judged(&judge, m).1.code;
        let found = prober
            .discriminate(&measurement, None, vantage, &code)
            .await;
        if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
            extra.discriminators = found;
        }
        let (reading, verdict) = judged(&judge, &mut measurement);
        (measurement, reading, verdict)
    });
    if json {
        let line =
            serde_json::to_string(&measurement).map_err(|e| CliError::Work(e.to_string()))?;
        out::put(&(line + "\n"))?;
    } else {
        out::put(&explain::steps(
            &measurement,
            &reading.facts,
            &verdict,
            vantage,
        ))?;
        tell_watched(&workspace, &target);
    }
    Ok(Done::Ok)
}

/// The probes of this address: they expect more of it than that it answers.
fn tell_watched(workspace: &Workspace, url: &url::Url) {
    let of_it = |p: &&Arc<Probe>| matches!(&p.target, Target::Url(own) if own == url);
    for probe in workspace.catalogue.probes.values().filter(of_it) {
        say!(
            "this address is watched as {0}; to hold it against what that expects: `accesswatch source test {0}`",
            probe.key()
        );
    }
}

/// What the page says, written into the record, and what it means.
fn judged(judge: &Judge, measurement: &mut Measurement) -> (Reading, Verdict) {
    let reading = judge.read(measurement, None);
    let now = measurement.started();
    let verdict = judge.decide(&reading, measurement, None, &History::new(), now);
    if let Some(extra) = &mut measurement.test_keys.x_accesswatch {
        reading.facts.write_into(extra);
    }
    (reading, verdict)
}

/// `example.org` is read as `https://example.org/`.
pub(super) fn parse(text: &str) -> Result<url::Url, CliError> {
    let parsed = url::Url::parse(text).or_else(|_| url::Url::parse(&format!("https://{text}")));
    match parsed {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Ok(url),
        _ => Err(CliError::Usage(format!(
            "`{}` is not an http or https address",
            crate::text::clean::line(text, 200)
        ))),
    }
}
