//! What people read of a page that no longer holds what was cited.

use crate::engine::link_check::LinkOutcome;
use crate::model::drift::Drift;
use crate::model::signature::RemovedBy;
use crate::text::clean;

/// Characters shown of a head or figure.
const MAX_SHOWN: usize = 60;

/// The notes of an outcome: what was cited and is lost, and who removed the page.
pub(super) fn notes(outcome: &LinkOutcome) -> Vec<String> {
    let drift = outcome.drift.as_ref().map(drift);
    let removed = outcome.removed_by.map(|by| removed(by).to_owned());
    drift.into_iter().chain(removed).collect()
}

/// What was cited and is no longer there.
pub(super) fn drift(drift: &Drift) -> String {
    let shown = |text: &str| clean::line(text, MAX_SHOWN);
    match drift {
        Drift::PassageMissing => "the cited passage is not on the page".to_owned(),
        Drift::PassageFigure { was, now: None } => {
            format!("the cited passage no longer has the figure {}", shown(was))
        }
        Drift::PassageFigure {
            was,
            now: Some(now),
        } => format!(
            "a figure in the cited passage is {}, and was {}",
            shown(now),
            shown(was)
        ),
        Drift::TableFigure {
            row,
            column,
            was,
            now,
        } => format!(
            "the figure for {}, {} is {}, and was {}",
            shown(row),
            shown(column),
            shown(now),
            shown(was)
        ),
        Drift::Unlike { percent } => format!("{percent} % of the cited text is left"),
    }
}

fn removed(by: RemovedBy) -> &'static str {
    match by {
        RemovedBy::Author => "removed by its author, as the notice says",
        RemovedBy::Platform => "removed by the platform, as the notice says",
        RemovedBy::Authority => "removed by order or law, as the notice says",
    }
}
