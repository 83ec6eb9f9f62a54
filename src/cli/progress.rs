//! A progress bar on standard error, for people only, and `--jsonl`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::Observer;
use crate::model::round::VantageRound;
use crate::model::{Measurement, ProbeKey, Verdict};

use super::exit::CliError;
use super::out;

/// Draws, and writes records as they are made.
pub struct Watch {
    bar: ProgressBar,
    records: Option<Mutex<BufWriter<File>>>,
    failed: Mutex<Option<std::io::Error>>,
}

impl Watch {
    /// A bar on a terminal (none elsewhere); records into `jsonl` when given.
    pub fn new(jsonl: Option<&Path>) -> Result<Self, CliError> {
        let records = jsonl
            .map(|path| {
                File::create(path)
                    .map(|file| Mutex::new(BufWriter::new(file)))
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
            bar
        } else {
            ProgressBar::hidden()
        };
        Ok(Self {
            bar,
            records,
            failed: Mutex::new(None),
        })
    }

    /// Ends the bar and the file; the first write that failed is told now.
    pub fn finish(&self) -> Result<(), CliError> {
        self.bar.finish_and_clear();
        let flushed = self.records.as_ref().map_or(Ok(()), |records| {
            records.lock().map_or(Ok(()), |mut file| file.flush())
        });
        let earlier = self.failed.lock().ok().and_then(|mut e| e.take());
        earlier
            .map_or(flushed, Err)
            .map_err(CliError::io("writing the --jsonl file"))
    }

    fn write(&self, measurement: &Measurement) -> std::io::Result<()> {
        let Some(records) = &self.records else {
            return Ok(());
        };
        let Ok(mut file) = records.lock() else {
            return Ok(());
        };
        serde_json::to_writer(&mut *file, measurement)?;
        file.write_all(b"\n")
    }
}

impl Observer for Watch {
    fn planned(&self, rounds: usize) {
        self.bar.set_length(rounds as u64);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn vantage(&self, round: &VantageRound) {
        let state = if round.usable { "works" } else { "does not work" };
        self.bar.set_message(format!("vantage {} {state}", round.vantage));
    }

    fn measured(&self, measurement: &Measurement, _verdict: &Verdict) {
        if let Err(error) = self.write(measurement)
            && let Ok(mut failed) = self.failed.lock()
        {
            failed.get_or_insert(error);
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
