//! A progress bar on standard error, for people only, and `--jsonl`.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Observer;
use crate::model::round::VantageRound;
use crate::model::{Measurement, MeasurementUid, ProbeKey, Verdict};

use super::exit::CliError;
use super::{out, shown_bar};

/// Draws the bar, and writes records as they are made.
pub struct ProgressView {
    bar: ProgressBar,
    records: Option<Mutex<JsonlFile>>,
}

/// The `--jsonl` file. A record is written once it is stored, so that the file never holds more
/// than the store.
struct JsonlFile {
    file: BufWriter<File>,
    waiting: HashMap<MeasurementUid, Vec<u8>>,
    failed: Option<std::io::Error>,
}

impl ProgressView {
    /// Shows a bar on a terminal only; writes records to `jsonl` when it is given.
    pub fn new(jsonl: Option<&Path>) -> Result<Self, CliError> {
        let records = jsonl
            .map(|path| {
                File::create(path)
                    .map(|file| {
                        Mutex::new(JsonlFile {
                            file: BufWriter::new(file),
                            waiting: HashMap::new(),
                            failed: None,
                        })
                    })
                    .map_err(CliError::io(format!("cannot write {}", path.display())))
            })
            .transpose()?;
        let bar = if out::on_terminal() {
            let bar = ProgressBar::new(0);
            if let Ok(style) =
                ProgressStyle::with_template("{bar:24} {pos}/{len} rounds, {elapsed}  {msg}")
            {
                bar.set_style(style);
            }
            shown_bar::set_shown(Some(bar.clone()));
            bar
        } else {
            ProgressBar::hidden()
        };
        Ok(Self { bar, records })
    }

    /// Ends the bar and the file; returns the first error of writing.
    pub fn finish(&self) -> Result<(), CliError> {
        shown_bar::set_shown(None);
        self.bar.finish_and_clear();
        let Some(mut records) = self.records() else {
            return Ok(());
        };
        let flushed = records.file.flush();
        records
            .failed
            .take()
            .map_or(flushed, Err)
            .map_err(CliError::io("writing the --jsonl file"))
    }

    fn records(&self) -> Option<MutexGuard<'_, JsonlFile>> {
        self.records
            .as_ref()
            .map(|r| r.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for ProgressView {
    fn planned(&self, rounds: usize) {
        self.bar.set_length(rounds as u64);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn vantage(&self, round: &VantageRound) {
        let state = if round.usable {
            "works"
        } else {
            "does not work"
        };
        self.bar
            .set_message(format!("vantage {} {state}", round.vantage));
    }

    fn measured(&self, measurement: &Measurement, _verdict: &Verdict) {
        let (Some(mut records), Some(uid)) = (self.records(), &measurement.measurement_uid) else {
            return;
        };
        match serde_json::to_vec(measurement) {
            Ok(line) => {
                records.waiting.insert(uid.clone(), line);
            }
            Err(error) => {
                records.failed.get_or_insert(error.into());
            }
        }
    }

    fn stored(&self, uid: &MeasurementUid) {
        let Some(mut records) = self.records() else {
            return;
        };
        let Some(mut line) = records.waiting.remove(uid) else {
            return;
        };
        line.push(b'\n');
        let written = records
            .file
            .write_all(&line)
            .and_then(|()| records.file.flush());
        if let Err(error) = written {
            records.failed.get_or_insert(error);
        }
    }

    fn confirming(&self, probe: &ProbeKey, after: Duration) {
        self.bar
            .set_message(format!("{probe} again in {} s to confirm", after.as_secs()));
    }

    fn round_done(&self) {
        self.bar.inc(1);
    }
}
