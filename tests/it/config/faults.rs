//! Problems of a workspace and their places: every diagnostic with its words, and warnings.

use std::fs;

use accesswatch::config::{self};

use crate::support::config::{
    CONFIG, GOOD_CONFIG, GOOD_PROBE, PROBE, load, load_of, testdata, workspace,
};

/// Every file in `tests/testdata/config` is the only bad file of a sound workspace.
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
            assert!(!fault.help.is_empty(), "{name}: no mend: {text}");
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

#[test]
fn faults_of_several_files_come_out_at_once() {
    let dir = workspace(&[
        (
            CONFIG,
            b"[store]\npth = 'x'\n[[vantage]]\nid = 'here'\ncountry = 'Germany'\nvia = 'direct'\n",
        ),
        ("probes/a/one.toml", b"[source]\nid = 'one'\n"),
        ("probes/b/two.toml", b"[source\n"),
        (
            "probes/b/deep/three.toml",
            b"[source]\nid = 'one'\nname = 'Three'\n",
        ),
        ("probes/signatures/x.csv", b"name\n"),
    ]);
    let faults = load(dir.path()).unwrap_err();
    let places: Vec<String> = faults
        .0
        .iter()
        .map(|f| format!("{}:{}:{}", f.path.display(), f.line, f.col))
        .collect();
    assert_eq!(
        places,
        [
            "config/accesswatch.toml:2:1",
            "config/accesswatch.toml:5:11",
            "probes/a/one.toml:1:1",
            "probes/b/deep/three.toml:2:6",
            "probes/b/two.toml:1:8",
            "probes/signatures/x.csv:1:1",
            "probes/signatures/x.csv:1:1",
            "probes/signatures/x.csv:1:1",
        ]
    );
    assert!(faults.to_string().ends_with("8 faults in the workspace"));
}

#[test]
fn the_same_source_in_two_files_points_to_the_first() {
    let dir = workspace(&[
        (CONFIG, GOOD_CONFIG.as_bytes()),
        ("probes/a.toml", GOOD_PROBE.as_bytes()),
        ("probes/b.toml", GOOD_PROBE.as_bytes()),
    ]);
    let text = load(dir.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("probes/b.toml:3:6: error: the source `nbs` is there twice"),
        "{text}"
    );
    assert!(text.contains("the first is at probes/a.toml:3"), "{text}");
}

#[test]
fn a_missing_or_unreadable_file_is_a_fault() {
    let empty = tempfile::tempdir().unwrap();
    let text = load(empty.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("config/accesswatch.toml:1:1: error: there is no such file"),
        "{text}"
    );
    assert!(text.contains("accesswatch init"), "{text}");
    let dir = workspace(&[(CONFIG, GOOD_CONFIG.as_bytes())]);
    fs::create_dir_all(dir.path().join("probes/a/folder.toml/x")).unwrap();
    std::os::unix::fs::symlink("/nowhere", dir.path().join("probes/a/dangling.toml")).unwrap();
    let text = load(dir.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("probes/a/dangling.toml:1:1: error: there is no such file"),
        "{text}"
    );
}

/// The first words of each warning.
fn warnings(config: &str, probe: &str) -> Vec<String> {
    let workspace = load_of(config, probe).unwrap_or_else(|faults| panic!("{faults}"));
    let shown = |f: &config::Diagnostic| {
        let text = f.render(false);
        assert!(text.starts_with(&format!(
            "{}:{}:{}: warning: ",
            f.path.display(),
            f.line,
            f.col
        )));
        f.message.clone()
    };
    workspace.warnings.iter().map(shown).collect()
}

#[test]
fn what_runs_all_the_same_is_a_warning() {
    let config = |lines: &str| format!("{lines}\n{GOOD_CONFIG}");
    let loopback = GOOD_PROBE.replace("www.stats.gov.cn", "127.0.0.1:8000");
    let often = "[politeness]\nper_host_connections = 4\n[schedule]\ndefault = '*/30 * * * *'\n";
    let seen = warnings(&config(often), GOOD_PROBE);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].starts_with("more than 2 connections"));
    assert!(seen[1].starts_with("this asks a site more than once an hour"));
    assert_eq!(warnings(&config(often), &loopback), [""; 0]);

    let own = GOOD_PROBE.to_owned() + "schedule = '0,30 9 * * *'\n";
    assert_eq!(warnings(GOOD_CONFIG, &own).len(), 1);

    let hong_kong = GOOD_CONFIG.replace("DE", "HK");
    let seen = warnings(&hong_kong, GOOD_PROBE);
    assert!(seen[0].starts_with("a vantage in HK"), "{seen:?}");

    let plain =
        "[alerts]\ntransport = 'smtp://me@mail.example:25?tls=none'\npassword = 'env:SET_SECRET'\n";
    let seen = warnings(&config(plain), GOOD_PROBE);
    assert!(seen[0].contains("unprotected"), "{seen:?}");
    for here in ["localhost", "127.0.0.1", "[::1]"] {
        let plain = plain.replace("mail.example", here);
        assert_eq!(warnings(&config(&plain), GOOD_PROBE), [""; 0], "{here}");
    }

    let glob = "[[alerts.to]]\naddress = 'a@example.org'\nsources = ['n*', 'wind-*']\n";
    let seen = warnings(&config(glob), GOOD_PROBE);
    assert_eq!(seen, ["no source's id matches `wind-*`"]);

    let licensed = GOOD_CONFIG.to_owned() + "licensed = true\n";
    let subscribed = GOOD_PROBE.replace("name = \"NBS\"", "name = 'NBS'\naccess = 'subscription'");
    let seen = warnings(&licensed, &subscribed);
    assert_eq!(seen, ["not probed from `here`, which is licensed"]);
    let agreed = subscribed.replace("access =", "consent = 'A. Librarian, 2026-01-02'\naccess =");
    assert_eq!(warnings(&licensed, &agreed), [""; 0]);
    let named = subscribed + "vantages = ['here']\n";
    let fault = load_of(&licensed, &named).unwrap_err();
    assert!(fault.0[0].message.contains("no consent"), "{fault}");
}

#[test]
fn colour_is_there_when_asked_for() {
    let faults = load_of("[store]\nx = 1\n", GOOD_PROBE).unwrap_err();
    assert!(faults.render(true).contains("\u{1b}["));
    assert!(!faults.render(false).contains('\u{1b}'));
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let faults = load_of("[store]\n\"a\u{202e}b\" = 1\n# \u{1b}[31m\n", GOOD_PROBE).unwrap_err();
    let text = faults.render(false);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn a_path_that_nests_too_deep_is_a_fault_with_its_place() {
    let told = |path: &str| {
        let value = format!("\n[probe.value.deep]\njson_path = '{path}'\nas = \"count\"\n");
        let probe = format!("{}{value}", GOOD_PROBE.trim_end());
        load_of(GOOD_CONFIG, &probe).unwrap_err().to_string()
    };
    for path in [
        format!("${}", "[".repeat(20_000)),
        format!("$[?{}@.a]", "!".repeat(4_000)),
        format!("$[?{}@.a]", "(".repeat(3_000)),
    ] {
        let text = told(&path);
        assert!(text.contains("is not a JSONPath (character "), "{text}");
        assert!(text.starts_with(PROBE) && text.len() < 2000, "{text}");
    }
}

#[test]
fn a_list_of_placeholders_of_ones_own() {
    let with = |list: &str| {
        let dir = workspace(&[
            (CONFIG, GOOD_CONFIG.as_bytes()),
            (PROBE, GOOD_PROBE.as_bytes()),
            ("probes/placeholders.csv", list.as_bytes()),
        ]);
        load(dir.path())
    };
    let read = with("pattern,lang,meaning\n\"x{1,3}\",any,masked\n").unwrap();
    assert_eq!(read.catalogue.placeholders, ["x{1,3}"]);
    for (list, want) in [
        ("word\nx\n", "these are not the columns of placeholders"),
        (
            "pattern,lang,meaning\n(x,any,masked\n",
            "is not a usable regular expression",
        ),
        (
            "pattern,lang,meaning\nx,any,loggin\n",
            "did you mean `login`?",
        ),
    ] {
        let text = with(list).unwrap_err().to_string();
        assert!(text.contains(want), "{text}");
    }
}
