//! Migrates stores from before facts were typed: quotations in statuses and incidents are copied to
//! the measurements they came from, and facts that were only texts become values. Earlier versions
//! wrote these texts; no later code reads them.

use rusqlite::{Connection, params};

use crate::i18n::verdict::CONTROLS_IN_TROUBLE;
use crate::model::event::EventDetail;
use crate::model::incident::{BrowserResult, HumanCheck, StoryLine, StoryRemark, VantagePart};
use crate::model::phase::Phase;
use crate::model::time::from_micros;
use crate::model::{Incident, Observation, ProbeKey, Time, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::{incidents, observed, statuses, vantages};

/// Migrates everything; typed values are not changed.
pub(in crate::store) fn fill(connection: &Connection) -> Result<(), InnerError> {
    for status in statuses::all(connection)? {
        if let Some(uid) = &status.measurement
            && let Some(column) = observed::write(&status.observed)?
        {
            connection
                .prepare_cached(
                    "UPDATE measurements SET observed = ?2
                     WHERE uid = ?1 AND code = ?3 AND observed IS NULL",
                )?
                .execute(params![uid.as_str(), column, status.observed.code.as_str()])?;
        }
        statuses::put(connection, &status)?;
    }
    for mut incident in incidents::every(connection)? {
        incident.changes.iter_mut().for_each(add_remark);
        give_to_measurements(connection, &incident)?;
        incidents::put(connection, &incident)?;
    }
    for mut status in vantages::all(connection)? {
        status.in_trouble |= status.text == CONTROLS_IN_TROUBLE;
        vantages::put(connection, &status)?;
    }
    fill_events(connection)?;
    fill_checkpoint(connection)
}

/// Facts that only the texts of events had: the faulty control, and what a person saw.
fn fill_events(connection: &Connection) -> Result<(), InnerError> {
    let mut marked = connection.prepare(
        "SELECT id, at_us, kind, text FROM events
         WHERE kind IN ('control_fault', 'observed') AND detail IS NULL",
    )?;
    let mut rows = marked.query([])?;
    while let Some(row) = rows.next()? {
        let (id, at_us): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (kind, text): (String, String) = (row.get(2)?, row.get(3)?);
        let detail = if kind == "observed" {
            looked(from_micros(at_us), &text)
        } else {
            let url = text.split_whitespace().find(|word| word.contains("://"));
            url.map(|url| EventDetail::Control {
                url: url.to_owned(),
            })
        };
        if let Some(detail) = detail {
            connection
                .prepare_cached("UPDATE events SET detail = ?2 WHERE id = ?1")?
                .execute(params![id, serde_json::to_string(&detail)?])?;
        }
    }
    Ok(())
}

/// `refused: home, Berlin; Ana`.
fn looked(at: Time, text: &str) -> Option<EventDetail> {
    let (word, rest) = text.split_once(": ")?;
    let browser = BrowserResult::ALL.iter().find(|b| b.as_str() == word)?;
    Some(EventDetail::Looked {
        check: HumanCheck {
            at,
            browser: *browser,
            network: rest.to_owned(),
            saw: None,
            by: None,
        },
    })
}

/// A fact that only a text had.
fn add_remark(change: &mut StoryLine) {
    let text = change.text.as_str();
    let by = text.strip_prefix("acknowledged by ").map(str::to_owned);
    let until = text.strip_prefix("silenced until ");
    let until = until.and_then(|until| until.parse::<Time>().ok());
    match (&mut change.remark, &change.turn) {
        (None, None) => {
            change.remark = by
                .map(|by| StoryRemark::Acknowledged { by })
                .or_else(|| until.map(|until| StoryRemark::Silenced { until, by: None }));
        }
        (Some(StoryRemark::OwnEnd { in_trouble, .. }), _) => {
            *in_trouble |= text == CONTROLS_IN_TROUBLE;
        }
        _ => {}
    }
}

/// Copies the quotations of an incident to its measurements: for each phase its words, for the
/// newest phase all.
fn give_to_measurements(connection: &Connection, incident: &Incident) -> Result<(), InnerError> {
    let Some(probe) = &incident.probe else {
        return Ok(());
    };
    for (vantage, part) in &incident.vantages {
        let newest = part.phases.len().saturating_sub(1);
        for (n, phase) in part.phases.iter().enumerate() {
            let seen = seen_in(part, phase, n == newest);
            if let Some(column) = observed::write(&seen)? {
                give(connection, probe, vantage, phase, &column)?;
            }
        }
    }
    Ok(())
}

fn seen_in(part: &VantagePart, phase: &Phase, is_newest: bool) -> Observation {
    if is_newest && phase.code == part.observed.code {
        return part.observed.clone();
    }
    Observation {
        words: phase.words.clone(),
        ..Observation::new(phase.code, part.observed.locus)
    }
}

fn give(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
    phase: &Phase,
    column: &str,
) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "UPDATE measurements SET observed = ?7
             WHERE series_id = (SELECT id FROM series
                    WHERE source = ?1 AND probe = ?2 AND vantage = ?3 AND control = 0)
               AND started_us >= ?4 AND started_us < ?5 AND code = ?6 AND observed IS NULL",
        )?
        .execute(params![
            probe.source.as_str(),
            probe.probe.as_str(),
            vantage.as_str(),
            phase.from.timestamp_micros(),
            phase.to.map_or(i64::MAX, |to| to.timestamp_micros()),
            phase.code.as_str(),
            column
        ])?;
    Ok(())
}

/// The same for the incidents at the start of a replay.
fn fill_checkpoint(connection: &Connection) -> Result<(), InnerError> {
    let mut kept = connection.prepare("SELECT id, detail FROM checkpoint_incidents")?;
    let mut rows = kept.query([])?;
    while let Some(row) = rows.next()? {
        let (id, detail): (i64, String) = (row.get(0)?, row.get(1)?);
        let mut incident: Incident = serde_json::from_str(&detail)?;
        incident.changes.iter_mut().for_each(add_remark);
        connection
            .prepare_cached("UPDATE checkpoint_incidents SET detail = ?2 WHERE id = ?1")?
            .execute(params![id, serde_json::to_string(&incident)?])?;
    }
    Ok(())
}
