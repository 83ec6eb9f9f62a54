//! One pass in one transaction: statuses, incidents, events, vantages, mails, politeness, roll-ups.
//! Either the whole pass is stored or nothing of it.

use std::collections::BTreeSet;

use crate::model::event::PassOutcome;
use crate::model::mail::Notice;
use crate::model::round::{Pass, Round, VantageRound};
use crate::model::time::{day_of, iso};
use crate::model::{Code, VantageId};
use crate::store::error::InnerError;
use crate::store::open::{last_pass, meta};
use crate::store::rollup;
use crate::store::rollup::TouchedDays;
use crate::store::rows::{events, evidence, incidents, outbox, politeness, statuses, vantages};
use crate::store::write::input::{MissedRound, PassCommit};
use crate::store::write::insert::WriteSession;
use crate::store::write::prepare::SeriesKey;
use crate::store::write::{discarded, doubted, exchanges, insert, underived, verdict_changes};

/// Writes a pass; runs inside the writer's transaction.
pub(in crate::store) fn commit(
    session: &mut WriteSession,
    all: &PassCommit,
) -> Result<(), InnerError> {
    let at = all.pass.at;
    put_outcome(session, &all.outcome)?;
    if all.outcome.notices.contains(&Notice::FirstLetter) {
        meta::set(&session.connection, meta::INITIAL_REPORT, &iso(at))?;
    }
    for mail in &all.mails {
        outbox::put(&session.connection, mail, at)?;
    }
    politeness::put(&session.connection, &all.back_offs, &all.robots, at)?;
    let reconsidered = all.reconsidered.iter().map(|(uid, _)| uid);
    let verdicts = verdict_changes::current(session, reconsidered)?;
    for (uid, observed) in &all.reconsidered {
        insert::put_observed(session, uid, observed)?;
    }
    verdict_changes::enter(session, &verdicts, at)?;
    let is_clock_wrong = |v: &VantageRound| v.code == Some(Code::VantageClock);
    if !all.pass.vantages.iter().any(is_clock_wrong) {
        last_pass::set(&session.connection, at)?;
    }
    let mut touched = touched_by(session, &all.pass)?;
    for missed in &all.missed {
        touched.insert(put_missed(session, missed)?);
    }
    for aside in &all.set_aside {
        touched.insert(discarded::put(session, aside)?);
    }
    underived::clear(&session.connection, derived_by(all))?;
    evidence::put(&session.connection, &all.evidence)?;
    exchanges::prune(&session.connection, i64::MAX)?;
    rollup::derive(&session.connection, &touched)
}

/// Writes what a person changed (acknowledged, silenced, observed, accepted as normal).
pub(in crate::store) fn commit_edit(
    session: &mut WriteSession,
    outcome: &PassOutcome,
) -> Result<(), InnerError> {
    put_outcome(session, outcome)?;
    for incident in &outcome.incidents {
        incidents::put_edited(&session.connection, incident)?;
    }
    Ok(())
}

/// The common part of a pass and a `rejudge`.
pub(in crate::store) fn put_outcome(
    session: &mut WriteSession,
    outcome: &PassOutcome,
) -> Result<(), InnerError> {
    for status in &outcome.statuses {
        statuses::put(&session.connection, status)?;
    }
    for incident in &outcome.incidents {
        incidents::put(&session.connection, incident)?;
    }
    for event in &outcome.events {
        events::put(&session.connection, event)?;
    }
    for vantage in &outcome.vantages {
        vantages::put(&session.connection, vantage)?;
    }
    for round in &outcome.doubted {
        doubted::put(session, round)?;
    }
    Ok(())
}

/// The vantages whose records the pass holds. An agent that the pass only found silent is not one
/// of them: it sends its records later.
fn derived_by(all: &PassCommit) -> BTreeSet<&VantageId> {
    let looked = all.pass.vantages.iter();
    let looked = looked
        .filter(|v| !v.controls.is_empty())
        .map(|v| &v.vantage);
    let rounds = all.pass.rounds.iter().map(|round| &round.vantage);
    let aside = all.set_aside.iter().map(|round| &round.vantage);
    looked.chain(rounds).chain(aside).collect()
}

fn touched_by(session: &mut WriteSession, pass: &Pass) -> Result<TouchedDays, InnerError> {
    let mut touched = TouchedDays::new();
    for round in &pass.rounds {
        let Some(start) = started_us(round) else {
            continue;
        };
        let series = session.series_id(
            &SeriesKey {
                probe: round.probe.clone(),
                vantage: round.vantage.clone(),
                control: false,
            },
            None,
        )?;
        session
            .connection
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

fn put_missed(session: &mut WriteSession, missed: &MissedRound) -> Result<(i64, i64), InnerError> {
    let series = session.series_id(
        &SeriesKey {
            probe: missed.probe.clone(),
            vantage: missed.vantage.clone(),
            control: false,
        },
        None,
    )?;
    let at_us = missed.at.timestamp_micros();
    session
        .connection
        .prepare_cached(
            "INSERT INTO missed (series_id, at_us, kind) VALUES (?1, ?2, ?3)
             ON CONFLICT (series_id, at_us) DO NOTHING",
        )?
        .execute(rusqlite::params![series, at_us, missed.kind.as_str()])?;
    Ok((series, day_of(at_us)))
}
