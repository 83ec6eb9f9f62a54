//! `probe URL`: one layered measurement, explained step by step; it is not stored. When the failure
//! raises the question of who is in the way, the discriminators run too.

use std::borrow::Cow;
use std::sync::Arc;

use crate::cli::context::{Context, local_vantage, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::{explain, out};
use crate::config::Workspace;
use crate::engine::SystemClock;
use crate::engine::judgement::{Judgement, code_of};
use crate::judge::Judge;
use crate::model::page::History;
use crate::model::probe::Target;
use crate::model::{Measurement, Probe};
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
    let nothing = History::new();
    let judgement = runtime()?.block_on(async {
        let measurement = Cow::Owned(prober.fetch_url(&target, vantage).await);
        let mut judgement = Judgement::begin(&judge, None, &nothing, measurement);
        if judgement.wants_discriminators() {
            let code = |m: &mut Measurement| code_of(&judge, None, &nothing, m);
            let asked = prober.discriminate(judgement.measurement(), None, vantage, &code);
            let found = asked.await;
            judgement.attach_discriminators(found);
        }
        judgement
    });
    let (measurement, facts, verdict) = judgement.into_parts();
    if json {
        let line =
            serde_json::to_string(&measurement).map_err(|e| CliError::Work(e.to_string()))?;
        out::put(&(line + "\n"))?;
    } else {
        out::put(&explain::steps(&measurement, &facts, &verdict, vantage))?;
        tell_watched(&workspace, &target);
    }
    Ok(Done::Ok)
}

/// The probes that watch this address: they expect more of it than an answer.
fn tell_watched(workspace: &Workspace, url: &url::Url) {
    let of_it = |p: &&Arc<Probe>| matches!(&p.target, Target::Url(own) if own == url);
    for probe in workspace.catalogue.probes.values().filter(of_it) {
        say!(
            "this address is watched as {0}; to check it against what the probe expects: `accesswatch source test {0}`",
            probe.key()
        );
    }
}

/// `example.org` is read as `https://example.org/`.
pub(super) fn parse(text: &str) -> Result<url::Url, CliError> {
    let parsed = match url::Url::parse(text) {
        Err(url::ParseError::RelativeUrlWithoutBase) => url::Url::parse(&format!("https://{text}")),
        parsed => parsed,
    };
    let why = match parsed {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {
            return Ok(url);
        }
        Ok(_) => "it does not begin with http:// or https://".to_owned(),
        Err(url::ParseError::EmptyHost) => "it names no host".to_owned(),
        Err(fault) => fault.to_string(),
    };
    Err(CliError::Usage(format!(
        "`{}` is not an http or https address: {why}",
        crate::text::clean::line(text, 200)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_or_refused_by_name() {
        let read = |text| parse(text).unwrap().to_string();
        assert_eq!(read("example.org/a"), "https://example.org/a");
        assert_eq!(read("http://example.org"), "http://example.org/");
        for (text, why) in [
            ("http://", "it names no host"),
            ("https:///", "it names no host"),
            ("ftp://example.org/", "it does not begin with http"),
            ("http://exa mple/", "invalid"),
        ] {
            let Err(CliError::Usage(said)) = parse(text) else {
                panic!("{text} is read");
            };
            assert!(said.contains(text) && said.contains(why), "{said}");
        }
    }
}
