//! One progress line for all long work: on a terminal only, and only once the work takes longer
//! than a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{out, shown_bar};

/// Work that is shorter has no line.
const DELAY: Duration = Duration::from_secs(1);
/// How often the line is drawn again.
const REDRAWN: Duration = Duration::from_millis(200);

/// Shows that work goes on, until it is dropped.
pub struct LongWork {
    done: Arc<AtomicU64>,
    /// The thread that draws ends when the sender is dropped.
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl LongWork {
    /// Work of unknown length. `what` names it: `reading documents`.
    #[must_use]
    pub fn begin(what: &'static str) -> Self {
        Self::start(what, None)
    }

    /// Work in `total` steps; `what` names them: `links checked`.
    #[must_use]
    pub fn in_steps(what: &'static str, total: usize) -> Self {
        Self::start(what, Some(total as u64))
    }

    fn start(what: &'static str, total: Option<u64>) -> Self {
        let done = Arc::new(AtomicU64::new(0));
        if !out::on_terminal() {
            return Self {
                done,
                drawing: None,
            };
        }
        let (sender, ended) = channel();
        let counted = Arc::clone(&done);
        let drawing = std::thread::spawn(move || draw(&ended, what, total, &counted));
        Self {
            done,
            drawing: Some((sender, drawing)),
        }
    }

    /// One step is done.
    pub fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for LongWork {
    fn drop(&mut self) {
        if let Some((sender, drawing)) = self.drawing.take() {
            drop(sender);
            // A thread that could not draw has nothing to clear.
            let _ = drawing.join();
        }
    }
}

fn draw(ended: &Receiver<()>, what: &'static str, total: Option<u64>, done: &AtomicU64) {
    if is_over(ended, DELAY) {
        return;
    }
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{bar:24} {pos}/{len} {msg}, {elapsed}",
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}, {elapsed}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let bar = bar.with_message(what).with_elapsed(DELAY);
    shown_bar::set_shown(Some(bar.clone()));
    loop {
        bar.set_position(done.load(Ordering::Relaxed));
        bar.tick();
        if is_over(ended, REDRAWN) {
            break;
        }
    }
    shown_bar::set_shown(None);
    bar.finish_and_clear();
}

/// Waits at most `time` for the end of the work; whether it came.
fn is_over(ended: &Receiver<()>, time: Duration) -> bool {
    ended.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_work_is_seen_at_once_and_not_before() {
        let (sender, ended) = channel();
        assert!(!is_over(&ended, Duration::ZERO));
        drop(sender);
        assert!(is_over(&ended, DELAY));
    }

    #[test]
    fn work_that_is_over_before_the_delay_draws_nothing() {
        let (sender, ended) = channel();
        drop(sender);
        draw(&ended, "links checked", Some(3), &AtomicU64::new(1));
        assert!(!shown_bar::is_shown());
    }

    #[test]
    fn off_a_terminal_steps_are_counted_and_nothing_is_drawn() {
        let work = LongWork {
            done: Arc::default(),
            drawing: None,
        };
        work.step();
        work.step();
        assert_eq!(work.done.load(Ordering::Relaxed), 2);
        let mut printed = false;
        shown_bar::above_the_bar(|| printed = true);
        assert!(printed);
    }
}
