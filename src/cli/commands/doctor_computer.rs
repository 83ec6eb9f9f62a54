//! What `doctor` checks on the computer: its disk, its clock, the dead man's switch.

use crate::alert::heartbeat::heartbeat;
use crate::cli::exit::CliError;
use crate::cli::messages::{self, count};
use crate::config::Workspace;
use crate::engine::{ClockDoubt, ScheduleIndex};
use crate::model::Code;
use crate::model::round::VantageRound;
use crate::model::time::{CLOCK_TOLERANCE, iso};
use crate::store::space::{self, DiskSpace};
use crate::store::{Reader, Store};

use super::doctor_findings::DoctorReport;

pub(super) fn look_at_disk(store: &Store, found: &mut DoctorReport) {
    let Some(disk) = DiskSpace::containing(store.path()) else {
        return;
    };
    let line = format!(
        "disk: {} free for {}",
        space::shown(disk.free),
        store.path().display()
    );
    if disk.is_low() {
        found.advise(
            &line,
            "free space there: when it is full nothing is recorded; `keep_bodies` and `keep_measurements` in [store] decide how much is kept",
        );
    } else {
        DoctorReport::report_ok(&line);
    }
}

/// How much room the files of evidence take, and what is missing in them.
pub(super) fn look_at_evidence(
    workspace: &Workspace,
    store: &Store,
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    let reader = store.reader()?;
    let folder = &workspace.settings.store.evidence;
    let (mut files, mut bytes) = (0_u64, 0);
    for name in reader.evidence_files()?.keys() {
        if let Ok(facts) = std::fs::metadata(folder.join(name)) {
            files += 1;
            bytes += facts.len();
        }
    }
    let line = format!(
        "evidence: {}, {} in {}",
        count(files, "file"),
        space::shown(bytes),
        folder.display()
    );
    match reader.missing_evidence()?.len() {
        0 => DoctorReport::report_ok(&line),
        missing => found.advise(
            &format!(
                "{line}; {} could not be written yet",
                count(missing as u64, "exchange")
            ),
            "make the folder writable and free space there; the next run writes them",
        ),
    }
    Ok(())
}

/// How far the day chain is closed and stamped.
pub(super) fn look_at_chain(
    workspace: &Workspace,
    store: &Store,
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    let reader = store.reader()?;
    if let Some(newest) = reader.newest_closed_day()? {
        DoctorReport::report_ok(&format!(
            "day chain: closed up to {}; `accesswatch verify` recomputes it",
            newest.day.day
        ));
    }
    if let Some(sentence) = messages::missing_time_stamps(workspace, &reader)? {
        found.advise(
            &sentence,
            "look whether this computer reaches the address under [evidence] timestamp; it is asked again by every run",
        );
    }
    Ok(())
}

/// Records that no clock can have dated, and what a killed process left.
pub(super) async fn look_at_times(store: &Store, found: &mut DoctorReport) -> Result<(), CliError> {
    let now = chrono::Utc::now();
    let misdated = store.with_reader(move |r| r.misdated(now)).await?;
    let last = store.last_pass().await?;
    if misdated.late + misdated.gaps > 0 {
        let newest = misdated.newest.map(iso).unwrap_or_default();
        found.advise(
            &format!(
                "store: {} and {} dated in the future, up to {newest}: a clock was ahead when they were made, or this computer's is behind now",
                count(misdated.late, "measurement"),
                count(misdated.gaps, "gap")
            ),
            &format!(
                "if {now} is right, `accesswatch purge --after {now}` removes them, with everything derived from them; otherwise set the clock",
                now = iso(now)
            ),
        );
    } else if let Some(doubt) = last.and_then(|last| ClockDoubt::check(now, last)) {
        found.advise(&format!("clock: {doubt}"), "nothing is recorded until then");
    }
    if misdated.early > 0 {
        found.advise(
            &format!(
                "store: {} of before 1990, when nothing was measured",
                count(misdated.early, "measurement")
            ),
            "nothing is concluded from them; `accesswatch purge --before 1990-01-01` removes them",
        );
    }
    if misdated.put_off > 0 {
        found.advise(
            &format!(
                "store: {} dated in the future (back-offs, copies of robots.txt, mails)",
                count(misdated.put_off, "row")
            ),
            "they are not trusted: the next `accesswatch run`, or the daemon's next pass, discards them",
        );
    }
    if !store.with_reader(Reader::underived).await?.is_empty() {
        DoctorReport::note(
            "store: records were kept whose statuses and incidents are not derived yet; the next pass does it (one may be under way)",
        );
    }
    Ok(())
}

pub(super) async fn look_at_heartbeat(workspace: &Workspace, found: &mut DoctorReport) {
    let Some(url) = &workspace.settings.alerts.heartbeat else {
        return;
    };
    match heartbeat(url, true).await {
        Ok(()) => DoctorReport::report_ok(&format!(
            "heartbeat: {} takes the signal{}",
            url.host_str().unwrap_or_default(),
            longest_pause(workspace)
        )),
        Err(error) => found.advise(
            &error.to_string(),
            "until it is reached, its keeper does not notice when accesswatch stops",
        ),
    }
}

/// The longest time between two requests to the dead man's switch.
fn longest_pause(workspace: &Workspace) -> String {
    let schedule_index = ScheduleIndex::new(workspace, std::time::Duration::ZERO);
    let Some(pause) = schedule_index.longest_pause(chrono::Utc::now()) else {
        return String::new();
    };
    let hours = (pause.num_minutes() + 59) / 60;
    format!(
        "; it comes after each pass, at most {} apart",
        count(hours.unsigned_abs(), "hour")
    )
}

/// Compares the controls' clocks with this computer's.
pub(super) fn report_clock(checked: &VantageRound) {
    let offsets: Vec<i64> = checked
        .controls
        .iter()
        .filter_map(|c| c.clock_offset_s)
        .collect();
    if checked.code == Some(Code::VantageClock) || offsets.is_empty() {
        return; // It is said with the vantage; or they do not tell.
    }
    let limit = CLOCK_TOLERANCE.num_seconds();
    let agree = offsets.iter().filter(|o| o.abs() <= limit).count();
    DoctorReport::report_ok(&format!(
        "clock: {agree} of {} that tell the time agree with this computer's, {}",
        count(offsets.len() as u64, "control"),
        iso(chrono::Utc::now())
    ));
}
