//! The daemon as the system runs it: a process, its log, its signals.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::workspace::TestWorkspace;

/// Longer than any step takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running daemon; it is killed when dropped.
pub struct Service {
    child: Child,
    lines: Receiver<String>,
    pub log: Vec<String>,
}

impl Service {
    /// Starts `daemon` in the workspace.
    pub fn start(watch: &TestWorkspace) -> Self {
        Self::spawn(watch.command(&["daemon"]))
    }

    /// Starts a command that runs until it is stopped.
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let err = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            log: Vec::new(),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line of the log that contains this text.
    #[track_caller]
    pub fn until(&mut self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("no `{text}` in the log:\n{}", self.log.join("\n"));
            };
            self.log.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Sends a signal: `TERM`, `HUP`, …
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; returns the exit status and how long it took.
    pub fn end(&mut self) -> (Option<i32>, Duration) {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.log.extend(self.lines.iter());
                return (status.code(), started.elapsed());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end:\n{}", self.log.join("\n"));
    }

    /// A field of `/proc/PID/status`, in the unit that the file uses.
    pub fn status(&self, field: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        value(&text, field)
    }

    /// How often its threads have waited, added up.
    pub fn waits(&self) -> u64 {
        std::fs::read_dir(format!("/proc/{}/task", self.pid()))
            .unwrap()
            .map(|thread| std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap())
            .map(|text| value(&text, "voluntary_ctxt_switches"))
            .sum()
    }
}

fn value(text: &str, field: &str) -> u64 {
    let line = text.lines().find(|l| l.starts_with(&format!("{field}:")));
    let number = line.unwrap().split_whitespace().nth(1).unwrap();
    number.parse().unwrap()
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
