//! From what the checks of a link saw to its lifetime.
//!
//! Time runs from the earliest day of citing, and observing begins at the first check that saw the
//! page. The end lies between the last check that saw the link as not gone and the first that saw
//! it as gone: the middle counts. A link that came back is not gone: only the spell that stands
//! counts. A link that was blocked, or of which nothing is known, is observed up to then and no
//! longer, unless it was seen again later.

use chrono::NaiveTime;

use super::estimate::Lifetime;
use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::link::LinkState;

const YEAR_IN_SECONDS: f64 = 365.25 * 86_400.0;

/// A link's state, from the first to the last check that saw it without another one between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateSpell {
    pub state: LinkState,
    pub first: Time,
    pub last: Time,
}

/// How a link was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkLoss {
    Gone,
    Drifted,
}

/// Why a link is not in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeftOut {
    /// The day of citing is not known.
    Undated,
    /// It was lost before its first check.
    Already,
    /// No check saw whether it was there.
    Unseen,
}

/// The lifetime of a link up to its being gone, in years. Drift is not an end.
pub fn lifetime_until_gone(
    cited_on: Option<PartialDate>,
    spells: &[StateSpell],
) -> Result<Lifetime<LinkLoss>, LeftOut> {
    lifetime(cited_on, spells, |state| {
        (state == LinkState::Gone).then_some(LinkLoss::Gone)
    })
}

/// The lifetime of a link up to its being gone or drifted, whichever it is first, in years.
pub fn lifetime_until_lost(
    cited_on: Option<PartialDate>,
    spells: &[StateSpell],
) -> Result<Lifetime<LinkLoss>, LeftOut> {
    lifetime(cited_on, spells, |state| match state {
        LinkState::Gone => Some(LinkLoss::Gone),
        LinkState::Drifted => Some(LinkLoss::Drifted),
        _ => None,
    })
}

/// `spells` are in the order of time; `loss` says which states are an end.
fn lifetime(
    cited_on: Option<PartialDate>,
    spells: &[StateSpell],
    loss: impl Fn(LinkState) -> Option<LinkLoss>,
) -> Result<Lifetime<LinkLoss>, LeftOut> {
    let begin = beginning(cited_on.ok_or(LeftOut::Undated)?).ok_or(LeftOut::Undated)?;
    let years = |at: Time| {
        #[expect(clippy::cast_precision_loss, reason = "seconds are below 2^52")]
        let seconds = (at - begin).num_seconds() as f64;
        (seconds / YEAR_IN_SECONDS).max(0.0)
    };
    let is_hidden = |state| matches!(state, LinkState::Blocked | LinkState::Unknown);
    let known: Vec<(usize, &StateSpell)> = spells
        .iter()
        .enumerate()
        .filter(|(_, spell)| !is_hidden(spell.state))
        .collect();
    let (_, first) = known.first().ok_or(LeftOut::Unseen)?;
    // The spells of loss that stand at the end; those before were returned from.
    let standing = known.iter().rposition(|(_, s)| loss(s.state).is_none());
    let Some(last_there) = standing else {
        return Err(LeftOut::Already);
    };
    let (place, last) = known[last_there];
    // A link that was lost at its first check and came back is observed from its return on.
    let entered = known.iter().find(|(_, s)| loss(s.state).is_none());
    let entry = entered.map_or(first.first, |(_, spell)| spell.first);
    let open = Lifetime {
        entry: years(entry),
        until: years(last.last),
        event: None,
    };
    let next = known.get(last_there + 1);
    Ok(match next {
        // Nothing was hidden between: the end lies between these two checks.
        Some((at, ending)) if *at == place + 1 => Lifetime {
            until: years(last.last + (ending.first - last.last) / 2),
            event: loss(ending.state),
            ..open
        },
        _ => open,
    })
}

/// The first instant of a day, a month or a year.
fn beginning(date: PartialDate) -> Option<Time> {
    Some(date.first_day()?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use LinkState::{Alive, Blocked, Drifted, Gone, Unknown};
    use chrono::TimeDelta;

    /// Spells as days after the first of January 2020.
    fn spells(days: &[(LinkState, i64, i64)]) -> Vec<StateSpell> {
        let at = |day| beginning(PartialDate::Year(2020)).unwrap() + TimeDelta::days(day);
        let spell = |(state, first, last): &(LinkState, i64, i64)| StateSpell {
            state: *state,
            first: at(*first),
            last: at(*last),
        };
        days.iter().map(spell).collect()
    }

    /// Entry, end and loss in days.
    fn days(
        life: Result<Lifetime<LinkLoss>, LeftOut>,
    ) -> Result<(i64, i64, Option<LinkLoss>), LeftOut> {
        #[expect(clippy::cast_possible_truncation)]
        let day = |years: f64| (years * 365.25).round() as i64;
        life.map(|l| (day(l.entry), day(l.until), l.event))
    }

    #[test]
    fn the_end_is_the_middle_between_two_checks() {
        let cited = Some(PartialDate::Year(2020));
        for (seen, gone, lost) in [
            (
                vec![(Alive, 10, 100), (Gone, 110, 200)],
                Ok((10, 105, Some(LinkLoss::Gone))),
                Ok((10, 105, Some(LinkLoss::Gone))),
            ),
            (
                vec![(Alive, 10, 100), (Drifted, 110, 200)],
                Ok((10, 200, None)),
                Ok((10, 105, Some(LinkLoss::Drifted))),
            ),
            (
                vec![(Alive, 10, 100), (Drifted, 110, 200), (Gone, 300, 300)],
                Ok((10, 250, Some(LinkLoss::Gone))),
                Ok((10, 105, Some(LinkLoss::Drifted))),
            ),
            // It came back: it is not gone.
            (
                vec![(Alive, 10, 100), (Gone, 110, 200), (Alive, 210, 300)],
                Ok((10, 300, None)),
                Ok((10, 300, None)),
            ),
            // Blocked: observed up to then.
            (
                vec![(Alive, 10, 100), (Blocked, 110, 400)],
                Ok((10, 100, None)),
                Ok((10, 100, None)),
            ),
            (
                vec![(Alive, 10, 100), (Blocked, 110, 190), (Gone, 200, 400)],
                Ok((10, 100, None)),
                Ok((10, 100, None)),
            ),
            (
                vec![(Alive, 10, 100), (Unknown, 110, 190), (Alive, 200, 400)],
                Ok((10, 400, None)),
                Ok((10, 400, None)),
            ),
            (
                vec![(Gone, 10, 100)],
                Err(LeftOut::Already),
                Err(LeftOut::Already),
            ),
            (
                vec![(Unknown, 1, 5), (Gone, 10, 100)],
                Err(LeftOut::Already),
                Err(LeftOut::Already),
            ),
            (
                vec![(Gone, 10, 100), (Alive, 110, 200)],
                Ok((110, 200, None)),
                Ok((110, 200, None)),
            ),
            (
                vec![(Blocked, 10, 100)],
                Err(LeftOut::Unseen),
                Err(LeftOut::Unseen),
            ),
            (vec![], Err(LeftOut::Unseen), Err(LeftOut::Unseen)),
        ] {
            let seen = spells(&seen);
            assert_eq!(days(lifetime_until_gone(cited, &seen)), gone, "{seen:?}");
            assert_eq!(days(lifetime_until_lost(cited, &seen)), lost, "{seen:?}");
        }
    }

    #[test]
    fn time_runs_from_the_day_of_citing_in_the_precision_that_is_known() {
        let seen = spells(&[(Alive, 366, 400)]);
        for (cited, want) in [
            (None, Err(LeftOut::Undated)),
            (Some("2020"), Ok((366, 400, None))),
            (Some("2020-12"), Ok((31, 65, None))),
            (Some("2020-12-31"), Ok((1, 35, None))),
            // Cited after the first check, by the document's date: observed from the beginning.
            (Some("2021-01-11"), Ok((0, 24, None))),
        ] {
            let cited = cited.map(|text: &str| PartialDate::parse(text).unwrap());
            assert_eq!(days(lifetime_until_gone(cited, &seen)), want, "{cited:?}");
        }
    }
}
