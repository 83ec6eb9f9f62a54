//! The progress bar that is on the terminal, so that whatever else is printed stands above it.

use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Prints while no bar is drawn.
pub fn above_the_bar(print: impl FnOnce()) {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match shown {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

/// Makes a bar the one on the terminal; `None` when there is none any more.
pub fn set_shown(bar: Option<ProgressBar>) {
    *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = bar;
}

/// Whether a bar is on the terminal.
#[cfg(test)]
pub fn is_shown() -> bool {
    SHOWN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .is_some()
}
