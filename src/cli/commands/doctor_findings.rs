//! The output of `doctor`, line by line.

use crate::cli::out;

/// Prints findings and counts the bad ones.
#[derive(Default)]
pub(super) struct DoctorReport {
    pub(super) bad: usize,
}

impl DoctorReport {
    pub(super) fn report_ok(text: &str) {
        print(&format!("ok     {text}\n"));
    }

    pub(super) fn note(text: &str) {
        print(&format!("note   {text}\n"));
    }

    pub(super) fn advise(&mut self, fault: &str, help: &str) {
        self.bad += 1;
        print(&format!("fix    {fault}\n       {help}\n"));
    }
}

/// When nobody reads the output any more, the findings still count for the exit status.
fn print(text: &str) {
    let _ = out::put(text);
}
