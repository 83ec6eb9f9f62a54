//! A small workspace in a temporary folder, and the binary run in it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A workspace whose vantage is this computer and whose sites are on loopback.
pub struct TestWorkspace {
    dir: TempDir,
}

/// Every `run` is one whole pass: no waiting between fetches or before confirming.
const SETTINGS: &str = r#"
[politeness]
contact = "test@example.org"
per_host_interval = "0s"
timeout = "5s"
robots = false

[confirm]
after = ["1ms", "1ms", "1ms"]
recover_after = ["1ms", "1ms"]
hold = "0s"
night = ""

[alerts]
from = "accesswatch <accesswatch@example.org>"
transport = "folder:data/outbox"

[[alerts.to]]
address = "Librarian <librarian@example.org>"
sources = ["*"]
on = ["regression", "recovery", "improvement", "vantage"]
"#;

impl TestWorkspace {
    /// A workspace with one vantage, `here`, whose control is `control`.
    pub fn new(control: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let watch = Self { dir };
        watch.write(
            "config/accesswatch.toml",
            &format!(
                "{SETTINGS}\n[[vantage]]\nid = \"here\"\nname = \"Here\"\ncountry = \"DE\"\nvia = \"direct\"\ncontrols = [\"{control}\"]\n"
            ),
        );
        watch
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A file in the workspace.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file in the workspace.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Appends text to a file in the workspace.
    pub fn append(&self, name: &str, text: &str) {
        let old = std::fs::read_to_string(self.file(name)).unwrap();
        self.write(name, &(old + text));
    }

    /// Replaces text in a file in the workspace.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.file(name)).unwrap();
        assert!(text.contains(old), "{name} has no {old}:\n{text}");
        self.write(name, &text.replace(old, new));
    }

    /// A source with one probe `page` per URL: `page0`, `page1`, …
    pub fn source(&self, id: &str, urls: &[String], expect: &str) {
        let mut text = format!(
            "[source]\nid = \"{id}\"\nname = \"Source {id}\"\nname_zh = \"来源{id}\"\ngroup = \"test\"\naccess = \"public\"\n"
        );
        for (number, url) in urls.iter().enumerate() {
            let _ = write!(
                text,
                "\n[[probe]]\nid = \"page{number}\"\nname = \"Page {number}\"\nlevel = \"home\"\nurl = \"{url}\"\n[probe.expect]\n{expect}\n"
            );
        }
        self.write(&format!("probes/test/{id}.toml"), &text);
    }

    /// The binary, to be run in the workspace.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_accesswatch"));
        command
            .arg("--dir")
            .arg(self.path())
            .args(args)
            .env_remove("ACCESSWATCH_DIR")
            .env("NO_COLOR", "1");
        command
    }

    /// Runs the binary to its end.
    ///
    /// Checks the format of the records that it wrote: they must be well formed in every case.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Ran {
        let ran = Ran::from(self.command(args).output().unwrap());
        let named = args.iter().position(|a| *a == "--jsonl");
        // A device holds no records, nor does an old file that a refused command did not touch.
        if let Some(at) = named.filter(|_| ran.status == Some(0))
            && Path::new(args[at + 1]).is_file()
        {
            let text = std::fs::read_to_string(args[at + 1]).unwrap_or_default();
            for line in text.lines() {
                let record = serde_json::from_str(line).unwrap();
                let faults = accesswatch::judge::strict::faults(&record);
                assert!(faults.is_empty(), "{faults:#?}\n{line}");
            }
        }
        ran
    }

    /// The mails in the outbox folder, in full.
    pub fn mails(&self) -> Vec<String> {
        let mut mails: Vec<String> = std::fs::read_dir(self.file("data/outbox"))
            .into_iter()
            .flatten()
            .flatten()
            .filter(|e| e.path().extension().is_some_and(|x| x == "eml"))
            .map(|e| String::from_utf8_lossy(&std::fs::read(e.path()).unwrap()).into_owned())
            .collect();
        mails.sort();
        mails
    }
}

/// The output and exit status of a finished process.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// Asserts the exit status, and shows the output when it differs.
    #[track_caller]
    pub fn ends(self, status: i32) -> Self {
        assert_eq!(
            self.status,
            Some(status),
            "stdout:\n{}\nstderr:\n{}",
            self.out,
            self.err
        );
        self
    }
}
