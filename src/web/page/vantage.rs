//! `/vantages/{id}`: its controls, its outages, how much it saw, and what only it sees.

use askama::Template;
use chrono::TimeDelta;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::daily::days_of;
use super::frame::{Frame, Section};
use super::matrix::VantageSummary;
use super::state_view::StateView;
use super::strip_view::StripView;
use super::times::TimeView;
use crate::i18n::pages::PageText as P;
use crate::model::state::State;
use crate::model::time::iso;
use crate::model::{Vantage, VantageId};
use crate::store::StoreError;
use crate::text::clean;
use crate::track::state::UnknownReason;
use crate::web::visit::path_part;

/// The number of days in the strip.
const DAYS: u16 = 90;
/// Controls that were checked within this number of days are listed.
const CONTROL_DAYS: TimeDelta = TimeDelta::days(3);

#[derive(Template)]
#[template(path = "pages/vantage.html")]
struct VantagePage {
    frame: Frame,
    row: VantageSummary,
    network: Option<String>,
    /// What its agent reported.
    agent: Vec<String>,
    days: String,
    strip: StripView,
    controls: Vec<ControlLine>,
    counted: Option<String>,
    watched: Vec<(String, String, StateView)>,
}

/// The newest check of a control.
struct ControlLine {
    url: String,
    state: StateView,
    what: String,
    at: TimeView,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>, id: &str) -> Result<PageAnswer, PageError> {
    let id = VantageId::from(id);
    let configured = context.known.settings.vantages.iter().find(|v| v.id == id);
    let status = context.known.tracker.vantages.get(&id);
    if configured.is_none() && status.is_none() {
        return Ok(PageAnswer::NotFound);
    }
    let as_of = context.snapshot.as_of.unwrap_or_default();
    let coverage = context.reader.coverage(as_of)?;
    let name = context.vantage_name(&id);
    let first = context.first_day_of(DAYS);
    let days = days_of(&context.reader.vantage_sums(&id, first)?, first, DAYS);
    let page = VantagePage {
        frame: Frame::in_context(context, &name, Section::Vantages),
        row: context.vantage_row(&id, &coverage),
        network: configured.and_then(|v| context.network_of(v)),
        agent: context.agent_lines(&id)?,
        days: context.fill(P::DaysHeading, &[("n", &DAYS.to_string())]),
        strip: context.strip(&name, first, &days),
        controls: context.control_lines(&id)?,
        counted: status.map(|s| {
            let (passed, all) = (s.controls_passed.to_string(), s.controls.to_string());
            context.fill(P::ControlsPassed, &[("passed", &passed), ("all", &all)])
        }),
        watched: context.watched_from(&id),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    fn network_of(&self, vantage: &Vantage) -> Option<String> {
        Some(self.texts.network(vantage.network?).to_owned())
    }

    fn agent_lines(&self, id: &VantageId) -> Result<Vec<String>, StoreError> {
        let agent = self.reader.agent(id)?.filter(|a| !a.version.is_empty());
        let Some(agent) = agent else {
            return Ok(Vec::new());
        };
        let (heard, waits) = (
            self.age(agent.heard),
            agent.spool.div_ceil(1000).to_string(),
        );
        let values = [
            ("version", agent.version.as_str()),
            ("heard", &heard),
            ("waits", &waits),
        ];
        let mut lines = vec![self.fill(P::AgentReport, &values)];
        let round = agent.last_round.map(|at| self.age(at));
        lines.extend(round.map(|at| self.fill(P::AgentRound, &[("at", &at)])));
        Ok(lines)
    }

    fn control_lines(&self, id: &VantageId) -> Result<Vec<ControlLine>, StoreError> {
        let as_of = self.snapshot.as_of.unwrap_or_default();
        let checks = self.reader.control_checks(id, as_of - CONTROL_DAYS)?;
        let lines = checks.into_iter().map(|check| ControlLine {
            url: clean::line(&check.url, 200),
            state: if check.code == crate::model::Code::Ok {
                StateView {
                    class: State::Open.as_str(),
                    word: self.say(P::VantageWorks).to_owned(),
                }
            } else {
                self.state_view(State::Unknown, Some(UnknownReason::OwnEnd))
            },
            what: if check.code == crate::model::Code::Ok {
                String::new()
            } else {
                self.texts.seen_of(check.code, None, None)
            },
            at: TimeView {
                iso: iso(check.at),
                text: self.age(check.at),
            },
        });
        Ok(lines.collect())
    }

    /// The sources that are watched from here, and what is seen of them.
    fn watched_from(&self, id: &VantageId) -> Vec<(String, String, StateView)> {
        let all = self.sources().into_iter().filter_map(|(source, _)| {
            let mut pairs = self.pairs_of(source);
            pairs.retain(|p| p.vantage == *id);
            if pairs.is_empty() {
                return None;
            }
            let seen = crate::track::state::source(&self.known, source, &pairs);
            let href = format!("/sources/{}", path_part(source.id.as_str()));
            Some((href, self.source_name(source), self.source_view(&seen)))
        });
        all.take(300).collect()
    }
}
