//! The agent of the demonstration: a process of its own that measures when it is told the time, and
//! the hub that it sends its records to.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::agent::AgentOptions;
use crate::agent::steps::AgentSteps;
use crate::cli::exit::{CliError, Done};
use crate::cli::out;
use crate::config::Workspace;
use crate::demo::DemoError;
use crate::demo::clock::FastClock;
use crate::demo::elsewhere::{AGENT, Elsewhere, FOLDER, TOKEN};
use crate::model::clock::Clock;
use crate::model::time::from_micros;
use crate::text::clean;
use crate::web::{Server, WebLimits};

/// What the agent answers when it is done, before the number of rounds.
const MADE: &str = "made ";

/// The hub and the agent, once they run.
#[derive(Default)]
pub struct DemoAgent(Option<Running>);

struct Running {
    clock: Arc<FastClock>,
    /// The hub stops when this is dropped.
    _hub: watch::Sender<bool>,
    agent: Child,
    /// Not there while an answer is waited for.
    pipes: Option<Pipes>,
}

/// The agent gets a time, and answers.
struct Pipes {
    times: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Pipes {
    /// Says the time; returns the answer.
    fn ask(&mut self, time: &str) -> io::Result<String> {
        self.times.write_all(time.as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What it measured is at the hub.
        let _ = self.agent.kill();
        let _ = self.agent.wait();
    }
}

fn failed(error: impl std::fmt::Display) -> DemoError {
    DemoError::Agent(clean::line(&error.to_string(), 300))
}

impl Elsewhere for DemoAgent {
    async fn begin(
        &mut self,
        workspace: &Workspace,
        clock: Arc<FastClock>,
    ) -> Result<(), DemoError> {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let hub_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let limits = WebLimits::default();
        let server = Server::bind(workspace.clone(), anywhere, hub_clock, limits).await;
        let server = server.map_err(failed)?;
        let hub = format!("http://{}", server.address());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(server.run(stopped));
        let dir = workspace.dir.join(FOLDER);
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.arg("--dir").arg(&dir).args(["agent", "step"]);
        command.args(["--vantage", AGENT.id, "--hub", &hub]);
        command.arg("--token-file").arg(dir.join(TOKEN));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut agent = command.spawn().map_err(failed)?;
        let pipes = agent.stdin.take().zip(agent.stdout.take());
        self.0 = Some(Running {
            clock,
            _hub: stop,
            agent,
            pipes: pipes.map(|(times, answers)| Pipes {
                times,
                answers: BufReader::new(answers),
            }),
        });
        Ok(())
    }

    async fn pass(&mut self) -> Result<usize, DemoError> {
        let Some(running) = &mut self.0 else {
            return Err(failed("it does not run"));
        };
        let Some(mut pipes) = running.pipes.take() else {
            return Err(failed("it does not answer"));
        };
        let time = format!("{}\n", running.clock.now().timestamp_micros());
        let asked = tokio::task::spawn_blocking(move || {
            let answer = pipes.ask(&time);
            (pipes, answer)
        });
        let (pipes, answer) = asked.await.map_err(failed)?;
        running.pipes = Some(pipes);
        let answer = answer.map_err(failed)?;
        let answer = answer.trim_end();
        let rounds = answer.strip_prefix(MADE).and_then(|n| n.parse().ok());
        rounds.ok_or_else(|| failed(answer))
    }
}

/// Measures what is due at each time that comes on standard input, and answers with the rounds.
pub fn follow(runtime: &Runtime, options: &AgentOptions) -> Result<Done, CliError> {
    let mut steps: Option<(Arc<FastClock>, AgentSteps)> = None;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(CliError::io("reading the time"))?;
        let time = line.trim().parse().map(from_micros);
        let time = time.map_err(|_| CliError::Usage(format!("`{line}` is no time")))?;
        let (clock, agent) = if let Some(running) = &mut steps {
            running
        } else {
            let clock = Arc::new(FastClock::new(time));
            let own: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
            let agent = AgentSteps::new(options.clone(), own);
            let agent = agent.map_err(|error| CliError::Work(error.to_string()))?;
            steps.insert((clock, agent))
        };
        clock.forward_to(time);
        let made = runtime.block_on(agent.step());
        let made = made.map_err(|error| CliError::Work(error.to_string()))?;
        out::put(&format!("{MADE}{made}\n"))?;
    }
    Ok(Done::Ok)
}
