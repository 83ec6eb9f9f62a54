//! Workspaces of a few files, which are valid except for what a test adds.

use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::config::{self, Diagnostics, Workspace};
use tempfile::TempDir;

pub const CONFIG: &str = "config/accesswatch.toml";
pub const PROBE: &str = "probes/academic/cnki.toml";

pub const GOOD_CONFIG: &str = r#"
[[vantage]]
id = "here"
country = "DE"
via = "direct"
"#;

pub const GOOD_PROBE: &str = r#"
[source]
id = "nbs"
name = "NBS"

[[probe]]
id = "home"
level = "home"
url = "https://www.stats.gov.cn/"
"#;

/// A workspace of these files.
pub fn workspace(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

pub fn environment(name: &str) -> Option<String> {
    (name == "SET_SECRET").then(|| "correct horse".to_owned())
}

pub fn load(dir: &Path) -> Result<Workspace, Diagnostics> {
    config::load_with(dir, &environment)
}

/// Loads a workspace of one configuration and one probe file.
pub fn load_of(config: &str, probe: &str) -> Result<Workspace, Diagnostics> {
    let dir = workspace(&[(CONFIG, config.as_bytes()), (PROBE, probe.as_bytes())]);
    load(dir.path())
}

pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/config")
}

/// The repository, which is a workspace itself.
pub fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
