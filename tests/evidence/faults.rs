//! What happens to the files of evidence from outside: cut short, removed, made read only, and an
//! older copy of the store put back. Each is named, and nothing else is lost.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use serde_json::Value;

use crate::kept::{changes, exchanges, files, hold_together, reader};
use crate::pages::{Answer, Site};
use crate::workspace::{Ran, TestWorkspace};

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";

/// A user without rights, for what root may do in spite of permissions.
const NOBODY: u32 = 65_534;

/// A watched page that went once.
fn watched() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    go(&site, &watch);
    (site, watch)
}

fn go(site: &Site, watch: &TestWorkspace) {
    site.set("/page", Answer::html("<p>gone</p>").with_status(410));
    watch.run(&["run", "--all"]).ends(0);
}

fn come_back(site: &Site, watch: &TestWorkspace) -> Ran {
    site.set("/page", Answer::html(GOOD));
    watch.run(&["run", "--all"]).ends(0)
}

/// What `verify` says does not hold.
#[track_caller]
fn faults(watch: &TestWorkspace) -> Vec<[String; 3]> {
    let ran = watch.run(&["verify", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    let faults: Vec<_> = report["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| ["file", "place", "what"].map(|name| text(fault, name)))
        .collect();
    assert_eq!(
        ran.status,
        Some(i32::from(!faults.is_empty())),
        "{faults:?}"
    );
    faults
}

#[test]
fn a_file_that_is_cut_short_is_named_with_each_record_that_is_lost() {
    let (site, watch) = watched();
    let before = exchanges(&watch);
    let file = files(&watch.file("data/evidence")).remove(0);
    let whole = fs::read(&file).unwrap();
    let last = before[1].records.last().unwrap();
    let cut = usize::try_from(last.offset + last.length / 2).unwrap();
    fs::write(&file, &whole[..cut]).unwrap();
    let found = faults(&watch);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0][2].contains("cut short"), "{found:?}");

    let said = come_back(&site, &watch).err;
    assert!(said.contains(".torn"), "{said}");
    let found = faults(&watch);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0][1].contains(&last.id) && found[0][2].contains("missing"),
        "{found:?}"
    );
    // What was written since is whole, and what preceded the cut is still read.
    let now = exchanges(&watch);
    assert_eq!(now.len(), before.len() + 1);
    watch
        .run(&["evidence", "show", before[0].uid.as_str()])
        .ends(0);
    watch
        .run(&["evidence", "show", now[2].uid.as_str()])
        .ends(0);
    let refused = watch
        .run(&["evidence", "show", before[1].uid.as_str()])
        .ends(3);
    assert!(
        refused.err.contains("accesswatch verify"),
        "{}",
        refused.err
    );
    let pack = watch.file("report.wacz").display().to_string();
    let refused = watch.run(&["evidence", "pack", "1", "-o", &pack]).ends(3);
    assert!(refused.err.contains(&last.id), "{}", refused.err);
}

#[test]
fn a_file_that_is_missing_is_named() {
    let (_site, watch) = watched();
    let file = files(&watch.file("data/evidence")).remove(0);
    fs::remove_file(&file).unwrap();
    let found = faults(&watch);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(file.ends_with(&found[0][0]) && found[0][2].contains("missing"));
}

#[test]
fn an_older_copy_of_the_store_goes_on_with_the_files_that_are_newer() {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    let copy = watch.file("copy.db").display().to_string();
    watch.run(&["backup", &copy]).ends(0);
    go(&site, &watch);
    let lost = exchanges(&watch).pop().unwrap();
    let before = fs::read(&files(&watch.file("data/evidence"))[0]).unwrap();

    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(watch.file(&format!("data/accesswatch.db{end}")));
    }
    fs::copy(&copy, watch.file("data/accesswatch.db")).unwrap();
    go(&site, &watch);
    let now = fs::read(&files(&watch.file("data/evidence"))[0]).unwrap();
    assert!(now.starts_with(&before) && now.len() > before.len());
    let kept = exchanges(&watch);
    assert!(kept.iter().all(|exchange| exchange.uid != lost.uid));
    assert_eq!(changes(&watch).len(), 2);
    hold_together(&watch);
    assert_eq!(faults(&watch), Vec::<[String; 3]>::new());
}

/// Gives a folder and all in it to a user.
fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap().flatten() {
            give(&entry.path(), user);
        }
    }
}

fn folders(path: &Path, all: &mut Vec<std::path::PathBuf>) {
    all.push(path.to_owned());
    for entry in fs::read_dir(path).unwrap().flatten() {
        if entry.path().is_dir() {
            folders(&entry.path(), all);
        }
    }
}

fn permit(paths: &[std::path::PathBuf], mode: u32) {
    for path in paths {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn a_folder_that_is_read_only_costs_no_pass_and_the_next_one_makes_up_for_it() {
    let (site, watch) = watched();
    let is_root = fs::metadata(watch.path()).unwrap().uid() == 0;
    if is_root {
        give(watch.path(), NOBODY);
    }
    let run = || {
        let mut command = watch.command(&["run", "--all"]);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ran::from(command.output().unwrap()).ends(0).err
    };
    let (mut read_only, mut warcs) = (Vec::new(), files(&watch.file("data/evidence")));
    folders(&watch.file("data/evidence"), &mut read_only);
    permit(&warcs, 0o400);
    permit(&read_only, 0o500);
    let before = exchanges(&watch);
    site.set("/page", Answer::html(GOOD));
    let said = run();
    assert!(said.contains("cannot be written"), "{said}");
    assert_eq!(exchanges(&watch), before);
    assert_eq!(reader(&watch).missing_evidence().unwrap().len(), 1);
    let open = watch
        .run(&["incidents", "--open", "--format", "json"])
        .ends(0);
    assert_eq!(open.out.trim(), "[]", "the pass counts");

    permit(&read_only, 0o700);
    warcs.extend(files(&watch.file("data/evidence")));
    permit(&warcs, 0o600);
    let said = run();
    assert!(!said.contains("evidence: "), "{said}");
    assert_eq!(exchanges(&watch).len(), before.len() + 1);
    hold_together(&watch);
    assert_eq!(faults(&watch), Vec::<[String; 3]>::new());
}
