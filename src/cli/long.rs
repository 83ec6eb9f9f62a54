//! Answers that are longer than `max_body`: reports them with the key to raise.

use crate::config::Workspace;
use crate::store::{LongAnswer, Reader, StoreError};

/// Reports about answers that are too long to be judged, or soon may be.
pub struct LongAnswers {
    /// Answers that leave the state of their probe unknown.
    pub unjudged: Vec<String>,
    /// Answers whose expected content is in the part that is read.
    pub judged: Vec<String>,
}

/// The newest answers that reach the limit, each as a sentence.
pub fn answers(workspace: &Workspace, reader: &Reader) -> Result<LongAnswers, StoreError> {
    let limit = workspace.settings.politeness.max_body;
    let watched = |a: &LongAnswer| {
        let probe = workspace.catalogue.probe(&a.probe);
        probe.is_some_and(|p| p.enabled)
    };
    let mut all = reader.long_answers(limit)?;
    all.retain(watched);
    let (judged, unjudged): (Vec<_>, Vec<_>) = all.into_iter().partition(|a| a.judged);
    let say = |list: Vec<LongAnswer>| list.iter().map(|a| sentence(a, limit)).collect();
    Ok(LongAnswers {
        unjudged: say(unjudged),
        judged: say(judged),
    })
}

/// The fix for all of them.
pub const HELP: &str = "raise `max_body` under [politeness] in config/accesswatch.toml";

fn sentence(answer: &LongAnswer, limit: u64) -> String {
    let LongAnswer {
        probe,
        vantage,
        bytes,
        ..
    } = answer;
    let long = if *bytes > limit {
        format!("has {bytes} bytes")
    } else {
        "is longer than that".to_owned()
    };
    let what = if answer.judged {
        "what is looked for stands before that"
    } else {
        "what is looked for was not seen in them, so nothing is known of it"
    };
    format!(
        "{probe} from {vantage}: of its answer {limit} bytes are read (`max_body`), and it {long}; {what}"
    )
}
