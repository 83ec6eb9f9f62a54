//! Commands to the daemon, and how they end or interrupt its work.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::sync::mpsc;

/// A stop lets the mail that is being sent be marked as sent, if that takes no longer than this.
const FAREWELL: Duration = Duration::from_secs(5);

/// A command to the daemon from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaemonCommand {
    Stop,
    Reload,
    /// A person asked to measure again at once.
    Look,
}

/// Commands that arrive while work is in progress.
pub(super) struct Orders<'a> {
    commands: &'a mut mpsc::Receiver<DaemonCommand>,
    /// A reload was requested; it happens when no work is in progress.
    pub(super) reload: bool,
    /// A person asked to measure again while work was in progress.
    look: bool,
}

impl<'a> Orders<'a> {
    pub(super) fn new(commands: &'a mut mpsc::Receiver<DaemonCommand>) -> Self {
        Self {
            commands,
            reload: false,
            look: false,
        }
    }

    /// Whether something else comes before sleep.
    pub(super) fn is_awake(&self) -> bool {
        self.reload || self.look
    }

    /// Waits for a stop; remembers the others.
    async fn stop(&mut self) {
        loop {
            match self.commands.recv().await {
                Some(DaemonCommand::Reload) => self.reload = true,
                Some(DaemonCommand::Look) => self.look = true,
                Some(DaemonCommand::Stop) | None => return,
            }
        }
    }

    /// The result of the work; `None` when a stop came, which drops the work.
    pub(super) async fn until_stop<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.stop() => None,
            done = work => Some(done),
        }
    }

    /// The same for work that gets some more time after a stop.
    pub(super) async fn farewell<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        if let Some(done) = self.until_stop(&mut work).await {
            return Some(done);
        }
        let _ = tokio::time::timeout(FAREWELL, work).await;
        None
    }

    /// Sleeps until the end or another command; false when a stop came.
    pub(super) async fn until_command(&mut self, sleep: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            command = self.commands.recv() => {
                self.reload = command == Some(DaemonCommand::Reload);
                self.reload || command == Some(DaemonCommand::Look)
            }
            () = sleep => true,
        }
    }
}
