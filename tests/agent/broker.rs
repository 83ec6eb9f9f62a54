//! A real nats-server, and an agent that meets its hub there.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use data_encoding::BASE64;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::authority::Authority;
use crate::harness::{Process, hub_workspace, until};
use crate::pages::Site;
use crate::workspace::TestWorkspace;

/// Whether nats-server is there; a test that needs it is skipped loudly otherwise. CI requires it.
pub fn has_broker() -> bool {
    let version = Command::new("nats-server").arg("--version").output();
    let is_there = version.is_ok_and(|done| done.status.success());
    if !is_there {
        let is_required = std::env::var_os("ACCESSWATCH_NEEDS_NATS").is_some();
        assert!(
            !is_required,
            "nats-server is missing, and ACCESSWATCH_NEEDS_NATS is set"
        );
        eprintln!("SKIPPED: nats-server is not installed (apt-get install nats-server)");
    }
    is_there
}

/// A broker behind TLS with an authority of its own, and its disk.
pub struct NatsServer {
    dir: tempfile::TempDir,
    port: u16,
    users: PathBuf,
    child: Option<Child>,
}

impl NatsServer {
    /// A broker that is not started yet; `users` is the file that `fleet init` writes.
    fn new(authority: &Authority, users: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let identity = authority.good(&["localhost"]);
        let chain: String = identity
            .chain
            .iter()
            .map(|c| pem("CERTIFICATE", c))
            .collect();
        fs::write(dir.path().join("chain.pem"), chain).unwrap();
        let PrivateKeyDer::Pkcs8(key) = identity.key() else {
            panic!("a key in PKCS 8");
        };
        let key = pem("PRIVATE KEY", key.secret_pkcs8_der());
        fs::write(dir.path().join("key.pem"), key).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        Self {
            dir,
            port,
            users,
            child: None,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("tls://localhost:{}", self.port)
    }

    pub fn start(&mut self) {
        let path = |name: &str| self.dir.path().join(name).display().to_string();
        fs::copy(&self.users, path("fleet-users.conf")).unwrap();
        let config = format!(
            "listen: \"127.0.0.1:{}\"\njetstream {{ store_dir: \"{}\" }}\n\
             tls {{ cert_file: \"{}\", key_file: \"{}\" }}\ninclude \"fleet-users.conf\"\n",
            self.port,
            path("streams"),
            path("chain.pem"),
            path("key.pem"),
        );
        fs::write(path("nats-server.conf"), config).unwrap();
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(path("log"))
            .unwrap();
        let child = Command::new("nats-server")
            .args(["-c", &path("nats-server.conf")])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        until("the broker", || {
            std::net::TcpStream::connect(("127.0.0.1", self.port)).ok()
        });
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Its disk is lost.
    pub fn lose_disk(&mut self) {
        self.kill();
        fs::remove_dir_all(self.dir.path().join("streams")).unwrap();
    }

    /// What it says.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn pem(kind: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n",
        lines.join("\n")
    )
}

/// A hub's workspace with a broker that runs, and whose objects are made.
pub struct Fleet {
    pub watch: TestWorkspace,
    pub broker: NatsServer,
    pub authority: Authority,
}

impl Fleet {
    pub fn new(site: &Site) -> Self {
        let mut fleet = Self::without_broker(site);
        // The first time, the users are made; the broker needs them before it starts.
        let (status, said) = fleet.init();
        assert_eq!(status, Some(3), "{said}");
        fleet.broker.start();
        let (status, said) = fleet.init();
        assert_eq!(status, Some(0), "{said}");
        fleet
    }

    /// The same before `fleet init`.
    pub fn without_broker(site: &Site) -> Self {
        let watch = hub_workspace(site);
        let authority = Authority::new();
        let users = watch.file("fleet/fleet-users.conf");
        let broker = NatsServer::new(&authority, users);
        watch.write("ca.pem", &authority.pem());
        watch.append(
            "config/accesswatch.toml",
            &format!("[fleet]\nbroker = \"{}\"\nca = \"ca.pem\"\n", broker.url()),
        );
        Self {
            watch,
            broker,
            authority,
        }
    }

    /// Runs `fleet init`: the status, and what it said.
    pub fn init(&self) -> (Option<i32>, String) {
        let done = self.watch.command(&["fleet", "init"]).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code(), said)
    }

    /// The folder of an agent, with the creds of a vantage.
    pub fn agent(&self, vantage: &str) -> FleetAgent {
        let dir = tempfile::tempdir().unwrap();
        let creds = self.watch.file(&format!("fleet/{vantage}.creds"));
        fs::copy(creds, dir.path().join("creds")).unwrap();
        fs::write(dir.path().join("ca.pem"), self.authority.pem()).unwrap();
        FleetAgent {
            dir,
            broker: self.broker.url(),
        }
    }
}

/// The folder of an agent that meets its hub at a broker.
pub struct FleetAgent {
    dir: tempfile::TempDir,
    broker: String,
}

impl FleetAgent {
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self, action: Option<&str>, vantage: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accesswatch"));
        command.arg("--dir").arg(self.dir.path()).arg("agent");
        command.args(action);
        command.args(["--vantage", vantage, "--hub", &self.broker, "--creds"]);
        command.arg(self.file("creds"));
        command.arg("--ca").arg(self.file("ca.pem"));
        command.env("NO_COLOR", "1").env_remove("RUST_LOG");
        command
    }

    pub fn start(&self) -> Process {
        Process::start(self.command(None, "seoul"))
    }

    /// Runs `agent check`: the status, and what it said.
    pub fn check(&self, vantage: &str) -> (Option<i32>, String) {
        let done = self.command(Some("check"), vantage).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let shown = String::from_utf8_lossy(&done.stdout).into_owned();
        (done.status.code(), said + &shown)
    }

    /// Whether everything in the spool is at the hub.
    pub fn is_sent(&self) -> bool {
        let folder = self.file("spool");
        let text = fs::read_to_string(folder.join("sent.json")).unwrap_or_default();
        let sent: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let Some(number) = sent["segment"].as_u64() else {
            return false;
        };
        let segments = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut newest: Vec<(PathBuf, u64)> = segments
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
            .filter(|path| !path.ends_with("refused.jsonl"))
            .map(|path| (path.clone(), fs::metadata(&path).map_or(0, |m| m.len())))
            .collect();
        newest.sort();
        let is_last = |path: &Path| {
            let name = path.file_stem().and_then(|name| name.to_str());
            name.and_then(|name| name.parse().ok()) == Some(number)
        };
        newest
            .last()
            .is_some_and(|(path, len)| is_last(path) && sent["offset"].as_u64() == Some(*len))
    }
}
