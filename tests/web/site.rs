//! Workspaces that are served: the demonstration, and small ones with a configuration of their own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use accesswatch::config::{self, SecretNeeds};
use accesswatch::engine::SystemClock;
use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use accesswatch::web::{Server, WebLimits};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Both tokens of the workspaces here.
pub const TOKEN: &str = "a-token-that-writes-and-reads";
pub const READ_TOKEN: &str = "a-token-that-only-reads";

/// A clock that a test sets.
#[derive(Debug)]
pub struct SetClock(Mutex<Time>);

impl SetClock {
    pub fn at(time: &str) -> Self {
        Self(Mutex::new(time.parse().unwrap()))
    }

    pub fn set(&self, time: &str) {
        *self.0.lock().unwrap() = time.parse().unwrap();
    }
}

impl Clock for SetClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// A server that runs until it is dropped.
pub struct Served {
    pub at: SocketAddr,
    stop: watch::Sender<bool>,
    _runtime: Runtime,
    /// Removed when it is no longer served.
    own_folder: Option<tempfile::TempDir>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

impl Served {
    /// With a folder that is removed when it is no longer served.
    pub fn with_folder(mut self, folder: tempfile::TempDir) -> Self {
        self.own_folder = Some(folder);
        self
    }

    /// The folder of a workspace that is its own.
    pub fn folder(&self) -> &Path {
        self.own_folder.as_ref().unwrap().path()
    }
}

/// Serves the workspace in a folder on a free port.
pub fn serve(dir: &Path, limits: WebLimits) -> Served {
    serve_in(dir, limits, None)
}

fn serve_in(dir: &Path, limits: WebLimits, folder: Option<tempfile::TempDir>) -> Served {
    serve_by(dir, limits, folder, Arc::new(SystemClock))
}

/// A workspace of one source that is served by a clock of the test.
pub fn small_by(clock: Arc<dyn Clock>) -> Served {
    let folder = folder_with("", SOURCE);
    let dir = folder.path().to_owned();
    serve_by(&dir, WebLimits::default(), Some(folder), clock)
}

fn serve_by(
    dir: &Path,
    limits: WebLimits,
    folder: Option<tempfile::TempDir>,
    clock: Arc<dyn Clock>,
) -> Served {
    let runtime = Runtime::new().unwrap();
    let needs = SecretNeeds::none().and_web();
    let workspace = config::load_for(dir, &needs).unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(workspace, listen, clock, limits);
    let server = runtime.block_on(server).unwrap();
    let at = server.address();
    let (stop, stopped) = watch::channel(false);
    runtime.spawn(server.run(stopped));
    Served {
        at,
        stop,
        _runtime: runtime,
        own_folder: folder,
    }
}

/// A workspace of one source with these lines in `[web]`; nothing was checked yet.
pub fn small(web: &str, limits: WebLimits) -> Served {
    let folder = folder_with(web, SOURCE);
    let dir = folder.path().to_owned();
    serve_in(&dir, limits, Some(folder))
}

/// A workspace of several sources with these lines in `[web]`; nothing was checked yet.
pub fn small_with(web: &str, sources: &[String]) -> Served {
    let folder = folder_with(web, SOURCE);
    let probes = folder.path().join("probes/academic");
    std::fs::remove_file(probes.join("papers.toml")).unwrap();
    for (number, source) in sources.iter().enumerate() {
        std::fs::write(probes.join(format!("papers-{number}.toml")), source).unwrap();
    }
    let dir = folder.path().to_owned();
    serve_in(&dir, WebLimits::default(), Some(folder))
}

/// The folder of a workspace of one source.
pub fn folder_with(web: &str, source: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("token", TOKEN);
    write("read-token", READ_TOKEN);
    write(
        "config/accesswatch.toml",
        &format!(
            "[[vantage]]\nid = \"secret-place\"\nname = \"Our branch\"\ncountry = \"DE\"\n\
             controls = [\"http://127.0.0.1:9/\"]\n\
             [alerts]\nfrom = \"a <a@example.org>\"\ntransport = \"folder:data/outbox\"\n\
             [web]\ntimezone = \"Europe/Berlin\"\n{web}\n"
        ),
    );
    write("probes/academic/papers.toml", source);
    folder
}

/// The lines of `[web]` for both tokens.
pub const TOKENS: &str = "token = \"file:token\"\nread_token = \"file:read-token\"";

pub const SOURCE: &str = r#"[source]
id = "papers"
name = "Papers"
name_zh = "论文"
group = "academic"
access = "public"

[[probe]]
id = "article"
name = "Article"
level = "abstract"
url = "https://papers.example/article"
schedule = "0 0 1 1 *"

[probe.expect]
status = [200]
"#;

/// The demonstration, played once for all tests, and served.
pub fn demonstration() -> SocketAddr {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED
        .get_or_init(|| serve(demonstration_folder(), WebLimits::default()))
        .at
}

/// The folder of the demonstration.
pub fn demonstration_folder() -> &'static Path {
    static FOLDER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("demo");
        let played = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
            .arg("demo")
            .arg(&place)
            .output()
            .unwrap();
        assert!(played.status.success(), "{played:?}");
        (folder, place)
    });
    path
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A demonstration of one's own with these lines in `[web]`.
pub fn demonstration_with(web: &str) -> Served {
    let folder = tempfile::tempdir().unwrap();
    copy(demonstration_folder(), folder.path());
    let file = folder.path().join("config/accesswatch.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[web]\n{web}\n")).unwrap();
    std::fs::write(folder.path().join("token"), TOKEN).unwrap();
    std::fs::write(folder.path().join("read-token"), READ_TOKEN).unwrap();
    let dir = folder.path().to_owned();
    serve_in(&dir, WebLimits::default(), Some(folder))
}
