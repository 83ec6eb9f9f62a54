//! A pass in one transaction: statuses, incidents, events, vantages, mails, manners, roll-ups. Either
//! all of it is kept or nothing is.

use super::error::Fault;
use super::insert::Desk;
use super::new::{Missed, PassCommit};
use super::prepare::SeriesKey;
use super::rollup::Touched;
use super::{
    aside, clock, doubted, events, incidents, manners, meta, outbox, rejudge, rollup, statuses,
    underived, vantages,
};
use crate::model::Code;
use crate::model::event::PassOutcome;
use crate::model::mail::Notice;
use crate::model::round::{Pass, Round, VantageRound};
use crate::model::time::{day_of, iso};

/// The key in `meta` of when the first letter was asked for.
pub(super) const FIRST_LETTER: &str = "first_letter";

/// Writes a pass; runs inside the writer's transaction.
pub(super) fn commit(desk: &mut Desk, all: &PassCommit) -> Result<(), Fault> {
    let at = all.pass.at;
    put_outcome(desk, &all.outcome)?;
    if all.outcome.notices.contains(&Notice::FirstLetter) {
        meta::set(&desk.connection, FIRST_LETTER, &iso(at))?;
    }
    for mail in &all.mails {
        outbox::put(&desk.connection, mail, at)?;
    }
    manners::put(&desk.connection, &all.back_offs, &all.robots, at)?;
    for (uid, observed) in &all.reconsidered {
        rejudge::put_observed(desk, uid, observed)?;
    }
    let is_clock_wrong = |v: &VantageRound| v.code == Some(Code::VantageClock);
    if !all.pass.vantages.iter().any(is_clock_wrong) {
        clock::set(&desk.connection, at)?;
    }
    let mut touched = touched_by(desk, &all.pass)?;
    for missed in &all.missed {
        touched.insert(put_missed(desk, missed)?);
    }
    for aside in &all.set_aside {
        touched.insert(aside::put(desk, aside)?);
    }
    underived::clear(&desk.connection)?;
    rollup::derive(&desk.connection, &touched)
}

/// Writes what a person changed (acknowledged, silenced, observed, accepted as normal).
pub(super) fn commit_edit(desk: &mut Desk, outcome: &PassOutcome) -> Result<(), Fault> {
    put_outcome(desk, outcome)?;
    for incident in &outcome.incidents {
        incidents::put_edited(&desk.connection, incident)?;
    }
    Ok(())
}

/// What a pass and a `rejudge` have in common.
pub(super) fn put_outcome(desk: &mut Desk, outcome: &PassOutcome) -> Result<(), Fault> {
    for status in &outcome.statuses {
        statuses::put(&desk.connection, status)?;
    }
    for incident in &outcome.incidents {
        incidents::put(&desk.connection, incident)?;
    }
    for event in &outcome.events {
        events::put(&desk.connection, event)?;
    }
    for vantage in &outcome.vantages {
        vantages::put(&desk.connection, vantage)?;
    }
    for round in &outcome.doubted {
        doubted::put(desk, round)?;
    }
    Ok(())
}

fn touched_by(desk: &mut Desk, pass: &Pass) -> Result<Touched, Fault> {
    let mut touched = Touched::new();
    for round in &pass.rounds {
        let Some(start) = started_us(round) else {
            continue;
        };
        let series = desk.series_id(
            &SeriesKey {
                probe: round.probe.clone(),
                vantage: round.vantage.clone(),
                control: false,
            },
            None,
        )?;
        desk.connection
            .prepare_cached("UPDATE series SET checked_us = ?2 WHERE id = ?1")?
            .execute([series, start])?;
        touched.insert((series, day_of(start)));
    }
    Ok(touched)
}

fn started_us(round: &Round) -> Option<i64> {
    let first = round.attempts.iter().map(|a| a.started).min()?;
    Some(first.timestamp_micros())
}

fn put_missed(desk: &mut Desk, missed: &Missed) -> Result<(i64, i64), Fault> {
    let series = desk.series_id(
        &SeriesKey {
            probe: missed.probe.clone(),
            vantage: missed.vantage.clone(),
            control: false,
        },
        None,
    )?;
    let at_us = missed.at.timestamp_micros();
    desk.connection
        .prepare_cached(
            "INSERT INTO missed (series_id, at_us, kind) VALUES (?1, ?2, ?3)
             ON CONFLICT (series_id, at_us) DO NOTHING",
        )?
        .execute(rusqlite::params![series, at_us, missed.kind.as_str()])?;
    Ok((series, day_of(at_us)))
}
