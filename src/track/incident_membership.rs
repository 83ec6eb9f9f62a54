//! The transition table of a (probe, vantage) in the probe's incident: its position, what the round
//! says, and the move that follows. [`mod@super::transition`] decides about the status.

/// The position of a vantage in its probe's incident before the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IncidentPosition {
    /// The probe has no open incident.
    NoIncident,
    /// There is an open incident, and this vantage never took part.
    Outside,
    /// It takes part.
    Inside,
    /// It took part and is back.
    Back,
}

/// What an observed round says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundSignal {
    /// The status is not worse than its baseline with severity 2 or more.
    NotBad,
    /// The status is bad, and the round did not settle: nothing new.
    Unsettled,
    /// The status is bad, and the round settled. `new_code`: the code differs from the vantage's
    /// part in the incident.
    Bad { new_code: bool },
}

/// Whether a bad status may open an incident for its probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpeningRule {
    Open,
    /// The status is part of an incident of the vantage's network.
    Folded(i64),
    /// The probe it depends on has an open incident.
    ParentOpen(i64),
}

/// The move that follows for the incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MembershipMove {
    Stay,
    /// Opens the incident, with this vantage in it.
    Open,
    /// This vantage joins: for the first time, or again.
    Join,
    /// Its code in the incident changes.
    Change,
    /// The vantage leaves; when the last one leaves, the incident ends.
    Leave,
}

/// The whole table. The last column of the first row applies when nothing forbids an incident; a
/// folded status, and a status whose parent has an open incident, stay.
///
/// | place \ says | not bad | unsettled | bad, same code | bad, new code |
/// | ---          | ---     | ---       | ---            | ---           |
/// | no incident  | stay    | stay      | open           | open          |
/// | outside      | stay    | stay      | join           | join          |
/// | inside       | leave   | stay      | stay           | change        |
/// | back         | stay    | stay      | join           | join          |
#[must_use]
pub fn follow(place: IncidentPosition, says: RoundSignal, admit: OpeningRule) -> MembershipMove {
    match (place, says) {
        (IncidentPosition::NoIncident, RoundSignal::Bad { .. }) => match admit {
            OpeningRule::Open => MembershipMove::Open,
            OpeningRule::Folded(_) | OpeningRule::ParentOpen(_) => MembershipMove::Stay,
        },
        (IncidentPosition::Outside | IncidentPosition::Back, RoundSignal::Bad { .. }) => {
            MembershipMove::Join
        }
        (IncidentPosition::Inside, RoundSignal::Bad { new_code: true }) => MembershipMove::Change,
        (IncidentPosition::Inside, RoundSignal::NotBad) => MembershipMove::Leave,
        (IncidentPosition::Inside, RoundSignal::Bad { new_code: false })
        | (_, RoundSignal::Unsettled)
        | (
            IncidentPosition::NoIncident | IncidentPosition::Outside | IncidentPosition::Back,
            RoundSignal::NotBad,
        ) => MembershipMove::Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_as_it_stands_in_the_comment() {
        use MembershipMove::{Change, Join, Leave, Open, Stay};
        let says = [
            RoundSignal::NotBad,
            RoundSignal::Unsettled,
            RoundSignal::Bad { new_code: false },
            RoundSignal::Bad { new_code: true },
        ];
        for (place, expected) in [
            (IncidentPosition::NoIncident, [Stay, Stay, Open, Open]),
            (IncidentPosition::Outside, [Stay, Stay, Join, Join]),
            (IncidentPosition::Inside, [Leave, Stay, Stay, Change]),
            (IncidentPosition::Back, [Stay, Stay, Join, Join]),
        ] {
            for (says, follows) in says.into_iter().zip(expected) {
                assert_eq!(
                    follow(place, says, OpeningRule::Open),
                    follows,
                    "{place:?} {says:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_folded_or_hangs_on_a_parent_opens_nothing_and_joins_all_the_same() {
        for admit in [OpeningRule::Folded(1), OpeningRule::ParentOpen(1)] {
            let bad = RoundSignal::Bad { new_code: true };
            assert_eq!(
                follow(IncidentPosition::NoIncident, bad, admit),
                MembershipMove::Stay
            );
            assert_eq!(
                follow(IncidentPosition::Outside, bad, admit),
                MembershipMove::Join
            );
        }
    }
}
