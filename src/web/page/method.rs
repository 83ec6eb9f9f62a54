//! `/method`: what the words and figures mean.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::state_view::StateView;
use crate::i18n::pages::PageText;
use crate::i18n::pages::PageText as P;
use crate::model::Finding;
use crate::model::state::State;
use crate::track::state::UnknownReason;

#[derive(Template)]
#[template(path = "pages/method.html")]
struct MethodPage {
    frame: Frame,
    states: Vec<(StateView, &'static str)>,
    rules: Vec<&'static str>,
    findings: Vec<(&'static str, &'static str)>,
    figures: Vec<(&'static str, &'static str)>,
    limits: &'static str,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let state = |state, text| (context.state_view(state, None), context.say(text));
    let own_end = context.state_view(State::Unknown, Some(UnknownReason::OwnEnd));
    let page = MethodPage {
        frame: Frame::in_context(context, context.say(P::NavMethod), Section::Method),
        states: vec![
            state(State::Open, P::MethodOpen),
            state(State::Less, P::MethodLess),
            state(State::Closed, P::MethodClosed),
            state(State::Unknown, P::MethodUnknown),
            (own_end, context.say(P::MethodOwnEnd)),
        ],
        rules: [P::MethodSource, P::MethodUsual, P::MethodPerson]
            .map(|text| context.say(text))
            .to_vec(),
        findings: Finding::ALL
            .iter()
            .map(|f| (context.texts.finding(*f), context.texts.not_shown(*f)))
            .collect(),
        figures: [
            ("availability", P::MethodAvailability),
            ("coverage", P::MethodCoverage),
            ("strips", P::MethodStrips),
            ("differences", P::MethodDiffer),
            ("ladder", P::LadderRule),
        ]
        .map(|(id, text): (&'static str, PageText)| (id, context.say(text)))
        .to_vec(),
        limits: context.say(P::MethodLimits),
    };
    Ok(PageAnswer::Page(page.render()?))
}
