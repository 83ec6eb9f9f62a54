//! A hub behind TLS and an agent, each a process of its own.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use accesswatch::model::clock::Clock;
use accesswatch::model::{ProbeKey, Time};
use accesswatch::store::{IncidentFilter, RowFilter, Store};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

use crate::authority::Authority;
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

pub const TOKEN: &str = "a-token-of-the-agent-in-seoul";
pub const OTHER: &str = "a-token-of-the-agent-in-osaka";

/// A clock that a test sets.
#[derive(Debug)]
pub struct SetClock(pub Mutex<Time>);

impl Clock for SetClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// A page on which every expectation holds.
pub const GOOD: &str = "<title>Papers</title><h1>Papers</h1><p>An abstract of some length.</p>";
/// Longer than any step of a test takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(120);

/// The settings of the vantage in both workspaces.
fn vantage(via: &str, control: &str) -> String {
    format!(
        "[[vantage]]\nid = \"seoul\"\nname = \"Seoul\"\ncountry = \"KR\"\n{via}\ncontrols = [\"{control}\"]\n"
    )
}

/// A workspace that watches one page from one vantage.
pub fn workspace(site: &Site, via: &str, more: &str) -> TestWorkspace {
    let watch = TestWorkspace::new(&site.url("/control"));
    let path = watch.file("config/accesswatch.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let before = text.split("[[vantage]]").next().unwrap();
    let before = before.replace("[alerts]\n", "[alerts]\ngroup_wait = \"0s\"\n");
    let control = site.url("/control");
    let own = vantage(via, &control);
    watch.write("config/accesswatch.toml", &format!("{before}{own}{more}"));
    let source = format!(
        "[source]\nid = \"papers\"\nname = \"Papers\"\ngroup = \"academic\"\naccess = \"public\"\nnote = \"a word for keepers\"\n\
         \n[[probe]]\nid = \"article\"\nname = \"Article\"\nlevel = \"abstract\"\nurl = \"{}\"\nschedule = \"0 0 1 1 *\"\n\
         vantages = [\"seoul\"]\n[probe.expect]\nstatus = [200]\ncontains = [\"abstract\"]\n",
        site.url("/article")
    );
    watch.write("probes/academic/papers.toml", &source);
    watch
}

/// A site that is healthy.
pub fn site() -> Site {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/article", Answer::html(GOOD));
    site
}

/// The workspace of a hub with agents in Seoul and Osaka.
pub fn hub_workspace(site: &Site) -> TestWorkspace {
    let osaka =
        "[[vantage]]\nid = \"osaka\"\ncountry = \"JP\"\nvia = \"agent\"\ntoken = \"file:osaka\"\n";
    let via = "via = \"agent\"\ntoken = \"file:seoul\"";
    let watch = workspace(site, via, osaka);
    watch.write("seoul", TOKEN);
    watch.write("osaka", OTHER);
    watch
}

/// A process that is killed when it is dropped.
pub struct Process {
    child: Child,
    said: Option<BufReader<ChildStderr>>,
}

impl Process {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = child.stderr.take().map(BufReader::new);
        Self { child, said }
    }

    /// The first line that holds this.
    pub fn line_with(&mut self, part: &str) -> String {
        let said = self.said.as_mut().unwrap();
        let mut all = String::new();
        loop {
            let mut line = String::new();
            let read = said.read_line(&mut line).unwrap();
            assert!(read > 0, "it ended without `{part}`:\n{all}");
            if line.contains(part) {
                // What follows is read away, so that the process never waits for us.
                let mut rest = self.said.take().unwrap();
                std::thread::spawn(move || std::io::copy(&mut rest, &mut std::io::sink()));
                return line;
            }
            all += &line;
        }
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for its end: the status, and what it said.
    pub fn end(mut self) -> (Option<i32>, String) {
        let mut text = String::new();
        if let Some(mut said) = self.said.take() {
            said.read_to_string(&mut text).unwrap();
        }
        (self.child.wait().unwrap().code(), text)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A running hub, and TLS in front of it.
pub struct Hub {
    pub process: Process,
    plain: SocketAddr,
}

impl Hub {
    /// Starts the binary in a workspace.
    pub fn start(watch: &TestWorkspace) -> Self {
        let command = watch.command(&["daemon", "--listen", "127.0.0.1:0"]);
        let mut process = Process::start(command);
        let line = process.line_with("serves http://");
        let address = line.split("http://").nth(1).unwrap().trim();
        let plain = address.trim_end_matches('/').parse().unwrap();
        Self { process, plain }
    }
}

impl Hub {
    /// Where it listens without TLS.
    pub fn address(&self) -> SocketAddr {
        self.plain
    }
}

/// TLS in front of a hub, as a proxy would be; it leads to whichever hub is named last.
pub struct TlsFront {
    pub at: SocketAddr,
    target: Arc<Mutex<Option<SocketAddr>>>,
    _runtime: Runtime,
}

impl TlsFront {
    pub fn start(authority: &Authority) -> Self {
        let identity = authority.good(&["localhost"]);
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(identity.chain.clone(), identity.key())
            .unwrap();
        let acceptor: TlsAcceptor = Arc::new(config).into();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let at = listener.local_addr().unwrap();
        let target = Arc::new(Mutex::new(None::<SocketAddr>));
        let leads = Arc::clone(&target);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, to) = (acceptor.clone(), *leads.lock().unwrap());
                tokio::spawn(async move {
                    let mut outer = acceptor.accept(stream).await.ok()?;
                    let mut inner = TcpStream::connect(to?).await.ok()?;
                    tokio::io::copy_bidirectional(&mut outer, &mut inner)
                        .await
                        .ok()
                });
            }
        });
        Self {
            at,
            target,
            _runtime: runtime,
        }
    }

    pub fn lead_to(&self, hub: &Hub) {
        *self.target.lock().unwrap() = Some(hub.plain);
    }
}

/// The folder of an agent.
pub struct AgentFolder {
    dir: tempfile::TempDir,
    hub: String,
}

impl AgentFolder {
    pub fn new(front: &TlsFront, authority: &Authority, token: &str) -> Self {
        Self::at(
            format!("https://localhost:{}", front.at.port()),
            authority,
            token,
        )
    }

    /// For the hub at an address.
    pub fn at(hub: String, authority: &Authority, token: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("token"), token).unwrap();
        std::fs::write(dir.path().join("ca.pem"), authority.pem()).unwrap();
        Self { dir, hub }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The address of its hub.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    pub fn command(&self, action: Option<&str>, vantage: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accesswatch"));
        command.arg("--dir").arg(self.dir.path()).arg("agent");
        command.args(action);
        command.args(["--vantage", vantage, "--hub", &self.hub, "--token-file"]);
        command
            .arg(self.file("token"))
            .arg("--ca")
            .arg(self.file("ca.pem"));
        command.env("NO_COLOR", "1").env_remove("RUST_LOG");
        command
    }

    pub fn start(&self) -> Process {
        Process::start(self.command(None, "seoul"))
    }

    /// Every probe is due again.
    pub fn forget_rounds(&self) {
        let path = self.file("state.json");
        // An agent that was killed at once has none yet.
        let Ok(text) = std::fs::read_to_string(&path) else {
            return;
        };
        let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
        state["last_checked"] = serde_json::json!({});
        std::fs::write(path, state.to_string()).unwrap();
    }

    /// Whether the agent noted a pass since its rounds were forgotten. Killed before that, it makes
    /// the pass again.
    pub fn has_noted_rounds(&self) -> bool {
        let text = std::fs::read_to_string(self.file("state.json")).unwrap_or_default();
        let state: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let rounds = state["last_checked"].as_object();
        rounds.is_some_and(|rounds| !rounds.is_empty())
    }

    /// The files of the spool that hold records.
    pub fn segments(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.file("spool")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
        paths.retain(|p| p.extension().is_some_and(|e| e == "jsonl"));
        paths.sort();
        paths
    }
}

/// Looks until something is there.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "it did not come: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The uids of the records in a store, controls included.
pub fn uids(watch: &TestWorkspace) -> Vec<String> {
    let mut uids = Vec::new();
    let Some(store) = open(&watch.file("data/accesswatch.db")) else {
        return uids;
    };
    let reader = store.reader().unwrap();
    let read = reader.visit_records(&RowFilter::default(), |record| {
        uids.push(record.uid.as_str().to_owned());
        true
    });
    read.unwrap();
    uids
}

/// What is counted of the article. A record that counts twice changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Rounds of the records.
    pub rounds: u32,
    /// Checks of the daily figures.
    pub checks: u32,
    pub attempts: usize,
    pub incidents: usize,
    pub mails: usize,
}

pub fn counted(watch: &TestWorkspace) -> Counted {
    let store = open(&watch.file("data/accesswatch.db")).unwrap();
    let reader = store.reader().unwrap();
    let mut rounds = Vec::new();
    let read = reader.visit_records(&RowFilter::default(), |record| {
        rounds.extend(Some(record.place.round.0).filter(|_| !record.place.control));
        true
    });
    read.unwrap();
    let attempts = rounds.len();
    rounds.sort();
    rounds.dedup();
    let days = reader.uptime(&RowFilter::default()).unwrap();
    let own = |key: &ProbeKey| *key == ProbeKey::new("papers", "article");
    let incidents = reader.incidents(&IncidentFilter::default()).unwrap();
    Counted {
        rounds: u32::try_from(rounds.len()).unwrap(),
        checks: days
            .iter()
            .filter(|d| own(&d.probe))
            .map(|d| d.checks)
            .sum(),
        attempts,
        incidents: incidents.len(),
        mails: watch.mails().len(),
    }
}

/// The store, if it is there.
pub fn open(path: &Path) -> Option<Store> {
    Store::open_read_only(path).ok()
}

/// The uids of the records that are whole in a spool, with those that were sent already.
pub fn spooled_uids(folder: &AgentFolder) -> BTreeSet<String> {
    let texts = folder.segments().into_iter().map(std::fs::read_to_string);
    let uid = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(line["record"]["measurement_uid"].as_str()?.to_owned())
    };
    let mut uids = BTreeSet::new();
    for text in texts {
        uids.extend(text.unwrap_or_default().lines().filter_map(uid));
    }
    uids
}
