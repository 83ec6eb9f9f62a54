//! The workspace: what loads, what is wrong and where, what `init` writes.

use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::config::{self, Faults, Workspace};
use accesswatch::model::probe::{Target, ValueFrom};
use accesswatch::model::settings::{SmtpTls, Transport};
use accesswatch::model::signature::Location;
use accesswatch::model::vantage::{Resolver, Via};
use accesswatch::model::{Code, Locus, ProbeKey};
use proptest::prelude::*;
use tempfile::TempDir;

const CONFIG: &str = "config/accesswatch.toml";
const PROBE: &str = "probes/academic/cnki.toml";

const GOOD_CONFIG: &str = r#"
[[vantage]]
id = "here"
country = "DE"
via = "direct"
"#;

const GOOD_PROBE: &str = r#"
[source]
id = "nbs"
name = "NBS"

[[probe]]
id = "home"
level = "home"
url = "https://www.stats.gov.cn/"
"#;

/// A workspace of these files.
fn workspace(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

fn environment(name: &str) -> Option<String> {
    (name == "SET_SECRET").then(|| "correct horse".to_owned())
}

fn load(dir: &Path) -> Result<Workspace, Faults> {
    config::load_with(dir, &environment)
}

/// Loads a workspace of one configuration and one probe file.
fn load_of(config: &str, probe: &str) -> Result<Workspace, Faults> {
    let dir = workspace(&[(CONFIG, config.as_bytes()), (PROBE, probe.as_bytes())]);
    load(dir.path())
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/config")
}

/// Every file in `tests/testdata/config` is a sound workspace's one bad file.
#[test]
fn each_fault_has_its_words() {
    let mut names: Vec<String> = fs::read_dir(testdata())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.contains('.') && !n.starts_with('.'))
        .collect();
    names.sort();
    assert!(names.len() > 70, "{}", names.len());
    for name in names {
        let bad = fs::read(testdata().join(&name)).unwrap();
        let place = match name.split('-').next().unwrap() {
            "config" => CONFIG,
            "probe" => PROBE,
            _ => "probes/signatures/known.csv",
        };
        let mut files: Vec<(&str, &[u8])> = vec![
            (CONFIG, GOOD_CONFIG.as_bytes()),
            ("probes/government/nbs.toml", GOOD_PROBE.as_bytes()),
        ];
        files.retain(|(path, _)| *path != place);
        files.push((place, &bad));
        let dir = workspace(&files);
        let faults = load(dir.path()).expect_err(&name);
        for fault in &faults.0 {
            let text = fault.render(false);
            let head = format!("{place}:{}:{}: error: ", fault.line, fault.col);
            assert!(text.starts_with(&head), "{name}: {text}");
            assert!(!fault.mend.is_empty(), "{name}: no mend: {text}");
            assert!(!text.contains("hunter2"), "{name} shows a secret: {text}");
        }
        insta::with_settings!({
            snapshot_path => testdata().join("expected"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name.as_str(), faults.render(false));
        });
    }
}
